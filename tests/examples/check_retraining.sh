#!/usr/bin/env bash
# check_retraining.sh FOLDER-OF-PROGRAMS [quick]: retrain_and_compare does its job, tells good maps from chance, and refuses
# bad options with one line and no file. quick, for builds that are slow: with less training, so good maps are not told.
set -euo pipefail
export LC_ALL=C
bin=$1 quick=${2:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0
fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }

# refused CODE PATTERN ARGUMENTS...: exit code, one line on stderr that matches, nothing written.
refused() {
  local code=$1 pattern=$2 got=0
  shift 2
  rm -rf out && mkdir out
  (cd out && "$bin/retrain_and_compare" "$@" >../stdout 2>../stderr) || got=$?
  [ "$got" -eq "$code" ] || fail "$*: exit code $got, not $code: $(cat stderr)"
  grep -qE -e "$pattern" stderr || fail "$*: the message does not match '$pattern': $(cat stderr)"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "$*: not one line: $(cat stderr)"
  [ -z "$(ls -A out)" ] || fail "$*: left files: $(ls -A out)"
}

few=(--quick) told=1
if [ -n "$quick" ]; then few=(--quick --pictures 60 --hidden 4 --epochs 1) told=0; fi

"$bin/retrain_and_compare" "${few[@]}" >stdout 2>stderr || fail "--quick: $(cat stderr)"
[ ! -s stderr ] || fail "--quick: said something on stderr: $(cat stderr)"
for map in gradient IG edges chance; do
  [ "$(grep -c "^  $map " stdout)" -eq 2 ] || fail "not two lines about $map: $(cat stdout)"
done
tail -n 1 shapes_retraining.svg | grep -q '</svg>' || fail "shapes_retraining.svg is not whole"
! grep -qi "nan\|inf" stdout shapes_retraining.csv shapes_retraining.svg || fail "a number that is none was written"
# 3 fractions of ROAR (whole pictures among them) and 2 of DiffROAR, of 4 maps; mean and standard error of 2 repeats.
awk -F, -v told=$told 'function off(a, b) { return a - b > 1e-9 || b - a > 1e-9 }
  NR == 1 { if ($0 != "test,map,fraction,mean,standard_error,repeat_1,repeat_2") { print; bad = 1 } next }
  { half = ($6 > $7 ? $6 - $7 : $7 - $6) / 2; rows++
    if (NF != 7 || off($4, ($6 + $7) / 2) || off($5, half)) { print; bad = 1 }
    value[$1 $2 $3 + 0] = $4 }
  END {
    if (rows != 20) { print rows " rows"; bad = 1 }
    if (value["ROARIG0"] != value["ROARchance0"]) { print "whole pictures: " value["ROARIG0"]; bad = 1 }
    if (!told) exit bad
    if (value["ROARIG0"] < 0.6) { print "whole pictures: " value["ROARIG0"]; bad = 1 }
    if (value["ROARIG0.5"] > value["ROARchance0.5"] - 0.15) { print "ROAR: " value["ROARIG0.5"], value["ROARchance0.5"]; bad = 1 }
    if (value["DiffROARIG0.5"] < 0.15 || value["DiffROARchance0.5"] > 0.15) { print "DiffROAR: " value["DiffROARIG0.5"]; bad = 1 }
    exit bad }' shapes_retraining.csv || fail "shapes_retraining.csv: see above"

small="${few[*]} --repeats 1 --fractions 0.3"
for run in "a --seed 4" "b --seed 4" "c --seed 5" "own --seed 4 --own-class" "linear --seed 4 --hidden 0"; do
  # shellcheck disable=SC2086
  "$bin/retrain_and_compare" $small --out $run >stdout || fail "--out $run"
done
cmp a_retraining.csv b_retraining.csv || fail "the same seed gives other numbers"
for other in c own linear; do
  [ $told -eq 0 ] || ! cmp -s a_retraining.csv ${other}_retraining.csv || fail "$other gives the numbers of a"
done
[ "$(awk -F, 'NR > 1 && $5 != ""' a_retraining.csv | wc -l)" -eq 0 ] || fail "one repeat has a standard error"
# Maps of the own class tell it by their places.
[ $told -eq 0 ] || awk -F, '{ value[$1 $2 $3 + 0] = $4 } END { exit !(value["ROARgradient0.3"] > value["ROARgradient0"] + 0.05) }' own_retraining.csv ||
  fail "--own-class: accuracy does not rise: $(cat own_retraining.csv)"
"$bin/retrain_and_compare" --help >stdout && grep -q -- --fractions stdout || fail "--help"

refused 2 "--pictures '?3'?.*30" --pictures 3
refused 2 "--fractions.*1\.5" --fractions 0.5,1.5
refused 2 "--fractions.*''" --fractions 0.5,
refused 2 "at most 12" --fractions .1,.1,.1,.1,.1,.1,.1,.1,.1,.1,.1,.1,.1
refused 2 "--hidden.*256" --hidden 1000
refused 2 "--epochs" --epochs none
refused 2 "--repeats" --repeats 0
refused 2 "--seed" --seed -1
refused 2 "picture.png.*takes no picture" picture.png
refused 2 "no-such" --no-such
refused 1 "no/such/folder" "${few[@]}" --out no/such/folder/x
exit $((failures > 0))
