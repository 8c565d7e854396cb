#!/usr/bin/python3
"""check_explain_records.py PROGRAM EXAMPLES-DATA [quick]: that a record of explain_image repeats its run, and that nothing in
one can make the program do worse than say a line. Needs no more than Python."""
import copy
import html
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
from explain_tools import check_all, data, fail, has_torch, npy, program, quick, record, refused, run, star


def write(changed, name="changed.json"):
    with open(name, "w", encoding="utf-8") as file:
        file.write(changed if isinstance(changed, str) else json.dumps(changed))
    return name


def changed(good, where, value):
    """The name of a record that is good but for one value, or, with value KeyError, lacks it."""
    other = copy.deepcopy(good)
    at = other
    for key in where[:-1]:
        at = at[key]
    if value is KeyError:
        del at[where[-1]]
    else:
        at[where[-1]] = value
    return write(other)


def leaves(value, where=()):
    """Where in a record numbers, texts and nulls stand."""
    inner = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else None
    if inner is None:
        yield where
    for key in inner or ():
        yield from leaves(value[key], (*where, key))


def settings_of(page):
    """What the settings of a page with one map say."""
    with open(page, encoding="utf-8") as file:
        text = file.read().split('<div class="settings">')[1].split("</section>")[0]
    return {html.unescape(key): html.unescape(value)
            for key, value in re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", text, re.S)}


# An option each: what is given, the options of the record, what is resolved, and what an option is where it is not given.
GIVEN = [
    (["--baseline", "blur", "--points", "3", "--sigma", "3"], {"sigma": 3}, {"baseline_sigma": 3, "points": 3}, 0),
    (["--baseline", "gaussian", "--points", "3", "--samples", "2", "--sigma", "0.3"], {"sigma": 0.3},
     {"baseline_sigma": 0.3, "baseline_rows": 2, "seed": 0}, 0),
    (["--method", "smoothgrad", "--samples", "4", "--sigma", "0.3"], {"sigma": 0.3}, {"sigma": 0.3, "seed": 0}, 0),
    (["--method", "blur-ig", "--points", "4", "--sigma", "4"], {"sigma": 4}, {"sigma": 4}, 0),
    (["--method", "smoothgrad", "--samples", "4"], {"samples": 4}, {"samples": 4}, 0),
    (["--baseline", "uniform", "--points", "3", "--samples", "3"], {"samples": 3}, {"baseline_rows": 3}, 0),
    (["--method", "interactions", "--points", "20", "--width", "0.2"], {"width": 0.2}, {"width": 0.2}, 0),
    (["--method", "interactions", "--points", "20", "--pixel", "30,20"], {"pixel": [30, 20]}, {"pixel": "30,20"}, None),
    (["--method", "layer-cam", "--layer", "relu1"], {"layer": "relu1"}, {"layer": "relu1"}, None),
    (["--points", "4", "--rule", "trapezoid"], {"rule": "trapezoid"}, {"rule": "trapezoid", "points": 4}, None),
    (["--points", "7"], {"points": 7}, {"points": 7, "rule": "midpoint"}, 0),
    (["--tolerance", "0.2"], {"tolerance": 0.2}, {"tolerance": 0.2, "rule": "adaptive", "max_evaluations": 256}, 0),
    (["--tolerance", "0.0001", "--max-evaluations", "40"], {"max_evaluations": 40}, {"max_evaluations": 40}, 0),
    (["--points", "3", "--score", "probability"], {"score": "probability"}, {"score": "probability"}, "logit"),
    (["--points", "3", "--groups", "grid:16"], {"grid": 16}, {"groups": "grid:16"}, 0),
    (["--baseline", "uniform", "--points", "3", "--seed", "5"], {"seed": 5, "seed_given": True},
     {"seed": 5, "baseline_rows": 10}, 0),
    (["--method", "expected-gradients", "--samples", "4", "--seed", "5"], {"seed": 5}, {"seed": 5, "samples": 4}, 0),
]


def check_options():
    """Each option is in the record as given and as resolved, on the page as resolved, and a replay takes it from there."""
    titles = {"baseline_sigma": "sigma of the baseline", "baseline_rows": "rows of the baseline",
              "max_evaluations": "most gradient rows"}
    for given, options, resolved, without in GIVEN:
        run(*given, "--report", "--out", "o", star)
        good = record("o")
        result = good["results"][0]
        page = settings_of("o_report.html")
        for key, value in options.items():
            if good["options"][key] != value:
                fail(f"{given}: options.{key} is {good['options'][key]!r}")
        for key, value in resolved.items():
            if result["resolved"].get(key) != value:
                fail(f"{given}: resolved.{key} is {result['resolved'].get(key)!r}")
        for key, value in result["resolved"].items():
            shown = page.get("workers (the bits are the same for any number)" if key == "workers" else titles.get(key, key))
            if shown != str(value) and (isinstance(value, str) or shown is None or float(shown) != value):
                fail(f"{given}: {key} is {shown!r} on the page, {value!r} in the record")
        if "All 1 results agree" not in run("--replay", "o_record.json")[0]:
            fail(f"{given}: the replay does not agree")
        key = list(options)[0]
        out, _ = run("--replay", changed(good, ["options", key], without), code=3)
        if "OTHER BITS" not in out:
            fail(f"{given}: without {key} the replay says {out}")
    run("--points", "3", "--target", "star-heart", "--palette", "sequential", "--scale", "0.25", "--out", "o", star)
    r = record("o")
    if r["options"]["targets"] != ["star-heart"] or r["options"]["palette"] != "sequential" or r["options"]["scale"] != 0.25 \
            or r["results"][0]["resolved"]["target"] != "star less heart" or r["results"][0]["full_colour"] != 0.25:
        fail(f"target, palette and scale: {r}")
    if "All 1 results agree" not in run("--replay", "o_record.json", "--workers", "2")[0]:
        fail("replay of a difference")
    refused("1 of 1 results differ", "--replay", changed(r, ["results", 0, "target", "classes"], [4, 5]), code=3)


def check_defaults():
    """What was not asked for is in the record as it came to be."""
    run("--method", "ig,expected-gradients,smoothgrad,recalibrated,interactions,layer-odam,xrai,agi", "--out", "d", star)
    found = {result["method"]: result["resolved"] for result in record("d")["results"]}
    for method, keys in {
            "ig": {"baseline": "black", "baseline_rows": 1, "rule": "adaptive", "tolerance": 0.05, "max_evaluations": 256},
            "expected-gradients": {"baseline": "training", "baseline_rows": 96, "samples": 192, "seed": 0},
            "smoothgrad": {"samples": 50, "sigma": 0.14411764740943908, "seed": 0},
            "recalibrated": {"baseline": "uniform", "baseline_rows": 10, "rule": "midpoint", "points": 5, "seed": 0},
            "interactions": {"baseline": "black", "baseline_rows": 1, "points": 200, "width": 0.1},
            "layer-odam": {"baseline": "black", "baseline_rows": 1, "layer": "conv2", "sigma": 1},
            "xrai": {"rule": "adaptive", "tolerance": 0.05, "max_evaluations": 256},
            "agi": {"rule": "trapezoid", "points": 15}}.items():
        keys = {"network": "small_net.bin", "score": "logit", "target": "star", "workers": 1, **keys}
        rest = {key: found[method].pop(key) for key in ["pixel", "channel"] if key in found[method]}
        if found[method] != keys or (len(rest) > 0) != (method == "interactions"):
            fail(f"resolved of {method}: {found[method]} {rest}, not {keys}")
    for result in record("d")["results"]:
        if result["method"] == "interactions":
            x, y = map(int, result["resolved"]["pixel"].split(","))
            channel = ["red", "green", "blue"].index(result["resolved"]["channel"])
            if (channel * 64 + y) * 64 + x != result["feature"]:
                fail(f"pixel of interactions: {result['resolved']}, {result['feature']}")


def check_told():
    """A replay names whatever in a result is not as recorded, with both values, and never says that all agrees."""
    run("--baseline", "uniform", "--samples", "2", "--seed", "9", "--points", "4", "--out", "t", star)
    good = record("t")
    not_compared = {("note",), ("report", "seconds"), ("report", "peak_bytes"), ("resolved", "network"), ("resolved", "workers")}
    told = 0
    for where in leaves(good["results"][0]):
        if where in not_compared or where[0] == "files" or where[:2] == ("target", "classes"):
            continue
        value = good["results"][0]
        for key in where:
            value = value[key]
        other = value + "x" if isinstance(value, str) else 12.5 if value is None or isinstance(value, float) else value + 1
        done = subprocess.run([program, "--replay", changed(good, ["results", 0, *where], other)], capture_output=True)
        name = ".".join(str(key) for key in where if not isinstance(key, int)).encode()
        values = [json.dumps(v).encode() for v in (value, other) if not isinstance(v, float)]
        both = name + b": " in done.stdout and all(v in done.stdout for v in values)
        if done.returncode not in (1, 3) or b"agree in every bit" in done.stdout or done.stderr.count(b"\n") != 1:
            fail(f"{where} = {other!r}: {done.returncode}, {done.stdout!r}, {done.stderr!r}")
        if not (both if done.returncode == 3 else name.split(b".")[0] in done.stderr):
            fail(f"{where} = {other!r} instead of {value!r} is not told: {done.stdout!r}, {done.stderr!r}")
        told += done.returncode == 3
    if told < 35:
        fail(f"only {told} values of a result are compared")
    out, _ = run("--replay", changed(good, ["results", 0, "target", "classes"], [5]), code=3)
    if 'target.name: "star" in the record, "cross" now' not in out:
        fail(f"another class in the record: {out}")
    # What decides no bits may differ.
    for where, value in [(["resolved", "workers"], 2), (["report", "seconds"], 9), (["report", "peak_bytes"], 1), (["note"], "x")]:
        run("--replay", changed(good, ["results", 0, *where], value))
    run("--replay", changed(good, ["begun"], "1970-01-01T00:00:00Z"))
    out, _ = run("--replay", changed(good, ["results", 0, "resolved", "\u001b[31m\n\u009b" + "k" * 5000], "\u202e\u001b" * 900), code=3)
    if any(ord(c) > 126 or ord(c) < 32 and c != "\n" for c in out) or out.count("\n") != 2 or len(out) > 1000:
        fail(f"an unknown key of a record is shown as {out!r}")


def check_whole_record():
    """All of a record is looked at before the first result is repeated, and what is missing is named."""
    run("--method", "gradient,interactions,layer-path", "--points", "20", "--out", "w", star)
    with open("w_record.json", encoding="utf-8") as file:
        good = json.load(file)

    def early(pattern, where, value):
        out, error = run("--replay", changed(good, where, value), code=1)
        if out or "changed.json: " not in error or pattern not in error:
            fail(f"{where} = {value!r}: {out!r}, {error!r}, not {pattern}")

    early("options.pixel: must be two whole numbers within", ["options", "pixel"], [100, 100])
    early("options.pixel: must be two whole numbers within", ["options", "pixel"], [64, 0])
    early("options.layer: the network has none", ["options", "layer"], "conv9")
    early("options.palette: is none", ["options", "palette"], "viridis")
    early("options.palette: must be a string", ["options", "palette"], [1])
    early("options.scale: must be", ["options", "scale"], -1)
    early("options.targets: must be strings", ["options", "targets"], [1])
    early("network.width, height: 999 x 64, the network takes 64 x 64", ["network", "width"], 999)
    early("network.classes: 11, the network has 10", ["network", "classes"], 11)
    early("results[2].target.classes: must be", ["results", 2, "target", "classes"], [99])
    early("results[2].report.sigma: must be a number or null", ["results", 2, "report", "sigma"], "x")
    early("results[2].shape: must have", ["results", 2, "shape"], [1, 64])
    for word in ["x\u001b[31m\nAll 3 results agree in every bit.", "", "Complete", "complete "]:
        early("status: must be running, complete, interrupted or failed", ["status"], word)
    run("--method", "ig", "--points", "4", "--out", "v", star)
    clash = copy.deepcopy(record("v"))
    clash["options"]["tolerance"] = 0.1
    refused("options.tolerance: does not go with rule and points, for results[0], ig", "--replay", write(clash))
    clash["options"].update(tolerance=0, rule="adaptive")
    refused("options.points: does not go with rule and points", "--replay", write(clash))
    run("--method", "guided-ig", "--points", "4", "--out", "v", star)
    clash = record("v")
    clash["options"]["rule"] = "midpoint"
    refused("options.rule: is none that the method takes, for results[0], guided-ig", "--replay", write(clash))
    # Missing keys; of what was resolved it is found where it is compared.
    def places(value, where=()):
        yield where
        for key in value if isinstance(value, dict) else ():
            yield from places(value[key], (*where, key))

    parts = [("",), ("network",), ("options",)]
    keys = [(key,) for key in good] + [(part[0], key) for part in parts[1:] for key in good[part[0]]] + \
        [("pictures", 0, key) for key in ("file", "sha256")] + \
        [("results", 2, *where) for where in places(good["results"][2]) if where]
    for where in keys:
        if where[-1] in ("note", "files") or "resolved" in where[:-1]:
            continue
        name = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in where)[1:]
        if where != ("network", "labels") and where != ("network", "labels_sha256"):
            early(f"{name}: is missing", list(where), KeyError)
    out, _ = run("--replay", changed(good, ["results", 2, "resolved", "layer"], KeyError), code=3)
    if 'resolved.layer: nothing in the record, "conv2" now' not in out:
        fail(f"without resolved.layer: {out}")


