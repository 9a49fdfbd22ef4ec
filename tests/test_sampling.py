"""Which tests run on both databases when the run is sampled."""

from types import SimpleNamespace
from typing import Any

import sampling
from payloads import ROOT


def item_of(file: str, number: int, kind: str | None) -> Any:
    """A test as pytest collects it; without a kind it asks for no database, or for one only."""
    call = {"callspec": SimpleNamespace(params={"database_kind": kind})} if kind else {}
    name = f"tests/{file}::test_{number}[{kind}]"
    return SimpleNamespace(path=ROOT / "tests" / file, nodeid=name, **call)


def sampled(*items: Any, asked: bool = True) -> list[Any]:
    left, out = list(items), []

    def deselected(items: list[Any]) -> None:
        out.extend(items)

    config: Any = SimpleNamespace(
        getoption=lambda _: asked, hook=SimpleNamespace(pytest_deselected=deselected)
    )
    sampling.pytest_collection_modifyitems(config, left)
    assert len(items) == len(left) + len(out)
    return left


def test_about_a_third_of_the_tests_on_postgresql_is_drawn():
    left = sampled(*(item_of("engine/test_it.py", number, "postgresql") for number in range(3_000)))
    assert 900 < len(left) < 1_100


def test_the_same_tests_are_drawn_each_time():
    items = [item_of("engine/test_it.py", number, "postgresql") for number in range(100)]
    assert sampled(*items) == sampled(*reversed(items))[::-1]


def test_what_runs_on_sqlite_or_asks_for_no_database_runs():
    items = [item_of("engine/test_it.py", number, kind) for number in range(20) for kind in ("sqlite", None)]
    assert items == sampled(*items)


def test_what_is_about_the_database_itself_runs_on_both():
    items = [item_of("db/test_it.py", number, "postgresql") for number in range(20)]
    assert items == sampled(*items)


def test_without_the_option_everything_runs():
    items = [item_of("engine/test_it.py", number, "postgresql") for number in range(20)]
    assert items == sampled(*items, asked=False)
