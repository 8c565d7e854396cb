#!/usr/bin/python3
"""check_explain_words.py PROGRAM EXAMPLES-DATA [quick]: what explain_image takes for an option or a name, what it says
where it takes none, and that nothing which others wrote can steer a terminal."""
import os
import re
import shutil
import subprocess

from explain_tools import check_all, data, fail, has_torch, program, record, refused, run, star

NAMES = ["disc", "ring", "crane", "triangle", "star", "heart", "cross", "moon", "crane", "hourglass"]


def write_labels(text, name="labels.txt"):
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return name


def labels_of(names):
    return write_labels("".join(name + "\n" for name in names))


def check_targets():
    """Nothing is chosen in silence where a name or a difference can be read in two ways."""
    labels = ["--labels", labels_of(NAMES)]
    refused("target 'crane' is the name of 2 classes, 2, 8: give a number", *labels, "--target", "crane", star)
    refused("target 'crane' is the name of 2 classes", *labels, "--target", "star-crane", star)
    refused("neither 0 to 9 nor one of crane, cross, ", *labels, "--target", "crame", star)  # once
    for target, classes in [("8", [8]), ("2-8", [2, 8]), ("star", [4])]:
        run(*labels, "--target", target, "--points", "2", "--out", "t", star)
        if record("t")["results"][0]["target"]["classes"] != classes:
            fail(f"target {target}: {record('t')['results'][0]['target']}")
    refused("target 'zzz' is neither", "--target", "zzz-star", star)
    refused("target 'zzz' is neither", "--target", "star-zzz", star)
    refused("target '10': must be 0 to 9", "--target", "10", star)
    labels = ["--labels", labels_of(["a-b", "a", "b-c", "c", *NAMES[3:8], "z"])]
    refused("'a-b-c' is both 'a' less 'b-c' and 'a-b' less 'c': give numbers", *labels, "--target", "a-b-c", star)


def check_labels():
    text = "".join(name + "\n" for name in NAMES)
    run("--labels", write_labels(b"\xef\xbb\xbf" + text.encode()), "--target", "disc", "--points", "2", "--out", "l", star)
    if record("l")["results"][0]["target"]["name"] != "disc":
        fail("a mark of the order of bytes became part of a name")
    for labels, pattern in [(text + "\n", "labels.txt: line 11 is empty"), (text + "k\n", "11 labels, the network has 10"),
                            (text.encode("utf-16"), "line 1 is no UTF-8"),
                            (text.replace("ring", "\u200b\u00a0"), "line 2 holds nothing that can be seen")]:
        refused(pattern, "--labels", write_labels(labels), star)


def check_cleaned():
    """Nothing but what a page shows of names, too: no C1 control, mark of direction, or byte that is no UTF-8."""
    names = list(NAMES)
    names[4] = "st\u009b31m\u202ear"
    labels = ["--labels", labels_of(names)]
    picture = b"\xff\xe2\x80\xae\xc2\x9b.png"
    shutil.copy(star.encode(), picture)
    evil = ["--labels", write_labels("".join(name + "\u009b\n" for name in NAMES), "evil.txt")]
    texts = [run(*labels, "--points", "2", picture)[0], run(*evil, "--check", "--baseline", "other-class", star)[0],
             run(*evil, "--baseline", "other-class", "--points", "2", "--out", "o", star)[0], run(*labels, "--check", picture)[0],
             run("--replay", b"\xff\xe2\x80\xae\xc2\x9b_record.json")[0],
             run(*labels, "--target", "4-" + "\u202e", picture, code=1)[1],
             run("--points", "2", picture + b"x", code=1)[1], run("--method", b"\xc2\x9b", star, code=2)[1]]
    for text in texts:
        if any(bad in text for bad in "\x1b\x9b\u202e\ufffd") or "?" not in text:
            fail(f"not cleaned: {text!r}")
    if "st?31m?ar" not in texts[0]:
        fail(f"more than that is taken out of names: {texts[0]}")


def check_codes():
    """2 for what is wrong whatever the pictures and networks are, before either is opened; 1 for what lies with them."""
    none = "missing.png"
    for wrong, pattern in [
            (["--baseline", "white,blacc"], "--baseline 'blacc' is none of"), (["--baseline", "blacc"], "; near to black ("),
            (["--baseline", "Blur"], "; near to blur, "), (["--baseline", "black,"], "--baseline '' is none of"),
            (["--baseline", ""], "--baseline '' is none of"), (["--baseline", "black,2,2,2"], "--baseline '2,2,2' is none of"),
            (["--sigma", "3"], "--sigma has no meaning for --method ig from black"),
            (["--samples", "5"], "--samples has no meaning for --method ig from black"),
            (["--seed", "5"], "--seed has no meaning for --method ig from black"),
            (["--target", ""], "--target is empty"), (["--target", "top:x"], "--target 'top:x': must be top:1 to top:64"),
            (["--target", "top:0"], "--target 'top:0': must be"), (["--target", "top:65"], "must be top:1 to top:64"),
            (["--target", "top:3x"], "'top:3x'"),
            (["--method", "SmoothGrad"], "near to smoothgrad, "), (["--rule", "trapezoid", "--points", "1"], "both ends"),
            (["--method", "layer-cam", "--baseline", "uniform"], "give --samples 1"),
            (["--m", "ig"], "'--m' is ambiguous: --method, --model, --mean, --max-evaluations"),
            (["--labels", ""], "--labels is empty"), (["--model", ""], "--model is empty"), (["--net", ""], "--net is empty"),
            (["--out", ""], "--out is empty"), ([""], "picture 1: its path is empty")]:
        _, error = run(*wrong, none, code=2)
        if pattern not in error or not error.endswith(" (see --help)\n"):
            fail(f"{wrong}: '{pattern}' or where to look is not in: {error}")
    refused("--replay is empty", "--replay", "", code=2)
    for wrong, pattern in [(["--target", "top:11"], "must be top:1 to top:10"), (["--target", "starr"], "nor one of star, "),
                           (["--labels", write_labels("a\n")], "1 label, "), (["--net", star], "star_black.png: "),
                           (["--method", "layer-cam", "--layer", "Conv2"], "; near to conv2, ")]:
        refused(pattern, *wrong, star)
    out, _ = run("--version")
    text, _ = run("--help")
    for said in ["0 done; 1 failed, for what is in files", "2 wrong options, whatever", "3 --replay found other bits",
                 "4 --check", "130 interrupted"]:
        if said not in text:
            fail(f"--help does not say: {said}")
    if not out.startswith("explain_image (attrib 0.") or out.count("\n") != 1:
        fail(f"--version: {out}")


