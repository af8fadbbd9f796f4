#!/usr/bin/env python3
"""Builds the workloads against hearth, through the door, and against LibTorch if it is installed; runs them in turn
(LibTorch, hearth, LibTorch, hearth) and prints medians, their ratio and how far hearth is from the machine's floor.

  run.py [--rounds 3] [--threads 2] [--priority -19] [--plain-peer] [--no-peer] [--json FILE] [WORKLOAD...]

A ratio above 1: hearth is faster. floor = max(flops / peak, bytes / bandwidth, operations * price of one), as
bench/floor.cpp finds them on this machine, once. LibTorch runs at its best: AVX-512 kernels in ATen and OpenBLAS, the
OpenMP build of OpenBLAS (its thread build fights ATen's threads) and a malloc that keeps freed blocks; --plain-peer
leaves the last two out. A run is repeated, twice at most, and then marked ~, if other processes used over a tenth of
the machine while the program waited for a processor; --priority -19 (as root) puts it before everything else.
"""
import argparse, json, os, pathlib, resource, statistics, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PEER_INCLUDE = "/usr/include/torch/csrc/api/include"
PEER_BEST = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296",
             "MALLOC_TOP_PAD_": "67108864"}
CXX = [os.environ.get("CXX", "g++"), "-std=c++17"]


# ---- building

def newest(paths):
    return max((p.stat().st_mtime for p in paths if p.exists()), default=0)


def build_program(source, target, inputs, flags, libraries):
    """Compiles one program unless it is newer than its inputs. The error, or None."""
    if target.exists() and target.stat().st_mtime > newest([source, HERE / "bench.h", *inputs]):
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    run = subprocess.run([*CXX, *flags, str(source), "-o", str(target), *libraries], text=True, capture_output=True)
    if run.returncode == 0:
        return None
    target.unlink(missing_ok=True)
    return next((line for line in run.stderr.splitlines() if "error" in line or "undefined" in line), "?")


HEARTH_ONLY = {"jpeg_folder": ["-ljpeg"]}  # LibTorch has no such thing; what else the program links


def build_side(side, names, out, build):
    if side == "hearth":
        inputs = [*ROOT.glob("include/**/*.h"), *ROOT.glob("compat/**/*.h")]
        flags = ["-O2", f"-I{ROOT / 'compat'}", f"-I{ROOT / 'include'}"]
        release = (build / "release").resolve()
        libraries = [f"-L{release}", "-lhearth", f"-Wl,-rpath,{release}"]
    else:
        inputs, flags = [], ["-O2", f"-I{PEER_INCLUDE}"]
        libraries = ["-ltorch", "-ltorch_cpu", "-lc10"]
    built, failed = [], []
    for name in names:
        if side == "peer" and name in HEARTH_ONLY:
            continue
        print(f"\rbuilding {side} {name:<24}", end="", file=sys.stderr, flush=True)
        extra = HEARTH_ONLY.get(name, [])
        error = build_program(HERE / f"{name}.cpp", out / side / name, inputs, flags, [*libraries, *extra])
        failed.append(f"{side} {name}: {error}") if error else built.append(name)
    print("\r" + " " * 48 + "\r", end="", file=sys.stderr)
    return built, failed


def openmp_blas(out):
    """The folder of OpenBLAS's OpenMP build: the system's package, unpacked beside the programs, not installed."""
    folder = out / "blas"
    if not folder.exists():
        folder.mkdir(parents=True)
        subprocess.run("apt-get download libopenblas0-openmp && dpkg -x ./*.deb . && rm -f ./*.deb", shell=True,
                       cwd=folder, capture_output=True)
    return next((p.parent for p in folder.rglob("libblas.so.3")), None)


# ---- running

def environment(side, args, out):
    env = dict(os.environ, BENCH_THREADS=str(args.threads))
    if side == "peer":
        env = {k: v for k, v in env.items() if not k.startswith("OPENBLAS_")}
        env |= {"ATEN_CPU_CAPABILITY": "avx512", "OPENBLAS_CORETYPE": "SkylakeX", "OPENBLAS_NUM_THREADS": str(args.threads)}
        if not args.plain_peer:
            blas = openmp_blas(out)
            env |= PEER_BEST | ({"LD_LIBRARY_PATH": str(blas)} if blas else {"OMP_WAIT_POLICY": "passive"})
    return env


