#!/usr/bin/env python3
"""The runner of documented commands finds what it is there to find."""

import tempfile
import unittest
from pathlib import Path

from run_documented_commands import documented, logical_lines


class DocumentedCommands(unittest.TestCase):
    def test_lines_are_joined_and_comments_taken_off(self):
        block = "$ lnsim run a.yaml \\\n    -q   # quiet\n\n# nothing\nlnsim schema\n"
        self.assertEqual(list(logical_lines(block)), ["lnsim run a.yaml -q", "lnsim schema"])

    def test_console_blocks_and_scenarios_are_found(self):
        with tempfile.TemporaryDirectory() as root:
            source = Path(root, "source")
            Path(source, "sim").mkdir(parents=True)
            Path(source, "build").mkdir()
            text = "```console\nlnsim list regions\n```\n```sh\nrm x\n```\n"
            text += "```yaml\nname: x\n```\n```yaml\nradio: {}\n```\n"
            text += "```yaml\n# expect.yaml\nexpect: []\n```\n"
            Path(source, "sim", "README.md").write_text(text, encoding="utf-8")
            Path(source, "build", "README.md").write_text(text, encoding="utf-8")
            self.assertEqual(list(documented(source, Path(root))),
                             [("sim/README.md", "lnsim list regions"),
                              ("sim/README.md", "lnsim run documented-1.yaml")])
            self.assertEqual(Path(root, "documented-1.yaml").read_text(encoding="utf-8"),
                             "name: x\n")
            self.assertEqual(Path(root, "expect.yaml").read_text(encoding="utf-8"),
                             "# expect.yaml\nexpect: []\n")


if __name__ == "__main__":
    unittest.main()
