"""Vendors by command: whose file is how old, and how soon it is expected; `run` asks for it once."""

from datetime import timedelta
from pathlib import Path

import pytest

from tillbridge.cli.local_pos import embedded
from tillbridge.engine import Engine, Options
from tillbridge.pos.embedded.imports import import_products
from tillbridge.runtime.embedded import RunEvent, Runner
from tillbridge.testing.clock import FrozenClock

pytestmark = pytest.mark.row("S24")


@pytest.fixture
def shop(program, folder, tables):
    program("init")
    program("store", "add", "seoul", "--country", "KR")
    (folder / "hanbit.csv").write_text("vpn,description\nHB-1,로드 자전거\n", "utf-8")
    program("catalogue", "import", "hanbit.csv", "--vendor", "한빛자전거")
    return program


def test_the_vendors_are_listed_with_their_last_file(shop):
    (vendor,) = shop("catalogue", "vendors", "--json").data

    assert ("한빛자전거", 1, "hanbit.csv", 1, 0, 30, False) == tuple(
        vendor[key] for key in ("vendor", "products", "file", "lines", "age_days", "every_days", "overdue")
    )
    assert "한빛자전거 1 hanbit.csv" in shop("catalogue", "vendors").text


@pytest.mark.parametrize(("said", "days"), [("14", 14), ("14d", 14), ("never", None)])
def test_how_soon_a_file_is_expected_can_be_set(shop, said, days):
    (vendor,) = shop("catalogue", "expect", "한빛자전거", "--every", said, "--json").data

    assert days == vendor["every_days"]
    assert 0 == shop("catalogue", "expect", "한빛자전거", "--every", said).code


@pytest.mark.parametrize(("vendor", "every"), [("한빛자전거", "often"), ("한빛자전거", "0"), ("없음", "7")])
def test_what_cannot_be_set_is_code_2(shop, vendor, every):
    assert 2 == shop("catalogue", "expect", vendor, "--every", every).code


def test_the_runner_asks_for_an_old_file_once_and_again_when_the_next_is_old(shop, webstore):
    """Not at each beat; importing a file ends it."""
    with Engine("sqlite:///tillbridge.db") as engine:
        last = embedded(engine).vendor_files()[0].imported_at
    assert last
    clock = FrozenClock(last)
    events: list[RunEvent] = []
    passed: list[None] = []
    day = timedelta(days=1).total_seconds()
    with Engine("sqlite:///tillbridge.db", Options(clock=clock)) as engine:

        def wait(_):
            passed.append(None)
            clock.advance(day)
            if len(passed) == 45:
                import_products(embedded(engine), Path("hanbit.csv"), vendor="한빛자전거")
            if len(passed) == 80:
                runner.stop.set()

        runner = Runner(engine, on_event=events.append, wait=wait)
        runner.run()

    told = [event for event in events if event.what == "file due"]
    assert [30, 75] == [(event.at - last).days for event in told]
    assert told[0].words.en == (
        "한빛자전거's product file is 30 days old and expected every 30: import the next one."
    )
