#!/usr/bin/env bash
# The shared library stays small. library_size_test.sh STRIP LIBRARY
set -euo pipefail
most=10000000
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
"$1" -o "$stripped" "$2"
size=$(stat -c %s "$stripped")
echo "$(basename "$2"): $size bytes stripped, $most allowed"
[ "$size" -le $most ]
