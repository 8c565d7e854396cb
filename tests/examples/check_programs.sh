#!/usr/bin/env bash
# check_programs.sh FOLDER-OF-PROGRAMS EXAMPLES-DATA [quick]: the example programs do their job, and bad input gets one line that
# names the cause, a non-zero exit code, and no file. quick, for builds that are slow: every method with a few rows
# instead of its own number of them, and fewer strips.
set -euo pipefail
bin=$1 data=$2 quick=${3:-}
folder=$(mktemp -d)
trap 'umount "$folder/disk" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
failures=0
fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }

# refused CODE PATTERN PROGRAM ARGUMENTS...: exit code, one line on stderr that matches, nothing written.
refused() {
  local code=$1 pattern=$2 got=0
  shift 2
  rm -rf out && mkdir out
  "$bin/$1" "${@:2}" >stdout 2>stderr || got=$?
  [ "$got" -eq "$code" ] || fail "$*: exit code $got, not $code: $(cat stderr)"
  grep -qE "$pattern" stderr || fail "$*: the message does not match '$pattern': $(cat stderr)"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "$*: more than one line: $(cat stderr)"
  [ -z "$(ls -A out)" ] || fail "$*: left files: $(ls -A out)"
}

picture=$data/pictures/star_black.png

# -- the job
"$bin/explain_image" --out map "$picture" >stdout
for file in map_heat.png map_overlay.png; do [ -s $file ] || fail "$file was not written"; done
grep -q "star  *[0-9.]* %" stdout || fail "no probability printed"
grep -q "completeness error" stdout || fail "no completeness error printed"
grep -qE "error estimate [0-4]\.[0-9]* % of the map, 5 % asked for" stdout || fail "no error estimate printed"
grep -qE " [0-9]+ gradient rows, 0 output rows" stdout || fail "no evaluations printed"
"$bin/explain_image" --points 50 --out fixed "$picture" >stdout
grep -q "50 gradient rows, 2 output rows" stdout || fail "--points 50: not 50 gradient rows"
"$bin/explain_image" --tolerance 0.001 --max-evaluations 40 --out budget "$picture" >stdout
grep -q "Not converged: .*--max-evaluations = 40" stdout || fail "explain_image: nothing said of the budget"
"$bin/explain_image" --out ppm "$data/pictures/star_black.ppm" >stdout
cmp map_heat.png ppm_heat.png || fail "PNG and PPM of one picture give different maps"
for workers in 2 3; do
  "$bin/explain_image" --workers $workers --out workers "$picture" >stdout
  cmp map_heat.png workers_heat.png || fail "$workers workers give another map"
done
"$bin/explain_image" --out large "$data/pictures/star_red_256x192.png" >stdout
grep -q "256 x 192, resized to the network's 64 x 64" stdout || fail "no line about resizing"
if [ -z "$quick" ]; then
# Every method of --list runs, writes a picture, and takes as many rows as the list says.
"$bin/explain_image" --list >list
grep -qE "^  other-class " list || fail "--list has no baselines"
grep -oE "^  [a-z0-9-]+ +(at most)? +[0-9]+ " list >methods || true
[ "$(wc -l <methods)" -ge 20 ] || fail "--list names few methods: $(cat list)"
while read -r method rows; do
  "$bin/explain_image" --method "$method" --out "method_$method" "$picture" >stdout || fail "--method $method"
  [ -s "method_${method}_heat.png" ] && [ -s "method_${method}_overlay.png" ] || fail "--method $method: no picture"
  ! grep -qi "nan" stdout || fail "--method $method: a NaN was printed: $(cat stdout)"
  used=$(sed -n 's/^  \([0-9]*\) gradient rows, \([0-9]*\) output rows,.*/\1 \2/p' stdout | awk '{ print $1 + $2 }')
  case $rows in
    "at most "*) [ "$used" -gt 0 ] && [ "$used" -le "${rows#at most }" ] || fail "--method $method: $used rows, not $rows" ;;
    *) [ "$used" -eq "$rows" ] || fail "--method $method: $used rows, not $rows" ;;
  esac
  cp stdout "method_$method.txt"
done <methods
for one in method_*_heat.png; do
  for other in method_*_heat.png; do
    [ "$one" = "$other" ] || ! cmp -s "$one" "$other" || fail "$one and $other are the same map"
  done
done
cmp method_ig_heat.png map_heat.png || fail "ig is not the default"
"$bin/explain_image" --method integrated-gradients --out long "$picture" >stdout && cmp long_heat.png map_heat.png ||
  fail "integrated-gradients is not ig"
# What is printed fits the method.
for method in layer-{line,path,times-activation,taylor,gradient,cam,odam,difference}; do
  grep -q "of the logit of 'star' at conv2 against black" method_$method.txt && grep -q "attribution error" method_$method.txt ||
    fail "--method $method: no attribution error at conv2: $(cat method_$method.txt)"
done
for method in ig expected-gradients guided-ig blur-ig idgi agi ig2 interactions; do
  grep -q "completeness error" method_$method.txt || fail "--method $method: no completeness error"
done
for method in mean-gradient gradient gradient-times-input smoothgrad vargrad smoothtaylor adaptive-noising recalibrated ig-sq; do
  ! grep -q "completeness error" method_$method.txt && grep -q "so no completeness" method_$method.txt ||
    fail "--method $method: a completeness error"
done
for method in recalibrated recalibrated-ref agi-recalibrated; do
  grep -qE "kept [0-9.]+ % of the weight" method_$method.txt || fail "--method $method: no kept share"
done
grep -q "given to no feature: 0" method_idgi.txt || fail "idgi: nothing said of what is unassigned"
grep -q "outputs are 0.* from the reference's" method_ig2.txt || fail "ig2: nothing said of the distance"
grep -q "IG2 .* towards training pictures of 'arrow', number 8" method_ig2.txt || fail "ig2: another reference"
grep -q "area under its total variation" method_adaptive-noising.txt || fail "adaptive-noising: nothing said of what was searched for"
grep -qE "error estimate [0-9.]+ % of the map$" method_smoothgrad.txt || fail "smoothgrad: no error estimate"
grep -q "of the red of pixel 37,28: integrated gradient 0.52" method_interactions.txt || fail "interactions: of another pixel"
grep -q "regions ranked from 1" method_xrai.txt || fail "xrai: nothing said of ranks"
else
while read -r method few; do
  # shellcheck disable=SC2086
  "$bin/explain_image" --method "$method" $few --out "method_$method" "$picture" >stdout || fail "--method $method"
  [ -s "method_${method}_heat.png" ] || fail "--method $method: no picture"
