#!/usr/bin/env bash
# check_study.sh BASELINE-STUDY GUIDE-FOLDER [quick]: a study of a few pictures runs; broken off anywhere it ends with the same
# bytes; its means are those of its results; bad input gets one line; and the guide shows what the committed summary says.
# quick, for builds that are slow: broken off in fewer places.
set -euo pipefail
program=$1 guide=$2 quick=${3:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0
fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }
settings=(--pictures 2 --few 1 --points 2 --samples 3)
short=(--pictures 2 --few 0 --points 2 --samples 3) # without the slow tests
study() { "$program" "$@" >stdout 2>stderr || fail "$*: $(cat stderr)"; }

# refused CODE PATTERN ARGUMENTS...: exit code and one line on stderr that matches.
refused() {
  local code=$1 pattern=$2 got=0
  shift 2
  "$program" "$@" >stdout 2>stderr || got=$?
  [ "$got" -eq "$code" ] || fail "$*: exit code $got, not $code: $(cat stderr)"
  grep -qE -e "$pattern" stderr || fail "$*: the message does not match '$pattern': $(cat stderr)"
  [ "$(wc -l <stderr)" -eq 1 ] || fail "$*: more than one line: $(cat stderr)"
}

# -- the job
cat >page.md <<'END'
before
<!-- baseline_study: begin. The program writes this block (--guide); what is typed here is lost. -->
typed by hand: 0.123
<!-- baseline_study: end -->
after
END
study "${settings[@]}" --out whole --guide page.md
grep -q "^2 of 2 pictures are right. Measured 4 units" stdout || fail "another number of units: $(head -n 1 stdout)"
! grep -qi "nan" whole/*.svg whole/*.csv page.md stdout || fail "a NaN was written"
# 2 pictures x 13 maps x 11 tests; 13 x 3 - 1, for a random ranking has no sensitivity; 2 sweeps x 3 maps x 2 tests
[ "$(wc -l <whole/results.csv)" -eq $((2 + 286 + 38 + 12)) ] || fail "results.csv has another number of lines"
for test in top_mean top_blur top_uniform centre_mean centre_blur deletion insertion diff_id mass_inside overlap pointing \
  sensitivity_n infidelity sensitivity_max sigma_top sigma_mass samples_top samples_mass mass_inside_by_object; do
  tail -n 1 whole/$test.svg | grep -q '</svg>' || fail "$test.svg is not whole"
done
[ "$(head -n 1 page.md)" = before ] && [ "$(tail -n 1 page.md)" = after ] || fail "the page around the block has changed"
grep -q "^| expected training, mass inside | " page.md || fail "the last table is missing from the page"
# What is told of the decoy network is what warnings.csv says.
corner=$(sed -n 's/^"decoy: share of the map in the corner",//p' whole/warnings.csv)
grep -q "holds $(awk -v share="$corner" 'BEGIN { printf "%.1f", 100 * share }') % of integrated gradients" page.md || fail "the page has another decoy"
! grep -q "typed by hand" page.md || fail "the block of the page is as it was"
cp page.md again.md
study --from whole/summary.csv --out again --guide again.md
cmp page.md again.md || fail "the page is another the second time"
for figure in whole/*.svg; do cmp "$figure" "again/$(basename "$figure")" || fail "--from: another figure"; done

# Means and standard deviations once more, from the results: curves are "score" and then a number for each point.
awk 'FNR == NR { if (FNR > 2) { split($0, part, "\""); split(part[3], field, ",")
       key = part[2] "|" field[2]; values = field[3] " " field[4]; n = split(values, v, " ")
       for (i = 1; i <= n; i++) { id = key "|" (field[3] == "" ? i + 1 : i); count[id]++; sum[id] += v[i]; square[id] += v[i]^2 } }
       next }
     FNR > 2 { split($0, part, "\""); split(part[3], field, ","); key = part[2] "|" field[2]
       if (part[2] ~ /objects$/) next
       place = field[3] == "score" ? 1 : key == last ? place + 1 : 2
       if (field[3] != "score" && key != last) place = 2
       last = key; id = key "|" place; lines++
       mean = sum[id] / count[id]; sd = sqrt(square[id] / count[id] - mean^2 > 0 ? square[id] / count[id] - mean^2 : 0)
       if (count[id] != field[4] || (mean - field[5])^2 > 1e-10 * (1 + mean^2) || (sd - field[6])^2 > 1e-7 * (1 + mean^2)) {
         print "summary.csv: " $0 " but " count[id], mean, sd; bad = 1 } }
     END { if (lines < 1000) { print lines " lines of a summary"; bad = 1 } exit bad }' whole/results.csv whole/summary.csv ||
  fail "the summary is not that of the results"

# -- broken off anywhere, it goes on to the same bytes
broken_at() { # broken_at BYTES WHOLE OPTIONS...
  rm -rf cut && mkdir cut
  head -c "$1" "$2/results.csv" >cut/results.csv
  study "${@:3}" --out cut --workers 2
  for file in "$2"/*; do cmp "$file" "cut/$(basename "$file")" || fail "cut at $1 bytes: another $(basename "$file")"; done
}
study "${short[@]}" --out short
cmp <(head -n 1 short/results.csv) <(sed '1s/few 1/few 0/; q' whole/results.csv) || fail "another first line"
cmp <(tail -n +2 short/results.csv) <(sed -n '2,288p' whole/results.csv) || fail "without slow tests other results"
unit=$(head -n $((2 + 143)) short/results.csv | wc -c)
if [ -z "$quick" ]; then
  for cut in 0 150 $((unit - 1)); do broken_at $cut short "${short[@]}"; done
  broken_at $(($(wc -c <whole/results.csv) - 1)) whole "${settings[@]}"
fi
broken_at $((unit + 5000)) short "${short[@]}"
broken_at $unit short "${short[@]}"
grep -q "Measured 1 units .*, 1 were there" stdout || fail "cut at $unit: $(head -n 1 stdout)"
study "${short[@]}" --out cut
grep -q "Measured 0 units" stdout || fail "a whole study is made again: $(head -n 1 stdout)"
"$program" "${short[@]}" --out killed >stdout &
child=$!
while [ ! -s killed/results.csv ]; do
  kill -0 $child 2>/dev/null || break
  sleep 0.05
done
refused 1 "killed/results.csv: another run is writing it" "${short[@]}" --out killed
kill -9 $child 2>/dev/null || true
wait $child 2>/dev/null || true
study "${short[@]}" --out killed
cmp short/results.csv killed/results.csv || fail "killed, it ends with other results"

# -- files that are not its own are left alone
cp whole/results.csv cut/results.csv
kept() {
  local before
  before=$(cksum <cut/results.csv)
  refused 1 "$@"
  [ "$before" = "$(cksum <cut/results.csv)" ] || fail "$*: results.csv was changed"
}
kept "cut/results.csv: was made with points 2, not 4: give another --out" --pictures 2 --few 1 --points 4 --samples 3 --out cut
kept "was made with seed 0, not 1:" "${settings[@]}" --seed 1 --out cut
kept "was made with few 1, not 0:" "${short[@]}" --out cut
sed '40s/black,0/black,x/; 40s/white,0/white,x/; 40s/,[a-z-]*,/,nobody,/' whole/results.csv >cut/results.csv
kept "cut/results.csv: line 40: not what this study writes" "${settings[@]}" --out cut
(cat whole/results.csv && tail -n 1 whole/results.csv) >cut/results.csv
kept "cut/results.csv: line $(wc -l <cut/results.csv): more than this study writes" "${settings[@]}" --out cut
echo "somebody's numbers" >cut/results.csv
kept "cut/results.csv: is not a file of results of this study" "${settings[@]}" --out cut

# -- bad input
refused 2 "--quick says how many pictures: not with --few" --quick --few 3
refused 2 "not with --pictures" --quick --pictures 3
refused 2 "--points" --points 0
refused 2 "--samples" --samples some
refused 2 "--seed" --seed -1
refused 2 "--workers" --workers 65
refused 2 "--out is empty" --out ""
refused 2 "--guide is empty" --guide ""
refused 2 "'star.png': the pictures are the bundled ones" star.png
refused 2 "--from measures nothing" --from whole/summary.csv --seed 3
refused 2 "unknown|option" --sigma 3
refused 1 "--pictures 201: there are 200" --pictures 201 --out new
refused 1 "--few 4: the network gets 3 of the pictures right" --pictures 3 --few 4 --out new
refused 1 "nowhere.bin: cannot be opened" --net nowhere.bin --out new
refused 1 "missing/new: cannot be made: No such file" --pictures 1 --out missing/new
refused 1 "stdout/results.csv: cannot be opened: Not a directory" --pictures 1 --out stdout
refused 1 "nowhere.md: cannot be read" --guide nowhere.md --out new
echo "no block" >plain.md
refused 1 "plain.md: has no line that begins" --guide plain.md --out new
[ ! -e new ] || fail "something was written before it was refused"
refused 1 "nowhere.csv: cannot be opened" --from nowhere.csv --out new
cp whole/summary.csv alone.csv
refused 1 "warnings.csv: cannot be opened" --from alone.csv --out new
mkdir other && cp whole/summary.csv other/ && sed '5s/"decoy/"decay/' whole/warnings.csv >other/warnings.csv
refused 1 "other/warnings.csv: is not what this study writes" --from other/summary.csv --out new
refused 1 "results.csv: is not a summary of this study" --from whole/results.csv --out new
sed '9s/,black,/,plaid,/' whole/summary.csv >bad.csv
refused 1 "bad.csv: line 9: not a line of a summary" --from bad.csv --out new
(cat whole/summary.csv && tail -n 1 whole/summary.csv) >bad.csv
refused 1 "bad.csv: line $(wc -l <bad.csv): not a line of a summary" --from bad.csv --out new
if [ -w /dev/full ] && "$program" --from whole/summary.csv --out again >/dev/full 2>stderr; then
  fail "a full disk was not seen"
fi
"$program" --help >stdout && grep -q -- --quick stdout || fail "--help"

# -- the guide: its numbers and figures are those of the committed summary
cp "$guide/metrics.md" metrics.md
study --from "$guide/baseline_study/summary.csv" --guide metrics.md --out committed
cmp metrics.md "$guide/metrics.md" || fail "metrics.md does not show what baseline_study/summary.csv says"
for figure in "$guide"/baseline_study/*.svg; do
  cmp "$figure" "committed/$(basename "$figure")" || fail "$(basename "$figure") does not show what summary.csv says"
done

[ "$failures" -eq 0 ] || { echo "$failures checks failed" >&2; exit 1; }
echo "baseline_study does its job and refuses bad input"
