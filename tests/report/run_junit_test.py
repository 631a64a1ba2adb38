#!/usr/bin/env python3
"""Holds lnsim's JUnit reports to what Jenkins takes (fixtures/junit/jenkins.rng), by xmllint.

Usage: run_junit_test.py SOURCE_DIR LNSIM WORK_DIR
"""

import pathlib
import re
import subprocess
import sys

RUN_S = 120

# lnsim's arguments and exit status: runs and suites, with failures and without.
RUNS = [
    (["run", "{scenarios}/quickstart.yaml"], 0),
    (["run", "{scenarios}/quickstart.yaml", "--set", "endpoint.builtin.defect=twice"], 1),
    (["check", "builtin", "--section", "4"], 0),
    (["check", "builtin", "--section", "4", "--set", "endpoint.builtin.defect=stores-twice"], 1),
]


def validate(schema, report):
    """What is wrong with a report; empty where nothing is."""
    done = subprocess.run(["xmllint", "--noout", "--relaxng", schema, report], check=False,
                          capture_output=True, text=True, timeout=RUN_S)
    return "" if done.returncode == 0 else done.stderr


def expect_good(schema, report):
    if wrong := validate(schema, report):
        sys.exit(f"{report}: {wrong}")


def expect_bad(schema, report, folder):
    """A schema that took everything would show nothing."""
    text = report.read_text(encoding="utf-8")
    for good, bad in ((' failures="', ' fails="'), ("<testcase ", "<case "), (' time="', ' time="x'),
                      ("<property name", "<property key")):
        broken = folder / "broken.xml"
        broken.write_text(re.sub(re.escape(good), bad, text, count=1), encoding="utf-8")
        if not validate(schema, broken):
            sys.exit(f"{schema} takes {bad}")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, lnsim, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    schema = source / "fixtures" / "junit" / "jenkins.rng"
    golden = sorted((source / "tests" / "report" / "golden").glob("*.xml"))
    for report in golden:
        expect_good(schema, report)
    expect_bad(schema, golden[0], folder)
    for number, (arguments, status) in enumerate(RUNS):
        report = folder / f"{number}.xml"
        words = [word.replace("{scenarios}", str(source / "scenarios")) for word in arguments]
        done = subprocess.run([lnsim, *words, "--report", f"junit={report}"], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=RUN_S)
        if done.returncode != status:
            sys.exit(f"{words}: ended with {done.returncode}, expected {status}\n"
                     + done.stdout.decode(errors="replace"))
        expect_good(schema, report)


if __name__ == "__main__":
    main()
