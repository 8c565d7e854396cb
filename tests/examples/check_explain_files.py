#!/usr/bin/python3
"""check_explain_files.py PROGRAM EXAMPLES-DATA [quick]: what explain_image reads and what it writes over, that nothing of
it blocks or lies, what signals leave behind at any moment, and what the bar on a terminal says."""
import fcntl
import hashlib
import json
import os
import pty
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from explain_tools import check_all, data, fail, has_torch, npy, pictures, program, quick, record, refused, run, star

heart = os.path.join(pictures, "heart_red.png")
network = os.path.join(data, "small_net.bin")


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def start(*arguments, ignored=(), **more):
    """With signals as a shell has them, whatever this process has inherited."""
    def prepare():
        for number in [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM]:
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([program, *arguments], preexec_fn=prepare, **more)


def finish(child, seconds=120):
    """Exit code and stderr; nothing is left running."""
    try:
        return child.communicate(timeout=seconds)[1], child.returncode
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def wait_for(path, child, seconds=60):
    end = time.monotonic() + seconds
    while not os.path.exists(path) and child.poll() is None and time.monotonic() < end:
        time.sleep(0.002)


def check_inputs_stay():
    """No output may be one of the inputs, under any name, and that is said before anything is written."""
    os.mkdir("in")
    for name in ["x_heat.png", "plain.png", "y_overlay.png"]:
        shutil.copy(star, "in/" + name)
    shutil.copy(network, "in/n_record.json")
    with open("in/l.npy", "w", encoding="utf-8") as file:
        file.writelines(f"name {k}\n" for k in range(10))
    os.symlink("plain.png", "in/s_alpha.csv")
    os.link("in/plain.png", "in/h_running_mean.svg")
    before = {name: digest_of("in/" + name) for name in os.listdir("in")}
    plain = "in/plain.png"
    for output, source, arguments in [
            ("in/x_heat.png", "the picture 'in/x_heat.png'", ["--out", "in/x", "in/x_heat.png"]),
            ("in/x_heat.png", "the picture 'in/../in/x_heat.png'", ["--out", "in/x", "in/../in/x_heat.png"]),
            ("in/y_overlay.png", "the picture 'in/y_overlay.png'", ["--out", "in/", "in/y.png", "in/y_overlay.png"]),
            ("in/n_record.json", "the network 'in/n_record.json'", ["--net", "in/n_record.json", "--out", "in/n", plain]),
            ("in/l.npy", "the file of labels 'in/l.npy'", ["--labels", "in/l.npy", "--out", "in/l", plain]),
            ("in/s_alpha.csv", "the picture 'in/plain.png'", ["--out", "in/s", plain]),
            ("in/h_running_mean.svg", "the picture 'in/plain.png'", ["--out", "in/h", plain])]:
        if "in/y.png" in arguments:  # as *.png gives it the second time
            shutil.copy(star, "in/y.png")
            before["y.png"] = digest_of("in/y.png")
        refused(f"{output}: cannot write: it is {source}, which this run reads", "--points", "2", *arguments)
        if {name: digest_of("in/" + name) for name in os.listdir("in")} != before:
            fail(f"{arguments}: something was written")


def check_no_pipes():
    """What is no regular file is refused, at once: neither read in part nor waited for."""
    os.mkfifo("pipe")
    for arguments in [["pipe"], ["--labels", "pipe", star], ["--net", "pipe", star], ["--replay", "pipe"],
                      ["--check", "pipe"], ["/dev/null"], [star, "pipe"]]:
        refused("it is no regular file", *arguments, timeout=60)
    if has_torch():
        refused("it is no regular file", "--model", "pipe", star, timeout=60)
    with open(star, "rb") as file:
        done = subprocess.run(["/bin/sh", "-c", 'cat | exec "$0" /dev/stdin', program], stdin=file, capture_output=True)
    if done.returncode != 1 or b"/dev/stdin: cannot open: it is no regular file" not in done.stderr:
        fail(f"a pipe: {done.stderr!r}")
    run("--points", "2", "--out", "named", star)
    with open("named_record.json", encoding="utf-8") as file:
        r = json.load(file)
    r["pictures"][0]["file"] = "pipe"
    with open("piped.json", "w", encoding="utf-8") as file:
        json.dump(r, file)
    refused("pipe: cannot be opened: it is no regular file", "--replay", "piped.json", timeout=60)


