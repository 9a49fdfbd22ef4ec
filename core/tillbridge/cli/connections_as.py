"""Connections as data for scripts."""

from datetime import datetime
from typing import Any

from tillbridge.cli.policies import ASK
from tillbridge.connection_views import ConnectionView
from tillbridge.webhooks import WebhookState


def connection_data(one: ConnectionView) -> dict[str, Any]:
    """Return a connection as scripts read it."""
    return {
        "name": one.name,
        "provider": one.provider,
        "account": one.account,
        "settings": dict(one.settings),
        "secrets": list(one.secrets),
        "orders_from": _moment(one.orders_from),
        "poll_seconds": one.poll_seconds,
        "accept_hours": one.accept_minutes / 60,
        "overdue": one.overdue.value,
        "cancelled": one.cancelled.value,
        "pick_up_days": one.pick_up_days,
        "no_show": ASK if one.no_show_days is None else one.no_show_days,
        "enabled": one.enabled,
        "polled_at": _moment(one.polled_at),
        "well_at": _moment(one.well_at),
        "due_at": _moment(one.due_at),
        "trouble": one.trouble.en if one.trouble else None,
        "trouble_ko": one.trouble.ko if one.trouble else None,
        "trouble_since": _moment(one.trouble_since),
        "webhook": _webhook_data(one.webhook) if one.webhook else None,
    }


def _webhook_data(one: WebhookState) -> dict[str, Any]:
    standing = "refused" if one.is_refused else "silent" if one.is_silent else "well"
    return {
        "standing": standing if one.heard_at or standing != "well" else "not heard yet",
        "opened_at": _moment(one.opened_at),
        "heard_at": _moment(one.heard_at),
        "waiting": one.waiting,
        "missed": one.missed,
        "refused": one.refused,
        "why": one.why.en if one.why else None,
        "why_ko": one.why.ko if one.why else None,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
