#!/usr/bin/env python3
"""Reads off the compiled kernels that each architecture has its code and the newest its PTX, that no
kernel spills registers, and how full they keep a card.

    kernel_resources.py CUOBJDUMP OBJECT OCCUPANCY ARCHITECTURE...

CUOBJDUMP is the program of the CUDA toolkit, OBJECT what nvcc wrote, OCCUPANCY the program made of
occupancy.cpp. Prints a table; ends with 1 where something is missing. No card is needed.
"""
import collections
import re
import subprocess
import sys

THREADS = 256  # of a block, launch.h
LEAST_OCCUPANCY = 50  # per cent
# Nine motions are sorted in memory of the thread's own, of which ptxas says that nothing is spilled.
WITH_ARRAYS = {'AgreeKernel'}


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def kernel_name(symbol):
    return re.search(r'\d+([A-Z][A-Za-z]*Kernel)', symbol).group(1)


def resources(cuobjdump, compiled):
    """Architecture -> [(kernel, registers, bytes of stack)]."""
    found = collections.defaultdict(list)
    architecture = symbol = None
    for line in run(cuobjdump, '-res-usage', compiled).splitlines():
        if match := re.match(r'arch = sm_(\d+)', line):
            architecture = match.group(1)
        elif match := re.match(r' Function (\S+):', line):
            symbol = match.group(1)
        elif match := re.match(r'\s+REG:(\d+) STACK:(\d+)', line):
            if 'Kernel' in symbol:
                found[architecture].append((kernel_name(symbol), *map(int, match.groups())))
    return found


def main():
    cuobjdump, compiled, occupancy, *architectures = sys.argv[1:]
    faults = []
    found = resources(cuobjdump, compiled)
    kernels = {architecture: len(found[architecture]) for architecture in architectures}
    if min(kernels.values()) == 0 or len(set(kernels.values())) != 1:
        faults.append(f'not every architecture has the code of all kernels: {kernels}')
    ptx = run(cuobjdump, '--list-ptx', compiled)
    if f'sm_{architectures[-1]}.ptx' not in ptx:
        faults.append(f'no PTX of sm_{architectures[-1]}: {ptx}')
    lines = ''.join(f'{architecture} {registers} {THREADS} {name}\n'
                    for architecture in architectures
                    for name, registers, _ in found[architecture])
    full = [int(line.split()[2]) for line in run(occupancy, input=lines).splitlines()]
    print(f'{"kernel":24} {"sm":>4} {"registers":>9} {"stack":>5} {"occupancy":>9}')
    rows = [(architecture, *row) for architecture in architectures for row in found[architecture]]
    for (architecture, name, registers, stack), share in zip(rows, full, strict=True):
        print(f'{name:24} {architecture:>4} {registers:9} {stack:5} {share:8}%')
        if stack > 0 and name not in WITH_ARRAYS:
            faults.append(f'{name} keeps {stack} bytes beside its registers on sm_{architecture}')
        if share < LEAST_OCCUPANCY:
            faults.append(f'{name} fills {share} % of sm_{architecture}')
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
