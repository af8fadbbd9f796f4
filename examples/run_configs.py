#!/usr/bin/env python3
"""Trains from each configuration beside this file on data that is made up here, and checks the score it ends with.

    run_configs.py HEARTH
"""
import datetime
import math
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# configuration: the score's name, and what it must reach (a loss or an error: must not exceed)
WANTED = {
    "digits": ("accuracy", 0.95, 1),
    "table": ("accuracy", 0.85, 1),
    "regression": ("r2", 0.9, 1),
    "image_folder": ("accuracy", 0.9, 1),
    "next_character": ("loss", 0, 0.5),
    "time_series": ("mae", 0, 4),
}


def flowers(chance):
    """Two kinds that differ in two lengths; one in ten lengths was not measured."""
    lines = ["length,width,place,kind"]
    for i in range(400):
        rose = i % 2
        length = "" if i % 10 == 3 else f"{(4 if rose else 3) + chance.gauss(0, 0.4):.2f}"
        width = (1 if rose else 2) + chance.gauss(0, 0.4)
        lines.append(f"{length},{width:.2f},{chance.choice(['garden', 'meadow'])},{'rose' if rose else 'daisy'}")
    return "\n".join(lines) + "\n"


def houses(chance):
    lines = ["area,rooms,place,price"]
    for _ in range(500):
        area, rooms, place = chance.uniform(30, 200), chance.randint(1, 7), chance.choice(["town", "village"])
        price = 2.5 * area + 12 * rooms + (90 if place == "town" else 0) + chance.gauss(0, 15)
        lines.append(f"{area:.1f},{rooms},{place},{price:.1f}")
    return "\n".join(lines) + "\n"


def sales(chance):
    """A level that drifts, more on Saturdays, less on Sundays."""
    week, level, day = [20, 18, 19, 22, 30, 45, 8], 100.0, datetime.date(2024, 1, 1)
    lines = ["day,sold"]
    for i in range(500):
        level += chance.gauss(0.05, 0.5)
        lines.append(f"{day + datetime.timedelta(i)},{level + 2 * week[i % 7] + chance.gauss(0, 2):.1f}")
    return "\n".join(lines) + "\n"


def text(chance):
    lines = []
    for _ in range(800):
        subject, verb, thing = (chance.choice(words) for words in (
            ["the cat", "a dog", "my uncle", "the moon"], ["sees", "likes", "forgets"],
            ["the house", "a river", "old songs", "the rain"]))
        lines.append(f"{subject} {verb} {thing}.")
    return "\n".join(lines) + "\n"


def shapes(folder, chance):
    """Grey discs and squares as PGM files."""
    for kind in ("disc", "square"):
        (folder / kind).mkdir(parents=True)
        for i in range(80):
            x0, y0, r = chance.uniform(8, 16), chance.uniform(8, 16), chance.uniform(4, 7)
            inside = (lambda x, y: math.hypot(x - x0, y - y0) < r) if kind == "disc" else (
                lambda x, y: max(abs(x - x0), abs(y - y0)) < r)
            dots = bytes(200 if inside(x, y) else chance.randint(0, 60) for y in range(24) for x in range(24))
            (folder / kind / f"{i}.pgm").write_bytes(b"P5\n24 24\n255\n" + dots)


def main():
    hearth = pathlib.Path(sys.argv[1]).resolve()
    configs = {path.stem for path in HERE.glob("*.yaml")}
    if configs != set(WANTED):
        sys.exit(f"these configurations and the table of scores differ: {sorted(configs ^ set(WANTED))}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        folder, chance = pathlib.Path(folder), random.Random(1)
        for name, content in (("flowers.csv", flowers), ("houses.csv", houses), ("sales.csv", sales), ("text.txt", text)):
            (folder / name).write_text(content(chance))
        shapes(folder / "shapes", chance)
        for name, (metric, least, most) in WANTED.items():
            run = subprocess.run([hearth, "train", "--config", HERE / f"{name}.yaml", "--quiet", "--out", f"runs/{name}"],
                                 cwd=folder, text=True, capture_output=True)
            last = (run.stdout.strip().splitlines() or [""])[-1]
            words = last.split()
            good = run.returncode == 0 and words[:2] == ["test", metric] and least <= float(words[2]) <= most
            print(f"{name}.yaml: {last or run.stderr.strip()}{'' if good else f'  <- {metric} must be {least} to {most}'}")
            failed = failed or not good
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
