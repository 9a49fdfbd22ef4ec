"""Plans a guided action: which rows of the table it follows, and what staff are asked for with it."""

from collections.abc import Sequence
from dataclasses import replace

from tillbridge.db.types import AnyRow
from tillbridge.fulfilment import Move, failed_status
from tillbridge.guided.carrying import require_no_money
from tillbridge.guided.scenes import Scene, SceneLine
from tillbridge.guided.views import Ask, Doing
from tillbridge.model.errors import NotAllowed, NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import OrderKind
from tillbridge.model.status import (
    LINE_WORDS,
    NOT_ON_SALE,
    Act,
    Effect,
    LineFacts,
    LineState,
    OrderFacts,
    Status,
    act_transition,
    line_transition,
    staff_transition,
    unarchive_transition,
)
from tillbridge.model.words import Words
from tillbridge.orders.order_state import facts_of
from tillbridge.orders.releasing import adjustment_of

PARTS = (Act.ACCEPT, Act.REJECT, Act.CANCEL, Act.READY)
"""What staff can do with some of an order's lines."""


_AS_SEEN = frozenset({Effect.BALANCE, Effect.TAKE_PAYMENTS, Effect.TAKE_OFF, Effect.VOID_SALE})
_POS_WAITS = Words(
    "The point of sale has not done yet what was chosen before; this is possible once it has.",
    "앞서 선택한 작업이 POS에서 아직 끝나지 않았습니다. 끝난 뒤에 가능합니다.",
)


def require_at_rest(move: Move, *, pos_waits: bool) -> None:
    """Refuse to plan payments, or what another sale carries on, on a sale that is not yet as it will be.

    Raises:
        NotAllowed: the POS has something of the order still to do.
    """
    if pos_waits and _AS_SEEN.intersection(move.effects):
        raise NotAllowed(_POS_WAITS)


def choose(doing: Doing, scene: Scene, row: AnyRow) -> Move:
    """Return what an action makes of an order, and of some of its lines.

    Args:
        doing: what staff wish.
        scene: the order as they saw it; its lines are those of `row` as long as its revision is the same.
        row: the order as it is now.

    Raises:
        NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
        NotFound: the order has no such line.
        NotAllowed: says why not.
    """
    facts = facts_of(row, hears=scene.hears)
    ids = doing.line_ids or _joined(doing, scene, facts)
    move = (
        _of_lines(replace(doing, line_ids=ids), scene, facts) if ids else _of_order(doing, scene, row, facts)
    )
    require_at_rest(move, pos_waits=scene.pos_waits)
    require_no_money(move, scene)
    return move


def _joined(doing: Doing, scene: Scene, facts: OrderFacts) -> tuple[str, ...]:
    """Return the lines that are meant where an order is accepted that is: what its customer added since."""
    if doing.act is not Act.ACCEPT or facts.decision is not Decision.ACCEPTED:
        return ()
    on_sale = tuple(line.id for line in scene.to_decide if line.stands)
    return on_sale or tuple(line.id for line in scene.to_decide)


def _of_order(doing: Doing, scene: Scene, row: AnyRow, facts: OrderFacts) -> Move:
    if doing.act is Act.ARCHIVE:
        return Move.of(staff_transition(Status.ARCHIVED, facts, doing.answer))
    if doing.act is Act.RELEASE:
        move = Move.of(act_transition(doing.act, facts))
        adjustment_of(scene.order)
        return move
    if doing.act is Act.UNARCHIVE:
        return Move.of(unarchive_transition(facts, failed_status(row)))
    return Move.of(act_transition(doing.act, facts))


def _of_lines(doing: Doing, scene: Scene, facts: OrderFacts) -> Move:
    meant = _meant(scene, doing.line_ids)
    others = [line for line in scene.standing if line not in meant]
    if doing.act is Act.ACCEPT and facts.decision is not Decision.ACCEPTED:
        return _accept_only(meant, others, facts)
    if doing.act not in PARTS:
        raise NotAllowed(
            Words("This is done with the order as a whole.", "주문 전체에 대해서만 할 수 있습니다.")
        )
    row = line_transition(
        doing.act, LineFacts(order=facts, others=bool(others)), [line.state for line in meant]
    )
    order = None
    if others_ready(scene, doing.line_ids) and (
        doing.act is Act.READY or _leaves_ready(doing, facts, others)
    ):
        # What is decided by this very act is decided; of the rest nothing waits for a decision.
        order = act_transition(Act.READY, replace(facts, added=False))
    return Move(act=doing.act, order=order, lines=row, line_ids=tuple(line.id for line in meant))


