"""Writes PNG, PPM and PGM files, with the standard library and numpy only."""

import struct
import zlib


def _chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def write_png(path, pixels, filters=(0, 1, 2, 3, 4)):
    """pixels: height x width x 3 bytes, written as 8-bit RGB.  Each row takes the filter that leaves least to code."""
    height, width, _ = pixels.shape
    stride = width * 3
    rows, above = [], bytes(stride)
    for y in range(height):
        row = pixels[y].tobytes()
        left = bytes(3) + row[:-3]
        corner = bytes(3) + above[:-3]
        candidates = [
            bytes([0]) + row,
            bytes([1]) + bytes((a - b) & 255 for a, b in zip(row, left)),
            bytes([2]) + bytes((a - b) & 255 for a, b in zip(row, above)),
            bytes([3]) + bytes((a - ((b + c) >> 1)) & 255 for a, b, c in zip(row, left, above)),
            bytes([4]) + bytes((a - _paeth(b, c, d)) & 255 for a, b, c, d in zip(row, left, above, corner)),
        ]
        candidates = [candidates[f] for f in filters]
        rows.append(min(candidates, key=lambda c: sum(min(v, 256 - v) for v in c[1:])))
        above = row
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header))
        file.write(_chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + _chunk(b"IEND", b""))


def _paeth(left, up, corner):
    estimate = left + up - corner
    to_left, to_up, to_corner = abs(estimate - left), abs(estimate - up), abs(estimate - corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def write_ppm(path, pixels):
    """Binary PPM (P6) of height x width x 3 bytes."""
    height, width, _ = pixels.shape
    with open(path, "wb") as file:
        file.write(b"P6\n%d %d\n255\n" % (width, height) + pixels.tobytes())


def write_pgm(path, pixels):
    """Binary PGM (P5) of height x width bytes."""
    height, width = pixels.shape
    with open(path, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (width, height) + pixels.tobytes())
