#!/usr/bin/env python3
"""The house check finds what it is there to find, shown on small trees of its own."""

import tempfile
import unittest
from pathlib import Path

from check_includes import violations

LISTING = """\
sim_library(low      PRIVATE fmt::fmt)
sim_library(aside)
sim_library(middle   DEPENDS sim::low   PRIVATE
            Boost::headers)
sim_library(high     DEPENDS sim::middle)
target_compile_definitions(sim_high PRIVATE X=1)
"""


def header(layer, body=""):
    return (f"// What it is.\n// Why it is there.\n#pragma once\n\n{body}\n"
            f"namespace sim::{layer} {{\n}}\n")


class CheckIncludes(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)
        self.write("sim/CMakeLists.txt", LISTING)
        for layer in ("low", "aside", "middle", "high"):
            self.write(f"sim/{layer}/{layer}.h", header(layer))

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self):
        return violations(self.root)

    def test_a_tree_in_order_has_no_violations(self):
        self.write("sim/high/a.cpp",
                   '#include "sim/high/high.h"\n#include <vector>\n#include "sim/low/low.h"\n')
        self.write("tests/high/a_test.cpp",
                   '#include "sim/middle/middle.h"\n#include "tests/support/fake.h"\n')
        self.assertEqual(self.found(), [])

    def test_an_include_upwards_is_found(self):
        self.write("sim/low/a.cpp", '#include "sim/low/low.h"\n#include "sim/high/high.h"\n')
        self.assertEqual(self.found(), [
            "sim/low/a.cpp:2: \"sim/high/high.h\": layer 'low' may not include layer 'high'"])

    def test_an_include_aside_is_found(self):
        self.write("sim/high/a.cpp", '#include "sim/aside/aside.h"\n')
        self.assertEqual(self.found(), [
            "sim/high/a.cpp:1: \"sim/aside/aside.h\": layer 'high' may not include layer 'aside'"])

    def test_an_include_of_a_test_beyond_its_layer_is_found(self):
        self.write("tests/low/a_test.cpp", '#include "sim/middle/middle.h"\n')
        self.assertEqual(self.found(), [
            "tests/low/a_test.cpp:1: \"sim/middle/middle.h\": "
            "layer 'low' may not include layer 'middle'"])

    def test_a_folder_of_tests_of_several_layers_includes_what_the_highest_may(self):
        self.write("sim/CMakeLists.txt",
                   LISTING + "sim_library(scenario DEPENDS sim::middle)\n")
        self.write("sim/scenario/scenario.h", header("scenario"))
        self.write("tests/fidelity/a.cpp",
                   '#include "sim/low/low.h"\n#include "sim/high/high.h"\n'
                   '#include "tests/fidelity/a.h"\n')
        self.assertEqual(self.found(), [
            "tests/fidelity/a.cpp:2: \"sim/high/high.h\": "
            "layer 'scenario' may not include layer 'high'"])

    def test_an_include_that_starts_elsewhere_is_found(self):
        self.write("sim/low/a.cpp", '#include "low.h"\n')
        self.assertEqual(self.found(), [
            'sim/low/a.cpp:1: "low.h" does not start at the root of the repository'])

    def test_a_library_that_the_layer_does_not_name_is_found(self):
        self.write("sim/low/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n")
        self.assertEqual(self.found(), [
            "sim/low/a.cpp:1: <boost/asio/ip/tcp.hpp> needs Boost::headers, "
            "which layer 'low' does not name"])

    def test_an_unknown_library_is_found(self):
        self.write("sim/low/a.cpp", "#include <gsl/span>\n")
        self.assertEqual(self.found(), ["sim/low/a.cpp:1: <gsl/span> is of no known library"])

    def test_a_library_in_a_private_header_is_allowed(self):
        self.write("sim/middle/inner.h", header("middle", "#include <boost/beast/core.hpp>"))
        self.write("sim/middle/a.cpp", '#include "sim/middle/inner.h"\n')
        self.assertEqual(self.found(), [])

    def test_a_library_in_a_header_that_others_reach_is_found(self):
        self.write("sim/middle/inner.h", header("middle", "#include <boost/beast/core.hpp>"))
        self.write("sim/middle/middle.h", header("middle", '#include "sim/middle/inner.h"'))
        self.write("sim/high/a.cpp", '#include "sim/middle/middle.h"\n')
        self.assertEqual(self.found(), [
            "sim/middle/inner.h:5: <boost/beast/core.hpp> in a header that other layers include"])

    def test_expected_is_allowed_in_public_headers(self):
        self.write("sim/low/low.h", header("low", "#include <tl/expected.hpp>"))
        self.write("sim/high/a.cpp", '#include "sim/low/low.h"\n')
        self.assertEqual(self.found(), [])

    def test_a_folder_without_a_layer_is_found(self):
        self.write("sim/util/a.h", header("util"))
        self.write("tests/util/a_test.cpp", "")
        self.assertEqual(self.found(), [
            "sim/util:1: no layer of that name in sim/CMakeLists.txt",
            "tests/util:1: tests no layer of sim/CMakeLists.txt"])

    def test_a_layer_without_a_folder_is_found(self):
        self.write("sim/CMakeLists.txt", LISTING + "sim_library(gone)\n")
        self.assertEqual(self.found(), ["sim/CMakeLists.txt:7: no folder sim/gone"])

    def test_a_dependency_on_a_later_layer_is_found(self):
        self.write("sim/CMakeLists.txt", LISTING.replace("sim_library(aside)",
                                                         "sim_library(aside DEPENDS sim::high)"))
        self.assertEqual(self.found(), [
            "sim/CMakeLists.txt:2: 'aside' depends on 'high', which no line above declares"])

    def test_a_header_without_prose_is_found(self):
        self.write("sim/low/low.h", "// One line.\n#pragma once\nnamespace sim::low {\n}\n")
        self.assertEqual(self.found(), [
            "sim/low/low.h:1: a header opens with at least two lines of prose"])

    def test_a_header_without_pragma_once_is_found(self):
        self.write("sim/low/low.h", header("low").replace("#pragma once", "#include <vector>"))
        self.assertEqual(self.found(), [
            "sim/low/low.h:3: #pragma once comes right after the prose"])

    def test_another_layers_namespace_is_found(self):
        self.write("sim/low/a.cpp", "namespace sim::lower {\n}\n")
        self.assertEqual(self.found(), ["sim/low/a.cpp:1: namespace sim::lower in layer 'low'"])

    def test_a_namespace_within_the_layers_is_allowed(self):
        self.write("sim/low/a.cpp", "namespace sim::low::inner {\n}\n")
        self.assertEqual(self.found(), [])

    def test_a_file_that_is_too_long_is_found(self):
        self.write("sim/low/a.cpp", "\n" * 401)
        self.assertEqual(self.found(), ["sim/low/a.cpp:401: longer than 400 lines"])


if __name__ == "__main__":
    unittest.main()
