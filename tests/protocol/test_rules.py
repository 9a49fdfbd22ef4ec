"""Rules 1 to 9 of the order protocol: the model's counterexamples, replayed over the real engine.

Each trace is a counterexample that the model checker found with one rule taken out. With the rule it
ends well; with the rule taken out of the engine (`WITHOUT`) it ends as badly as the model said, which
proves that the test bites. Late calls are a dead worker's, arriving when the trace says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import and_, false, insert, select, update
from sqlalchemy.exc import IntegrityError

from scene import (
    OTHER,
    Scene,
    delivers,
    fetches,
    follows_till,
    polls,
    settles,
)
from shop import SEOUL
from tillbridge import fulfilment, outbox, till
from tillbridge.db import tables
from tillbridge.db.locks import Locks
from tillbridge.db.states import AttemptState, DeliveryState
from tillbridge.model.drafts import SaleDraft
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Act, OrderFacts, Status, system_transition
from tillbridge.model.versions import Age, Seen
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import Opened, Refused, SaleState
from tillbridge.sending import news, taking_back
from tillbridge.settle import attempts, committing, folding, payloads, settling
from tillbridge.testing.pos import MemoryPos

ASKING = "before pos open_sales"
PUSHING = "before hook push_status"
LONG = 100_000.0

Trace = Callable[[Scene], None]
Mutation = Callable[[pytest.MonkeyPatch], None]


# The traces


def reject_while_matching(scene: Scene) -> None:
    """C1: staff reject what Process Sale is matching again."""
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.start(scene.one, settles)
    scene.one.run_to("begin settle")
    scene.staff(Status.REJECTED)
    scene.one.finish()


def relink_while_matching(scene: Scene) -> None:
    """C1': staff link another product while Process Sale matches the old one."""
    scene.till.refuse_next()
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.start(scene.one, settles)
    scene.one.run_to("begin settle")
    scene.relink(OTHER)
    scene.one.finish()


def decide_while_unanswered(scene: Scene) -> None:
    """Staff accept while the POS has not answered (S17)."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    scene.staff(Status.IN_PROCESS)
    scene.one.finish()


def change_while_unanswered(scene: Scene) -> None:
    """A new version comes while an attempt is unanswered; its worker is dead."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    scene.one.kill()
    scene.offer("B")
    scene.start(scene.two, fetches)
    scene.two.finish()


def answer_after_the_sale_was_voided(scene: Scene) -> None:
    """C2: an answer is brought again, long after: the sale that it tells of was made anew meanwhile."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to("begin answers")
    scene.do(settles)
    scene.offer("B")
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.do(delivers)
    scene.one.finish()


def refusal_after_process_sale(scene: Scene) -> None:
    """C2 with a refusal: it comes again after staff asked for another try."""
    scene.till.refuse_next()
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to("begin answers")
    scene.do(settles)
    scene.staff(Status.PROCESS_SALE)
    scene.one.run_to("after commit answers")
    assert Status.PROCESS_SALE == scene.row.status, "staff's wish was lost"


def refused_then_asked_again(scene: Scene) -> None:
    """C3 without the lock: two workers ask for one attempt, and the first is refused."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    scene.till.refuse_next()
    scene.do(settles)
    scene.one.finish()


def refused_then_late_call(scene: Scene) -> None:
    """C3 with a late call: the attempt was refused meanwhile."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    late = scene.one.die_calling()
    scene.till.refuse_next()
    scene.do(settles)
    scene.arrive(late)


def voided_then_late_call(scene: Scene) -> None:
    """A late call arrives after its sale was opened, and voided to be made anew."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    late = scene.one.die_calling()
    scene.do(settles)
    scene.offer("B")
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.do(delivers)
    scene.arrive(late)


def made_anew_before_the_void(scene: Scene) -> None:
    """C9: a sale is made anew, and a worker settles before the old one's void has gone out."""
    scene.offer("A")
    scene.do(polls)
    scene.offer("B")
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.do(settles)


def rejected_while_read(scene: Scene) -> None:
    """C5: a worker has read `accepted`; staff reject, and another worker sends that."""
    sold_and_read_accepted(scene)
    scene.staff(Status.REJECTED)
    scene.start(scene.two, delivers)
    scene.two.finish()
    scene.one.finish()


