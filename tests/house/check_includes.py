#!/usr/bin/env python3
"""Holds the source tree to the architecture that sim/CMakeLists.txt declares.

usage: check_includes.py ROOT

Checks that includes go only to layers in DEPENDS (or through it), that third-party libraries stay
in the layers that name them and out of public headers, and that folders, headers and namespaces
have the form that sim/README.md describes. Prints `file:line: what is wrong` and exits 1 if
anything is.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Where a third-party header comes from: the start of its path, and the target that brings it.
LIBRARIES = {
    "boost/": "Boost::headers",
    "nlohmann/": "nlohmann_json::nlohmann_json",
    "yaml-cpp/": "yaml-cpp",
    "pugixml.hpp": "pugixml::pugixml",
    "httplib.h": "PkgConfig::httplib",
    "CLI/": "CLI11::CLI11",
    "fmt/": "fmt::fmt",
    "openssl/ssl": "OpenSSL::SSL",
    "openssl/": "OpenSSL::Crypto",
    "zlib.h": "ZLIB::ZLIB",
    "zstd.h": "PkgConfig::zstd",
    "prometheus/": "prometheus-cpp::core",
    "js/": "PkgConfig::mozjs",
    "jsapi.h": "PkgConfig::mozjs",
    "jsfriendapi.h": "PkgConfig::mozjs",
    "seccomp.h": "PkgConfig::seccomp",
    "valijson/": "nlohmann_json::nlohmann_json",
}
EVERYWHERE = {"tl/expected.hpp"}
# Standard headers have neither slash nor dot; of the operating system's these forms are known.
SYSTEM = re.compile(r"^(\w+|(sys|netinet|arpa)/\w+\.h|(unistd|fcntl|poll|netdb|pthread|signal|spawn)\.h)$")
TEST_FOLDERS = {"support", "house", "bench", "fuzz", "browser", "endpoints", "suite"}
# Folders that test several layers at once: each includes no more than this layer may.
TESTS_OF_MANY = {"fidelity": "scenario"}
LONGEST_FILE = 400

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NAMESPACE = re.compile(r"^\s*namespace\s+(sim::[\w:]+)\s*\{?")


@dataclass
class Layer:
    name: str
    line: int
    depends: list
    private: set
    reach: set = field(default_factory=set)


def read_layers(root, problems):
    """The layers that sim/CMakeLists.txt declares, each with all that it may include."""
    listing = root / "sim" / "CMakeLists.txt"
    text = listing.read_text(encoding="utf-8")
    layers = {}
    for match in re.finditer(r"^sim_library\(([^)]*)\)", text, re.MULTILINE):
        line = text.count("\n", 0, match.start()) + 1
        name, *words = match[1].split()
        layer = Layer(name, line, [], set())
        section = None
        for word in words:
            if word in ("DEPENDS", "PRIVATE"):
                section = word
            elif section == "DEPENDS":
                layer.depends.append(word.removeprefix("sim::"))
            else:
                layer.private.add(word)
        layer.reach = {name}
        for other in layer.depends:
            if other in layers:
                layer.reach |= layers[other].reach
            else:
                problems.append(f"sim/CMakeLists.txt:{line}: '{name}' depends on '{other}', "
                                "which no line above declares")
        layers[name] = layer
    return layers


def includes(path):
    """(line number, is_quoted, path) of each include of a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1] == '"', match[2]


def sources(folder):
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.rglob("*")
                  if p.suffix in (".h", ".cpp") and "node_modules" not in p.parts)


def public_headers(root, layers):
    """Headers that another layer includes, or reaches through such a header."""
    own = {name: sources(root / "sim" / name) + sources(root / "tests" / name) for name in layers}
    strangers = sources(root / "tests" / "support")
    edges = {}
    public = set()
    for name, files in [*own.items(), ("", strangers)]:
        for path in files:
            targets = {t for _, quoted, t in includes(path) if quoted and t.startswith("sim/")}
            edges[path.relative_to(root).as_posix()] = targets
            public |= {t for t in targets if t.split("/")[1] != name}
    waiting = list(public)
    while waiting:
        for target in edges.get(waiting.pop(), set()) - public:
            public.add(target)
            waiting.append(target)
    return public


