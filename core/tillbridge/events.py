"""What observers and front doors learn, after it is committed."""

from dataclasses import dataclass

from tillbridge.model.status import Status
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderImported:
    """A web order was seen for the first time.

    Attributes:
        order_id: tillbridge's own number of it.
        connection: the connection's name.
        webstore_id: the webstore's order ID.
    """

    order_id: int
    connection: str
    webstore_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """An order's status changed.

    Attributes:
        order_id: tillbridge's own number of it.
        connection: the connection's name.
        webstore_id: the webstore's order ID.
        before: None for an order that was never settled.
        after: the status now.
        who: who caused it ("tillbridge", a member of staff, "till").
    """

    order_id: int
    connection: str
    webstore_id: str
    before: Status | None
    after: Status
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFinished:
    """A run of a connection's export ended: it told something, or it failed.

    Attributes:
        connection: the connection's name.
        accepted, refused, pending, unknown: how many offers were answered so.
        held: offers that are not told, as a person has to look.
        trouble: why it stopped, or None.
    """

    connection: str
    accepted: int
    refused: int
    pending: int
    unknown: int
    held: int
    trouble: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something stopped working, or works again; once each.

    Attributes:
        connection: the connection's name, or None where it is the till.
        activity: "poll", "settle", "delivery" or "till".
        well: whether it works now.
        words: what staff read of it.
    """

    connection: str | None
    activity: str
    well: bool
    words: Words
