#!/usr/bin/env bash
# Opens report pages in a browser, those of MAKE_PAGE and one of EXPLAIN_IMAGE: run.sh MAKE_PAGE EXPLAIN_IMAGE PICTURES
# FOLDER. Everything is installed and written in FOLDER, screenshots, too. Exits 77 where a browser or node is missing, unless ATTRIB_NEED_BROWSER is set.
set -euo pipefail
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
make_page=$1 explain_image=$2 pictures=$3 folder=$4
skip() {
  echo "Skipped: $1" >&2
  [ -z "${ATTRIB_NEED_BROWSER:-}" ] || exit 1
  exit 77
}

command -v node >/dev/null || skip "node is missing (package nodejs)"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || skip "node $(node --version) is older than 18"
command -v npm >/dev/null || skip "npm is missing (package npm)"
for name in chromium chromium-browser google-chrome; do # as in .ci/run
  BROWSER_PROGRAM=$(command -v "$name") && break
done
[ -n "$BROWSER_PROGRAM" ] || skip "a browser is missing (package chromium)"

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
rm -f "$folder"/*.js # of earlier versions
cp "$sources"/*.js "$sources/package.json" "$folder"
# The packages are installed once for each version of the lock file.
if ! cmp -s "$sources/package-lock.json" "$folder/installed.json"; then
  cp "$sources/package-lock.json" "$folder"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >"$folder/npm.log" 2>&1 ||
    skip "playwright-core and axe-core are not installed, and npm cannot fetch them, as without a network: \
$(grep -m 1 "ERR! \(code\|network\)" "$folder/npm.log" || tail -n 1 "$folder/npm.log")"
  cp "$sources/package-lock.json" "$folder/installed.json"
fi

for kind in real hostile broken large shapes; do
  "$make_page" "$kind" "$folder/$kind.html"
done
# Pages of the program itself, in tool.html and kinds.html, with what it wrote and said beside them.
explain() { # explain NAME ARGUMENTS...
  local name=$1
  shift
  "$explain_image" --report --out "$folder/$name" "$@" >"$folder/$name.log"
  mv "$folder/${name}_report.html" "$folder/$name.html"
}
hostile='a <img src=x onerror=alert(1)> & "b".png'
cp "$pictures/star_red_256x192.png" "$folder/$hostile"
explain tool --method ig,guided-ig --baseline black,white,blur --target star --target heart "$pictures/star_black.png" \
  "$folder/$hostile"
methods=ig,smoothgrad,smoothgrad-squared,vargrad,gradient,ig-sq,recalibrated,interactions,xrai,agi,guided-ig
explain kinds --method $methods,layer-path,layer-cam,layer-difference --target star "$pictures/star_red_256x192.png"
cd "$folder"
export BROWSER_PROGRAM PAGES=$folder
node --test --test-concurrency=2 ./*.test.js
echo "Screenshots: $folder/{phone,desktop}_{light,dark}.png, print.png"
