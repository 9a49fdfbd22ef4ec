"""Counts what an import has left in each table, so that a variant that wrote less is found out."""

import sys
from typing import Final

from benchmarks.raw import Raw
from benchmarks.scene import Place

_TABLES: Final = (
    "payloads",
    "orders",
    "order_versions",
    "order_lines",
    "listings",
    "attempts",
    "timeline",
    "customer_links",
    "pos_orders",
    "pos_sales",
    "pos_sale_items",
    "pos_sale_comments",
    "pos_stock_movements",
    "pos_attempts",
)
Counts = dict[str, int]


def counts(place: Place) -> Counts:
    """Return how many rows each table has, and what is on hand of everything."""
    raw = Raw(place)
    found = {table: int(raw.ask(f"SELECT count(*) FROM {table}")[0][0]) for table in _TABLES}  # noqa: S608  # our own names
    found["on hand"] = int(raw.ask("SELECT sum(on_hand_e4) FROM pos_stock")[0][0])
    raw.close()
    return found


def compare(other: Counts, product: Counts) -> None:
    """End the run if the floor, or a profile, did less or more than tillbridge with Locally's plugin."""
    if other != product:
        sys.exit(f"The variants and tillbridge have not written the same rows: {other} and {product}")
