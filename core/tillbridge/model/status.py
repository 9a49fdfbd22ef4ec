"""The one table that rules status: who may move what from where to where, and what follows.

The engine asks this table before it changes a status; the offered choices, the documentation's
diagram and the tests are made from it. Nothing else compares statuses.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.words import Words


class Status(StrEnum):
    """Where a web order stands with staff."""

    NEW = "New"
    CUSTOMER_ID_REQUIRED = "Customer ID Required"
    PRODUCT_MATCH_FAILED = "Product Match Failed"
    SALE_PROCESSING_FAILED = "Sale Processing Failed"
    PROCESS_SALE = "Process Sale"
    IN_PROCESS = "In Process"
    READY_FOR_PICKUP = "Ready for Pickup"
    REJECTED = "Rejected"
    COMPLETED = "Completed"
    ARCHIVED = "Archived"


STATUS_WORDS: Mapping[Status, Words] = {
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
}


class Axis(StrEnum):
    """What a transition moves. Fulfilment and payment rows come with the issues that use them."""

    ORDER = "order"
    FULFILMENT = "fulfilment"
    PAYMENT = "payment"


class Actor(StrEnum):
    """Who causes a transition."""

    STAFF = "staff"
    SYSTEM = "tillbridge"
    TILL = "till"


class Act(StrEnum):
    """What a transition is called."""

    OPEN_SALE = "sale opened"
    FAIL = "could not be sold"
    PUT_ASIDE = "put aside"
    KEEP_SALE = "sale kept"
    PROCESS_SALE = "process sale"
    REPLAY = "replay"
    REMAKE_SALE = "make the sale anew"
    ACCEPT = "accept"
    REJECT = "reject"
    READY = "ready for pickup"
    ARCHIVE = "archive"
    COMPLETE = "complete"
    UNDO = "undo"


class Effect(StrEnum):
    """What a transition queues in its own transaction."""

    TELL_ACCEPTED = "tell the webstore: accepted"
    TELL_REJECTED = "tell the webstore: rejected"
    REMOVE_ITEMS = "remove the sale's items"
    FINISH_SALE = "finish the sale"
    VOID_SALE = "void the sale"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What guards look at."""

    status: Status | None
    decision: Decision | None = None
    has_sale: bool = False
    sale_finished: bool = False
    changed_after_sale: bool = False
    sellable: bool = True
    unanswered: bool = False
    can_undo: bool = False
    put_aside: bool = False


