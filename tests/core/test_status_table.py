"""The table that rules status holds together, and its page in the docs is made from it."""

import re
from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import ROOT
from tillbridge.model import status_docs
from tillbridge.model.errors import NeedsAnswer, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import (
    FAILED,
    ORDER_ROWS,
    SOLD,
    STATUS_WORDS,
    UNSETTLED,
    UNSOLD,
    Act,
    Actor,
    Effect,
    OrderFacts,
    Status,
    Transition,
    act_transition,
    choices,
    replay_transition,
    staff_transition,
    system_transition,
)
from tillbridge.model.words import Words

HANGUL = re.compile("[가-힣]")

facts_of_any_order = st.builds(
    OrderFacts,
    status=st.none() | st.sampled_from(Status),
    decision=st.none() | st.sampled_from(Decision),
    has_sale=st.booleans(),
    sale_finished=st.booleans(),
    changed_after_sale=st.booleans(),
    sellable=st.booleans(),
    unanswered=st.booleans(),
    can_undo=st.booleans(),
    put_aside=st.booleans(),
    hears=st.booleans(),
    closing=st.booleans(),
    closed_empty=st.booleans(),
    emptied=st.booleans(),
    reservation=st.booleans(),
    sums_differ=st.booleans(),
    unread=st.booleans(),
    outdated=st.booleans(),
    added=st.booleans(),
)


def asking(asked: Status, facts: OrderFacts) -> Transition | Words:
    """The row by which staff reach a status, or why they do not."""
    try:
        return staff_transition(asked, facts)
    except NeedsAnswer as question:
        return staff_transition(asked, facts, Decision(question.answers[0]))
    except NotAllowed as refused:
        return refused.words


def staff_can(asked: Status, facts: OrderFacts) -> bool:
    return not isinstance(asking(asked, facts), Words)


def test_no_two_rows_of_one_act_start_and_end_alike() -> None:
    """Else the first would hide the second."""
    counted = Counter((row.source, row.asked, row.target, row.who, row.act, row.answer) for row in ORDER_ROWS)

    assert [key for key, count in counted.items() if count > 1] == []


def test_what_staff_choose_names_one_row() -> None:
    """An act is not chosen by staff: the status is, and where it is asked, what the webstore is to hear."""
    counted = Counter(
        (row.source, row.asked, row.answer)
        for row in ORDER_ROWS
        if row.who is Actor.STAFF and row.asked is not None and row.act is not Act.UNDO
    )

    assert [key for key, count in counted.items() if count > 1] == []


def test_each_status_is_said_in_both_languages() -> None:
    """As in the shop's glossary, where the help article's own Korean words come first."""
    assert {
        Status.NEW: Words("New", "신규"),
        Status.CUSTOMER_ID_REQUIRED: Words("Customer ID Required", "고객 ID 필요"),
        Status.PRODUCT_MATCH_FAILED: Words("Product Match Failed", "제품 확인 실패"),
        Status.SALE_PROCESSING_FAILED: Words("Sale Processing Failed", "판매 처리 실패"),
        Status.PROCESS_SALE: Words("Process Sale", "판매 처리"),
        Status.IN_PROCESS: Words("In Process", "처리 중"),
        Status.READY_FOR_PICKUP: Words("Ready for Pickup", "수령 준비 완료"),
        Status.REJECTED: Words("Rejected", "거부"),
        Status.COMPLETED: Words("Completed", "완료"),
        Status.ARCHIVED: Words("Archived", "보관"),
    } == STATUS_WORDS


def test_each_status_can_be_reached() -> None:
    reached: set[Status | None] = {None}
    for _ in Status:
        reached |= {row.target for row in ORDER_ROWS if row.source in reached}

    assert set(Status) - reached == set()


def test_each_status_can_be_left_by_staff() -> None:
    """No order is stuck."""
    acts = {Act.UNDO, Act.REPLAY}
    left = {row.source for row in ORDER_ROWS if row.who is Actor.STAFF and row.act not in acts}

    assert set(Status) - left == set()


