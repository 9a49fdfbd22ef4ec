"""A day at Stripe, line by line: charges with their fees, refunds, payouts, disputes."""

from datetime import UTC, datetime, timedelta

import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import Stripe
from plugins.stripe_payments.samples import Connect, won
from tillbridge.plugin import Connection, EntryKind, Misconfigured, Money, PaymentEntry
from tillbridge.testing.clock import FrozenClock

DAY = timedelta(days=1)


def day(connection: Connection, of: datetime = datetime(2026, 3, 2, tzinfo=UTC)) -> list[PaymentEntry]:
    return list(plugin.list_payments(connection, of, of + DAY))


def test_a_day_has_every_movement_with_its_payment_and_fee(connection: Connection, stripe: Stripe) -> None:
    intent = stripe.ledger.pay(89_000, status="succeeded", metadata={"order_id": "1001"})
    stripe.ledger.refund({"payment_intent": intent["id"], "amount": "9000"})
    stripe.ledger.payout(50_000)

    entries = day(connection)

    assert [(one.kind, one.amount, one.payment_id, one.order_id, one.fee) for one in entries] == [
        (EntryKind.PAYOUT, won(50_000), "", "", None),
        (EntryKind.REFUND, won(9_000), intent["id"], "", None),
        (EntryKind.CHARGE, won(89_000), intent["id"], "1001", won(2_670)),
    ]


def test_what_was_taken_is_listed_and_not_what_was_held(connection: Connection, stripe: Stripe) -> None:
    number = stripe.ledger.pay(89_000)["id"]
    stripe.ledger.capture(number, {"amount_to_capture": "80000"})

    assert [one.amount for one in day(connection)] == [won(80_000)]


def test_a_day_begins_and_ends_to_the_second(
    connection: Connection, stripe: Stripe, clock: FrozenClock
) -> None:
    at = clock.now()
    stripe.ledger.payout(1)
    clock.advance(1)
    stripe.ledger.payout(2)

    first = plugin.list_payments(connection, at, at + timedelta(seconds=1))
    second = plugin.list_payments(connection, at + timedelta(seconds=1), at + timedelta(seconds=2))

    assert ([one.amount.minor for one in first], [one.amount.minor for one in second]) == ([1], [2])


def test_a_long_day_comes_page_by_page(connection: Connection, stripe: Stripe) -> None:
    for amount in range(1, 251):
        stripe.ledger.payout(amount)

    entries = day(connection)

    assert (len(entries), len({one.id for one in entries}), len(stripe.calls)) == (250, 250, 3)


def test_a_refund_that_came_back_is_one_of_its_own(connection: Connection, stripe: Stripe) -> None:
    stripe.ledger.refunds_wait = True
    number = stripe.ledger.pay(89_000, status="succeeded")["id"]
    refund = stripe.ledger.refund({"payment_intent": number, "amount": "9000"})
    stripe.ledger.settle_refund(refund["id"], "failed", "declined")

    assert [one.kind for one in day(connection)] == [
        EntryKind.REFUND_FAILED,
        EntryKind.REFUND,
        EntryKind.CHARGE,
    ]


def test_a_charge_in_another_currency_is_shown_as_the_customer_paid_it(
    connection: Connection, stripe: Stripe
) -> None:
    stripe.ledger.pay(6_500, "usd", status="succeeded")
    stripe.ledger.balance[0].update(amount=89_000, currency="krw", fee=2_670)

    (entry,) = day(connection)

    assert (entry.amount, entry.fee) == (Money(6_500, "USD"), won(2_670))


def test_a_fee_with_decimals_that_its_currency_has_no_more_leaves_no_day_uncompared(
    connection: Connection, stripe: Stripe
) -> None:
    stripe.ledger.pay(500, "isk", status="succeeded")
    stripe.ledger.balance[0].update(fee=1_350)

    (entry,) = day(connection)

    assert (entry.amount, entry.fee) == (Money(5, "ISK"), Money(14, "ISK"))


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("stripe_fee", None, EntryKind.FEE),
        (
            "adjustment",
            {"id": "dp_1", "object": "dispute", "amount": 700, "currency": "krw"},
            EntryKind.DISPUTE,
        ),
        ("adjustment", None, EntryKind.OTHER),
        ("something_new", None, EntryKind.OTHER),
    ],
)
def test_each_movement_has_its_kind(
    connection: Connection, stripe: Stripe, kind: str, source: dict[str, object] | None, expected: EntryKind
) -> None:
    stripe.ledger.payout(700)
    stripe.ledger.balance[0].update(type=kind, source=source)

    assert [(one.kind, one.amount, one.text) for one in day(connection)] == [(expected, won(700), kind)]


def test_another_webstores_charges_are_left_out(connect: Connect, stripe: Stripe) -> None:
    stripe.ledger.pay(1_000, status="succeeded", metadata={"site_url": "https://b.example"})
    stripe.ledger.pay(2_000, status="succeeded", metadata={"site_url": "https://a.example"})
    stripe.ledger.pay(3_000, status="succeeded")

    entries = day(connect(shop_metadata="site_url=https://a.example"))

    assert [one.amount for one in entries] == [won(3_000), won(2_000)]


def test_a_key_without_the_right_to_the_balance_says_which(connection: Connection, stripe: Stripe) -> None:
    stripe.allowed = {"payment_intent_write", "charge_write"}

    with pytest.raises(Misconfigured, match="Balance Transaction Sources: Read"):
        day(connection)
