#!/bin/bash
# Prints how the release programs are linked, for `swift build`. docs/performance.md has what it gives.
set -euo pipefail
cd "$(dirname "$0")/../.."

flags=(
  # Functions that a running daemon calls lie together, so that few pages of the program are resident.
  # Names that no longer exist are passed over. packaging/link/order.sh makes the list anew.
  --symbol-ordering-file=packaging/link/order.txt --no-warn-symbol-ordering
  # Nobody looks up a symbol of a program by its name.
  --no-export-dynamic
  # A word of relocations for many pointers; the C library knows it since 2.36, that of Debian 12.
  -z pack-relative-relocs
  -z now
)
# The C++ runtime below the Swift one as a part of the program, where the compiler has it so.
archive=$(clang -print-file-name=libstdc++.a 2>/dev/null) || archive=
if [[ $archive == /* ]]; then
  mkdir -p .build/static
  ln -sf "$archive" .build/static/
  flags+=(-L.build/static)
fi
printf -- '-Xlinker %s ' "${flags[@]}"
echo "-Xswiftc -use-ld=lld -Xswiftc -Xclang-linker -Xswiftc -static-libgcc"