def processor_seconds():
    """(busy, all) seconds of the machine's processors since it started."""
    with open("/proc/stat") as f:
        ticks = [int(x) / os.sysconf("SC_CLK_TCK") for x in f.readline().split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def run_once(program, env, priority):
    """The program's JSON, with the share of the machine that others used while it ran."""
    def raise_priority():
        if priority is not None:
            try:  # where the kernel groups by session, the group's priority counts
                os.setsid()
                os.nice(priority)
                pathlib.Path("/proc/self/autogroup").write_text(str(priority))
            except OSError:
                pass

    def own_seconds():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    busy, total, own, began = *processor_seconds(), own_seconds(), time.monotonic()
    p = subprocess.run([str(program)], env=env, text=True, capture_output=True, preexec_fn=raise_priority)
    if p.returncode != 0:
        raise RuntimeError(f"{program}: exit {p.returncode}: {p.stderr.strip()[-300:]}")
    busy_now, total_now = processor_seconds()
    result = json.loads(p.stdout.strip().splitlines()[-1])
    others = max(0.0, (busy_now - busy) - (own_seconds() - own)) / max(1e-9, total_now - total)
    undisturbed = result.get("waited", 1) < 0.02 * (time.monotonic() - began)
    return dict(result, others=0.0 if undisturbed else others)


def run(program, env, priority):
    """The quietest of up to three runs."""
    best = None
    for _ in range(3):
        result = run_once(program, env, priority)
        if best is None or result["others"] < best["others"]:
            best = result
        if best["others"] <= 0.1:
            break
    return best


def measure_floor(args, out):
    """What the machine can do at most: measured once and kept beside the programs."""
    kept = out / f"floor-{args.threads}.json"
    if kept.exists() and kept.stat().st_mtime > (HERE / "floor.cpp").stat().st_mtime:
        return json.loads(kept.read_text())
    error = build_program(HERE / "floor.cpp", out / "floor", [], ["-O3", "-march=native", "-ffast-math", "-fopenmp"],
                          ["-ldnnl"])
    if error:
        sys.exit(f"floor.cpp does not build: {error}")
    runs = [run(out / "floor", environment("floor", args, out), args.priority) for _ in range(3)]
    floor = {key: (min if key == "seconds_per_op" else max)(r[key] for r in runs) for key in runs[0] if key != "name"}
    kept.write_text(json.dumps(floor))
    return floor


def floor_of(part, floor):
    """The least seconds that a part can take here; small data is streamed at the speed of the cache that holds it."""
    rate = floor["bytes_per_s"]
    for size, key in ((150e6, "bytes_per_s_100mb"), (20e6, "bytes_per_s_12mb"), (1.5e6, "bytes_per_s_1mb")):
        if part["bytes"] <= size:
            rate = max(floor["bytes_per_s"], floor[key])
    return max(part["flops"] / floor["flops_per_s"], part["bytes"] / rate, part["ops"] * floor["seconds_per_op"])


# ---- reporting

def human(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return "0"


def rate(part, seconds):
    if part["items"]:
        return f"{part['items'] / seconds:,.0f}/s"
    if part["flops"] > 10 * part["bytes"]:
        return f"{part['flops'] / seconds / 1e9:.0f} GF/s"
    return f"{part['bytes'] / seconds / 1e9:.1f} GB/s" if part["bytes"] and not part["ops"] else ""


def rows_of(result):
    parts = result.get("parts")
    return [(f"{result['name']}/{p['name']}", p) for p in parts] if parts else [(result["name"], result)]


def report(runs, floor, ratios):
    """Prints the rows of one workload; runs: side -> results of its rounds."""
    for i, (row, _) in enumerate(rows_of(runs["hearth"][0])):
        series = {side: [rows_of(r)[i][1] for r in results] for side, results in runs.items()}
        middle = {side: statistics.median(p["value"] for p in parts) for side, parts in series.items()}
        least = floor_of(series["hearth"][0], floor)
        note = "~ " if any(r["others"] > 0.1 for results in runs.values() for r in results) else ""
        peer = ratio = "-"
        if "peer" in runs:
            peer = human(middle["peer"])
            value = statistics.median(a["value"] / b["value"] for a, b in zip(series["peer"], series["hearth"]))
            ratios.append((row, value))
            ratio = f"{value:.2f}"
            a, b = series["peer"][0]["check"], series["hearth"][0]["check"]
            if abs(a - b) > 2e-3 * max(abs(a), abs(b), 1e-6):
                note += f"CHECK DIFFERS: {a:.6g} against {b:.6g}"
        print(f"{row:<32} {peer:>9} {human(middle['hearth']):>9} {ratio:>6} {human(least):>9} "
              f"{middle['hearth'] / least if least else 0:>8.2f}  {rate(series['hearth'][0], middle['hearth']):<12}{note}",
              flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--priority", type=int)
    parser.add_argument("--plain-peer", action="store_true")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="WORKLOAD")
    args = parser.parse_args()
    known = sorted(p.stem for p in HERE.glob("*.cpp") if p.stem != "floor")
    unknown = set(args.names) - set(known)
    if unknown:
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    names, out = args.names or known, args.build / "bench"

    sides = ["hearth"]
    if not args.no_peer:
        if os.path.exists(PEER_INCLUDE):
            sides = ["peer", "hearth"]
        else:
            print("LibTorch is not installed (Debian: libtorch-dev): hearth alone, against the floor")
    built, failed = {}, []
    for side in sides:
        built[side], errors = build_side(side, names, out, args.build)
        failed += errors
    floor = measure_floor(args, out)
    print(f"floor: {floor['flops_per_s'] / 1e9:.0f} GF/s, {floor['bytes_per_s'] / 1e9:.0f} GB/s from memory, "
          f"{floor['seconds_per_op'] * 1e9:.0f} ns a small operation; {args.threads} threads, {args.rounds} rounds")
    print(f"{'workload':<32} {'LibTorch':>9} {'hearth':>9} {'ratio':>6} {'floor':>9} {'x floor':>8}")

    ratios, kept = [], []
    for name in names:
        runs = {}
        try:
            for _ in range(args.rounds):
                for side in (s for s in sides if name in built[s]):
                    result = run(out / side / name, environment(side, args, out), args.priority)
                    runs.setdefault(side, []).append(result)
                    kept.append(dict(result, side=side))
        except (RuntimeError, ValueError) as error:
            failed.append(str(error))
            continue
        if "hearth" in runs:
            report(runs, floor, ratios)
    if ratios:
        slower = [row for row, value in ratios if value < 1]
        print(f"geometric mean of {len(ratios)} ratios: {statistics.geometric_mean(v for _, v in ratios):.2f}; "
              f"slower than LibTorch: {', '.join(slower) or 'none'}")
    for line in failed:
        print("FAILED", line)
    if args.json:
        args.json.write_text(json.dumps({"threads": args.threads, "floor": floor, "runs": kept}, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
