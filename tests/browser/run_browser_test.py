#!/usr/bin/env python3
"""Makes HTML reports, and looks at them in a real browser.

Usage: run_browser_test.py SOURCE_DIR LNSIM WORK_DIR

Leaves the reports, and screenshots of them, in WORK_DIR/reports.
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from npm_packages import install  # noqa: E402  (found by the line above)

RUN_S = 120

# What the grammar of scenarios lets nobody write, but a journal can have: names, and what an
# endpoint answered, that would be markup if they were not text.
HOSTILE = [
    ('"device":"valve-1"', '"device":"<script>alert(1)</script>"'),
    ('"id":"valve-1"', '"id":"<script>alert(1)</script>"'),
    ('"wall_actual":"', '"wall_actual":"<img src=x onerror=alert(2)> '),
    ('"scenario":"', '"scenario":"</script><script>alert(3)</script><!-- '),
]


def lnsim(program, arguments, status):
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, timeout=RUN_S)
    if done.returncode != status:
        sys.exit(f"{arguments}: ended with {done.returncode}, expected {status}\n"
                 + done.stdout.decode(errors="replace"))


def make_reports(source, program, folder):
    folder.mkdir(parents=True, exist_ok=True)
    journal = folder / "run.jsonl"
    scenario = source / "scenarios" / "quickstart.yaml"
    lnsim(program, ["run", scenario, "--journal", journal, "--report", f"html={folder}/run.html"], 0)
    lnsim(program, ["check", "builtin", "--seed", "7", "--set", "endpoint.builtin.defect=twice",
                    "--set", "endpoint.builtin.defect_delay=1s",
                    "--report", f"html={folder}/suite.html"], 1)
    text = journal.read_text(encoding="utf-8")
    for good, bad in HOSTILE:
        if good not in text:
            sys.exit(f"the journal of {scenario} has no {good}")
        text = text.replace(good, bad)
    hostile = folder / "hostile.jsonl"
    hostile.write_text(text, encoding="utf-8")
    lnsim(program, ["report", hostile, "--report", f"html={folder}/hostile.html"], 0)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, program, folder = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    install(source / "tests" / "browser", folder)
    make_reports(source, program, folder / "reports")
    environment = {**os.environ, "FOLDER": str(folder / "reports")}
    return subprocess.run(["node", "--test", "--test-reporter=spec"], cwd=folder, env=environment,
                          check=False, timeout=RUN_S).returncode


if __name__ == "__main__":
    sys.exit(main())
