#!/usr/bin/env python3
"""What a training program written for LibTorch costs through the door: preprocessed lines, and that it compiles.

budget.py --compiler g++ [--compiler clang++ ...] --include DIR [--include DIR ...] PROGRAM
A line is any line of `-E` but the markers; it belongs to the file that the marker before it names.
"""
import argparse, os, re, subprocess, sys

MOST_LINES, MOST_OWN_LINES = 95_000, 25_000
MARKER = re.compile(r'^# \d+ "([^"]*)"')


def count(text, own_folders):
    total = own = 0
    ours = False
    for line in text.splitlines():
        if line.startswith("#"):
            marker = MARKER.match(line)
            if marker:
                ours = os.path.realpath(marker.group(1)).startswith(own_folders)
        else:
            total += 1
            own += ours
    return total, own


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", action="append", required=True)
    parser.add_argument("--include", action="append", required=True)
    parser.add_argument("program")
    args = parser.parse_args()
    own = tuple(os.path.realpath(folder) + os.sep for folder in args.include)
    flags = [f"-I{folder}" for folder in args.include]

    text = subprocess.run([args.compiler[0], "-std=c++17", "-E", *flags, args.program], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    total, ours = count(text, own)
    print(f"{total:,} of {MOST_LINES:,} lines, {ours:,} of {MOST_OWN_LINES:,} from hearth's own headers")
    failed = total > MOST_LINES or ours > MOST_OWN_LINES
    if failed:
        print("FAILED: the headers of a training program are over their budget")
    for compiler in args.compiler:
        for standard in ("c++17", "c++20"):
            command = [compiler, f"-std={standard}", "-fsyntax-only", "-Wall", "-Wextra", *flags, args.program]
            began = os.times()
            if subprocess.run(command).returncode:
                print("FAILED:", " ".join(command))
                failed = True
            ended = os.times()
            print(f"{compiler} {standard}: {ended.children_user - began.children_user:.1f} s to parse")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