def undone_while_read(scene: Scene) -> None:
    """C5': a worker has read `accepted`; staff take it back."""
    sold_and_read_accepted(scene)
    scene.undo()
    scene.one.finish()


def sold_and_read_accepted(scene: Scene) -> None:
    """An order is sold and accepted, and a worker knows of the delivery."""
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.IN_PROCESS)
    scene.start(scene.one, delivers)
    scene.one.run_to("begin claim", PUSHING)


def slow_but_alive(scene: Scene) -> None:
    """A worker is slow beyond every deadline, but it lives: its claim is its own."""
    sold_and_read_accepted(scene)
    scene.one.run_to(PUSHING)
    scene.clock.advance(LONG)
    scene.staff(Status.REJECTED)
    scene.start(scene.two, delivers)
    scene.two.finish()
    scene.one.finish()


def late_status(scene: Scene) -> None:
    """C6: a worker dies sending `accepted`, which arrives when another has sent what came after."""
    sold_and_read_accepted(scene)
    scene.one.run_to(PUSHING)
    late = scene.one.die_calling()
    scene.staff(Status.REJECTED)
    scene.do(delivers)
    scene.arrive(late)


def late_status_of_a_slow_worker(scene: Scene) -> None:
    """C6 again: the worker claimed long ago, but began its call just before it died."""
    sold_and_read_accepted(scene)
    scene.one.run_to(PUSHING)
    scene.clock.advance(LONG)
    late = scene.one.die_calling()
    scene.staff(Status.REJECTED)
    scene.do(delivers)
    scene.arrive(late)


def undone_after_a_lost_answer(scene: Scene) -> None:
    """C8: the webstore heard `accepted` but its answer was lost; staff try to undo."""
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.IN_PROCESS)
    scene.webstore.lose_next = True
    scene.do(delivers)
    scene.undo()


def undone_while_claimed(scene: Scene) -> None:
    """A worker has claimed `accepted` and not yet sent it; staff try to undo."""
    sold_and_read_accepted(scene)
    scene.one.run_to(PUSHING)
    scene.undo()
    scene.one.finish()


def rejected_and_undone(scene: Scene) -> None:
    """C7: a reject supersedes the unsent `accepted`, and is undone."""
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.IN_PROCESS)
    scene.staff(Status.REJECTED)
    assert scene.undo()


def finished_though_rejected(scene: Scene) -> None:
    """C10: the order is rejected before the POS answers; the till finishes the sale."""
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    scene.staff(Status.REJECTED)
    scene.one.run_to("begin answers")
    assert scene.finish_at_till()
    scene.one.finish()
    scene.do(delivers)
    scene.do(follows_till)


def conflict_undone(scene: Scene) -> None:
    """C11: the till finishes a rejected order's sale; the reject is undone."""
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.REJECTED)
    assert scene.finish_at_till()
    scene.do(follows_till)
    assert scene.undo()


def stale_page_after_the_same_again(scene: Scene) -> None:
    """C4: A, B, A at the webstore; the reading of B is committed last."""
    scene.offer("A")
    scene.do(polls)
    scene.offer("B")
    scene.start(scene.one, fetches)
    scene.one.run_to("begin payloads")
    scene.offer("A")
    scene.start(scene.two, polls)
    scene.two.finish()
    scene.one.finish()


def overlapping_readings(scene: Scene) -> None:
    """V1: two requests overlap; the one that began later was answered before the change."""
    scene.offer("A")
    scene.do(polls)
    scene.offer("C")
    scene.start(scene.one, polls)
    scene.one.run_to("before hook fetch_orders")
    scene.one.step()
    scene.one.run_to("before hook fetch_orders")
    scene.clock.advance(1)
    scene.start(scene.two, fetches)
    scene.two.run_to("after hook fetch_order")
    scene.offer("B")
    scene.one.run_to("after hook fetch_orders")
    scene.clock.advance(1)
    scene.one.finish()
    scene.two.finish()


# The rules, taken out