done <<END
mean-gradient --points 3
gradient
gradient-times-input
expected-gradients --samples 3
smoothgrad --samples 2
smoothgrad-squared --samples 4
vargrad --samples 4
noised-times-input --samples 2
smoothtaylor --samples 2
adaptive-noising --samples 2
guided-ig --points 3
blur-ig --points 3
idgi --points 3
agi --points 1
ig2 --points 2
recalibrated --points 1
recalibrated-ref --points 1
ig-sq --points 1
agi-recalibrated --points 1
interactions --points 2
xrai --points 2
layer-line --points 3
layer-path --points 3
layer-times-activation
layer-taylor
layer-gradient
layer-cam
layer-odam
layer-difference
END
fi
# Options reach the method.
"$bin/explain_image" --method guided-ig --points 20 --rule left --out o "$picture" >stdout
grep -q " 20 gradient rows, 1 output rows" stdout || fail "guided-ig --points 20 --rule left"
"$bin/explain_image" --method smoothgrad --samples 6 --sigma 0.25 --seed 9 --out o "$picture" >stdout
grep -q " 6 gradient rows" stdout && grep -q "sigma 0.25" stdout || fail "smoothgrad --samples 6 --sigma 0.25"
"$bin/explain_image" --method expected-gradients --baseline uniform --samples 30 --out o "$picture" >stdout
grep -q " 30 gradient rows, 31 output rows" stdout || fail "expected-gradients --baseline uniform --samples 30"
"$bin/explain_image" --method expected-gradients --tolerance 0.5 --workers 2 --out o "$picture" >stdout
grep -q "50 % asked for" stdout || fail "expected-gradients --tolerance 0.5"
"$bin/explain_image" --method ig2 --baseline training --samples 2 --points 4 --out o "$picture" >stdout
grep -q "towards 2 training pictures" stdout || fail "ig2 --baseline training --samples 2"
"$bin/explain_image" --baseline other-class --target arrow --samples 2 --points 4 --out o "$picture" >stdout
grep -q "against training pictures of 'star', number 4, 14" stdout || fail "--baseline other-class: $(cat stdout)"
"$bin/explain_image" --method interactions --pixel 40,30 --width 0.2 --points 4 --out pixel "$picture" >stdout
grep -qE "of the (red|green|blue) of pixel 40,30: " stdout && grep -q "width 0.2" stdout && grep -q " 60 gradient rows" stdout ||
  fail "interactions --pixel 40,30 --width 0.2 --points 4: $(cat stdout)"
"$bin/explain_image" --method interactions --pixel 40,31 --width 0.2 --points 4 --out other "$picture" >stdout
! cmp -s pixel_heat.png other_heat.png || fail "interactions: --pixel changes nothing"
"$bin/explain_image" --method interactions --pixel 37,45 --out o "$picture" >stdout
grep -q "it is as in the baseline" stdout || fail "interactions of a black pixel against black: $(cat stdout)"
# What should sum to something and does not, what is mostly noise, and a sigma at an end: they are marked, and no others.
off="  ! the sum is off by more than 10 %: look again with more --points or a larger --width"
"$bin/explain_image" --method interactions --out o "$data/pictures/disc_blue.png" >stdout
grep -qF "$off" stdout || fail "interactions: 23.8 % off and no mark: $(cat stdout)"
"$bin/explain_image" --method interactions --points 400 --out o "$data/pictures/disc_blue.png" >stdout
! grep -q "!" stdout || fail "interactions --points 400: a mark at 3.3 %: $(cat stdout)"
"$bin/explain_image" --points 1 --out o "$picture" >stdout
grep -q "! the sum is off by more than 10 %: look again with a smaller --tolerance or more --points" stdout ||
  fail "ig --points 1: no mark: $(cat stdout)"
if [ -z "$quick" ]; then
"$bin/explain_image" --method adaptive-noising --out o "$picture" >stdout
grep -q "  sigma 0.01006, searched for from 0.009608 to 0.9608" stdout && grep -q "! sigma is at the lower end of that" stdout &&
  grep -q "! most of the map may be noise: its error estimate is above 50 %" stdout || fail "adaptive-noising: no marks: $(cat stdout)"
"$bin/explain_image" --method adaptive-noising --samples 400 --out o "$data/pictures/disc_blue.png" >stdout
! grep -q "!" stdout || fail "adaptive-noising: a mark at 30 % and a sigma inside: $(cat stdout)"
fi
# Layers: at the picture the line is that of integrated gradients; at a layer the sums are those of explain_layers.
"$bin/explain_image" --method layer-line --layer picture --out layer "$picture" >stdout
cmp layer_heat.png map_heat.png || fail "layer-line --layer picture is not ig"
"$bin/explain_layers" --baseline grey --points 9 --out each "$picture" >stdout
while read -r form name; do
  points=()
  [ "$form" != path ] || points=(--points 9)
  "$bin/explain_image" --method "layer-$form" --layer conv1 --baseline grey "${points[@]}" --out o "$picture" >stdout
  sum=$(sed -n 's/.*, sum of attributions \([-0-9.]*\)$/\1/p' stdout)
  scale=$(sed -n 's/.*full colour at //p' stdout)
  tr -d '"' <each_layers.csv | awk -F, -v name="$name" -v sum="$sum" -v scale="$scale" '
    $2 == "conv1" && $6 == name { found++; size = $14 > 0 ? $14 : -$14
      if ($7 - sum > 1e-4 || sum - $7 > 1e-4 || scale - $14 > 1e-3 * size || $14 - scale > 1e-3 * size) print }
    END { exit found != 1 }' >differs || fail "layer-$form: not in the table"
  [ ! -s differs ] || fail "layer-$form: sum $sum, scale $scale, in explain_layers $(cat differs)"
done <<END
line line
path path
times-activation gradient x activation
taylor first-order Taylor
gradient gradient
cam LayerCAM
odam ODAM
difference difference map
END
"$bin/explain_image" --method layer-cam --layer conv4 --out o "$picture" >stdout
! cmp -s o_heat.png method_layer-cam_heat.png || fail "--layer changes nothing"
grep -q "the form's own baseline: none" stdout || fail "layer-cam: the implied baseline is not named"
"$bin/explain_image" --method layer-times-activation --out o "$picture" >stdout
grep -q "the form's own baseline: zero map" stdout || fail "layer-times-activation: the implied baseline is not named"
"$bin/explain_image" --method layer-path --points 4 --baseline uniform --samples 1 --workers 2 --out o "$picture" >stdout ||
  fail "layer-path from one row of noise"
for found in "max-entropy (entropy 2.30*," "near-zero (p [0-9.]*e-0[789]," "ascent (output [0-9.]*,"; do
  "$bin/explain_image" --baseline "${found%% *}" --target star --points 8 --out o "$picture" >stdout
  grep -q "against $found model rows: [1-9][0-9]*)" stdout || fail "--baseline ${found%% *}: $(cat stdout)"
done
if [ -z "$quick" ]; then
# What the list, searches.h and the guide say of the near-zero search: 1 row, or 17 to 77 of them.
for one in "$data"/pictures/*.ppm; do
  "$bin/explain_image" --baseline near-zero --points 1 --out o "$one" | sed -n 's/.*near-zero (.*model rows: \([0-9]*\)).*/\1/p'
done | sort -nu | paste -sd " " >rows
read -r one two rest <rows
[ "$one" -eq 1 ] && [ "$two" -eq 17 ] && [ "${rest##* }" -eq 77 ] || fail "near-zero takes other rows than stated: $(cat rows)"
fi
for baseline in white grey 0.2,0.4,0.6 max-distance blur uniform gaussian gaussian-truncated; do
  "$bin/explain_image" --baseline $baseline --points 8 --out baseline "$picture" >stdout || fail "--baseline $baseline"
