"""The bench's webstore read by a profile (`cart.toml`) in the place of Locally's hand-written parser.

All else is the same: what differs between the two measurements is the parsing alone.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks import provider
from tillbridge.plugin import Connection, NotAnOrder, RawOrder, WebOrder, hookimpl
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.mapping import Mapper

_FILE: Final = Path(__file__).with_name("cart.toml")
_MAPPER: Final[Mapper] = load_profile(_FILE.read_text("utf-8"), _FILE.name).mapper
_SETTINGS: Final[Mapping[str, str]] = {}

providers = provider.providers
fetch_orders = provider.fetch_orders
fetch_order = provider.fetch_order
fetch_hours = provider.fetch_hours
receive_webhook = provider.receive_webhook
check_connection = provider.check_connection
push_status = provider.push_status
push_snapshot = provider.push_snapshot
record_payment = provider.record_payment
order_admin_url = provider.order_admin_url


@hookimpl
def parse_order(connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:  # noqa: ARG001  # the hook's own
    """Turn one order's bytes into a web order, as the profile says."""
    return _MAPPER.parse(raw, _SETTINGS)
