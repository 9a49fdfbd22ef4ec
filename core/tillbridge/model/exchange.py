"""What a provider's hooks give to the engine and get from it: pages, raw orders, deliveries, receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True)
class RawOrder:
    """One order as the webstore sent it, byte for byte.

    Attributes:
        order_id: the webstore's order ID, or None if not even that can be read.
        parts: the bytes of each answer that belongs to the order, by name ("order", "lines", …).
    """

    order_id: str | None
    parts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of orders.

    Attributes:
        orders: the page's orders; one that came before is harmless.
        cursor: where the next poll may start once this page is kept, or None to keep the old cursor.
    """

    orders: Sequence[RawOrder]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class NotAnOrder:
    """`parse_order`'s answer for what is no order: a draft, a test, an abandoned cart."""

    reason: Words


class Outcome(StrEnum):
    """What the other side answered to a delivery."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side answered to a delivery.

    Attributes:
        outcome: accepted, refused (for good), unknown (ask again), pending (look at `ticket` later).
        words: why, where it was not simply accepted.
        ticket: what to ask for a pending answer.
        left_out: of `push_snapshot`: by `Offer.key`, what is not among the whole that was told, and why.
    """

    outcome: Outcome
    words: Words | None = None
    ticket: str | None = None
    left_out: Mapping[str, Words] = field(default_factory=dict, hash=False)


class Decision(StrEnum):
    """What staff decided about an order, and the webstore is to hear."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Said(StrEnum):
    """What a webstore can be told of an order, or of some of its lines."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    READY = "ready"  # the goods wait to be picked up
    RESOLVED = "resolved"  # a reservation has ended; the delivery says how
    PICKED_UP = "picked_up"  # a paid order was handed over
    REFUNDED = "refunded"  # money went back to the customer; the delivery says how much


OVERTAKES: Final[Mapping[Said, frozenset[Said]]] = {
    Said.ACCEPTED: frozenset({Said.ACCEPTED, Said.REJECTED}),
    Said.REJECTED: frozenset({Said.ACCEPTED, Said.REJECTED, Said.READY}),
    Said.READY: frozenset({Said.READY}),
    Said.RESOLVED: frozenset({Said.READY, Said.RESOLVED}),
    Said.PICKED_UP: frozenset({Said.READY, Said.PICKED_UP}),
    Said.REFUNDED: frozenset(),
}
"""What a later delivery makes needless. No acceptance is left out for what follows: it may charge a card; no
refund either: each is told, and is no state."""


@dataclass(frozen=True, slots=True)
class StatusDelivery:
    """What became of an order, or of some of its lines, on its way to the webstore.

    Attributes:
        key: the idempotency key; the same for every try.
        order_id: the webstore's order ID.
        said: what the webstore is to hear.
        reason: for the customer, where staff gave one.
        line_ids: the webstore's IDs of the lines that it concerns; none: all lines of the order. Lines are
            named where some of the order were rejected alone, and only to a provider that `hears_lines`.
        resolution: how a reservation ended; only with `Said.RESOLVED`.
        refund: how much went back this time, above zero; only with `Said.REFUNDED`.
    """

    key: str
    order_id: str
    said: Said
    reason: str = ""
    line_ids: Sequence[str] = field(default=())
    resolution: Resolution | None = None
    refund: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectDelivery:
    """An effect that a plugin added to a transition, on its way to that plugin.

    Attributes:
        key: the idempotency key; the same for every try.
        effect: as the plugin's rule names it.
        act: the transition that it belongs to.
        connection: the connection's name.
        order_id: the webstore's order ID.
        reason: what staff gave as the reason.
    """

    key: str
    effect: str
    act: str
    connection: str
    order_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """`check_connection`'s good answer: whose account this is, and what staff should know."""

    account: str
    notes: Sequence[Words] = ()
