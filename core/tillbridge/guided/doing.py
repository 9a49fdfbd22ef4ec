"""Does a guided action: one transaction that decides, signs and queues; its steps are done by the outbox."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.fulfilment import More, Move, do, undo
from tillbridge.guided.carrying import require_no_money
from tillbridge.guided.changes import changes_of
from tillbridge.guided.hearing import require_heard
from tillbridge.guided.money import demands_at_pick_up
from tillbridge.guided.notes import Beside, note
from tillbridge.guided.planning import choose, require_at_rest
from tillbridge.guided.scenes import Scene, scene_of
from tillbridge.guided.views import Doing
from tillbridge.model.adjusting import TITLE, Adjustment
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import OrderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, Effect, Status, staff_transition
from tillbridge.model.stores import written_at
from tillbridge.model.words import Words, printable
from tillbridge.orders import wishes
from tillbridge.orders.contacts import write_contact
from tillbridge.orders.just_before import ChangedMeanwhile
from tillbridge.orders.order_state import Signature, facts_of, hears, locked, order_row
from tillbridge.orders.releasing import adjustment_of
from tillbridge.orders.timeline import Entry, sign
from tillbridge.pos.guarded import PosAway
from tillbridge.sending import deliveries

_LENGTH = 200  # the columns' width
_ENDS: Mapping[Act, Resolution] = {
    Act.PICK_UP: Resolution.PICKED_UP,
    Act.NO_SHOW: Resolution.NOT_PICKED_UP,
    Act.CANCEL: Resolution.CUSTOMER_CANCELLED,
}
_CHECK = Words(
    "Say how it was checked that they may collect it.", "대리 수령인을 어떻게 확인했는지 입력해 주세요."
)
_OUTCOME = Words("Say how the reservation ended.", "예약 주문 결과를 선택해 주세요.")

_NO_OUTCOME = Words(
    "Only a reservation has an outcome, and this order is none. Leave the outcome out.",
    "예약 주문 결과는 예약 주문에만 있습니다. 결과를 지정하지 말고 다시 실행해 주세요.",
)


def act(context: Context, order_id: int, doing: Doing, signature: Signature) -> int:
    """Do an action; return the newest delivery before it, by which `refused` finds what came of it.

    Raises:
        NotFound: there is no such order.
        NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
        NotFound: the order has no such item.
        NotAllowed: says why not; the order was changed meanwhile, and by whom; or something is missing.
    """
    if doing.act is Act.UNDO:
        return _undo(context, order_id, doing, signature)
    _require_said(doing)
    return act_on(context, scene_of(context, order_id), doing, signature)


def _undo(context: Context, order_id: int, doing: Doing, signature: Signature) -> int:
    """Undo the last step, if the order is as it was looked at."""
    with context.database.read() as database:
        row = order_row(database, order_id)
        _require_unchanged(database, row, doing.seen or row.revision)
        newest = _newest(database)
    undo(context, order_id, signature)
    return newest


def _newest(database: Connection) -> int:
    """Return the newest delivery there is."""
    return database.execute(select(func.max(tables.deliveries.c.id))).scalar() or 0


def act_on(
    context: Context, scene: Scene, doing: Doing, signature: Signature, *, by_policy: bool = False
) -> int:
    """Do an action on an order as it was looked at; return as `act` does.

    A policy talks to nobody, and what it does to the sale is refused if that was changed since.

    Raises:
        As `act`.
    """
    seen = doing.seen or scene.row.revision
    with context.database.read() as database:
        _require_unchanged(database, scene.row, seen)
        newest = _newest(database)

    move = choose(doing, scene, scene.row)

    def before(database: Connection, row: AnyRow) -> None:
        _require_unchanged(database, row, seen)
        require_at_rest(move, pos_waits=deliveries.pos_waits(database, row.id))
        if not by_policy:
            _hear_customer(context, database, row, doing, signature)

    changes = changes_of(move, scene, doing, signature)
    if by_policy and changes and scene.sale is not None:
        changes[0] = replace(changes[0], expect=scene.sale.revision)
    more = More(
        values=_values(doing, scene, move) | _released(doing, scene, signature),
        changes=changes,
        note=note(doing, scene, move, Beside(_zone(scene), changes or ())),
        before=before,
        money=lambda row: [replace(one, row=row) for one in demands_at_pick_up(scene, doing, signature)],
    )
    do(context, scene.row.id, lambda row: choose(doing, scene, row), signature, more)
    return newest


def _zone(scene: Scene) -> ZoneInfo:
    """Return the zone of the order's store, by whose clock staff read moments."""
    return scene.store.zone if scene.store else ZoneInfo("UTC")


def set_status(
    context: Context, order_id: int, asked: Status, signature: Signature, answer: Decision | None = None
) -> Status | None:
    """Do what staff mean by setting a status; what was paid for a sale that is emptied goes back.

    Raises:
        NotFound: there is no such order.
        NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
        NotAllowed: the table says why not, and what is possible.
    """

    def choose_row(row: AnyRow) -> Move:
        return Move.of(staff_transition(asked, facts_of(row, hears=hears(context, row)), answer))

    for _ in range(wishes.ROUNDS):
        with context.database.read() as database:
            move = choose_row(order_row(database, order_id))
        more = _emptying(context, order_id, move, signature)
        with suppress(_OvertakenError):
            return do(context, order_id, choose_row, signature, more)
    raise NotAllowed(wishes.OVERTAKEN)


