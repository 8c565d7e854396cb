"""torch_table.py BENCH_TORCH [DATA] - a photograph on the MobileNet of the shared data through attrib_torch, beside the same
through PyTorch in Python: time, what of it is the library's own, and memory. Exit status 77 without the data or torch."""
import os
import subprocess
import sys
import time
from pathlib import Path

from tables import Bounds

POINTS = (16, 64, 256)
THREADS = (1, 0)  # 0: as many as libtorch takes
HERE = Path(__file__).resolve().parent
TURNS = 3  # of the share of the library: the median


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


def ours(program, paths, points, threads):
    total, work, core, conversion, peak, rows = numbers(program, *paths, str(points), str(threads))
    if rows != points:
        raise RuntimeError(f"{rows} rows instead of {points}")
    return {"seconds": total, "share": (core + conversion) / work, "core": core / work, "peak": peak}


def peer(paths, points, threads, chunk):
    seconds, peak = numbers(sys.executable, "-B", str(HERE / "torch_peer.py"), *paths, str(points), str(threads), str(chunk))
    return {"seconds": seconds, "peak": peak}


def main(program, data=None):
    begin, paths, bounds = time.monotonic(), find(data), Bounds()
    try:
        import torch  # noqa: F401
    except ImportError:
        skip(f"torch is not installed for {sys.executable}")
    print("# attrib_torch beside PyTorch in Python\n\nMobileNetV1 0.25 on a photograph of 224 x 224, midpoints from black. "
          "Seconds of a second call. The library's own: the share of the calling thread's processor time that is spent outside the "
          "network, conversion from interleaved pixels of 0 to 255 included (in brackets without). Memory: increase "
          "of the process' largest resident set over one gradient, MB. Chunks: of as many rows as attrib_torch gives the "
          "network at once. Threads: of libtorch, in both.\n\n"
          "| threads | points | ours, s | the library's own | PyTorch in chunks, s | all points at once, s | ours, MB "
          "| chunks, MB | at once, MB | time, chunks / ours | at once / ours | memory, chunks / ours | at once / ours |\n"
          "|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for threads in THREADS:
        chunk, peaks = 16 if threads == 1 else 8, []
        for points in POINTS:
            runs = sorted((ours(program, paths, points, threads) for _ in range(TURNS if points == 64 else 1)),
                          key=lambda run: run["share"])
            mine, chunks, whole = runs[len(runs) // 2], peer(paths, points, threads, chunk), peer(paths, points, threads, 0)
            peaks.append(mine["peak"])
            cells = [threads or "libtorch's", points, f"{mine['seconds']:.2f}", f"{100 * mine['share']:.2f} % ({100 * mine['core']:.2f} %)",
                     *(f"{run['seconds']:.2f}" for run in (chunks, whole)),
                     *(f"{run['peak'] / 1e6:.0f}" for run in (mine, chunks, whole)),
                     *(f"{run['seconds'] / mine['seconds']:.2f}" for run in (chunks, whole)),
                     *(f"{run['peak'] / mine['peak']:.2f}" for run in (chunks, whole))]
            print("|", " | ".join(str(cell) for cell in cells), "|", flush=True)
            if points == 64:
                named = f"{threads} thread" if threads else "libtorch's threads"
                bounds.at_most(f"library's own share of its thread's time, %, {points} points, {named}, median of {TURNS}",
                               100 * mine["share"], 2)
                bounds.at_least(f"memory of all points at once / ours, {points} points, {named}",
                                whole["peak"] / mine["peak"], 2)
        bounds.at_most(f"memory with {POINTS[-1]} points / with {POINTS[0]}, {threads or 'default'} threads",
                       peaks[-1] / peaks[0], 1.1)
    bounds.show()
    print(f"\n{time.monotonic() - begin:.0f} s")
    return 1 if bounds.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