done
for rule in left right midpoint trapezoid gauss-legendre; do
  "$bin/explain_image" --rule $rule --points 8 --out rule "$picture" >stdout || fail "--rule $rule"
done
"$bin/explain_image" --baseline uniform --samples 2 --seed 5 --points 4 --out a "$picture" >stdout
"$bin/explain_image" --baseline uniform --samples 2 --seed 5 --points 4 --out b "$picture" >stdout
"$bin/explain_image" --baseline uniform --samples 2 --seed 6 --points 4 --out c "$picture" >stdout
cmp a_heat.png b_heat.png || fail "the same seed gives another map"
! cmp -s a_heat.png c_heat.png || fail "another seed gives the same map"
"$bin/explain_image" --target heart --palette sequential --score probability --out t "$picture" >stdout
grep -q "probability of 'heart'" stdout || fail "--target by name"
"$bin/explain_image" --help >stdout && grep -q -- --baseline stdout || fail "--help"
"$bin/alpha_curve" --out curve "$picture" >stdout
[ "$(wc -l <curve_alpha.csv)" -eq 103 ] || fail "curve_alpha.csv has not a head, two ends and 100 nodes"
# For every rule the cumulative attribution runs from 0 at alpha 0 to the sum of attributions at alpha 1.
for rule in left right midpoint trapezoid gauss-legendre; do
  "$bin/alpha_curve" --rule $rule --points 7 --out $rule "$picture" >stdout
  sum=$(sed -n 's/.*sum of attributions \([-0-9.]*\),.*/\1/p' stdout)
  awk -F, -v sum="$sum" 'NR == 2 {first = $1 " " $4} END {
    if (first != "0 0" || $1 != 1 || $4 - sum > 1e-4 || sum - $4 > 1e-4) { print first, $1, $4, sum; exit 1 } }' \
    ${rule}_alpha.csv || fail "alpha_curve --rule $rule: the ends are wrong"
done
tail -n 1 curve_alpha.svg | grep -q '</svg>' || fail "curve_alpha.svg is not whole"
if [ -z "$quick" ]; then
# Of every method with a path the curve runs from 0 to the sum of attributions, and never goes back in alpha.
ends() { # FILE: of the last line of stdout's sum
  sum=$(sed -n 's/.*sum of attributions \([-0-9.]*\),.*/\1/p' stdout)
  awk -F, -v sum="$sum" 'NR == 2 {first = $1 " " $4; before = -1} NR > 1 {if ($1 <= before) { print; exit 1 } before = $1} END {
    if (first != "0 0" || $4 - sum > 1e-4 || sum - $4 > 1e-4 || NR < 9) { print first, $1, $4, sum, NR; exit 1 } }' "$1"
}
"$bin/alpha_curve" --list | grep -oE "^  [a-z0-9-]+ +(at most)? +[0-9]+ " >curves || true
[ "$(grep -cE "^  (ig|guided-ig|blur-ig|idgi|agi|ig2|expected-gradients|layer-line|layer-path) " curves)" -eq 9 ] &&
  [ "$(wc -l <curves)" -eq 9 ] || fail "alpha_curve --list: $(cat curves)"
while read -r method _; do
  "$bin/alpha_curve" --method "$method" --out "$method" "$picture" >stdout || fail "alpha_curve --method $method"
  [ "$method" != expected-gradients ] || continue
  ends "${method}_alpha.csv" || fail "alpha_curve --method $method: the ends are wrong"
  tail -n 1 "${method}_alpha.svg" | grep -q '</svg>' || fail "${method}_alpha.svg is not whole"
done <curves
"$bin/alpha_curve" --rule adaptive --tolerance 0.01 --out adaptive "$picture" >stdout
ends adaptive_alpha.csv || fail "alpha_curve --rule adaptive: the ends are wrong"
"$bin/alpha_curve" --method guided-ig --rule left --points 20 --baseline uniform --samples 2 --out left "$picture" >stdout
ends left_alpha.csv || fail "alpha_curve --method guided-ig --rule left: the ends are wrong"
# In a layer: at the picture the line is the straight path; the image of that path has its alphas, and the network's f.
"$bin/alpha_curve" --method layer-line --layer picture --out layer "$picture" >stdout
cmp curve_alpha.csv layer_alpha.csv || fail "alpha_curve --method layer-line --layer picture is not ig"
"$bin/alpha_curve" --points 40 --out straight "$picture" >stdout
for layer in picture conv2 dense1; do
  "$bin/alpha_curve" --method layer-path --layer $layer --points 40 --out path "$picture" >stdout
  ends path_alpha.csv || fail "alpha_curve --method layer-path --layer $layer: the ends are wrong"
  grep -q " at $layer against black<" path_alpha.svg || fail "alpha_curve --layer $layer is not named"
  paste -d, straight_alpha.csv path_alpha.csv | awk -F, 'function far(a, b, by) { return a - b > by || b - a > by }
    NR > 1 && (far($1, $6, 1e-12) || far($2, $7, 0.5) || far($9 + 0, $10 + 0, 1)) { print; bad = 1 } END { exit bad || NR != 43 }' ||
    fail "alpha_curve --method layer-path --layer $layer: another curve than that of the picture"
done
"$bin/alpha_curve" --method layer-line --rule adaptive --baseline near-zero --out adaptive "$picture" >stdout
ends adaptive_alpha.csv || fail "alpha_curve --method layer-line --rule adaptive: the ends are wrong"
head -n 1 agi_alpha.csv | grep -q ",picture_minus_output$" || fail "agi_alpha.csv: not from the picture"
grep -q "f(picture) &#8722; attribution so far" ig2_alpha.svg || fail "ig2_alpha.svg: not from the picture"
# IDGI gives away all that f gains, step by step: the attribution is on the curve of f.
awk -F, 'NR > 1 && ($4 - $5 > 1e-9 || $5 - $4 > 1e-9) { print; exit 1 }' idgi_alpha.csv || fail "idgi_alpha.csv: beside f"
fi
# The running mean of expected gradients ends at the sum of attributions, beside its target; it is no alpha-curve.
[ ! -e expected-gradients_alpha.csv ] || fail "expected gradients have an alpha-curve"
"$bin/alpha_curve" --method expected-gradients --samples 300 --seed 3 --out eg "$picture" >stdout
[ "$(wc -l <eg_running_mean.csv)" -eq 289 ] || fail "eg_running_mean.csv has not a head and 288 draws"
tail -n 1 eg_running_mean.svg | grep -q '</svg>' || fail "eg_running_mean.svg is not whole"
sed -n 's/^f from \(.*\) to \(.*\), sum of attributions \(.*\), .*/\1 \2 \3/p' stdout |
  awk 'FNR == NR { from = $1; to = $2; sum = $3; next } FNR > 1 { total += $4 }
    function far(a, b) { return a - b > 1e-3 || b - a > 1e-3 }
    END { exit far($5, sum) || far($6, to - from) || far(total / (FNR - 1), sum) }' - FS=, eg_running_mean.csv ||
  fail "the running mean does not end at the sum of attributions: $(cat stdout)"
