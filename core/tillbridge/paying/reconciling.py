"""Compares a day of a payment service's own list with what is known here. Nothing is changed by it.

Charges and refunds are compared payment by payment; only those that the list has otherwise than they are
known here are read anew. Fees and payouts are summed. Each difference names its order, where there is one;
payments of which nothing says that they are of an order here are counted apart: others may use the account.
"""

from collections import Counter, defaultdict
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
from tillbridge.paying.hearing import orders_named, orders_of
from tillbridge.provider import Capability

_MOVES: Final = (EntryKind.CHARGE, EntryKind.REFUND, EntryKind.REFUND_FAILED, EntryKind.DISPUTE)
_MOST_READ: Final = 200
"""How many payments are read anew at most: more that differ say that something else is wrong."""
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


@dataclass(frozen=True, slots=True)
class OtherPayment:
    """A payment of somebody else who uses the account, and what moved of it, whichever way."""

    payment_id: str
    moved: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A day of a payment service.

    Attributes:
        sums: of each kind and currency: what moved.
        fees: of each currency: what the service took.
        differences: what is otherwise here; none: it agrees.
        others: payments that nothing says are of an order here. They are no differences, and among the sums.
    """

    service: str
    day: date
    since: datetime
    until: datetime
    sums: Mapping[tuple[EntryKind, str], Money]
    fees: Mapping[str, Money]
    differences: Sequence[DayDifference]
    others: Sequence[OtherPayment] = ()


@dataclass(slots=True)
class _Moves:
    """What moved of one payment on the day."""

    charged: list[Money] = field(default_factory=list)
    refunded: list[Money] = field(default_factory=list)
    failed: list[Money] = field(default_factory=list)
    disputed: list[Money] = field(default_factory=list)
    order_id: str = ""

    @property
    def every(self) -> list[Money]:
        return [*self.charged, *self.refunded, *self.failed, *self.disputed]

    @property
    def total(self) -> Money:
        """What moved, whichever way, in the currency of the first."""
        currency = self.every[0].currency
        return sum_money((one for one in self.every if one.currency == currency), currency)


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
        strange = {number: one for number, one in moved.items() if number not in known}
        named = orders_named(database, service.id, {one.order_id for one in strange.values()} - {""})
    here = {number: WebPayment.model_validate_json(row.document) for number, row in known.items()}
    odd = [number for number, payment in here.items() if not _agrees(payment, moved[number])]
    fresh = _now(context, service, odd[:_MOST_READ])
    found = list(_unknown(strange, named))
    for number in odd:
        row, there = known[number], fresh.get(number)
        words = _of_one(here[number], there, moved[number]) if number in fresh else _unread(here[number])
        found += [
            DayDifference(
                payment_id=number, words=one, order=row.number, order_id=row.id, connection=row.name
            )
            for one in words
        ]
    return Reconciled(
        service=service.name,
        day=day,
        since=since,
        until=until,
        sums=_sums(entries),
        fees=_fees(entries),
        differences=found,
        others=[OtherPayment(number, one.total) for number, one in strange.items() if not one.order_id],
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


def _agrees(here: WebPayment, moves: _Moves) -> bool:
    """Say whether what moved of a payment is what is known of it here, so that it need not be read."""
    if moves.failed or moves.disputed or any(one.currency != here.currency for one in moves.every):
        return False
    if moves.charged and sum_money(moves.charged, here.currency) != here.captured:
        return False
    back = sum_money(moves.refunded, here.currency)
    if back > here.refunded + here.refund_pending:
        return False
    told = Counter(one.amount for one in here.refunds)
    return not told or Counter(moves.refunded) <= told


def _now(context: Context, service: OpenConnection, numbers: Sequence[str]) -> dict[str, WebPayment | None]:
    """Read payments as they are now: what was read here before may be older than the list.

    One that the service has no more is None.
    """
    found: dict[str, WebPayment | None] = {}
    for number in numbers:
        try:
            found[number] = context.plugins.payments.fetch(service.provider.name, service.guest, number)
        except Rejected:
            found[number] = None
    return found


def _unknown(strange: Mapping[str, _Moves], named: Mapping[str, AnyRow]) -> Iterator[DayDifference]:
    """Yield the payments that name an order, and that no order here has."""
    for number, moves in strange.items():
        total, row = moves.total, named.get(moves.order_id)
        if row is not None:
            way = f"tillbridge payments check {row.number}"
            words = Words(
                f"{total:en} moved of a payment that is not known of this order; read it: {way}",
                f"이 주문에서 확인되지 않은 결제에서 {total:ko}이(가) 이동했습니다. 확인: {way}",
            )
            yield DayDifference(
                payment_id=number, words=words, order=row.number, order_id=row.id, connection=row.name
            )
        elif moves.order_id:
            words = Words(
                f"{total:en} moved of a payment for an order that is not here: it never came in, or is "
                "another webstore's.",
                f"여기에 없는 주문의 결제에서 {total:ko}이(가) 이동했습니다. 주문이 들어오지 않았거나 다른 "
                "웹스토어의 주문입니다.",
            )
            yield DayDifference(payment_id=number, words=words, order=moves.order_id)


def _unread(here: WebPayment) -> Iterator[Words]:
    """Yield what is known of a payment that the list has otherwise, where too many are to be read."""
    back = here.refunded + here.refund_pending
    yield Words(
        f"The day's list has it otherwise than here: taken {here.captured:en}, refunded {back:en}. So many "
        "differ that it was not read anew.",
        f"일일 목록이 여기와 다릅니다(여기: 결제 {here.captured:ko}, 환불 {back:ko}). 다른 건이 너무 많아 "
        "다시 읽지 않았습니다.",
    )


def _of_one(here: WebPayment, there: WebPayment | None, moves: _Moves) -> Iterator[Words]:
    currency = here.currency
    if any(one.currency != currency for one in moves.every):
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
