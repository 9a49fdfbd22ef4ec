"""Does a guided action: one transaction that decides, signs and queues; its steps are done by the outbox."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from tillbridge import deliveries
from tillbridge.contacts import require_contact, write_contact
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.fulfilment import More, do
from tillbridge.guided.planning import Scene, changes_of, choose, scene_of
from tillbridge.guided.views import Doing
from tillbridge.model.contacts import Outcome
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.orders import OrderKind
from tillbridge.model.resolutions import RESOLUTION_WORDS, Resolution
from tillbridge.model.status import Act
from tillbridge.model.words import Words, printable
from tillbridge.order_state import Signature, locked
from tillbridge.timeline import Entry, sign

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


def act(context: Context, order_id: int, doing: Doing, signature: Signature) -> int:
    """Do an action; return the newest delivery before it, by which `refused` finds what came of it.

    Raises:
        NotFound: there is no such order.
        NeedsAnswer: the webstore is to hear whether the order is accepted or rejected.
        NotAllowed: says why not; the order was changed meanwhile, and by whom; or something is missing.
    """
    _require_said(doing)
    scene = scene_of(context, order_id)
    transition = choose(doing, scene.row, heard=scene.hears)
    with context.database.read() as database:
        newest = database.execute(select(func.max(tables.deliveries.c.id))).scalar() or 0

    def before(database: Connection, row: AnyRow) -> None:
        _require_unchanged(database, row, doing.seen or scene.row.revision)
        _hear_customer(context, database, row, doing, signature)

    more = More(
        values=_values(doing, scene),
        changes=changes_of(transition, scene, doing, signature),
        note=_note(doing, scene),
        before=before,
    )
    do(context, order_id, lambda row: choose(doing, row, heard=scene.hears), signature, more)
    return newest


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
    raise NotAllowed(
        Words(
            f"The order was changed meanwhile; look at it again{said.en}.",
            f"그사이 주문이 변경되었습니다. 다시 확인해 주세요{said.ko}.",
        )
    )


def _hear_customer(
    context: Context, database: Connection, row: AnyRow, doing: Doing, signature: Signature
) -> None:
    """Write the contact down; a no-show needs that somebody tried to reach the customer (MISSION S29)."""
    if doing.contact is not None:
        write_contact(database, row.id, doing.contact, who=signature.who, now=context.clock.now())
    elif doing.act is Act.NO_SHOW:
        require_contact(database, row.id, outcomes=tuple(Outcome))


def _values(doing: Doing, scene: Scene) -> dict[str, Any]:
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
    if resolution := _resolution(doing, scene):
        values["resolution"] = resolution.value
    return values


def _resolution(doing: Doing, scene: Scene) -> Resolution | None:
    """Return how a reservation ends by this act: as staff say, or as the act means."""
    if scene.row.kind != OrderKind.ROPIS:
        return None
    return doing.resolution or (_ENDS.get(doing.act) if scene.row.resolution is None else None)


def _note(doing: Doing, scene: Scene) -> Words | None:
    """Return what the timeline says of an act beside its name."""
    parts: list[Words] = []
    if doing.expected_at:
        parts.append(_moment("expected", "준비 예정", doing.expected_at))
    if place := doing.holding_place.strip():
        before = f"{scene.row.holding_place} → " if scene.row.holding_place else ""
        parts.append(Words(f"holding place {before}{place}", f"보관 장소 {before}{place}"))
    if doing.pick_up_until:
        parts.append(_moment("to be picked up until", "수령 기한", doing.pick_up_until))
    if person := doing.collected_by.strip():
        check = doing.collected_check.strip()
        parts.append(Words(f"collected by {person}, checked: {check}", f"대리 수령 {person}, 확인: {check}"))
    if doing.act is Act.RESOLVE and doing.resolution:
        parts.append(RESOLUTION_WORDS[doing.resolution])
    if not parts:
        return None
    return Words(", ".join(one.en for one in parts), ", ".join(one.ko for one in parts))


def _moment(english: str, korean: str, moment: Any) -> Words:
    shown = f"{moment:%Y-%m-%d %H:%M}"
    return Words(f"{english} {shown}", f"{korean} {shown}")
