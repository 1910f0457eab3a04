#!/usr/bin/env python3
"""Measures a three-node cluster through its REST API, on loopback.

    service.py CLEAN_NODE [--seconds 10] [--connections 64] [--failovers 10] [--entries 100000]

Prints one line a figure. Rates of durable writes stand beside the rate at which one thread can append
4 KiB and fdatasync on the same disk in the same run, because machines differ and are noisy.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))


class Cluster:
    def __init__(self, binary, directory, count, base=18000):
        self.binary, self.directory, self.base = binary, directory, base
        self.names = [f"n{i + 1}" for i in range(count)]
        self.members = ",".join(f"{n}=127.0.0.1:{base + 100 + i}" for i, n in enumerate(self.names))
        self.processes = {}

    def url(self, name, path=""):
        return f"http://127.0.0.1:{self.base + self.names.index(name)}{path}"

    def start(self, name):
        index = self.names.index(name)
        log = open(os.path.join(self.directory, name + ".log"), "ab")
        command = [
            self.binary, "serve", "--name", name, "--port", str(self.base + index),
            "--peer-port", str(self.base + 100 + index), "--cluster", self.members,
            "--data-dir", os.path.join(self.directory, name), "--log-level", "warning",
            # One client stands for many.
            "--rate-limit", "0", "--anonymous-rate-limit", "0",
        ]
        self.processes[name] = subprocess.Popen(command, stderr=log)

    def wait_ready(self, name, seconds=60):
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                urllib.request.urlopen(self.url(name, "/readyz"), timeout=5).read()
                return time.monotonic() - began
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self.processes[name].poll() is not None:
                    sys.exit(f"{name} ended; see {self.directory}/{name}.log")
                time.sleep(0.005)
        sys.exit(f"{name} was not ready within {seconds} s")

    def kill(self, name):
        self.processes[name].kill()
        self.processes[name].wait()

    def stop(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def admin_token(self):
        with open(os.path.join(self.directory, self.names[0], "admin-token")) as file:
            return file.read().strip()

    def status(self, name):
        return call(self.url(name, "/api/v1/cluster"), self.admin_token())

    def resident_mib(self, name):
        with open(f"/proc/{self.processes[name].pid}/status") as file:
            line = next(l for l in file if l.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def call(url, token=None, body=None, timeout=30):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return json.load(answer)


def wrk(script, url, token, seconds, connections, workspaces=()):
    environment = dict(os.environ, TOKEN=token, WORKSPACES=",".join(workspaces))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", os.path.join(HERE, script), url]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    line = next(l for l in output.splitlines() if l.startswith("RESULT"))
    good, micros, p50, p99, refused = map(int, line.split()[1:])
    return good / (micros / 1e6), p50 / 1000, p99 / 1000, refused


def fdatasync_rate(directory, seconds=2):
    path = os.path.join(directory, "fdatasync")
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    block, count, began = b"x" * 4096, 0, time.monotonic()
    while time.monotonic() - began < seconds:
        os.write(descriptor, block)
        os.fdatasync(descriptor)
        count += 1
    os.close(descriptor)
    os.unlink(path)
    return count / seconds


def median(values):
    return sorted(values)[len(values) // 2]


def report(name, value):
    print(f"{name:<58} {value}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--failovers", type=int, default=10)
    parser.add_argument("--entries", type=int, default=100_000, help="log entries before the restarts")
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="clean-bench.")
    cluster = Cluster(os.path.abspath(arguments.binary), directory, 3)
    try:
        measure(cluster, arguments, directory)
    finally:
        cluster.stop()
        shutil.rmtree(directory)


def measure(cluster, arguments, directory):
    for name in cluster.names:
        cluster.start(name)
    for name in cluster.names:
        cluster.wait_ready(name)
    time.sleep(5)
    for name in cluster.names:
        report(f"resident memory, idle node {name}", f"{cluster.resident_mib(name):.1f} MiB")

    admin = cluster.admin_token()
    email, password = "bench@example.com", "correct horse battery"
    token = call(cluster.url("n1", "/api/v1/auth/register"), None,
                 {"email": email, "password": password, "name": "Bench"})["access_token"]
    workspaces = [
        call(cluster.url("n1", "/api/v1/workspaces"), admin,
             {"name": f"w{i}", "plan": "professional", "owner_email": email})["id"]
        for i in range(400)
    ]
    leader = cluster.status("n1")["leader"]
    follower = next(n for n in cluster.names if n != leader)

    raw = fdatasync_rate(directory)
    report("append 4 KiB + fdatasync, one thread", f"{raw:.0f}/s")
    for role, name in (("follower", follower), ("leader", leader)):
        rate, p50, p99, refused = wrk(
            "create-key.lua", cluster.url(name, "/api/v1/api-keys"), token,
            arguments.seconds, arguments.connections, workspaces)
        report(f"durable writes on a {role} (create key, {arguments.connections} connections)",
               f"{rate:.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms  ({rate / raw:.2f} of fdatasync rate, "
               f"{refused} refused)")
    for kind, query in (("linearizable", ""), ("stale", "&consistency=stale")):
        path = f"/api/v1/usage?workspace_id={workspaces[0]}{query}"
        for role, name in (("follower", follower), ("leader", leader)):
            rate, p50, p99, refused = wrk(
                "read.lua", cluster.url(name, path), token, arguments.seconds, arguments.connections)
            report(f"{kind} reads on a {role} (usage, {arguments.connections} connections)",
                   f"{rate:.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms  ({refused} refused)")

    times = []
    for _ in range(arguments.failovers):
        leader = cluster.status(cluster.names[0])["leader"]
        survivor = next(n for n in cluster.names if n != leader)
        cluster.kill(leader)
        began = time.monotonic()
        while True:
            try:
                call(cluster.url(survivor, "/api/v1/api-keys"), token,
                     {"workspace_id": workspaces[-1], "name": "failover", "scopes": ["read"]})
                break
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
        times.append((time.monotonic() - began) * 1000)
        cluster.start(leader)
        cluster.wait_ready(leader)
        while any(m["lag"] for m in cluster.status(survivor)["members"]):
            time.sleep(0.05)
    report(f"kill -9 of the leader to the next write, median of {len(times)}",
           f"{median(times):.0f} ms  (min {min(times):.0f}, max {max(times):.0f})")

    while cluster.status(cluster.names[0])["commit_index"] < arguments.entries:
        token = call(cluster.url("n1", "/api/v1/auth/login"), None,
                     {"email": email, "password": password})["access_token"]
        wrk("create-key.lua", cluster.url("n1", "/api/v1/api-keys"), token, 10,
            arguments.connections, workspaces)
    entries = cluster.status(cluster.names[0])["commit_index"]
    leader = cluster.status(cluster.names[0])["leader"]
    follower = next(n for n in cluster.names if n != leader)
    for kind in ("state kept", "state rebuilt from snapshot and log"):
        cluster.kill(follower)
        if kind != "state kept":
            os.unlink(os.path.join(directory, follower, "boot-id"))
        cluster.start(follower)
        seconds = cluster.wait_ready(follower)
        report(f"restart until ready after {entries} entries, {kind}", f"{seconds * 1000:.0f} ms")
    for name in cluster.names:
        report(f"resident memory after the load, {name}", f"{cluster.resident_mib(name):.1f} MiB")


main()
