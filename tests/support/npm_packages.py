"""Installs what a test has from npm: a copy of its folder, with the packages that its lock file
names, once for each lock file. Nothing is written into the source tree."""

import os
import shutil
import subprocess

INSTALL_S = 120


def install(source, folder):
    """Copies the folder `source` to `folder`, and installs its packages where they are not there."""
    shutil.copytree(source, folder, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("node_modules"))
    lock = (source / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / ".lock-installed"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                   env={**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}, check=True,
                   timeout=INSTALL_S)
    stamp.write_bytes(lock)