def check_numbers():
    """What else is in a record, held against what the run has printed."""
    given = ["--tolerance", "0.0001", "--max-evaluations", "40"]
    for more in [[], ["--palette", "sequential"], ["--scale", "0.5"]]:
        out, _ = run(*given, *more, "--out", "n", star)
        r = record("n")
        result = r["results"][0]
        full = float(re.search(r"full colour at (\S+)", out).group(1))
        if not abs(full - result["full_colour"]) <= 1e-3 * full:
            fail(f"full colour: {full}, recorded {result['full_colour']}")
        _, values, _ = npy("n.npy")
        sizes = sorted(abs(values[i] + values[4096 + i] + values[8192 + i]) for i in range(4096))
        at = 0.99 * 4095
        percentile = sizes[int(at)] + (at - int(at)) * (sizes[int(at) + 1] - sizes[int(at)])
        wanted = 0.5 if more[:1] == ["--scale"] else percentile
        if not abs(result["full_colour"] - wanted) <= 1e-9 * wanted:
            fail(f"full colour {more}: {result['full_colour']}, not {wanted}")
    if result["remark"] == "" or f"Not converged: {result['remark']}\n" not in out or result["status"] != "ATTRIB_NOT_CONVERGED":
        fail(f"remark: {result['remark']!r}, {result['status']!r}, printed {out}")
    for pattern, number in [(r"(\d+) gradient rows", result["report"]["gradient_rows"]),
                            (r"(\d+) output rows", result["report"]["output_rows"]),
                            (r"(\d+) ms", round(1e3 * result["report"]["seconds"])),
                            (r"([\d.]+) MB", round(result["report"]["peak_bytes"] / 1e6, 1)),
                            (r"f\(picture\) ([\d.-]+)", round(result["report"]["output"], 4)),
                            (r"f\(baseline\) ([\d.-]+)", round(result["report"]["baseline_output"], 4)),
                            (r"error estimate ([\d.]+) %", round(100 * result["report"]["error_estimate"], 2))]:
        if abs(float(re.search(pattern, out).group(1)) - number) > 1.01 * (10 ** -4 if "." in str(number) else 1) * (
                "ms" in pattern or "." in str(number)):
            fail(f"{pattern}: {number} in the record, printed {out}")
    report = result["report"]
    change = report["output"] - report["baseline_output"]
    for key, wanted in {"completeness_target": change, "attribution_sum": sum(values),
                        "completeness_error": report["attribution_sum"] - change,
                        "completeness_relative": abs(report["completeness_error"] / change), "tolerance": 0.0001,
                        "sigma": None, "objective": None, "unassigned": None, "stop_reason": 3, "rule": "adaptive",
                        "samples": 0}.items():
        if report[key] != wanted and (not isinstance(wanted, float) or not abs(report[key] - wanted) <= 1e-9):
            fail(f"report.{key} is {report[key]}, not {wanted}")
    shown = re.findall(r"^  (\S+) +([\d.]+) %$", out, re.M)
    recorded = [(c["name"], f"{100 * c['probability']:.2f}") for c in r["pictures"][0]["most_probable"]]
    if shown[:3] != recorded or [c["class"] for c in r["pictures"][0]["most_probable"]][0] != 4:
        fail(f"most probable: {recorded}, printed {shown}")
    if not re.fullmatch(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ", r["begun"]):
        fail(f"begun: {r['begun']}")


def check_network_file():
    """Of a TorchScript network the record says how pixels reach it, as used, and whose arithmetic it was."""
    shared = os.path.join(data, "..", "..", "..", "shared", "data")
    if not has_torch() or not os.path.isdir(shared):
        print("not checked on TorchScript networks:",
              "no ../shared/data" if has_torch() else "built without attrib_torch (package libtorch-dev)")
        return
    run("--model", os.path.join(shared, "nets", "cnn_relu.ts"), "--size", "32x32", "--mean", "0.5,0.4,0.3", "--points", "3",
        "--report", "--out", "f", star)
    r = record("f")
    found, resolved, page = r["network"], r["results"][0]["resolved"], settings_of("f_report.html")
    if found["mean"] != [0.5, 0.4, 0.3] or found["deviation"] != [1, 1, 1] or not re.fullmatch(r"\d+\.\d+.*", found["libtorch"]):
        fail(f"record of a TorchScript network: {found}")
    wanted = {"network": "cnn_relu.ts", "libtorch": found["libtorch"], "size": "32x32", "mean": "0.5,0.4,0.3", "deviation": "1,1,1"}
    if not wanted.items() <= resolved.items():
        fail(f"resolved of a TorchScript network: {resolved}")
    titles = {"size": "size of its pictures"}
    if any(page.get(titles.get(key, key)) != value for key, value in wanted.items()):
        fail(f"page of a TorchScript network: {page}")
    if "All 1 results agree" not in run("--replay", "f_record.json")[0]:
        fail("replay of a TorchScript network")
    out, _ = run("--replay", changed(r, ["network", "libtorch"], "\u001b9.9"))
    if not out.startswith("The record is of libtorch ") or "9.9, this is " + found["libtorch"] not in out or "\u001b" in out:
        fail(f"replay of a record of another libtorch: {out!r}")
    refused("deviation: must have three numbers in their range", "--replay", changed(r, ["network", "deviation"], [0, 1, 1]))


def check_failed_page():
    """A page that cannot be written is a failed run, in the record, too."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

    os.mkdir("large")
    refused("x_report.html: cannot write", "--report", "--points", "3", "--baseline", "black,white", "--out", "large/x", star,
            preexec_fn=limit)
    r = record("large/x")
    if r["status"] != "failed" or "x_report.html: cannot write" not in r["reason"] or len(r["results"]) != 2:
        fail(f"record of a page that was not written: {r['status']}, {r['reason']!r}")
    if sorted(os.listdir("large")) != sorted(sum((result["files"] for result in r["results"]), ["x_record.json"])):
        fail(f"beside a page that was not written: {os.listdir('large')}")
    if "was not completed: failed" not in run("--replay", "large/x_record.json")[0]:
        fail("replay of a run whose page was not written")
    run("--report", "--points", "3", "--out", "large/x", star)
    if record("large/x")["status"] != "complete" or record("large/x")["reason"] != "":
        fail("a run with a page is not complete")


def check_replay():
    run("--baseline", "uniform", "--samples", "2", "--seed", "9", "--points", "4", "--out", "r", star)
    good = record("r")

    def change(where, value):
        return changed(good, where, value)

    other = "0" * 64
    refused("1 of 1 results differ", "--replay", change(["results", 0, "sha256"], other), code=3)
    refused("1 of 1 results differ", "--replay", change(["options", "seed"], 10), code=3)
    refused("1 of 1 results differ", "--replay", change(["results", 0, "report", "output"], 1.5), code=3)
    refused("is not the picture of the record", "--replay", change(["pictures", 0, "sha256"], other))
    refused("is not the network of the record", "--replay", change(["network", "sha256"], other))
    refused("has version 1, this program reads 2", "--replay", change(["version"], 1))
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

    # Whatever stands anywhere in it: a line at most, never a crash, and no other code than these. Of less where libtorch
    # makes each start of the program slow.
    few = quick or has_torch()

    def places(value, where=()):
        yield where
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            yield from places(value[key], (*where, key))

    wrong = [None, -1, 2 ** 62, 1e308, "", "\u0001\n", [], {}, True, {"hex": "00"}, {"hex": "fg"}, [None, 1]]
    for number, where in enumerate(list(places(good))[1:]):
        for value in wrong[number % 12::12 if few else 6]:
            done = subprocess.run([program, "--replay", change(list(where), value)], capture_output=True)
            if done.returncode not in (0, 1, 3) or done.stderr.count(b"\n") != (done.returncode != 0):
                fail(f"{where} = {value!r}: {done.returncode}, {done.stderr!r}")


check_all([check_options, check_defaults, check_told, check_whole_record, check_numbers, check_network_file,
           check_failed_page, check_replay])
