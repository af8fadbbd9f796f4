#!/usr/bin/env python3
"""Writes compat/torch/generated/names.h: a using-declaration for each public name that lies in namespace hearth itself.

    gen_door.py [--check] [--compiler c++]

torch, at and c10 show these names one by one, and not by `using namespace hearth`: with that, `using namespace torch`
would find nn twice, as torch::nn and as hearth::nn. The names are read from the preprocessed headers that the door
includes. --check writes nothing and fails if the file would change.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "compat/torch/generated/names.h"
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[A-Za-z_]\w*|\d[\w.\']*|::|->|\S')
CLOSING = {"(": ")", "[": "]", "{": "}"}
# What declares the names that lie in namespace hearth itself.
HEADERS = ["hearth/autocast.h", "hearth/enums.h", "hearth/expanding_array.h", "hearth/hearth.h", "hearth/memory.h",
           "hearth/serialize.h", "hearth/threads.h"]
# Namespaces that compat/torch/namespaces.h has as its own, since programs add to them.
REAL = {"nn", "optim", "data", "autograd", "indexing", "serialize", "enumtype", "special", "linalg"}


def preprocessed(compiler, headers):
    """The text of these headers and of hearth's headers that they include; nobody else's."""
    run = subprocess.run([compiler, "-std=c++17", "-E", f"-I{ROOT / 'include'}", "-x", "c++", "-"], text=True,
                         input="".join(f'#include "{h}"\n' for h in headers), capture_output=True, check=True)
    ours, lines = False, []
    for line in run.stdout.split("\n"):
        if line.startswith("# "):
            ours = f'"{ROOT / "include"}' in line
        elif ours:
            lines.append(line)
    return "\n".join(lines)


def past(tokens, i):
    """Behind the bracket that opens at i."""
    close, depth = CLOSING[tokens[i]], 0
    for j in range(i, len(tokens)):
        depth += (tokens[j] == tokens[i]) - (tokens[j] == close)
        if depth == 0:
            return j + 1
    sys.exit("gen_door.py: brackets don't match")


def past_angle(tokens, i):
    depth = 0
    while True:
        depth += (tokens[i] == "<") - (tokens[i] == ">")
        i = past(tokens, i) if tokens[i] in CLOSING else i + 1
        if depth == 0:
            return i


def declaration(tokens, i):
    """The tokens of the declaration at i, each bracket's inside left out, and where the next one begins."""
    out = []
    while tokens[i] != ";":
        if tokens[i] in ("__attribute__", "alignas"):
            i = past(tokens, i + 1)
            continue
        if tokens[i] in CLOSING:
            inside, i = (i, past(tokens, i))
            out.append(tokens[inside])
            if out[-1] == "{" and not {"class", "struct", "union", "enum"} & set(out[:4]) and tokens[i] != ";":
                return out, i  # a function's body
            continue
        if tokens[i] == "<" and "operator" not in out and "=" not in out:
            i = past_angle(tokens, i)
            out.append("<>")
            continue
        out.append(tokens[i])
        i += 1
    return out, i + 1


def declared_names(words):
    """What a declaration at namespace scope declares."""
    while words[:2] == ["template", "<>"]:
        words = words[2:]
    if not words or words[0] in ("static_assert", "extern", "friend") or "operator" in words:
        return []
    if words[0] == "using":
        return [] if words[1] == "namespace" else [words[1] if "=" in words else words[-1]]
    if words[0] in ("class", "struct", "union", "enum"):
        names = [w for w in words[1:] if w not in ("class", "struct", "[")]
        return [] if words[words.index(names[0]) + 1:][:1] == ["<>"] else names[:1]
    found, fresh = [], True  # fresh: the name of a function, or of one more variable, is still to come
    for scope, before, word in zip(["", "", *words], ["", *words], [*words, ";"]):
        if word in ("(", "=", "{", "[", ";", ",") and fresh and re.match(r"[A-Za-z_]\w*$", before):
            if scope == "::":  # a member, defined outside of its class
                return []
            found.append(before)
            fresh = False
        fresh = fresh or word == ","
        if word == "(" and found:
            break
    return found


def names_of(tokens):
    """Names and namespaces right in hearth."""
    names, spaces, path, i = set(), set(), [], 0
    while i < len(tokens):
        if tokens[i] == "}":
            path.pop()
            i += 1
        elif tokens[i] == ";":
            i += 1
        elif tokens[i] == "namespace" and tokens[i + 2] != "=":
            end = tokens.index("{", i)
            path.append([t for t in tokens[i + 1:end] if t != "::"])
            whole = sum(path, [])
            if whole[0] == "hearth" and len(whole) > 1:
                spaces.add(whole[1])
            i = end + 1
        else:
            words, i = declaration(tokens, i)
            if sum(path, []) == ["hearth"]:
                names.update(declared_names(words))
    return names, spaces


def header(names, spaces):
    aliases = [f"namespace {s} = hearth::{s};" for s in sorted(spaces - REAL)]
    return "\n".join(["#pragma once\n", "// Made by tools/gen_door.py from hearth's headers; do not edit.\n",
                      *[f'#include "{h}"' for h in HEADERS],
                      "\n/// What torch, at and c10 show of hearth: each name, and none of the namespaces that they have themselves.",
                      "namespace hearth::door {", *aliases,
                      *textwrap.wrap("using " + ", ".join(f"hearth::{n}" for n in sorted(names)) + ";", 118),
                      "}  // namespace hearth::door\n"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compiler", default="c++")
    args = parser.parse_args()
    names, spaces = names_of(TOKEN.findall(preprocessed(args.compiler, HEADERS)))
    door = re.findall(r'"(hearth/.*?)"', (OUT.parent.parent / "torch.h").read_text())
    if more := names_of(TOKEN.findall(preprocessed(args.compiler, door)))[0] - names:
        sys.exit(f"gen_door.py: HEADERS lacks what declares {', '.join(sorted(more))}")
    text = header(names, spaces)
    stale = not OUT.exists() or OUT.read_text() != text
    if args.check and stale:
        sys.exit(f"{OUT.relative_to(ROOT)} is stale, run tools/gen_door.py")
    if stale:
        OUT.write_text(text)
    print(f"gen_door: {len(names)} names, {'written' if stale else 'as they were'}")


if __name__ == "__main__":
    main()
