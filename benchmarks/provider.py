"""The Locally plugin as it is, but for its agreed pace: what is measured is our work, not our politeness."""

from collections.abc import Sequence
from dataclasses import replace

import tillbridge_locally
from tillbridge.plugin import HttpSettings, Provider, hookimpl
from tillbridge_locally.settings import Settings, http_settings

fetch_orders = tillbridge_locally.fetch_orders
fetch_order = tillbridge_locally.fetch_order
parse_order = tillbridge_locally.parse_order
fetch_hours = tillbridge_locally.fetch_hours
receive_webhook = tillbridge_locally.receive_webhook
check_connection = tillbridge_locally.check_connection
push_status = tillbridge_locally.push_status
push_snapshot = tillbridge_locally.push_snapshot
record_payment = tillbridge_locally.record_payment
order_admin_url = tillbridge_locally.order_admin_url


def _unpaced(settings: Settings) -> HttpSettings:
    return replace(http_settings(settings), requests_per_second=None)


@hookimpl
def providers() -> Sequence[Provider]:
    """Offer Locally, as often as it can be asked."""
    return [replace(one, http=_unpaced) for one in tillbridge_locally.providers()]
