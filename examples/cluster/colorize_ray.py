#!/usr/bin/env python3
"""Colours films on a Ray cluster: one queue of pieces for all of them.

  ray start --head            (on one machine; the others join it)
  colorize_ray.py --out /shared/coloured /shared/reels/*.mkv -- --set saturation=1.1

Films and results must lie in a folder that all machines share. What follows -- goes to
colorize-film. A piece that fails, or whose machine dies, is made again elsewhere; the whole
command may be run again after anything and goes on."""

import argparse
import json
import pathlib
import subprocess
import sys

import ray


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"{program} ended with {done.returncode}")
    return done.stdout.strip()


def plan_film(program, plan, film, words):
    """Of each piece whether it begins within a shot, and so needs the one before."""
    if not pathlib.Path(plan).exists():
        run(program, *words, "--plan", plan, film)
    return [piece["in-shot"] for piece in json.loads(pathlib.Path(plan).read_text())["pieces"]]


def colour_piece(program, plan, number, before):
    """`before`: what this piece needs; Ray has waited for it."""
    return run(program, "--piece", plan, number)


def join_film(program, plan, result):
    return run(program, "--force", "--join", plan, result)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("films", nargs="+", metavar="FILM")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder of the results")
    parser.add_argument("--ending", default=".mkv", help="container of the results (default: .mkv)")
    parser.add_argument("--address", help="of the cluster (default: the one of this machine, or a new one)")
    parser.add_argument("--cpus", type=float, default=1, help="processors for each piece (default: 1)")
    parser.add_argument("--gpus", type=float, default=0,
                        help="cards for each piece, a part of one as well (default: 0)")
    parser.add_argument("--retries", type=int, default=5, help="of a piece (default: 5)")
    parser.add_argument("--program", default="colorize-film", help="where it is not in PATH")
    words = sys.argv[1:]
    border = words.index("--") if "--" in words else len(words)
    own = parser.parse_args(words[:border])
    own.words = words[border + 1:]
    return own


def main():
    own = read_arguments()
    ray.init(address=own.address, log_to_driver=False)
    own.out.mkdir(parents=True, exist_ok=True)
    settings = {"num_cpus": own.cpus, "num_gpus": own.gpus, "max_retries": own.retries,
                "retry_exceptions": True}
    plan, piece, join = (ray.remote(**settings)(task) for task in (plan_film, colour_piece, join_film))
    words = own.words if any("threads=" in word for word in own.words) or own.gpus else [
        *own.words, "--set", f"threads={max(1, int(own.cpus))}"]

    waiting = {}  # what is on its way -> (what it is, film)
    for film in map(pathlib.Path, own.films):
        plan_path = own.out / (film.name + ".plan.json")
        waiting[plan.remote(own.program, str(plan_path), str(film.resolve()), words)] = ("plan", film)
    pieces_left, pieces, done = {}, 0, 0
    while waiting:
        (first,), _ = ray.wait(list(waiting), num_returns=1)
        kind, film = waiting.pop(first)
        result = ray.get(first)
        plan_path = str(own.out / (film.name + ".plan.json"))
        if kind == "plan":
            pieces_left[film] = len(result)
            pieces += len(result)
            last = None
            for number, is_in_shot in enumerate(result):
                last = piece.remote(own.program, plan_path, number, last if is_in_shot else None)
                waiting[last] = ("piece", film)
        elif kind == "piece":
            done += 1
            pieces_left[film] -= 1
            print(f"{done} of {pieces} pieces", flush=True)
            if pieces_left[film] == 0:
                to = own.out / (film.stem + own.ending)
                waiting[join.remote(own.program, plan_path, str(to))] = ("join", film)
        else:
            print(result, flush=True)


if __name__ == "__main__":
    main()
