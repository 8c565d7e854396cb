#!/usr/bin/python3
"""check_explain_records.py PROGRAM EXAMPLES-DATA [quick]: that a record of explain_image repeats its run, and that nothing in
one can make the program do worse than say a line. Needs no more than Python."""
import copy
import json
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
from explain_tools import check_all, data, fail, program, quick, record, refused, run, star


def check_replay():
    run("--baseline", "uniform", "--samples", "2", "--seed", "9", "--points", "4", "--out", "r", star)
    good = record("r")

    def write(changed, name="changed.json"):
        with open(name, "w", encoding="utf-8") as file:
            file.write(changed if isinstance(changed, str) else json.dumps(changed))
        return name

    def change(where, value):
        changed = copy.deepcopy(good)
        at = changed
        for key in where[:-1]:
            at = at[key]
        at[where[-1]] = value
        return write(changed)

    other = "0" * 64
    refused("1 of 1 results differ", "--replay", change(["results", 0, "sha256"], other), code=3)
    refused("1 of 1 results differ", "--replay", change(["options", "seed"], 10), code=3)
    refused("1 of 1 results differ", "--replay", change(["results", 0, "report", "output"], 1.5), code=3)
    refused("is not the picture of the record", "--replay", change(["pictures", 0, "sha256"], other))
    refused("is not the network of the record", "--replay", change(["network", "sha256"], other))
    refused("has version 2, this program reads 1", "--replay", change(["version"], 2))
    refused("the record is of attrib 9.9.9", "--replay", change(["library_version"], "9.9.9"))
    refused("this is no record of explain_image", "--replay", change(["format"], "x"))
    refused("results[0].method: is none", "--replay", change(["results", 0, "method"], "lime"))
    refused("missing.png: cannot be opened", "--replay", change(["pictures", 0, "file"], "missing.png"))
    refused("must be numbers of the network's classes", "--replay", change(["results", 0, "target", "classes"], [10]))
    refused("nothing.json: cannot be opened", "--replay", "nothing.json")
    refused("is no JSON", "--replay", write("", "broken.json"))
    refused("is no JSON", "--replay", write(json.dumps(good)[:-5], "broken.json"))
    refused("is no JSON", "--replay", write(json.dumps(good) + "x", "broken.json"))
    refused("is no JSON", "--replay", write("[" * 100000, "broken.json"))
    refused("is no JSON", "--replay", write('{"format": 1, "format": 2}', "broken.json"))
    refused("must be an object", "--replay", write("[]", "broken.json"))
    refused("cannot be read", "--replay", ".")
    refused("is no JSON", "--replay", star)
    # Moved together, or seen from another folder, it is found all the same.
    os.makedirs("moved/pictures")
    shutil.copy(star, "moved/pictures/p.png")
    run("--points", "4", "--out", "rel", "pictures/p.png", cwd="moved")
    for folder, path in [(".", "moved/rel_record.json"), ("/", os.path.abspath("moved/rel_record.json"))]:
        run("--replay", path, cwd=folder)
    os.rename("moved", "elsewhere")
    os.rename("elsewhere/pictures/p.png", "elsewhere/p.png")
    run("--replay", "elsewhere/rel_record.json")
    with open("elsewhere/p.png", "ab") as file:
        file.write(b"x")
    refused("is not the picture of the record", "--replay", "elsewhere/rel_record.json")

    # Weights and labels of one's own are in it, too.
    shutil.copy(os.path.join(data, "small_net.bin"), "weights.bin")
    run("--net", "weights.bin", "--points", "3", "--out", "own", star)
    run("--replay", "own_record.json")
    with open("weights.bin", "ab") as file:
        file.write(b"x")
    refused("weights.bin: is not the network of the record", "--replay", "own_record.json")
    os.remove("weights.bin")
    refused("weights.bin: cannot be opened", "--replay", "own_record.json")

    # Whatever stands anywhere in it: a line at most, never a crash, and no other code than these.
    def places(value, where=()):
        yield where
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield from places(value[key], (*where, key))

    wrong = [None, -1, 2 ** 62, 1e308, "", "\u0001\n", [], {}, True, {"hex": "00"}, {"hex": "fg"}, [None, 1]]
    for number, where in enumerate(list(places(good))[1:]):
        for value in wrong[number % 12::12 if quick else 6]:
            done = subprocess.run([program, "--replay", change(list(where), value)], capture_output=True)
            if done.returncode not in (0, 1, 3) or done.stderr.count(b"\n") != (done.returncode != 0):
                fail(f"{where} = {value!r}: {done.returncode}, {done.stderr!r}")
        changed = copy.deepcopy(good)
        at = changed
        for key in where[:-1]:
            at = at[key]
        del at[where[-1]]
        done = subprocess.run([program, "--replay", write(changed)], capture_output=True)
        if done.returncode not in (0, 1, 3) or done.stderr.count(b"\n") != (done.returncode != 0):
            fail(f"without {where}: {done.returncode}, {done.stderr!r}")


check_all([check_replay])