Test = Callable[[OrderFacts], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of a transition, and what staff are told where it does not hold."""

    holds: Test
    otherwise: Words


NO_SALE = Guard(
    lambda facts: not facts.has_sale,
    Words("There is a sale for this order already.", "이 주문의 거래가 이미 있습니다."),
)
HAS_SALE = Guard(
    lambda facts: facts.has_sale,
    Words("There is no sale for this order yet.", "이 주문의 거래가 아직 없습니다."),
)
ANSWERED = Guard(
    lambda facts: not facts.unanswered,
    Words(
        "The point of sale has not answered yet; this is possible once it has.",
        "POS의 응답을 기다리는 중입니다. 응답이 오면 가능합니다.",
    ),
)
SALE_FINISHED = Guard(
    lambda facts: facts.sale_finished,
    Words(
        "The sale is still open; finish it at the till first.",
        "거래가 아직 열려 있습니다. 먼저 판매를 종료해 주세요.",
    ),
)
SALE_NOT_FINISHED = Guard(
    lambda facts: not facts.sale_finished,
    Words("The sale is finished; it is not altered any more.", "이미 종료된 거래는 변경할 수 없습니다."),
)
UNDECIDED = Guard(
    lambda facts: facts.decision is None,
    Words("This order is decided already.", "이미 결정된 주문입니다."),
)
NOT_REJECTED = Guard(
    lambda facts: facts.decision is not Decision.REJECTED,
    Words("This order is rejected already.", "이미 거부된 주문입니다."),
)
IS_ACCEPTED = Guard(
    lambda facts: facts.decision is Decision.ACCEPTED,
    Words("This order is not accepted.", "수락된 주문이 아닙니다."),
)
IS_REJECTED = Guard(
    lambda facts: facts.decision is Decision.REJECTED,
    Words("This order is not rejected.", "거부된 주문이 아닙니다."),
)
CHANGED = Guard(
    lambda facts: facts.changed_after_sale and facts.sellable,
    Words(
        "The sale is as the order is; there is nothing to make anew.",
        "거래가 주문과 같아 다시 만들 것이 없습니다.",
    ),
)
PUT_ASIDE = Guard(
    lambda facts: facts.put_aside,
    Words("Staff archived this order, so it stays archived.", "직원이 보관한 주문이므로 그대로 둡니다."),
)
UNTRIED = Guard(
    lambda facts: facts.can_undo,
    Words(
        "This cannot be undone any more: it is already on its way.",
        "이미 전송이 시작되어 되돌릴 수 없습니다.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the table.

    Attributes:
        source: the status before; None is an order that no settle has judged yet.
        asked: what staff choose; None where it is no choice of a status. It differs from `target` where
            the decision is kept and the repair goes on (an accepted order reaches In Process when its
            sale exists).
        target: the status after; None where it is the one remembered by the act that is undone.
        while_unanswered: staff may decide while the POS has not answered; the status then follows
            with the answer.
    """

    axis: Axis
    act: Act
    source: Status | None
    target: Status | None
    asked: Status | None
    who: Actor
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    decision: Decision | None = None
    while_unanswered: bool = False
    reason_required: bool = False

    @property
    def undoable(self) -> bool:
        """Whether staff may take this back: a decision, and what sets an unsold order aside."""
        return self.decision is not None or (self.act is Act.ARCHIVE and self.source in UNSOLD)

    def refusal(self, facts: OrderFacts) -> Words | None:
        """Return why this row does not apply now, or None if it does."""
        guards = self.guards if self.while_unanswered else (ANSWERED, *self.guards)
        return next((guard.otherwise for guard in guards if not guard.holds(facts)), None)


FAILED = (Status.CUSTOMER_ID_REQUIRED, Status.PRODUCT_MATCH_FAILED, Status.SALE_PROCESSING_FAILED)
UNSOLD = (*FAILED, Status.PROCESS_SALE)
SOLD = (Status.NEW, Status.IN_PROCESS, Status.READY_FOR_PICKUP)
UNSETTLED: tuple[Status | None, ...] = (None, *UNSOLD, Status.ARCHIVED)


def _row(act: Act, source: Status | None, target: Status | None, who: Actor, **more: object) -> Transition:
    asked = more.pop("asked", target)
    return Transition(axis=Axis.ORDER, act=act, source=source, target=target, who=who, asked=asked, **more)  # type: ignore[arg-type]  # the keywords are checked by the dataclass itself


def _system_rows() -> Iterator[Transition]:
    for source in UNSETTLED:
        yield _row(Act.OPEN_SALE, source, Status.NEW, Actor.SYSTEM, guards=(UNDECIDED,))
        yield _row(Act.OPEN_SALE, source, Status.IN_PROCESS, Actor.SYSTEM, guards=(IS_ACCEPTED,))
        yield _row(
            Act.OPEN_SALE,
            source,
            Status.REJECTED,
            Actor.SYSTEM,
            guards=(IS_REJECTED,),
            effects=(Effect.REMOVE_ITEMS, Effect.FINISH_SALE),
        )
        for target in FAILED:
            yield _row(Act.FAIL, source, target, Actor.SYSTEM, guards=(NO_SALE,))
        yield _row(Act.FAIL, source, Status.REJECTED, Actor.SYSTEM, guards=(NO_SALE, IS_REJECTED))
        yield _row(Act.PUT_ASIDE, source, Status.ARCHIVED, Actor.SYSTEM, guards=(NO_SALE,))
    # The void of a sale that was to be made anew was refused: the old sale stands.
    for target, guard in ((Status.NEW, UNDECIDED), (Status.IN_PROCESS, IS_ACCEPTED)):
        yield _row(Act.KEEP_SALE, Status.PROCESS_SALE, target, Actor.SYSTEM, guards=(guard,))
    for source in SOLD:
        yield _row(Act.COMPLETE, source, Status.COMPLETED, Actor.TILL, guards=(SALE_FINISHED, NOT_REJECTED))


def _accept_rows() -> Iterator[Transition]:
    accept = {"decision": Decision.ACCEPTED, "effects": (Effect.TELL_ACCEPTED,), "asked": Status.IN_PROCESS}
    yield _row(Act.ACCEPT, Status.NEW, Status.IN_PROCESS, Actor.STAFF, guards=(UNDECIDED, HAS_SALE), **accept)
    for source in (None, *UNSOLD):
        yield _row(
            Act.ACCEPT, source, source, Actor.STAFF, guards=(UNDECIDED,), while_unanswered=True, **accept
        )


def _reject_rows() -> Iterator[Transition]:
    reject = {"decision": Decision.REJECTED, "asked": Status.REJECTED}
    for source in SOLD:
        yield _row(
            Act.REJECT,
            source,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED, SALE_NOT_FINISHED),
            effects=(Effect.TELL_REJECTED, Effect.REMOVE_ITEMS, Effect.FINISH_SALE),
            **reject,
        )
    for unsold in (None, *UNSOLD):
        yield _row(
            Act.REJECT,
            unsold,
            Status.REJECTED,
            Actor.STAFF,
            guards=(NOT_REJECTED,),
            effects=(Effect.TELL_REJECTED,),
            while_unanswered=True,
            **reject,
        )


