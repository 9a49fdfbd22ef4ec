"""Where one peer is measured. It imports nothing of tillbridge: peers run in environments of their own."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ORDERS_PATH = "/api/v2/orders"
DATABASE = "orders.sqlite3"


@dataclass(frozen=True, kw_only=True)
class PeerPlace:
    """What a peer is given.

    Attributes:
        webstore_url: where the orders are.
        folder: empty, for its database and whatever else it leaves.
        shop: the shop's products and customers as files; a peer may keep there what every run starts from.
        limit: how many orders are wanted.
        page: how many orders the webstore gives at once.
    """

    webstore_url: str
    folder: Path
    shop: Path
    limit: int
    page: int

    @property
    def database(self) -> Path:
        """The SQLite file in which the orders are to be afterwards."""
        return self.folder / DATABASE

    def as_options(self) -> list[str]:
        """Return it as `benchmarks.peers.one` is told it."""
        folders = ["--folder", str(self.folder), "--shop", str(self.shop)]
        sizes = ["--limit", str(self.limit), "--page", str(self.page)]
        return ["--webstore", self.webstore_url, *folders, *sizes]


def fetch_orders(place: PeerPlace) -> Iterator[dict[str, Any]]:
    """Yield the webstore's first orders, fetched page by page over one connection."""
    connection = http.client.HTTPConnection(place.webstore_url.removeprefix("http://"))
    try:
        yield from islice(_orders(connection, place.page), place.limit)
    finally:
        connection.close()


def _orders(connection: http.client.HTTPConnection, page: int) -> Iterator[dict[str, Any]]:
    after, more = "", True
    while more:
        connection.request("GET", f"{ORDERS_PATH}?{urlencode({'after_hash': after, 'limit': page})}")
        data = json.loads(connection.getresponse().read())["data"]
        yield from data["orders"]
        after, more = data["orders"][-1]["hash"], data["more"]