def check_changes_are_seen():
    """A picture that changes while others are explained is not explained under its old digest."""
    shutil.copy(star, "first.png")
    shutil.copy(star, "second.png")
    os.mkdir("changed")
    # Changed as soon as the first map is there: the second picture has been looked at, and is not yet explained.
    for points in ["300", "3000", "30000", "300000"][not quick:]:
        shutil.rmtree("changed")
        os.mkdir("changed")
        shutil.copy(star, "second.png")
        child = start("--method", "gradient,ig", "--points", points, "--out", "changed/", "first.png", "second.png")
        wait_for("changed/record.json", child)
        shutil.copy(heart, "second.png")
        error, code = finish(child)
        if code == 1:
            break
    if code != 1 or b"second.png: has changed since the run began" not in error or error.count(b"\n") != 1:
        fail(f"changed picture: {code}, {error!r}")
    r = json.load(open("changed/record.json", encoding="utf-8"))
    if r["status"] != "failed" or [result["picture"] for result in r["results"]] != [0, 0]:
        fail(f"changed picture: {r['status']}, {r['results']}")


def check_paths_before_work():
    """All files of all maps are looked at first: what is in the way of the last one is told before the first is made."""
    several = ["--method", "gradient,ig,expected-gradients", "--points", "2", "--samples", "2"]
    for number, suffix in enumerate(["_gradient_heat.png", "_ig_overlay.png", "_expected-gradients.npy", "_ig_alpha.svg",
                                     "_expected-gradients_running_mean.csv", "_record.json", "_report.html"]):
        os.makedirs(f"way{number}/x{suffix}")
        refused(f"x{suffix}: cannot write: it is a directory", *several, "--report", "--out", f"way{number}/x", star)
        if os.listdir(f"way{number}") != ["x" + suffix]:
            fail(f"beside {suffix}: {os.listdir(f'way{number}')}")
    refused("No such file", *several, "--out", "no/folder/x", star)
    if os.geteuid() != 0:
        os.mkdir("shut", 0o500)
        refused("denied", *several, "--out", "shut/x", star)
    # a method's own curve alone is in its way
    os.makedirs("free/x_running_mean.svg")
    run("--points", "2", "--out", "free/x", star)


def check_limits_of_the_page():
    if has_torch():  # else there is no --size
        refused("--report: the page shows pictures up to 4096x4096, --size is 4097x64", "--report", "--size", "4097x64",
                "--model", "missing.pt", star, code=2)
    refused("--report: the page shows up to 10000 pictures, not 10001", "--report", *[star] * 10001, code=2)
    if quick:
        return
    against = ",".join(f"#0000{k:02x}" for k in range(24))
    lines = subprocess.run([program, "--list"], capture_output=True, check=True).stdout.decode().splitlines()
    methods = ",".join(line.split()[0] for line in lines if re.match(r"  [a-z]+(-[a-z0-9]+)*  +", line)
                       and line.split()[0] not in ["max-distance", "blur", "uniform", "gaussian", "gaussian-truncated",
                                                   "training", "other-class", "max-entropy", "near-zero", "ascent"])
    targets = [word for k in range(15) for word in ["--target", f"{k % 9}-{9 if k < 9 else (k + 1) % 9}"]]
    refused("--report: more than the 10000 maps of a picture that the page shows", "--report", "--method", methods, "--baseline", against,
            "--target", "top:10", *targets, star)