FACTS = [
    OrderFacts(
        status=None,
        decision=decision,
        has_sale=sale,
        sale_finished=finished,
        changed_after_sale=flag,
        sellable=flag,
        unanswered=False,
        can_undo=flag,
        put_aside=not flag,
        hears=hears,
        closing=closing,
        closed_empty=finished and flag,
        emptied=sale and not finished and not flag,
        reservation=flag,
        sums_differ=flag,
        unread=not hears,
        outdated=not hears,
        added=not hears,
    )
    for decision in (None, *Decision)
    for sale in (False, True)
    for finished in ((False, True) if sale else (False,))
    for flag in (True, False)
    for hears in (True, False)
    for closing in (False, True)
]


@pytest.mark.parametrize(
    "row", ORDER_ROWS, ids=lambda row: f"{row.act}, {row.source} to {row.target} ({row.answer})"
)
def test_each_row_is_allowed_where_its_guards_hold_and_refused_where_one_does_not(row: Transition) -> None:
    """For some facts each row applies; each of its guards refuses for some, with its own words."""
    facts = [replace(one, status=row.source) for one in FACTS]
    waiting = [replace(one, unanswered=True) for one in facts]

    assert any(row.refusal(one) is None for one in facts)
    for guard in row.guards:
        alone = replace(row, guards=(guard,))
        assert guard.otherwise in {alone.refusal(one) for one in facts}
    assert any(row.refusal(one) is None for one in waiting) is row.while_unanswered


@pytest.mark.parametrize("status", Status)
def test_nothing_is_chosen_while_a_sale_is_being_finished(status: Status) -> None:
    """The second of two clerks waits for what the first has begun."""
    assert choices(OrderFacts(status=status, has_sale=True, closing=True)) == []


@pytest.mark.row("S20")
@pytest.mark.parametrize("status", SOLD)
def test_cancelling_has_every_step_in_its_sequence(status: Status) -> None:
    assert act_transition(Act.CANCEL, OrderFacts(status=status, has_sale=True)).effects == (
        Effect.TELL_REJECTED,
        Effect.REMOVE_ITEMS,
        Effect.BALANCE,
        Effect.FINISH_SALE,
        Effect.COMPLETE,
    )


def test_what_is_asked_before_archiving_is_asked_only_where_the_webstore_hears() -> None:
    asked, deaf = OrderFacts(status=Status.PRODUCT_MATCH_FAILED), OrderFacts(status=None, hears=False)

    with pytest.raises(NeedsAnswer):
        staff_transition(Status.ARCHIVED, asked)
    assert staff_transition(Status.ARCHIVED, replace(deaf, status=asked.status)).effects == ()
    assert staff_transition(Status.ARCHIVED, asked, Decision.REJECTED).effects == (Effect.TELL_REJECTED,)


def replayed(**facts: Any) -> str | None:
    """The status that replay leads to, or why it leads nowhere."""
    found = replay_transition(OrderFacts(**facts))
    return found.en if isinstance(found, Words) else found.target


@pytest.mark.parametrize("status", FAILED)
def test_replay_processes_an_unsold_order_again(status: Status) -> None:
    assert replayed(status=status) is Status.PROCESS_SALE
    assert replayed(status=status, unanswered=True) == (
        "The point of sale has not answered yet; this is possible once it has."
    )


def test_replay_takes_up_what_tillbridge_put_aside_and_not_what_staff_archived() -> None:
    assert replayed(status=Status.ARCHIVED, put_aside=True) is Status.PROCESS_SALE
    assert replayed(status=Status.ARCHIVED) == "Staff archived this order, so it stays archived."


@given(facts_of_any_order)
def test_replay_never_sells_what_has_a_sale_or_waits_for_an_answer(facts: OrderFacts) -> None:
    if facts.has_sale or facts.unanswered:
        assert isinstance(replay_transition(facts), Words)


def test_replay_leaves_alone_what_is_decided_or_waits_already() -> None:
    assert replayed(status=Status.REJECTED) == "This order is decided already."
    assert replayed(status=Status.PROCESS_SALE) == "It waits to be processed already."
    assert replayed(status=Status.NEW, has_sale=True) == "There is a sale for this order already."


