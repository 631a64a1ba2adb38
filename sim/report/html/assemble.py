#!/usr/bin/env python3
"""Puts the HTML report's page together, and writes it as C++.

usage: assemble.py FOLDER WORK OUT

FOLDER has the page's files and the lock file of what it has from npm, which is fetched into WORK
once. Where that fails the page is made without charts (its tables say the same), and the status is
3, so that whoever builds can say so. What the page may do is in its Content-Security-Policy: run
the one script and use the one style sheet whose hashes it names, and load nothing.
"""

import base64
import hashlib
import pathlib
import shutil
import subprocess
import sys

SCRIPTS = ["dom.js", "numbers.js", "checks.js", "charts.js", "load.js", "signals.js", "map.js", "timeline.js",
           "main.js"]
FETCH_S = 120
LITERAL = 16_000  # characters; compilers limit the length of one


def fetch(folder, work):
    """The folder of uPlot, or None where it could not be had."""
    modules = work / "node_modules"
    lock = (folder / "package-lock.json").read_bytes()
    stamp = modules / ".lock-installed"
    if not (stamp.exists() and stamp.read_bytes() == lock):
        work.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, work / name)
        try:
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=work,
                           check=True, timeout=FETCH_S, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"npm ci: {error}", file=sys.stderr)
            return None
        stamp.write_bytes(lock)
    return modules / "uplot"


def source_of_hash(text):
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def page(folder, uplot):
    """The page, with @DATA@ where the data goes."""
    read = lambda path: path.read_text(encoding="utf-8")
    own = "(() => {\n'use strict';\n" + "".join(read(folder / name) for name in SCRIPTS) + "})();\n"
    script, style, licence = own, read(folder / "page.css"), "Without charts."
    if uplot:
        script = read(uplot / "dist" / "uPlot.iife.min.js") + "\n" + own
        style = read(uplot / "dist" / "uPlot.min.css") + "\n" + style
        licence = "Charts: uPlot.\n" + read(uplot / "LICENSE")
    if "</script" in script or "--" in licence:
        sys.exit("assemble.py: a part would end its element")
    policy = (f"default-src 'none'; script-src {source_of_hash(script)}; "
              f"style-src {source_of_hash(style)}; base-uri 'none'; form-action 'none'")
    text = read(folder / "page.html").strip() + "\n"
    for mark, part in (("@POLICY@", policy), ("@LICENCE@", licence), ("@STYLE@", style),
                       ("@SCRIPT@", script)):
        text = text.replace(mark, part, 1)
    return text


def literal(text):
    parts = [text[at:at + LITERAL] for at in range(0, len(text), LITERAL)]
    return "\n".join(f'    R"page({part})page"' for part in parts)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, work, out = (pathlib.Path(argument) for argument in sys.argv[1:])
    uplot = fetch(folder, work)
    before, behind = page(folder, uplot).split("@DATA@")
    code = ("// Made by sim/report/html/assemble.py.\n#include \"sim/report/html_page.h\"\n\n"
            "namespace sim::report {\n\nHtmlPage html_page() {\n"
            f"  static constexpr std::string_view kBefore =\n{literal(before)};\n"
            f"  static constexpr std::string_view kBehind =\n{literal(behind)};\n"
            "  return {kBefore, kBehind};\n}\n\n}  // namespace sim::report\n")
    if not out.exists() or out.read_text(encoding="utf-8") != code:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(code, encoding="utf-8")
    return 0 if uplot else 3


if __name__ == "__main__":
    sys.exit(main())
