#!/usr/bin/env python3
"""Measures a three-node cluster through its REST API, on loopback.

    service.py CLEAN_NODE [--seconds 10] [--connections 64] [--logins 4] [--failovers 10] [--entries 100000]

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


def call(url, token=None, body=None, timeout=30, method=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return json.load(answer) if answer.status != 204 else None


def start_wrk(script, url, seconds, connections, **variables):
    environment = dict(os.environ, **{name.upper(): value for name, value in variables.items()})
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", os.path.join(HERE, script), url]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def result(running):
    output, _ = running.communicate()
    if running.returncode:
        sys.exit(f"wrk ended with {running.returncode}: {output}")
    line = next(l for l in output.splitlines() if l.startswith("RESULT"))
    good, micros, p50, p99, refused = map(int, line.split()[1:])
    return good / (micros / 1e6), p50 / 1000, p99 / 1000, refused


def wrk(*arguments, **variables):
    return result(start_wrk(*arguments, **variables))


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
    parser.add_argument("--logins", type=int, default=4, help="connections that log in")
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
    # Calls are counted against a limit that is not reached.
    call(cluster.url("n1", "/api/v1/plans/bench"), admin,
         {"api_calls_per_day": 10**12, "retention_days": 30, "features": ["all"]}, method="PUT")
    password = "correct horse battery"
    accounts = [f"bench{i}@example.com" for i in range(20)]
    for email in accounts:
        made = call(cluster.url("n1", "/api/v1/auth/register"), None,
                    {"email": email, "password": password, "name": "Bench"})
    # The operator gives workspaces to whom an address is proven to belong.
    reset = call(cluster.url("n1", f"/api/v1/users/{made['user']['id']}/password-reset"), admin, {})
    call(cluster.url("n1", "/api/v1/auth/password-reset/confirm"), None,
         {"token": reset["token"], "password": password})
    token = call(cluster.url("n1", "/api/v1/auth/login"), None,
                 {"email": email, "password": password})["access_token"]
    workspaces = [
        call(cluster.url("n1", "/api/v1/workspaces"), admin,
             {"name": f"w{i}", "plan": "bench", "owner_email": email})["id"]
        for i in range(400)
    ]
    leader = cluster.status("n1")["leader"]
    follower = next(n for n in cluster.names if n != leader)
    roles = (("follower", follower), ("leader", leader))

    raw = fdatasync_rate(directory)
    report("append 4 KiB + fdatasync, one thread", f"{raw:.0f}/s")
    for connections in (1, arguments.connections, 4 * arguments.connections):
        for role, name in roles:
            rate, p50, p99, refused = wrk(
                "create-key.lua", cluster.url(name, "/api/v1/api-keys"), arguments.seconds, connections,
                token=token, workspaces=",".join(workspaces))
            report(f"durable writes on a {role} (create key, {connections} connections)",
                   f"{rate:.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms  ({rate / raw:.2f} of fdatasync rate, "
                   f"{refused} refused)")
    for kind, query in (("linearizable", ""), ("stale", "&consistency=stale")):
        path = f"/api/v1/usage?workspace_id={workspaces[0]}{query}"
        for role, name in roles:
            rate, p50, p99, refused = wrk(
                "read.lua", cluster.url(name, path), arguments.seconds, arguments.connections, token=token)
            report(f"{kind} reads on a {role} (usage, {arguments.connections} connections)",
                   f"{rate:.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms  ({refused} refused)")
    measure_logins(cluster, arguments, follower, workspaces[0], token, accounts, password)

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
        wrk("create-key.lua", cluster.url("n1", "/api/v1/api-keys"), 10, arguments.connections,
            token=token, workspaces=",".join(workspaces))
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


def measure_logins(cluster, arguments, node, workspace, token, accounts, password):
    """How many logins there are, and what they do to other calls: rounds with and without take turns."""
    url = cluster.url(node, "/api/v1/auth/login")
    read = cluster.url(node, f"/api/v1/usage?workspace_id={workspace}")
    seconds = max(3, arguments.seconds // 2)

    def logins(duration):
        return start_wrk("login.lua", url, duration, arguments.logins,
                         accounts=",".join(accounts), password=password)

    rate, p50, p99, refused = result(logins(seconds))
    report(f"logins on a follower ({arguments.logins} connections)",
           f"{rate:.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms  ({refused} refused)")
    for connections in (1, 4, arguments.connections):
        alone, beside, rates = [], [], []
        for _ in range(5):
            alone.append(wrk("read.lua", read, seconds, connections, token=token)[2])
            running = logins(seconds)
            beside.append(wrk("read.lua", read, seconds, connections, token=token)[2])
            rates.append(result(running)[0])
        report(f"p99 of reads there ({connections} connections), without and with logins",
               f"{median(alone):.1f} ms, {median(beside):.1f} ms  (x{median(beside) / median(alone):.2f}, "
               f"{median(rates):.0f} logins/s)")


if __name__ == "__main__":
    main()
