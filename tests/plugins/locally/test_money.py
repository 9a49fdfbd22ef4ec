"""What Locally held, charged and gave back is recorded from its orders (proposed contract)."""

from typing import Any

import pytest

import tillbridge_locally
from plugins.locally.samples import KOREAN, Document, Parse, encoded, offline
from tillbridge.plugin import Money, PaidOrder, PayloadError, RawOrder, WebPayment, WebPaymentState
from tillbridge_locally.settings import Settings

AT = "2026-03-02T01:15:00Z"


def won(amount: int) -> Money:
    return Money(amount, "KRW")


def recorded(parse: Parse, document: Document, *moves: tuple[str, int]) -> list[WebPayment]:
    """What the plugin records of a valid order with these movements of its money."""
    document["cart"]["payments"] = [
        {"id": f"m-{place}", "item": "1", "kind": kind, "amount": amount, "at": AT}
        for place, (kind, amount) in enumerate(moves)
    ]
    return list(asked(parse, document))


def asked(parse: Parse, document: Document, **settings: object) -> Any:
    raw = RawOrder(order_id=None, parts={"order": encoded(document)})
    order = PaidOrder(order=parse(document), webstore="locally", raw=raw)
    return tillbridge_locally.record_payment(offline(Settings.model_validate(KOREAN | settings)), order)


@pytest.mark.row("S23")
@pytest.mark.parametrize(
    ("moves", "state", "amounts"),
    [
        ([("held", 50_000)], WebPaymentState.HELD, (50_000, 0, 0)),
        ([("held", 50_000), ("charged", 50_000)], WebPaymentState.CAPTURED, (50_000, 50_000, 0)),
        (
            [("held", 32_000), ("held", 18_000), ("charged", 32_000), ("released", 18_000)],
            WebPaymentState.CAPTURED,
            (50_000, 32_000, 0),
        ),
        (
            [("held", 50_000), ("charged", 50_000), ("refunded", 18_000)],
            WebPaymentState.CAPTURED,
            (50_000, 50_000, 18_000),
        ),
        ([("held", 50_000), ("released", 50_000)], WebPaymentState.RELEASED, (50_000, 0, 0)),
    ],
)
def test_hook_record_payment_adds_up_what_an_order_lists(parse, document, moves, state, amounts):
    (payment,) = recorded(parse, document, *moves)

    found = (payment.authorised, payment.captured, payment.refunded)
    assert (state, tuple(map(won, amounts))) == (payment.state, found)
    assert ("QE3QL6", "Stripe") == (payment.order_id, payment.card_type)


def test_an_order_that_lists_no_money_has_no_payment(parse: Parse, document: Document) -> None:
    assert [] == list(asked(parse, document))


def test_damaged_money_is_named(parse: Parse, document: Document) -> None:
    with pytest.raises(PayloadError) as caught:
        recorded(parse, document, ("held", -1))

    assert caught.value.path == "cart.payments[0].amount"


@pytest.mark.parametrize(("token", "live"), [("hidden-token", True), ("test_abc", False)])
def test_money_that_a_test_key_sees_is_no_real_money(parse, document, token, live):
    recorded(parse, document, ("held", 50_000))

    (payment,) = asked(parse, document, api_token=token)

    assert live is payment.live
