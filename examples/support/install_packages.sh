# install_packages.sh - sourced by the run scripts: installs what a build needs and the machine lacks.

# need NAME CHECK PACKAGE: remembers the Debian package if the check fails.
missing_names=() missing_packages=()
need() {
  if ! eval "$2" >/dev/null 2>&1; then
    missing_names+=("$1")
    missing_packages+=("$3")
  fi
}

# need_folder FOLDER VARIABLE: makes it, or says which variable puts it elsewhere.
need_folder() {
  if ! mkdir -p "$1" 2>/dev/null || [ ! -w "$1" ]; then
    echo "Cannot write in $1. Set $2 to a folder of yours." >&2
    exit 1
  fi
}

has_header() { printf '#include <%s>\n' "$1" | cc -E - ; }

# Installs what need() found missing, or ends with a message that says what to install.
install_missing() {
  [ ${#missing_names[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(cannot); fi
  fi
  if ! command -v apt-get >/dev/null || [ "${as_root[0]:-}" = cannot ]; then
    echo "Missing: ${missing_names[*]}." >&2
    echo "This script installs packages with apt-get as root (or sudo without a password) only. Please install them and" >&2
    echo "run it again. On Debian or Ubuntu: apt-get install ${missing_packages[*]}" >&2
    exit 1
  fi
  echo "Installing ${missing_packages[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing_packages[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "Could not install ${missing_packages[*]}." >&2
    exit 1
  fi
  rm -f "$log"
}

need_build_tools() {
  need "a C compiler" "command -v cc && has_header stdint.h" gcc
  need "the C library's headers" "has_header pthread.h" libc6-dev
  need cmake "command -v cmake" cmake
  need make "command -v make" make
  need "stb (headers)" "has_header stb/stb_image.h" libstb-dev
  need "jansson (JSON)" "has_header jansson.h" libjansson-dev
  need "libmd (SHA-256)" "has_header sha2.h" libmd-dev
  need zlib "has_header zlib.h" zlib1g-dev
}
