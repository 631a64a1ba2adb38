"""What benchmarks of the sender share: wrk and lnsim in turns, against a sink on the other core."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONNECTIONS = 64
FIXED = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = %r
"""


def pinned(core):
    """Words before a command that keep it to a core, where there is more than one."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


def built_sink(folder):
    program = folder / "epoll_sink"
    subprocess.run(["c++", "-O2", "-std=c++20", "-o", program, HERE / "epoll_sink.cpp"], check=True)
    return program


class Sink:
    """The sink on a core of its own, for as long as a with block lasts; its log is there then."""

    def __init__(self, program, *options):
        self.process = subprocess.Popen([*pinned(0), program, *map(str, options)],
                                        stdout=subprocess.PIPE, text=True)
        port = int(self.process.stdout.readline().rsplit(" ", 1)[1])
        self.url = f"http://127.0.0.1:{port}/uplink"

    def __enter__(self):
        return self.url

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()


def measured(command):
    """CPU seconds and wall seconds of a command, and what it printed."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([*pinned(1), *command], stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        sys.exit(f"{command}: status {process.returncode}\n{text}")
    return usage.ru_utime + usage.ru_stime, wall, text


def wrk(script, url, seconds):
    """CPU seconds for a million requests, and requests a second."""
    cpu, wall, text = measured(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script,
                                url])
    requests = int(re.search(r"(\d+) requests in", text)[1])
    return cpu / requests * 1e6, requests / wall


def lnsim(program, url, count, options=()):
    """The same of a run at pace max, with everything on."""
    cpu, wall, _ = measured([program, "run", HERE / "load.yaml", "--pace", "max", "--endpoint", url,
                             "--connections", str(CONNECTIONS), "--count", str(count), "--quiet",
                             *options])
    return cpu / count * 1e6, count / wall


def a_body(program):
    """A body of the scenario in two parts: up to its counter, and behind it."""
    body = subprocess.run([program, "generate", HERE / "load.yaml", "--count", "1"], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    head, tail = re.fullmatch(r'(.*"counter":)0(,.*)\n', body).groups()
    return head, tail


def table(names, rounds):
    print(f"{'':18}{'CPU s a million':>18}{'requests/s':>14}")
    for at, name in enumerate(names):
        cpu = statistics.median(one[at][0] for one in rounds)
        rate = statistics.median(one[at][1] for one in rounds)
        print(f"{name:18}{cpu:18.2f}{rate:14.0f}")


def median_ratio(rounds, one, other, figure=0):
    """The median over the rounds of one's figure (0: CPU, 1: rate) to the other's."""
    return statistics.median(r[one][figure] / r[other][figure] for r in rounds)