def _leaves_ready(doing: Doing, facts: OrderFacts, others: Sequence[SceneLine]) -> bool:
    """Say whether what is left of an order that lost some lines is an order that is ready."""
    taken_off = doing.act in (Act.CANCEL, Act.REJECT)
    return taken_off and bool(others) and facts.status is Status.IN_PROCESS


def others_ready(scene: Scene, ids: Sequence[str]) -> bool:
    """Say whether all of an order beside these lines is ready, and nothing of it waits for a decision."""
    if any(line.id not in ids for line in scene.to_decide):
        return False
    return all(line.state is LineState.READY for line in scene.standing if line.id not in ids)


def _accept_only(meant: Sequence[SceneLine], others: Sequence[SceneLine], facts: OrderFacts) -> Move:
    """Accept the order with these lines, and reject the others."""
    for line in meant:
        if line.state is LineState.ADDED:
            raise NotAllowed(NOT_ON_SALE)
        if not line.stands:
            now = LINE_WORDS[line.state]
            raise NotAllowed(
                Words(
                    f"“{line.title}” is {now.en} already.", f"‘{line.title}’은(는) 이미 {now.ko} 상태입니다."
                )
            )
    accepted = act_transition(Act.ACCEPT, facts)
    if not others:
        return Move.of(accepted)
    row = line_transition(Act.REJECT, LineFacts(order=facts), [line.state for line in others])
    return Move(act=Act.ACCEPT, order=accepted, lines=row, line_ids=tuple(line.id for line in others))


def _meant(scene: Scene, ids: Sequence[str]) -> list[SceneLine]:
    """Return the lines that are named.

    Raises:
        NotFound: the order has no such line; those it has are named.
    """
    known = {line.id for line in scene.lines}
    for one in ids:
        if one not in known:
            there = ", ".join(f"{line.id} {line.title}" for line in scene.lines) or "-"
            raise NotFound(
                Words(
                    f"The order has no item {one!r}. It has: {there}.",
                    f"주문에 {one!r} 항목이 없습니다. 있는 항목: {there}",
                )
            )
    return [line for line in scene.lines if line.id in ids]


_ASKS: dict[Act, Sequence[Ask]] = {
    Act.ACCEPT: (Ask.LINES,),
    Act.REJECT: (Ask.REASON, Ask.LINES),
    Act.CANCEL: (Ask.REASON, Ask.RESOLUTION, Ask.LINES),
    Act.REJECT_ONLY: (Ask.REASON,),
    Act.RELEASE: (Ask.REASON,),
    Act.RESERVE: (Ask.EXPECTED, Ask.PLACE),
    Act.READY: (Ask.PLACE, Ask.UNTIL, Ask.LINES),
    Act.PICK_UP: (Ask.PAYMENT, Ask.COLLECTED_BY, Ask.RESOLUTION),
    Act.NO_SHOW: (Ask.REASON, Ask.CONTACT, Ask.RESOLUTION),
    Act.COMPLETE: (Ask.RESOLUTION,),
    Act.RESOLVE: (Ask.RESOLUTION,),
    Act.ARCHIVE: (Ask.ANSWER,),
}


def asks_of(act: Act, scene: Scene) -> list[Ask]:
    """Return what staff are asked for with an action on this order."""
    asks = list(_ASKS.get(act, ()))
    if scene.row.kind != OrderKind.ROPIS and Ask.RESOLUTION in asks:
        asks.remove(Ask.RESOLUTION)
    if act is Act.ARCHIVE and (scene.row.decision or not scene.hears):
        asks.remove(Ask.ANSWER)
    if act is Act.RESERVE and scene.row.expected_at:  # another date may be a delay
        asks.append(Ask.CONTACT)
    if Ask.LINES in asks and len(scene.standing) < 2:  # noqa: PLR2004  # of one line there are no parts
        asks.remove(Ask.LINES)
    return asks
