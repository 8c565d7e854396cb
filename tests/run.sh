#!/usr/bin/env bash
# Builds and runs the tests, optimised and again under the address and undefined behaviour sanitizers. Installs what is
# missing (apt-get). ATTRIB_BUILD_DIR: where to build, default build/tests.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${ATTRIB_BUILD_DIR:-$root/build/tests}
jobs=$(nproc 2>/dev/null || echo 2)

. "$root/examples/support/install_packages.sh"
need_folder "$build" ATTRIB_BUILD_DIR
need_build_tools
need "a C++ compiler" "command -v c++" g++
need pkg-config "command -v pkg-config" pkg-config
need "cmocka" "pkg-config --exists cmocka" libcmocka-dev
need binutils "command -v readelf && command -v nm" binutils
need "python3 with ctypes" "PATH=/usr/bin:$PATH python3 -c 'import ctypes'" python3
install_missing

run() { # run NAME CMAKE-OPTIONS...
  local name=$1
  shift
  echo "== $name: building"
  local log=$build/$name.log
  mkdir -p "$build/$name"
  if ! { cmake -S "$root" -B "$build/$name" -DATTRIB_BUILD_TESTS=ON -DATTRIB_BUILD_EXAMPLES=ON "$@" &&
      cmake --build "$build/$name" --parallel "$jobs"; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  echo "== $name: testing"
  (cd "$build/$name" && ctest --output-on-failure --parallel "$jobs" --label-exclude heavy)
}

# Warnings are errors here, never for those who build the library.
run release -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-Werror -DCMAKE_CXX_FLAGS=-Werror
run sanitized -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_C_FLAGS="-Werror -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" \
  -DCMAKE_CXX_FLAGS="-Werror -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
