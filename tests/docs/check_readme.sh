#!/usr/bin/env bash
# check_readme.sh PROGRAM: the README shows examples/first_explanation.c as it is, and what it prints.
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

# Files that the README names exist.
grep -oE '\]\([A-Za-z_/.]+\)' "$root/README.md" | tr -d '()]' | while read -r file; do
  [ -e "$root/$file" ] || { echo "README.md names $file, which does not exist" >&2; exit 1; }
done
