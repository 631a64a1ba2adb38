#!/usr/bin/env python3
"""Runs lnsim's scenarios against the application on Express, over loopback.

The application is copied into WORK_DIR and its packages are installed there, once for each lock
file, so that nothing is written into the source tree.

Usage: run_express_test.py SOURCE_DIR LNSIM WORK_DIR
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

TIMEOUT_S = 120

# Scenario, what the application's environment has, further arguments of lnsim.
RUNS = [
    ("quickstart", {}, []),
    ("downlink-round-trip", {}, []),
    ("retries", {}, []),
    ("many-gateways", {}, []),
    ("outage", {}, []),
    ("unauthorised", {"AUTHORIZATION": "Bearer the-right-one"}, []),
    ("quickstart", {"AUTHORIZATION": "Bearer right"}, ["--authorization", "Bearer right"]),
    ("quickstart", {}, ["--dialect", "ttn-v2-wire"]),
    ("quickstart", {}, ["--set", "endpoint.method=PUT"]),
]


def install(source, folder):
    """Copies the application, and installs its packages where they are not there yet."""
    application = source / "tests" / "endpoints" / "express"
    shutil.copytree(application, folder, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("node_modules"))
    lock = (application / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / ".lock-installed"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                   check=True, timeout=TIMEOUT_S)
    stamp.write_bytes(lock)


class Application:
    """The application on a free port, for as long as a with block lasts."""

    def __init__(self, folder, settings):
        environment = dict(os.environ, PORT="0", **settings)
        self.process = subprocess.Popen(["node", "server.js"], cwd=folder, env=environment,
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = re.fullmatch(r"listening on (http://\S+)\n", line).group(1)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=TIMEOUT_S)

    def ended_well(self):
        return self.process.returncode == 0


def main():
    source, lnsim, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    install(source, folder)
    subprocess.run(["node", "--test"], cwd=folder, check=True, timeout=TIMEOUT_S)
    failures = 0
    for scenario, settings, arguments in RUNS:
        path = source / "scenarios" / f"{scenario}.yaml"
        with Application(folder, settings) as application:
            done = subprocess.run(
                [lnsim, "run", path, "--endpoint", application.url, *arguments],
                capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        good = done.returncode == 0 and application.ended_well()
        print(f"{scenario} {settings} {arguments}: {'passed' if good else 'FAILED'}")
        if not good:
            failures += 1
            print(done.stdout, done.stderr, f"the application: {application.process.returncode}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
