#!/usr/bin/env python3
"""Holds the conformance suite to the mistakes that it has to find.

Runs the whole suite against the reference endpoint, which must pass every case, and against each of
its defects, of which each must fail a case of its section. Which cases find which defect is the
table in defects.txt. It must be true for the cases of the defect's own section, but for those that
are a matter of milliseconds; where others differ, that is told.

Usage: run_defects.py LNSIM [--update] [DEFECT...]
"""

import concurrent.futures
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "defects.txt"
AT_ONCE = 6
TIMEOUT_S = 150

# How late what is late is. An answer that is slow is still within the limit of a MUST.
DELAYS = {"slow-answer": "700ms"}
DELAY = "3s"

# On a busy machine these may fail, or pass, with any endpoint.
TIMING = {"1.1/2", "1.1/3", "7.1/3", "7.3/1", "9.2/2", "10.2/3", "10.3/1", "10.6/1", "11.1/7"}


def run(lnsim, arguments):
    done = subprocess.run([lnsim, "check", "builtin", "--format", "json", "--seed", "5", "--jobs",
                           "24", *arguments], capture_output=True, text=True, timeout=TIMEOUT_S,
                          check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{arguments}: status {done.returncode}: {done.stderr[-500:]}")
    return json.loads(done.stdout)["checks"]


def found_by(lnsim, defect):
    """The cases that fail, or cannot be told, with that defect."""
    checks = run(lnsim, ["--set", f"endpoint.builtin.defect={defect}", "--set",
                         f"endpoint.builtin.defect_delay={DELAYS.get(defect, DELAY)}"])
    return [check["id"] for check in checks if check["verdict"] in ("failed", "inconclusive")]


def listed(lnsim):
    """Section by name of every defect."""
    text = subprocess.run([lnsim, "endpoint", "--list-defects"], capture_output=True, text=True,
                          check=True).stdout
    sections, section = {}, None
    for line in text.splitlines():
        if line and line[0].isdigit():
            section = line.split()[0]
        elif line.strip():
            sections[line.split()[0]] = section
    return sections


def read_table():
    lines = [line for line in TABLE.read_text().splitlines() if line and line[0] != "#"]
    return {line.split(":")[0]: line.split(":")[1].split() for line in lines}


def write_table(found):
    head = ("# Which cases of the suite find which defect of the reference endpoint.\n"
            "# Made by: tests/suite/run_defects.py build/lnsim --update\n")
    TABLE.write_text(head + "".join(f"{name}: {' '.join(cases)}\n"
                                    for name, cases in found.items()))


def problems_of(defect, section, cases, table):
    in_section = [case for case in cases if case.split(".")[0] == section]
    if not in_section:
        yield f"{defect}: no case of section {section} finds it; found by: {' '.join(cases)}"
    wanted, found = set(table.get(defect, [])) - TIMING, set(cases) - TIMING
    own = [case for case in wanted ^ found if case.split(".")[0] == section]
    if own:
        yield f"{defect}: the table is not true of {', '.join(sorted(own))}"


def main():
    arguments = [one for one in sys.argv[1:] if one != "--update"]
    lnsim = str(pathlib.Path(arguments[0]).resolve())
    good = [check for check in run(lnsim, []) if check["verdict"] != "passed"
            and check["id"] not in TIMING and check["verdict"] != "skipped"]
    problems = [f"the reference endpoint does not pass {one['id']}: {one['actual']}"
                for one in good]
    sections = listed(lnsim)
    names = arguments[1:] or list(sections)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(names, pool.map(lambda name: found_by(lnsim, name), names)))
    if "--update" in sys.argv:
        write_table(found)
    table = read_table()
    for name in names:
        problems += problems_of(name, sections[name], found[name], table)
        others = sorted((set(table.get(name, [])) ^ set(found[name])) - TIMING)
        if others:
            print(f"{name}: differs from the table in {', '.join(others)}")
    if not arguments[1:]:
        problems += [f"{name} stands in the table, and is no defect"
                     for name in table if name not in sections]
    print("\n".join(problems))
    print(f"{len(names)} defects, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
