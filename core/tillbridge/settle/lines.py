"""The rows that staff see of an order's lines, with the evidence of each match."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import MoneyError
from tillbridge.model.orders import Amount, WebLine, WebOrder
from tillbridge.settle.judge import Verdict


def line_rows(order_id: int, verdict: Verdict) -> Iterator[dict[str, Any]]:
    """Yield the rows of `tables.order_lines` for a judged order."""
    for position, (line, evidence) in enumerate(
        zip(verdict.order.lines, verdict.match.lines, strict=True), start=1
    ):
        found = evidence.found
        yield {
            "order_id": order_id,
            "position": position,
            "line_id": line.id,
            "title": line.title,
            "sku": _number(line),
            "gtin": next(iter(line.values(IdentifierKind.GTIN)), None),
            "quantity": line.quantity,
            "total_minor": _total_minor(line.amount),
            "listing_id": line.listing.item_id if line.listing else None,
            "product_id": found.id if found else None,
            "product": found.name if found else None,
            "evidence": evidence.model_dump_json(),
        }


def _number(line: WebLine) -> str | None:
    """Return the number by which people know a line's product: the SKU, else a part number."""
    kinds = (IdentifierKind.SKU, IdentifierKind.VPN, IdentifierKind.MPN)
    return next((value for kind in kinds for value in line.values(kind)), None)


def _total_minor(amount: Amount) -> int:
    """Return what a line comes to; of mixed currencies, which the order is refused for, its net."""
    try:
        return amount.gross.minor
    except MoneyError:
        return amount.net.minor


def listing_rows(connection_id: int, orders: Iterable[WebOrder]) -> list[dict[str, Any]]:
    """Return the rows of `tables.listings` that these orders show, one an item."""
    rows: dict[str, dict[str, Any]] = {}
    for order in orders:
        for line in order.lines:
            if line.listing:
                numbers = [[one.kind, one.value] for one in line.identifiers]
                rows[line.listing.item_id] = {
                    "connection_id": connection_id,
                    "item_id": line.listing.item_id,
                    "parent_id": line.listing.parent_id,
                    "title": line.title,
                    "identifiers": json.dumps(numbers, ensure_ascii=False),
                }
    return list(rows.values())
