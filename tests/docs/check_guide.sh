#!/usr/bin/env bash
# check_guide.sh LIBRARY EXAMPLES PYTHON [OPENCV-LIBRARIES|-] [TORCH-LIBRARY|-]: every fenced block of
# examples/guide/models.md is compiled and run, and every output shown is what came out. LIBRARY: libattrib. EXAMPLES:
# folder of the example programs. PYTHON: "-" without one. OPENCV-LIBRARIES: "-", or anything, where opencv_regions was
# built. TORCH-LIBRARY: libattrib_torch.
#
# Before a fenced block a line says what is to be done with it:
#   <!-- check: program NAME [needs=...] -->   a whole program in C or C++: warnings are errors; runs, exit code 0
#   <!-- check: python NAME [needs=...] -->    a whole script
#   <!-- check: shell NAME [exit=N] -->        commands, run from a folder that looks like the top of the tree
#   <!-- check: file NAME -->                  is saved as that, for later programs to include; one of them must
#   <!-- check: output NAME [near=X] -->       what block NAME printed: the same text but for runs of spaces; numbers may differ by one in
#                                              their last digit, or, where the machine has a say, by X times the larger of the two;
#                                              both may be anything below a thousandth of the largest number on their line
# All run in one folder, in the order of the page. needs=A,B: skipped, in words, where A or B is missing: opencv, torch
# (attrib_torch), pytorch, torchvision, adolc, or the NAME of a block that was skipped. A block without such a line is an
# error. ATTRIB_SKIP_NOTHING=1: so is one that is skipped.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
library=$1 examples=$2 python=$3 opencv=${4:--} torch=${5:--}
page=${ATTRIB_GUIDE_PAGE:-$root/examples/guide/models.md}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/blocks" "$folder/work/build/examples" "$folder/said"
ln -s "$examples" "$folder/work/build/examples/examples"
mkdir "$folder/work/examples"
ln -s "$root/examples/data" "$folder/work/examples/data"
cc=${CC:-cc} cxx=${CXX:-c++}
failures=0 checked=0 skipped=()
fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }

# Cuts the page: blocks/NNN.code and blocks/NNN.head, which holds "line, language, words of the marker".
awk -v folder="$folder/blocks" '
  inside && /^```$/ { inside = 0; close(code); next }
  inside { print > code; next }
  /^```/ {
    name = sprintf("%s/%03d", folder, ++count); code = name ".code"
    printf "" > code
    print FNR, (length($0) > 3 ? substr($0, 4) : "none"), marker > (name ".head"); close(name ".head")
    inside = 1; marker = ""; next
  }
  /^<!-- check: .* -->$/ { marker = $0; sub(/^<!-- check: /, "", marker); sub(/ -->$/, "", marker); next }
  /[^ ]/ { if (marker != "") { print "line " FNR ": a marker without a block" > "/dev/stderr"; bad = 1 }; marker = "" }
  END { if (inside) { print "a block does not end" > "/dev/stderr"; bad = 1 }; exit bad }' "$page"

opencv_flags() { pkg-config --cflags opencv4 2>/dev/null || echo -I/usr/include/opencv4; }
has() { # has NEED: prints why not
  case $1 in
    opencv) [ "$opencv" != - ] || echo "no OpenCV with its DNN module (libopencv-dev)" ;;
    torch) [ "$torch" != - ] || echo "attrib_torch is not built (libtorch-dev, -DATTRIB_TORCH=ON)" ;;
    pytorch | torchvision)
      local module=${1#py}
      [ "$python" != - ] && "$python" -c "import $module" 2>/dev/null || echo "no Python with $module (python3-$module)" ;;
    adolc) echo '#include <adolc/adolc.h>' | $cxx -fsyntax-only -x c++ - 2>/dev/null || echo "no ADOL-C (libadolc-dev)" ;;
    *) [ -e "$folder/said/$1.skipped" ] && echo "block '$1' was skipped" || [ -e "$folder/said/$1" ] || echo "no block '$1'" ;;
  esac
}

program() { # program CODE LANGUAGE NAME NEEDS
  local source=$folder/work/$3.$2 flags=() libraries=()
  cp "$1" "$source"
  case ,$4, in *,opencv,*) flags+=($(opencv_flags)) libraries+=(-lopencv_core -lopencv_dnn) ;; esac
  case ,$4, in *,adolc,*) libraries+=(-ladolc) ;; esac
  case ,$4, in *,torch,*) libraries+=("$torch" "-Wl,-rpath,$(dirname "$torch")") ;; esac
  case $2 in
    c) flags=($cc -std=c11 "${flags[@]}") ;;
    cpp) flags=($cxx -std=c++17 "${flags[@]}") ;;
  esac
  (cd "$folder/work" && "${flags[@]}" -O1 -Wall -Wextra -Werror -I"$root/include" "$source" "${libraries[@]}" "$library" \
    "-Wl,-rpath,$(dirname "$library")" -lm -pthread -o "./$3" && "./$3")
}

