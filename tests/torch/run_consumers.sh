#!/bin/bash
# run_consumers.sh BUILD_DIR SOURCE_DIR NETWORKS - attrib_torch as its users find it: installed, moved, found by CMake and
# pkg-config from C, shared and static; and an attrib without it says so. BUILD_DIR is a configured and built tree with
# attrib_torch. Silent unless something fails; 77 without the networks.
set -euo pipefail

build_dir=$(cd "$1" && pwd)
source_dir=$(cd "$2" && pwd)
network=$3/quadratic.ts
here=$source_dir/tests/torch
if [ ! -e "$network" ]; then
  echo "skipped: no networks to open, as PyTorch for Python is missing (package python3-torch)"
  exit 77
fi
. "$source_dir/tests/consumer/tools.sh"
CC=$(cached CMAKE_C_COMPILER)
CXX=$(cached CMAKE_CXX_COMPILER)
libdir=$(cached CMAKE_INSTALL_LIBDIR)
torch_dir=$(cached Torch_DIR)

configure_other() { # configure_other NAME OPTIONS...
  local name=$1
  shift
  quietly "$name (configure)" cmake -S "$source_dir" -B "$work_dir/build-$name" -DCMAKE_C_COMPILER="$CC" \
    -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_BUILD_TYPE=Debug -DATTRIB_BUILD_TESTS=OFF -DATTRIB_BUILD_EXAMPLES=OFF \
    -DCMAKE_INSTALL_LIBDIR="$libdir" -DTorch_DIR="$torch_dir" "$@"
  quietly "$name (build)" cmake --build "$work_dir/build-$name" --parallel 2
  install_from "$work_dir/build-$name" "$work_dir/$name"
}

find_by_cmake() { # find_by_cmake NAME LANGUAGES
  quietly "find_package, $1" cmake -S "$here/consumer" -B "$work_dir/find-$1" -DLANGUAGES="$2" -DCMAKE_C_COMPILER="$CC" \
    -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_PREFIX_PATH="$work_dir/$1" -DTorch_DIR="$torch_dir"
  quietly "find_package, $1 (build)" cmake --build "$work_dir/find-$1"
  quietly "find_package, $1" "$work_dir/find-$1/torch_program" "$network"
}

find_by_pkg_config() { # find_by_pkg_config NAME [--static]
  local -a compile link
  export PKG_CONFIG_PATH=$work_dir/$1/$libdir/pkgconfig
  read -ra compile <<<"$(pkg-config ${2:+"$2"} --cflags attrib_torch)"
  read -ra link <<<"$(pkg-config ${2:+"$2"} --libs attrib_torch)"
  quietly "pkg-config, $1 (compile)" "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror "${compile[@]}" "$here/consumer.c" \
    "${link[@]}" -lm -o "$work_dir/pkg-$1"
  quietly "pkg-config, $1" env LD_LIBRARY_PATH="$work_dir/$1/$libdir" "$work_dir/pkg-$1" "$network"
  unset PKG_CONFIG_PATH
}

install_from "$build_dir" "$work_dir/shared"
find_by_cmake shared C
configure_other static -DATTRIB_TORCH=ON -DBUILD_SHARED_LIBS=OFF
find_by_cmake static "C;CXX"
if command -v pkg-config >/dev/null; then
  find_by_pkg_config shared
  find_by_pkg_config static --static
fi

configure_other without
if [ -e "$work_dir/without/include/attrib/torch.h" ] || [ -e "$work_dir/without/$libdir/pkgconfig/attrib_torch.pc" ]; then
  echo "torch consumer: an attrib without attrib_torch installs parts of it" >&2
  exit 1
fi
if cmake -S "$here/consumer" -B "$work_dir/find-without" -DLANGUAGES=C -DCMAKE_C_COMPILER="$CC" \
    -DCMAKE_PREFIX_PATH="$work_dir/without" >"$work_dir/log" 2>&1; then
  echo "torch consumer: a component that was not built is found" >&2
  exit 1
fi
if ! tr '\n' ' ' <"$work_dir/log" | tr -s ' ' | grep -q "built without its component torch .*-DATTRIB_TORCH=ON"; then
  echo "torch consumer: it is not said that the component was not built:" >&2
  cat "$work_dir/log" >&2
  exit 1
fi
