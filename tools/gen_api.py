#!/usr/bin/env python3
"""Writes the declarations and forwarders of the public ops from their definitions in src/ops.

    gen_api.py [--check]

A definition whose line before it reads `//: TAGS` is public. TAGS are any of
    method    also a method of Tensor (self is the object)
    inplace   also `name_`, as a method and a free function
    out       also the free function `name_out(out, …)`
    special, linalg    lives in that namespace of hearth
    only      no free function: the method alone, of a definition named method_NAME
    dimname   also an overload, free and method, that takes names of dimensions for dim, dim0 and dim1
Defaults stand in the definition as `/* = x */`; `///` lines above `//:` become the declaration's comment. --check
writes nothing and fails if a file would change.
"""
import copy
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TAGS = {"method", "inplace", "out", "only", "dimname", "special", "linalg"}
DIMNAMES = {"int64_t": "Dimname", "IntArrayRef": "DimnameList", "OptionalIntArrayRef": "DimnameList"}
NOTE = "// Made by tools/gen_api.py from src/ops; do not edit.\n"


def split_params(text):
    """Parameters at the top level of brackets."""
    parts, depth, current = [], 0, ""
    for c in text:
        depth += c in "<({"
        depth -= c in ">)}"
        if c == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += c
    return parts + [current.strip()] if current.strip() else parts


class Op:
    def __init__(self, where, tags, doc, signature):
        self.where, self.tags, self.doc = where, tags, doc
        match = re.fullmatch(r"([\w:<>, ]+?[\w>&]) (\w+)\((.*)\)", signature)
        unknown = set(tags) - TAGS
        if not match or unknown:
            sys.exit(f"{where}: can't read this op: {sorted(unknown) or signature}")
        self.result, self.name, params = match.groups()
        self.name = self.name.removeprefix("method_")
        self.params = []  # type, name, default
        for p in split_params(params):
            m = re.fullmatch(r"(.+?[ &])(\w+)(?: /\* = (.+) \*/)?", p)
            if not m:
                sys.exit(f"{where}: can't read parameter '{p}'")
            self.params.append((m[1].strip(), m[2], m[3]))
        self.space = next((t for t in ("special", "linalg") if t in tags), None)

    def by_name(self):
        """The overload that takes names of dimensions, with the arguments that it passes on."""
        other, where = copy.copy(self), {"Dimname": "position", "DimnameList": "positions"}
        other.params = [(DIMNAMES.get(t, t), n, None) if n in ("dim", "dim0", "dim1") else (t, n, d)
                        for t, n, d in self.params]
        other.arguments = ", ".join(f'names::{where[t]}("{self.name}", {self.params[0][1]}, {n})' if t in where else n
                                    for t, n, _ in other.params)
        return other

    def declared(self, skip=0, defaults=True):
        return ", ".join(f"{t} {n}" + (f" = {d}" if d and defaults else "") for t, n, d in self.params[skip:])

    def passed(self, first=None):
        names = [n for _, n, _ in self.params]
        return ", ".join(([first] if first else []) + names[1 if first else 0:])

    def call(self, first=None):
        return f"hearth::{self.space + '::' if self.space else ''}{self.name}({self.passed(first)})"


def read_ops():
    ops = []
    for path in sorted((ROOT / "src/ops").glob("*.cpp")):
        lines = path.read_text().split("\n")
        for i, line in enumerate(lines):
            if not line.startswith("//:"):
                continue
            doc, j = [], i - 1
            while j >= 0 and lines[j].startswith("///"):
                doc.insert(0, lines[j])
                j -= 1
            signature, j = "", i + 1
            while j < len(lines) and "{" not in re.sub(r"/\*.*?\*/", "", signature):
                signature += " " + lines[j].strip()
                j += 1
            plain = re.sub(r"/\*.*?\*/", lambda m: "\0" * len(m[0]), signature)
            signature = signature[:plain.index("{")].strip() if "{" in plain else signature
            ops.append(Op(f"{path.relative_to(ROOT)}:{i + 1}", line[3:].split(), doc, re.sub(r"\s+", " ", signature)))
    return ops


def free_functions(ops):
    out = ["#pragma once\n", NOTE, '#include "hearth/fused_step.h"', '#include "hearth/generator.h"',
           '#include "hearth/reduction.h"', '#include "hearth/tensor.h"\n', "namespace hearth {\n"]
    for op in ops:
        if "only" in op.tags:
            continue
        rest = op.declared(1)
        forms = {"": f"{op.result} {op.name}({op.declared()})",
                 "inplace": f"Tensor& {op.name}_(const Tensor& self{', ' + rest if rest else ''})",
                 "out": f"Tensor& {op.name}_out(Tensor& out, {op.declared()})",
                 "dimname": f"{op.result} {op.name}({op.by_name().declared()})"}
        lines = list(op.doc) + [f"HEARTH_API {form};" for tag, form in forms.items() if not tag or tag in op.tags]
        if op.space:
            lines = [f"namespace {op.space} {{"] + lines + [f"}}  // namespace {op.space}"]
        out += lines
    return "\n".join(out + ["\n}  // namespace hearth\n"])


def methods(ops):
    out = [NOTE]
    for op in ops:
        if "method" not in op.tags:
            continue
        forms = {"": f"{op.result} {op.name}({op.declared(1)})", "inplace": f"Tensor& {op.name}_({op.declared(1)})",
                 "dimname": f"{op.result} {op.name}({op.by_name().declared(1)})"}
        out += op.doc + [f"{form} const;" for tag, form in forms.items() if not tag or tag in op.tags]
    return "\n".join(out) + "\n"


