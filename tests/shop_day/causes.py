"""What staff must see, worked out from its causes as docs/messages.md has them; and what is shown instead."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from shop_day.books import Books
from shop_day.day import Day
from shop_day.holds import SOLD
from tillbridge.messages.orders import count_to_act

_OVER = ("Rejected", "Completed", "Archived")
_BY_STATUS = {
    "New": "new",
    "Customer ID Required": "customer needed",
    "Product Match Failed": "product needed",
    "Sale Processing Failed": "sale failed",
    "In Process": "to get ready",
}
# They are no order's, or depend on more than orders, and are looked at by themselves.
_APART = ("short", "connection down")
_OPENS, _CLOSES = timedelta(hours=1), timedelta(hours=11)  # 10:00 to 20:00 in Seoul
_ALLOWED = timedelta(hours=4)


def message_faults(day: Day, books: Books) -> list[str]:
    """Return the messages that stand without their cause, and the causes without a message."""
    shown = {str(one.cause): one.count for one in day.engine.messages()}
    wanted = _wanted(day, books)
    counted = {cause: len(names) for cause, names in wanted.items()}
    found = [
        f"“{cause}” {shown.get(cause, 0)} times instead of {counted.get(cause, 0)}: {wanted.get(cause)}"
        for cause in (shown.keys() | counted.keys()) - set(_APART)
        if shown.get(cause, 0) != counted.get(cause, 0)
    ]
    to_act = set().union(*(wanted[cause] for cause in wanted if cause not in _NO_ACT))
    with day.engine.context.database.read() as database:
        counted_to_act = count_to_act(database, day.clock.now())
    if counted_to_act != len(to_act):
        found.append(f"{counted_to_act} orders to act on instead of {sorted(to_act)}")
    short = _short(books)
    if short is not None and short != ("short" in shown):
        found.append(f"“short” is shown: {not short}")
    return found


_NO_ACT = ("to import", "overdue", "due soon")


def _wanted(day: Day, books: Books) -> dict[str, set[str]]:
    """Return the orders of each cause."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in books.orders.values():
        for cause in (*_of_status(row, day.clock.now(), books), *_of_facts(row, day, books)):
            found[cause].add(row.webstore_id)
    unanswered = {one.order_id for one in books.attempts if one.state == "unanswered"}
    to_import = {
        row.webstore_id
        for row in books.orders.values()
        if row.status == "Process Sale" or row.id in unanswered
    }
    found["to import"] = to_import | books.queue
    return {cause: names for cause, names in found.items() if names}


def _of_status(row: Any, now: datetime, books: Books) -> Iterator[str]:
    """Yield what an order's own state asks of staff."""
    if row.status == "Sale Processing Failed" and '"totals_mismatch"' in row.reasons:
        yield "sums differ"
    elif _closed_empty(row):
        yield "closed without items"
    elif row.status == "In Process" and _to_decide(row):
        yield "item added"
    elif row.status in _BY_STATUS:
        yield _BY_STATUS[row.status]
    if row.status == "In Process" and row.expected_at and row.expected_at <= now:
        yield "expected date passed"
    waits = row.status == "Ready for Pickup" and row.sale_state == "open"
    if waits and row.pick_up_until and row.pick_up_until <= now:
        yield "pick-up date passed"
    if row.decision is None and row.standing == "open" and row.status not in _OVER:
        used = _business(_since(row, books), now)
        if used >= _ALLOWED:
            yield "overdue"
        elif 2 * used >= _ALLOWED:
            yield "due soon"


def _to_decide(row: Any) -> bool:
    """Whether the customer added an item that nobody has decided."""
    return not {"added", "undecided"}.isdisjoint(json.loads(row.line_states).values())


def _closed_empty(row: Any) -> bool:
    going = row.status in ("New", "In Process", "Ready for Pickup")
    return going and row.sale_state == "closed_empty" and row.closing is None


