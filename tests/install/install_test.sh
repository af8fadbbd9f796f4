#!/usr/bin/env bash
# Installs a build, moves it elsewhere, and makes programs that use it in each way that the README names.
# install_test.sh SOURCE BUILD CXX
set -euo pipefail
source=$1 build=$2 cxx=$3
here=$source/tests/install
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
door=OFF
[ ! -f "$source/compat/torch/torch.h" ] || door=ON

say() { echo "-- $*"; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; say "FAILED: $*"; exit 1; }; }
run_programs() {  # FOLDER: every program of the consumer
  local program
  for program in app app_static $([ $door = OFF ] || echo door door_static); do
    "$1/$program" >/dev/null || { say "FAILED: $1/$program"; exit 1; }
  done
}

say "install and move"
quietly cmake --install "$build" --prefix "$work/first"
mv "$work/first" "$work/moved"
prefix=$work/moved
! grep -rlF "$work/first" "$prefix" --include='*.pc' --include='*.cmake' || { say "FAILED: a path was kept"; exit 1; }
if [ -x "$prefix/bin/hearth" ]; then
  quietly "$prefix/bin/hearth" --help
  bash -n "$prefix/share/bash-completion/completions/hearth"
  grep -q '^#compdef hearth' "$prefix/share/zsh/site-functions/_hearth"
fi

say "find_package"
quietly cmake -G Ninja -S "$here" -B "$work/found" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$cxx" \
  -DHEARTH_DOOR=$door
quietly cmake --build "$work/found"
run_programs "$work/found"
if [ -x "$prefix/bin/hearth" ]; then
  quietly "$work/found/command_static" train --data digits data.samples=100 --dry-run
  ! ldd "$work/found/command_static" | grep -q libhearth || { say "FAILED: the static command wants a libhearth"; exit 1; }
fi

say "pkg-config"
pc=$(dirname "$(find "$prefix" -name hearth.pc)")
flags() { PKG_CONFIG_PATH=$pc pkg-config "$@"; }
# shellcheck disable=SC2046  # the flags are words
quietly "$cxx" -std=c++17 "$here/main.cpp" -o "$work/by_pc" $(flags --cflags --libs hearth)
LD_LIBRARY_PATH=$(flags --variable=libdir hearth) quietly "$work/by_pc"
# shellcheck disable=SC2046
quietly "$cxx" -std=c++17 -DHEARTH_STATIC "$here/main.cpp" -o "$work/by_pc_static" $(flags --cflags hearth) \
  "$(flags --variable=libdir hearth)/libhearth.a" $(flags --libs --static hearth | tr ' ' '\n' | grep -vx -e -lhearth)
quietly "$work/by_pc_static"
! ldd "$work/by_pc_static" | grep -q libhearth || { say "FAILED: the static program wants libhearth.so"; exit 1; }
if [ $door = ON ]; then
  # shellcheck disable=SC2046
  quietly "$cxx" -std=c++17 "$here/door.cpp" -o "$work/door_by_pc" $(flags --cflags --libs hearth-torch)
  LD_LIBRARY_PATH=$(flags --variable=libdir hearth) quietly "$work/door_by_pc"
fi

if [ -x "$prefix/bin/hearth" ]; then
  say "hearth new"
  quietly "$prefix/bin/hearth" new "$work/flowers"
  quietly cmake -G Ninja -S "$work/flowers" -B "$work/flowers/build" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_BUILD_TYPE=Release
  quietly cmake --build "$work/flowers/build"
  quietly "$work/flowers/build/flowers" train "$work/flowers/config.yaml" --out "$work/flowers/run" run.epochs=5
  grep -q '^test accuracy' "$work/log" || { cat "$work/log"; say "FAILED: the new project's training says no accuracy"; exit 1; }
fi

say "add_subdirectory"
quietly cmake -G Ninja -S "$here" -B "$work/part" -DHEARTH_SOURCE="$source" -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_BUILD_TYPE=Release -DHEARTH_DOOR=$door -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
  -DCMAKE_CXX_COMPILER_LAUNCHER="bash;$here/reuse_objects.sh;$build"
quietly cmake --build "$work/part"
run_programs "$work/part"
say "all ways of linking work"
