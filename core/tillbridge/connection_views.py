"""Connections as front doors show them, with their health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge import troubles
from tillbridge.connections import stored_settings
from tillbridge.connections.files import secret_fields
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.model.deadlines import Policy
from tillbridge.model.differences import OnCancellation
from tillbridge.model.words import Words
from tillbridge.troubles import Trouble
from tillbridge.webhooks import WebhookState, webhook_states


@dataclass(frozen=True, kw_only=True)
class ConnectionView:
    """A connection as staff see it; its secrets are named, never shown.

    Attributes:
        accept_minutes: of business time, within which an order must be answered; 0: no limit.
        overdue: what happens by itself with an order that nobody answered in time.
        cancelled: what happens by itself with an order that is cancelled before it was accepted.
        pick_up_days: for how long goods wait where staff say no date; 0: no date.
        no_show_days: after how many days more an order is closed as a no-show by itself; None: never.
        trouble: what does not work now, or None.
        trouble_since: UTC; when it began.
        brings_orders: whether it is a webstore's; a payment service's is not.
        webhook: how its webhooks are; None: it has no address for them.
    """

    name: str
    provider: str
    title: str
    account: str
    settings: Mapping[str, str]
    secrets: Sequence[str]
    orders_from: datetime
    poll_seconds: int
    accept_minutes: int
    overdue: Policy
    cancelled: OnCancellation
    pick_up_days: int
    no_show_days: int | None
    enabled: bool
    polled_at: datetime | None
    well_at: datetime | None
    due_at: datetime | None
    trouble: Words | None
    trouble_since: datetime | None = None
    brings_orders: bool = True
    webhook: WebhookState | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether to poll it now; a payment service never is."""
        return self.brings_orders and is_due(self, now)


def is_due(one: ConnectionView | AnyRow, now: datetime) -> bool:
    """Whether to poll a connection now; one that was polled "in the future" is: the clock was set back."""
    return one.due_at is None or one.due_at <= now or (one.polled_at or now) > now


def connection_views(context: Context, rows: Sequence[AnyRow]) -> list[ConnectionView]:
    """Return stored connections (rows of `tables.connections`) as staff see them."""
    standing = troubles.standing(context.database)
    heard = {one.connection: one for one in webhook_states(context.database)}
    return [
        _connection_view(context, row, next(iter(standing.get(row.id, ())), None), heard.get(row.name))
        for row in rows
    ]


def _connection_view(
    context: Context, row: AnyRow, trouble: Trouble | None, webhook: WebhookState | None
) -> ConnectionView:
    known = context.plugins.providers.get(row.provider)
    hidden = secret_fields(known) if known else set()
    return ConnectionView(
        name=row.name,
        provider=row.provider,
        title=known.title if known else row.provider,
        account=row.account_key,
        settings={name: value for name, value in stored_settings(row).items() if name not in hidden},
        secrets=sorted(hidden),
        orders_from=row.orders_from,
        poll_seconds=row.poll_seconds,
        accept_minutes=row.accept_minutes,
        overdue=Policy(row.overdue),
        cancelled=OnCancellation(row.cancelled),
        pick_up_days=row.pick_up_days,
        no_show_days=row.no_show_days,
        enabled=row.enabled,
        polled_at=row.polled_at,
        well_at=row.well_at,
        due_at=row.due_at,
        trouble=trouble.words if trouble else None,
        trouble_since=trouble.since if trouble else None,
        brings_orders=known is None or known.brings_orders,
        webhook=webhook,
    )
