"""What README and docs show works: every command exists with its options, and the Python examples run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from payloads import ROOT
from tillbridge.cli.app import command
from tillbridge.cli.running import hoist
from tillbridge.cli.session import Session

PAGES = (
    "README.md",
    "docs/command-line.md",
    "docs/doctor.md",
    "docs/webhooks.md",
    "plugins/stripe_payments/README.md",
)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    found = _FENCE.findall((ROOT / page).read_text("utf-8"))
    return [body for kind, body in found if kind == language]


def commands(page: str) -> list[str]:
    lines = "".join(blocks(page, "console")).splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


TILLBRIDGE = [(page, line) for page in PAGES for line in commands(page) if line.startswith("tillbridge ")]


@pytest.mark.parametrize(("page", "line"), TILLBRIDGE, ids=[line for _, line in TILLBRIDGE])
def test_each_command_that_is_shown_can_be_parsed(page, line):
    parse(hoist(shlex.split(line)[1:]))


def parse(arguments: list[str]) -> None:
    """Let each level of the program parse its part; a wrong name or option raises."""
    current, name = command(), "tillbridge"
    while arguments or hasattr(current, "commands"):
        # One that hands its options on to another program says so.
        others = current.context_settings.get("ignore_unknown_options", False)
        context = current.make_context(
            name, list(arguments), resilient_parsing=False, ignore_unknown_options=others, obj=Session()
        )
        if not hasattr(current, "commands"):
            return
        rest = [*context._protected_args, *context.args]
        name, current, arguments = current.resolve_command(context, rest)


def test_no_command_is_left_out_of_the_page():
    """docs/command-line.md shows every command, at least once; those of our own plugins too."""
    shown = {" ".join(shlex.split(line)[1:3]) for line in commands("docs/command-line.md")}
    program = command()
    missing = []
    context = program.make_context("tillbridge", [], resilient_parsing=True, obj=Session())
    for name in program.list_commands(context):
        one = program.get_command(context, name)
        names = [f"{name} {sub}" for sub in getattr(one, "commands", {})] or [name]
        missing += [full for full in names if not any(f"{text} ".startswith(f"{full} ") for text in shown)]

    assert [] == missing


def test_make_targets_that_are_shown_exist():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = {line.split()[1] for page in PAGES for line in commands(page) if line.startswith("make ")}

    assert shown <= targets


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)

    assert [] == [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]


PYTHON = [(page, block) for page in PAGES for block in blocks(page, "python")]


@pytest.mark.parametrize(("page", "block"), PYTHON, ids=[page for page, _ in PYTHON])
def test_each_python_example_runs(page, block, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)
