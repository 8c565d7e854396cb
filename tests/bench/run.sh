#!/usr/bin/env bash
# Builds and runs the benchmarks of sampling and of integration: evaluations for a given true error, and memory, on the
# bundled network and, where the shared data and PyTorch are at hand, on the networks and photographs of the data; and, with
# libtorch, attrib_torch beside PyTorch in Python. Writes
# their tables as Markdown and CSV, and plots as SVG; exit status 1 where a bound fails. Installs what is missing
# (apt-get).
#
#   tests/bench/run.sh [--quick] [FOLDER]
#
# --quick: a few minutes instead of three quarters of an hour. FOLDER: where the tables go, default build/bench.
# ATTRIB_BUILD_DIR: where to build, default build/bench. ATTRIB_SHARED_DATA: the data, default shared/data beside the
# repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${ATTRIB_BUILD_DIR:-$root/build/bench}
quick=()
if [ "${1:-}" = --quick ]; then
  quick=(--quick)
  shift
fi
if [ $# -gt 1 ] || [[ ${1:-} == -* ]]; then
  echo "usage: $0 [--quick] [FOLDER]" >&2
  exit 2
fi
tables=${1:-$root/build/bench}

. "$root/examples/support/install_packages.sh"
need_folder "$build" ATTRIB_BUILD_DIR
need_folder "$tables" "the argument"
need_build_tools
need pkg-config "command -v pkg-config" pkg-config
need "cmocka" "pkg-config --exists cmocka" libcmocka-dev
install_missing

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DATTRIB_BUILD_TESTS=ON -DATTRIB_BUILD_EXAMPLES=ON &&
    cmake --build "$build" --parallel --target attrib bench_sampling bench_integration; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

# measure NAME COMMAND...: tables to the terminal, NAME.md and NAME.csv. 77 of the command is a table less, no failure.
failed=0
measure() {
  local name=$1 status=0
  shift
  "$@" | tee "$tables/$name.md" || status=${PIPESTATUS[0]}
  if [ "$status" -eq 77 ]; then
    rm -f "$tables/$name.md" "$tables/$name.csv"
    return
  fi
  [ "$status" -eq 0 ] || failed=1
  sed -n 's/\*\*//g; /^|[-|]*$/d; s/^| *\(.*[^ ]\) *|$/\1/p' "$tables/$name.md" |
    sed 's/,/;/g; s/ *| */,/g' >"$tables/$name.csv"
  echo
}

# attrib_torch, where libtorch is installed.
build_torch() {
  cmake -S "$root" -B "$build" -DATTRIB_TORCH=ON && cmake --build "$build" --parallel --target attrib_torch bench_torch
}
if ! has_header c10/macros/cmake_macros.h >/dev/null 2>&1; then
  echo "skipped: no benchmark of attrib_torch without libtorch (package libtorch-dev)"
elif build_torch >"$log" 2>&1; then
  torch=yes
else
  cat "$log" >&2
  exit 1
fi

measure integration "$build/tests/bench_integration" "${quick[@]}"
measure sampling "$build/tests/bench_sampling" "${quick[@]}"
# What pairs save SmoothGrad on the bundled network, for the median over all of them.
bundled=$(sed -n 's/^| \*\*median\*\* | | | \*\*\([0-9.]*\)\*\* |.*/\1/p' "$tables/sampling.md")
if python=$(PATH=/usr/bin:$PATH command -v python3); then
  measure sampling_nets "$python" -B "$root/tests/bench/sampling_nets.py" "${quick[@]}" "--bundled=$bundled" \
    "$build/libattrib.so"
  # Dense references cost most of the time and are kept beside the build.
  measure integration_nets "$python" -B "$root/tests/bench/integration_nets.py" "${quick[@]}" \
    "--cache=$build/references" "--into=$tables" "$build/libattrib.so"
  [ -z "${torch:-}" ] || measure torch "$python" -B "$root/tests/bench/torch_table.py" "$build/tests/bench_torch"
else
  echo "skipped: no python3"
fi
echo "The tables are in $tables"
exit "$failed"
