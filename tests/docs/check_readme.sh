#!/usr/bin/env bash
# check_readme.sh FIRST-EXPLANATION EXPLAIN-IMAGE: the README shows examples/first_explanation.c as it is, and what it prints,
# and names the methods that --list does; so does the guide.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

awk '/^```c$/ {inside = 1; next} /^```$/ {inside = 0} inside' "$root/README.md" >"$folder/program"
diff -u "$root/examples/first_explanation.c" "$folder/program"

"$1" | sed 's/^/    /' >"$folder/output"
lines=$(wc -l <"$folder/output")
grep -A "$lines" -F './a.out' "$root/README.md" | tail -n +2 >"$folder/shown"
diff -u "$folder/output" "$folder/shown"

# The block after the sentence about --method holds the names of --list in its order, and the guide has each in italics.
"$2" --list | sed -n '/^Methods/,/^$/ s/^  \([a-z0-9-]*\) .*/\1/p' >"$folder/list"
[ "$(wc -l <"$folder/list")" -ge 20 ]
awk '/`--method NAME` picks one:$/ {inside = 1; next} inside && /^    / {print} inside && /^[^ ]/ {exit}' "$root/README.md" |
  xargs -n 1 >"$folder/named"
diff -u "$folder/list" "$folder/named"
while read -r method; do
  grep -qF "*$method*" "$root/examples/guide/methods.md" || { echo "methods.md does not name $method" >&2; exit 1; }
done <"$folder/list"

# What the guide calls is declared in a header.
for page in methods metrics; do
  grep -oE '\b(attrib_[a-z_0-9]+|ATTRIB_[A-Z_0-9]*[A-Z0-9])\b' "$root/examples/guide/$page.md" | sort -u | while read -r name; do
    grep -qrw "$name" "$root/include/attrib" || { echo "$page.md names $name, which no header does" >&2; exit 1; }
  done
done

# Files that the README and the guide name exist.
grep -oE '\]\([A-Za-z_/.]+\)' "$root/examples/guide/metrics.md" | tr -d '()]' | while read -r file; do
  [ -e "$root/examples/guide/$file" ] || { echo "metrics.md names $file, which does not exist" >&2; exit 1; }
done
grep -oE '\]\([A-Za-z_/.]+\)' "$root/README.md" | tr -d '()]' | while read -r file; do
  [ -e "$root/$file" ] || { echo "README.md names $file, which does not exist" >&2; exit 1; }
done
