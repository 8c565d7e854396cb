#!/usr/bin/python3
"""check_explain_memory.py PROGRAM EXAMPLES-DATA LIBRARY [STRIDE]: explain_image with each of its allocations failing in turn,
or with every STRIDE-th, one a run; LIBRARY is short_memory.c. Either the run ends as if nothing had happened, with the same
files, or it says one line, exits with 1, and of what it left behind every file is whole and in the record."""
import json
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
from explain_tools import check_all, fail, program, star

library = os.path.abspath(sys.argv[3])
stride = int(sys.argv[4]) if len(sys.argv) > 4 else 1


def run(arguments, at):
    environment = dict(os.environ, LD_PRELOAD=library, SHORT_MEMORY_COUNT=os.path.abspath("count"),
                       SHORT_MEMORY_AT=str(at))
    return subprocess.run([program, *arguments], capture_output=True, env=environment)


def record_of(text, what):
    """A record without times and memory, which are never the same; None where it is not whole."""
    try:
        found = json.loads(text)
        del found["begun"]
        for result in found["results"]:
            result["report"]["seconds"] = result["report"]["peak_bytes"] = None
        return found
    except (ValueError, KeyError, TypeError) as error:
        fail(f"{what}: the record is not whole: {error!r}")
        return None


def contents(folder, what):
    """What is in the folder; of a page whether it is whole."""
    found = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = file.read()
        if name.endswith(".json"):
            found[name] = record_of(found[name], what)
        if name.endswith(".html"):
            found[name] = found[name].endswith(b"</html>\n")
    return found


def look(whole, arguments, at, done):
    """At what a run that met its failure has left in the folder out."""
    what = f"allocation {at} of {arguments}"
    lines = done.stderr.count(b"\n")
    found = contents("out", what)
    if done.returncode == 0:
        if lines or found != whole:
            fail(f"{what}: exit code 0 with {lines} lines and {sorted(found)}, other than without it")
        return
    if done.returncode != 1 or lines != 1:
        fail(f"{what}: exit code {done.returncode}, {lines} lines: {done.stderr!r}")
    if b"memory" not in done.stderr:
        fail(f"{what}: no word of memory: {done.stderr!r}")
    records = [name for name in found if name.endswith(".json") and found[name] is not None]
    listed = [os.path.basename(file) for name in records for result in found[name]["results"] for file in result["files"]]
    pages = [name for name in found if name.endswith(".html")]
    if sorted(listed + records + pages) != sorted(found) or any(found[name] is False for name in pages):
        fail(f"{what}: {sorted(found)} are left, the record tells of {sorted(listed)}")
    for name in listed:
        if found.get(name) != whole[name]:
            fail(f"{what}: {name} is not what it is without the failure")


def check(arguments):
    failed = 0
    os.makedirs("out")
    done = run(arguments, 0)
    if done.returncode != 0:
        fail(f"{arguments}: {done.stderr!r}")
    with open("count", encoding="ascii") as file:
        count = int(file.read())
    whole = contents("out", str(arguments))
    tried = range(1, count + 1, stride)
    for at in tried:
        shutil.rmtree("out")
        os.makedirs("out")
        done = run(arguments, at)
        look(whole, arguments, at, done)
        failed += done.returncode != 0
    shutil.rmtree("out")
    if failed < len(tried) / 2:
        fail(f"{arguments}: of {len(tried)} allocations that failed {failed} were noticed")
    print(f"{count} allocations, {len(tried)} of them tried, {failed} runs that ended with a line: {' '.join(arguments)}")


def check_runs():
    subprocess.run([program, "--points", "3", "--out", "before", star], check=True, capture_output=True)
    check(["--points", "3", "--report", "--out", "out/x", star])
    check(["--points", "3", "--groups", "grid:16", "--target", "star-heart", "--baseline", "uniform", "--samples", "2",
           "--out", "out/x", star])
    check(["--replay", "before_record.json"])
    check(["--check", star])


check_all([check_runs])
