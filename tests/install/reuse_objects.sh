#!/usr/bin/env bash
# Stands before the compiler (CMAKE_CXX_COMPILER_LAUNCHER): takes an object of hearth that BUILD already has instead of
# compiling it again, so that the add_subdirectory test takes seconds. reuse_objects.sh BUILD COMPILER ARGUMENT...
set -euo pipefail
build=$1
shift
output='' depfile='' previous=''
for argument; do
  case $previous in
    -o) output=$argument ;;
    -MF) depfile=$argument ;;
  esac
  previous=$argument
done
object=$build/${output#hearth/}
if [[ $output == hearth/* && -f $object ]]; then
  cp "$object" "$output"
  [ -z "$depfile" ] || echo "$output:" >"$depfile"
else
  exec "$@"
fi