def check_older_curves():
    """A map without a curve does not lie beside the curve of an older one."""
    os.mkdir("older")
    run("--points", "2", "--out", "older/x", star)
    run("--method", "expected-gradients", "--samples", "2", "--out", "older/x", star)
    if not os.path.exists("older/x_running_mean.svg") or os.path.exists("older/x_alpha.svg"):
        fail(f"after expected-gradients: {os.listdir('older')}")
    os.mkdir("older/x_alpha.csv")  # is none
    out, _ = run("--method", "gradient", "--out", "older/x", star)
    if "removed older/x_running_mean.csv, which is of an older map" not in out:
        fail(f"older curves: {out}")
    if set(os.listdir("older")) != {"x_heat.png", "x_overlay.png", "x.npy", "x_record.json", "x_alpha.csv"}:
        fail(f"after gradient: {os.listdir('older')}")


def check_size_limit():
    """A file that grows over a limit is an error like a full disk, and leaves nothing."""
    os.mkdir("limit")
    for size in [1, 2000, 12000, 40000]:
        refused("cannot write: File too large", "--points", "100", "--out", "limit/x", star,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        if os.listdir("limit"):
            fail(f"files of at most {size} bytes: {os.listdir('limit')}")


def check_folder(prefix, strict):
    """Every file that the record names is there and of that run; no temporary. strict: and nothing else is."""
    names = os.listdir(prefix)
    if any(name.endswith(".tmp") for name in names):
        fail(f"{prefix}: temporaries: {names}")
    if "x_report.html" in names:
        with open(prefix + "/x_report.html", encoding="utf-8") as file:
            if file.read().count("</html>") != 1:
                fail(f"{prefix}: the page is not whole")
    if "x_record.json" not in names:
        if strict and names:
            fail(f"{prefix}: without a record: {names}")
        return None
    r = record(prefix + "/x")
    recorded = {name for result in r["results"] for name in result["files"]}
    if not recorded <= set(names) or (strict and set(names) - {"x_record.json", "x_report.html"} != recorded):
        fail(f"{prefix}: {names}, recorded {recorded}")
    for result in r["results"]:
        array = next(name for name in result["files"] if name.endswith(".npy"))
        if npy(f"{prefix}/{array}")[2] != result["sha256"]:
            fail(f"{prefix}: {array} is not the recorded one")
    return r


def check_signals():
    """At many moments: the exit code, a line at most, no temporaries, files and record that belong together; half of the
    runs go over the files of an older one."""
    points, samples = ("60", "40") if quick else ("400", "300")
    work = ["--report", "--method", "ig,gradient,expected-gradients", "--points", points, "--samples", samples,
            "--target", "top:2", "--out", "sig/x", star]
    shutil.rmtree("sig", ignore_errors=True)
    os.mkdir("sig")
    begun = time.monotonic()
    error, code = finish(start(*work))
    took = time.monotonic() - begun
    if code != 0:
        fail(f"signals: {code}, {error!r}")
    shutil.rmtree("older", ignore_errors=True)
    shutil.copytree("sig", "older")
    kinds = [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGQUIT,), (signal.SIGINT, signal.SIGINT),
             (signal.SIGTERM, signal.SIGINT)]
    counts = {}
    for trial in range(12 if quick else 36):
        numbers = kinds[trial % len(kinds)]
        over = trial // len(kinds) % 2 == 1
        shutil.rmtree("sig")
        if over:
            shutil.copytree("older", "sig")
        else:
            os.mkdir("sig")
        child = start(*work)
        time.sleep(random.uniform(0, 1.1 * took))
        for number in numbers:
            child.send_signal(number)
            time.sleep(random.uniform(0, 0.01))
        error, code = finish(child)
        said = f"signals {numbers}: {code}, {error!r}"
        r = check_folder("sig", not over)
        # Of two that wait to be delivered the kernel takes the lower number first.
        if code not in (0, *(128 + number for number in numbers), *(-number for number in numbers)) or error.count(b"\n") > 1:
            fail(said)
        if code < 0 and (error or (r is not None and not over)):
            fail(f"{said}: killed before it had begun, or after its end")  # when signals are not yet caught
        if code == 0 and (error or r["status"] != "complete"):
            fail(f"{said}: {r['status']}")
        if len(numbers) == 1 and code > 128:
            done = 0 if b"no map is done" in error else int(error.split(b" of 6")[0].split()[-1])
            if (r is None or done == 0) and (done > 0 or (r is not None and r["status"] != "complete")):
                fail(f"{said}: {r and r['status']}")
            if done > 0 and (r["status"] != "interrupted" or len(r["results"]) != done):
                fail(f"{said}: {r['status']}, {len(r['results'])} results")
        counts[code] = counts.get(code, 0) + 1
    if sum(n for code, n in counts.items() if code > 128) < (3 if quick else 10):
        fail(f"hardly a signal came while it was at work: {counts}")


