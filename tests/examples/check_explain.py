#!/usr/bin/python3
"""check_explain.py PROGRAM EXAMPLES-DATA [quick]: explain_image's arrays, names, pages and networks. Needs no more than
Python; what numpy reads is checked where there is numpy."""
import hashlib
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import zlib

sys.dont_write_bytecode = True
from explain_tools import check_all, data, fail, has_torch, near, npy, pictures, program, quick, record, refused, run, star


def check_files():
    run("--out", "one", star)
    r = record("one")
    result = r["results"][0]
    if r["status"] != "complete" or r["version"] != 2 or len(r["results"]) != 1:
        fail(f"record: {r}")
    for name in result["files"]:
        if not os.path.getsize(name):
            fail(f"{name} is empty")
    if sorted(result["files"]) != sorted("one" + end for end in
                                         ["_heat.png", "_overlay.png", ".npy", "_alpha.svg", "_alpha.csv"]):
        fail(f"files: {result['files']}")
    shape, values, digest = npy("one.npy")
    if shape != (3, 64, 64) or digest != result["sha256"]:
        fail(f"one.npy: {shape}, {digest}, recorded {result['sha256']}")
    if abs(math.fsum(values) - result["report"]["attribution_sum"]) > 1e-9:
        fail("one.npy does not sum to the report's sum")
    for path, digest in [(star, r["pictures"][0]["sha256"]),
                         (os.path.join(data, "small_net.bin"), r["network"]["sha256"])]:
        with open(path, "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != digest:
                fail(f"digest of {path}")
    try:
        import numpy
    except ImportError:
        print("numpy is missing (package python3-numpy): that it reads the arrays is not checked")
        return
    read = numpy.load("one.npy", allow_pickle=False)
    if read.dtype != numpy.float64 or read.shape != shape or not read.flags.c_contiguous:
        fail(f"numpy: {read.dtype} {read.shape}")
    if tuple(read.ravel()) != values:
        fail("numpy reads other values")


def check_many():
    two = [star, os.path.join(pictures, "heart_red.png")]
    os.mkdir("many")
    run("--out", "many/", "--method", "ig,gradient,guided-ig", "--baseline", "black,0.2,0.4,0.6,uniform", "--points",
        "6", "--samples", "2", "--seed", "5", "--target", "top:2", "--target", "star-heart", *two)
    with open("many/record.json", encoding="utf-8") as file:
        r = json.load(file)
    if len(r["results"]) != 2 * 3 * 7:
        fail(f"{len(r['results'])} maps, not 42")
    names = [name for result in r["results"] for name in result["files"]]
    if len(set(names)) != len(names) or set(os.listdir("many")) != set(names) | {"record.json"}:
        fail("many: other files than recorded")
    if "star_black_ig_from_0.2-0.4-0.6_star.npy" not in names:
        fail(f"names: {names}")
    out, _ = run("--replay", "many/record.json", "--workers", "2")
    if out.count("all bits agree") != 42 or "All 42 results agree in every bit." not in out:
        fail(f"replay of many: {out}")
    run("--points", "6", "--out", "a", "--target", "star", star)
    run("--points", "6", "--out", "b", "--target", "heart", star)
    run("--points", "6", "--out", "ab", "--target", "star-heart", star)
    a, b, ab = (npy(name + ".npy")[1] for name in ["a", "b", "ab"])
    if not near(ab, [x - y for x, y in zip(a, b)], 1e-5):
        fail("star-heart is not star less heart")
    if record("ab")["results"][0]["target"]["classes"] != [record(name)["results"][0]["target"]["classes"][0]
                                                           for name in "ab"]:
        fail("the classes of star-heart")
    shutil.copy(star, "same.png")
    os.mkdir("again")
    shutil.copy(two[1], "again/same.png")
    run("--points", "2", "--out", "twice", "same.png", "again/same.png")
    if not os.path.exists("twice_same.npy") or not os.path.exists("twice_same_2.npy"):
        fail("pictures of one name are written over each other")


def check_groups():
    for method, more in [("ig", ["--points", "6"]), ("expected-gradients", ["--samples", "20"]),
                         ("gradient", []), ("smoothgrad", ["--samples", "4"])]:
        for side in [16, 24]:
            run("--method", method, *more, "--out", "fine", star)
            run("--method", method, *more, "--groups", f"grid:{side}", "--out", "grid", star)
            shape, values, _ = npy("grid.npy")
            squares = -(-64 // side)
            sums = [0.0] * (squares * squares)
            for i, value in enumerate(npy("fine.npy")[1]):
                sums[i // 64 % 64 // side * squares + i % 64 // side] += value
            if shape != (1, squares, squares) or not near(sums, values):
                fail(f"{method} --groups grid:{side}: {shape}")
            out, _ = run("--replay", "grid_record.json")
            if "all bits agree" not in out:
                fail(f"replay of groups: {out}")
    refused("guided-ig takes no --groups", "--method", "guided-ig", "--groups", "grid:8", star, code=2)
    for wrong in ["grid:0", "grid:", "grid:x", "grid:99999", "slic:16", "", "16"]:
        refused("--groups", "--groups", wrong, star, code=2)


def check_names():
    refused("one of heart, ", "--target", "hart", star)
    refused("target 'top:11': must be top:1 to top:10", "--target", "top:11", star)
    refused("--target 'top:x': must be", "--target", "top:x", star, code=2)
    refused("'hart' is neither", "--target", "star-hart", star)
    refused("is a class less itself", "--target", "star-4", star)
    with open("labels.txt", "w", encoding="utf-8") as file:
        file.write("a-b\na\nb\n<script>&\nÅngström\nf\ng\nh\ntop:2\nj\n")
    for target, classes in [("a-b", [0]), ("a-a-b", [1, 0]), ("Ångström", [4]), ("top:2", [8]), ("<script>&", [3])]:
        run("--labels", "labels.txt", "--target", target, "--points", "3", "--out", "named", star)
        r = record("named")
        if r["results"][0]["target"]["classes"] != classes:
            fail(f"target {target}: {r['results'][0]['target']}")
    with open("named_alpha.svg", encoding="utf-8") as file:
        if "&lt;script&gt;&amp;" not in file.read():
            fail("markup in a label is not escaped")
    if "all bits agree" not in run("--replay", "named_record.json")[0]:
        fail("replay with labels")
    with open("labels.txt", "a", encoding="utf-8") as file:
        file.write("k\n")
    refused("labels.txt: 11 labels, the network has 10 classes", "--labels", "labels.txt", star)
    refused("labels.txt: is not the file of labels of the record", "--replay", "named_record.json")
    refused("nolabels.txt: cannot be opened", "--labels", "nolabels.txt", star)
    for wrong in [["--method", "ig,ig"], ["--method", "ig,"], ["--baseline", "black,black"], ["--baseline", "0.1,0.2"],
                  ["--baseline", "black,,white"], ["--model", "x.pt", "--net", "y"], ["--size", "9x9"],
                  ["--size", "9"], ["--mean", "1,2"], ["--deviation", "1,2,0"], ["--replay", "x", "--seed", "1"],
                  ["--method", "gradient,agi", "--baseline", "black"], ["--method", "ig,gradient", "--sigma", "2"]]:
        refused("is none of: " if wrong[0] == "--baseline" and wrong[1] != "black,black" else "(see --help)", *wrong, star,
                code=2)


def check_hostile_names():
    run("--points", "3", "--out", "plain", star)
    for name in [b'a"b\n<img>&\'\\u0041.png', b"\xff\xfe.png", "Å\u2028.png".encode(), b"-x.png", b"x" * 200 + b".png"]:
        shutil.copy(star.encode(), name)
        run("--points", "3", "--out", "hostile", "--", name)
        if record("hostile")["results"][0]["sha256"] != record("plain")["results"][0]["sha256"]:
            fail(f"{name}: other bits")
        out, _ = run("--replay", "hostile_record.json")
        if out.count("\n") != 2:
            fail(f"{name}: {out}")
        run("--points", "3", "--", name)  # and its files are named after it
        if not os.path.exists(name[:-4] + b"_record.json"):
            fail(f"{name}: no record")
    refused("File name too long", "--points", "3", "--out", "y" * 250, star)
    refused("the path is longer than", "--out", "y/" * 2500, star)
    environment = dict(os.environ, LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8", LC_NUMERIC="de_DE.UTF-8")
    run("--points", "3", "--out", "german", star, env=environment)
    if record("german")["results"][0]["report"]["output"] != record("plain")["results"][0]["report"]["output"]:
        fail("numbers depend on the locale")


def check_unwritable():
    os.mkdir("out")
    for prefix, pattern in [("nowhere/x", "No such file"), ("taken/x", "directory")]:
        os.makedirs("taken/x_record.json", exist_ok=True)
        refused(pattern, "--points", "3", "--out", prefix, star)
    if os.listdir("taken") != ["x_record.json"]:
        fail(f"left beside a record that cannot be written: {os.listdir('taken')}")
    if os.geteuid() != 0:
        os.mkdir("closed", 0o500)
        refused("denied", "--points", "3", "--out", "closed/x", star)
    os.mkdir("disk")
    for size in ["8k", "28k", "60k", "148k"]:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", "disk"], capture_output=True).returncode:
            print("a small file system cannot be mounted here: full disks are not checked")
            return
        try:
            refused("No space left", "--points", "100", "--out", "disk/x", star)
            if os.listdir("disk"):
                fail(f"a full disk of {size} holds {os.listdir('disk')}")
        finally:
            subprocess.run(["umount", "disk"], check=True)
    # What fits of several maps stays, whole, and the record says that the run failed.
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=360k", "tmpfs", "disk"], capture_output=True).returncode:
        return
    try:
        refused("No space left", "--method", "gradient,ig,idgi,guided-ig", "--points", "20", "--out", "disk/x", star)
        r = json.load(open("disk/x_record.json", encoding="utf-8"))
        names = {name for result in r["results"] for name in result["files"]} | {"x_record.json"}
        if not 1 <= len(r["results"]) < 4 or set(os.listdir("disk")) != names:
            fail(f"full disk: {os.listdir('disk')}, recorded {names}")
        run("--replay", "disk/x_record.json")
    finally:
        subprocess.run(["umount", "disk"], check=True)


def check_torchscript():
    """A network from a file: against the map of the shared data, where that and attrib_torch are at hand."""
    refused("missing.pt" if has_torch() else "configure with -DATTRIB_TORCH=ON", "--model", "missing.pt", star)
    shared = os.path.join(data, "..", "..", "..", "shared", "data")
    mobilenet = os.path.join(shared, "mobilenet")
    if not has_torch() or not os.path.isdir(shared):
        print("not checked on TorchScript networks:",
              "no ../shared/data" if has_torch() else "built without attrib_torch (package libtorch-dev)")
        return
    cat = os.path.join(mobilenet, "chelsea.png")
    small = ["--model", os.path.join(shared, "nets", "cnn_relu.ts"), "--size", "32x32"]
    file = os.path.join(mobilenet, "mobilenet_v1_025_224.pt")
    with open("labels.txt", "w", encoding="utf-8") as labels:
        labels.writelines("tabby, tabby cat\n" if k == 282 else f"thing {k}\n" for k in range(1001))
    refused("neither 0 to 1000 nor a name; near to it: 'tabby, tabby cat'\n",
            "--model", file, "--labels", "labels.txt", "--target", "tabby cat", cat)
    refused("is no TorchScript file", "--model", "labels.txt", cat)
    refused("the network fails on", "--model", os.path.join(shared, "nets", "mlp_bc.ts"), cat)
    refused("training pictures, which --model has none of", *small, "--baseline", "training", cat, code=2)
    refused("the layers of the bundled network", *small, "--method", "layer-cam", cat, code=2)
    run(*small, "--method", "ig,gradient,xrai,blur-ig,smoothgrad", "--samples", "4", "--points", "6", "--mean",
        "0.5,0.4,0.3", "--deviation", "0.2,0.3,0.4", "--target", "3-7", "--out", "small", cat)
    r = record("small")
    if r["network"]["mean"] != [0.5, 0.4, 0.3] or r["network"]["deviation"] != [0.2, 0.3, 0.4]:
        fail(f"record of a TorchScript network: {r['network']}")
    if "All 5 results agree" not in run("--replay", "small_record.json", "--workers", "2")[0]:
        fail("replay of a TorchScript network")
    try:
        import torch

        class OfBatch(torch.nn.Module):
            def forward(self, x):
                y = x.mean((2, 3))
                return y - 0.5 * y.mean(0, keepdim=True)

        torch.jit.trace(OfBatch(), torch.rand(2, 3, 32, 32)).save("ofbatch.pt")
        refused("batch normalisation in training mode", "--check", "--size", "32x32", "--model", "ofbatch.pt", cat,
                code=4)
    except ImportError:
        print("torch is missing (package python3-torch): that --check names a fault is not checked")
    if quick:
        return
    run("--model", file, "--labels", "labels.txt", "--target", "tabby, tabby cat", "--tolerance", "0.02",
        "--max-evaluations", "2000", "--out", "cat", cat)
    report = record("cat")["results"][0]["report"]
    if abs(report["output"] - 19.392539613) > 1e-3 or abs(report["baseline_output"] + 0.345994160) > 1e-3:
        fail(f"f of the cat: {report}")
    with open(os.path.join(mobilenet, "chelsea_ig_black.npy"), "rb") as reference:
        whole = reference.read()
    values = struct.unpack(f"<{3 * 224 * 224}f", whole[-4 * 3 * 224 * 224:])
    found = npy("cat.npy")[1]
    error = math.sqrt(sum((a - b) ** 2 for a, b in zip(found, values)) / sum(b * b for b in values))
    if not error < 0.02:
        fail(f"the map of the cat is {error} off its reference, under a tolerance of 0.02")


def with_metadata(path, text):
    """The bundled star with a text, and an Exif block of it, between the header of the PNG and its picture."""
    with open(star, "rb") as file:
        png = file.read()
    chunks = b""
    for name, content in [(b"tEXt", b"Comment\0" + text), (b"iTXt", b"Title\0\0\0\0\0" + text), (b"eXIf", b"MM\0*" + text)]:
        chunks += struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    with open(path, "wb") as file:
        file.write(png[:33] + chunks + png[33:])


def check_report():
    """The page: of every map, whole or not at all, and nothing in it is loaded from elsewhere or runs away."""
    heart = os.path.join(pictures, "heart_red.png")
    evil = b"<script>x</script>\"'&.png".replace(b"/", b"_")
    with_metadata(evil, b"</script><script>metadata()</script>")
    with open("labels.txt", "w", encoding="utf-8") as file:
        file.write("</script><b>\nb\nc\nd\n<!--\nf\ng\nh\ni\nj\n")
    os.mkdir("page")
    run("--report", "--labels", "labels.txt", "--method", "ig,xrai,expected-gradients,agi", "--baseline", "black,blur",
        "--points", "4", "--samples", "5", "--target", "top:2", "--target", "<!---b", "--out", "page/", "--", heart,
        evil)
    with open("page/report.html", encoding="utf-8") as file:
        page = file.read()
    for wrong in ["<script>x", "</script><b>", "<!---b", "metadata()", "http:", "https:", "src=\"/"]:
        if wrong in page.replace("http://www.w3.org", ""):
            fail(f"report: {wrong} is in it")
    if page.count("</html>") != 1 or "attrib" not in page:
        fail("report: it is not whole")
    if len(page) > 3000000:
        fail(f"report: {len(page)} bytes")
    if "All 36 results agree" not in run("--replay", "page/record.json")[0]:
        fail("replay of what was reported")
    os.makedirs("shut/x_report.html")
    refused("directory", "--report", "--points", "3", "--out", "shut/x", star)
    if os.listdir("shut") != ["x_report.html"]:
        fail(f"beside a report that cannot be written: {os.listdir('shut')}")
    refused("--check makes no maps", "--report", "--check", star, code=2)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=172k", "tmpfs", "disk"], capture_output=True).returncode:
        return
    try:
        refused("x_report.html: cannot write: No space left", "--report", "--points", "3", "--out", "disk/x", star)
        if "x_report.html" in os.listdir("disk") or any(".tmp" in name for name in os.listdir("disk")):
            fail(f"report on a full disk: {os.listdir('disk')}")
        run("--replay", "disk/x_record.json")
    finally:
        subprocess.run(["umount", "disk"], check=True)


def check_check():
    """The self-test: nothing is written, and networks that are right are not blamed."""
    before = set(os.listdir("."))
    heart = os.path.join(pictures, "heart_red.png")
    for more in [[], ["--score", "probability"], ["--target", "star-heart"], ["--baseline", "uniform"],
                 ["--workers", "2"]]:
        out, _ = run("--check", *more, star, heart)
        if out.count("Check of the network for '") != 2 or out.count("\n  ok ") < 2 * 12 or "nan" in out:
            fail(f"--check {more}: {out}")
    if set(os.listdir(".")) != before:
        fail(f"--check wrote {set(os.listdir('.')) - before}")
    refused("'plaid' is none of", "--check", "--baseline", "plaid", star, code=2)
    refused("missing.png", "--check", star, "missing.png")
    refused("--replay takes everything", "--check", "--replay", "x", code=2)


check_all([check_files, check_many, check_groups, check_names, check_hostile_names, check_unwritable, check_check,
           check_report, check_torchscript])
