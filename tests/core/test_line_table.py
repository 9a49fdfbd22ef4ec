"""The rows of single lines: each allowed and refused, and true of what an order's act makes of its lines."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import (
    LINE_ROWS,
    LINE_WORDS,
    Act,
    Actor,
    Axis,
    Effect,
    LineFacts,
    LineState,
    LineTransition,
    OrderFacts,
    Status,
    line_transition,
    state_of_line,
)

HANGUL = re.compile("[가-힣]")
SOLD = OrderFacts(status=Status.NEW, has_sale=True)
GOING = OrderFacts(status=Status.IN_PROCESS, decision=Decision.ACCEPTED, has_sale=True)
READY = replace(GOING, status=Status.READY_FOR_PICKUP)
WAITING = OrderFacts(status=Status.PRODUCT_MATCH_FAILED)
CHANGES: list[dict[str, Any]] = [
    {},
    *({name: True} for name in ("unanswered", "closing", "sale_finished", "outdated")),
]
FACTS = [
    LineFacts(order=replace(one, **change), others=others)
    for one in (
        SOLD,
        GOING,
        READY,
        WAITING,
        replace(WAITING, decision=Decision.ACCEPTED),
        replace(GOING, emptied=True),
        replace(GOING, status=Status.COMPLETED, sale_finished=True),
        replace(GOING, status=Status.COMPLETED, sale_finished=True, closed_empty=True),
        replace(SOLD, status=Status.REJECTED, decision=Decision.REJECTED),
    )
    for change in CHANGES
    for others in (True, False)
]


@pytest.mark.parametrize("row", LINE_ROWS, ids=lambda row: f"{row.act}, {row.source} to {row.target}")
def test_each_row_is_allowed_where_its_guards_hold_and_refused_where_one_does_not(row: LineTransition):
    assert any(row.refusal(one) is None for one in FACTS)
    for guard in row.guards:
        assert guard.otherwise in {replace(row, guards=(guard,)).refusal(one) for one in FACTS}
        assert guard.otherwise.en.endswith(".")
        assert HANGUL.search(guard.otherwise.ko)


def test_each_row_is_of_the_lines_axis_and_each_state_has_its_words():
    assert {Axis.FULFILMENT} == {row.axis for row in LINE_ROWS}
    assert set(LineState) == set(LINE_WORDS)
    assert set(LineState) == {row.target for row in LINE_ROWS}


# How an order is before an act of its own, and after it.
AFTER = {
    Act.ACCEPT: GOING,
    Act.RESERVE: GOING,
    Act.PICK_UP: GOING,
    Act.READY: READY,
    Act.REMAKE_SALE: GOING,
    Act.REJECT: replace(SOLD, status=Status.REJECTED, decision=Decision.REJECTED),
    Act.REJECT_ONLY: replace(SOLD, status=Status.REJECTED, decision=Decision.REJECTED),
    Act.CANCEL: replace(SOLD, status=Status.REJECTED, decision=Decision.REJECTED),
    Act.COMPLETE: replace(GOING, status=Status.COMPLETED, sale_finished=True),
    Act.NO_SHOW: replace(GOING, status=Status.COMPLETED, sale_finished=True, closed_empty=True),
}
BEFORE: dict[LineState | None, tuple[LineState | None, OrderFacts]] = {
    LineState.UNDECIDED: (None, SOLD),
    LineState.ADDED: (LineState.ADDED, GOING),
    LineState.ACCEPTED: (None, GOING),
    LineState.READY: (LineState.READY, GOING),
    LineState.NOT_PICKED_UP: (None, replace(GOING, sale_finished=True, closed_empty=True)),
}


@pytest.mark.parametrize(
    "row",
    [row for row in LINE_ROWS if row.who is Actor.SYSTEM],
    ids=lambda row: f"{row.act}, {row.source} to {row.target}",
)
def test_what_an_orders_act_makes_of_its_lines_is_what_the_table_says(row: LineTransition):
    said, before = BEFORE[row.source]
    archived = OrderFacts(
        status=Status.ARCHIVED,
        decision=Decision.REJECTED if row.target is LineState.REJECTED else Decision.ACCEPTED,
    )
    after = archived if row.act is Act.ARCHIVE else AFTER[row.act]
    # What was added stands on the new sale, and is to be decided.
    then = LineState.UNDECIDED if row.act is Act.REMAKE_SALE else said

    assert row.source is state_of_line(said, before)
    assert row.target is state_of_line(then, after)
    assert row.refusal(LineFacts(order=after)) is None


def test_a_rejected_line_stays_rejected_whatever_becomes_of_the_order():
    for facts in (SOLD, GOING, READY, AFTER[Act.COMPLETE], AFTER[Act.NO_SHOW]):
        assert LineState.REJECTED is state_of_line(LineState.REJECTED, facts)


def asked(act: Act, facts: OrderFacts, *states: LineState, others: bool = True) -> LineTransition:
    return line_transition(act, LineFacts(order=facts, others=others), states)


@pytest.mark.row("S20")
def test_cancelling_a_line_of_a_sold_order_takes_it_off_the_sale():
    row = asked(Act.CANCEL, GOING, LineState.ACCEPTED, LineState.READY)

    assert (Effect.TELL_REJECTED, Effect.REMOVE_LINES, Effect.TAKE_OFF) == row.effects
    assert (LineState.REJECTED, True) == (row.target, row.reason_required)


def test_rejecting_a_line_of_an_unsold_order_has_it_judged_again():
    assert (Effect.TELL_REJECTED, Effect.JUDGE_AGAIN) == asked(
        Act.REJECT, WAITING, LineState.UNDECIDED
    ).effects


@pytest.mark.parametrize(
    ("act", "facts", "state", "others", "why"),
    [
        (Act.REJECT, SOLD, LineState.UNDECIDED, False, "Nothing else is left of the order"),
        (Act.REJECT, GOING, LineState.ACCEPTED, True, "not possible for an item that is accepted"),
        (Act.CANCEL, SOLD, LineState.UNDECIDED, True, "not possible for an item that is undecided"),
        (Act.READY, GOING, LineState.REJECTED, True, "not possible for an item that is rejected"),
        (Act.READY, GOING, LineState.READY, True, "not possible for an item that is ready"),
        (Act.REJECT, replace(SOLD, unanswered=True), LineState.UNDECIDED, True, "has not answered yet"),
        (Act.CANCEL, replace(GOING, closing=True), LineState.READY, True, "is being finished"),
        (Act.CANCEL, replace(GOING, sale_finished=True), LineState.READY, True, "not altered any more"),
        (Act.READY, replace(GOING, emptied=True), LineState.ACCEPTED, True, "cancel the order instead"),
        (
            Act.REJECT,
            OrderFacts(status=Status.ARCHIVED),
            LineState.UNDECIDED,
            True,
            "while the order is open",
        ),
        (
            Act.READY,
            replace(WAITING, decision=Decision.ACCEPTED),
            LineState.ACCEPTED,
            True,
            "There is no sale for this order yet",
        ),
    ],
)
def test_why_not_is_said_in_words(act, facts, state, others, why):
    with pytest.raises(NotAllowed, match=why):
        asked(act, facts, state, others=others)


def test_an_added_item_is_decided_by_itself_and_stands_until_then():
    going = replace(GOING, added=True)
    assert (Effect.TELL_ACCEPTED,) == asked(Act.ACCEPT, going, LineState.UNDECIDED).effects
    assert (Effect.TELL_REJECTED,) == asked(Act.REJECT, going, LineState.ADDED).effects
    with pytest.raises(NotAllowed, match="Make the sale anew first"):
        asked(Act.ACCEPT, going, LineState.ADDED)
    for facts in (GOING, READY, AFTER[Act.COMPLETE]):
        assert LineState.ADDED is state_of_line(LineState.ADDED, facts)


def test_no_line_is_no_wish():
    with pytest.raises(NotAllowed, match="No item was named"):
        asked(Act.READY, GOING)