def _no_comparison(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(committing, "_same", lambda before, now, unanswered: True)


def _no_link_comparison(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(committing, "_links_as_read", lambda database, connection_id, revision: True)


def _decision_ignored_by_answers(patch: pytest.MonkeyPatch) -> None:
    def answer(row: Any, answer: Opened | Refused) -> Any:
        facts = OrderFacts(status=Status(row.status) if row.status else None)
        return system_transition(Act.OPEN_SALE, facts, (Status.NEW,))

    patch.setattr(attempts, "_answer", answer)


def _attempts_do_not_hold_versions_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        committing,
        "_same",
        lambda before, now, unanswered: before is now or before.revision == now.revision,
    )
    patch.setattr(payloads, "exists", _never)
    patch.setattr(attempts, "resend", lambda context, connection_id: attempts.Answered())


class _never:  # noqa: N801  # stands in for sqlalchemy.exists
    def where(self, *_: Any) -> Any:
        return false()


def _answers_belong_to_nothing(patch: pytest.MonkeyPatch) -> None:
    real = attempts._open_rows

    def any_row(database: Any, keys: Any) -> Any:
        table, orders = tables.attempts, tables.orders
        for key in keys:
            theirs = select(orders.c.id).where(orders.c.order_key == key.order_key).scalar_subquery()
            database.execute(
                update(table)
                .where(table.c.order_id == theirs, table.c.number == key.number)
                .values(state=AttemptState.UNANSWERED)
            )
        return real(database, keys)

    patch.setattr(attempts, "_open_rows", any_row)


class ForgetfulPos(MemoryPos):
    """A point of sale that knows orders only, and keeps no answer: rule 4 taken out."""

    def _open(self, draft: SaleDraft) -> Opened | Refused:
        living = MemoryPos.find_sales(self, [draft.attempt.order_key])
        for sale in living.values():
            return Opened(sale.sale_id, sale.barcode)
        return self._answer(draft)


def _void_is_not_waited_for(patch: pytest.MonkeyPatch) -> None:
    def without(*clauses: Any) -> Any:
        return and_(*(one for one in clauses if "sale_id IS NULL" not in str(one)))

    patch.setattr(settling, "and_", without)


def _nothing_is_claimed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "_claim", lambda run, row: True)


def _the_living_count_as_dead(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Locks, "is_free", lambda self, name: True)
    patch.setattr(outbox, "_longest_life", lambda context, connection, destination: timedelta(0))


def _the_dead_are_not_waited_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "_longest_life", lambda context, connection, destination: timedelta(0))


def _what_was_tried_can_be_undone(patch: pytest.MonkeyPatch) -> None:
    def withdraw(database: Any, order_id: int, act: str) -> None:
        table = tables.deliveries
        mine = (table.c.order_id == order_id, table.c.act == act)
        database.execute(update(table).where(*mine).values(state=DeliveryState.WITHDRAWN))

    patch.setattr(taking_back, "look", lambda *_, **__: taking_back.TakingBack())
    patch.setattr(taking_back, "withdraw", withdraw)


def _undo_queues_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(news, "restore", lambda *_: None)


def _whatever_is_finished_is_completed(patch: pytest.MonkeyPatch) -> None:
    def complete(context: Any, database: Any) -> list[Any]:
        orders = tables.orders
        finished = orders.c.sale_state == SaleState.FINISHED
        database.execute(update(orders).where(finished).values(status=Status.COMPLETED))
        return []

    patch.setattr(till, "_write_completed", complete)


def _the_till_is_not_noted_of_the_rejected(patch: pytest.MonkeyPatch) -> None:
    real = till._note

    def note(database: Any, sales: Any, cursor: str) -> None:
        orders = tables.orders
        query = select(orders.c.order_key).where(orders.c.decision == Decision.REJECTED)
        rejected = set(database.execute(query).scalars())
        real(database, [sale for sale in sales if sale.attempt.order_key not in rejected], cursor)

    patch.setattr(till, "_note", note)


def _an_equal_reading_moves_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(folding, "_see", lambda folded, seen: None)


def _the_later_request_is_the_newer(patch: pytest.MonkeyPatch) -> None:
    def age(self: Seen, newest: Seen) -> Age:
        return Age.NEWER if self.started > newest.started else Age.OLDER

    patch.setattr(Seen, "age", age)


def _nothing(patch: pytest.MonkeyPatch) -> None:
    """The rule is the point of sale's; see `Case.pos`."""