"$bin/alpha_curve" --help >stdout || fail "alpha_curve --help"

# The strip of one picture against many baselines holds the numbers that explain_image prints for each of them.
compare() { "$bin/compare_baselines" --points 8 --samples 8 "$@" >stdout; }
compare --out strip "$picture"
[ -s strip_baselines.png ] || fail "strip_baselines.png was not written"
[ "$(grep -c "^  .* %" stdout)" -eq 12 ] || fail "compare_baselines: not three classes and nine maps: $(cat stdout)"
grep -qE "exp. gradients training 8 draws of 96 .* 17 " stdout || fail "compare_baselines: not 1 + 8 + 8 rows"
cp stdout strip
for baseline in black max-distance blur uniform gaussian; do
  one=()
  case $baseline in uniform | gaussian) one=(--samples 1) ;; esac
  "$bin/explain_image" --points 8 --baseline $baseline "${one[@]}" --out one "$picture" >stdout
  percent=$(sed -n 's/.*, \([0-9.]* %\) of the difference/\1/p' stdout)
  grep -q "IG from $baseline .* $percent " strip || fail "compare_baselines: $baseline has not $percent"
done
for workers in 2 3; do
  compare --workers $workers --out workers "$picture"
  cmp strip_baselines.png workers_baselines.png || fail "compare_baselines: $workers workers give another strip"
done
compare --seed 77 --out seed "$picture"
grep -q "training picture 77" stdout || fail "compare_baselines: --seed 77 does not take picture 77"
! cmp -s strip_baselines.png seed_baselines.png || fail "compare_baselines: another seed gives the same strip"
compare --scale own --palette sequential --columns 1 --score probability --target heart --out own "$picture"
grep -q "probability of 'heart'" stdout || fail "compare_baselines --target by name"
compare --sigma 1,2,4,8 --out strip "$picture"
for line in "blur sigma 8 px" "gaussian sigma 0.8 " "SmoothGrad sigma 0.8 "; do
  grep -q "$line" stdout || fail "compare_baselines: no '$line' among $(cat stdout)"
done
"$bin/compare_baselines" --samples 1,5,100 --out strip "$picture" >stdout
for line in "uniform 1 draw " "uniform 100 draws" "training 1 draw of 96" "training 100 draws of 96" "6 gradients SmoothGrad"; do
  grep -q "$line" stdout || fail "compare_baselines: no '$line' among $(cat stdout)"
done
"$bin/compare_baselines" --colour white,0.2,0.4,0.6,#ff8000 --points 8 --out strip "$picture" >stdout
[ "$(grep -c "IG from .* constant" stdout)" -eq 3 ] || fail "compare_baselines: not three colours: $(cat stdout)"
for sweep in sigma samples colour; do [ -s strip_$sweep.png ] || fail "strip_$sweep.png was not written"; done
if [ -z "$quick" ]; then
# All methods: the rows of each are those of explain_image, whose defaults these are.
"$bin/compare_baselines" --sweep methods --out strip "$picture" >stdout
[ -s strip_methods.png ] || fail "strip_methods.png was not written"
[ "$(grep -cE "^  [0-9]+ rows? " stdout)" -eq "$(wc -l <methods)" ] || fail "compare_baselines --sweep methods: $(cat stdout)"
grep -qE "^  33 rows IG against black .* 0.60 % +4.35 % " stdout || fail "compare_baselines: ig is another: $(cat stdout)"
grep -qE "^  454 rows Interactions pixel 37,28 " stdout || fail "compare_baselines: interactions of another pixel: $(cat stdout)"
! grep -qi nan stdout || fail "compare_baselines --sweep methods: a NaN was printed"
"$bin/compare_baselines" --sweep methods --colour white --scale shared --seed 4 --workers 2 --out shared "$picture" >stdout
grep -q "IG against white" stdout || fail "compare_baselines --sweep methods --colour white"
! cmp -s strip_methods.png shared_methods.png || fail "compare_baselines --sweep methods: options change nothing"
"$bin/compare_baselines" --sweep methods --workers 3 --out workers "$picture" >stdout
cmp strip_methods.png workers_methods.png || fail "compare_baselines --sweep methods: 3 workers give another strip"
"$bin/compare_baselines" --sweep searched --points 8 --out strip "$picture" >stdout
[ -s strip_searched.png ] && [ "$(grep -c "^  IG from " stdout)" -eq 5 ] || fail "compare_baselines --sweep searched"
grep -q "IG from max-entropy entropy 2.3" stdout || fail "compare_baselines --sweep searched: $(cat stdout)"
# A method against baselines: the numbers of explain_image.
"$bin/compare_baselines" --method guided-ig --points 20 --out against "$picture" >stdout
[ -s against_baselines.png ] && [ "$(grep -c "^  Guided IG " stdout)" -eq 12 ] || fail "compare_baselines --method: $(cat stdout)"
for baseline in black white grey max-distance blur other-class max-entropy near-zero ascent; do
  "$bin/explain_image" --method guided-ig --points 20 --baseline $baseline --out o "$picture" >one
  sum=$(sed -n 's/.*, sum of attributions \([-0-9]*\.[0-9][0-9]\).*/\1/p' one)
  grep -q "^  Guided IG $baseline .* $sum[0-9]* .*" stdout || fail "compare_baselines --method guided-ig: $baseline has not $sum"
done
"$bin/compare_baselines" --baseline max-entropy,0.2,0.4,0.6,near-zero,uniform --samples 3 --points 4 --out against "$picture" >stdout
[ "$(grep -c "^  IG " stdout)" -eq 4 ] && grep -q "IG max-entropy entropy 2.3" stdout && grep -q "IG 0.2,0.4,0.6 " stdout &&
  grep -q "IG near-zero p 9" stdout && grep -q "IG uniform 3 rows" stdout || fail "compare_baselines --baseline: $(cat stdout)"
"$bin/compare_baselines" --method layer-path --layer conv4 --baseline ascent,blur --points 4 --out against "$picture" >stdout
grep -q "layer path blur at conv4 " stdout || fail "compare_baselines --layer conv4: $(cat stdout)"
"$bin/compare_baselines" --method expected-gradients --samples 20 --baseline uniform,training --out against "$picture" >stdout
[ "$(grep -c "20 draws" stdout)" -eq 2 ] || fail "compare_baselines --method expected-gradients: $(cat stdout)"
"$bin/compare_baselines" --method interactions --baseline black,blur --out against "$data/pictures/disc_blue.png" >stdout
grep -qE "Interactions black pixel 36,32 .* 23.8 % !" stdout && grep -qE "Interactions blur .* 2.74 %  " stdout &&
  grep -q "^  ! these are off by more than a tenth" stdout && grep -q "f(picture) 44.01" stdout || fail "compare_baselines: no mark: $(cat stdout)"
