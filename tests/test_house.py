"""The house rules that no linter knows, held over every file of the project."""

import ast
import io
import re
import subprocess
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from payloads import ROOT

MODULE_LINES = 400
FUNCTION_LINES = 60
SLEEPERS = {"time", "asyncio", "anyio"}

# Each entry: the file, and why it may. Keep both short.
MAY_USE_FLOAT: dict[str, str] = {}
MAY_SLEEP = {
    "tests/crash/processes.py": "it waits, with an end, for what another process brings about",
    "tests/core/test_http_limits.py": "its service is slow on purpose: the client's deadline is tested",
}


@cache
def project_files() -> tuple[Path, ...]:
    """List what is tracked, and what is about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().rstrip("\0").split("\0")
    return tuple(sorted(path for name in set(names) if (path := ROOT / name).is_file()))


def modules(*folders: str) -> list[Path]:
    """List the Python files of some folders."""
    return [path for path in project_files() if path.suffix == ".py" and name_of(path).startswith(folders)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each module that a file imports, with its line; `from a import b` may name the module a.b."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if node.module == "tillbridge":
                yield from ((node.lineno, f"tillbridge.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Yield each comment with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_a_plugin_imports_one_module_of_the_core() -> None:
    """`tillbridge.plugin` is the contract; `tillbridge.testing` is for a plugin's sandbox and tests."""
    breaches = []
    for path in modules("plugins/"):
        allowed = {"tillbridge.plugin"}
        if re.search(r"/(sandbox|tests)\b", name_of(path)):
            allowed.add("tillbridge.testing")
        for line, module in imports(path):
            top, _, _ = module.partition(".")
            if top == "tillbridge" and ".".join(module.split(".")[:2]) not in allowed:
                breaches.append(f"{name_of(path)}:{line} imports {module}")

    assert breaches == []


def test_the_vocabulary_has_no_float() -> None:
    """Money and quantities are integers or Decimals from end to end; a float would round them unseen."""
    breaches = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules("core/tillbridge/model/")
        if name_of(path) not in MAY_USE_FLOAT
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]

    assert breaches == []


IGNORE = re.compile(r"#\s*(?:(?:ruff:\s*)?noqa|type:\s*ignore|mypy:|pragma:\s*no cover)", re.IGNORECASE)
# What such a comment consists of besides its reason: `noqa: ABC123, ABC124`, `type: ignore[code, code]`.
DIRECTIVE = re.compile(
    r"#\s*(?:ruff:\s*)?noqa(?:\s*:\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)?"
    r"|#\s*type:\s*ignore(?:\[[\w\s,-]*\])?|#\s*mypy:\s*[\w-]+(?:=\S+)?|#\s*pragma:\s*no cover",
    re.IGNORECASE,
)


def unreasoned_ignores(source: str) -> list[int]:
    """List the lines whose ignore comment has no reason beside it or on the line above."""
    if not IGNORE.search(source):
        return []
    lines = source.splitlines()
    found = []
    for line, comment in comments(source):
        if not IGNORE.search(comment):
            continue
        beside = re.sub(r"[^\w]+", " ", DIRECTIVE.sub("", comment)).strip()
        above = lines[line - 2].strip() if line > 1 else ""
        reason_above = above.startswith("#") and not IGNORE.match(above)
        if not beside and not reason_above:
            found.append(line)
    return found


def test_each_ignore_has_its_reason() -> None:
    """A silenced linter says why, on the same line or the line above."""
    breaches = [
        f"{name_of(path)}:{line}"
        for path in modules("core/", "plugins/", "tests/", "benchmarks/")
        for line in unreasoned_ignores(path.read_text("utf-8"))
    ]

    assert breaches == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1  # noqa: E501\n", [1]),
        ("x = 1  # noqa: E501, PLR0913\n", [1]),
        ("x = 1  # noqa: E501 - the vendor's own text\n", []),
        ("x = 1  # type: ignore[misc]\n", [1]),
        ("x = 1  # type: ignore[misc]  # pluggy has no types\n", []),
        ("# the vendor's own text\nx = 1  # noqa: E501\n", []),
        ("y = 1\nx = 1  # noqa\n", [2]),
    ],
)
def test_a_reason_is_told_from_its_directive(source: str, lines: list[int]) -> None:
    """Codes are no reason; words are."""
    assert lines == unreasoned_ignores(source)


def sleeps(tree: ast.Module) -> list[int]:
    """List the lines that hold up a thread or a task; a test clock's `sleep` only moves its hands."""
    called = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "sleep"
        and isinstance(node.value, ast.Name)
        and node.value.id in SLEEPERS
    ]
    imported = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in SLEEPERS
        and any(alias.name == "sleep" for alias in node.names)
    ]
    return called + imported


def test_no_test_sleeps() -> None:
    """A test waits for what it waits for; a sleep is too short on one machine and too long on the others."""
    breaches = [
        f"{name_of(path)}:{line}"
        for path in modules("tests/")
        if name_of(path) not in MAY_SLEEP and b"sleep" in path.read_bytes()
        for line in sleeps(parsed(path))
    ]

    assert breaches == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import time\ntime.sleep(1)\n", [2]),
        ("from time import sleep\n", [1]),
        ("clock.sleep(1)\n", []),
    ],
)
def test_a_sleep_is_told_from_a_test_clocks(source: str, lines: list[int]) -> None:
    """Only a sleep in real time counts."""
    assert lines == sleeps(ast.parse(source))


def test_each_module_says_what_it_is_for() -> None:
    """Every module opens with a docstring; an empty file needs none."""
    breaches = [
        name_of(path)
        for path in modules("core/", "plugins/", "tests/", "benchmarks/")
        if path.stat().st_size and not ast.get_docstring(parsed(path))
    ]

    assert breaches == []


def test_modules_and_functions_stay_readable() -> None:
    """A module past 400 lines is two ideas; a function past 60 hides one. Migrations are lists, not prose."""
    breaches = []
    for path in modules("core/", "plugins/"):
        if "/migrations/" in name_of(path):
            continue
        count = len(path.read_text("utf-8").splitlines())
        if count > MODULE_LINES:
            breaches.append(f"{name_of(path)}: {count} lines")
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    breaches.append(f"{name_of(path)}:{node.lineno} {node.name}: {length} lines")

    assert breaches == []


# Written in pieces, since this file is searched too.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "debian" + ".org"]
MACHINE_PATH = re.compile(r"(?<![\w.~$}/-])/(?:work|root|home)/\w")


def test_no_file_names_a_machine_or_a_registry() -> None:
    """The project installs from whatever registry a machine is set up with, into wherever it stands."""
    breaches = []
    for path in project_files():
        try:
            content = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(content.splitlines(), start=1):
            if MACHINE_PATH.search(line) or any(host in line for host in HOSTS):
                breaches.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")

    assert breaches == []


def test_each_dependency_has_its_reason() -> None:
    """docs/dependencies.md and pyproject.toml name the same packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    packages = {re.split(r"[^\w-]", requirement)[0] for requirement in wanted} - {project["name"]}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    reasoned = set(re.findall(r"^\| ([\w-]+) \|", page, re.MULTILINE)) - {"package"}

    assert packages == reasoned
