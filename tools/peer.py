#!/usr/bin/env python3
"""Programs of tests/peer/ print numbers; beside each lies what it prints with LibTorch.

peer.py check PROGRAM EXPECTED   runs a program (built against hearth) and compares what it prints
peer.py libtorch OUT [--write]   builds all of them against the installed LibTorch into OUT and does the same;
                                 --write makes the expected files anew
peer.py differential OUT BUILD [ARGUMENT...]   builds tests/differential/ with both libraries in one program and runs it

Words must be equal, numbers equal to 1e-5 of their size or 1e-7, to 1e-10 of their size where LibTorch's is printed
with 14 digits or more; of programs named *printed, each character.
"""
import argparse, math, os, pathlib, re, subprocess, sys

PROGRAMS = pathlib.Path(__file__).resolve().parent.parent / "tests/peer"
FLAGS = "-std=c++17 -O1 -I/usr/include/torch/csrc/api/include".split()
LIBRARIES = "-ltorch -ltorch_cpu -lc10".split()


def same(a, b):
    exact = len(b.split("e")[0].replace(".", "").lstrip("-0")) >= 14
    tolerance = {"rel_tol": 1e-10, "abs_tol": 1e-14} if exact else {"rel_tol": 1e-5, "abs_tol": 1e-7}
    try:
        return math.isclose(float(a), float(b), **tolerance) or a == b
    except ValueError:
        return a == b


def output_of(program):
    run = subprocess.run([str(program)], text=True, capture_output=True)
    if run.returncode:
        sys.exit(f"{program}: exit {run.returncode}: {run.stderr.strip()[-500:]}")
    return run.stdout


def differences(got, expected, exact):
    """Lines that differ, as printable text; exact: in any character."""
    got, expected = got.splitlines(), expected.splitlines()
    if len(got) != len(expected):
        return [f"{len(got)} lines instead of {len(expected)}"]
    def words(line):
        return re.split(r"[\s,\[\]()]+", line)
    return [f"line {n}: got {a!r}, LibTorch has {b!r}" for n, (a, b) in enumerate(zip(got, expected), 1)
            if a != b and (exact or len(words(a)) != len(words(b)) or not all(map(same, words(a), words(b))))]


def compare(program, expected):
    wrong = differences(output_of(program), expected.read_text(), exact=expected.stem.endswith("printed"))
    print("\n".join(wrong[:20]) or f"{expected.stem}: as LibTorch's, {len(expected.read_text().splitlines())} lines")
    return not wrong


def differential(out, build, arguments):
    """tests/differential/ops.cpp twice, once for each library, and what compares them; linked to BUILD/libhearth.so."""
    folder, root = PROGRAMS.parent / "differential", PROGRAMS.parent.parent
    out.mkdir(parents=True, exist_ok=True)
    sides = {"hearth": ["-DSIDE=run_hearth", "-DHEARTH_SIDE", f"-I{root / 'compat'}", f"-I{root / 'include'}"],
             "torch": ["-DSIDE=run_torch", *FLAGS[2:]]}
    objects = []
    for name, flags in [*sides.items(), ("main", [])]:
        source = folder / ("main.cpp" if name == "main" else "ops.cpp")
        objects.append(str(out / f"differential_{name}.o"))
        subprocess.run(["g++", "-std=c++17", "-O0", *flags, "-c", str(source), "-o", objects[-1]], check=True)
    program = out / "differential"
    subprocess.run(["g++", *objects, "-o", str(program), f"-L{build}", "-lhearth", f"-Wl,-rpath,{build.resolve()}",
                    *LIBRARIES], check=True)
    # One thread: the small calls here would only wait for the peer's second pool.
    return subprocess.run([str(program), *arguments], env={**os.environ, "OMP_NUM_THREADS": "1"},
                          stderr=subprocess.DEVNULL).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check")
    check.add_argument("program", type=pathlib.Path)
    check.add_argument("expected", type=pathlib.Path)
    libtorch = commands.add_parser("libtorch")
    libtorch.add_argument("out", type=pathlib.Path)
    libtorch.add_argument("--write", action="store_true")
    both = commands.add_parser("differential")
    both.add_argument("out", type=pathlib.Path)
    both.add_argument("build", type=pathlib.Path)
    both.add_argument("arguments", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    if args.command == "differential":
        return differential(args.out, args.build, args.arguments)
    if args.command == "check":
        return 0 if compare(args.program, args.expected) else 1

    fine = True
    args.out.mkdir(parents=True, exist_ok=True)
    for source in sorted(PROGRAMS.glob("*.cpp")):
        program, expected = args.out / source.stem, source.with_suffix(".txt")
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["g++", *FLAGS, str(source), "-o", str(program), *LIBRARIES], check=True)
        if args.write:
            expected.write_text(output_of(program))
        fine &= compare(program, expected)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
