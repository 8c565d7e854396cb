#!/usr/bin/env bash
# check_programs.sh FOLDER-OF-PROGRAMS EXAMPLES-DATA: the example programs do their job, and bad input gets one line that
# names the cause, a non-zero exit code, and no file.
set -euo pipefail
bin=$1 data=$2
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
grep -q "50 gradient rows, 2 output rows" stdout || fail "no evaluations printed"
"$bin/explain_image" --out ppm "$data/pictures/star_black.ppm" >stdout
cmp map_heat.png ppm_heat.png || fail "PNG and PPM of one picture give different maps"
for workers in 2 3; do
  "$bin/explain_image" --workers $workers --out workers "$picture" >stdout
  cmp map_heat.png workers_heat.png || fail "$workers workers give another map"
done
"$bin/explain_image" --out large "$data/pictures/star_red_256x192.png" >stdout
grep -q "256 x 192, resized to the network's 64 x 64" stdout || fail "no line about resizing"
for method in gradient gradient-times-input mean-gradient; do
  "$bin/explain_image" --method $method --out method "$picture" >stdout || fail "--method $method"
done
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
"$bin/alpha_curve" --help >stdout || fail "alpha_curve --help"

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
e "'10' is neither" --target 10 "$picture"
e "'plaid' is none of" --baseline plaid "$picture"
e "sigma has no meaning" --baseline black --sigma 3 "$picture"
e "samples has no meaning" --baseline blur --samples 3 "$picture"
e "seed has no meaning" --seed 3 "$picture"
e "nowhere.bin: cannot be opened" --net nowhere.bin "$picture"
e "text.png: " --net text.png "$picture"
u2() { refused 2 "$1" explain_image "${@:2}"; }
u2 "out is empty" --out "" "$picture"
refused 1 "missing/x_heat.png: .*No such file" explain_image --out missing/x "$picture"
refused 1 "nowhere/x_alpha.csv: .*No such file" alpha_curve --out nowhere/x "$picture"
refused 1 "text.png: " alpha_curve --out out/x text.png
if [ "$(id -u)" -ne 0 ]; then
  cp "$picture" secret.png && chmod 0 secret.png
  e "secret.png: .*denied" secret.png
fi
# A full disk leaves neither picture nor temporary (where a small file system can be mounted).
mkdir disk
for size in 8k 28k; do # the first or the second of the pair does not fit
  if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=$size tmpfs disk 2>/dev/null; then
    "$bin/explain_image" --out disk/x "$picture" >stdout 2>stderr && fail "success on a full disk"
    grep -q "No space left" stderr || fail "a full disk is not named: $(cat stderr)"
    [ -z "$(ls -A disk)" ] || fail "a full disk holds $(ls -A disk)"
    umount disk
  fi
done

# One line, whatever the user typed.
e "'a\\?b' is none of" --baseline "$(printf 'a\nb')" "$picture"
if [ -w /dev/full ]; then
  for program in explain_image alpha_curve; do
    "$bin/$program" --out full "$picture" >/dev/full 2>stderr && fail "$program: success with a full standard output"
  done
fi
u() { refused 2 "$1" explain_image --out out/x "${@:2}"; }
u "unrecognized option.*--colour" --colour "$picture"
u "no picture was given"
u "one picture at a time" "$picture" "$picture"
u "points 'many'" --points many "$picture"
u "points '0'" --points 0 "$picture"
u "rule 'simpson'.*midpoint" --rule simpson "$picture"
u "workers '65'" --workers 65 "$picture"
u "sigma '-1'" --sigma -1 "$picture"
u "scale '-2'" --scale -2 "$picture"
u "looks at no baseline" --method gradient --baseline black "$picture"
u "takes no --rule" --method gradient --points 3 "$picture"
refused 2 "points '1'" alpha_curve --points 1 --out out/x "$picture"
refused 1 "points = 1: must be at least 2" explain_image --rule trapezoid --points 1 --out out/x "$picture"

# An older result survives a failure to replace it.
mkdir keep && cp map_heat.png keep/x_heat.png
mkdir keep/x_overlay.png
"$bin/explain_image" --baseline white --out keep/x "$picture" >stdout 2>stderr && fail "wrote over a directory"
cmp map_heat.png keep/x_heat.png || fail "an older result did not survive"
[ -z "$(find keep -name '*.tmp*' -o -name '.*' -type f)" ] || fail "temporary files were left"

[ "$failures" -eq 0 ]
