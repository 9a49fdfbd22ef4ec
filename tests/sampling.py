"""pytest plugin: `--sampled` runs every test on SQLite, but on PostgreSQL only a part of those with both.

Which part is drawn from a test's name, so it is the same on every machine and in every process. Tests of what
differs between the two databases, by their folder, run on both all the same.
"""

from hashlib import sha256
from pathlib import Path

import pytest

ONE_OF = 3
# Locks, transactions, plans, migrations: here each test is about the database too.
ON_BOTH = ("crash", "db", "doctor", "pos/test_races", "exports/test_kills", "exports/test_races", "webhooks")
_TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sampled", action="store_true", help=f"run one of {ONE_OF} tests on PostgreSQL beside SQLite"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--sampled"):
        return
    config.hook.pytest_deselected(items=[item for item in items if is_left_out(item)])
    items[:] = [item for item in items if not is_left_out(item)]


def is_left_out(item: pytest.Item) -> bool:
    """Whether a test runs on SQLite alone when it is sampled."""
    call = getattr(item, "callspec", None)
    if call is None or call.params.get("database_kind") != "postgresql":
        return False
    file = item.path.relative_to(_TESTS).as_posix() if item.path.is_relative_to(_TESTS) else item.path.name
    return not file.startswith(ON_BOTH) and not is_drawn(item.nodeid)


def is_drawn(name: str) -> bool:
    """Whether a test, by its name, is among those that run on both databases."""
    return sha256(name.encode()).digest()[0] % ONE_OF == 0