"$bin/compare_baselines" --method interactions --baseline blur --out against "$data/pictures/disc_blue.png" >stdout
! grep -q "!" stdout || fail "compare_baselines: a mark too many: $(cat stdout)"
"$bin/compare_baselines" --list | cmp - list || fail "compare_baselines --list"
"$bin/compare_baselines" --help >stdout && grep -q -- --colour stdout || fail "compare_baselines --help"

fi
# Every layer in every form: what sums to the difference does, what has no such baseline does not.
layers() { "$bin/explain_layers" "$@" >stdout; }
layers --out strip "$picture"
[ -s strip_layers.png ] || fail "strip_layers.png was not written"
head -n 1 strip_layers.csv | grep -q "^layer,name,.*,form,sum_of_attributions,target,attribution_error,relative," ||
  fail "explain_layers: another head: $(head -n 1 strip_layers.csv)"
# of_form FORM CONDITION: whether it holds of every layer, as a condition of awk on error (relative) and layer.
of_form() {
  tr -d '"' <strip_layers.csv | awk -F, -v form="$1" '
    $6 == form { rows++; layer = $1; error = $10; if (!('"$2"')) { print; bad = 1 } } END { exit bad || rows != 17 }' ||
    fail "explain_layers: $1 is not $2 at 17 layers"
}
of_form line "error < 0.05"
of_form path "error < 0.05"
of_form "gradient x activation" "layer > 0 || error > 0.2"
of_form LayerCAM "layer > 12 || error > 0.4"
of_form "difference map" "error > 1"
of_form ODAM "error >= 0"
of_form "first-order Taylor" "error >= 0"
of_form gradient 'layer < 16 || $7 == 1' # of the logits one
of_form "gradient x activation" '$15 == "zero map"'
for form in line path "difference map" "first-order Taylor"; do of_form "$form" '$15 == "as given"'; done
for form in LayerCAM ODAM gradient; do of_form "$form" '$15 == "none"'; done
for form in line path "gradient x activation" LayerCAM ODAM "difference map" "first-order Taylor" gradient; do
  for layer in picture conv{1..4} relu{1..5} {max_pool1,max_pool2,avg_pool3,max_pool4} flatten dense{1,2}; do
    grep -qE "^  $layer  *[0-9x ]*  *$form  *(as given|zero map|none)  " stdout || fail "explain_layers: the table has no $layer, $form"
  done
done
# One T for all, which the sums of the path reach; of the path a gradient row for each chord, two ends and a body row
# for each knot, of the others two body rows.
tr -d '"' <strip_layers.csv | awk -F, 'NR > 1 {
  target[$8] = 1; if ($7 - $8 - $9 > 1e-9 || $8 + $9 - $7 > 1e-9) bad = 1
  if ($6 == "path" ? $11 != 50 || $12 != 51 : $12 != 2) bad = 1
} END { for (t in target) targets++; exit bad || targets != 1 }' || fail "explain_layers: another T, sum or number of rows"
# Some forms, in the order asked for, as among all of them.
"$bin/explain_layers" --form gradient,cam --out some "$picture" >stdout
[ "$(wc -l <some_layers.csv)" -eq 35 ] || fail "explain_layers --form gradient,cam: not a head and 2 x 17 rows"
sed -n 2,3p some_layers.csv | cut -d, -f6 | paste -sd, | grep -qx "gradient,LayerCAM" || fail "explain_layers --form: another order"
[ "$(grep -cxFf strip_layers.csv some_layers.csv)" -eq 35 ] || fail "explain_layers --form: other numbers than among all forms"
"$bin/explain_layers" --list >stdout
[ "$(grep -cE "^  [a-z-]+ +(as given|zero map|none) +(at most)? +[0-9]+  " stdout)" -eq 8 ] || fail "explain_layers --list: $(cat stdout)"
grep -q "^  near-zero " stdout && ! grep -qE "^  (uniform|other-class) " stdout || fail "explain_layers --list: baselines $(cat stdout)"
for form in line path times-activation cam odam difference taylor gradient; do
  [ "$(sed -n "s/^  $form  *\(as given\|zero map\|none\).*  \([a-z].*\)/\2/p" stdout)" = \
    "$("$bin/explain_image" --list | sed -n "s/^  layer-$form  .* [0-9]*  \([a-z].*\)/\1/p")" ] || fail "explain_layers --list: $form is another"
done
if [ -z "$quick" ]; then
for workers in 2 5; do
  layers --workers $workers --out workers "$picture"
  cmp strip_layers.csv workers_layers.csv || fail "explain_layers: $workers workers give other numbers"
  cmp strip_layers.png workers_layers.png || fail "explain_layers: $workers workers give another strip"
done
# A saturated probability: its gradient at the picture is next to nothing, and so is all that is made of it alone.
layers --score probability --target star --points 60 --out strip "$picture"
grep -q "^Layers of the probability of 'star' against black" stdout || fail "explain_layers: another target"
of_form path "error < 0.05"
of_form "gradient x activation" "error > 0.99"
of_form LayerCAM "error > 0.99"
for baseline in white 0.2,0.4,0.6 max-distance blur; do
  layers --baseline $baseline --points 4 --out baseline "$picture" || fail "explain_layers --baseline $baseline"
  grep -q " against $baseline: " stdout || fail "explain_layers --baseline $baseline: against another one"
done
for baseline in max-entropy near-zero ascent; do
  layers --baseline $baseline --points 2 --out baseline "$picture" || fail "explain_layers --baseline $baseline"
done
layers --tolerance 1e-9 --out budget "$picture"
grep -q "^  ! picture, line: .*max_evaluations" stdout || fail "explain_layers: nothing said of the budget"
"$bin/explain_layers" --help >stdout && grep -q -- --points stdout || fail "explain_layers --help"

fi
# Rows of a table.
"$bin/explain_row" --row 42 --out bars >stdout
grep -q "99 held out, of which the network gets 88 right" stdout || fail "explain_row: the accuracy is not as stated"
grep -q "Row 42 (held out): female 27.00 %, male 73.00 %" stdout || fail "explain_row: another prediction"
[ "$(grep -c "class='whisker' d=" bars_bars.svg)" -eq 6 ] || fail "explain_row: not a whisker for each column"
tail -n 1 bars_bars.svg | grep -q '</svg>' || fail "bars_bars.svg is not whole"
"$bin/explain_row" --row 42 --workers 3 --out workers >stdout
cmp bars_bars.csv workers_bars.csv || fail "explain_row: 3 workers give other bars"
"$bin/explain_row" --row 42 --seed 1 --out seed >stdout
! cmp -s bars_bars.csv seed_bars.csv || fail "explain_row: another seed gives the same bars"
"$bin/explain_row" --row 42 --tolerance 0.01 --out tolerance >stdout
grep -q "sampler lattice" stdout && grep -qE "error estimate 0\.[0-9]+ %" stdout || fail "explain_row --tolerance"
# The bars sum to f(row) - mean of f within twice their standard errors.
awk -F, 'NR > 1 { sum += $3; bound += 2 * $4; rows++ } END { print sum, bound, rows }' tolerance_bars.csv |
  awk 'FNR == NR { f = $2 - $6; next } { exit !($3 == 6 && $1 - f < $2 && f - $1 < $2) }' \
    <(grep "f(row)" stdout | tr -d ,) - || fail "explain_row: the bars do not sum to the difference"
