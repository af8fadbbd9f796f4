#!/usr/bin/env python3
"""Fails on an #include that runs up the layers (docs/architecture.md) or makes a public header heavy.

check_layers.py [--root DIR]   checks a tree
check_layers.py --self-test    checks that each rule catches what it is for
"""
import argparse, pathlib, re, sys, tempfile

CORE = ["base", "tensor", "backend", "autograd", "ops"]          # each may use those before it
ROOMS = {room: set(CORE[:i + 1]) for i, room in enumerate(CORE)}  # room -> rooms of src/ that it may include
ROOMS["backend/cpu"] = {"base", "tensor", "backend", "backend/cpu"}
ROOMS["nn"], ROOMS["optim"] = {"base", "nn"}, {"optim"}          # no tensor's inside: as a user's module
ROOMS["io"] = {"base", "io"}
ROOMS["data"] = ROOMS["io"] | {"data"}
ROOMS["train"] = ROOMS["data"] | {"train"}
ROOMS["kit"] = {"base", "train", "kit"}
ROOMS["report"] = {"report"}  # public headers only
ROOMS["cli"] = {"base", "kit", "report", "cli"}
HEAVY = "iostream sstream regex filesystem random future thread complex".split()
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]')


def room_of(path):
    """The room of a path below src/, the longest name first."""
    return next((r for r in sorted(ROOMS, key=len, reverse=True) if path.startswith(r + "/")), None)


def fault(path, quote, name):
    """What is wrong with this #include in this file (both relative), or None."""
    if name.startswith(("torch/", "ATen/", "c10/")) and not path.startswith("compat/"):
        return "only programs go through the door"
    if path.startswith(("include/", "compat/")):
        if quote == "<" and not name.startswith(("torch/", "ATen/", "c10/", "hearth/")):
            if "/" in name or "." in name:
                return "a public header includes the standard library's headers and hearth's only"
            if name in HEAVY and path.startswith("include/"):
                return "too heavy for a public header"
        return "private header" if quote == '"' and room_of(name) else None
    if re.search(r"dnnl|^omp\.h$", name) and quote == "<" and not path.startswith("src/backend/cpu/dnnl_"):
        return "only src/backend/cpu/dnnl_* may include oneDNN"
    if quote == "<" or name.startswith("hearth/") or name == "pch.h":
        return None
    here, there = room_of(path[len("src/"):]), room_of(name)
    if there is None:
        return "name it from src/, as in \"base/threads.h\""
    return None if there in ROOMS[here] else f"{here} may include {', '.join(sorted(ROOMS[here]))} and public headers"


def check(root):
    faults = []
    for top in ("src", "include", "compat"):
        for file in sorted((root / top).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix not in (".h", ".cpp") or path == "src/pch.h":
                continue
            if top == "src" and room_of(path[len("src/"):]) is None:
                faults.append(f"{path}: not in a room of src/")
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                found = INCLUDE.match(line)
                why = found and fault(path, *found.groups())
                if why:
                    faults.append(f"{path}:{number}: {line.strip()}: {why}")
    return faults


def self_test():
    bad = ['src/base/a.cpp:"tensor/impl.h"', 'src/tensor/a.cpp:"backend/kernels.h"', 'src/backend/a.cpp:"backend/cpu/x.h"',
           'src/backend/cpu/a.cpp:"autograd/record.h"', 'src/backend/cpu/pool.cpp:<oneapi/dnnl/dnnl.hpp>',
           'src/ops/a.cpp:"nn/x.h"', 'src/nn/a.cpp:"ops/x.h"', 'src/optim/a.cpp:"base/threads.h"',
           'src/data/a.cpp:"train/x.h"', 'src/cli/a.cpp:"tensor/impl.h"', 'src/ops/a.cpp:"neighbour.h"',
           'src/nn/a.cpp:<torch/torch.h>', 'src/elsewhere/a.cpp:<vector>', 'include/hearth/a.h:<iostream>',
           'include/hearth/a.h:<fmt/format.h>', 'include/hearth/a.h:"tensor/impl.h"', 'compat/torch/a.h:<dnnl.hpp>']
    good = ['src/ops/a.cpp:"autograd/record.h"', 'src/backend/cpu/dnnl_matmul.cpp:<oneapi/dnnl/dnnl.hpp>',
            'src/cli/a.cpp:"kit/config.h"', 'src/nn/a.cpp:"hearth/tensor.h"', 'src/base/a.cpp:<iostream>',
            'include/hearth/a.h:<vector>', 'compat/torch/a.h:<iostream>', 'compat/torch/a.h:<ATen/ATen.h>']
    for case in bad + good:
        with tempfile.TemporaryDirectory() as folder:
            path, include = case.split(":")
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True)
            file.write_text(f"#include {include}\n")
            if bool(check(pathlib.Path(folder))) != (case in bad):
                sys.exit(f"check_layers --self-test: {case} should be {'refused' if case in bad else 'allowed'}")
    print(f"check_layers --self-test: {len(bad)} bad includes refused, {len(good)} good ones allowed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        return self_test()
    faults = check(args.root)
    print("\n".join(faults) or "layers: every include points down")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