def check_other_networks():
    """What a --model cannot have is refused before it is opened, and the method is named."""
    for wrong, pattern in [(["--method", "ig,ig2"], "--method ig2 from other-class takes training pictures"),
                           (["--baseline", "near-zero"], "--method ig from near-zero takes training pictures"),
                           (["--method", "expected-gradients"], "expected-gradients from training takes training pictures"),
                           (["--method", "ig,layer-cam"], "--method layer-cam looks at the layers of the bundled network"),
                           (["--baseline", "max-entropy", "--score", "probability"], "--baseline max-entropy is searched"),
                           (["--method", "interactions", "--size", "20x10", "--pixel", "5,10"], "must be 0,0 to 19,9")]:
        refused(pattern, "--model", "missing.pt", *wrong, star, code=2)


def check_check():
    """Every target against every baseline of the options, a verdict on each line and one over all; no option in vain."""
    out, _ = run("--check", "--target", "star", "--target", "heart-4", "--target", "top:2", "--baseline", "white,0,0,0.5",
                 "--seed", "7", star)
    heads = re.findall(r"Check of the network for '(.*)' against (.*)\n  f\(picture\) (.*), f\(baseline\) (.*); ", out)
    # star is in the top two, too, and is checked once
    if len(heads) != 2 * 3 or {head[:2] for head in heads[:4]} != {
            (target, row) for target in ["star", "heart less star"] for row in ["white", "0,0,0.5"]}:
        fail(f"--check of several: {heads}")
    for target, row, at_picture, at_row in heads[:2]:
        run("--points", "2", "--target", target, "--baseline", row, "--out", "f", star)
        report = record("f")["results"][0]["report"]
        if [f"{report['output']:.4f}", f"{report['baseline_output']:.4f}"] != [at_picture, at_row]:
            fail(f"--check against {row}: {at_picture}, {at_row}, but {report}")
    lines = re.findall(r"^  (ok|not judged|FAULT) +[a-z ]+: ", out, re.M)
    last = f"No fault in 90 checks: {lines.count('ok')} are ok, {lines.count('not judged')} not judged"
    if len(lines) != 90 or "FAULT" in lines or out.splitlines()[-1] != last:
        fail(f"--check: {len(lines)} lines, {out.splitlines()[-1]}")
    for more in ["--method=ig", "--scale=3", "--groups=grid:4", "--tolerance=0.1", "--points=3", "--out=x", "--report",
                 "--palette=sequential", "--layer=conv1", "--pixel=1,1", "--width=0.1", "--samples=2", "--rule=left",
                 "--max-evaluations=99"]:
        refused(f"--check makes no maps: {more.partition('=')[0]} has no meaning for it", "--check", more, star, code=2)
    refused("'zzz' is neither", "--check", "--target", "star", "--target", "zzz", star)
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([program, "--check", star], stdout=full, stderr=subprocess.PIPE)
        if done.returncode != 1 or b"standard output cannot be written" not in done.stderr:
            fail(f"--check on a full disk: {done.returncode}, {done.stderr!r}")


def check_words():
    """What the library says of its fields is said of the options that set them."""
    out, _ = run("--tolerance", "0.001", "--max-evaluations", "40", "--out", "n", star)
    said = "is above --tolerance = 0.001, and --max-evaluations = 40 is too small"
    if said not in out or said not in record("n")["results"][0]["remark"]:
        fail(f"not in words of the options: {out}")
    refused("explain_image: --max-evaluations = 3: --rule adaptive begins with", "--baseline", "uniform",
            "--max-evaluations", "3", star)
    refused("--width = 1e-09: too small", "--method", "interactions", "--width", "1e-9", star)
    run("--report", "--target", "star-heart", "--points", "2", "--out", "d", star)
    with open("d_report.html", encoding="utf-8") as page:
        if "probability of star less that of heart" not in page.read():
            fail("the curves of a difference are not said to be of one")
    if not has_torch():
        print("not checked what is said of a --model: built without attrib_torch (package libtorch-dev)")
        return
    shared = os.path.join(data, "..", "..", "..", "shared", "data", "nets", "cnn_relu.ts")
    refused("explain_image: missing.pt: cannot be opened: No such file", "--model", "missing.pt", star)
    if os.path.exists(shared):
        refused("explain_image: --size is 224x224: the network fails on", "--model", shared, star)
        refused("target 'cat' is not 0 to 9, and classes have no names: no --labels were given", "--model", shared, "--size",
                "32x32", "--target", "cat", star)


check_all([check_words, check_check, check_codes, check_other_networks, check_targets, check_labels, check_cleaned])
