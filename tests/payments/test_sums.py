"""What does not add up is told with every number and not mended; a day is compared with the service."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from orders import HELMET, line, won
from payments.counters import WHY, Counter
from tillbridge.model.errors import InputError, NotAllowed, Retryable
from tillbridge.model.messages import Cause
from tillbridge.model.orders import Remitter, Tax
from tillbridge.model.payments import Capture, EntryKind, WebPaymentState
from tillbridge.model.status import Act
from tillbridge.model.webhooks import Headers, WebhookRequest
from tillbridge.model.words import Words
from tillbridge.paying import reconciling

AWAY = Words("The service is away.", "결제 서비스에 연결할 수 없습니다.")


@pytest.fixture
def shop(sqlite_url: str, clock: Any) -> Iterator[Counter]:
    made = Counter(sqlite_url, clock)
    yield made
    made.close()


def differs(shop: Counter) -> str:
    words = shop.engine.payment_difference(1)
    assert (words is None) == (Cause.MONEY_DIFFERS not in shop.causes())
    return words.en if words else ""


def test_a_hold_of_another_amount_is_told_with_every_number(shop):
    shop.bought(held=69_000)

    shop.beat()

    assert differs(shop) == (
        "What is held is not what the order comes to: order ₩70,000, tax paid by the marketplace ₩0, "
        "on the sale ₩0, held ₩69,000, taken and kept ₩0, refunded ₩0, refund under way ₩0."
    )


def test_no_more_is_taken_than_is_held_and_staff_are_asked(shop):
    shop.bought(held=69_000)
    shop.do(Act.ACCEPT)
    shop.beat()

    assert ("held", 0, 0) == shop.paid()
    assert Cause.PAYMENT_NOT_DONE in shop.causes()


def test_tax_that_the_marketplace_pays_may_be_kept_by_it(shop):
    taxed = line("h", gtin=HELMET)
    tax = Tax(amount=won(5_000), remitter=Remitter.MARKETPLACE)
    taxed = taxed.model_copy(update={"amount": taxed.amount.model_copy(update={"taxes": (tax,)})})
    shop.bought(taxed, held=50_000)
    shop.beat()

    assert not differs(shop)


def test_what_was_refunded_past_tillbridge_is_told_and_ends_with_its_cause(shop):
    shop.bought()
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.do(Act.PICK_UP)
    shop.beat()
    shop.service.refund_there("pi_1", won(10_000))

    shop.engine.check_payments(1)
    assert "are not what the payment service has" in differs(shop)
    assert ("captured", 70_000, 10_000) == shop.paid()

    shop.service._change("pi_1", refunded=won(0), refunds=())
    shop.engine.check_payments(1)
    assert not differs(shop)


def test_money_of_an_order_that_is_over_is_told_if_it_was_taken_all_the_same(shop):
    shop.bought()
    shop.do(Act.CANCEL)
    shop.beat()
    shop.service._change("pi_1", state=WebPaymentState.CAPTURED, captured=won(70_000))

    shop.engine.check_payments(1)

    assert differs(shop).startswith("The order is over, and its money was not given back")


def test_a_service_that_is_away_is_a_trouble_and_heals_by_itself(shop):
    shop.place()
    shop.service.hold("A1", won(70_000))

    def away(_: str) -> None:
        raise Retryable(AWAY)

    shop.service.before = away
    shop.engine.poll()
    assert Cause.CONNECTION_DOWN in shop.causes()
    shop.service.before = lambda _: None
    shop.beat(60)

    assert Cause.CONNECTION_DOWN not in shop.causes()
    assert "pi_1" == shop.engine.web_payments(1)[0].id


# Who serves whom


def test_what_is_no_payment_service_cannot_serve(shop):
    with pytest.raises(InputError, match="is no payment service"):
        shop.engine.serve_payments("web", "web", Capture.ACCEPTANCE, "지은")
    with pytest.raises(InputError, match="brings no orders"):
        shop.engine.serve_payments("pay", "pay", Capture.ACCEPTANCE, "지은")


def test_a_webstore_that_charges_by_itself_is_served_by_nobody(sqlite_url, clock):
    shop = Counter(sqlite_url, clock, charges_on_acceptance=True, served=False)

    with pytest.raises(InputError, match="charges its customers by itself"):
        shop.engine.serve_payments("web", "pay", Capture.ACCEPTANCE, "지은")
    shop.close()


def test_who_serves_is_signed_in_the_connections_history(shop):
    shop.engine.serve_payments("web", "pay", Capture.PICK_UP, "민준")

    last = shop.engine.connection_log("web")[-1]
    assert ("민준", "payments: pay, when the order is accepted → pay, when it is picked up") == (
        last.who,
        last.words.en,
    )
    assert Capture.PICK_UP is shop.engine.payments_served("web").capture


def test_nothing_is_refunded_where_no_service_serves(sqlite_url, clock):
    shop = Counter(sqlite_url, clock, served=False)
    shop.bought()

    with pytest.raises(NotAllowed, match="No payment service serves"):
        shop.engine.refund_payment(1, won(1), WHY)
    shop.close()


# Webhooks


def knock(shop: Counter, number: str) -> None:
    token = shop.engine.open_webhook("pay").path.rsplit("/", 1)[-1]
    request = WebhookRequest(
        method="POST", headers=Headers(), body=number.encode(), received_at=shop.clock.now()
    )
    shop.engine.receive_webhook(token, request)
    shop.engine.fetch_heard("pay")


def test_a_webhook_has_the_payment_read_anew_whatever_it_said(shop):
    shop.bought()
    shop.beat()
    shop.service.expire("pi_1")

    knock(shop, "pi_1")
    shop.beat()

    assert WebPaymentState.EXPIRED is shop.engine.web_payments(1)[0].state


def test_an_event_before_its_order_is_parked_and_found_again(shop):
    shop.service.hold("A1", won(70_000))
    knock(shop, "pi_1")
    assert [1] == [one.waiting for one in shop.engine.webhooks()]

    shop.place()
    shop.engine.poll()
    shop.clock.advance(60)
    shop.engine.fetch_heard("pay")

    assert [0] == [one.waiting for one in shop.engine.webhooks()]
    assert "pi_1" == shop.engine.web_payments(1)[0].id


# A day


def test_a_day_that_agrees_has_its_sums_and_no_difference(shop):
    shop.bought()
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.engine.refund_payment(1, won(5_000), WHY)

    found = shop.engine.reconcile("pay", date(2026, 3, 2))

    sums = {kind: amount.minor for (kind, _), amount in found.sums.items()}
    assert {EntryKind.CHARGE: 70_000, EntryKind.REFUND: 5_000} == sums
    assert {"KRW": won(1)} == found.fees
    assert [] == found.differences


def test_each_difference_of_a_day_names_its_order(shop):
    shop.bought()
    shop.do(Act.ACCEPT)
    shop.beat()
    shop.service.refund_there("pi_1", won(5_000))
    shop.service.hold("elsewhere", won(300))
    shop.service._capture("pi_2", won(300))

    found = shop.engine.reconcile("pay", date(2026, 3, 2))

    assert [("elsewhere", "pi_2"), ("A1", "pi_1")] == [
        (one.order, one.payment_id) for one in found.differences
    ]
    assert found.differences[0].words.en.startswith("₩300 moved of a payment for an order that is not here")
    assert "Refunded: ₩5,000 there, ₩0 here." == found.differences[1].words.en
    assert ("captured", 70_000, 5_000) == shop.paid()


def test_what_others_do_in_the_same_account_is_no_difference(shop):
    """A charge and a refund that name no order: another webstore's, or an invoice."""
    shop.service.hold("", won(300))
    shop.service._capture("pi_1", won(300))
    shop.service.refund_there("pi_1", won(100))

    found = shop.engine.reconcile("pay", date(2026, 3, 2))

    assert [] == found.differences
    assert [("pi_1", won(400))] == [(one.payment_id, one.moved) for one in found.others]
    assert won(300) == found.sums[EntryKind.CHARGE, "KRW"]