"$bin/explain_row" --tolerance 1e-9 --max-evaluations 300 --out budget >stdout
grep -q "^Not converged: .*max_evaluations = 300" stdout || fail "explain_row: nothing said of the budget"
for sampler in default iid stratified lattice; do
  "$bin/explain_row" --sampler $sampler --samples 300 --target male --score probability --out sampler >stdout
  grep -q "probability of 'male'" stdout || fail "explain_row --sampler $sampler"
done
"$bin/explain_row" --samples 1 --target 0 --out one >stdout
grep -q "error estimate not known" stdout || fail "explain_row: one draw knows its error"
! grep -qi nan one_bars.svg one_bars.csv stdout || fail "explain_row: a NaN was written"
sed 's/$/\r/; s/Adelie/"Adelie"/' "$data/penguins/penguins.csv" >windows.csv
"$bin/explain_row" --table windows.csv --row 42 --out windows >stdout
cmp bars_bars.csv windows_bars.csv || fail "explain_row: CR LF and quotes give other bars"
"$bin/explain_row" --help >stdout && grep -q -- --tolerance stdout || fail "explain_row --help"

# -- bad input
: >empty.png
echo "no picture at all" >text.png
head -c 500 "$picture" >cut.png
head -c 500 "$data/pictures/star_black.ppm" >cut.ppm
printf 'P6\n0 64\n255\n' >zero.ppm
printf 'P6\n20000 20000\n255\n' >huge.ppm
mkdir folder.png
e() { refused 1 "$1" explain_image --out out/x "${@:2}"; }
e "missing.png: .*No such file" missing.png
e "empty.png: .*empty" empty.png
e "text.png: " text.png
e "cut.png: .*(cut|truncated|ends)" cut.png
e "cut.ppm: .*(cut|truncated|ends)" cut.ppm
e "zero.ppm: .*0 x 64" zero.ppm
e "huge.ppm: .*20000 x 20000" huge.ppm
e "folder.png: .*directory" folder.png
e "'dragon' is neither .* star" --target dragon "$picture"
e "target '10': must be 0 to 9" --target 10 "$picture"
e "nowhere.bin: cannot be opened" --net nowhere.bin "$picture"
e "text.png: " --net text.png "$picture"
u2() { refused 2 "$1" explain_image "${@:2}"; }
u2 "'plaid' is none of: .*near-zero, ascent, a colour" --baseline plaid "$picture"
u2 "sigma has no meaning" --baseline black --sigma 3 "$picture"
u2 "samples has no meaning" --baseline blur --samples 3 "$picture"
u2 "seed has no meaning" --seed 3 "$picture"
u2 "out is empty" --out "" "$picture"
refused 1 "missing/x_heat.png: .*No such file" explain_image --out missing/x "$picture"
refused 1 "nowhere/x_alpha.csv: .*No such file" alpha_curve --out nowhere/x "$picture"
refused 1 "text.png: " alpha_curve --out out/x text.png
if [ "$(id -u)" -ne 0 ]; then
  cp "$picture" secret.png && chmod 0 secret.png
  e "secret.png: .*denied" secret.png
fi
t() { refused 1 "$1" explain_row --out out/x "${@:2}"; }
sed '5s/[0-9.]*,female/heavy,female/' "$data/penguins/penguins.csv" >heavy.csv
sed '1s/island/isle/' "$data/penguins/penguins.csv" >isle.csv
head -c 3000 "$data/penguins/penguins.csv" >cut.csv
head -c 3000 "$data/penguins/table_net.bin" >cut.bin
t "missing.csv: cannot be opened: No such file" --table missing.csv
t "heavy.csv: line 5: body_mass_g 'heavy' is not a number" --table heavy.csv
t "isle.csv: column 'island' is missing" --table isle.csv
t "cut.csv: line 56: split 'trai' is none of training, held-out" --table cut.csv
t "empty.png: is empty" --table empty.png
t "folder.png: cannot be read: Is a directory" --table folder.png
t "table_net.bin: is not text" --table "$data/penguins/table_net.bin"
t "nowhere.bin: cannot be opened" --net nowhere.bin
t "cut.bin: truncated" --net cut.bin
t "small_net.bin: not a network for tables" --net "$data/small_net.bin"
t "row 334: the table has 333 rows" --row 334
t "target 'king' is neither 0 to 1 nor one of female, male" --target king
t "target '2' is neither" --target 2
t "LATTICE" --sampler lattice --samples 100
refused 1 "nowhere/x_bars.svg: .*No such file" explain_row --out nowhere/x
# Bad options and banks of compare_baselines.
c() { refused 1 "$1" compare_baselines --out out/x "${@:2}"; }
c "missing.png: .*No such file" missing.png
c "cut.png: .*(cut|truncated|ends)" cut.png
c "nowhere.png: .*No such file" --bank nowhere.png "$picture"
c "folder.png: .*directory" --bank folder.png "$picture"
c "text.png: not an image" --bank text.png "$picture"
head -c 100000 "$data/training_pictures.png" >bank.png
c "bank.png: .*(cut|truncated|ends)" --bank bank.png "$picture"
c "256 x 192 pixels: must be 64 wide" --bank "$data/pictures/star_red_256x192.png" "$picture"
c "text.png: " --net text.png "$picture"
c "'dragon' is neither .* star" --target dragon "$picture"
refused 1 "missing/x_baselines.png: .*No such file" compare_baselines --out missing/x "$picture"
refused 1 "missing/x_sigma.png: .*No such file" compare_baselines --sigma 1,2 --out missing/x "$picture"
refused 2 "out is empty" compare_baselines --out "" "$picture"
c() { refused 2 "^compare_baselines: .*$1" compare_baselines --out out/x "${@:2}"; }
c "no picture was given"
c "points 1: --rule trapezoid takes both ends" --rule trapezoid --points 1 "$picture"
c "one picture at a time" "$picture" "$picture"
for value in "" -1 0 nan inf 1e9 1, ,1 1,,2 1,x 1,-2 1,2,nan "1 2" $'1\n2'; do
  c "--sigma '.*': must be a number above 0, at most 1000" --sigma "$value" "$picture"
done
for value in "" 0 -5 1.5 nan 1, 1,,5 5,0 99999999999999999999 1,1000001; do
  c "--samples '.*': must be a whole number from 1 to 1000000" --samples "$value" "$picture"
done
for value in "" plaid "#ff00" "#ff00gg" 0.5 0.5,0.5 0,0,2 nan,0,0 black, ,black black,,white 0,0,0,0.5; do
  c "--colour '.*': must begin with a name" --colour "$value" "$picture"
