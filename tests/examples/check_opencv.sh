#!/usr/bin/env bash
# check_opencv.sh OPENCV-REGIONS EXAMPLES-DATA GOLDEN-ONNX [quick]: opencv_regions does its job, agrees with the bundled network's
# own backward pass within what it states, and bad input gets one line that names the cause, a non-zero exit code, and
# no file. quick, for builds that are slow: three pictures and one grid, from few nodes.
set -euo pipefail
program=$1 data=$2 networks=$3 quick=${4:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0
fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }
picture=$data/pictures/star_black.png

# refused CODE PATTERN ARGUMENTS...: exit code, one line on stderr that matches, nothing written.
refused() {
  local code=$1 pattern=$2 got=0
  shift 2
  rm -rf out && mkdir out
  "$program" --out out/x "$@" >stdout 2>stderr || got=$?
  [ "$got" -eq "$code" ] || fail "$*: exit code $got, not $code: $(cat stderr)"
  grep -qE "^opencv_regions: .*$pattern" stderr || fail "$*: the message does not match '$pattern': $(cat stderr)"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "$*: more than one line: $(cat stderr)"
  [ -z "$(ls -A out)" ] || fail "$*: left files: $(ls -A out)"
}

# -- the job
"$program" --out map "$picture" >stdout
for file in map_heat.png map_overlay.png; do [ -s $file ] || fail "$file was not written"; done
grep -q "score of 'star' against black, over 64 regions of 8 x 8" stdout || fail "what was explained is not said: $(cat stdout)"
grep -qE "truncation error [0-9.]+ % of the map, round-off [0-9.]+ %" stdout || fail "errors of the differences are not said"
grep -qE "error estimate [0-4]\.[0-9]+ % of the map, 5 % asked for" stdout || fail "no error estimate printed"
grep -qE "^  [0-9]+ nodes on the path; [0-9]+ rows of the network, none with a gradient" stdout || fail "no cost printed"
[ "$(grep -cE '^   ( +-?[0-9]+\.[0-9]{2}){8}$' stdout)" -eq 8 ] || fail "no table of 8 x 8 regions: $(cat stdout)"
! grep -qi nan stdout || fail "a NaN was printed: $(cat stdout)"
"$program" --out again "$picture" >stdout
cmp map_heat.png again_heat.png || fail "the same again gives another map"
"$program" --out ppm "${picture%.png}.ppm" >stdout
cmp map_heat.png ppm_heat.png || fail "PNG and PPM of one picture give different maps"
"$program" --points 2 --grid 13 --out o "$picture" >stdout
grep -q "over 25 regions of 13 x 13" stdout || fail "--grid 13"
grep -q "^  2 nodes" stdout || fail "--points 2: $(cat stdout)"
"$program" --points 2 --grid 64 --out o "$picture" >stdout
grep -q "over 1 regions" stdout || fail "--grid 64"
"$program" --points 1 --grid 4 --out o "$picture" >stdout
grep -q "the 10 regions with the largest attributions, of 256" stdout || fail "--grid 4"
"$program" --tolerance 0.0001 --max-evaluations 20 --out o "$picture" >stdout
grep -q "Not converged: .*max_evaluations = 20" stdout || fail "nothing said of the budget: $(cat stdout)"
"$program" --points 2 --step 0.1 --out o "$picture" >stdout
grep -q "differences over 1/16 of the way" stdout || fail "--step 0.1: $(cat stdout)"
for baseline in white "#804020" 0.1,0.2,0.3 max-distance blur; do
  "$program" --points 1 --grid 16 --baseline "$baseline" --out o "$picture" >stdout || fail "--baseline $baseline"
  grep -qF "against $baseline" stdout || fail "--baseline $baseline is not said"
done
for target in 3 square; do
  "$program" --points 1 --grid 16 --target $target --out o "$picture" >stdout
  grep -q "score of 'square'" stdout || fail "--target $target"
done
"$program" --points 2 --grid 16 --out large "$data/pictures/star_red_256x192.png" >stdout
grep -q "256 x 192, resized to the network's 64 x 64" stdout || fail "no line about resizing"

