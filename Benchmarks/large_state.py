#!/usr/bin/env python3
"""Measures the same reads through REST at clusters of three with few and with very many tenants.

    large_state.py CLEAN_NODE SEED_NODES FOLDER [--workspaces 1000 1000000] [--seconds 10] [--rounds 5]

FOLDER holds the states and keeps them for another time. Both clusters run at the same time and are asked in
turn, so that what else the machine does concerns both.
"""

import argparse
import os
import shutil
import subprocess
import tempfile

from service import Cluster, median, report, wrk

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("seeder")
    parser.add_argument("states")
    parser.add_argument("--workspaces", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    # Beside the states: /tmp may be memory.
    directory = tempfile.mkdtemp(prefix="clusters.", dir=arguments.states)
    clusters = {}
    try:
        for place, size in enumerate(arguments.workspaces):
            folder = os.path.join(directory, str(size))
            os.mkdir(folder)
            clusters[size] = cluster = Cluster(
                os.path.abspath(arguments.binary), folder, 3, base=18_000 + 1_000 * place)
            seed(cluster, arguments.seeder, size, arguments.states)
        measure(clusters, arguments)
    finally:
        for cluster in clusters.values():
            cluster.stop()
        shutil.rmtree(directory)


def seed(cluster, seeder, size, states):
    """A cluster is founded, stopped, given its state, and started again."""
    start(cluster)
    cluster.stop()
    folders = [os.path.join(cluster.directory, name) for name in cluster.names]
    state = os.path.join(states, str(size))
    keys = os.path.join(cluster.directory, "keys")
    subprocess.run([seeder, str(size), state, keys, *folders], check=True)
    for folder in folders:
        # Or each would build its own from the snapshot.
        shutil.copytree(state, os.path.join(folder, "state"), dirs_exist_ok=True)
    start(cluster)


def start(cluster):
    for name in cluster.names:
        cluster.start(name)
    for name in cluster.names:
        cluster.wait_ready(name, seconds=600)


def keys(cluster, count):
    """A file of so many API keys: so few that each workspace calls again before its lease
    goes back unused, and of as many workspaces in each cluster."""
    path = os.path.join(cluster.directory, f"keys-{count}")
    if not os.path.exists(path):
        with open(os.path.join(cluster.directory, "keys")) as all, open(path, "w") as some:
            some.writelines(all.readlines()[:count])
    return path


def measure(clusters, arguments):
    for size, cluster in clusters.items():
        report(f"resident memory of a node, {size:,} workspaces", f"{cluster.resident_mib('n1'):.0f} MiB")
    for kind, query in (("linearizable", ""), ("stale", "?consistency=stale")):
        for connections in (1, 64):
            results = {size: [] for size in clusters}
            # The first round finds nothing in memory and no calls leased.
            for round in range(arguments.rounds + 1):
                for size, cluster in clusters.items():
                    leader = cluster.status("n1")["leader"]
                    follower = next(name for name in cluster.names if name != leader)
                    result = wrk(
                        "read.lua", cluster.url(follower, "/api/v1/usage" + query), arguments.seconds,
                        connections, tokens=keys(cluster, 30 + 10 * connections))
                    if round:
                        results[size].append(result)
            for size, rounds in results.items():
                rate, p50, p99, refused = (median(column) for column in zip(*rounds))
                report(
                    f"{kind} reads on a follower, {size:,} workspaces (at {connections} a time)",
                    f"{rate:.0f}/s  p50 {p50:.2f} ms  p99 {p99:.2f} ms  ({refused} refused)")


main()
