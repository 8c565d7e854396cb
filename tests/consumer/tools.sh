# tools.sh - sourced by the tests that use the library as its users do, which set build_dir and source_dir: what they
# share.
work_dir=$(mktemp -d)
trap 'rm -rf "$work_dir"' EXIT
unset CFLAGS CXXFLAGS LDFLAGS DESTDIR PKG_CONFIG_PATH PKG_CONFIG_LIBDIR CMAKE_PREFIX_PATH LD_LIBRARY_PATH

# CMake's cache says what the tree was built with: instrumented libraries need instrumented programs.
cached() { sed -n "s/^$1:[^=]*=//p" "$build_dir/CMakeCache.txt"; }

quietly() { # quietly NAME COMMAND...: the output is shown where it fails
  local name=$1
  shift
  if ! "$@" >"$work_dir/log" 2>&1; then
    echo "consumer: $name failed: $*" >&2
    cat "$work_dir/log" >&2
    exit 1
  fi
}

# install_from TREE PREFIX: moved after the installation, so nothing in it may know where it was.
install_from() {
  local first=$work_dir/first
  quietly "install" cmake --install "$1" --prefix "$first"
  mv "$first" "$2"
  if grep -rlF -e "$first" -e "$build_dir" -e "$source_dir" --include=*.pc --include=*.cmake --include=*.h "$2"; then
    echo "consumer: these installed files name the place where they were built" >&2
    exit 1
  fi
}