# A network of another file, linear and without names: what its attributions are is known.
"$program" --points 2 --grid 32 --target 0 --model "$networks/colours.onnx" --out o "$data/pictures/heart_red.png" >stdout
grep -q "score of output 0 against black" stdout || fail "--model: what was explained is not said: $(cat stdout)"
awk '/^    ( *-?[0-9])/ { for (i = 1; i <= NF; i++) sum += $i }
  /f\(picture\)/ { f = $2 + 0; g = $4 + 0 }
  END { d = sum - (f - g); if (d < 0) d = -d; exit !(f > 0.1 && d < 0.0201) }' stdout || fail "a linear network: $(cat stdout)"
"$program" --points 2 --step 0.0625 --grid 32 --target 1 --model "$networks/colours.onnx" --baseline red --out o "$picture" >stdout
grep -qE "completeness error [-+][0-9.]+e-0[5-9]" stdout || fail "a linear network from red: $(cat stdout)"

# -- within what is stated, over pictures and grids, by the library's own step and by a small one. What is stated must not be so much that
# agreement says nothing, and the scores of the two runtimes may differ by round-off alone.
grids="8 16" points=16
pictures=("$data"/pictures/*.png)
if [ -n "$quick" ]; then
  grids=16 points=4
  pictures=("$picture" "$data/pictures/heart_red.png" "$data/pictures/square_black.png")
fi
compared=0
compare() { # compare MOST-STATED ARGUMENTS...: in per cent of the map
  "$program" --compare --points $points --out o "${@:2}" >stdout
  grep -q "^    within what is stated" stdout || fail "$*: $(cat stdout)"
  awk -v most="$1" '/^    stated  / { gsub(/[(]/, ""); share = $3 } /runtimes differ in f/ { f = $8 }
    END { exit !(share > 0 && share < most && f > 0 && f < 1e-4) }' stdout || fail "$*: too much is allowed: $(cat stdout)"
  compared=$((compared + 1))
}
for one in "${pictures[@]}"; do
  case $one in *_mask.png) continue ;; esac
  for grid in $grids; do
    compare 15 --grid "$grid" "$one"
    compare 8 --grid "$grid" --step 0.0001 "$one"
  done
done
compare 15 --grid 5 "$picture"
compare 15 --grid 16 --step 0.0001 --baseline blur "$picture"
compare 15 --grid 16 --step 0.0001 --target arrow "$picture"
[ "$compared" -ge 9 ] || fail "only $compared comparisons"

# -- bad networks
no_network() { refused 1 "$1" --model "$2" "$picture"; }
head -c 100000 "$data/small_net.onnx" >cut.onnx
{ head -c 40 "$data/small_net.onnx"; printf '\377%.0s' {1..20}; tail -c +61 "$data/small_net.onnx"; } >damaged.onnx
: >empty.onnx
mkdir folder.onnx
no_network "missing.onnx: cannot be opened: No such file" missing.onnx
no_network "folder.onnx: cannot be read: Is a directory" folder.onnx
no_network "empty.onnx: is empty" empty.onnx
no_network "cut.onnx: is no ONNX file that OpenCV can read" cut.onnx
no_network "damaged.onnx: is no ONNX file that OpenCV can read" damaged.onnx
no_network "star_black.png: is no ONNX file" "$picture"
no_network "small_net.bin: is no ONNX file" "$data/small_net.bin"
no_network "size_32.onnx: does not take pictures of 3 x 64 x 64" "$networks/size_32.onnx"
no_network "grey.onnx: does not take pictures of 3 x 64 x 64" "$networks/grey.onnx"
no_network "map.onnx: .*2 x 3 x 2 x 2 values, not a vector of scores" "$networks/map.onnx"
no_network "two_outputs.onnx: has 2 outputs; one vector" "$networks/two_outputs.onnx"
no_network "summed.onnx: gives 1 vector of scores for 2 pictures" "$networks/summed.onnx"
no_network "(row|output) .*(nan|-nan|NaN)" "$networks/logarithm.onnx"
damaged=1300
[ -z "$quick" ] || damaged=200
# Damage within the file, byte by byte: explained all the same, or refused in one line; never a crash, never half a result.
for ((at = 3; at < damaged; at += 31)); do
  { head -c $at "$data/small_net.onnx"; printf '\253'; tail -c +$((at + 2)) "$data/small_net.onnx"; } >damaged.onnx
  rm -rf out && mkdir out && got=0
  "$program" --points 1 --grid 64 --model damaged.onnx --out out/x "$picture" >stdout 2>stderr || got=$?
  case $got,$(wc -l <stderr),$(find out -type f | wc -l) in
    0,0,2 | 1,1,0) ;;
    *) fail "byte $at damaged: exit code $got, $(find out -type f | wc -l) files: $(cat stderr)" ;;
  esac
done
if [ "$(id -u)" -ne 0 ]; then
  cp "$data/small_net.onnx" closed.onnx && chmod 0 closed.onnx
  no_network "closed.onnx: cannot be opened: Permission denied" closed.onnx
fi

# -- bad pictures and options
head -c 300 "$picture" >cut.png
echo text >text.png
refused 1 "missing.png: .*No such file" missing.png
refused 1 "cut.png: .*(cut|truncated|ends)" cut.png
refused 1 "text.png: " text.png
refused 1 "'dragon' is neither .* star" --target dragon "$picture"
for target in 10 -1; do refused 1 "target '$target': must be 0 to 9" --target "$target" "$picture"; done
refused 1 "target '' is neither 0 to 9" --target "" "$picture"
for target in 4 star -1 "" 1x; do
  refused 1 "target '$target' is not 0 to 3" --target "$target" --model "$networks/colours.onnx" "$picture"
done
refused 1 "missing/x_heat.png: .*No such file" --out missing/x "$picture"
mkdir taken taken/x_overlay.png
refused 1 "taken/x_overlay.png" --out taken/x "$picture"
[ "$(ls -A taken)" = x_overlay.png ] || fail "left files: $(ls -A taken)"
refused 2 "no picture was given"
refused 2 "one picture at a time" "$picture" "$picture"
for grid in "" 0 -1 65 8.5 many; do refused 2 "grid '$grid': must be a whole number from 1 to 64" --grid "$grid" "$picture"; done
for points in "" 0 -1 1.5 x; do refused 2 "points '$points': must be" --points "$points" "$picture"; done
for value in "" 0 -1 2 nan x; do refused 2 "tolerance '$value': must be" --tolerance "$value" "$picture"; done
for value in "" 0 -1 0.3 nan inf x; do refused 2 "step '$value': must be" --step "$value" "$picture"; done
refused 2 "max-evaluations '2'" --max-evaluations 2 "$picture"
refused 2 "tolerance has no meaning with --points" --points 3 --tolerance 0.1 "$picture"
refused 2 "max-evaluations has no meaning with --points" --points 3 --max-evaluations 9 "$picture"
refused 2 "compare takes --points, not --tolerance" --compare --tolerance 0.1 "$picture"
refused 2 "it takes no --model" --compare --model "$networks/colours.onnx" "$picture"
for baseline in uniform training max-entropy plaid "" "0,0"; do
  refused 2 "baseline '$baseline': must be a name such as black" --baseline "$baseline" "$picture"
done
refused 2 "unrecognized option '--colour'" --colour red "$picture"
refused 2 "unrecognized option '--a\?b'" --a$'\n'b "$picture"
refused 2 "out is empty" --out "" "$picture"
"$program" --help >stdout && grep -q "^Usage: opencv_regions" stdout || fail "--help"
if [ -w /dev/full ]; then
  "$program" --points 1 --grid 16 --out full "$picture" >/dev/full 2>stderr && fail "success with a full standard output"
  grep -q "standard output cannot be written" stderr || fail "a full standard output is not named: $(cat stderr)"
fi

# An older result survives a failure to replace it.
mkdir keep && cp map_heat.png keep/x_heat.png && mkdir keep/x_overlay.png
"$program" --points 1 --baseline white --out keep/x "$picture" >stdout 2>stderr && fail "wrote over a directory"
cmp map_heat.png keep/x_heat.png || fail "an older result did not survive"
[ -z "$(find keep -name '*.tmp*' -o -name '.*' -type f)" ] || fail "temporary files were left"

[ "$failures" -eq 0 ]
