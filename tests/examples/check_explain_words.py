#!/usr/bin/python3
"""check_explain_words.py PROGRAM EXAMPLES-DATA [quick]: what explain_image takes for an option or a name, what it says
where it takes none, and that nothing which others wrote can steer a terminal."""
import os
import shutil

from explain_tools import check_all, fail, record, refused, run, star

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
    texts = [run(*labels, "--points", "2", picture)[0], run(*labels, "--check", picture)[0],
             run("--replay", b"\xff\xe2\x80\xae\xc2\x9b_record.json")[0],
             run(*labels, "--target", "4-" + "\u202e", picture, code=1)[1],
             run("--points", "2", picture + b"x", code=1)[1], run("--method", b"\xc2\x9b", star, code=2)[1]]
    for text in texts:
        if any(bad in text for bad in "\x1b\x9b\u202e\ufffd") or "?" not in text:
            fail(f"not cleaned: {text!r}")
    if "st?31m?ar" not in texts[0]:
        fail(f"more than that is taken out of names: {texts[0]}")


check_all([check_targets, check_labels, check_cleaned])
