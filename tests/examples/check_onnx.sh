#!/usr/bin/env bash
# check_onnx.sh PYTHON: examples/data/small_net.onnx is what the training script exports from small_net.bin, and is of the size and
# checksum that examples/data/README.md says. Skipped, in words, without the PyTorch that made it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
python=$1 made_by=1.13.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
committed=$root/examples/data/small_net.onnx

figures=$("$python" -B - "$committed" <<'END'
import hashlib, sys, zlib
content = open(sys.argv[1], "rb").read()
print("| size, CRC-32 | %s bytes, `%08x` |" % (format(len(content), ",").replace(",", " "), zlib.crc32(content)))
print("| SHA-256 | `%s` |" % hashlib.sha256(content).hexdigest())
END
)
while read -r line; do
  grep -qxF "$line" "$root/examples/data/README.md" || { echo "examples/data/README.md does not say: $line" >&2; exit 1; }
done <<<"$figures"

version=$("$python" -c 'import numpy, torch; print(torch.__version__)' 2>/dev/null || true)
if [ -z "$version" ]; then
  echo "Skipped: $python has no PyTorch or no numpy (packages python3-torch, python3-numpy)."
  exit 77
fi
case $version in
  $made_by*) ;; # Debian calls it 1.13.0a0
  *) echo "Skipped: the file was made by PyTorch $made_by, and $version may write other bytes."; exit 77 ;;
esac
mkdir -p "$folder/examples/data"
cp "$root/examples/data/small_net.bin" "$folder/examples/data"
"$python" -B "$root/examples/train/train_small_net.py" --onnx --out "$folder"
[ "$(find "$folder" -type f | wc -l)" -eq 2 ] || { echo "--onnx wrote more than the ONNX file:" >&2; find "$folder" -type f >&2; exit 1; }
cmp "$folder/examples/data/small_net.onnx" "$committed"