def _staff_rows() -> Iterator[Transition]:
    for source in FAILED:
        yield _row(Act.PROCESS_SALE, source, Status.PROCESS_SALE, Actor.STAFF, guards=(NO_SALE,))
        yield _row(Act.REPLAY, source, Status.PROCESS_SALE, Actor.STAFF, guards=(NO_SALE,), asked=None)
    # What tillbridge itself put aside may be an order to be sold once its payload is read rightly.
    aside = {"guards": (NO_SALE, PUT_ASIDE), "asked": None}
    yield _row(Act.REPLAY, Status.ARCHIVED, Status.PROCESS_SALE, Actor.STAFF, **aside)
    for source in (Status.NEW, Status.IN_PROCESS):
        yield _row(
            Act.REMAKE_SALE,
            source,
            Status.PROCESS_SALE,
            Actor.STAFF,
            guards=(HAS_SALE, SALE_NOT_FINISHED, CHANGED),
            effects=(Effect.VOID_SALE,),
        )
    yield from _accept_rows()
    yield from _reject_rows()
    yield _row(Act.READY, Status.IN_PROCESS, Status.READY_FOR_PICKUP, Actor.STAFF, guards=(HAS_SALE,))
    for source in (Status.IN_PROCESS, Status.READY_FOR_PICKUP, Status.REJECTED):
        yield _row(Act.COMPLETE, source, Status.COMPLETED, Actor.STAFF, guards=(HAS_SALE, SALE_FINISHED))
    for source in UNSOLD:
        yield _row(Act.ARCHIVE, source, Status.ARCHIVED, Actor.STAFF, guards=(NO_SALE,))
    for source in (Status.REJECTED, Status.COMPLETED):
        yield _row(Act.ARCHIVE, source, Status.ARCHIVED, Actor.STAFF)
    for source in (Status.IN_PROCESS, Status.REJECTED, Status.ARCHIVED, *UNSOLD):
        yield _row(Act.UNDO, source, None, Actor.STAFF, guards=(UNTRIED,))


TABLE: tuple[Transition, ...] = (*_system_rows(), *_staff_rows())


def rows(*, source: Status | None, who: Actor, act: Act | None = None) -> Iterator[Transition]:
    """Yield the rows that start at `source` for `who`, of one act if it is given."""
    for row in TABLE:
        if row.source is source and row.who is who and (act is None or row.act is act):
            yield row


def system_transition(act: Act, facts: OrderFacts, wanted: Iterable[Status]) -> Transition:
    """Return the first row of `act` to one of `wanted` (in order of wish) that applies.

    Raises:
        NotAllowed: no row does; the table and the engine disagree, which is a fault of ours.
    """
    for target in wanted:
        for row in rows(source=facts.status, who=Actor.SYSTEM, act=act):
            if row.target is target and row.refusal(facts) is None:
                return row
    raise NotAllowed(f"the status table has no way to {act} from {facts.status}")


def replay_transition(facts: OrderFacts) -> Transition | Words:
    """Return the row by which an order's kept payload is processed again, or why none applies."""
    for guard in (ANSWERED, NO_SALE):
        if not guard.holds(facts):
            return guard.otherwise
    for row in rows(source=facts.status, who=Actor.STAFF, act=Act.REPLAY):
        return row.refusal(facts) or row
    if facts.status in UNSOLD:
        return Words("It waits to be processed already.", "이미 처리 대기 중입니다.")
    return UNDECIDED.otherwise


def staff_transition(asked: Status, facts: OrderFacts) -> Transition:
    """Return the row by which staff reach `asked`.

    Raises:
        NotAllowed: says why not, and what is possible instead.
    """
    refusals = []
    for row in rows(source=facts.status, who=Actor.STAFF):
        if row.asked is asked and row.act is not Act.UNDO:
            refusal = row.refusal(facts)
            if refusal is None:
                return row
            refusals.append(refusal)
    if refusals:
        raise NotAllowed(refusals[0])
    now = STATUS_WORDS[facts.status] if facts.status else Words("not settled yet", "처리 전")
    possible = choices(facts)
    raise NotAllowed(
        Words(
            f"An order that is {now.en} cannot be set to {asked}. Possible now: "
            + (", ".join(status.value for status in possible) or "nothing")
            + ".",
            f"‘{now.ko}’ 상태의 주문은 ‘{STATUS_WORDS[asked].ko}’(으)로 바꿀 수 없습니다. 지금 가능한 상태: "
            + (", ".join(STATUS_WORDS[status].ko for status in possible) or "없음"),
        )
    )


def choices(facts: OrderFacts) -> list[Status]:
    """Return the statuses that staff can choose now, in the table's order."""
    found: dict[Status, None] = {}
    for row in rows(source=facts.status, who=Actor.STAFF):
        if row.asked is not None and row.act is not Act.UNDO and row.refusal(facts) is None:
            found[row.asked] = None
    return list(found)