done
many=$(seq -s, 1 5000)
c "sigma: 5000 values, at most 12" --sigma "$many" "$picture"
c "samples: 5000 values, at most 12" --samples "$many" "$picture"
c "colour: more than 12 values" --colour "$(printf 'red,%.0s' {1..5000})red" "$picture"
c "longer than a value" --sigma "1,$(printf '0%.0s' {1..5000})1" "$picture"
c "longer than a value" --colour "0.$(printf '0%.0s' {1..5000})1,0,0" "$picture"
c "one sweep at a time" --sigma 1,2 --samples 1,2 "$picture"
c "colour has no meaning where --sigma" --sigma 1,2 --colour red "$picture"
c "bank has no meaning where --colour" --colour red,blue --bank bank.png "$picture"
c "points has no meaning where --samples" --samples 1,2 --points 3 "$picture"
c "tolerance has no meaning where --samples" --samples 1,2 --tolerance 0.1 "$picture"
c "columns has no meaning where --sigma" --sigma 1,2 --columns 3 "$picture"
c "columns '25'" --columns 25 "$picture"
c "sweep 'colours': must be one of baselines, methods, searched" --sweep colours "$picture"
c "one sweep at a time" --sweep methods --sigma 1,2 "$picture"
c "points has no meaning with --sweep methods" --sweep methods --points 3 "$picture"
c "samples has no meaning with --sweep methods" --sweep methods --samples 3 "$picture"
c "seed has no meaning with --sweep searched" --sweep searched --seed 3 "$picture"
for method in gradient smoothgrad adaptive-noising blur-ig agi xrai; do
  c "method $method looks at no baseline: --sweep methods has it" --method $method "$picture"
  c "method $method looks at no baseline" --method $method --baseline black "$picture"
done
c "method 'plaid' is none of --list" --method plaid "$picture"
for value in "" plaid black, ,black black,,blur blurred max-entropy,plaid 0.5,0.5; do
  c "--baseline '.*': must begin with one of" --baseline "$value" "$picture"
done
c "baseline: more than 12 values" --baseline "$(printf 'blur,%.0s' {1..5000})red" "$picture"
c "one sweep at a time" --method ig --sweep methods "$picture"
c "one sweep at a time" --baseline black,white --sigma 1,2 "$picture"
c "sigma has no meaning with --method or --baseline" --method ig --sigma 3 "$picture"
c "colour has no meaning with --method or --baseline" --baseline blur --colour red "$picture"
c "idgi takes no --tolerance" --method idgi --tolerance 0.1 "$picture"
c "guided-ig takes no --layer" --method guided-ig --layer conv1 "$picture"
c "layer has no meaning with --sweep searched" --sweep searched --layer conv1 "$picture"
refused 1 "layers are explained from one row: give --samples 1" compare_baselines --method layer-cam --samples 2 --baseline uniform \
  --out out/x "$picture"
refused 1 "layer 'x' is none of" compare_baselines --sweep methods --layer x --out out/x "$picture"
c "scale 'common': .*shared, own" --scale common "$picture"
refused 2 "unrecognized option" compare_baselines --color red "$picture"

# Bad options of explain_layers.
l() { refused 1 "^explain_layers: .*$1" explain_layers --out out/x "${@:2}"; }
l "missing.png: .*No such file" missing.png
l "cut.png: .*(cut|truncated|ends)" cut.png
l "text.png: " --net text.png "$picture"
l "'dragon' is neither .* star" --target dragon "$picture"
l "'plaid' is none of" --baseline plaid "$picture"
refused 1 "missing/x_layers.png: .*No such file" explain_layers --out missing/x "$picture"
mkdir -p taken/x_layers.csv
refused 1 "taken/x_layers.csv: " explain_layers --out taken/x "$picture"
[ "$(ls -A taken)" = x_layers.csv ] || fail "explain_layers: left files: $(ls -A taken)"
l() { refused 2 "^explain_layers: .*$1" explain_layers --out out/x "${@:2}"; }
l "no picture was given"
l "one picture at a time" "$picture" "$picture"
for baseline in uniform gaussian gaussian-truncated training other-class; do
  l "$baseline is of many rows" --baseline $baseline "$picture"
done
for value in "" 0 -1 2 nan x; do l "tolerance '$value'" --tolerance "$value" "$picture"; done
for value in "" 0 -1 1.5 9999999; do l "points '$value'" --points "$value" "$picture"; done
l "form 'plaid' is none of --list" --form line,plaid "$picture"
l "form '' is none of --list" --form "" "$picture"
l "form: cam is given twice" --form cam,line,cam "$picture"
l "form: 9 values, at most 8" --form line,path,cam,odam,taylor,gradient,difference,times-activation,line "$picture"
l "points is for the path" --form line --points 3 "$picture"
l "tolerance is for the line" --form path,cam --tolerance 0.1 "$picture"
l "score 'odds'.*logit, probability" --score odds "$picture"
l "workers '65'" --workers 65 "$picture"
for option in --rule=left --seed=1 --palette=sequential --sigma=3 --max-evaluations=99; do
  refused 2 "unrecognized option" explain_layers $option "$picture"
done
refused 2 "out is empty" explain_layers --out "" "$picture"

# A full disk leaves neither picture nor temporary (where a small file system can be mounted).
mkdir disk
for size in 8k 28k; do # the first or the second of the pair does not fit
  if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=$size tmpfs disk 2>/dev/null; then
    "$bin/explain_image" --out disk/x "$picture" >stdout 2>stderr && fail "success on a full disk"
    grep -q "No space left" stderr || fail "a full disk is not named: $(cat stderr)"
    [ -z "$(ls -A disk)" ] || fail "a full disk holds $(ls -A disk)"
    "$bin/compare_baselines" --points 2 --samples 2 --out disk/x "$picture" >stdout 2>stderr && fail "success on a full disk"
    grep -q "No space left" stderr && [ -z "$(ls -A disk)" ] || fail "compare_baselines: full disk: $(cat stderr)"
    "$bin/explain_layers" --points 2 --out disk/x "$picture" >stdout 2>stderr && fail "success on a full disk"
    grep -q "No space left" stderr && [ -z "$(ls -A disk)" ] || fail "explain_layers: full disk: $(cat stderr)"
    umount disk
  fi
done

