"""What a list that breaks the contract does: its orders are kept, and nothing behind it is passed over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

import tillbridge_locally
from plugins.locally.samples import KOREAN, connect
from tillbridge.plugin import Connection, Misconfigured, OrderPage, PayloadError, Rejected, Retryable
from tillbridge_locally.settings import Settings

SERVER_TIME = "2026-03-02T12:00:00Z"


def entry(order_hash: object, second: int, order: object = None) -> dict[str, Any]:
    return {"hash": order_hash, "updated_at": f"2026-03-02T11:00:{second:02}Z", "order": order or {}}


def page(*entries: object, more: bool = False) -> bytes:
    data = {"server_time": SERVER_TIME, "more": more, "orders": list(entries)}
    return json.dumps({"success": True, "data": data}).encode()


def answering(*contents: bytes) -> Connection:
    """A connection to a Locally that gives these answers, one after the other."""
    answers = iter(contents)

    def handle(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=next(answers))

    return connect(Settings.model_validate(KOREAN), transport=httpx.MockTransport(handle))


def reading(connection: Connection) -> Iterator[OrderPage]:
    return tillbridge_locally.fetch_orders(connection, None)


def test_a_damaged_entry_does_not_stop_its_page() -> None:
    """It is kept without an ID, as it came, and the cursor is that of the last good one."""
    bad = {"hash": ["A2"], "order": {"cart": {}}}
    [only] = reading(answering(page(entry("A1", 1), bad)))

    assert ["A1", None] == [order.order_id for order in only.orders]
    assert json.loads(only.orders[1].parts["order"]) == bad
    assert "2026-03-02T11:00:01+00:00 A1" == only.cursor
    with pytest.raises(PayloadError):
        tillbridge_locally.parse_order(answering(), only.orders[1])


def test_a_list_out_of_order_keeps_its_orders_and_the_cursor() -> None:
    pages = reading(answering(page(entry("A1", 5), entry("A2", 4), more=True)))
    kept = next(pages)

    assert (["A1", "A2"], None) == ([order.order_id for order in kept.orders], kept.cursor)
    with pytest.raises(Retryable, match="out of order"):
        next(pages)


@pytest.mark.parametrize("again", [page(more=True), page(entry("A1", 1), more=True)])
def test_a_list_that_does_not_get_on_ends(again: bytes) -> None:
    """An empty page that promises more, or the same page again: no endless loop."""
    pages = reading(answering(page(entry("A1", 1), more=True), again))
    next(pages)
    next(pages)

    with pytest.raises(Retryable):
        next(pages)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(1102, Misconfigured), (1323, Retryable), (1000, Retryable), (1329, Rejected), (None, Rejected)],
)
def test_a_refusal_inside_a_good_answer(code: int | None, kind: type[Exception]) -> None:
    """HTTP says 200, the envelope says no: what follows depends on Locally's own code."""
    refusal = json.dumps({"success": False, "msg": "no", "error_code": code}).encode()

    with pytest.raises(kind, match="no"):
        next(reading(answering(refusal)))


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b'{"success": true}', b'{"success": true, "data": {"orders": 5}}', b"[" * 50_000],
)
def test_an_answer_that_is_no_list(content: bytes) -> None:
    with pytest.raises(Retryable, match="cannot be read"):
        next(reading(answering(content)))


def test_a_clock_of_theirs_that_ran_ahead_hides_nothing() -> None:
    """Stamps and clock of the year 2099, to be set right one day: the cursor stays behind our own clock."""
    ahead = json.loads(page({"hash": "A1", "updated_at": "2099-01-01T00:00:00Z", "order": {}}))
    ahead["data"]["server_time"] = "2099-01-01T00:00:01Z"
    [only] = reading(answering(json.dumps(ahead).encode()))

    assert only.cursor
    assert datetime.fromisoformat(only.cursor.strip()) < datetime.now(UTC) - timedelta(seconds=119)


def test_a_time_without_a_zone_is_no_place_in_the_list() -> None:
    """The list's own times must say their zone; an entry without one is kept aside."""
    naive = {"hash": "A1", "updated_at": "2026-03-02T11:00:01", "order": {}}
    [only] = reading(answering(page(naive)))

    assert ([None], None) == ([order.order_id for order in only.orders], only.cursor)


def test_a_list_in_other_letters_is_no_list_of_damaged_orders() -> None:
    """Kept, each of its orders would wait for a person, and nobody would fetch it again."""
    korean = page(entry("A1", 1, {"name": "김하늘"}), entry("A2", 2, {"name": "이바다"}))
    content = json.dumps(json.loads(korean), ensure_ascii=False)

    with pytest.raises(Retryable, match="not written in UTF-8"):
        next(reading(answering(content.encode("cp949"))))


def test_one_order_in_other_letters_is_a_damaged_order_and_stops_nothing() -> None:
    before, _, after = page(entry("A1", 1, {"name": "MARK"}), entry("A2", 2, {"name": "Kim"})).partition(
        b"MARK"
    )
    content = before + "김하늘".encode("cp949") + after
    [only] = reading(answering(content))

    assert ["A1", "A2"] == [order.order_id for order in only.orders]
    assert "2026-03-02T11:00:02+00:00 A2" == only.cursor


def test_an_entry_that_comes_again_at_its_own_place_does_no_harm() -> None:
    """A list that begins each page with the one before's last entry, until there is nothing else."""
    pages = list(
        reading(
            answering(page(entry("A1", 1), entry("A2", 2), more=True), page(entry("A2", 2), entry("A3", 3)))
        )
    )

    assert [["A1", "A2"], ["A2", "A3"]] == [[one.order_id for one in found.orders] for found in pages]
    assert "2026-03-02T11:00:03+00:00 A3" == pages[-1].cursor
