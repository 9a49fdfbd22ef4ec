"""Judges parsed orders: can this be sold, to whom, with which products, or why not?

The same judgement serves settling, the preview of a new connection and the dry run of a poll.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tillbridge.matching.evidence import Evidence, OrderMatch
from tillbridge.matching.matcher import Links, Rules, match_page
from tillbridge.model.orders import OrderKind, Standing, WebLine, WebOrder
from tillbridge.model.reasons import Reason, ReasonCode, ordered
from tillbridge.model.stores import Store, no_store_at, store_at
from tillbridge.model.totals import TotalsMismatch, balanced
from tillbridge.model.words import Words
from tillbridge.pos.contract import PointOfSale

_STANDING_WORDS = {
    Standing.FULFILLED: Words("was handed over at the webstore already", "웹스토어에서 이미 전달이 끝난"),
    Standing.CANCELLED: Words("is cancelled at the webstore", "웹스토어에서 취소된"),
    Standing.REFUNDED: Words("was refunded at the webstore", "웹스토어에서 환불된"),
}


_NOT_AGREED = Words(
    "The order is no reservation, and this connection is for reservations only. Reject it with a reason, so "
    "that the webstore takes no money; or, if such orders are agreed, change the connection's setting and "
    "set the order to Process Sale.",
    "예약이 아닌 주문인데 이 연결은 예약만 받도록 설정되어 있습니다. "
    "웹스토어에서 결제되지 않도록 사유와 함께 거부해 주세요. "
    "이런 주문을 받기로 했다면 연결 설정을 바꾼 뒤 주문을 판매 처리로 설정해 주세요.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What an order is judged by: one connection's rules, links and stores, and the POS.

    Attributes:
        stores: by the webstore's location; "" is the default.
        orders_from: UTC; what was placed before is put aside.
        reservations_only: whether the shop has agreed to nothing else, as in Korea.
        connect: the command that changes the connection.
    """

    pos: PointOfSale
    rules: Rules
    links: Links
    stores: dict[str, Store]
    orders_from: datetime
    reservations_only: bool = False
    connect: str = "tillbridge connect …"

    def store_of(self, order: WebOrder) -> Store | None:
        """Return the store that an order is for, or None for a location that nobody mapped beside others."""
        return store_at(self.stores, order.location)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be done with one order.

    Attributes:
        order: with its rounding line, if it needed one.
        reasons: why it cannot be sold, the one first that names the status; none: it can.
        store: whose stock it takes.
        match: what matching found.
    """

    order: WebOrder
    store: Store | None
    match: OrderMatch
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def sellable(self) -> bool:
        """Whether a sale can be opened."""
        return not self.reasons


def judge(orders: Sequence[WebOrder], bench: Bench) -> list[Verdict]:
    """Judge a page of orders with a fixed number of POS calls; one verdict an order, in sequence."""
    default = bench.stores.get("")
    matches = match_page(
        orders,
        rules=bench.rules,
        links=bench.links,
        pos=bench.pos,
        country=default.country if default else "",
    )
    return [_verdict(order, match, bench) for order, match in zip(orders, matches, strict=True)]


def _verdict(order: WebOrder, match: OrderMatch, bench: Bench) -> Verdict:
    store = bench.store_of(order)
    aside = put_aside(order, bench.orders_from)
    if aside:
        return Verdict(order=order, store=store, match=match, reasons=(aside,))
    reasons: list[Reason] = []
    if not order.lines:
        words = Words("The order has no items.", "주문에 제품이 없습니다.")
        reasons.append(Reason.of(ReasonCode.PAYLOAD_DAMAGED, words, path="lines"))
    if order.total.minor < 0:
        words = Words(f"The order's total is {order.total}.", f"주문 합계가 {order.total}입니다.")
        reasons.append(Reason.of(ReasonCode.TOTALS_MISMATCH, words, path="total"))
    try:
        order = balanced(order)
    except TotalsMismatch as error:
        reasons.append(Reason.of(ReasonCode.TOTALS_MISMATCH, error.words, path="total"))
    if bench.reservations_only and order.kind is not OrderKind.ROPIS:
        reasons.append(Reason.of(ReasonCode.RESERVATIONS_ONLY, _NOT_AGREED, path="kind"))
    reasons += _store_reasons(order, store, bench.connect)
    reasons += _customer_reasons(order, match)
    for line, evidence in zip(order.lines, match.lines, strict=True):
        reasons += _line_reasons(line, evidence)
    return Verdict(order=order, store=store, match=match, reasons=ordered(reasons))


def put_aside(order: WebOrder, orders_from: datetime) -> Reason | None:
    """Return why nothing is to be done with this order now, or None."""
    if order.standing is Standing.UNPAID:
        words = Words(
            "The order is not paid yet; it comes back by itself once it is.",
            "아직 결제되지 않은 주문입니다. 결제되면 자동으로 다시 나타납니다.",
        )
        return Reason.of(ReasonCode.UNPAID, words)
    if order.standing is not Standing.OPEN:
        said = _STANDING_WORDS[order.standing]
        return Reason.of(ReasonCode.NOT_OPEN, Words(f"The order {said.en}.", f"{said.ko} 주문입니다."))
    if order.placed_at < orders_from:
        start = f"{orders_from:%Y-%m-%d %H:%M}"
        words = Words(
            f"The order was placed before {start} UTC, from when this connection takes orders.",
            f"이 연결은 {start} UTC 이후의 주문만 가져옵니다. 그 전에 들어온 주문입니다.",
        )
        return Reason.of(ReasonCode.BEFORE_START, words)
    return None


def _store_reasons(order: WebOrder, store: Store | None, connect: str) -> list[Reason]:
    if store is None:
        said, place = no_store_at(order.location), shlex.quote(f"{order.location}=")
        again = f"tillbridge order status {shlex.quote(order.number)} 'Process Sale'"
        words = Words(
            f"{said.en} Say which it is ({connect} --replace --location {place}STORE), then process the "
            f"order again ({again}).",
            f"{said.ko} 매장을 지정한 뒤({connect} --replace --location {place}매장) 주문을 판매 처리로 "
            f"설정해 주세요({again}).",
        )
        return [Reason.of(ReasonCode.NO_STORE, words)]
    if order.currency != store.currency:
        words = Words(
            f"The order is in {order.currency}; the store {store.name} sells in {store.currency}.",
            f"주문 통화는 {order.currency}이고, {store.name} 매장의 통화는 {store.currency}입니다.",
        )
        return [Reason.of(ReasonCode.OTHER_CURRENCY, words, path="currency")]
    return []


def _customer_reasons(order: WebOrder, match: OrderMatch) -> list[Reason]:
    if match.customer.found:
        return []
    name = order.customer.name or order.customer.email or "?"
    rivals = _named(match.customer)
    if match.conflict:
        words = Words(
            f"{name} was linked to one customer before, but the e-mail belongs to another: {rivals}.",
            f"{name} 님은 이전에 연결된 고객과 이메일의 고객이 서로 다릅니다: {rivals}",
        )
        return [Reason.of(ReasonCode.CUSTOMER_CONFLICT, words)]
    if match.customer.candidates:
        words = Words(
            f"Several customers fit {name}: {rivals}.", f"{name} 님에 해당하는 고객이 여러 명입니다: {rivals}"
        )
        return [Reason.of(ReasonCode.CUSTOMER_AMBIGUOUS, words)]
    words = Words(f"No customer is known for {name}.", f"{name} 님에 해당하는 고객이 없습니다.")
    return [Reason.of(ReasonCode.CUSTOMER_UNKNOWN, words)]


def _line_reasons(line: WebLine, evidence: Evidence) -> list[Reason]:
    if evidence.found:
        return []
    if evidence.candidates:
        rivals = _named(evidence)
        words = Words(
            f"“{line.title}” fits several products: {rivals}.",
            f"‘{line.title}’에 해당하는 제품이 여러 개입니다: {rivals}",
        )
        return [Reason.of(ReasonCode.PRODUCT_AMBIGUOUS, words, line_id=line.id)]
    asked = ", ".join(one.value for one in line.identifiers if one.value) or "-"
    words = Words(
        f"“{line.title}” ({asked}) is no product of the catalogue.",
        f"‘{line.title}’({asked}) 제품을 찾을 수 없습니다.",
    )
    return [Reason.of(ReasonCode.PRODUCT_UNKNOWN, words, line_id=line.id)]


def _named(evidence: Evidence) -> str:
    return ", ".join(f"{one.name} ({one.id})" if one.name else one.id for one in evidence.candidates)