def _since(row: Any, books: Books) -> datetime:
    """Return from when an order is to be answered: placed, or paid at last where it was not."""
    before = None
    for (order_id, number), content in sorted(books.contents.items()):
        if order_id != row.id:
            continue
        if content["standing"] == "open":
            moment: datetime = books.seen[row.id, number] if before == "unpaid" else row.placed_at
            return moment
        before = content["standing"]
    raise AssertionError(f"{row.webstore_id} was never open")


def _business(since: datetime, now: datetime) -> timedelta:
    """Return how long the shop was open in between: from 10:00 to 20:00 in Seoul, every day."""
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
    used = timedelta()
    while midnight <= now:
        used += max(timedelta(), min(now, midnight + _CLOSES) - max(since, midnight + _OPENS))
        midnight += timedelta(days=1)
    return used


def _of_facts(row: Any, day: Day, books: Books) -> Iterator[str]:
    """Yield what happened to an order and waits for staff, whatever its status."""
    put_away = row.status == "Archived" and not row.put_aside
    over = row.status in ("Completed", "Archived")
    if row.decision == "rejected" and row.sale_state == "finished" and row.status != "Archived":
        yield "sold though rejected"
    if row.sale_id and not put_away and (cause := _changed(row, day, books)):
        yield cause
    if row.status == "Completed" and row.kind == "ropis" and row.resolution is None:
        yield "outcome needed"
    if row.standing != "refunded" and row.refund != "look" and _web_back(row, books):
        yield "refund due"
    if (not over or row.put_aside) and _not_told(row, books):
        yield "not delivered"
    last = [one for one in books.contacts if one.order_id == row.id][-1:]
    if last and last[0].again_at and last[0].again_at <= day.clock.now() and not over:
        yield "call again"


def _web_back(row: Any, books: Books) -> int:
    """Return what the webstore has to give back for goods of an order that came back."""
    return sum(books.web_back.get(sale.id, 0) for sale in books.living(row.order_key))


def _changed(row: Any, day: Day, books: Books) -> str | None:
    """Return whether the webstore changed a sold order, and nobody has said yet that the sale stays."""
    newest, sold, kept = (
        _without(one, books.rejected_lines(row.id))
        for one in (books.newest(row.id), books.sold(row.id), day.kept.get(row.id))
    )
    if newest is None or newest in (sold, kept):
        return None
    if newest["standing"] == "fulfilled" and {**newest, "standing": "open"} == sold:
        day.kept[row.id] = books.newest(row.id)  # handed over as it was sold: that is kept by itself
        return None
    if row.decision == "rejected" and newest["standing"] != "open":
        return None
    gone = newest["standing"] in ("cancelled", "refunded")
    if gone and row.resolution not in (None, "picked_up"):
        return None  # the webstore was told that nothing came of it
    if newest["standing"] == "refunded" and (row.refund == "look" or _web_back(row, books)):
        return None  # it was asked to give the money back
    return "cancelled at the webstore" if gone else "changed at the webstore"


def _without(content: dict[str, Any] | None, rejected: frozenset[str]) -> dict[str, Any] | None:
    """Return an order's content without the lines that staff rejected; its sums follow from what is left."""
    if content is None or not rejected:
        return content
    lines = [line for line in content["lines"] if line["id"] not in rejected]
    return {**content, "lines": lines, "total": None, "tenders": None}


def _not_told(row: Any, books: Books) -> bool:
    theirs = [one for one in books.deliveries if one.order_id == row.id]
    return any(
        one.state == "set_aside"
        and not any(
            later.state == "sent" and later.id > one.id and later.destination == one.destination
            for later in theirs
        )
        for one in theirs
    )


def _short(books: Books) -> bool | None:
    """Return whether an order lacks goods; None where products were merged or items moved by hand."""
    below = {product for product, pieces in books.stock.items() if pieces < 0}
    if books.merges or any(one.added_at or one.removed_at for one in books.items):
        return None if below else False
    selling = {
        one.product_id
        for row in books.orders.values()
        if row.status in SOLD and row.sale_state == "open"
        for sale in books.living(row.order_key)
        for one in books.there(sale.id)
    }
    return bool(below & selling)