def test_replay_is_no_choice_of_a_status() -> None:
    """What tillbridge put aside offers nothing: staff can do nothing about it."""
    assert choices(OrderFacts(status=Status.ARCHIVED, put_aside=True)) == []


def test_what_can_be_undone_are_decisions_steps_of_a_hand_over_and_what_is_done_with_unsold_orders() -> None:
    undoable = {row for row in ORDER_ROWS if row.undoable}

    assert {row for row in ORDER_ROWS if row.decision is not None} <= undoable
    assert {(row.act, row.source) for row in undoable if row.decision is None} == {
        (Act.READY, Status.IN_PROCESS),
        (Act.RESERVE, Status.IN_PROCESS),
        *((act, source) for act in (Act.PICK_UP, Act.NO_SHOW) for source in SOLD[1:]),
        *((Act.ARCHIVE, source) for source in UNSOLD),
        (Act.RELEASE, Status.SALE_PROCESSING_FAILED),
    }


def test_every_order_can_come_to_rest() -> None:
    """From each status a way leads to Archived."""
    resting: set[Status | None] = {Status.ARCHIVED}
    for _ in Status:
        resting |= {row.source for row in ORDER_ROWS if row.target in resting}

    assert resting == {None, *Status}


@given(facts_of_any_order)
def test_staff_reach_what_they_choose_or_are_told_why_not(facts: OrderFacts) -> None:
    for asked in Status:
        answer = asking(asked, facts)
        if isinstance(answer, Words):
            assert answer.en.endswith(".")
            assert HANGUL.search(answer.ko)
        else:
            assert (answer.source, answer.asked, answer.who) == (facts.status, asked, Actor.STAFF)
            assert all(guard.holds(facts) for guard in answer.guards)
            assert answer.while_unanswered or not facts.unanswered


@given(facts_of_any_order)
def test_the_choices_are_exactly_what_staff_can_do(facts: OrderFacts) -> None:
    assert set(choices(facts)) == {asked for asked in Status if staff_can(asked, facts)}


