"""What webstores send by themselves: a request as it came, and what a provider makes of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


class Headers(Mapping[str, str]):
    """A request's headers, found whatever the case of their names; of one that came twice, the first.

    Their values are secrets as often as not: they are left out of what is shown of it.
    """

    __slots__ = ("_kept",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._kept: dict[str, str] = {}
        for name, value in pairs:
            self._kept.setdefault(name.lower(), value)

    def __getitem__(self, name: str) -> str:
        return self._kept[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"Headers({', '.join(self._kept)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """A request of a webstore, as it came.

    Attributes:
        method: "POST".
        headers: found whatever the case of their names.
        body: byte for byte: a signature is made of these bytes.
        query: what stands behind the "?" of the address; of a name that came twice, the last.
        received_at: UTC.
    """

    method: str
    headers: Headers
    body: bytes = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookHint:
    """What is to be fetched because of a request: an order or a payment, by the other side's ID of it.

    A webstore names orders, a payment service (one that brings no orders) payments.
    """

    order_id: str = ""
    payment_id: str = ""

    @property
    def named(self) -> str:
        """The ID of what is to be fetched."""
        return self.payment_id or self.order_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookResponse:
    """What the webstore is answered, where it wants more than "taken"."""

    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookResult:
    """What a verified request comes to.

    Attributes:
        hints: what to fetch; none where it is about nothing that tillbridge fetches.
        event_id: the webstore's own ID of the event, by which one that is sent again is known; or None.
        response: what the webstore is answered; its status is 200 to 299.
        kept: what is kept of the request in place of its body, where that has what must not be kept (of a
            card, say); None: the body, byte for byte.
    """

    hints: Sequence[WebhookHint] = ()
    event_id: str | None = None
    response: WebhookResponse = field(default_factory=WebhookResponse)
    kept: bytes | None = field(default=None, repr=False)
