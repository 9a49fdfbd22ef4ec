"""The rows that staff see of an order's lines, with the evidence of each match."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from tillbridge.matching.evidence import Evidence
from tillbridge.matching.numbers import own_numbers
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import MoneyError
from tillbridge.model.orders import Amount, WebLine, WebOrder
from tillbridge.settle.judge import Verdict

LINE_COLUMNS: Final = (
    "order_id",
    "position",
    "line_id",
    "title",
    "sku",
    "gtin",
    "quantity",
    "total_minor",
    "listing_id",
    "numbers",
    "product_id",
    "product",
    "evidence",
)
LISTING_COLUMNS: Final = ("connection_id", "item_id", "parent_id", "title", "identifiers")


def line_rows(order_id: int, order: WebOrder, verdict: Verdict) -> Iterator[tuple[Any, ...]]:
    """Yield a judged order's rows of `LINE_COLUMNS`; lines that staff rejected are shown, and not matched."""
    found = zip(order.lines, _evidence(order, verdict), strict=True)
    for position, (line, evidence) in enumerate(found, start=1):
        yield line_row(order_id, position, line, evidence)


def line_row(order_id: int, position: int, line: WebLine, evidence: Evidence) -> tuple[Any, ...]:
    """Return one line's row of `LINE_COLUMNS`."""
    product = evidence.found
    return (
        order_id,
        position,
        line.id,
        line.title,
        _number(line),
        next(iter(line.values(IdentifierKind.GTIN)), None),
        line.quantity,
        _total_minor(line.amount),
        line.listing.item_id if line.listing else None,
        own_numbers(line),
        product.id if product else None,
        product.name if product else None,
        evidence.as_json(),
    )


def _evidence(order: WebOrder, verdict: Verdict) -> Sequence[Evidence]:
    """Return what matching found for each line of the webstore's order."""
    judged = verdict.order.lines
    if len(judged) == len(order.lines):
        return verdict.match.lines
    known = dict(zip((line.id for line in judged), verdict.match.lines, strict=True))
    return [known.get(line.id, Evidence()) for line in order.lines]


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


def listing_rows(connection_id: int, orders: Iterable[WebOrder]) -> list[tuple[Any, ...]]:
    """Return the rows of `LISTING_COLUMNS` that these orders show, one an item, sorted by item."""
    shown = {line.listing.item_id: line for order in orders for line in order.lines if line.listing}
    return [
        (connection_id, item_id, line.listing and line.listing.parent_id, line.title, _identifiers(line))
        for item_id, line in sorted(shown.items())
    ]


def _identifiers(line: WebLine) -> str:
    numbers = [[one.kind, one.value] for one in line.identifiers]
    return json.dumps(numbers, ensure_ascii=False)