WITHOUT: dict[str, Mutation] = {
    "1: the comparison": _no_comparison,
    "1: the links": _no_link_comparison,
    "2: decisions": _decision_ignored_by_answers,
    "3": _answers_belong_to_nothing,
    "4": _nothing,
    "5": _void_is_not_waited_for,
    "6": _nothing_is_claimed,
    "6: the lock": _the_living_count_as_dead,
    "7": _the_dead_are_not_waited_for,
    "8": _what_was_tried_can_be_undone,
    "8: the accept again": _undo_queues_nothing,
    "9": _whatever_is_finished_is_completed,
    "9: derived": _the_till_is_not_noted_of_the_rejected,
    "version: newest seen": _an_equal_reading_moves_nothing,
    "version: unclear": _the_later_request_is_the_newer,
}


@dataclass(frozen=True)
class Case:
    """A trace, the rule that it needs, and what becomes of it without that rule."""

    trace: Trace
    rule: str
    ends: str
    matched: bool = True
    dated: bool = True
    status: Status = Status.NEW
    pos: Callable[[], MemoryPos] | None = None


def _forgetful() -> MemoryPos:
    return ForgetfulPos([SEOUL])


CASES = [
    Case(
        reject_while_matching,
        "1: the comparison",
        "decided was rejected, but the order is Product Match Failed",
        matched=False,
        status=Status.REJECTED,
    ),
    Case(relink_while_matching, "1: the links", "made with the old product link"),
    Case(
        decide_while_unanswered,
        "2: decisions",
        "decided was accepted, but the order is New",
        status=Status.IN_PROCESS,
    ),
    Case(answer_after_the_sale_was_voided, "3", "the engine knows the sale"),
    Case(refusal_after_process_sale, "3", "staff's wish was lost"),
    Case(
        refused_then_asked_again,
        "4",
        "Sale Processing Failed, but a sale exists",
        status=Status.SALE_PROCESSING_FAILED,
        pos=_forgetful,
    ),
    Case(
        refused_then_late_call,
        "4",
        "Sale Processing Failed, but a sale exists",
        status=Status.SALE_PROCESSING_FAILED,
        pos=_forgetful,
    ),
    Case(voided_then_late_call, "4", "the engine knows the sale", pos=_forgetful),
    Case(made_anew_before_the_void, "5", "a second sale was asked for"),
    Case(rejected_while_read, "6", "a stale status", status=Status.REJECTED),
    Case(undone_while_read, "6", "the webstore believes accepted, decided was None"),
    Case(slow_but_alive, "6: the lock", "a stale status", status=Status.REJECTED),
    Case(late_status, "7", "a stale status", status=Status.REJECTED),
    Case(late_status_of_a_slow_worker, "7", "a stale status", status=Status.REJECTED),
    Case(
        undone_after_a_lost_answer,
        "8",
        "the webstore believes accepted, decided was None",
        status=Status.IN_PROCESS,
    ),
    Case(
        undone_while_claimed,
        "8",
        "the webstore believes accepted, decided was None",
        status=Status.IN_PROCESS,
    ),
    Case(
        rejected_and_undone,
        "8: the accept again",
        "the webstore believes None, decided was accepted",
        status=Status.IN_PROCESS,
    ),
    Case(
        finished_though_rejected,
        "9",
        "decided was rejected, but the order is Completed",
        status=Status.REJECTED,
    ),
    Case(conflict_undone, "9: derived", "the order is not Completed", status=Status.COMPLETED),
    Case(stale_page_after_the_same_again, "version: newest seen", "the newest version was lost"),
    Case(overlapping_readings, "version: unclear", "the newest version was lost", dated=False),
]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.trace.__name__)


@every_case
def test_with_its_rule_the_trace_ends_well(make_scene, case):
    scene = make_scene(matched=case.matched, dated=case.dated)

    case.trace(scene)

    scene.assert_sound()
    assert case.status == scene.row.status


@every_case
def test_without_its_rule_the_trace_ends_as_badly_as_the_model_says(make_scene, monkeypatch, case):
    """The trace bites: nothing but the rule keeps it from its bad end."""
    WITHOUT[case.rule](monkeypatch)
    pos = case.pos() if case.pos else None
    scene = make_scene(matched=case.matched, dated=case.dated, pos=pos)

    def run() -> None:
        case.trace(scene)
        scene.assert_sound()

    with pytest.raises(AssertionError, match=case.ends):
        run()