def check_third_party(target, layer, is_public):
    """What is wrong with an include in angle brackets, or None."""
    if target in EVERYWHERE or SYSTEM.match(target):
        return None
    library = next((lib for start, lib in LIBRARIES.items() if target.startswith(start)), None)
    if library is None:
        return f"<{target}> is of no known library"
    if library not in layer.private:
        return f"<{target}> needs {library}, which layer '{layer.name}' does not name"
    if is_public:
        return f"<{target}> in a header that other layers include"
    return None


def check_layer_files(root, layers, problems):
    public = public_headers(root, layers)
    for layer in layers.values():
        folder = root / "sim" / layer.name
        if not folder.is_dir():
            problems.append(f"sim/CMakeLists.txt:{layer.line}: no folder sim/{layer.name}")
        for path in sources(folder):
            name = path.relative_to(root).as_posix()
            for line, quoted, target in includes(path):
                if quoted:
                    problem = check_quoted(target, layer, layers, ("sim",))
                else:
                    problem = check_third_party(target, layer, name in public)
                if problem:
                    problems.append(f"{name}:{line}: {problem}")
            check_form(path, name, layer.name, problems)
    for folder in sorted(p.name for p in (root / "sim").iterdir() if p.is_dir()):
        if folder not in layers:
            problems.append(f"sim/{folder}:1: no layer of that name in sim/CMakeLists.txt")


def check_quoted(target, layer, layers, roots):
    """What is wrong with an include in quotes, or None."""
    first, _, rest = target.partition("/")
    if first not in roots:
        return f'"{target}" does not start at the root of the repository'
    if first != "sim":
        return None
    other = rest.split("/")[0]
    if other not in layers:
        return f'"{target}" is in no layer'
    if other not in layer.reach:
        return f'"{target}": layer \'{layer.name}\' may not include layer \'{other}\''
    return None


def check_form(path, name, layer, problems):
    """Prose and #pragma once at the top of headers, the layer's namespace, the length."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) > LONGEST_FILE:
        problems.append(f"{name}:{LONGEST_FILE + 1}: longer than {LONGEST_FILE} lines")
    spaces = [(n, m[1]) for n, line in enumerate(lines, 1) if (m := NAMESPACE.match(line))]
    wanted = f"sim::{layer}"
    for number, space in spaces:
        if space != wanted and not space.startswith(wanted + "::"):
            problems.append(f"{name}:{number}: namespace {space} in layer '{layer}'")
    if path.suffix == ".h":
        check_header_top(lines, name, problems)
        if not spaces:
            problems.append(f"{name}:1: no namespace {wanted}")


def check_header_top(lines, name, problems):
    prose = 0
    while prose < len(lines) and lines[prose].startswith("//"):
        prose += 1
    if prose < 2:
        problems.append(f"{name}:1: a header opens with at least two lines of prose")
    rest = (n for n in range(prose, len(lines)) if lines[n].strip())
    first = next(rest, None)
    if first is None or lines[first].strip() != "#pragma once":
        number = 1 if first is None else first + 1
        problems.append(f"{name}:{number}: #pragma once comes right after the prose")


def check_tests(root, layers, problems):
    """Each test folder mirrors a layer, or a few of them, and includes no more than it may."""
    tests = root / "tests"
    if not tests.is_dir():
        return
    for folder in sorted(p for p in tests.iterdir() if p.is_dir()):
        if folder.name in TEST_FOLDERS or folder.name.startswith("."):
            continue
        layer = layers.get(TESTS_OF_MANY.get(folder.name, folder.name))
        if layer is None:
            problems.append(f"tests/{folder.name}:1: tests no layer of sim/CMakeLists.txt")
            continue
        for path in sources(folder):
            for line, quoted, target in includes(path):
                problem = check_quoted(target, layer, layers, ("sim", "tests")) if quoted else None
                if problem:
                    name = path.relative_to(root).as_posix()
                    problems.append(f"{name}:{line}: {problem}")


def violations(root):
    """Everything that is wrong with the tree under `root`, as lines `file:line: what`."""
    problems = []
    layers = read_layers(root, problems)
    check_layer_files(root, layers, problems)
    check_tests(root, layers, problems)
    return problems


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    problems = violations(Path(arguments[0]).resolve())
    print("\n".join(problems) if problems else "the house is in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
