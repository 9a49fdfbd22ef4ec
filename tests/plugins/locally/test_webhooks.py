"""The whole road: the sandbox sends webhooks over real HTTP, and what they name is sold whatever happens."""

import queue
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet

from crash.processes import eventually
from plugins.locally.bad_days import HANEUL, STAFF, TUBE, BadDay
from tillbridge.api.serving import listening
from tillbridge.model.messages import Cause
from tillbridge.model.status import Status
from tillbridge_locally.sandbox.process import Sandbox

pytestmark = pytest.mark.row("S1")


class Told:
    """A shop that Locally tells of its orders, and that asks for none of itself."""

    def __init__(self, day: BadDay, heard: "queue.Queue[str]", url: str) -> None:
        self.day, self.heard, self.sandbox = day, heard, day.sandbox
        day.poll()
        self.hook(url=url + day.engine.open_webhook("locally").path)

    def hook(self, **hooks: Any) -> None:
        self.sandbox.hook(**{"waits": [0.01, 0.05], **hooks})

    def wait(self, events: int) -> None:
        """Wait until so many events were taken."""
        for _ in range(events):
            self.heard.get(timeout=30)

    def fetch(self) -> int:
        self.day.clock.advance(1)
        return sum(one.fetched for one in self.day.engine.fetch_heard())

    def answered(self) -> list[list[int]]:
        return [one["answers"] for one in self.sandbox.sent()]


@pytest.fixture
def told(sqlite_url: str, sandbox: Sandbox) -> Iterator[Told]:
    """On SQLite: what is kept is tested on both databases in `tests/webhooks`."""
    heard: queue.Queue[str] = queue.Queue()
    day = BadDay(sqlite_url, sandbox, key=Fernet.generate_key().decode())
    with listening(day.engine, "127.0.0.1:0", heard.put) as url:
        yield Told(day, heard, url)
    sandbox.recover()
    day.close()


def test_an_order_is_sold_without_a_poll(told: Told) -> None:
    told.day.place()
    told.wait(1)

    assert 1 == told.fetch()

    told.day.assert_whole()
    assert [[200]] == told.answered()


def test_a_webhook_for_each_item_is_one_fetch(told: Told) -> None:
    lines = [{"upc": TUBE, "qty": 1} for _ in range(3)]
    placed = told.sandbox.place(lines=lines, customer=HANEUL)
    told.wait(3)

    assert 1 == told.fetch()
    assert Status.NEW is told.day.engine.order(placed).status


def test_lost_ones_are_found_by_the_poll(told: Told) -> None:
    told.hook(lost=2)
    told.day.place(3)
    told.wait(1)
    assert 1 == told.fetch()

    told.day.recover()

    told.day.assert_whole()


def test_doubled_and_disordered_ones_change_nothing(told: Told) -> None:
    told.hook(doubled=2, disordered=2)
    told.day.place(2)
    told.wait(4)
    told.fetch()

    told.day.assert_whole()
    assert [[200, 200], [200, 200]] == told.answered()


def test_slow_ones_come_all_the_same(told: Told) -> None:
    told.hook(slow=0.2)
    told.day.place()
    told.wait(1)
    told.fetch()

    told.day.assert_whole()


def test_a_wrong_token_is_refused_and_tried_again_with_the_right_one(told: Told) -> None:
    told.hook(wrong_token=1)
    told.day.place()
    told.wait(1)
    told.fetch()

    told.day.assert_whole()
    assert [[401, 200]] == told.answered()


def test_a_token_that_locally_changed_is_told_until_it_is_entered_and_the_polls_go_on(told: Told) -> None:
    told.hook(token="changed at Locally")
    told.day.place()
    eventually(lambda: [[401, 401, 401]] == told.answered())

    (message,) = [one for one in told.day.engine.messages() if one.cause is Cause.WEBHOOK]
    assert "3 webhooks were refused" in message.words.en
    assert "webhook_token" in message.words.en
    told.day.recover()
    told.day.assert_whole()


def test_our_own_acceptance_comes_back_as_a_webhook_and_changes_nothing(told: Told) -> None:
    (placed,) = told.day.place()
    told.wait(1)
    told.fetch()
    number = told.day.engine.order(placed).id
    told.day.engine.set_status(number, Status.IN_PROCESS, STAFF)
    told.day.engine.deliver()
    told.wait(1)

    assert 1 == told.fetch()

    order = told.day.engine.order(placed)
    assert (Status.IN_PROCESS, False) == (order.status, order.changed_after_sale)


def test_what_the_shopper_changes_before_the_sale_is_seen_at_once(told: Told) -> None:
    """The order's product is not known yet, so that nothing is sold."""
    placed = told.sandbox.place(lines=[{"upc": "605284574539", "price": "9000"}], customer=HANEUL)
    told.wait(1)
    told.fetch()
    assert Status.PRODUCT_MATCH_FAILED is told.day.engine.order(placed).status
    told.sandbox.change(placed, items=[{"upc": TUBE}])
    told.wait(1)

    told.fetch()

    assert Status.NEW is told.day.engine.order(placed).status
