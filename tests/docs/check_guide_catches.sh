#!/usr/bin/env bash
# check_guide_catches.sh LIBRARY EXAMPLES: check_guide.sh fails where a page is wrong, and says what.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
library=$1 examples=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

program='<!-- check: program p -->
```c
#include <stdio.h>
int main(void) { return printf("pi %.4f\n", 3.14159) < 0; }
```
'
# page CODE PATTERN PAGE [SKIP-NOTHING]
page() {
  local got=0
  printf '%s\n' "$3" >"$folder/page.md"
  ATTRIB_GUIDE_PAGE=$folder/page.md ATTRIB_SKIP_NOTHING=${4:-0} "$here/check_guide.sh" "$library" "$examples" - - - >"$folder/said" 2>&1 || got=$?
  if [ "$got" -ne "$1" ] || ! grep -qE "$2" "$folder/said"; then
    echo "FAILED: exit code $got, not $1 with '$2', for:" >&2
    cat "$folder/page.md" "$folder/said" >&2
    failures=$((failures + 1))
  fi
}
output() { printf '%s<!-- check: output p%s -->\n```text\n%s\n```' "$program" "${2:-}" "$1"; }

page 0 "^2 blocks checked, 0 skipped" "$(output "pi 3.1416")"
page 0 "^2 blocks checked" "$(output "pi 3.1415")"        # one in the last digit
page 1 "block 'p' does not print this" "$(output "pi 3.1414")"
page 0 "^2 blocks checked" "$(output "pi 3" " near=0.2")"
page 1 "does not print this" "$(output "pi 2" " near=0.2")"
page 1 "does not print this" "$(output "pi -3" " near=0.9")"
page 1 "does not print this" "$(output "pi 0.0001" " near=0.9")"
page 1 "does not print this" "$(output "pi 30" " near=0.5")"
page 1 "does not print this" "$(output "po 3.1416")"
page 1 "does not print this" "$(output "pi 3.1416
more")"
page 1 "does not print this" "$(output "")"
page 1 "a block of 'c' that" '```c
int x;
```'
page 1 "a block of 'text' that" '```text
said nobody
```'
page 1 "a marker without a block" "<!-- check: program p -->
and no block"
page 1 "a block does not end" '<!-- check: program p -->
```c
int main(void) {}'
page 1 "exit code 1, not 0" "${program/ < 0/ > 0}"
page 1 "unused variable" "${program/return/int unused; return}"
page 1 "no block 'q'" "$program"'<!-- check: output q -->
```text
pi
```'
page 1 "needs a name of its own" "$program$program"
page 1 "'torch' is the name of a need" "${program/program p/program torch}"
page 1 "'colour=red' says nothing" "${program/program p/program p colour=red}"
page 1 "no program includes unused.h" '<!-- check: file unused.h -->
```c
int x;
```'
page 1 "names attrib_no_such_call" "$program attrib_no_such_call"
page 1 "nowhere.md, which does not exist" "$program [there](nowhere.md)"
page 1 "no heading is #there" "$program [there](#there)"
page 0 "^1 blocks checked" "$program
## A heading: there
[there](#a-heading-there)"
page 1 "no block was checked" "nothing"
skipped="$program"'<!-- check: program other needs=opencv -->
```cpp
int main() {}
```
<!-- check: output other -->
```text
```'
page 0 "^Skipped: line 7, program other: no OpenCV" "$skipped"
page 0 "^1 blocks checked, 2 skipped" "$skipped"
page 1 "blocks were skipped" "$skipped" 1

[ "$failures" -eq 0 ]
