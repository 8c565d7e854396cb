#!/usr/bin/env bash
# Builds the examples and explains the bundled pictures. Results: examples/output. Installs what is missing (apt-get).
# ATTRIB_BUILD_DIR: where to build, default build/examples. ATTRIB_OUTPUT_DIR: where to write, default examples/output.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${ATTRIB_BUILD_DIR:-$root/build/examples}
output=${ATTRIB_OUTPUT_DIR:-$root/examples/output}

. "$root/examples/support/install_packages.sh"
need_folder "$build" ATTRIB_BUILD_DIR
need_folder "$output" ATTRIB_OUTPUT_DIR
need_build_tools
install_missing

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Building"
if ! { cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DATTRIB_BUILD_TESTS=OFF -DATTRIB_BUILD_EXAMPLES=ON &&
    cmake --build "$build" --parallel; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

echo
"$build/examples/first_explanation"

explain() { "$build/examples/explain_image" "$@"; }
pictures=$root/examples/data/pictures
for picture in "$pictures"/*.png; do
  case $picture in *_mask.png) continue ;; esac
  name=$(basename "$picture" .png)
  echo
  explain --out "$output/$name" "$picture"
done

# The same black star against baselines that do and do not see black, all in the colours of the black one.
scale=$(explain --out "$output/star_black" "$pictures/star_black.ppm" | sed -n 's/.*full colour at //p')
for baseline in white grey max-distance blur uniform gaussian; do
  echo
  explain --baseline "$baseline" --scale "$scale" --out "$output/star_black_from_$baseline" "$pictures/star_black.ppm"
done
echo
"$build/examples/alpha_curve" --out "$output/star_black" "$pictures/star_black.ppm"

echo
echo "The pictures are in $output: NAME_heat.png, NAME_overlay.png, and star_black_alpha.svg"
echo "Explain one of yours with $build/examples/explain_image PICTURE (--help says how)"