def test_a_payment_that_its_order_does_not_know_names_the_order(shop):
    shop.place()
    shop.engine.poll()
    shop.beat()
    shop.service.hold("A1", won(70_000))
    shop.service._capture("pi_1", won(70_000))

    (difference,) = shop.engine.reconcile("pay", date(2026, 3, 2)).differences

    assert ("A1", 1, "web") == (difference.order, difference.order_id, difference.connection)
    assert "tillbridge payments check A1" in difference.words.en


def test_payments_that_agree_are_not_read_one_by_one(shop):
    for name in ("A1", "A2", "A3"):
        number = shop.bought(name=name)
        shop.do(Act.ACCEPT, number)
    shop.beat()
    shop.engine.refund_payment(2, won(5_000), WHY)
    asked: list[str] = []
    shop.service.before = asked.append

    assert [] == shop.engine.reconcile("pay", date(2026, 3, 2)).differences

    assert ["list_payments"] == asked


def test_where_very_many_differ_each_is_told_and_not_all_are_read(shop, monkeypatch):
    monkeypatch.setattr(reconciling, "_MOST_READ", 1)
    for name in ("A1", "A2"):
        shop.do(Act.ACCEPT, shop.bought(name=name))
    shop.beat()
    for number in ("pi_1", "pi_2"):
        shop.service.refund_there(number, won(5_000))

    first, second = shop.engine.reconcile("pay", date(2026, 3, 2)).differences

    assert ("A1", "Refunded: ₩5,000 there, ₩0 here.") == (first.order, first.words.en)
    assert ("A2", "refunded ₩0." in second.words.en) == (second.order, True)


def test_another_day_has_nothing_of_it(shop):
    shop.bought()
    shop.do(Act.ACCEPT)
    shop.beat()

    assert {} == shop.engine.reconcile("pay", date(2026, 3, 2) + timedelta(days=1)).sums


def test_a_webstore_lists_no_payments(shop):
    with pytest.raises(InputError, match="lists no payments"):
        shop.engine.reconcile("web", date(2026, 3, 2))