# One line, whatever the user typed.
bad=$(printf 'a\nb\xc2\x9bc\xe2\x80\xaed\xff')
for run in "alpha_curve --points 2" "compare_baselines --points 2" "explain_layers --points 2"; do
  LC_ALL=C "$bin/${run%% *}" ${run#* } --out "$bad" "$picture" >stdout || fail "$run: a hostile prefix"
  LC_ALL=C grep -q 'a?b?c?d?_' stdout && ! LC_ALL=C grep -q "$(printf '[\x80-\xff]')" stdout || fail "$run: $(cat stdout)"
done
refused 2 "'a\\?b' is none of" explain_image --baseline "$(printf 'a\nb')" "$picture"
if [ -w /dev/full ]; then
  for program in explain_image alpha_curve compare_baselines explain_layers; do
    "$bin/$program" --out full "$picture" >/dev/full 2>stderr && fail "$program: success with a full standard output"
  done
  "$bin/explain_layers" --list >/dev/full 2>stderr && fail "explain_layers --list: success with a full standard output"
  "$bin/explain_image" --list >/dev/full 2>stderr && fail "explain_image --list: success with a full standard output"
  "$bin/explain_row" --out full >/dev/full 2>stderr && fail "explain_row: success with a full standard output"
fi
u() { refused 2 "$1" explain_image --out out/x "${@:2}"; }
u "unrecognized option.*--colour" --colour "$picture"
u "^explain_image: unrecognized option '--a\?b' \(see" --a$'\n'b "$picture"
u "^explain_image: unrecognized option '-z' \(see" --scale=2 -zz "$picture"
u "^explain_image: --list takes no value" --list=all
u "^explain_image: --target needs a value" "$picture" --target
refused 2 "^explain_row: unrecognized option '--a\?b'" explain_row --a$'\n'b
refused 2 "^explain_row: --row needs a value" explain_row --row
for method in guided-ig agi ig2; do u "takes --rule trapezoid or left" --method $method --rule midpoint "$picture"; done
u "recalibrated takes no --rule adaptive" --method recalibrated --rule adaptive "$picture"
u "no picture was given"

u "points 'many'" --points many "$picture"
u "points '0'" --points 0 "$picture"
u "rule 'simpson'.*midpoint" --rule simpson "$picture"
u "takes --tolerance and --max-evaluations, not --points" --rule adaptive --points 9 "$picture"
u "tolerance has no meaning with a fixed rule" --points 9 --tolerance 0.1 "$picture"
u "max-evaluations has no meaning with a fixed rule" --rule left --max-evaluations 99 "$picture"
u "tolerance '0'" --tolerance 0 "$picture"
u "gradient takes no --tolerance" --method gradient --tolerance 0.1 "$picture"
u "workers '65'" --workers 65 "$picture"
u "sigma '-1'" --sigma -1 "$picture"
u "scale '-2'" --scale -2 "$picture"
for pixel in "" 1 64,0 0,64 -1,0 1,2,3 a,b nan,0 1, 99999999999999999999,1; do
  u "pixel.*: (must be|3 values)" --method interactions --pixel "$pixel" "$picture"
done
for width in "" 0 -1 nan inf 2; do u "width '$width'" --method interactions --width "$width" "$picture"; done
u "ig takes no --pixel" --pixel 1,1 "$picture"
u "ig takes no --width" --width 0.1 "$picture"
u "interactions takes no --rule" --method interactions --rule left "$picture"
e "width = 1e-09: too small" --method interactions --width 1e-9 "$picture"
u "ig takes no --layer" --layer conv1 "$picture"
u "layer-cam takes no --points" --method layer-cam --points 3 "$picture"
u "layer-path takes no --rule" --method layer-path --rule left "$picture"
u "method 'layer-lime' is none of --list, near to layer-line" --method layer-lime "$picture"
e "layer '' is none of picture, conv1, relu1" --method layer-line --layer "" "$picture"
e "layer 'conv9' is none of .*, dense2; near to conv1, conv2, conv3$" --method layer-line --layer conv9 "$picture"
e "has no planes, so no map" --method layer-cam --layer flatten "$picture"
u "layers are explained from one row: give --samples 1" --method layer-path --baseline uniform "$picture"
u "looks at no baseline" --method gradient --baseline black "$picture"
u "gradient takes no --points" --method gradient --points 3 "$picture"
u "smoothgrad takes no --rule" --method smoothgrad --rule left "$picture"
u "smoothgrad looks at no baseline" --method smoothgrad --baseline black "$picture"
u "gradient takes no --samples" --method gradient --samples 3 "$picture"
u "gradient takes no --sigma" --method gradient --sigma 3 "$picture"
u "blur-ig takes no --seed" --method blur-ig --seed 3 "$picture"
u "method 'smothgrad' is none of --list, near to smoothgrad \(see" --method smothgrad "$picture"
u "method 'guided' is none of --list, near to guided-ig \(see" --method guided "$picture"
u "method 'plaid' is none of --list \(see" --method plaid "$picture"
u "method '' is none of --list \(see" --method "" "$picture"
u "method 'a\?b" --method "$(printf 'a\nb')" "$picture"
u "method '(0123456789){6}' is none of --list \(see" --method "$(printf '0123456789%.0s' {1..500})" "$picture"
r() { refused 2 "$1" explain_row --out out/x "${@:2}"; }
r "row '0': must be a whole number from 1" --row 0
r "'penguins.csv': rows are given with --row" penguins.csv
r "score 'odds'.*logit, probability" --score odds
r "sampler 'sobol'.*lattice" --sampler sobol
r "tolerance '2': must be a number above 0, at most 1" --tolerance 2
r "exclude each other" --samples 10 --tolerance 0.1
r "takes --tolerance" --max-evaluations 100
r "out is empty" --out ""
refused 2 "points '1'" alpha_curve --points 1 --out out/x "$picture"
no_curve() { refused 2 "method $1 $2.*; --list names what has an alpha-curve" alpha_curve --method "$1" --out out/x "$picture"; }
for method in gradient gradient-times-input smoothgrad smoothgrad-squared vargrad noised-times-input smoothtaylor adaptive-noising; do
  no_curve $method "follows no path"
done
for method in mean-gradient ig-sq; do no_curve $method "sums gradients, which is no part of f: see ig"; done
for method in recalibrated recalibrated-ref; do no_curve $method "keeps other points or references for each pixel, .* of ig"; done
no_curve agi-recalibrated "keeps other points or references for each pixel, .* of agi"
no_curve interactions "sums to the attribution of one pixel"
for form in times-activation taylor gradient cam odam difference; do
  no_curve layer-$form "looks at one point of the layer"
done
no_curve xrai "ranks regions by attributions of ig"
refused 2 "near to guided-ig" alpha_curve --method guided-gi --out out/x "$picture"
refused 2 "tolerance is for --rule adaptive" alpha_curve --tolerance 0.1 --out out/x "$picture"
refused 2 "agi is drawn with the trapezoidal rule" alpha_curve --method agi --rule left --out out/x "$picture"
refused 1 "layer 'conv9' is none of picture, conv1, .*, dense2" alpha_curve --method layer-line --layer conv9 --out out/x "$picture"
refused 1 "from one row: give --samples 1" alpha_curve --method layer-line --baseline uniform --out out/x "$picture"
refused 2 "ig takes no --layer" alpha_curve --layer conv1 --out out/x "$picture"
refused 1 "of 10 paths give --points" alpha_curve --rule adaptive --baseline uniform --out out/x "$picture"
refused 1 "nowhere/x_running_mean.csv: .*No such file" alpha_curve --method expected-gradients --out nowhere/x "$picture"
refused 2 "points 1: --rule trapezoid takes both ends" explain_image --rule trapezoid --points 1 --out out/x "$picture"

# An older result survives a failure to replace it.
mkdir keep && cp map_heat.png keep/x_heat.png
mkdir keep/x_overlay.png
"$bin/explain_image" --baseline white --out keep/x "$picture" >stdout 2>stderr && fail "wrote over a directory"
cmp map_heat.png keep/x_heat.png || fail "an older result did not survive"
[ -z "$(find keep -name '*.tmp*' -o -name '.*' -type f)" ] || fail "temporary files were left"

[ "$failures" -eq 0 ]
