"""Compares a day of a payment service's own list with what is known here. Nothing is changed by it.

Charges and refunds are compared payment by payment, all that ever moved of those that moved on that day;
fees and payouts are summed. Each difference names its order, where there is one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import InputError, Rejected
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.model.payments import EntryKind, PaymentEntry, WebPayment
from tillbridge.model.words import Words
from tillbridge.paying.hearing import orders_of
from tillbridge.provider import Capability

_MOVES: Final = (EntryKind.CHARGE, EntryKind.REFUND, EntryKind.REFUND_FAILED, EntryKind.DISPUTE)
_NO_LIST: Final = Words("This connection lists no payments.", "이 연결에서는 결제 목록을 가져올 수 없습니다.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDifference:
    """One thing that the service has otherwise.

    Attributes:
        order: the order's number, or "" where there is none.
        order_id: tillbridge's own, or None.
    """

    payment_id: str
    words: Words
    order: str = ""
    order_id: int | None = None
    connection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A day of a payment service.

    Attributes:
        sums: of each kind and currency: what moved.
        fees: of each currency: what the service took.
        differences: what is otherwise here; none: it agrees.
    """

    service: str
    day: date
    since: datetime
    until: datetime
    sums: Mapping[tuple[EntryKind, str], Money]
    fees: Mapping[str, Money]
    differences: Sequence[DayDifference]


@dataclass(slots=True)
class _Moves:
    """What moved of one payment on the day."""

    charged: list[Money] = field(default_factory=list)
    refunded: list[Money] = field(default_factory=list)
    failed: list[Money] = field(default_factory=list)
    disputed: list[Money] = field(default_factory=list)
    order_id: str = ""


def reconcile(context: Context, service: OpenConnection, day: date) -> Reconciled:
    """Compare a day with what is known.

    Raises:
        InputError: the service lists nothing.
        ProviderError, PluginError: of the service.
    """
    if Capability.PAYMENT_LIST not in service.provider.capabilities:
        raise InputError(_NO_LIST)
    zone = service.stores[""].zone
    since = datetime.combine(day, time(), zone).astimezone(UTC)
    until = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    plugins, name = context.plugins.payments, service.provider.name
    with closing(plugins.moves(name, service.guest, since, until)) as coming:
        entries = list({one.id: one for one in coming}.values())
    moved = _by_payment(entries)
    with context.database.read() as database:
        known = orders_of(database, service.id, moved.keys())
    fresh = _now(context, service, known)
    found = [*_unknown(moved, known), *_different(moved, known, fresh)]
    return Reconciled(
        service=service.name,
        day=day,
        since=since,
        until=until,
        sums=_sums(entries),
        fees=_fees(entries),
        differences=found,
    )


def _by_payment(entries: Sequence[PaymentEntry]) -> dict[str, _Moves]:
    found: dict[str, _Moves] = defaultdict(_Moves)
    for one in entries:
        if one.kind not in _MOVES or not one.payment_id:
            continue
        moves = found[one.payment_id]
        moves.order_id = moves.order_id or one.order_id
        lists = {
            EntryKind.CHARGE: moves.charged,
            EntryKind.REFUND: moves.refunded,
            EntryKind.REFUND_FAILED: moves.failed,
            EntryKind.DISPUTE: moves.disputed,
        }
        lists[one.kind].append(one.amount)
    return dict(found)


def _now(context: Context, service: OpenConnection, known: Mapping[str, AnyRow]) -> dict[str, WebPayment]:
    """Read the payments that moved as they are now; what was read here before may be older than the list."""
    found = {}
    for number in known:
        try:
            payment = context.plugins.payments.fetch(service.provider.name, service.guest, number)
        except Rejected:
            continue
        found[number] = payment
    return found


def _unknown(moved: Mapping[str, _Moves], known: Mapping[str, AnyRow]) -> Iterator[DayDifference]:
    for number, moves in moved.items():
        if number in known:
            continue
        every = [*moves.charged, *moves.refunded, *moves.failed, *moves.disputed]
        total = sum_money(every, every[0].currency)
        yield DayDifference(
            payment_id=number,
            order=moves.order_id,
            words=Words(
                f"{total:en} moved of a payment that no order here has.",
                f"주문을 찾을 수 없는 결제에서 {total:ko}이(가) 이동했습니다.",
            ),
        )


def _different(
    moved: Mapping[str, _Moves], known: Mapping[str, AnyRow], fresh: Mapping[str, WebPayment]
) -> Iterator[DayDifference]:
    for number, row in known.items():
        here, moves = WebPayment.model_validate_json(row.document), moved[number]
        for words in _of_one(here, fresh.get(number), moves):
            yield DayDifference(
                payment_id=number, words=words, order=row.number, order_id=row.id, connection=row.name
            )


def _of_one(here: WebPayment, there: WebPayment | None, moves: _Moves) -> Iterator[Words]:
    currency = here.currency
    every = [*moves.charged, *moves.refunded, *moves.failed, *moves.disputed]
    if any(one.currency != currency for one in every):
        yield Words("It moved in another currency.", "다른 통화로 이동했습니다.")
        return
    if there is None:
        yield Words("The service has the payment no more.", "결제 서비스에 더 이상 없는 결제입니다.")
        return
    if there.captured != here.captured:
        yield Words(
            f"Taken: {there.captured:en} there, {here.captured:en} here.",
            f"결제: 서비스 {there.captured:ko}, 여기 {here.captured:ko}.",
        )
    back = [one.refunded + one.refund_pending for one in (there, here)]
    if back[0] != back[1]:
        yield Words(
            f"Refunded: {back[0]:en} there, {back[1]:en} here.",
            f"환불: 서비스 {back[0]:ko}, 여기 {back[1]:ko}.",
        )
    charged = sum_money(moves.charged, currency)
    if charged > there.captured:
        yield Words(
            f"The day's list has {charged:en} taken, the payment itself {there.captured:en}.",
            f"일일 목록의 결제는 {charged:ko}, 결제 자체는 {there.captured:ko}입니다.",
        )
    for one in moves.failed:
        yield Words(
            f"A refund of {one:en} did not arrive; the customer has not got it.",
            f"환불 {one:ko}이(가) 실패해 고객에게 입금되지 않았습니다.",
        )
    for one in moves.disputed:
        yield Words(
            f"The customer's bank took {one:en} back (dispute); answer it at the service.",
            f"고객의 은행에서 {one:ko}을(를) 회수했습니다(이의 제기). 결제 서비스에서 대응해 주세요.",
        )


def _sums(entries: Sequence[PaymentEntry]) -> dict[tuple[EntryKind, str], Money]:
    found: dict[tuple[EntryKind, str], Money] = {}
    for one in entries:
        key = (one.kind, one.amount.currency)
        found[key] = found.get(key, zero(one.amount.currency)) + one.amount
    return found


def _fees(entries: Sequence[PaymentEntry]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for one in entries:
        fee = one.amount if one.kind is EntryKind.FEE else one.fee
        if fee is not None:
            found[fee.currency] = found.get(fee.currency, zero(fee.currency)) + fee
    return found