def forwarders(ops):
    out = [NOTE, '#include "autograd/destination.h"', '#include "autograd/names.h"', '#include "hearth/ops.h"\n', "namespace hearth {\n"]
    for op in ops:
        rest = op.declared(1, False)
        if "method" in op.tags:
            target = op.call("*this") if "only" not in op.tags else f"method_{op.name}({op.passed('*this')})"
            if "only" in op.tags:
                out.append(f"{op.result} method_{op.name}({op.declared(0, False)});")
            out.append(f"{op.result} Tensor::{op.name}({rest}) const {{ return {target}; }}")
            if "inplace" in op.tags:
                out.append(f"Tensor& Tensor::{op.name}_({rest}) const {{ return autograd::in_place(\"{op.name}\", *this, "
                           f"[&] {{ return {target}; }}); }}")
        if "dimname" in op.tags:
            other = op.by_name()
            out.append(f"{op.result} {op.name}({other.declared(0, False)}) {{ return {op.name}({other.arguments}); }}")
            if "method" in op.tags:
                out.append(f"{op.result} Tensor::{op.name}({other.declared(1, False)}) const {{ return "
                           f"{other.call('*this')}; }}")
        prefix = f"{op.space}::" if op.space else ""
        if "inplace" in op.tags and "only" not in op.tags:
            x = op.params[0][1]
            out.append(f"Tensor& {prefix}{op.name}_(const Tensor& {x}{', ' + rest if rest else ''}) {{ return "
                       f"autograd::in_place(\"{op.name}\", {x}, [&] {{ return {op.call()}; }}); }}")
        if "out" in op.tags:
            out.append(f"Tensor& {prefix}{op.name}_out(Tensor& out, {op.declared(0, False)}) {{ return "
                       f"autograd::into(\"{op.name}\", out, [&] {{ return {op.call()}; }}); }}")
    return "\n".join(out + ["\n}  // namespace hearth\n"])


def names(ops):
    """One line an overload: name, and which forms it has."""
    every = sorted({(f"{o.space}_" if o.space else "") + o.name for o in ops})
    return "\n".join([NOTE] + [f'"{name}",' for name in every]) + "\n"


def calls(ops):
    """One line an overload and form, for programs that call every one: its type and what to call."""
    out = [NOTE]
    for op in ops:
        types = [t for t, _, _ in op.params]
        if {"Dimname", "DimnameList"} & set(types):  # tensors with names are not drawn
            continue
        free, method = ", ".join(types), ", ".join(types[1:])
        space = f"hearth::{op.space + '::' if op.space else ''}"
        if "only" not in op.tags:
            out.append(f'function<{op.result}({free})>("{space[8:]}{op.name}", {space}{op.name});')
        if "inplace" in op.tags and "only" not in op.tags:
            out.append(f'function<Tensor&({", ".join(["const Tensor&"] + types[1:])})>("{space[8:]}{op.name}_", '
                       f'{space}{op.name}_);')
        if "out" in op.tags:
            out.append(f'function<Tensor&(Tensor&, {free})>("{space[8:]}{op.name}_out", {space}{op.name}_out);')
        if "method" in op.tags:
            out.append(f'method<{op.result}({method}) const>("Tensor::{op.name}", &Tensor::{op.name});')
            if "inplace" in op.tags:
                out.append(f'method<Tensor&({method}) const>("Tensor::{op.name}_", &Tensor::{op.name}_);')
    return "\n".join(out) + "\n"


def flat_names(ops):
    """torch::linalg_inv for torch::linalg::inv: LibTorch has both."""
    out = ["#pragma once\n", NOTE, '#include "hearth/hearth.h"\n', "namespace hearth::door {\n"]
    for op in (o for o in ops if o.space):
        name, target = f"{op.space}_{op.name}", f"hearth::{op.space}::{op.name}"
        out.append(f"inline {op.result} {name}({op.declared()}) {{ return {target}({op.passed()}); }}")
        if "out" in op.tags:
            out.append(f"inline Tensor& {name}_out(Tensor& out, {op.declared()}) {{ return "
                       f"{target}_out(out, {op.passed()}); }}")
    return "\n".join(out + ["\n}  // namespace hearth::door\n"])


def main():
    ops = read_ops()
    files = {"include/hearth/generated/ops.h": free_functions(ops),
             "include/hearth/generated/tensor_methods.inc": methods(ops),
             "src/ops/generated/forwarders.cpp": forwarders(ops),
             "tests/ops/generated/op_names.inc": names(ops),
             "tests/api_fuzz/generated/calls.inc": calls(ops),
             "compat/torch/generated/flat_names.h": flat_names(ops)}
    stale = [n for n, text in files.items() if not (ROOT / n).exists() or (ROOT / n).read_text() != text]
    for name in stale if "--check" not in sys.argv[1:] else []:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(files[name])
    if stale and "--check" in sys.argv[1:]:
        sys.exit("stale, run tools/gen_api.py: " + ", ".join(stale))
    print(f"gen_api: {len(ops)} ops, {len(stale)} files {'stale' if '--check' in sys.argv[1:] else 'written'}")


if __name__ == "__main__":
    main()
