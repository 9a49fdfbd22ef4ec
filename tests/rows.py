"""pytest plugin: `--rows` prints which rows of the shop's mission have tests, and whether they pass."""

from collections import Counter, defaultdict

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows", action="store_true", help="show which mission rows have passing tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Properties travel with the report, also from another process.
        item.user_properties += [
            ("row", str(name)) for mark in item.iter_markers("row") for name in mark.args
        ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not terminalreporter.config.getoption("--rows"):
        return
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            for key, name in report.user_properties:
                if key == "row":
                    rows[name][outcome] += 1
    terminalreporter.section("mission rows")
    for name in sorted(rows, key=lambda name: (len(name), name)):
        terminalreporter.line(
            f"{name:4} " + ", ".join(f"{count} {what}" for what, count in rows[name].items())
        )
