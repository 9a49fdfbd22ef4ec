"""A day in the life of a shop on Locally, over real HTTP, whatever goes wrong: in the end both agree.

Locally's sandbox is one process, `tillbridge run --listen` another, which is killed and started anew; staff
act from a third. What is ordered, done and goes wrong is drawn by a seed; what must come of it is written
into the day's own books (`life.books`) while it is done, and everything is held against them at the end.

The usual day has 60 orders; `TILLBRIDGE_LONG=1` makes it 300, on either database. `TILLBRIDGE_SEED` gives
another day. What is drawn is the same for a seed; which process is quicker is not, and must not matter.
"""

import os
import socket
from collections.abc import Iterator
from random import Random

import pytest

from crash.processes import comes_about
from life import mishaps
from life.agreement import disagreements
from life.day import Day, furnish
from life.fates import draw
from life.program import Place, unforeseen
from life.shoppers import CATALOGUE, CUSTOMER_FILE
from tillbridge.secrets import new_key
from tillbridge_locally.sandbox.process import Sandbox, start

LONG = os.environ.get("TILLBRIDGE_LONG") == "1"
SEED = os.environ.get("TILLBRIDGE_SEED", "a day")
ORDERS = 300 if LONG else 60
DATABASES = ["sqlite_url", "postgres_url"] if LONG else ["sqlite_url"]
AT_A_TIME = 8
KILLS = 0.4
MINUTE = 60.0
A_WHILE, PATIENCE, MOMENT = 2.0, 900.0 if LONG else 120.0, 0.05


@pytest.fixture(scope="module")
def locally(tmp_path_factory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("life")
    (folder / "catalogue.csv").write_text(CATALOGUE, encoding="utf-8")
    (folder / "customers.csv").write_text(CUSTOMER_FILE, encoding="utf-8")
    options = ("--sftp", "--orders", "0", "--store", "20302=Second|Street|City|04100")
    files = {"catalogue": folder / "catalogue.csv", "customers": folder / "customers.csv"}
    with start(**files, options=options) as running:
        yield running


@pytest.fixture
def day(request, tmp_path, locally) -> Iterator[Day]:
    url = request.getfixturevalue(request.param)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    place = Place(url=url, key=new_key(), folder=tmp_path, port=port)
    furnish(place, locally)
    day = Day(place, locally, Random(f"{SEED} {request.param}"))
    yield day
    day.close()


def live_through(day: Day) -> None:
    """Let people order, staff act, things go wrong and the program die, until everybody has ordered."""
    while len(day.books) < ORDERS:
        for _ in range(min(AT_A_TIME, ORDERS - len(day.books))):
            day.begin(*draw(day))
        mishaps.something(day)
        enough = day.steps + day.chance.randint(0, 2 * AT_A_TIME)
        comes_about(lambda: day.go_on() >= enough, A_WHILE, MOMENT)  # noqa: B023  # it is asked at once
        if day.chance.random() < KILLS:
            day.kill(day.chance.uniform(0.0, 0.1))
            day.pass_(2 * MINUTE)
        day.mend()
        day.pass_(MINUTE / 2)


def end_well(day: Day) -> list[str]:
    """Let everything be well and come to its end; return what is still not as the books say."""
    mishaps.recover(day)

    def is_done() -> bool:
        day.pass_(MINUTE / 4)
        day.go_on()
        return not day.scripts

    left = ["nobody looked"]

    def agree() -> bool:
        day.pass_(MINUTE / 4)
        left[:] = disagreements(day)
        return not left

    if comes_about(is_done, PATIENCE, MOMENT):
        comes_about(agree, PATIENCE, MOMENT)
        return left
    return [
        f"{day.books[name]} waits: {day.refused.get(name)}, {day.view(day.books[name])}"
        for name in day.scripts
    ]


@pytest.mark.row("S1")
@pytest.mark.row("S15")
@pytest.mark.row("S16")
@pytest.mark.slow
@pytest.mark.timeout(36_000 if LONG else 600)
@pytest.mark.parametrize("day", DATABASES, indirect=True)
def test_in_the_end_shop_and_locally_agree_on_every_order_item_charge_and_piece(day):
    live_through(day)

    left = end_well(day)
    assert not left, "\n".join(left)
    assert [] == unforeseen(day.place)