def check_interrupt():
    """What is done is kept, and can be replayed."""
    for number in [signal.SIGINT, signal.SIGTERM]:
        shutil.rmtree("cut", ignore_errors=True)
        os.mkdir("cut")
        child = start("--method", "gradient,ig", "--points", "1000000", "--out", "cut/x", star)
        wait_for("cut/x_record.json", child)
        child.send_signal(number)
        error, code = finish(child)
        if code != 128 + number or error != b"explain_image: interrupted: 1 of 2 maps are done\n":
            fail(f"signal {number}: {code}, {error!r}")
        r = check_folder("cut", True)
        if r["status"] != "interrupted" or len(r["results"]) != 1:
            fail(f"interrupted: {r['status']}, {os.listdir('cut')}")
        out, _ = run("--replay", "cut/x_record.json")
        if "was not completed: interrupted" not in out:
            fail(f"replay of what was interrupted: {out}")


def check_older_record_stays():
    """Where no map was made, nothing is replaced."""
    os.mkdir("keep")
    run("--points", "2", "--out", "keep/x", star)
    before = {name: digest_of("keep/" + name) for name in os.listdir("keep")}
    leader, follower = pty.openpty()
    child = start("--points", "1000000", "--out", "keep/x", star, stderr=follower)
    os.close(follower)
    seen = os.read(leader, 4096)  # the bar: it is at work
    child.send_signal(signal.SIGINT)
    _, code = finish(child)
    try:
        while b"no map is done" not in seen:
            seen += os.read(leader, 4096)
    except OSError:
        fail(f"interrupted before the first map: {seen!r}")
    os.close(leader)
    if code != 130 or {name: digest_of("keep/" + name) for name in os.listdir("keep")} != before:
        fail(f"an older record: {code}, {seen!r}, {os.listdir('keep')}")
    run("--replay", "keep/x_record.json")


def check_ignored():
    """nohup and the like: what was ignored stays ignored."""
    child = start("--method", "gradient,ig", "--points", "500" if quick else "5000", "--out", "nohup", star,
                  ignored=[signal.SIGINT, signal.SIGHUP])
    wait_for("nohup_record.json", child)
    alive = child.poll() is None
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGHUP)
    error, code = finish(child)
    if code != 0 or error or not alive or record("nohup")["status"] != "complete":
        fail(f"ignored signals: {code}, {error!r}, {'' if alive else 'it had ended before'}")


def first_that(tries, attempt):
    """The first attempt that hits the moment that is looked for."""
    for _ in range(tries):
        found = attempt()
        if found:
            return found
    return None


def check_interrupted_search():
    """A search for a baseline is interrupted as a map is. The map itself would be done at once."""
    def attempt():
        for name in os.listdir("search"):
            os.remove("search/" + name)
        child = start("--baseline", "max-entropy", "--points", "1", "--out", "search/x", star)
        time.sleep(random.uniform(0, took))
        child.send_signal(signal.SIGINT)
        error, code = finish(child)
        if code == 130 and (error != b"explain_image: interrupted: no map is done\n" or os.listdir("search")):
            fail(f"interrupted search: {error!r}, {os.listdir('search')}")
        return code == 130
    os.mkdir("search")
    begun = time.monotonic()
    run("--baseline", "max-entropy", "--points", "1", "--out", "search/x", star)
    took = time.monotonic() - begun
    if not first_that(100, attempt):
        fail("no search was interrupted in 100 attempts")


