#!/usr/bin/env python3
"""Runs every lnsim command that the documentation and the --help texts show.

A command is a line of a ```console block, or an example under a command's --help; a ```yaml block
that begins with `name:` is a scenario, and is run against the built-in endpoint; one that begins with a
comment like `# expect.yaml` is a file of that name. A command is run from a
copy of the repository's folder as a shell would run it, with two changes: the program is the one
that was built, and 127.0.0.1:8080, where readers are told that their endpoint is, becomes the
address of a reference endpoint that is started for it. `lnsim endpoint` itself is started, waited
for, and stopped; `lnsim record` is also given a few uplinks meanwhile. ci/ scripts are run by CI itself: here they only have to be there.

Usage: run_documented_commands.py SOURCE_DIR LNSIM
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

READERS_ENDPOINT = "127.0.0.1:8080"
TIMEOUT_S = 50


def logical_lines(block):
    """The lines of a block, continuation lines joined, comments taken off."""
    joined = re.sub(r"\\\n\s*", "", block)
    for line in joined.splitlines():
        line = re.sub(r"(^|\s)#\s.*$", "", line).strip()
        if line:
            yield line.removeprefix("$ ")


def blocks(source, language):
    """(where, text) of every block of that language in the documentation."""
    for path in sorted(source.rglob("*.md")):
        parts = path.relative_to(source).parts
        if parts[0].startswith("build") or "node_modules" in parts:
            continue
        text = path.read_text(encoding="utf-8")
        for block in re.findall(rf"^```{language}\n(.*?)^```", text, re.S | re.M):
            yield str(path.relative_to(source)), block


def documented(source, folder):
    """(where, command) of every command in the documentation; scenarios are put into `folder`."""
    for where, block in blocks(source, "console"):
        for line in logical_lines(block):
            yield where, line
    for _, block in blocks(source, "yaml"):
        if named := re.match(r"# (\w+\.yaml)\n", block):
            (folder / named[1]).write_text(block, encoding="utf-8")
    scenarios = [block for block in blocks(source, "yaml") if block[1].startswith("name:")]
    for number, (where, block) in enumerate(scenarios, 1):
        path = folder / f"documented-{number}.yaml"
        path.write_text(block, encoding="utf-8")
        yield where, f"lnsim run {path.name}"


def shown_in_help(lnsim):
    """(where, command) of every example in the --help texts."""
    overview = subprocess.run([lnsim, "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z]+)  +\S", overview.split("Subcommands:")[1], re.M)
    for command in [[]] + [[name] for name in commands]:
        text = subprocess.run([lnsim, *command, "--help"], capture_output=True, text=True,
                              check=True).stdout
        for line in re.findall(r"^ +(lnsim .*)$", text.split("Example")[1], re.M):
            yield "lnsim " + " ".join(command + ["--help"]), line


class Endpoint:
    """A reference endpoint on a free port, for as long as a with block lasts."""

    def __init__(self, lnsim):
        self.process = subprocess.Popen([lnsim, "endpoint", "--listen", "127.0.0.1:0", "-q"],
                                        stdout=subprocess.PIPE, text=True)
        self.address = re.search(r"http://([^/]+)/", self.process.stdout.readline()).group(1)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=TIMEOUT_S)


def run_endpoint_command(command, folder, environment):
    """Starts a documented `lnsim endpoint`, waits until it listens, stops it."""
    command = command.replace(READERS_ENDPOINT, "127.0.0.1:0")
    process = subprocess.Popen(["bash", "-c", "exec " + command], cwd=folder, env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    line = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    output = line + process.communicate(timeout=TIMEOUT_S)[0]
    return (0 if line.startswith("listening on ") else 1) or process.returncode, output


def run_record_command(command, folder, environment, lnsim):
    """Starts a documented `lnsim record`, posts to it, and stops it unless that ends it."""
    command = command.replace(READERS_ENDPOINT, "127.0.0.1:0")
    if "--listen" not in command:
        command += " --listen 127.0.0.1:0"
    process = subprocess.Popen(["bash", "-c", "exec " + command], cwd=folder, env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    line = process.stdout.readline()
    url = re.search(r"recording at (http://[\d.:]+)", line)
    if url:
        limit = re.search(r"--count (\d+)", command)
        subprocess.run([lnsim, "run", "scenarios/quickstart.yaml", "--endpoint", url[1] + "/uplink",
                        "--count", limit[1] if limit else "8", "--duration", "200h", "--pace",
                        "max"], cwd=folder,
                       capture_output=True, timeout=TIMEOUT_S, check=False)
        if not limit:
            process.send_signal(signal.SIGTERM)
    output = line + process.communicate(timeout=TIMEOUT_S)[0]
    return (0 if url else 1) or process.returncode, output


def run(command, folder, environment, lnsim):
    if re.match(r"(build/)?lnsim record\b", command):
        return run_record_command(command, folder, environment, lnsim)
    if re.match(r"(build/)?lnsim endpoint\b(?!.*--list-)", command):
        return run_endpoint_command(command, folder, environment)
    with Endpoint(lnsim) as endpoint:
        done = subprocess.run(["bash", "-c", command.replace(READERS_ENDPOINT, endpoint.address)],
                              cwd=folder, env=environment, capture_output=True, text=True,
                              timeout=TIMEOUT_S, check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    source, lnsim = pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve())
    failures, count = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(source / "scenarios", folder / "scenarios")
        (folder / "build").mkdir()
        (folder / "build" / "lnsim").symlink_to(lnsim)
        environment = dict(os.environ, TOKEN="t0ken",
                           PATH=f"{folder / 'build'}:{os.environ['PATH']}")
        shown = {}  # a command that is shown twice is run once, where it is shown first
        for where, command in [*documented(source, folder), *shown_in_help(lnsim)]:
            shown.setdefault(command, where)
        for command, where in shown.items():
            count += 1
            first = command.split()[0]
            if first.startswith("ci/"):
                if not os.access(source / first, os.X_OK):
                    failures.append(f"{where}: {command}: there is no such script")
                continue
            status, output = run(command, folder, environment, lnsim)
            if status != 0:
                failures.append(f"{where}: {command}: status {status}\n{output}")
    for failure in failures:
        print(failure)
    print(f"{count} documented commands, {len(failures)} failed")
    return 1 if failures or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
