#!/usr/bin/env bash
# Objects compiled for one instruction set may define no weak symbol. A weak symbol (an inline function, a template)
# stands in several objects and the linker keeps any one copy: the AVX-512 one, say, on a processor without AVX-512.
# isa_symbols_test.sh NM OBJECT...
set -euo pipefail
nm=$1
shift
[ $# -gt 0 ] || { echo "no objects given"; exit 1; }
# W, V: weak function, weak object; u: unique across the process, which static data of templates becomes.
weak=$("$nm" --print-file-name --defined-only --demangle "$@" | grep -E '^[^:]+:[0-9a-f]+ [WVu] ' || true)
if [ -n "$weak" ]; then
  echo "$weak" | head -20
  echo "$(echo "$weak" | wc -l) weak symbols: put the code in an unnamed namespace, or call nothing inline from outside it"
  exit 1
fi
echo "no weak symbol in $# objects"
