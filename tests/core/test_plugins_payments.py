"""The hooks of payment services get what they are promised, and their answers are held to the contract."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stub_plugins import NOW, connection, load, offering, provider, refusals, web_order
from tillbridge.model.errors import PluginError
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.money import Money
from tillbridge.model.payments import (
    EntryKind,
    PaidOrder,
    PaymentAct,
    PaymentDelivery,
    PaymentEntry,
    PaymentReceipt,
    RefundState,
    WebPayment,
    WebPaymentState,
    WebRefund,
)
from tillbridge.plugins import Plugins
from tillbridge.provider import Capability

TEN = Money(1000, "USD")
HELD = WebPayment.of("pi_1", WebPaymentState.HELD, {"authorised": TEN}, "USD", created_at=NOW, live=False)
ORDER = PaidOrder(order=web_order(), webstore="web")
DELIVERY = PaymentDelivery(key="k1", order_id="1001", number="#1001", webstore="web")
DONE = PaymentReceipt(Outcome.ACCEPTED, payment=HELD)
CHARGE = PaymentEntry(id="t1", kind=EntryKind.CHARGE, amount=TEN, at=NOW, payment_id="pi_1")
ALL = frozenset({Capability.PAYMENTS, Capability.PAYMENT_ACTS, Capability.PAYMENT_LIST})


def service(**hooks: Any) -> Plugins:
    """A payment service that answers well, but for these hooks."""
    usual = {
        "record_payment": lambda connection, order: [HELD],
        "fetch_payment": lambda connection, payment_id: HELD,
        "capture_payment": lambda connection, payment, amount, delivery: DONE,
        "release_payment": lambda connection, payment, amount, delivery: DONE,
        "refund_payment": lambda connection, payment, amount, delivery: DONE,
        "list_payments": lambda connection, since, until: iter([CHARGE]),
    }
    return load(a=offering(provider(capabilities=ALL), **(usual | hooks)))


def test_hook_record_payment_reaches_the_plugin() -> None:
    heard: list[PaidOrder] = []

    def record_payment(connection: Any, order: Any) -> list[WebPayment]:
        heard.append(order)
        return [HELD]

    made = service(record_payment=record_payment)

    assert ([HELD], [ORDER]) == (made.payments.record("stub", connection(), ORDER), heard)


def test_hook_fetch_payment_reaches_the_plugin() -> None:
    asked: list[str] = []

    def fetch_payment(connection: Any, payment_id: Any) -> WebPayment:
        asked.append(payment_id)
        return HELD

    made = service(fetch_payment=fetch_payment)

    assert (HELD, ["pi_1"]) == (made.payments.fetch("stub", connection(), "pi_1"), asked)


def heard_of(act: PaymentAct) -> list[Any]:
    heard: list[Any] = []

    def hook(connection: Any, payment: Any, amount: Any, delivery: Any) -> PaymentReceipt:
        heard.append((payment, amount, delivery))
        return DONE

    made = service(**{f"{act}_payment": hook})
    assert DONE == made.payments.do("stub", connection(), act, (HELD, TEN, DELIVERY))
    return heard


def test_hook_capture_payment_reaches_the_plugin() -> None:
    assert [(HELD, TEN, DELIVERY)] == heard_of(PaymentAct.CAPTURE)


def test_hook_release_payment_reaches_the_plugin() -> None:
    assert [(HELD, TEN, DELIVERY)] == heard_of(PaymentAct.RELEASE)


def test_hook_refund_payment_reaches_the_plugin() -> None:
    assert [(HELD, TEN, DELIVERY)] == heard_of(PaymentAct.REFUND)


def test_hook_list_payments_reaches_the_plugin() -> None:
    asked: list[Any] = []

    def list_payments(connection: Any, since: Any, until: Any) -> Any:
        asked.append((since, until))
        yield CHARGE

    day = (NOW, NOW + timedelta(days=1))

    assert [CHARGE] == list(service(list_payments=list_payments).payments.moves("stub", connection(), *day))
    assert [day] == asked


@pytest.mark.parametrize(
    ("answer", "said"),
    [(["pi_1"], "str among the payments"), ([HELD, HELD], "the payment 'pi_1' twice"), (None, "NoneType")],
)
def test_what_is_no_list_of_payments_is_a_fault_of_the_plugin(answer: Any, said: str) -> None:
    made = service(record_payment=lambda connection, order: answer)

    with pytest.raises(PluginError, match=said):
        made.payments.record("stub", connection(), ORDER)


def test_an_act_is_answered_by_a_receipt_of_payments() -> None:
    made = service(capture_payment=lambda connection, payment, amount, delivery: Receipt(Outcome.ACCEPTED))

    with pytest.raises(PluginError, match="Receipt"):
        made.payments.do("stub", connection(), PaymentAct.CAPTURE, (HELD, TEN, DELIVERY))


def test_a_line_without_its_zone_is_a_fault_of_the_plugin() -> None:
    bad = PaymentEntry(id="t", kind=EntryKind.FEE, amount=TEN, at=datetime(2026, 1, 1))  # noqa: DTZ001  # that is the fault
    made = service(list_payments=lambda connection, since, until: iter([bad]))

    with pytest.raises(PluginError, match="no zone"):
        list(made.payments.moves("stub", connection(), NOW, NOW))


def test_a_service_that_acts_also_records() -> None:
    only = offering(
        provider(capabilities=frozenset({Capability.PAYMENT_LIST})),
        list_payments=lambda connection, since, until: iter(()),
    )

    (said,) = refusals(a=only)

    assert "PAYMENT_LIST without Capability.PAYMENTS" in said


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ({"captured": TEN, "refunded": Money(1001, "USD")}, "more is given back than was taken"),
        ({"authorised": Money(-1, "USD")}, "below zero"),
        ({"authorised": Money(1000, "KRW")}, "not in USD"),
    ],
)
def test_a_payment_whose_numbers_cannot_be_is_refused(amounts: dict[str, Money], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        WebPayment.of("pi_1", WebPaymentState.CAPTURED, amounts, "USD", created_at=NOW, live=True)


def test_what_the_shop_keeps_is_less_by_refunds_under_way() -> None:
    amounts = {
        "authorised": TEN,
        "captured": TEN,
        "refunded": Money(300, "USD"),
        "refund_pending": Money(200, "USD"),
    }
    payment = WebPayment.of("pi_1", WebPaymentState.CAPTURED, amounts, "USD", created_at=NOW, live=True)

    assert (Money(500, "USD"), Money(0, "USD")) == (payment.kept, payment.held)


def test_a_refund_is_known_again_by_the_key_that_asked_for_it() -> None:
    refund = WebRefund(id="re_1", amount=TEN, state=RefundState.PENDING, key="k1")
    amounts = {"captured": TEN, "refund_pending": TEN}
    payment = WebPayment.of(
        "pi_1", WebPaymentState.CAPTURED, amounts, "USD", created_at=NOW, live=True, refunds=(refund,)
    )

    assert (refund, None, None) == (payment.refund_of("k1"), payment.refund_of("k2"), payment.refund_of(""))


def test_a_payment_is_kept_as_json_and_read_again() -> None:
    made = HELD.model_copy(update={"capture_before": datetime(2026, 3, 6, tzinfo=UTC)})

    assert made == WebPayment.model_validate_json(made.model_dump_json())
