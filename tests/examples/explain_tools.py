"""explain_tools.py: what the checks of explain_image share. They are called as CHECK.py PROGRAM EXAMPLES-DATA [quick]."""
import hashlib
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import tempfile

program, data = map(os.path.abspath, sys.argv[1:3])
quick = len(sys.argv) > 3
pictures = os.path.join(data, "pictures")
star = os.path.join(pictures, "star_black.png")
failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAILED:", text, file=sys.stderr)


def run(*arguments, code=0, **more):
    done = subprocess.run([program, *arguments], capture_output=True, **more)
    if done.returncode != code:
        fail(f"{arguments}: exit code {done.returncode}, not {code}: {done.stderr!r}")
    lines = done.stderr.count(b"\n")
    if lines != (0 if code == 0 else 1):
        fail(f"{arguments}: {lines} lines on stderr: {done.stderr!r}")
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def refused(pattern, *arguments, code=1, **more):
    _, error = run(*arguments, code=code, **more)
    if pattern not in error:
        fail(f"{arguments}: '{pattern}' is not in: {error}")


def record(prefix):
    with open(prefix + "_record.json", encoding="utf-8") as file:
        return json.load(file)


def npy(path):
    """Shape and values, by the specification of the format."""
    with open(path, "rb") as file:
        whole = file.read()
    assert whole[:8] == b"\x93NUMPY\x01\x00"
    size = 10 + struct.unpack("<H", whole[8:10])[0]
    assert size % 64 == 0 and whole[size - 1:size] == b"\n"
    head = eval(whole[10:size], {"__builtins__": {}})  # a literal of Python, as the specification has it
    assert head["descr"] == "<f8" and head["fortran_order"] is False
    body = whole[size:]
    count = math.prod(head["shape"])
    assert len(body) == 8 * count
    return head["shape"], struct.unpack(f"<{count}d", body), hashlib.sha256(body).hexdigest()


def near(one, other, bound=1e-12):
    size = max(max(map(abs, one)), 1e-300)
    return len(one) == len(other) and max(abs(a - b) for a, b in zip(one, other)) <= bound * size


def has_torch():
    done = subprocess.run([program, "--model", "missing.pt", star], capture_output=True)
    return b"built without attrib_torch" not in done.stderr


def check_all(checks):
    """Runs them in a folder of their own, one after the other, and ends the program."""
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        for check in checks:
            check()
    finally:
        os.chdir("/")
        shutil.rmtree(folder)
    sys.exit(failures > 0)
