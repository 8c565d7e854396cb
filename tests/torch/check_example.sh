#!/bin/bash
# check_example.sh FIRST_TORCH NETWORKS PICTURES - the example explains a picture, and says what is wrong in one line.
set -euo pipefail
program=$1
networks=$2
pictures=$3
if [ ! -e "$networks/pictures.ts" ]; then
  echo "skipped: no networks to open, as PyTorch for Python is missing (package python3-torch)"
  exit 77
fi
said=$("$program" "$networks/pictures.ts" "$pictures/heart_red.png")
echo "$said"
# The map is within 5 %, and says so.
echo "$said" | grep -Eq '^output [0-9]: .* attributions sum to -?[0-9.]+, off by [0-9.]+ %$'
echo "$said" | grep -Eq '^error of the map about [0-4]\.[0-9] %, after [0-9]+ gradients$'
said=$("$program" "$networks/pictures.ts" "$pictures/heart_red.png" 7)
[[ $said == "output 7: "* ]]

# refuses TEXT ARGUMENTS...: fails with one line that has TEXT in it
refuses() {
  local text=$1 line
  shift
  if line=$("$program" "$@" 2>&1); then echo "$*: no failure" >&2; exit 1; fi
  if [ "$(echo "$line" | wc -l)" -ne 1 ] || [[ $line != *"$text"* ]]; then
    echo "$*: '$line' instead of '$text'" >&2
    exit 1
  fi
}
refuses "usage: " "$networks/pictures.ts"
refuses "target = 10" "$networks/pictures.ts" "$pictures/heart_red.png" 10
refuses "target = -1" "$networks/pictures.ts" "$pictures/heart_red.png" 7x
refuses "none.png: cannot open" "$networks/pictures.ts" "$pictures/none.png"
refuses "is no TorchScript file" "$pictures/heart_red.png" "$pictures/heart_red.png"
refuses "options->shape = 3 x 64 x 64: the network fails on" "$networks/deep.ts" "$pictures/heart_red.png"
