"""A webstore in memory: a provider plugin whose payloads are web orders as JSON.

It lets tests of the engine, of a host or of an observer plugin say what a webstore has, without a
service and without a network.
"""

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, Field, SecretStr, ValidationError

from tillbridge.http import HttpSettings
from tillbridge.model.errors import PayloadError, Rejected
from tillbridge.model.exchange import (
    ConnectionCheck,
    Decision,
    NotAnOrder,
    OrderPage,
    Outcome,
    RawOrder,
    Receipt,
    Said,
    StatusDelivery,
)
from tillbridge.model.orders import WebOrder
from tillbridge.model.web_hours import WebHours
from tillbridge.model.webhooks import WebhookHint, WebhookRequest, WebhookResult
from tillbridge.model.words import Words
from tillbridge.plugin import hookimpl
from tillbridge.provider import Capability, Connection, Provider

NAME = "memory"
_SHOWN = 40


class MemorySettings(BaseModel):
    """The settings of the webstore in memory."""

    shop: str = Field(default="shop", description="which account it is")
    token: SecretStr = Field(default=SecretStr("open sesame"), description="its secret")


def _damaged(error: ValidationError) -> PayloadError:
    """Say where it is damaged, what came there and what was allowed."""
    fault = error.errors(include_url=False)[0]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"])
    path = path.removeprefix(".") or "order"
    came = repr(fault["input"])[:_SHOWN]
    said = Words(
        f"{path}: {fault['msg']}; it is {came}.",
        f"{path}: 사용할 수 없는 값입니다({fault['msg']}). 받은 값: {came}.",
    )
    return PayloadError(said, path=path)


@dataclass(slots=True)
class _Kept:
    """An order as the webstore has it now, and when it last changed (a count, not a time)."""

    body: bytes
    changed: int


@dataclass(slots=True)
class MemoryWebstore:
    """A webstore in memory; register it as a plugin.

    Attributes:
        page_size: orders a page.
        overlap: how many changes before the cursor are sent again.
        told: what it was told, in the sequence in which it arrived.
        hears: what it can be told; by default everything.
        hears_lines: whether it can be told of single lines.
        charges_on_acceptance: whether it charges the customer of a paid order once it hears so.
        reservations_only: whether nothing else is agreed with it.
        hours: what it shows of its locations' business hours.
        before: called with the name of a call ("fetch_orders", "push_status", …) as it arrives;
            raise from it to be away.
    """

    page_size: int = 50
    overlap: int = 0
    told: list[StatusDelivery] = field(default_factory=list)
    hears: frozenset[Said] = frozenset(Said) - {Said.PICKED_UP, Said.REFUNDED}
    hears_lines: bool = True
    charges_on_acceptance: bool = False
    reservations_only: bool = False
    hours: dict[str, WebHours] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _: None
    _orders: dict[str, _Kept] = field(default_factory=dict)
    _changes: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, order: WebOrder) -> None:
        """Have this order, or this newer state of it."""
        self.offer_bytes(order.id, order.model_dump_json().encode())

    def offer_bytes(self, order_id: str, body: bytes) -> None:
        """Have whatever this is, under an order's ID."""
        with self._guard:
            self._changes += 1
            self._orders[order_id] = _Kept(body, self._changes)

    def believes(self, order_id: str) -> Decision | None:
        """Return what the webstore was told last of an order's acceptance; a rejected part of it is none."""
        decided = [
            Decision(one.said)
            for one in self.told
            if one.order_id == order_id
            and (one.said is Said.ACCEPTED or (one.said is Said.REJECTED and not one.line_ids))
        ]
        return decided[-1] if decided else None

    @hookimpl
    def providers(self) -> list[Provider]:
        """Offer one provider."""
        return [
            Provider(
                name=NAME,
                title="Memory",
                settings=MemorySettings,
                account_key=lambda settings: str(settings.shop),
                http=lambda _: HttpSettings(base_url="http://localhost", service="Memory"),
                capabilities=frozenset(
                    {
                        Capability.ORDERS,
                        Capability.CHECK,
                        Capability.STATUS,
                        Capability.WEBHOOKS,
                        Capability.HOURS,
                    }
                ),
                hears=self.hears,
                hears_lines=self.hears_lines,
                charges_on_acceptance=self.charges_on_acceptance,
                reservations_only=lambda _: self.reservations_only,
            )
        ]

    @hookimpl
    def check_connection(self, connection: Connection) -> ConnectionCheck:
        """Name the account."""
        self.before("check_connection")
        return ConnectionCheck(account=str(connection.settings.shop))

    @hookimpl
    def fetch_hours(self, connection: Connection) -> dict[str, WebHours]:  # noqa: ARG002  # the hook's own parameters
        """Send what it shows of its locations' business hours."""
        self.before("fetch_hours")
        return dict(self.hours)

    @hookimpl
    def fetch_orders(self, connection: Connection, cursor: str | None) -> Iterator[OrderPage]:  # noqa: ARG002  # the hook's own parameters
        """Send what changed since the cursor, oldest change first."""
        after = int(cursor or 0) - self.overlap
        with self._guard:
            changed = sorted(((kept.changed, order_id, kept.body) for order_id, kept in self._orders.items()))
        wanted = [one for one in changed if one[0] > after]
        for start in range(0, len(wanted), self.page_size):
            self.before("fetch_orders")
            page = wanted[start : start + self.page_size]
            orders = [RawOrder(order_id, {"order": body}) for _, order_id, body in page]
            yield OrderPage(orders, str(max(page[-1][0], int(cursor or 0))))

    @hookimpl
    def fetch_order(self, connection: Connection, order_id: str) -> RawOrder:  # noqa: ARG002  # the hook's own parameters
        """Send one order as it is now."""
        self.before("fetch_order")
        with self._guard:
            kept = self._orders.get(order_id)
        if kept is None:
            raise Rejected(Words(f"There is no order {order_id}.", f"주문 {order_id}이(가) 없습니다."))
        return RawOrder(order_id, {"order": kept.body})

    @hookimpl
    def parse_order(self, connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:  # noqa: ARG002  # the hook's own parameters
        """Read a web order's JSON; `{"draft": true}` is no order."""
        body = raw.parts["order"]
        if body == b'{"draft": true}':
            return NotAnOrder(Words("It is a draft.", "임시 주문입니다."))
        try:
            return WebOrder.model_validate_json(body)
        except ValidationError as error:
            raise _damaged(error) from error

    @hookimpl
    def receive_webhook(self, connection: Connection, request: WebhookRequest) -> WebhookResult:
        """Take `{"event": "e1", "orders": ["A1"]}` with the connection's token as header `Memory-Token`."""
        self.before("receive_webhook")
        given = request.headers.get("memory-token", "")
        if not hmac.compare_digest(given.encode(), connection.settings.token.get_secret_value().encode()):
            raise Rejected(Words("The webhook's token is wrong.", "웹훅 토큰이 올바르지 않습니다."))
        try:
            said = json.loads(request.body)
            hints = [WebhookHint(str(one)) for one in said["orders"]]
            return WebhookResult(hints=hints, event_id=said.get("event"))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            words = Words("The webhook cannot be read.", "웹훅 내용을 읽을 수 없습니다.")
            raise PayloadError(words, path="orders") from error

    @hookimpl
    def push_status(self, connection: Connection, delivery: StatusDelivery) -> Receipt:  # noqa: ARG002  # the hook's own parameters
        """Note what it is told."""
        self.before("push_status")
        self.told.append(delivery)
        return Receipt(Outcome.ACCEPTED)