def check_interrupted_curves():
    """An interrupt during deletion and insertion leaves the map in the page. The program is held where it tells of the
    first map, by a pipe that is full, so that the signal comes just before them."""
    os.mkdir("curves")
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writer, b"." * (4096 - 250))  # room for what it says of the picture, but not for what it says of the map
    child = start("--report", "--method", "gradient", "--target", "top:2", "--out", "curves/x", os.path.relpath(star),
                  stdout=writer)
    os.close(writer)
    wait_for("curves/x_record.json", child)
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    time.sleep(0.2)
    while os.read(reader, 4096):
        pass
    os.close(reader)
    error, code = finish(child)
    if code != 130 or error != b"explain_image: interrupted: 1 of 2 maps are done\n":
        fail(f"interrupted curves: {code}, {error!r}")
    check_folder("curves", True)
    with open("curves/x_report.html", encoding="utf-8") as file:
        page = file.read()
    if "1 map of 1 picture" not in page or "no curves of deletion and insertion: the run was interrupted" not in page:
        fail("interrupted curves: the page does not say so of the map")


def bars_of(*arguments):
    """What a terminal shows: (share, map, phase, rows, rows per second) of every bar, and whether the line is wiped."""
    leader, follower = pty.openpty()
    child = start(*arguments, stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    seen = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(leader)
    finish(child)
    if child.returncode != 0 or not seen.endswith(b"\r\x1b[K"):
        fail(f"terminal: {child.returncode}, {seen[-200:]!r}")
    drawn = re.findall(r"\[[#.]{30}\] (\d+) %, map (\d+) of (\d+), (?:([a-z ]+), )?(\d+)(?: of (?:up to )?(\d+))? rows, "
                       r"(\d+) rows/s, (\?|[0-9.]+ (?:s|min|h)) left", seen.decode())
    if len(drawn) != seen.count(b" left"):
        fail(f"terminal: {len(drawn)} of {seen.count(b' left')} bars can be read: {seen!r}")
    return [(int(share), int(at), phase, int(rows), int(rate)) for share, at, _, phase, rows, _, rate, _ in drawn]


def check_terminal():
    """Shares rise, the rate is that of the rows that were counted, and everything that takes time has its name."""
    bars = bars_of("--points", "600" if quick else "20000", "--out", "t", star)
    shares = [bar[0] for bar in bars]
    if not shares or shares != sorted(shares) or shares[-1] <= 50 or len(set(shares)) < 3:
        fail(f"shares of one map: {shares}")
    if any(rate <= 0 for *_, rate in bars[1:]):
        fail(f"rates: {bars}")
    # Several maps of all kinds: the adaptive rule, a search, curves, methods that call the library more than once.
    many = ["--report", "--method", "ig,xrai", "--baseline", "max-entropy,black", "--tolerance", "0.0001",
            "--max-evaluations", "400", "--target", "top:2", "--out", "t", star]
    bars = bars_of(*many)
    shares, maps, rates = [bar[0] for bar in bars], [bar[1] for bar in bars], [bar[4] for bar in bars]
    if shares != sorted(shares) or maps != sorted(maps) or shares[-1] <= 50 or shares[-1] > 100:
        fail(f"shares of several maps: {bars}")
    if len(set(shares)) < 5 or min(rates[len(rates) // 2:]) < max(rates[len(rates) // 2:]) / 20:
        fail(f"shares or rates of several maps: {bars}")
    phases = {bar[2] for bar in bars}
    if "" not in phases or not phases <= {"", "searching for the baseline", "deletion and insertion"}:
        fail(f"phases: {phases}")
    found = set(phases)
    for _ in range(20):  # the bar is drawn four times a second: that it shows a short phase is a matter of luck
        if len(found) == 3:
            break
        found |= {bar[2] for bar in bars_of("--report", "--method", "gradient,ig", "--baseline", "max-entropy", "--points",
                                            "1", "--target", "top:10", "--out", "t", star)}
    if len(found) < 3:
        fail(f"phases: {found}")


check_all([check_inputs_stay, check_no_pipes, check_changes_are_seen, check_paths_before_work, check_limits_of_the_page,
           check_older_curves, check_size_limit, check_interrupt, check_older_record_stays, check_ignored,
           check_interrupted_search, check_interrupted_curves, check_signals, check_terminal])
