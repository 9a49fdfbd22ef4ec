"""Every hook of tillbridge: the contract between the engine and its plugins.

A plugin is a module with functions marked `@hookimpl`, registered under the entry-point group
`tillbridge`. A complete one:

    from tillbridge.plugin import Capability, HttpSettings, Provider, hookimpl

    @hookimpl
    def providers():
        return [Provider(name="example", title="Example", settings=Settings,
                         account_key=lambda settings: settings.shop, http=client_settings,
                         capabilities=frozenset({Capability.ORDERS}))]

    @hookimpl
    def fetch_orders(connection, cursor): ...

    @hookimpl
    def fetch_order(connection, order_id): ...

    @hookimpl
    def parse_order(connection, raw): ...

Parameters are plain and positional. A provider's hook is called for that provider's connections
and no other; rules are collected once, at load; observers are called one by one after the commit,
and what they raise is logged and changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import pluggy

from tillbridge.events import ExportFinished, OrderImported, StatusChanged
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.exchange import (
    ConnectionCheck,
    EffectDelivery,
    NotAnOrder,
    OrderPage,
    RawOrder,
    Receipt,
    StatusDelivery,
)
from tillbridge.model.listings import ListingPage
from tillbridge.model.money import Money
from tillbridge.model.offers import Offer
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import PaidOrder, PaymentDelivery, PaymentEntry, PaymentReceipt, WebPayment
from tillbridge.model.status.rules import TransitionRule
from tillbridge.model.web_hours import WebHours
from tillbridge.model.webhooks import WebhookRequest, WebhookResult
from tillbridge.model.words import Words
from tillbridge.provider import Connection, Provider

hookspec = pluggy.HookspecMarker("tillbridge")


@hookspec
def providers() -> Sequence[Provider]:
    """Return what this plugin offers. Called once, at load; no I/O."""
    raise NotImplementedError


@hookspec
def provider_problems() -> Sequence[Words]:
    """Return what keeps this plugin from offering more providers: files of its users that cannot be read.

    Called once, at load, after `providers`, which leaves out what is faulty. Each is told where plugins'
    problems are: in the log, by `tillbridge providers` and by `tillbridge doctor`.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def check_connection(connection: Connection) -> ConnectionCheck:
    """Say whose account this is, or raise: `Misconfigured` for wrong or weak credentials, `Retryable`.

    Called before a connection is saved and when staff ask. Reads only.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def fetch_hours(connection: Connection) -> Mapping[str, WebHours]:
    """Return the business hours that the webstore shows for its locations, by the location's ID.

    Called when a connection is made, and when staff ask; proposed to them, and taken by nobody else. Say
    the whole week or none: what cannot be read, or may mean more than one thing, is `WebHours.unread`.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def fetch_orders(connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
    """Yield the webstore's new and changed orders, page by page, oldest change first.

    Called for each poll. `cursor` is what the last kept page returned, or None the first time:
    start at `connection.orders_from` then. A cursor may only move to where nothing older can still
    be missed (overlap by the webstore's own grain; yielding an order again is harmless); a page
    without a safe cursor says None. Second calls (lines, customer) are made here, so that parsing
    needs no network. Raise `Retryable` when the webstore is away, `Misconfigured` when it refuses
    the credentials: the pages already yielded stay. Up to the first page with an order they
    are read in the caller's thread, all further ones in another, one at a time: keep nothing that belongs
    to a thread.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def fetch_order(connection: Connection, order_id: str) -> RawOrder:
    """Return one order as it is now, in the same parts as `fetch_orders` gives.

    Called after a webhook, for "check again", and where two readings overlap. Raise `Rejected` when
    the webstore has no such order.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def parse_order(connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:
    """Turn kept bytes into a web order; pure: no I/O, no clock, the same answer every time.

    Called at settle, and again at every replay. Raise `PayloadError` with the field's path for what
    is damaged; never guess and never drop a line. Answer `NotAnOrder` for drafts, tests, abandoned carts.
    `WebOrder.money` says whether the webstore has charged what is paid, where it tells.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def receive_webhook(connection: Connection, request: WebhookRequest) -> WebhookResult:
    """Say what to fetch because of a request that the webstore sent by itself; no I/O.

    Called once for each request at the connection's own address, before it is answered. First verify it, on
    the raw bytes and in constant time: raise `Rejected` for one that the webstore did not send,
    `Misconfigured` where a setting is lacking for that, and only then read: `PayloadError` for what cannot be
    read. Trust nothing in it but which order it is about. The order is fetched later, by `fetch_order`.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def push_status(connection: Connection, delivery: StatusDelivery) -> Receipt:
    """Tell the webstore what became of an order or of some of its lines (`delivery.said`).

    Called by the outbox, one at a time per order, again after `Retryable` or an answer that was
    lost: it must be idempotent by `delivery.key` or by nature. Called only for what the provider
    `hears`. A refusal for good is a `Receipt`, or `Rejected`.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def push_inventory(connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
    """Tell the webstore how many pieces of these there are; the receipt of each, by `Offer.key`.

    Called with what changed since the webstore last accepted it, `Provider.exporting.batch` at most. Say
    the number, never a difference: what was said may be said again. An offer without a receipt counts as
    unknown and is told again. One that is refused must not stop the others; raise `Rejected` only where
    the webstore refuses the call as a whole (the offers then come one by one), `Retryable` where it is
    away. What a product was known by before a number was corrected comes in a call of its own, with
    quantity 0, before the new number.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def push_prices(connection: Connection, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
    """Tell the webstore what these cost; as `push_inventory`, where prices go by a call of their own."""
    raise NotImplementedError


@hookspec(firstresult=True)
def push_snapshot(connection: Connection, offers: Iterator[Offer]) -> Receipt:
    """Tell the webstore everything: what it has is replaced by this, whole or not at all.

    For webstores that take files. `offers` are streamed and can be read once, and have to be read to their
    end; what is to be shown no more is not among them. Called when something changed, and when what the
    webstore has becomes too old.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def check_export(connection: Connection, tickets: Sequence[str]) -> Mapping[str, Receipt]:
    """Return what became of what was pending, by ticket; reads only. A ticket left out is asked again.

    After six hours it counts as not answered, and what it stood for is told again.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def fetch_listings(connection: Connection, cursor: str | None) -> Iterator[ListingPage]:
    """Yield everything that the webstore lists, page by page; where products have variants, the variants.

    Called for a check, by hand and once a day where stock and prices are exported. `cursor` is None from the
    start; else the last kept page's, where a reading that was cut off goes on (within an hour). Reads only.
    Raise `Retryable` when the webstore is away: the pages already yielded stay.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def record_payment(connection: Connection, order: PaidOrder) -> Sequence[WebPayment]:
    """Return each payment of an order as it is now: what is held, taken, given back, or was declined.

    Called when a paid order comes or changes, after each act on its payments, after a webhook, when staff
    ask, and a few times a day as long as something may still change; outside of every transaction. Read what
    the service has (where the connection is the webstore's own, the order's payload may say it); never
    assume. Reads only.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def fetch_payment(connection: Connection, payment_id: str) -> WebPayment:
    """Return one payment as its service has it now. Reads only.

    Called before an act is tried again, and for a webhook that named it. Raise `Rejected` where the service
    has no such payment.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def capture_payment(
    connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Take a held payment, whole or in part (`amount`); what is held beyond it is released with that.

    Called by the outbox, one at a time for each order, again after `Retryable` or an answer that was lost:
    it must be idempotent by `delivery.key`. Return the payment as it is then. A refusal for good (declined,
    expired) is a `PaymentReceipt` of `Outcome.REFUSED`, or `Rejected`; `Outcome.UNKNOWN` and `PENDING` are
    read again later.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def release_payment(
    connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Give up a hold, so that the customer is not charged. `amount` is all of it. As `capture_payment`."""
    raise NotImplementedError


@hookspec(firstresult=True)
def refund_payment(
    connection: Connection, payment: WebPayment, amount: Money, delivery: PaymentDelivery
) -> PaymentReceipt:
    """Give back a captured payment, whole or in part. As `capture_payment`.

    Accepted is what the service has taken up: whether the customer has it already says
    `WebPayment.refund_pending`. Keep `delivery.key` with the refund where the service can (`WebRefund.key`):
    by it a refund whose answer was lost is known again.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def list_payments(connection: Connection, since: datetime, until: datetime) -> Iterator[PaymentEntry]:
    """Yield what moved at the service from `since` to before `until` (UTC): charges, refunds, fees, payouts.

    Called when a day is reconciled. In any sequence; each line once. Reads only.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def order_admin_url(connection: Connection, order: WebOrder) -> str | None:
    """Return where staff see this order in the webstore's own admin, or None. No I/O."""
    raise NotImplementedError


@hookspec
def customer_match_rules() -> Sequence[CustomerMatchRule]:
    """Return further rules that find customers. Called once, at load; names are unique."""
    raise NotImplementedError


@hookspec
def product_match_rules() -> Sequence[ProductMatchRule]:
    """Return further rules that find products. Called once, at load; names are unique."""
    raise NotImplementedError


@hookspec
def transition_rules() -> Sequence[TransitionRule]:
    """Return guards and effects that this plugin adds to what staff do. Called once, at load.

    A rule's guard may veto with words; where it fails, the fault is logged, stands in the order's
    timeline, and blocks nothing: a shop must not stand still for it.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def perform_effect(effect: EffectDelivery) -> Receipt:
    """Do what one of this plugin's transition rules added. Must be idempotent by `effect.key`.

    Called by the outbox after the transition is committed, on the plugin whose rule it is, one at a time
    per order, again after `Retryable` or an answer that was lost.
    """
    raise NotImplementedError


@hookspec
def order_imported(event: OrderImported) -> None:
    """Learn that a web order was seen for the first time. After the commit; never needed for correctness."""


@hookspec
def status_changed(event: StatusChanged) -> None:
    """Learn that an order's status changed. After the commit; never needed for correctness."""


@hookspec
def export_finished(event: ExportFinished) -> None:
    """Learn that an export told a webstore something, or failed. After it; never needed for correctness."""