@pytest.mark.row("S13")
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (OrderFacts(status=Status.NEW, has_sale=True), "that is New. Accept it first."),
        (
            OrderFacts(status=Status.CUSTOMER_ID_REQUIRED, decision=Decision.ACCEPTED),
            "that is Customer ID Required. There is no sale for this order yet.",
        ),
    ],
)
def test_what_comes_before_being_ready_is_said(facts: OrderFacts, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        act_transition(Act.READY, facts)


def test_nothing_leads_staff_out_of_archived() -> None:
    for status in Status:
        assert not staff_can(status, OrderFacts(status=Status.ARCHIVED, has_sale=True, sale_finished=True))


def test_an_impossible_wish_is_answered_with_what_is_possible() -> None:
    facts = OrderFacts(status=Status.NEW, has_sale=True)

    with pytest.raises(NotAllowed) as caught:
        staff_transition(Status.COMPLETED, facts)

    assert caught.value.words == Words(
        "An order that is New cannot be set to Completed. Possible now: In Process, Rejected.",
        "‘신규’ 상태의 주문은 ‘완료’로 바꿀 수 없습니다. 지금 가능한 상태: 처리 중, 거부",
    )


def test_an_impossible_wish_where_nothing_is_possible_says_so() -> None:
    with pytest.raises(NotAllowed) as caught:
        staff_transition(Status.NEW, OrderFacts(status=Status.ARCHIVED))

    assert caught.value.words.en.endswith("Possible now: nothing.")
    assert caught.value.words.ko.endswith("지금 가능한 상태: 없음")


@pytest.mark.parametrize("status", [None, *Status])
def test_a_rejected_order_is_never_accepted(status: Status | None) -> None:
    facts = OrderFacts(status=status, decision=Decision.REJECTED, has_sale=True)

    assert Status.IN_PROCESS not in choices(facts)


@pytest.mark.parametrize("status", [None, *Status])
def test_an_order_is_decided_the_same_way_once(status: Status | None) -> None:
    """The webstore is not told twice."""
    for decision, asked in ((Decision.ACCEPTED, Status.IN_PROCESS), (Decision.REJECTED, Status.REJECTED)):
        for has_sale in (True, False):
            assert asked not in choices(OrderFacts(status=status, decision=decision, has_sale=has_sale))


@pytest.mark.row("S17")
@pytest.mark.parametrize("status", [None, *UNSOLD])
def test_deciding_waits_neither_for_matching_nor_for_the_point_of_sale(status: Status | None) -> None:
    facts = OrderFacts(status=status, unanswered=True)

    accepted = staff_transition(Status.IN_PROCESS, facts)
    rejected = staff_transition(Status.REJECTED, facts)

    assert (accepted.decision, accepted.target) == (Decision.ACCEPTED, status)
    assert (rejected.decision, rejected.target) == (Decision.REJECTED, Status.REJECTED)


@pytest.mark.parametrize("status", SOLD)
def test_everything_else_waits_for_the_point_of_sale(status: Status) -> None:
    assert choices(OrderFacts(status=status, has_sale=True, unanswered=True)) == []


@pytest.mark.parametrize("status", [Status.NEW, *FAILED])
def test_accepting_tells_the_webstore(status: Status) -> None:
    facts = OrderFacts(status=status, has_sale=status is Status.NEW)

    assert staff_transition(Status.IN_PROCESS, facts).effects == (Effect.TELL_ACCEPTED,)


@pytest.mark.row("S20")
@pytest.mark.parametrize("status", SOLD)
@pytest.mark.parametrize("act", [Act.REJECT, Act.CANCEL])
def test_what_was_closed_without_items_at_the_till_can_still_be_rejected_and_cancelled(
    status: Status, act: Act
) -> None:
    closed = OrderFacts(
        status=status, decision=Decision.ACCEPTED, has_sale=True, sale_finished=True, closed_empty=True
    )

    assert Effect.TELL_REJECTED in act_transition(act, closed).effects
    with pytest.raises(NotAllowed, match=r"The sale is finished; it is not altered any more\."):
        act_transition(act, replace(closed, closed_empty=False))


@pytest.mark.row("S20")
@pytest.mark.parametrize("status", SOLD)
def test_rejecting_a_sold_order_returns_its_goods(status: Status) -> None:
    row = staff_transition(Status.REJECTED, OrderFacts(status=status, has_sale=True))

    assert row.effects == (
        Effect.TELL_REJECTED,
        Effect.REMOVE_ITEMS,
        Effect.BALANCE,
        Effect.FINISH_SALE,
    )


@pytest.mark.parametrize("status", FAILED)
def test_rejecting_an_unsold_order_touches_no_sale(status: Status) -> None:
    assert staff_transition(Status.REJECTED, OrderFacts(status=status)).effects == (Effect.TELL_REJECTED,)


@pytest.mark.parametrize("status", SOLD)
def test_a_finished_sale_is_not_taken_back(status: Status) -> None:
    facts = OrderFacts(status=status, has_sale=True, sale_finished=True, changed_after_sale=True)

    with pytest.raises(NotAllowed, match=r"The sale is finished; it is not altered any more\."):
        staff_transition(Status.REJECTED, facts)
    assert Status.PROCESS_SALE not in choices(facts)


def test_a_sale_is_made_anew_only_where_the_order_changed() -> None:
    changed = OrderFacts(status=Status.NEW, has_sale=True, changed_after_sale=True)

    assert staff_transition(Status.PROCESS_SALE, changed).effects == (Effect.VOID_SALE,)
    with pytest.raises(NotAllowed, match="there is nothing to make anew"):
        staff_transition(Status.PROCESS_SALE, OrderFacts(status=Status.NEW, has_sale=True))


@pytest.mark.row("S22")
def test_an_order_is_completed_once_its_sale_is_finished() -> None:
    ready = Status.READY_FOR_PICKUP

    with pytest.raises(NotAllowed, match="The sale is still open; finish it at the till first"):
        staff_transition(Status.COMPLETED, OrderFacts(status=ready, has_sale=True))
    done = staff_transition(Status.COMPLETED, OrderFacts(status=ready, has_sale=True, sale_finished=True))
    assert done.target is Status.COMPLETED


def test_the_till_never_completes_a_rejected_order() -> None:
    """A sale finished although its order was rejected is a conflict that staff are shown."""
    rows = [row for row in ORDER_ROWS if row.who is Actor.TILL]

    assert {row.source for row in rows} == set(SOLD)
    for row in rows:
        facts = OrderFacts(status=row.source, decision=Decision.REJECTED, has_sale=True, sale_finished=True)
        assert row.refusal(facts) == Words("This order is rejected already.", "이미 거부된 주문입니다.")


@pytest.mark.parametrize(
    ("decision", "target"),
    [(None, Status.NEW), (Decision.ACCEPTED, Status.IN_PROCESS), (Decision.REJECTED, Status.REJECTED)],
)
@pytest.mark.parametrize("status", UNSETTLED)
def test_what_an_opened_sale_leads_to_is_decided_by_the_decision_alone(
    status: Status | None, decision: Decision | None, target: Status
) -> None:
    """In whatever order the engine wishes."""
    facts = OrderFacts(status=status, decision=decision)

    for wanted in (
        (Status.NEW, Status.IN_PROCESS, Status.REJECTED),
        (Status.REJECTED, Status.IN_PROCESS, Status.NEW),
    ):
        assert system_transition(Act.OPEN_SALE, facts, wanted).target is target


def test_an_order_that_failed_is_rejected_only_by_a_decision() -> None:
    with pytest.raises(NotAllowed):
        system_transition(Act.FAIL, OrderFacts(status=None), [Status.REJECTED])


@pytest.mark.parametrize("act", [Act.FAIL, Act.PUT_ASIDE])
def test_an_order_with_a_sale_never_falls_back(act: Act) -> None:
    for source in UNSETTLED:
        with pytest.raises(NotAllowed, match="the status table has no way"):
            system_transition(act, OrderFacts(status=source, has_sale=True), Status)


def test_undo_needs_untried_deliveries() -> None:
    undo = [row for row in ORDER_ROWS if row.act is Act.UNDO]

    for row in undo:
        assert row.refusal(OrderFacts(status=row.source, can_undo=True)) is None
        assert row.refusal(OrderFacts(status=row.source, can_undo=False)) == Words(
            "This cannot be undone any more: it is already on its way.",
            "이미 전송이 시작되어 되돌릴 수 없습니다.",
        )


def test_every_decision_can_be_undone() -> None:
    """Where a decision of staff leads, there undo starts; what the till finds done is none of theirs."""
    decided = {
        row.target
        for row in ORDER_ROWS
        if row.decision is not None and row.target is not None and row.who is Actor.STAFF
    }

    assert decided - {row.source for row in ORDER_ROWS if row.act is Act.UNDO} == set()


def test_each_refusal_is_said_in_both_languages() -> None:
    for guard in chain.from_iterable(row.guards for row in ORDER_ROWS):
        assert guard.otherwise.en.endswith(".")
        assert HANGUL.search(guard.otherwise.ko)


def test_the_page_about_status_is_made_from_the_table() -> None:
    page = (ROOT / "docs" / "status.md").read_text("utf-8")

    assert page == status_docs.page(), "run: python -m tillbridge.model.status_docs > docs/status.md"


def test_the_diagram_shows_every_status_and_every_act_of_the_orders_own_but_undo() -> None:
    drawn = status_docs.diagram()

    assert [status for status in Status if status not in drawn] == []
    assert [act for act in Act if f"{act} (" not in drawn] == [
        Act.ADD,
        Act.REFUNDED,
        Act.UNDO,
    ]


def test_the_table_in_the_docs_has_every_row() -> None:
    written = status_docs.rows_table().splitlines()[2:]

    assert sum(line.split(" | ")[2].count("<br>") + 1 for line in written) == len(ORDER_ROWS)
