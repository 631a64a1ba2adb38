#!/usr/bin/env python3
"""The check of words finds what it is there to find. Its examples are put together from halves."""

import tempfile
import unittest
from pathlib import Path

from check_words import problem_of, violations

HOME = "/ho" + "me/"
NOTE = "TO" + "DO"


class CheckWords(unittest.TestCase):
    def test_paths_of_a_machine_are_found(self):
        self.assertEqual(problem_of("README.md", f"cd {HOME}me"), f"path of a machine: {HOME}")
        self.assertEqual(problem_of("a.py", f'"{HOME}me"'), f"path of a machine: {HOME}")

    def test_paths_of_an_address_are_not_found(self):
        self.assertIsNone(problem_of("README.md", f"see https://example.org{HOME}page"))

    def test_hosts_in_lock_files_are_found(self):
        line = '      "resolved": "https://example.org/a.tgz",'
        self.assertEqual(problem_of("tests/a/package-lock.json", line), "names a registry's host")
        self.assertIsNone(problem_of("tests/a/other.json", line))

    def test_unfinished_work_is_found_in_sim_alone(self):
        self.assertEqual(problem_of("sim/a/b.cpp", f"// {NOTE}: more"), f"says {NOTE}")
        self.assertIsNone(problem_of("tests/a/b.cpp", f"// {NOTE}: more"))
        self.assertIsNone(problem_of("sim/a/b.cpp", f"k{NOTE}s"))

    def test_places_are_told(self):
        with tempfile.TemporaryDirectory() as root:
            Path(root, "a.txt").write_text(f"one\n{HOME}two\n", encoding="utf-8")
            Path(root, "b.bin").write_bytes(b"\xff\xfe" + HOME.encode())
            Path(root, "build").mkdir()
            Path(root, "build", "c.txt").write_text(HOME, encoding="utf-8")
            self.assertEqual(violations(root), [f"a.txt:2: path of a machine: {HOME}"])


if __name__ == "__main__":
    unittest.main()
