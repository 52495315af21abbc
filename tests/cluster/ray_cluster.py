"""Runs a command beside a Ray cluster of two workers, and kills one in the middle of a piece.

  ray_cluster.py OUT COMMAND...    (gets --address; OUT is where it writes its pieces)"""

import os
import pathlib
import subprocess
import sys
import time

from ray.cluster_utils import Cluster


def piece_is_begun(out):
    return any(out.glob("*.pieces/*.part"))


def main():
    out, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    os.environ["RAY_DEDUP_LOGS"] = "0"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        script = command.index(next(word for word in command if word.endswith(".py")))
        command[script + 1:script + 1] = ["--address", cluster.address]
        driver = subprocess.Popen(command)
        # A driver joins any node of its machine and ends with it. While there is none but the head, it
        # joins that; it makes its folder as soon as it has.
        while not out.exists() and driver.poll() is None:
            time.sleep(0.02)
        workers = [cluster.add_node(num_cpus=1) for _ in range(2)]
        cluster.wait_for_nodes()
        while not piece_is_begun(out) and driver.poll() is None:
            time.sleep(0.02)
        cluster.remove_node(workers[1], allow_graceful=False)
        print("killed a worker", flush=True)
        code = driver.wait(timeout=150)
    finally:
        cluster.shutdown()
    sys.exit(code)


if __name__ == "__main__":
    main()
