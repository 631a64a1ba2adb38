#!/usr/bin/env python3
"""Runs lnsim's scenarios against the application on Express, over loopback.

The application is copied into WORK_DIR and its packages are installed there, once for each lock
file, so that nothing is written into the source tree.

Usage: run_express_test.py SOURCE_DIR LNSIM WORK_DIR
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from npm_packages import install  # noqa: E402  (found by the line above)

RUN_S = 60
START_S = 30
STOP_S = 10

# What the application reads (settings.js): a test must not depend on what the caller has set.
SETTINGS = ("PORT", "HOST", "AUTHORIZATION", "FIELD", "BELOW", "DOWNLINK_PORT", "CONFIRMED",
            "DOWNLINK_HOSTS", "DOWNLINK_TIMEOUT_MS", "LOG_LEVEL")

SOON = ["--set", "expect[1].within=1s"]

# Scenario, what the application's environment has, further arguments of lnsim ({probe} is where the
# application says what it has stored), its exit status.
RUNS = [
    ("quickstart", {}, [], 0),
    ("downlink-round-trip", {}, [], 0),
    ("retries", {}, [], 0),
    ("many-gateways", {}, [], 0),
    ("outage", {}, [], 0),
    ("stored-once", {}, ["--set", "endpoint.probe.url={probe}"], 0),
    ("closed-loop", {"CONFIRMED": "true"}, [], 0),
    ("unauthorised", {"AUTHORIZATION": "Bearer the-right-one"}, [], 0),
    ("quickstart", {"AUTHORIZATION": "Bearer right"}, ["--authorization", "Bearer right"], 0),
    ("quickstart", {}, ["--dialect", "ttn-v2-wire"], 0),
    ("quickstart", {}, ["--set", "endpoint.method=PUT"], 0),
    # An application that does wrong must be found out: one that never opens a valve, opens every
    # valve, answers on the wrong port, refuses what it should take, takes what it should refuse.
    # What never comes is waited for: SOON keeps that short.
    ("downlink-round-trip", {"BELOW": "0"}, SOON, 1),
    ("downlink-round-trip", {"BELOW": "100"}, [], 1),
    ("downlink-round-trip", {"DOWNLINK_PORT": "3"}, SOON, 1),
    ("quickstart", {"AUTHORIZATION": "Bearer right"}, [], 1),
    ("unauthorised", {}, [], 1),
]

RIGHT = "Bearer right"

# What the application's environment has, further arguments of `lnsim check`, its exit status. The
# profile says what the application should do; a wrong environment must be found out.
SUITE_RUNS = [
    ({"AUTHORIZATION": RIGHT}, ["--strict"], 0),
    ({}, ["--section", "6"], 1),
    ({"AUTHORIZATION": RIGHT, "BELOW": "0"}, ["--section", "8"], 1),
    ({"AUTHORIZATION": RIGHT, "BELOW": "100"}, ["--section", "7"], 1),
    ({"AUTHORIZATION": RIGHT, "DOWNLINK_PORT": "3"}, ["--section", "8"], 1),
]


class Application:
    """The application on a free port, for as long as a with block lasts."""

    def __init__(self, folder, settings):
        environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        environment.update(PORT="0", **settings)
        self.process = subprocess.Popen(["node", "server.js"], cwd=folder, env=environment,
                                        stdout=subprocess.PIPE, text=True)
        self.end = "was not stopped"
        # An application that says nothing is killed, which ends the wait for its line.
        watchdog = threading.Timer(START_S, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        found = re.fullmatch(r"listening on (http://\S+)\n", line)
        if not found:
            self.process.kill()
            self.process.communicate()
            raise RuntimeError(f"the application did not start; its first line is {line!r}")
        self.url = found.group(1)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        try:
            more, _ = self.process.communicate(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            self.end = f"did not end within {STOP_S} s"
            return
        status = self.process.returncode
        self.end = "" if status == 0 and not more else f"ended with {status}, and said {more!r}"


def run_lnsim(command, settings=None):
    """The exit status, or None for a run that did not end; and all that lnsim printed."""
    try:
        done = subprocess.run(command, env={**os.environ, **(settings or {})},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=RUN_S,
                              check=False)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as error:
        return None, (error.stdout or b"").decode(errors="replace")


def holds(source, lnsim, folder, run):
    """Carries out one of RUNS, and says how it went."""
    scenario, settings, arguments, expected = run
    path = source / "scenarios" / f"{scenario}.yaml"
    with Application(folder, settings) as application:
        probe = application.url.removesuffix("/uplink") + "/probe/{device}"
        command = [lnsim, "run", path, "--endpoint", application.url,
                   *(argument.replace("{probe}", probe) for argument in arguments)]
        status, output = run_lnsim(command)
    good = status == expected and not application.end
    print(f"{scenario} {settings} {arguments}: {'passed' if good else 'FAILED'}", flush=True)
    if not good:
        print(f"{output}\nlnsim ended with {status}, expected {expected}")
        print(f"the application {application.end or 'ended well'}", flush=True)
    return good


def conforms(source, lnsim, folder, run):
    """Carries out one of SUITE_RUNS, and says how it went."""
    settings, arguments, expected = run
    profile = source / "tests" / "endpoints" / "express" / "profile.yaml"
    with Application(folder, settings) as application:
        probe = application.url.removesuffix("/uplink") + "/probe"
        status, output = run_lnsim(
            [lnsim, "check", "--profile", profile, *arguments],
            {"ENDPOINT": application.url, "PROBE": probe, "AUTHORIZATION": RIGHT})
    good = status == expected and not application.end
    print(f"check {settings} {arguments}: {'passed' if good else 'FAILED'}", flush=True)
    if not good:
        print(f"{output}\nlnsim ended with {status}, expected {expected}; "
              f"the application {application.end or 'ended well'}", flush=True)
    return good


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, lnsim, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    install(source / "tests" / "endpoints" / "express", folder)
    subprocess.run(["node", "--test"], cwd=folder, check=True, timeout=RUN_S)
    results = [holds(source, lnsim, folder, run) for run in RUNS]
    results += [conforms(source, lnsim, folder, run) for run in SUITE_RUNS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
