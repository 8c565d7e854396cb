#!/bin/bash
# check_headers.sh SOURCE_DIR [COMPILER...] - each public header compiles alone, as C11 and C++11, without a warning;
# and layout.c holds, here and, where clang is installed, on other processors and systems.
set -euo pipefail

source_dir=$1
shift
compilers=("$@")
if [ ${#compilers[@]} -eq 0 ]; then
  for name in cc clang; do
    if command -v "$name" >/dev/null; then compilers+=("$name"); fi
  done
fi
layout=$source_dir/tests/abi/layout.c
strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I$source_dir/include")
failures=0

compile() {
  local what=$1
  shift
  if ! "$@"; then
    echo "$what: failed: $*" >&2
    failures=$((failures + 1))
  fi
}

headers=("$source_dir"/include/attrib/*.h)
[ -e "${headers[0]}" ] || { echo "no headers under $source_dir/include/attrib" >&2; exit 1; }
for compiler in "${compilers[@]}"; do
  languages=(c)
  if echo | "$compiler" -x c++ -std=c++11 -fsyntax-only - 2>/dev/null; then
    languages+=(c++)
  else
    echo "$compiler does not know C++: headers not checked as C++" >&2
  fi
  for header in "${headers[@]}"; do
    name=attrib/$(basename "$header")
    # Twice: the guard works. From a file of its own, as users do.
    for language in "${languages[@]}"; do
      printf '#include <%s>\n#include <%s>\n' "$name" "$name" |
        compile "$name as $language" "$compiler" -x "$language" -std="${language}11" "${strict[@]}" -
    done
  done
  # All standards that users compile with.
  for standard in c11 c17 c2x; do
    compile "layout, $standard" "$compiler" -x c -std=$standard -Wpadded "${strict[@]}" "$layout"
  done
  for standard in c++11 c++17 c++20; do
    if [ ${#languages[@]} -eq 1 ]; then break; fi
    compile "layout, $standard" "$compiler" -x c++ -std=$standard -Wpadded "${strict[@]}" "$layout"
  done
done

if command -v clang >/dev/null; then
  for target in i386-linux-gnu armv7-linux-gnueabihf aarch64-linux-gnu riscv64-linux-gnu wasm32 mips-linux-gnu \
    i686-w64-mingw32 x86_64-w64-mingw32 arm64-apple-macos; do
    # dllimport would make the redeclarations in layout.c a warning.
    compile "layout on $target" clang --target=$target -ffreestanding -DATTRIB_STATIC -std=c11 -Wpadded "${strict[@]}" \
      "$layout"
  done
fi
exit $((failures > 0))
