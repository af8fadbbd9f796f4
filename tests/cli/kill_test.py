#!/usr/bin/env python3
"""Kills a training with SIGKILL at random instants, resumes it each time until it is done, and compares.

    kill_test.py HEARTH [KILLS=6] [SEED]

The training has dropout, shuffling, augmentation, averaged weights and a schedule by steps. Weights, records (but for
times) and the last line must be those of the uninterrupted run to the bit; nothing half-written may remain, and no more
checkpoints than the run keeps. Runs with other seeds follow until KILLS kills have struck.
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

SETTINGS = [
    "data.samples=240", "model.name=cnn", "model.channels=[4]", "model.hidden=16", "model.dropout=0.3",
    "transforms.shift=2", "transforms.flip=true", "transforms.erase=0.3", "run.epochs=10", "run.batch_size=16",
    "run.accumulate=2", "run.checkpoint_steps=4", "run.checkpoint_epochs=1", "run.keep_last=2", "run.keep_best=1",
    "run.log_every=3", "run.workers=2",
]
KEPT = 3
TIMES = ("time", "samples_per_second", "data_wait", "memory_bytes")


def records(folder):
    """The lines of metrics.jsonl without what hangs on the clock and the machine."""
    with open(f"{folder}/metrics.jsonl") as file:
        return [{k: v for k, v in json.loads(line).items() if k not in TIMES} for line in file]


def content(path):
    with open(path, "rb") as file:
        return file.read()


def last_line(process):
    return process.stdout.decode().strip().splitlines()[-1]


def start(hearth, seed, folder):
    """The command that begins a run, or goes on with it."""
    if os.path.exists(f"{folder}/config.yaml"):
        return [hearth, "train", "--resume", folder, "--quiet"]
    return [hearth, "train", "--data", "digits", "--seed", str(seed), "--out", folder, "--quiet", *SETTINGS]


def killed(command, after):
    """Runs it and kills it after some seconds. None where it ended before, by itself, else True."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _, errors = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}: {errors.decode()}")
    return False


def leftovers(folder):
    return [f"{at}/{f}" for at, _, files in os.walk(folder) for f in files if f.endswith(".tmp")]


def compare(hearth, seed, whole, broken, line, kills):
    final = subprocess.run(start(hearth, seed, broken), stdout=subprocess.PIPE, check=True)
    checks = {
        "the weights": content(f"{whole}/model.safetensors") == content(f"{broken}/model.safetensors"),
        "the records": records(whole) == records(broken),
        "the last line": last_line(final) == line,
        "the number of checkpoints": len(os.listdir(f"{broken}/checkpoints")) <= KEPT,
        "half-written files": not leftovers(broken),
    }
    wrong = [name for name, good in checks.items() if not good]
    if wrong:
        sys.exit(f"seed {seed}, {kills} kills: not as in the uninterrupted run: {', '.join(wrong)}")


def main():
    hearth, wanted = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns())
    struck = runs = 0
    with tempfile.TemporaryDirectory() as folder:
        while struck < wanted:
            seed, whole, broken = runs, f"{folder}/whole{runs}", f"{folder}/broken{runs}"
            begin = time.monotonic()
            uninterrupted = subprocess.run(start(hearth, seed, whole), stdout=subprocess.PIPE, check=True)
            seconds, before = time.monotonic() - begin, struck
            while struck < wanted and killed(start(hearth, seed, broken), chance.uniform(0, 0.7 * seconds)):
                struck += 1
            compare(hearth, seed, whole, broken, last_line(uninterrupted), struck - before)
            runs += 1
            print(f"run {runs}: {struck - before} kills, {len(records(whole))} records, bit-identical", flush=True)
    print(f"{struck} kills in {runs} runs: all resumed to the same bits")


if __name__ == "__main__":
    main()
