#!/usr/bin/env python3
"""Films through the element on a CUDA card, for tests/gpu.sh: adds a line of JSON to ROWS.

    tests/card_films.py ROWS speed NAME BOUND PIPELINE
    tests/card_films.py ROWS memory NAME ONE TWO

PIPELINE, ONE and TWO are words of gst-launch-1.0 without a sink. speed: frames a second that come to a
sink which shows nothing, and BOUND, what they must reach; the time until a second of them have come
does not count, in which the network is recorded. memory: what the pipeline ONE takes of the card, and
TWO beyond that, in MB of 1e6 bytes.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

WARM_UP = 1.0  # seconds
INTERVAL = 200  # milliseconds
REPORT = re.compile(r'rendered: (\d+), dropped: (\d+), current: ([\d.]+)')
SINK = 'fpsdisplaysink video-sink=fakesink text-overlay=false sync=false'


def launch(pipeline, sink):
    """Starts gst-launch-1.0, which prints what elements report."""
    return subprocess.Popen(['gst-launch-1.0', '-v', *shlex.split(f'{pipeline} ! {sink}')],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env={**os.environ, 'LC_ALL': 'C'})


def end_of(process, output):
    """Ends with the error's line where the pipeline failed."""
    if process.wait() != 0:
        lines = [line for line in output.splitlines() if line.startswith('ERROR') or 'WARNING' in line]
        sys.exit(lines[0] if lines else f'gst-launch-1.0 ended with {process.returncode}')


def frames_per_second(output):
    """Of what fpsdisplaysink printed; the frames after the warm-up as well."""
    frames = seconds = passed = 0.0
    last = 0
    for rendered, _, current in REPORT.findall(output):
        count, last = int(rendered) - last, int(rendered)
        if count == 0 or float(current) == 0:
            continue
        taken = count / float(current)
        if passed >= WARM_UP:
            frames, seconds = frames + count, seconds + taken
        passed += taken
    if seconds == 0:
        sys.exit(f'only {last} frames came, too few to measure')
    return frames / seconds, int(frames)


def speed(name, bound, pipeline):
    process = launch(pipeline, f'{SINK} fps-update-interval={INTERVAL}')
    output = process.communicate()[0]
    print(output)
    end_of(process, output)
    rate, frames = frames_per_second(output)
    row = {'name': name, 'frames_per_second': round(rate, 1), 'frames': frames}
    if bound:
        row |= {'must_reach': float(bound), 'reached': rate >= float(bound)}
    text = f'{rate:.0f} frames/s of {frames} frames'
    if bound:
        text += f', must reach {bound}: ' + ('reached' if row['reached'] else 'NOT reached')
    return row, text


def used_memory():
    """MB of the first card, by whomever."""
    command = ['nvidia-smi', '--id=0', '--query-gpu=memory.used', '--format=csv,noheader,nounits']
    mebibytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(mebibytes.split()[0]) * 2**20 / 1e6


def most_memory(pipeline):
    """While it runs, more than before."""
    before = most = used_memory()
    with open(os.devnull, 'w', encoding='utf-8') as nowhere:
        process = subprocess.Popen(['gst-launch-1.0', *shlex.split(f'{pipeline} ! fakesink')],
                                   stdout=nowhere, stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        most = max(most, used_memory())
        time.sleep(0.1)
    end_of(process, process.stderr.read())
    return most - before


def memory(name, one, two):
    first = most_memory(one)
    second = most_memory(two) - first
    text = f'one element {first:.0f} MB, a second one {second:.0f} MB more'
    return {'name': name, 'first_MB': round(first), 'second_MB': round(second)}, text


def main():
    rows, kind, *rest = sys.argv[1:]
    row, text = {'speed': speed, 'memory': memory}[kind](*rest)
    with pathlib.Path(rows).open('a', encoding='utf-8') as file:
        file.write(json.dumps(row) + '\n')
    print(text)


main()
