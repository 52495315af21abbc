#!/usr/bin/env python3
"""How a film's colouring grows with machines: a queue of pieces over shots of published lengths.

Shot lengths: medians of the medians and interquartile ranges of Hollywood films, Redfern, "The
impact of sound technology on the distribution of shot lengths in Hollywood cinema, 1920 to 1933"
(first analysis, 2009: 20 silent films of 1920-1928, 30 sound films of 1929-1931). They are drawn
from the lognormal distribution with that median and range, which few films follow exactly, but
whose long tail of few long shots is the point here."""

import argparse
import heapq
import math
import random

SHOTS = {"silent, 1920-1928": (4.4, 4.8), "sound, 1929-1931": (6.9, 10.7)}  # median, range: seconds
MACHINES = (1, 2, 10, 30, 100, 300, 1000)


def shot_lengths(median, interquartile, film, dice):
    sigma = math.asinh(interquartile / (2 * median)) / 0.6745
    shots = []
    while sum(shots) < film:
        shots.append(dice.lognormvariate(math.log(median), sigma))
    return shots


PATIENCE = 10.0  # seconds that a piece waits for a cut once it is long enough


def chains_of(shots, shortest):
    """As colorize-film --plan does: pieces end with the first shot that makes them long enough; a
    shot that goes on much longer is divided, its pieces are made one after the other."""
    chains = [0.0]
    for shot in shots:
        if chains[-1] >= shortest:
            chains.append(0.0)
        chains[-1] += shot
    return chains


def pieces_in(chain, shortest):
    return 1 + int(max(0.0, chain - PATIENCE) / (shortest + PATIENCE))


def makespan(works, machines):
    ends = [0.0] * machines
    for work in works:
        heapq.heapreplace(ends, ends[0] + work)
    return max(ends)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=100, help="length of each film")
    parser.add_argument("--films", type=int, default=1, help="in one queue")
    parser.add_argument("--rate", type=float, default=24, help="frames a second of the film")
    parser.add_argument("--colour", type=float, required=True, help="frames/s that a machine colours")
    parser.add_argument("--plan", type=float, required=True, help="frames/s in which a plan is made")
    parser.add_argument("--join", type=float, required=True, help="frames/s in which pieces are joined")
    parser.add_argument("--start", type=float, required=True, help="seconds until a piece's first frame")
    parser.add_argument("--shortest", type=float, default=8, help="seconds of a piece at least")
    own = parser.parse_args()
    for kind, (median, interquartile) in SHOTS.items():
        dice = random.Random(1)
        chains = []
        for _ in range(own.films):
            chains += chains_of(shot_lengths(median, interquartile, own.minutes * 60, dice), own.shortest)
        frames = sum(chains) * own.rate
        counts = [pieces_in(chain, own.shortest) for chain in chains]
        works = [own.start * count + chain * own.rate / own.colour for chain, count in zip(chains, counts)]
        print(f"\n{kind}: {sum(counts)} pieces, {len(chains)} may be made at the same time, the longest of these "
              f"{max(chains):.0f} s of film\n")
        print("| machines | ideal | pieces alone | with plan and join | share of the ideal | limited by |")
        print("| --- | --- | --- | --- | --- | --- |")
        for machines in MACHINES:
            ideal = frames / own.colour / machines
            alone = makespan(works, machines)
            # A film is planned and joined by one machine.
            each = math.ceil(own.films / machines)
            aside = each * frames / own.films * (1 / own.plan + 1 / own.join)
            parts = {"starting": own.start * sum(counts) / machines, "plan and join": aside,
                     "colouring": ideal, "the longest shot": max(works) if alone <= 1.05 * max(works) else 0}
            whole = alone + aside
            print(f"| {machines} | {ideal:.0f} s | {alone:.0f} s | {whole:.0f} s | {ideal / whole:.2f} | "
                  f"{max(parts, key=parts.get)} |")


if __name__ == "__main__":
    main()
