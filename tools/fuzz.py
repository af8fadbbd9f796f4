#!/usr/bin/env python3
"""Runs the fuzz targets of a build with the preset "fuzz", two at a time, and prints what each did.

    cmake --preset fuzz && cmake --build build/fuzz
    tools/fuzz.py build/fuzz --runs 10000000 [TARGET...]

A target that has found something leaves the input as FINDINGS/TARGET-crash-..., and the script ends with 1, as it
does where a run was stopped from outside. What a target has learnt stays in CORPUS and is where the next run begins.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time


INTERRUPTED = 72  # libFuzzer's exit code after SIGINT or SIGTERM


def verdict(code: int) -> str:
    if code == 0:
        return "nothing found"
    return "stopped" if code < 0 or code == INTERRUPTED else "FOUND SOMETHING"


def fuzz(target: str, args: argparse.Namespace) -> tuple[str, bool]:
    corpus = args.corpus / target
    command = [args.build / "tests" / "fuzz" / f"fuzz_{target}", f"-runs={args.runs}", f"-max_len={args.max_len}",
               f"-rss_limit_mb={args.rss_mb}", "-timeout=20", "-entropic=0", "-print_final_stats=1", "-verbosity=0",
               f"-artifact_prefix={args.findings}/{target}-", corpus]
    # No stack kept with each allocation: a finding is run again with them, from the input that is left.
    options = "malloc_context_size=0:quarantine_size_mb=8:" + os.environ.get("ASAN_OPTIONS", "")
    begin = time.monotonic()
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace",
                          env=os.environ | {"ASAN_OPTIONS": options})
    seconds = time.monotonic() - begin
    facts = dict(re.findall(r"stat::(\w+):\s+(\d+)", done.stderr))
    if done.returncode != 0:
        (args.findings / f"{target}.log").write_text(done.stderr)
    line = (f"{target:12} {int(facts.get('number_of_executed_units', 0)):>12,} runs {seconds:8.0f} s "
            f"{len(list(corpus.iterdir())):>6} inputs kept {facts.get('peak_rss_mb', '?'):>5} MB at most  "
            f"{verdict(done.returncode)}")
    return line, done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--runs", type=int, default=10_000_000)
    parser.add_argument("--max-len", type=int, default=2048, help="of an input, in bytes")
    parser.add_argument("--rss-mb", type=int, default=512, help="a target that needs more memory has failed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--corpus", type=pathlib.Path, default=None, help="default: BUILD/corpus")
    parser.add_argument("--findings", type=pathlib.Path, default=None, help="default: BUILD/findings")
    args = parser.parse_intermixed_args()
    args.corpus = args.corpus or args.build / "corpus"
    args.findings = args.findings or args.build / "findings"
    programs = sorted(args.build.glob("tests/fuzz/fuzz_*"))
    known = [p.name.removeprefix("fuzz_") for p in programs if p.is_file()]
    unknown = [t for t in args.targets if t not in known]
    if unknown or not known:
        sys.exit(f"fuzz.py: {args.build} has no target {unknown or 'at all'}; it has {known}")
    args.findings.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(args.build / "tests/fuzz/hearth_fuzz_replay"), "--write", str(args.corpus)], check=True)
    clean = True
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        runs = [pool.submit(fuzz, t, args) for t in args.targets or known]
        for run in concurrent.futures.as_completed(runs):
            line, passed = run.result()
            print(line, flush=True)
            clean = clean and passed
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