def test_every_rule_has_a_trace_that_needs_it():
    """Rule 2 is the model's own premise; what of it can be taken out is, the rest is a constraint below."""
    assert set("123456789") == {case.rule[0] for case in CASES if case.rule[0].isdigit()}
    assert set(WITHOUT) == {case.rule for case in CASES}


# Rule 2: what the database itself holds


def test_while_an_attempt_is_unanswered_no_version_replaces_the_order(make_scene):
    """The new version waits in the queue, the stored draft is sent as it was, and then it has changed."""
    scene = make_scene()

    change_while_unanswered(scene)

    scene.assert_sound()
    assert [1] == [sale.attempt.number for sale in scene.till.living()]
    assert scene.engine.order("A1").changed_after_sale


def test_while_an_attempt_is_unanswered_staff_cannot_set_a_status(make_scene):
    scene = make_scene()
    scene.till.refuse_next()
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.PROCESS_SALE)
    scene.start(scene.one, settles)
    scene.one.run_to(ASKING)

    with pytest.raises(NotAllowed, match="has not answered yet"):
        scene.staff(Status.ARCHIVED)


def test_without_rule_2_the_database_refuses_a_second_unanswered_attempt(make_scene, monkeypatch):
    """With the rule out of the engine the trace comes to the index, not to a second sale."""
    _attempts_do_not_hold_versions_back(monkeypatch)
    scene = make_scene()
    refused = []
    real = committing.commit_page

    def once(*given: Any) -> Any:
        try:
            return real(*given)
        except IntegrityError as error:
            refused.append(error)
            raise

    monkeypatch.setattr(settling, "commit_page", once)
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    scene.offer("B")
    scene.do(fetches)

    assert refused
    assert 1 == scene.count(tables.attempts)


def test_the_database_holds_one_unanswered_attempt_an_order(make_scene):
    scene = make_scene()
    scene.offer("A")
    scene.start(scene.one, polls)
    scene.one.run_to(ASKING)
    with scene.engine.context.database.read() as database:
        first = database.execute(select(tables.attempts)).one()._asdict()

    with pytest.raises(IntegrityError), scene.engine.context.database.write("test") as database:
        database.execute(insert(tables.attempts), [{**first, "number": 2}])


def test_the_database_holds_one_claim_an_order_and_destination(make_scene):
    scene = make_scene()
    sold_and_read_accepted(scene)
    scene.one.run_to(PUSHING)
    (claimed,) = (one._asdict() for one in scene.deliveries())
    del claimed["id"]

    with pytest.raises(IntegrityError), scene.engine.context.database.write("test") as database:
        database.execute(insert(tables.deliveries), [{**claimed, "key": "another"}])


def test_a_late_status_arrives_before_what_came_after_it(make_scene):
    """Rule 7 in full: the webstore hears the late `accepted`, and `rejected` only then.

    The one that was late is not sent again: what was said meanwhile takes its place.
    """
    scene = make_scene()

    late_status(scene)
    scene.assert_sound()

    accepted, rejected = Decision.ACCEPTED, Decision.REJECTED
    assert [accepted, rejected] == [one.said for one in scene.webstore.told]


def test_a_dead_workers_claim_is_taken_over_once_its_call_can_no_longer_arrive(make_scene):
    scene = make_scene()
    sold_and_read_accepted(scene)
    scene.one.run_to(PUSHING)
    scene.one.kill()
    scene.do(delivers)
    assert [] == scene.webstore.told

    scene.clock.advance(LONG)
    scene.do(delivers)

    assert Decision.ACCEPTED is scene.webstore.believes("A1")


def test_an_accept_that_was_sent_is_not_sent_again_when_the_reject_is_undone(make_scene):
    """The accept was sent before the reject: undoing the reject must not send it a second time."""
    scene = make_scene()
    scene.offer("A")
    scene.do(polls)
    scene.staff(Status.IN_PROCESS)
    scene.do(delivers)
    scene.staff(Status.REJECTED)
    fulfilment.undo(scene.engine.context, scene.row.id, Signature("지은"))

    scene.assert_sound()
    assert [Decision.ACCEPTED] == [one.said for one in scene.webstore.told]
