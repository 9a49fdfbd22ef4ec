"""Decisions reach Locally, once in effect however often they are sent, and a refusal is said in words."""

from collections.abc import Callable
from typing import Any

import pytest

import tillbridge_locally
from tillbridge.plugin import Connection, Misconfigured, Outcome, Receipt, Retryable, Said, StatusDelivery
from tillbridge_locally.sandbox.process import Sandbox

Connect = Callable[..., Connection]


def push(connection: Connection, order_hash: str, said: Said = Said.ACCEPTED, **more: Any) -> Receipt:
    delivery = StatusDelivery(key=more.pop("key", "d-1"), order_id=order_hash, said=said, **more)
    return tillbridge_locally.push_status(connection, delivery)


@pytest.fixture
def paid(sandbox: Sandbox) -> str:
    """A paid order of two items; the card holds the money."""
    return sandbox.place(lines=[{"product": "TB-001", "qty": 2}, {"product": "PD-520"}], kind="bopis")


def items(sandbox: Sandbox, order_hash: str) -> list[str]:
    return [str(item["id"]) for item in sandbox.order(order_hash)["order"]["cart"]["items"]]


@pytest.mark.row("S21")
def test_accepting_confirms_every_item(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    """All items are confirmed, and Locally charges the card."""
    receipt = push(connected(), paid)
    believed = sandbox.order(paid)

    assert Receipt(Outcome.ACCEPTED) == receipt
    assert ("confirmed", "captured") == (believed["status"], believed["payment_status"])
    assert [(item, "confirm", f"d-1:{item}") for item in items(sandbox, paid)] == [
        (told["item"], told["verdict"], told["key"]) for told in believed["told"]
    ]


@pytest.mark.row("S20")
def test_rejecting_denies_with_the_reason(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    """The customer reads the reason, and the hold on the card is released."""
    push(connected(), paid, Said.REJECTED, reason="품절되었습니다.")
    believed = sandbox.order(paid)

    assert ("denied", "released") == (believed["status"], believed["payment_status"])
    assert {"품절되었습니다."} == {told["message"] for told in believed["told"]}


def test_saying_it_again_changes_nothing(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    """The same delivery, and a second one that says the same, leave the order as it is."""
    connection = connected()
    push(connection, paid)
    before = sandbox.order(paid)["updated_at"]

    assert Receipt(Outcome.ACCEPTED) == push(connection, paid)
    assert Receipt(Outcome.ACCEPTED) == push(connection, paid, key="d-2")
    assert before == sandbox.order(paid)["updated_at"]


def test_that_a_paid_order_was_picked_up_is_said_of_the_cart(
    sandbox: Sandbox, connected: Connect, paid: str
) -> None:
    """Once, however often it is sent; what was charged stays charged."""
    connection = connected()
    push(connection, paid)

    for key in ("d-2", "d-2", "d-3"):
        assert Receipt(Outcome.ACCEPTED) == push(connection, paid, Said.PICKED_UP, key=key)

    believed = sandbox.order(paid)
    assert ("picked_up", "captured") == (believed["status"], believed["payment_status"])
    assert "picked_up" == believed["order"]["cart"]["resolution"]


def test_an_answer_that_is_lost(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    """Locally did it, its answer never came: the call is repeated under its key and finds it done."""
    sandbox.fault("drop", path="/confirm", when="after")

    assert Receipt(Outcome.ACCEPTED) == push(connected(), paid)
    assert [200, 200, 200] == [told["answer"] for told in sandbox.order(paid)["told"]]


def test_a_service_that_is_away_is_asked_again_later(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    """The first item is told, the second is not: nothing is claimed, and the next try completes it."""
    connection = connected()
    second = items(sandbox, paid)[1]
    sandbox.fault("status", path=f"/items/{second}/", status=503, retry_after=60)

    with pytest.raises(Retryable):
        push(connection, paid)
    assert Receipt(Outcome.ACCEPTED) == push(connection, paid)
    assert "confirmed" == sandbox.order(paid)["status"]


def test_only_the_lines_of_the_delivery(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    first = items(sandbox, paid)[0]
    push(connected(), paid, line_ids=[first])

    assert "partially_confirmed" == sandbox.order(paid)["status"]


def test_an_order_that_is_gone(connected: Connect) -> None:
    receipt = push(connected(), "NOSUCH")

    assert Outcome.REFUSED == receipt.outcome
    assert receipt.words
    assert ("Locally no longer has this order.", True) == (receipt.words.en, "로컬리" in receipt.words.ko)


@pytest.mark.parametrize("situation", ["cancelled", "picked_up"])
def test_an_order_that_is_closed(sandbox: Sandbox, connected: Connect, situation: str) -> None:
    receipt = push(connected(), sandbox.place(situation=situation))

    assert Outcome.REFUSED == receipt.outcome
    assert receipt.words
    assert "too late" in receipt.words.en


@pytest.mark.row("S20")
def test_rejecting_what_its_shopper_has_cancelled_is_no_refusal(
    sandbox: Sandbox, connected: Connect, paid: str
) -> None:
    """Locally answers that it is too late; the items are given up all the same."""
    connection = connected()
    push(connection, paid)
    sandbox.change(paid, cart={"status": "cancelled"})

    assert Receipt(Outcome.ACCEPTED) == push(connection, paid, Said.REJECTED, key="d-2", reason="취소")
    assert "cancelled" == sandbox.order(paid)["status"]


def test_rejecting_what_was_picked_up_is_refused(sandbox: Sandbox, connected: Connect) -> None:
    receipt = push(connected(), sandbox.place(situation="picked_up"), Said.REJECTED, reason="품절")

    assert Outcome.REFUSED == receipt.outcome


def test_a_card_that_cannot_be_charged(sandbox: Sandbox, connected: Connect, paid: str) -> None:
    """The second item's charge fails: the receipt says so, and that one item is through."""
    sandbox.fault("status", path=f"/items/{items(sandbox, paid)[1]}/", status=402)
    receipt = push(connected(), paid)

    assert receipt.words
    assert "card could not be charged" in receipt.words.en
    assert "1 of its items had already been passed on" in receipt.words.en


def test_a_wrong_key_stops_the_connection(connected: Connect, paid: str) -> None:
    with pytest.raises(Misconfigured):
        push(connected(api_token="wrong"), paid)


def test_our_own_acceptance_changes_only_the_webstores_status(
    sandbox: Sandbox, connected: Connect, paid: str
) -> None:
    """What comes back after accepting is the same order: no difference that staff would have to look at."""
    connection = connected()

    def read() -> Any:
        raw = tillbridge_locally.fetch_order(connection, paid)
        return tillbridge_locally.parse_order(connection, raw)

    before = read()
    push(connection, paid)
    after = read()
    status = {"webstore_status": after.webstore_status, "updated_at": after.updated_at}

    assert ("ordered", "confirmed") == (before.webstore_status, after.webstore_status)
    assert before.model_copy(update=status) == after
