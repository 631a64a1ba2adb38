#!/usr/bin/env python3
"""Reads lnsim's TAP reports with a public parser, and holds them to the JSON reports.

Usage: run_tap_test.py SOURCE_DIR LNSIM WORK_DIR
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from npm_packages import install  # noqa: E402  (found by the line above)

RUN_S = 60

# Scenario, further arguments, lnsim's exit status: one that passes, one with failures.
RUNS = [
    ("quickstart", [], 0),
    ("quickstart", ["--set", "endpoint.builtin.defect=twice"], 1),
]

# Golden files and the tests that the parser finds: all, passed, failed, known or not required,
# skipped.
GOLDEN = {"suite": (5, 2, 3, 1, 1)}


def read(folder, tap):
    """What the parser makes of a TAP document."""
    done = subprocess.run(["node", "read.js"], cwd=folder, input=tap, stdout=subprocess.PIPE,
                          check=True, timeout=RUN_S)
    return json.loads(done.stdout)


def expect(name, actual, expected):
    if actual != expected:
        sys.exit(f"{name}: {actual!r}, expected {expected!r}")


def check_golden(source, folder):
    for name, (count, passed, failed, todo, skip) in GOLDEN.items():
        found = read(folder, (source / f"tests/report/golden/{name}.tap").read_bytes())
        expect(name, found["bad"] + found["extra"], [])
        expect(name, [found[key] for key in ("count", "pass", "fail", "todo", "skip")],
               [count, passed, failed, todo, skip])


def check_run(source, lnsim, folder, run):
    scenario, arguments, status = run
    report = folder / "report.json"
    done = subprocess.run([lnsim, "run", source / f"scenarios/{scenario}.yaml", *arguments,
                           "--report", f"json={report}", "--report", "tap=-"],
                          stdout=subprocess.PIPE, check=False, timeout=RUN_S)
    expect(f"{run}: status", done.returncode, status)
    found = read(folder, done.stdout)
    checks = json.loads(report.read_text(encoding="utf-8"))["checks"]
    expect(f"{run}: ok", found["ok"], status == 0)
    expect(f"{run}: mistakes", found["bad"] + found["extra"], [])
    expect(f"{run}: names", [test["name"] for test in found["asserts"]],
           [f"{check['id']}: {check['title']}" for check in checks])
    for test, check in zip(found["asserts"], checks):
        expect(f"{run}: {test['name']}", test["ok"], check["verdict"] == "passed")
        if not test["ok"]:
            expect(f"{run}: actual", test["diag"]["actual"], check["actual"])
            expect(f"{run}: evidence", test["diag"]["evidence"], check["evidence"])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, lnsim, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    install(source / "tests" / "report" / "tap", folder)
    check_golden(source, folder)
    for run in RUNS:
        check_run(source, lnsim, folder, run)


if __name__ == "__main__":
    main()
