"""torch_table.py BENCH_TORCH [DATA] - a photograph on the MobileNet of the shared data through attrib_torch, beside the same
through PyTorch in Python: time, what of it is the library's own, and memory. Exit status 77 without the data or torch."""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ffi"))
from tables import Bounds  # noqa: E402

POINTS = (16, 64, 256)
JUDGED = 64
HERE = Path(__file__).resolve().parent
TURNS = 3


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def find(data):
    folder = Path(data or os.environ.get("ATTRIB_SHARED_DATA") or HERE.parents[1].parent / "shared" / "data")
    paths = folder / "mobilenet" / "mobilenet_v1_025_224.pt", folder / "mobilenet" / "chelsea.png"
    if not all(path.is_file() for path in paths):
        skip(f"no mobilenet in {folder}")
    return [str(path) for path in paths]


def numbers(*command):
    return [float(part) for part in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def ours(program, paths, points, threads, *form):
    total, work, core, conversion, peak, rows = numbers(program, *paths, str(points), str(threads), *form)
    if rows != points:
        raise RuntimeError(f"{rows} rows instead of {points}")
    return {"seconds": total, "share": 100 * (core + conversion) / work, "peak": peak}


def peer(paths, points, threads, chunk):
    seconds, peak = numbers(sys.executable, "-B", str(HERE / "torch_peer.py"), *paths, str(points), str(threads),
                            str(chunk))
    return {"seconds": seconds, "peak": peak}


def middle(runs, key):
    return sorted(runs, key=lambda run: run[key])[len(runs) // 2]


def print_row(program, paths, points, threads, bounds):
    """The row of the table; what it found of ours."""
    mine = middle([ours(program, paths, points, threads) for _ in range(TURNS if points == JUDGED else 1)], "share")
    pixels = ours(program, paths, points, threads, "pixels")
    chunks, whole = (peer(paths, points, threads, chunk) for chunk in (16 if threads == 1 else 8, 0))
    cells = [threads, points, f"{mine['share']:.2f} %", f"{pixels['share']:.2f} %",
             *(f"{run['seconds']:.2f}" for run in (mine, chunks, whole)),
             *(f"{run['peak'] / 1e6:.0f}" for run in (mine, chunks, whole)),
             *(f"{run['seconds'] / mine['seconds']:.2f}" for run in (chunks, whole)),
             *(f"{run['peak'] / mine['peak']:.2f}" for run in (chunks, whole))]
    print("|", " | ".join(str(cell) for cell in cells), "|", flush=True)
    if points == JUDGED:
        named = f"{points} points, {threads} thread{'s' * (threads > 1)}"
        if threads == 1:  # of more threads the caller's own does less of the network, and all of the library's part
            bounds.at_most(f"the library's own share of the time, %, {named}, median of {TURNS}", mine["share"], 2)
        bounds.at_least(f"memory, all points at once / ours, {named}", whole["peak"] / mine["peak"], 2)
    return mine


def main(program, data=None):
    begin, paths, bounds = time.monotonic(), find(data), Bounds()
    try:
        import torch  # noqa: F401
    except ImportError:
        skip(f"torch is not installed for {sys.executable}")
    print("# attrib_torch beside PyTorch in Python\n\nMobileNetV1 0.25 on a photograph of 224 x 224, midpoints from black. "
          "The library's own: the share of the calling thread's processor time that is spent outside the network, with "
          "rows as the network wants them, and from interleaved pixels of 0 to 255. Seconds of a second call. Memory: what "
          "the process' largest resident set grew by since the network was opened, MB. Chunks: of as many rows as "
          "attrib_torch gives the network at once. Threads: of libtorch, in both.\n\n"
          "| threads | points | the library's own | from pixels | ours, s | PyTorch in chunks, s | all points at once, s "
          "| ours, MB | chunks, MB | at once, MB | time, chunks / ours | at once / ours | memory, chunks / ours "
          "| at once / ours |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    mine = [print_row(program, paths, points, 1, bounds) for points in POINTS]
    print_row(program, paths, JUDGED, max(2, os.cpu_count() or 2), bounds)
    # One row of floats kept for each of 240 points more would be 145 MB, or 1.4.
    bounds.at_most(f"memory with {POINTS[-1]} points / with {POINTS[0]}", mine[-1]["peak"] / mine[0]["peak"], 1.2)
    bounds.show()
    print(f"\n{time.monotonic() - begin:.0f} s")
    return 1 if bounds.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
