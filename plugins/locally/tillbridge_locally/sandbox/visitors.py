"""Who shops at the sandbox's Locally: sessions, each with its whereabouts and a cart not ordered yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Final

from tillbridge_locally.sandbox.carts import Line

_FIRST_USER: Final = 900_001
_MOST: Final = 10_000


@dataclass(slots=True)
class Basket:
    """A cart that is being filled, at one store and in one way.

    Attributes:
        number: its ID; the items' are made of it.
        hold: whether it is a reservation.
        origin: the site that it is filled on.
        lines: what is in it, by item ID.
        fields: what the shopper said of themselves, by the cart's own names.
        secured: whether the card holds what it costs.
    """

    hash: str
    number: int
    store: str
    hold: bool
    origin: str
    lines: dict[int, Line] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    secured: bool = False
    _last: int = 0

    def put(self, line: Line) -> int:
        """Put a line in, and return its item ID."""
        self._last += 1
        number = self.number * 100 + self._last
        self.lines[number] = line
        return number

    def find(self, upc: str) -> int | None:
        """Return the item that is this product, if it is in it."""
        return next((number for number, line in self.lines.items() if line.product.upc == upc), None)


@dataclass(slots=True)
class Visitor:
    """A shopper's session.

    Attributes:
        id: what travels as `Locally-Api-Session-Id`.
        user_id: Locally makes a user of every visitor.
        geo: where the shopper is, or said to be.
        ordered: the hashes of the carts that were ordered in it.
    """

    id: str
    user_id: int
    geo: dict[str, str]
    basket: Basket | None = None
    ordered: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        """The address that Locally makes up for whoever said none."""
        return f"anon-{self.user_id}.{self.user_id % 97}@locally.com"


class Visitors:
    """Every session; the oldest are forgotten when there are too many."""

    def __init__(self) -> None:
        self._visitors: dict[str, Visitor] = {}
        self._users = iter(range(_FIRST_USER, 2**62))

    def __iter__(self) -> Iterator[Visitor]:
        return iter(self._visitors.values())

    def of(self, session: str, geo: dict[str, str]) -> Visitor:
        """Return a session, or a new one where nobody has it; it is at `geo` then."""
        if known := self._visitors.get(session):
            return known
        visitor = Visitor(id=token_hex(8), user_id=next(self._users), geo=dict(geo))
        self._visitors[visitor.id] = visitor
        if len(self._visitors) > _MOST:
            del self._visitors[next(iter(self._visitors))]
        return visitor
