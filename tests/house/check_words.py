#!/usr/bin/env python3
"""Finds in the repository's files what must not be shipped.

usage: check_words.py ROOT

Absolute paths of somebody's machine, lock files that name a registry's host (they would tie every
build to it), and notes about work not done in sim/. Prints `file:line: what` and exits 1 if
anything is found.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

MACHINE_PATH = re.compile(r"(?<![\w./:}-])/(?:work|home|root)/")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME)\b")
LOCK_FILES = {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"}
# The word is one of TAP's own there.
OF_TAP = "sim/report/tap.cpp"
NOT_OURS = re.compile(r"^(?:build.*|node_modules|\.git|__pycache__)$")


def tracked(root):
    """The repository's files; where git cannot tell, all that are not made by a build."""
    command = ["git", "-C", str(root), "ls-files", "-z"]
    try:
        listing = subprocess.run(command, capture_output=True, check=True).stdout
        return [name for name in os.fsdecode(listing).split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = []
        for folder, folders, files in os.walk(root):
            folders[:] = [f for f in folders if not NOT_OURS.match(f)]
            names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
        return names


def problem_of(name, line):
    """What is wrong with a line of the file `name`, or None."""
    if match := MACHINE_PATH.search(line):
        return f"path of a machine: {match[0]}"
    if Path(name).name in LOCK_FILES and ('"resolved"' in line or "://registry." in line):
        return "names a registry's host"
    if name == OF_TAP and '" # TODO "' in line:
        return None
    if name.startswith("sim/") and (match := UNFINISHED.search(line)):
        return f"says {match[0]}"
    return None


def violations(root):
    problems = []
    for name in sorted(tracked(root)):
        path = Path(root) / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not text
        for number, line in enumerate(text.splitlines(), 1):
            if problem := problem_of(name, line):
                problems.append(f"{name}:{number}: {problem}")
    return problems


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    problems = violations(Path(arguments[0]).resolve())
    print("\n".join(problems) if problems else "nothing found")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
