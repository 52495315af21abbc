#!/usr/bin/env python3
"""Compiles each public header alone: what it uses, it includes.

    tests/headers/compile_alone.py [--libtorch DIR] [ROOM...]

Only the syntax is looked at. What costs is LibTorch, parsed again for every header; so those that
include one of its heavy headers share a precompiled copy of that one, which they would read anyway.
Compiles with $CXX (default g++); prints the messages of every header that fails, ends with 1 then.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ["model", "plugin/colorizer", "plugin/element", "training"]
HEAVY = ["torch/nn/module.h", "ATen/core/Tensor.h"]  # the first one found stands for the others
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
# A file named after an instruction set is compiled for it.
SETS = {"avx2": ["-mavx2", "-mfma"],
        "avx512": ["-mavx2", "-mfma", "-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl"]}
PACKAGES = ["gstreamer-1.0", "gstreamer-video-1.0", "gmodule-2.0"]


def included(header, seen):
    """Everything that the header includes, through our own headers as well."""
    for name in INCLUDE.findall(header.read_text()):
        if name not in seen:
            seen.add(name)
            if (ROOT / name).is_file():
                included(ROOT / name, seen)
    return seen


def compiler(libtorch):
    flags = subprocess.run(["pkg-config", "--cflags-only-I", *PACKAGES], check=True, text=True,
                           capture_output=True).stdout.split()
    flags = [flag.replace("-I", "-isystem", 1) for flag in flags]
    torch = [f"{libtorch}/include"] if libtorch else []
    torch += [(f"{libtorch}" if libtorch else "/usr") + "/include/torch/csrc/api/include"]
    for folder in torch + ["/usr/include/stb"]:
        flags += ["-isystem", folder]
    return [os.environ.get("CXX", "g++"), "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
            "-fopenmp-simd", "-O0", "-x", "c++-header", f"-I{ROOT}", *flags]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--libtorch", help="folder of a LibTorch; the system's without it")
    arguments.add_argument("rooms", nargs="*", default=ROOMS)
    chosen = arguments.parse_args()
    command = compiler(chosen.libtorch)
    headers = sorted(h for room in chosen.rooms for h in (ROOT / room).rglob("*.h")
                     if not {"pch", "subprojects"} & set(h.relative_to(ROOT).parts)
                     and not any(part.startswith("build") for part in h.relative_to(ROOT).parts))
    heavy = {h: next((x for x in HEAVY if x in included(h, set())), None) for h in headers}

    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def precompile(name):
            copy = pathlib.Path(folder, name.replace("/", "_"))
            copy.write_text(f"#include <{name}>\n")
            subprocess.run([*command, str(copy), "-o", f"{copy}.gch"], check=True)
            return name, ["-include", str(copy)]
        shared = dict(pool.map(precompile, sorted({x for x in heavy.values() if x})))
        shared[None] = []

        def check(header):
            # Through another file: as the main one its `#pragma once` would be warned of.
            alone = pathlib.Path(folder, str(header.relative_to(ROOT)).replace("/", "_") + ".cpp")
            alone.write_text(f'#include "{header.relative_to(ROOT)}"\n')
            flags = [flag for name in SETS if header.stem.endswith(name) for flag in SETS[name]]
            result = subprocess.run(
                [*command, *flags, *shared[heavy[header]], "-x", "c++", "-fsyntax-only", str(alone)],
                text=True, capture_output=True)
            return result.stderr if result.returncode else None
        failures = [(h, text) for h, text in zip(headers, pool.map(check, headers)) if text]

    for header, text in failures:
        print(f"{header.relative_to(ROOT)} does not compile alone:\n{text}", file=sys.stderr)
    print(f"{len(headers) - len(failures)} of {len(headers)} headers compile alone")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
