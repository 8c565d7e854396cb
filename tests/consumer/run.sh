#!/bin/bash
# run.sh BUILD_DIR SOURCE_DIR - uses the library as its users do, in small projects outside the source tree:
# installed and found by CMake, by pkg-config, as a subdirectory, and compiled by hand. BUILD_DIR is a configured
# and built tree. Silent unless something fails.
set -euo pipefail

build_dir=$(cd "$1" && pwd)
source_dir=$(cd "$2" && pwd)
consumer_dir=$source_dir/tests/consumer
. "$consumer_dir/tools.sh"
CC=$(cached CMAKE_C_COMPILER)
c_flags=$(cached CMAKE_C_FLAGS)
generator=$(cached CMAKE_GENERATOR)
libdir=$(cached CMAKE_INSTALL_LIBDIR)
read -ra flags <<<"$c_flags"
if command -v c++ >/dev/null; then CXX=c++; else CXX=g++; fi
case $(basename "$CC") in
  clang*) if command -v clang++ >/dev/null; then CXX=clang++; fi ;;
  gcc*) if command -v g++ >/dev/null; then CXX=g++; fi ;;
esac

configure() {
  local name=$1 from=$2 to=$3
  shift 3
  quietly "$name (configure)" cmake -S "$from" -B "$to" -G "$generator" \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_C_FLAGS="$c_flags" -DCMAKE_CXX_FLAGS="$c_flags" "$@"
  quietly "$name (build)" cmake --build "$to"
}

check_find_package() {
  local name="find_package, $1" prefix=$2
  configure "$name" "$consumer_dir/find_package" "$work_dir/find-$1" -DCMAKE_PREFIX_PATH="$prefix"
  local program
  for program in c_program cxx_program_11 cxx_program_17; do quietly "$name" "$work_dir/find-$1/$program"; done
}

# check_pkg_config NAME PREFIX [--static]
check_pkg_config() {
  local name="pkg-config, $1" prefix=$2 static=${3:-}
  export PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig
  local -a compile link
  quietly "$name" pkg-config --exists "attrib >= 0.1"
  read -ra compile <<<"$(pkg-config ${static:+"$static"} --cflags attrib)"
  read -ra link <<<"$(pkg-config ${static:+"$static"} --libs attrib)"
  quietly "$name (compile)" "$CC" "${flags[@]}" -std=c11 -Wall -Wextra -Wpedantic -Werror "${compile[@]}" \
    "$consumer_dir/main.c" "${link[@]}" -o "$work_dir/pkg-$1"
  quietly "$name" env LD_LIBRARY_PATH="$prefix/$libdir" "$work_dir/pkg-$1"
  unset PKG_CONFIG_PATH
}

check_add_subdirectory() {
  local name="add_subdirectory, shared $1" tree="$work_dir/sub-$1"
  configure "$name" "$consumer_dir/add_subdirectory" "$tree" -DATTRIB_SOURCE_DIR="$source_dir" -DBUILD_SHARED_LIBS="$1"
  quietly "$name" "$tree/c_program"
  mkdir "$tree-prefix"
  quietly "$name (install)" cmake --install "$tree" --prefix "$tree-prefix"
  if [ -n "$(find "$tree-prefix" -type f)" ]; then
    echo "consumer: $name: attrib installs itself with its parent:" >&2
    find "$tree-prefix" -type f >&2
    exit 1
  fi
}

check_by_hand() {
  local standard
  quietly "by hand" "$CC" "${flags[@]}" -std=c11 "-I$source_dir/include" "$source_dir"/src/*/*.c \
    "$consumer_dir/main.c" -lm -pthread -o "$work_dir/by-hand"
  quietly "by hand" "$work_dir/by-hand"
  for standard in c++11 c++17; do
    quietly "C++ by hand" "$CXX" "${flags[@]}" -std=$standard -Wall -Wextra -Wpedantic -Werror "-I$source_dir/include" \
      "$consumer_dir/main.cpp" "-L$build_dir" -lattrib "-Wl,-rpath,$build_dir" -lm -pthread -o "$work_dir/cxx"
    quietly "C++ by hand" "$work_dir/cxx"
  done
}

type=shared
other=OFF
if [ "$(cached BUILD_SHARED_LIBS)" = OFF ]; then
  type=static
  other=ON
fi
install_from "$build_dir" "$work_dir/moved-$type"
configure "the other library" "$source_dir" "$work_dir/other" -DBUILD_SHARED_LIBS=$other -DATTRIB_BUILD_TESTS=OFF \
  -DATTRIB_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_LIBDIR="$libdir"
if [ $type = shared ]; then second=static; else second=shared; fi
install_from "$work_dir/other" "$work_dir/moved-$second"

check_find_package shared "$work_dir/moved-shared"
check_find_package static "$work_dir/moved-static"
if command -v pkg-config >/dev/null; then
  check_pkg_config shared "$work_dir/moved-shared"
  check_pkg_config static "$work_dir/moved-static" --static
fi
check_add_subdirectory ON
check_add_subdirectory OFF
check_by_hand
