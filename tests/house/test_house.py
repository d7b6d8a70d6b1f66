"""The rules of the house, which hold for every file."""

import ast
import re
import subprocess
from fnmatch import fnmatch

import pytest

from tests.house.sources import PACKAGES, ROOT, files, name_of

LONGEST_FILE = 300
LONGEST_FUNCTION = 40  # its docstring not counted
LONGEST_TEST = 60
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}

# Which file may break which rule, and why.
EXEMPT = {
    "length": {
        "models/migrations/*": "written by a tool, and never changed again",
        "server/static/*": "built from other sources",
    },
    "function": {
        "sharing/fields.py _catalogue": "a table, one row for each field",
    },
    "environment": {
        "server/settings.py": "this is where the environment is read",
    },
}

# Places and tools of the people who write this, which mean nothing to those who read it, and hosts of package
# registries, which a lock must not name. Put together here, so that this file may hold them.
FOREIGN = [
    re.compile("/".join(["", "work", "(shared|main|session)"])),
    re.compile(r"\b" + "issues" + r" (show|list|close|take)\b"),
    re.compile(r"\b" + "farm" + r"-[a-z]+\b"),
    *(
        re.compile(re.escape(".".join(host)))
        for host in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("debian", "org"),
        )
    ),
]


def exempt(rule, name):
    return any(fnmatch(name, pattern) for pattern in EXEMPT[rule])


def python_files(*folders):
    return [path for path in files(*folders, suffix=".py") if not exempt("length", name_of(path))]


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function):
    """Count a function's lines, without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        lines -= function.body[0].end_lineno - function.body[0].lineno + 1
    return lines


def test_no_file_is_long():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


@pytest.mark.parametrize(
    ("folders", "longest"), [((*PACKAGES, "benchmarks"), LONGEST_FUNCTION), (("tests",), LONGEST_TEST)]
)
def test_no_function_is_long(folders, longest):
    long = {
        f"{name_of(path)} {function.name}": length(function)
        for path in python_files(*folders)
        for function in functions(ast.parse(path.read_text()))
        if length(function) > longest
    }
    assert {name: lines for name, lines in long.items() if not exempt("function", name)} == {}


def test_every_file_has_a_name_that_says_something():
    found = {name_of(path) for path in files(suffix=".py") if NAMES_THAT_SAY_NOTHING & {path.stem, path.parent.name}}
    assert found == set()


def test_imports_stand_at_the_top():
    """None hides in a function to dodge a cycle; one that spares the others time says so."""
    hidden = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*PACKAGES, "tests", "benchmarks")
        for function in functions(ast.parse(path.read_text()))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "noqa: PLC0415 - " not in path.read_text().splitlines()[node.lineno - 1]
    ]
    assert hidden == []


def test_imports_are_absolute():
    relative = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*PACKAGES, "tests", "benchmarks")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_every_module_says_what_it_is_for():
    silent = [
        name_of(path)
        for path in python_files(*PACKAGES, "tests", "benchmarks")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_only_the_settings_read_the_environment():
    reading = re.compile(r"\b(environ|getenv)\b")
    found = {name_of(path) for path in files(*PACKAGES, suffix=".py") if reading.search(path.read_text())}
    assert {name for name in found if not exempt("environment", name)} == set()


def test_every_exemption_is_needed():
    """One that no file uses is taken out."""
    names = [name_of(path) for path in files()]
    names += [
        f"{name_of(path)} {function.name}"
        for path in python_files(*PACKAGES)
        for function in functions(ast.parse(path.read_text()))
    ]
    for patterns in EXEMPT.values():
        for pattern, reason in patterns.items():
            assert reason
            assert any(fnmatch(name, pattern) for name in names), pattern


def test_nothing_points_to_where_it_was_written():
    """No path, tool or host that only its authors know."""
    found = []
    for path in files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {match.group()}" for pattern in FOREIGN if (match := pattern.search(text))]
    assert found == []


def test_locks_hold_versions_and_hashes_only():
    for name in ("requirements.lock", "requirements-run.lock", "requirements-dev.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index-url" not in text
        pins = re.findall(r"^[a-z0-9].*$", text, re.MULTILINE)
        assert pins
        assert all(re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+( ; .+)? \\$", pin) for pin in pins)


def test_make_says_what_it_can_do():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = {line.split()[1] for line in shown.splitlines() if line.startswith("  make")}
    assert {"help", "run", "test", "check", "bench", "schema", "lock", "clean"} <= told


def test_ci_runs_the_commands_that_people_run():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    commands = [line for line in script.read_text().splitlines() if line.startswith("make")]
    assert commands == ["make check", "make test"]
    assert "set -euo pipefail" in script.read_text()
