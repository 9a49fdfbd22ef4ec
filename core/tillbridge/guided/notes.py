"""What the timeline says of a guided action beside its name: what was said with it, before and after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tillbridge.fulfilment import Move
from tillbridge.guided.carrying import becomes
from tillbridge.guided.naming import titles
from tillbridge.guided.scenes import Scene
from tillbridge.guided.views import Doing
from tillbridge.model.resolutions import RESOLUTION_WORDS, Resolution
from tillbridge.model.status import LINE_WORDS, Act, Effect
from tillbridge.model.words import Words
from tillbridge.orders.releasing import adjustment_of
from tillbridge.pos.details import PAYMENT_WORDS, Payment, PaymentKind
from tillbridge.sending.deliveries import SaleOrder


@dataclass(frozen=True, slots=True)
class Beside:
    """What a note is made of beside the order: the zone of its store, and what is done to its sale."""

    zone: ZoneInfo
    changes: Sequence[SaleOrder] = ()


def note(doing: Doing, scene: Scene, move: Move, beside: Beside) -> Words | None:
    """Return what the timeline says of an act beside its name, with before and after."""
    row = scene.row
    parts: list[Words] = []
    if move.lines is not None and move.lines.target is not None:
        names, state = titles(scene, move.line_ids), LINE_WORDS[move.lines.target]
        parts.append(Words(f"{state.en}: {names.en}", f"{state.ko}: {names.ko}"))
    if doing.expected_at:
        moment = _moment(row.expected_at, doing.expected_at, beside.zone)
        parts.append(Words(f"expected {moment}", f"준비 예정 {moment}"))
    if place := doing.holding_place.strip():
        said = _changed(row.holding_place, place)
        parts.append(Words(f"holding place {said}", f"보관 장소 {said}"))
    if doing.pick_up_until:
        moment = _moment(row.pick_up_until, doing.pick_up_until, beside.zone)
        parts.append(Words(f"to be picked up until {moment}", f"수령 기한 {moment}"))
    if person := doing.collected_by.strip():
        check = doing.collected_check.strip()
        parts.append(Words(f"collected by {person}, checked: {check}", f"대리 수령 {person}, 확인: {check}"))
    if doing.act is Act.RESOLVE and doing.resolution:
        before, after = row.resolution, RESOLUTION_WORDS[doing.resolution]
        old = RESOLUTION_WORDS[Resolution(before)] if before else Words("", "")
        parts.append(Words(_changed(old.en, after.en), _changed(old.ko, after.ko)))
    if doing.act is Act.RELEASE:
        amount = adjustment_of(scene.order)
        parts.append(Words(f"{amount:en}", f"{amount:ko}"))
    parts += _money(beside.changes)
    if Effect.VOID_SALE in move.effects:
        parts += becomes(scene)
    if not parts:
        return None
    return Words(", ".join(one.en for one in parts), ", ".join(one.ko for one in parts))


def _money(changes: Sequence[SaleOrder]) -> Iterator[Words]:
    """Yield what is paid and what is handed back by an act; a payment of 0.00 is a mark and no money."""
    for change in changes:
        payment = change.detail
        if not isinstance(payment, Payment) or not payment.amount:
            continue
        kind, back = PAYMENT_WORDS[payment.kind], payment.amount.minor < 0
        card = f", {payment.card_type}" if payment.card_type else ""
        amount = -payment.amount if back else payment.amount
        done = Words("paid", "결제")
        if back:
            web = payment.kind is PaymentKind.ECOMMERCE
            done = Words("taken off", "취소") if web else Words("handed back", "환불")
        yield Words(f"{done.en} {amount} ({kind.en}{card})", f"{done.ko} {amount}({kind.ko}{card})")


def _moment(before: datetime | None, after: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the store's clock shows it, with the one that it takes the place of."""
    old, new = (f"{one.astimezone(zone):%Y-%m-%d %H:%M}" if one else "" for one in (before, after))
    return _changed(old, new)


def _changed(before: str, after: str) -> str:
    return f"{before} → {after}" if before and before != after else after
