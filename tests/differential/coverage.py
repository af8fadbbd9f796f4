#!/usr/bin/env python3
"""Every public op (tests/ops/generated/op_names.inc) has a row in ops.inc, or a line `name: reason` in exceptions.txt.

A row's ops are read from its text: what it calls in torch::, torch::linalg::, torch::special:: or as a method.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
FORMS = "ONE|STEP|TWO|TEST"


def called(rows):
    """Names of public ops, as the generated list spells them, that the table calls."""
    names = set(re.findall(rf"^(?:{FORMS})\((\w+)", rows, re.M))
    names |= {f"special_{name}" for name in re.findall(r"^SPECIAL\((\w+)", rows, re.M)}
    names |= set(re.findall(r"^(?:FORMS|IN_PLACE|OUT)\((?:[^,]*,){6} (\w+)", rows, re.M))
    names |= {f"linalg_{name}" for name in re.findall(r"LINALG\((\w+)\)", rows)}
    for space, name in re.findall(r"torch::(linalg::|special::|)(\w+)\(", rows):
        names.add(space.replace("::", "_") + name)
    return names | set(re.findall(r"\.(\w+)\(", rows))


def faults(ops, rows, exceptions):
    rows = re.sub(r"^//.*", "", rows, flags=re.M)
    covered, reasons, wrong = called(rows), {}, []
    for line in filter(None, (line.strip() for line in exceptions.splitlines())):
        if line.startswith("#"):
            continue
        name, _, reason = line.partition(": ")
        if not reason:
            wrong.append(f"exceptions.txt: '{name}' has no reason")
        reasons[name] = reason
    wrong += [f"{op}: neither a row in ops.inc nor a reason in exceptions.txt"
              for op in ops if op not in covered and op not in reasons]
    wrong += [f"exceptions.txt: {name} has a row" for name in reasons if name in covered]
    wrong += [f"exceptions.txt: {name} is no public op" for name in reasons if name not in ops]
    return wrong


def main():
    names = (HERE.parent / "ops/generated/op_names.inc").read_text()
    ops = re.findall(r'^"(\w+)",', names, re.M)
    rows, exceptions = (HERE / "ops.inc").read_text(), (HERE / "exceptions.txt").read_text()
    if "--self-test" in sys.argv[1:]:
        assert faults(["abs", "sort"], "ONE(abs, 1)\n// torch::sort(", "") == [
            "sort: neither a row in ops.inc nor a reason in exceptions.txt"]
        assert len(faults(["abs"], "ONE(abs, 1)", "abs: why\ngone: why\nnone")) == 4
        assert not faults(["linalg_inv"], "AS(list(LINALG(inv)(x[0])))", "")
        return
    wrong = faults(ops, rows, exceptions)
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"coverage: {len(ops)} public ops, {len(exceptions.splitlines())} lines of exceptions")


if __name__ == "__main__":
    main()
