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
shown=()
for picture in "$pictures"/*.png; do
  case $picture in *_mask.png) continue ;; esac
  shown+=("$picture")
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
# Along a path that the gradients choose; in a layer, along the image of the picture's path; and the sum of expected
# gradients while draws are added.
for method in guided-ig layer-path expected-gradients; do
  echo
  "$build/examples/alpha_curve" --method "$method" --out "$output/star_black_$method" "$pictures/star_black.ppm"
done

# What of the pixel that matters most is due to each other one.
echo
explain --method interactions --out "$output/star_black_interactions" "$pictures/star_black.ppm"

# One picture, many baselines; and how the map depends on the width of the blur and the noise, and on the draws.
compare() { echo; "$build/examples/compare_baselines" --out "$output/star_black" "$@" "$pictures/star_black.ppm"; }
compare
compare --sigma 1,2,4,8
compare --samples 1,5,20,100
compare --sweep methods
# By another method, against baselines of which some are searched for; named apart, as it is a strip of baselines, too.
compare --method guided-ig --baseline black,blur,other-class,max-entropy,near-zero,ascent --out "$output/star_black_guided-ig"

# The same black star at every layer of the network, in eight ways.
echo
"$build/examples/explain_layers" --out "$output/star_black" "$pictures/star_black.ppm" |
  grep -vE " (LayerCAM|ODAM|difference map|first-order Taylor|gradient) +(none|as given|zero map) " # the CSV has all of them

# Which map finds the pixels that hold the information, by training again without them; a tenth of the whole.
echo
"$build/examples/retrain_and_compare" --quick --out "$output/shapes"

# The same star by a runtime that gives no gradients, over regions of 8 and of 4 pixels.
regions=$build/examples/opencv_regions
if [ -x "$regions" ]; then
  for grid in 8 4; do
    echo
    "$regions" --grid $grid --out "$output/star_black_regions_$grid" "$pictures/star_black.ppm"
  done
else
  echo
  echo "opencv_regions was not built: there is no OpenCV with its DNN module (package libopencv-dev)."
fi

# Rows of a table: one held-out penguin by few draws and by enough for 1 %, and one that the network gets wrong.
row() { echo; "$build/examples/explain_row" "$@"; }
row --row 42 --out "$output/penguin_42"
row --row 42 --tolerance 0.01 --out "$output/penguin_42_to_1_percent"
row --row 287 --score probability --tolerance 0.01 --out "$output/penguin_287_probability"

# All of them, from three baselines by two methods, in one page.
echo
mkdir -p "$output/report"
explain --report --method ig,guided-ig --baseline black,white,blur --workers "$(nproc)" --out "$output/report/" \
  "${shown[@]}" | tail -n 2

echo
echo "The pictures are in $output: NAME_heat.png, NAME_overlay.png, star_black_alpha.svg, star_black_guided-ig_alpha.svg,"
echo "star_black_expected-gradients_running_mean.svg; every method side by side: star_black_methods.png"
echo "Interactions of the pixel framed in green: star_black_interactions_overlay.png"
echo "Baselines side by side: star_black_baselines.png, star_black_sigma.png, star_black_samples.png; by guided IG:"
echo "star_black_guided-ig_baselines.png"
echo "Layer by layer: star_black_layers.png and .csv, all eight ways"
echo "Without gradients, by regions: star_black_regions_8_overlay.png, star_black_regions_4_overlay.png"
echo "Trained again on ablated pictures: shapes_retraining.svg and .csv (the whole, in a minute: without --quick)"
echo "The bars of the penguins: penguin_NUMBER_bars.svg; other rows with $build/examples/explain_row --row N"
echo "Twelve baselines through the tests that judge maps: $build/examples/baseline_study --quick (a minute or two), or without"
echo "--quick (a quarter of an hour); its results are in examples/guide/metrics.md"
echo "All bundled pictures in one page, to open in a browser: $output/report/report.html"
echo "Explain one of yours with $build/examples/explain_image PICTURE (--help says how)"
