"""The rows of the payment: true of what an act makes of the customer's money."""

import re
from dataclasses import replace

import pytest

from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebMoney
from tillbridge.model.status import (
    PAYMENT_ROWS,
    PAYMENT_STATE_WORDS,
    Act,
    Actor,
    Axis,
    PaymentFacts,
    PaymentRow,
    PaymentState,
    Recorded,
    payment_after,
    payment_state,
)

HANGUL = re.compile("[가-힣]")
SHOP = PaymentFacts(paid_online=False)
HELD = PaymentFacts(paid_online=True, charges=True)
UNSAID = PaymentFacts(paid_online=True)
CHARGED = replace(HELD, accepted=True, decision=Decision.ACCEPTED)
OF_SERVICES = {PaymentState.REFUND_PENDING, PaymentState.HOLD_ENDED, PaymentState.NOT_FOUND}
BEFORE: dict[PaymentState | None, PaymentFacts] = {
    PaymentState.AT_PICK_UP: SHOP,
    PaymentState.HELD: HELD,
    PaymentState.UNSAID: UNSAID,
    PaymentState.PERHAPS_DUE: replace(UNSAID, decision=Decision.REJECTED),
    PaymentState.CHARGED: CHARGED,
    PaymentState.PART_REFUND_DUE: replace(CHARGED, part_due=True),
    PaymentState.REFUND_DUE: replace(CHARGED, decision=Decision.REJECTED),
}


def after(row: PaymentRow) -> PaymentFacts:
    """How it is known what an act made of an order."""
    facts = BEFORE[row.source]
    if row.act is Act.REFUNDED:
        return replace(facts, refunded=True)
    if row.act in (Act.PICK_UP, Act.COMPLETE):
        return replace(facts, finished=True)
    if row.act is Act.NO_SHOW:
        return replace(facts, finished=True, closed_empty=True)
    if row.act in (Act.ACCEPT, Act.RESERVE):
        return replace(facts, accepted=True, decision=Decision.ACCEPTED)
    return replace(facts, decision=Decision.REJECTED)


@pytest.mark.parametrize("row", PAYMENT_ROWS, ids=lambda row: f"{row.act}, {row.source} to {row.target}")
def test_each_row_is_true_of_what_becomes_of_the_money(row: PaymentRow):
    assert row.source is payment_state(BEFORE[row.source])
    assert row.target is payment_state(after(row))
    assert row.refusal(BEFORE[row.source]) is None
    if row.who is Actor.STAFF:
        assert row.target is payment_after(row.act, BEFORE[row.source])


@pytest.mark.parametrize("row", [row for row in PAYMENT_ROWS if row.guards], ids=lambda row: row.act)
def test_a_webstore_that_does_not_charge_on_acceptance_holds_on(row: PaymentRow):
    facts = replace(HELD, charges=False, money=WebMoney.HELD)

    (guard,) = row.guards
    assert guard.otherwise == row.refusal(facts)
    assert HANGUL.search(guard.otherwise.ko)
    assert PaymentState.HELD is payment_after(row.act, facts)
    assert PaymentState.HELD is payment_state(replace(facts, accepted=True, decision=Decision.ACCEPTED))


@pytest.mark.row("S20")
def test_what_was_charged_is_to_be_refunded_and_what_was_held_is_released():
    assert PaymentState.REFUND_DUE is payment_after(Act.CANCEL, CHARGED)
    assert PaymentState.RELEASED is payment_after(Act.CANCEL, HELD)
    assert PaymentState.REFUNDED is payment_state(replace(CHARGED, decision=Decision.REJECTED, refunded=True))


@pytest.mark.row("S27")
def test_goods_that_come_back_make_the_webstore_owe_what_it_took_for_them():
    sold = replace(CHARGED, finished=True)

    assert PaymentState.RECORDED is payment_state(sold)
    assert PaymentState.PART_REFUND_DUE is payment_state(replace(sold, part_due=True))
    assert PaymentState.REFUND_DUE is payment_state(replace(sold, returned=True))
    assert PaymentState.REFUNDED is payment_state(replace(sold, returned=True, refunded=True))


def test_each_state_is_reached_and_said_in_both_languages():
    reached = {row.target for row in PAYMENT_ROWS} | set(BEFORE) | {PaymentState.REFUNDED}

    assert set(PaymentState) == reached | OF_SERVICES == set(PAYMENT_STATE_WORDS)
    assert {Axis.PAYMENT} == {row.axis for row in PAYMENT_ROWS}
    assert all(HANGUL.search(words.ko) for words in PAYMENT_STATE_WORDS.values())


@pytest.mark.parametrize(
    ("recorded", "more", "state"),
    [
        (Recorded(), {}, PaymentState.NOT_FOUND),
        (Recorded(held=True), {}, PaymentState.HELD),
        (Recorded(ended=True), {}, PaymentState.HOLD_ENDED),
        (Recorded(ended=True), {"decision": Decision.REJECTED}, PaymentState.RELEASED),
        (Recorded(released=True), {"decision": Decision.REJECTED}, PaymentState.RELEASED),
        (Recorded(released=True), {"finished": True}, PaymentState.PAID),
        (Recorded(kept=True), {}, PaymentState.CHARGED),
        (Recorded(kept=True), {"finished": True}, PaymentState.RECORDED),
        (Recorded(kept=True), {"decision": Decision.REJECTED}, PaymentState.REFUND_DUE),
        (Recorded(pending=True), {"decision": Decision.REJECTED}, PaymentState.REFUND_PENDING),
        (Recorded(given_back=True), {"decision": Decision.REJECTED}, PaymentState.REFUNDED),
    ],
)
def test_what_a_payment_service_has_is_believed_before_all_else(recorded, more, state):
    assert state is payment_state(replace(CHARGED, **{"decision": None, "recorded": recorded, **more}))