class _OvertakenError(Exception):
    """The order was changed between the look at its sale and the act."""


def _emptying(context: Context, order_id: int, move: Move, signature: Signature) -> More:
    """Return what is done to a sale that is to be emptied; where nobody can look at it, the table says it.

    One that is made anew has to be looked at: what was added at the counter goes on.
    """
    if not {Effect.BALANCE, Effect.VOID_SALE}.intersection(move.effects):
        return More()
    try:
        scene = scene_of(context, order_id)
    except PosAway:
        if Effect.VOID_SALE in move.effects:
            raise
        return More()
    if Effect.VOID_SALE in move.effects:
        require_at_rest(move, pos_waits=scene.pos_waits)
        require_no_money(move, scene)

    def before(_: Connection, row: AnyRow) -> None:
        if row.revision != scene.row.revision:
            raise _OvertakenError

    doing = Doing(act=move.act)
    changes = changes_of(move, scene, doing, signature)
    beside = Beside(_zone(scene), changes or ())
    return More(changes=changes, before=before, note=note(doing, scene, move, beside))


def refused(context: Context, order_id: int, newest: int) -> Words | None:
    """Return why a step in the POS that was queued after `newest` was set aside, or None."""
    table = tables.deliveries
    query = select(table.c.answer_en, table.c.answer_ko).where(
        table.c.order_id == order_id,
        table.c.id > newest,
        table.c.destination == deliveries.Destination.POS,
        table.c.state == DeliveryState.SET_ASIDE,
    )
    with context.database.read() as database:
        row = database.execute(query.order_by(table.c.id).limit(1)).first()
    return Words(row.answer_en or "", row.answer_ko or "") if row else None


def send_again(context: Context, order_id: int, signature: Signature) -> int:
    """Let what was set aside of an order be tried anew; return how many deliveries.

    Raises:
        NotFound: there is no such order.
    """

    def work(database: Connection) -> int:
        locked(database, order_id)
        count = deliveries.send_again(database, order_id)
        if count:
            words = Words(f"{count} set-aside steps are tried anew.", f"보류된 {count}건을 다시 시도합니다.")
            sign(database, context.clock.now(), [Entry(order_id, signature.who, "sent again", words)])
        return count

    return context.database.unit("send again", work)


def _require_said(doing: Doing) -> None:
    if doing.collected_by.strip() and not doing.collected_check.strip():
        raise InputError(_CHECK)
    if doing.act is Act.RESOLVE and doing.resolution is None:
        raise InputError(_OUTCOME)


def _require_unchanged(database: Connection, row: AnyRow, seen: int) -> None:
    """Refuse to act on an order that somebody else has changed since, and say what was done."""
    if row.revision == seen:
        return
    timeline = tables.timeline
    query = select(timeline).where(timeline.c.order_id == row.id).order_by(timeline.c.id.desc()).limit(1)
    last = database.execute(query).first()
    said = Words(f" ({last.who}: {last.en})", f" ({last.who}: {last.ko})") if last else Words("", "")
    raise ChangedMeanwhile(
        Words(
            f"The order was changed meanwhile; look at it again{said.en}.",
            f"그사이 주문이 변경되었습니다. 다시 확인해 주세요{said.ko}.",
        )
    )


def _hear_customer(
    context: Context, database: Connection, row: AnyRow, doing: Doing, signature: Signature
) -> None:
    """Write the contact down that comes with it, or ask for one where it is needed."""
    require_heard(database, row, doing)
    if doing.contact is not None:
        write_contact(database, row.id, doing.contact, who=signature.who, now=context.clock.now())


def _values(doing: Doing, scene: Scene, move: Move) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("expected_at", "pick_up_until"):
        if getattr(doing, name) is not None:
            values[name] = getattr(doing, name)
    texts = {
        "holding_place": doing.holding_place,
        "collected_by": doing.collected_by,
        "collected_check": doing.collected_check,
    }
    values |= {name: printable(text.strip())[:_LENGTH] for name, text in texts.items() if text.strip()}
    # An item is cancelled, and the order is ready with that: so its reservation has not ended.
    ends = move.order is not None and (move.lines is None or move.order.act is move.act)
    if ends and (resolution := _resolution(doing, scene)):
        values["resolution"] = resolution.value
    return values


def _released(doing: Doing, scene: Scene, signature: Signature) -> dict[str, Any]:
    if doing.act is not Act.RELEASE:
        return {}
    title = written_at(scene.store, TITLE)
    adjustment = Adjustment(amount=adjustment_of(scene.order), reason=signature.reason, title=title)
    return {"released": adjustment.model_dump_json()}


def _resolution(doing: Doing, scene: Scene) -> Resolution | None:
    """Return how a reservation ends by this act: as staff say, or as the act means."""
    if scene.row.kind != OrderKind.ROPIS:
        if doing.resolution:
            raise InputError(_NO_OUTCOME)
        return None
    return doing.resolution or (_ENDS.get(doing.act) if scene.row.resolution is None else None)
