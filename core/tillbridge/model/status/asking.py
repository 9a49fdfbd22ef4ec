"""Asks the table: which row applies now, why another does not, and what staff may choose."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tillbridge.model.errors import NeedsAnswer, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status.guards import ANSWERED, HAS_SALE, NO_SALE, NOTHING_TO_SAY, UNDECIDED
from tillbridge.model.status.order_rows import ORDER_ROWS
from tillbridge.model.status.transition import FAILED, OVER, UNSOLD, Transition
from tillbridge.model.status.vocabulary import ACT_WORDS, STATUS_WORDS, Act, Actor, OrderFacts, Status
from tillbridge.model.words import Words

NOT_ARCHIVED: Final = Words("This order is not archived.", "보관된 주문이 아닙니다.")


def rows(*, source: Status | None, who: Actor, act: Act | None = None) -> Iterator[Transition]:
    """Yield the rows that start at `source` for `who`, of one act if it is given."""
    for row in ORDER_ROWS:
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


def staff_transition(asked: Status, facts: OrderFacts, answer: Decision | None = None) -> Transition:
    """Return the row by which staff reach `asked`.

    Args:
        asked: the status that they chose.
        facts: of the order.
        answer: which of the two the webstore is to hear, where that must be asked.

    Raises:
        NeedsAnswer: it is possible once they say what the webstore is to hear.
        NotAllowed: says why not, and what is possible instead.
    """
    wished = [row for row in _chosen(facts) if row.asked is asked]
    if not wished:
        raise _impossible(asked, facts)
    refusals = [row.refusal(facts) for row in wished]
    possible = {row.answer: row for row, refusal in zip(wished, refusals, strict=True) if refusal is None}
    if not possible:
        raise NotAllowed(next(words for words in refusals if words))
    # Where nothing is asked, an answer that says what was decided already is harmless.
    row = possible.get(answer) or (possible.get(None) if answer in (None, facts.decision) else None)
    if row is not None:
        return row
    if None in possible:
        raise NotAllowed(UNDECIDED.otherwise)
    answers = tuple(one for one in possible if one is not None)
    raise NeedsAnswer(NOTHING_TO_SAY.otherwise, answers=answers)


def _chosen(facts: OrderFacts) -> Iterator[Transition]:
    """Yield the rows that staff choose by a status."""
    for row in rows(source=facts.status, who=Actor.STAFF):
        if row.asked is not None and row.act is not Act.UNDO:
            yield row


def _impossible(asked: Status, facts: OrderFacts) -> NotAllowed:
    now = STATUS_WORDS[facts.status] if facts.status else Words("not settled yet", "처리 전")
    possible = choices(facts)
    return NotAllowed(
        Words(
            f"An order that is {now.en} cannot be set to {asked}. Possible now: "
            + (", ".join(status.value for status in possible) or "nothing")
            + ".",
            f"‘{now.ko}’ 상태의 주문은 ‘{STATUS_WORDS[asked].ko}’(으)로 바꿀 수 없습니다. 지금 가능한 상태: "
            + (", ".join(STATUS_WORDS[status].ko for status in possible) or "없음"),
        )
    )


def act_transition(act: Act, facts: OrderFacts) -> Transition:
    """Return the row of an act that staff choose by its name.

    Raises:
        NotAllowed: says why not.
    """
    refusals = []
    for row in rows(source=facts.status, who=Actor.STAFF, act=act):
        refusal = row.refusal(facts)
        if refusal is None:
            return row
        refusals.append(refusal)
    if refusals:
        raise NotAllowed(refusals[0])
    now = STATUS_WORDS[facts.status] if facts.status else Words("not settled yet", "처리 전")
    left = _left(act, facts)
    if already := _DECIDED.get((act, facts.decision)):
        raise NotAllowed(Words(f"{already.en}{left.en}", f"{already.ko}{left.ko}"))
    raise NotAllowed(
        Words(
            f"This is not possible for an order that is {now.en}.{left.en}",
            f"‘{now.ko}’ 상태의 주문에는 할 수 없습니다.{left.ko}",
        )
    )


_DECIDED: Final[Mapping[tuple[Act, Decision | None], Words]] = {
    (Act.ACCEPT, Decision.ACCEPTED): Words("The order is accepted already.", "이미 수락된 주문입니다."),
    (Act.REJECT, Decision.REJECTED): Words("The order is rejected already.", "이미 거부된 주문입니다."),
}
_AT_A_SALE: Final = (Act.READY, Act.RESERVE, Act.PICK_UP, Act.NO_SHOW)


def _first(act: Act, facts: OrderFacts) -> Words:
    """Say what comes before an act; the list of actions says what else is possible."""
    if facts.status in UNSOLD and act in _AT_A_SALE:
        return Words(f" {HAS_SALE.otherwise.en}", f" {HAS_SALE.otherwise.ko}")
    if act is Act.READY and facts.has_sale and facts.decision is None:
        return Words(" Accept it first.", " 먼저 수락해 주세요.")
    return Words("", "")


def _left(act: Act, facts: OrderFacts) -> Words:
    """Say what an order that is over still allows, or what comes first."""
    if facts.status not in OVER:
        return _first(act, facts)
    said = {
        row.act: ACT_WORDS[row.act]
        for row in rows(source=facts.status, who=Actor.STAFF)
        if row.act in ACT_WORDS and row.act is not Act.UNDO and row.refusal(facts) is None
    }
    if not said:
        return Words("", "")
    names = list(said.values())
    return Words(
        f" Still possible: {', '.join(one.en for one in names)}.",
        f" 지금 할 수 있는 작업: {', '.join(one.ko for one in names)}.",
    )


def unarchive_transition(facts: OrderFacts, failed: Status) -> Transition:
    """Return the row by which an archived order comes back.

    Args:
        facts: of the order.
        failed: the status that its reasons give, for an order that has no sale.

    Raises:
        NotAllowed: says why not.
    """
    refusals = []
    for row in rows(source=facts.status, who=Actor.STAFF, act=Act.UNARCHIVE):
        refusal = row.refusal(facts)
        if refusal is None and (row.target is failed or row.target not in FAILED):
            return row
        refusals.append(refusal)
    raise NotAllowed(next((words for words in refusals if words), NOT_ARCHIVED))


def choices(facts: OrderFacts) -> list[Status]:
    """Return the statuses that staff can choose now, in the table's order."""
    found: dict[Status, None] = {}
    for row in _chosen(facts):
        if row.asked is not None and row.refusal(facts) is None:
            found[row.asked] = None
    return list(found)