same_output() { # same_output SHOWN GOT NEAR
  awk -v shown="$1" -v got="$2" -v near="$3" '
    function unit(text,   digits, power) { # of its last digit
      power = 0
      if (match(text, /[eE]/)) { power = substr(text, RSTART + 1); text = substr(text, 1, RSTART - 1) }
      digits = index(text, ".") ? length(text) - index(text, ".") : 0
      return (10 ^ (power - digits))
    }
    function compare(a, b,   x, y) {
      while (1) {
        x = match(a, number) ? RSTART : 0; nx = RLENGTH
        y = match(b, number) ? RSTART : 0; ny = RLENGTH
        if (!x || !y) return a == b
        if (substr(a, 1, x - 1) != substr(b, 1, y - 1)) return 0
        p = substr(a, x, nx); q = substr(b, y, ny)
        d = p - q; if (d < 0) d = -d
        if (p ~ /[.]/ && d <= 1.001 * unit(p)) d = 0
        if (near > 0 ? d > 0 && far(p, q) : p ~ /[.]/ ? d > 0 : p != q) return 0
        a = substr(a, x + nx); b = substr(b, y + ny)
      }
    }
    function largest_of(a,   value, most) { # without its sign
      most = 0
      while (match(a, number)) {
        value = substr(a, RSTART, RLENGTH); a = substr(a, RSTART + RLENGTH)
        if (value < 0) value = -value
        if (value > most) most = value + 0
      }
      return most
    }
    function far(p, q,   d) {
      d = p - q
      if (p < 0) p = -p
      if (q < 0) q = -q
      if (d < 0) d = -d
      if (p < floor && q < floor) return 0
      return d > near * (p > q ? p : q)
    }
    BEGIN {
      number = "[-+]?[0-9]+([.][0-9]+)?(e[-+][0-9]+)?"
      while (1) {
        m = (getline a < shown); n = (getline b < got)
        if (m <= 0 || n <= 0) exit m > 0 || n > 0
        gsub(/ +/, " ", a); gsub(/ +/, " ", b)
        floor = largest_of(a) / 1000
        if (!compare(a, b)) exit 1
      }
    }'
}

check_block() { # check_block CODE LINE LANGUAGE KIND NAME OPTION...
  local code=$1 line=$2 language=$3 kind=${4:-} name=${5:-} needs="" exit=0 near=0 got=0 option why
  for option in "${@:6}"; do
    case $option in
      needs=*) needs=${option#needs=} ;;
      exit=*) exit=${option#exit=} ;;
      near=*) near=${option#near=} ;;
      *) fail "line $line: '$option' says nothing"; return ;;
    esac
  done
  case $name in
    opencv | torch | pytorch | torchvision | adolc) fail "line $line: '$name' is the name of a need"; return ;;
  esac
  case $kind/$language in
    program/c | program/cpp | python/python | shell/sh) [ -n "$name" ] && [ ! -e "$folder/said/$name" ] || { fail "line $line: needs a name of its own"; return; } ;;
    output/text | file/c | file/cpp) ;;
    */*) fail "line $line: a block of '$language' that '<!-- check: $kind ... -->' does not say how to check"; return ;;
  esac
  if [ "$kind" = file ]; then
    cp "$code" "$folder/work/$name"
    grep -qF "#include \"$name\"" "$folder"/blocks/*.code || fail "line $line: no program includes $name"
    checked=$((checked + 1))
    return
  fi
  [ "$kind" != output ] || needs=$name
  for option in ${needs//,/ }; do
    why=$(has "$option")
    case $why in
      "no block"*) fail "line $line: $why"; return ;;
      ?*)
        echo "Skipped: line $line, $kind $name: $why"
        [ "$kind" = output ] || : >"$folder/said/$name.skipped"
        skipped+=("$line")
        return ;;
    esac
  done
  local said=$folder/said/$name
  case $kind in
    program) program "$code" "$language" "$name" "$needs" >"$said" 2>&1 || got=$? ;;
    python) (cd "$folder/work" && "$python" -B - <"$code") >"$said" 2>&1 || got=$? ;;
    shell) (cd "$folder/work" && bash -e "$code") >"$said" 2>&1 || got=$? ;;
    output)
      same_output "$code" "$said" "$near" || { fail "line $line: block '$name' does not print this, but:"; cat "$said" >&2; } ;;
  esac
  [ "$got" -eq "$exit" ] || { fail "line $line: block '$name': exit code $got, not $exit:"; cat "$said" >&2; }
  checked=$((checked + 1))
}

for head in "$folder"/blocks/*.head; do
  [ -e "$head" ] || break
  read -r -a words <"$head"
  check_block "${head%.head}.code" "${words[@]}"
done

# Names that the page calls are declared; files that it names exist.
found() { grep -oE "$1" "$page" || true; }
found '\b(attrib_[a-z_0-9]+|ATTRIB_[A-Z_0-9]*[A-Z0-9])\b' | sort -u | while read -r name; do
  case $name in ATTRIB_TORCH | attrib_torch) continue ;; esac # the build's option and the library's name
  grep -qrw "$name" "$root/include/attrib" || { echo "FAILED: models.md names $name, which no header does" >&2; exit 1; }
done || failures=$((failures + 1))
found '\]\([A-Za-z_0-9/.-]+\)' | tr -d '()]' | while read -r file; do
  [ -e "$root/examples/guide/$file" ] || { echo "FAILED: models.md names $file, which does not exist" >&2; exit 1; }
done || failures=$((failures + 1))
# Links within the page lead to a heading, spelt as web pages of repositories spell them.
sed -n 's/^##* //p' "$page" | tr 'A-Z' 'a-z' | sed 's/[^a-z0-9 _-]//g; s/ /-/g' >"$folder/headings"
found '\]\(#[^)]*\)' | sed 's/^](#//; s/)$//' | sort -u | while read -r heading; do
  grep -qxF -- "$heading" "$folder/headings" || { echo "FAILED: no heading is #$heading" >&2; exit 1; }
done || failures=$((failures + 1))

echo "$checked blocks checked, ${#skipped[@]} skipped"
[ "$checked" -gt 0 ] || fail "no block was checked"
[ "${#skipped[@]}" -eq 0 ] || [ "${ATTRIB_SKIP_NOTHING:-0}" != 1 ] || fail "blocks were skipped"
[ "$failures" -eq 0 ]
