"""The webstore of the shop's day: its customers order, change their minds, and it is down at times."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from orders import PUMP, line, order, won
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Said
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind, WebCustomer, WebOrder
from tillbridge.model.words import Words
from tillbridge.testing.webstore import MemoryWebstore

UNLISTED = "00605284574539"
TWIN = "04006381333948"
STRANGER = WebCustomer(id="w9", full_name="박하늘", email="new@example.com")
GUEST = WebCustomer(full_name="이영희", email="guest@example.com")
_AWAY = Words("The webstore does not answer.", "웹스토어가 응답하지 않습니다.")

KINDS: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "two lines": {"lines": (line("1"), line("2", gtin=PUMP, quantity=Decimal(2)))},
    "paid": {"kind": OrderKind.BOPIS, "paid": True},
    "stranger": {"customer": STRANGER},
    "guest": {"customer": GUEST, "lines": (line("1", gtin=PUMP),)},
    "unlisted": {"lines": (line("1"), line("2", gtin=UNLISTED))},
    "twin": {"lines": (line("1", gtin=TWIN),)},
    "unpaid": {"standing": Standing.UNPAID},
    "sums": {"total": won(99_000)},
    "damaged": {},
}
"""Whatever somebody may order."""

CHANGES = ("more", "less", "another", "open", "cancelled", "refunded", "fulfilled")
"""What may become of it at the webstore."""


class Heard(NamedTuple):
    """A decision as the webstore heard it: of some lines, or (none named) of the order as a whole."""

    order: str
    said: str
    key: str
    lines: frozenset[str]


class Market(MemoryWebstore):
    """A webstore in memory with the orders as they are there now.

    Attributes:
        down: nothing comes through.
        has: the orders, by their ID.
    """

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.has: dict[str, WebOrder] = {}
        self.before = self._arrive

    def place(self, kind: str, at: Any) -> str:
        """Let somebody order; return the order's ID."""
        name = f"A{len(self.has) + 1}"
        more = dict(KINDS[kind])
        placed = order(name, *more.pop("lines", ()), **{"placed_at": at, **more})
        self._have(placed, damaged=kind == "damaged")
        return name

    def change(self, name: str, change: str) -> None:
        """Change an order; what came damaged comes whole then."""
        now = self.has[name]
        if change in ("more", "less", "another"):
            lines = _changed(now, change)
            self._have(now.model_copy(update={"lines": lines, "total": _sum(lines)}))
        else:
            self._have(now.model_copy(update={"standing": Standing(change)}))

    def strangers(self) -> set[str]:
        """Return the orders of those whom the shop does not know by their e-mail."""
        return {name for name, one in self.has.items() if one.customer in (STRANGER, GUEST)}

    def heard(self) -> list[Heard]:
        """Return the decisions that it was told, in sequence."""
        return [
            Heard(one.order_id, str(one.said), one.key, frozenset(one.line_ids))
            for one in self.told
            if one.said in (Said.ACCEPTED, Said.REJECTED)
        ]

    def _have(self, placed: WebOrder, *, damaged: bool = False) -> None:
        tenders = (Tender(kind=TenderKind.CARD, amount=placed.total),) if placed.paid else ()
        more = {"revision": (placed.revision or 0) + 1, "tenders": tenders}
        self.has[placed.id] = whole = placed.model_copy(update=more)
        body = whole.model_dump_json().encode()
        self.offer_bytes(placed.id, body.replace(b'"quantity":"1"', b'"quantity":"x"') if damaged else body)

    def _arrive(self, _: str) -> None:
        if self.down:
            raise Retryable(_AWAY)


def _changed(now: WebOrder, change: str) -> tuple[Any, ...]:
    first, *rest = now.lines
    if change == "another":
        return (first, line("2", gtin=PUMP)) if not rest else (first,)
    quantity = first.quantity + 1 if change == "more" else Decimal(1)
    gtin = first.identifiers[0].value
    return (line("1", gtin=gtin, quantity=quantity), *rest)


def _sum(lines: tuple[Any, ...]) -> Any:
    return won(sum(one.amount.gross.minor for one in lines))
