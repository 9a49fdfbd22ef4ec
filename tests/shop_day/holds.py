"""What must never be in a shop, and what must not be left once a day has come to its end."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from shop_day.books import OPEN, Books
from shop_day.day import OPENING, Day

SOLD = ("New", "In Process", "Ready for Pickup")
FAILED = ("Customer ID Required", "Product Match Failed", "Sale Processing Failed")
CLOSED = ("finished", "closed_empty")
_PIECE = 10_000
_MINSU = "minsu@example.com"


def at_once(day: Day, books: Books) -> list[str]:
    """Return what must not be at any moment, and is."""
    return [
        *_stock(books),
        *_sales(books),
        *_payments_once(books),
        *_orders(books),
        *_told(day, books),
    ]


def _stock(books: Books) -> Iterator[str]:
    """On hand is the sum of the ledger, and what there was at first less what the sales hold."""
    for product in {*books.stock, *books.moved}:
        if books.stock.get(product, 0) != books.moved.get(product, 0):
            yield f"P{product}: on hand {books.stock.get(product)}, ledger {books.moved.get(product)}"
    kin = _kin(books)
    sums: Counter[int] = Counter()
    for product, pieces in OPENING.items():
        sums[kin[product]] += books.stock.get(product, 0) - pieces * _PIECE - books.returned.get(product, 0)
    for item in books.items:
        if item.product_id and item.removed_at is None and books.sales[item.sale_id].state != "void":
            sums[kin[item.product_id]] += item.quantity_e4
    yield from (f"P{product} and its like: {left} too much" for product, left in sums.items() if left)
    yield from (f"P{one} is merged and has stock" for one in books.merged if books.stock.get(one))


def _kin(books: Books) -> dict[int, int]:
    """Return for each product the least of those that it was ever merged with."""
    kin = {product: product for product in OPENING}
    for one in books.merges:
        both = {kin[one.kept_id], kin[one.merged_id]}
        kin = {product: min(both) if head in both else head for product, head in kin.items()}
    return kin


def _sales(books: Books) -> Iterator[str]:
    """One sale an order that is not void; what is closed is settled."""
    counted = Counter(row.order_key for row in books.sales.values() if row.state != "void")
    yield from (f"{count} sales of {key}" for key, count in counted.items() if count > 1)
    for sale in books.sales.values():
        there = books.there(sale.id)
        gross = {
            added: sum(_gross(one) for one in there if bool(one.added_at) is added) for added in (False, True)
        }
        web, counter = _paid(books, sale.id)
        if (sale.state in ("open", "finished")) != bool(there) and sale.state != "void":
            yield f"sale {sale.id} is {sale.state} with {len(there)} items"
        if not 0 <= web <= sale.total_minor or counter < 0:
            yield f"sale {sale.id}: paid {web} of {sale.total_minor} on the web, {counter} here"
        if sale.state in CLOSED and (web > gross[False] or counter != sum(gross.values()) - web):
            yield f"sale {sale.id} is {sale.state}: costs {gross}, paid {web} and {counter}"
        if sale.state == "void" and counter:
            yield f"sale {sale.id} is void, and {counter} was paid here"


def _gross(item: Any) -> int:
    return int(item.net_minor + item.tax_minor)


def _paid(books: Books, sale_id: int) -> tuple[int, int]:
    """Return what was paid by the webstore, and here."""
    paid = [one for one in books.payments if one.sale_id == sale_id]
    web = sum(one.amount_minor for one in paid if one.kind == "ecommerce")
    return web, sum(one.amount_minor for one in paid) - web


def _payments_once(books: Books) -> Iterator[str]:
    """Each payment that staff had made and the POS took is on its sale once; the till's own have no name."""
    wanted: Counter[tuple[str, str, int]] = Counter()
    for one in books.deliveries:
        if one.action == "pay" and books.changes.get(one.key, "not asked") is None:
            detail = json.loads(one.body)["detail"]
            amount = int(Decimal(str(detail["amount"]["minor"])))
            wanted[books.orders[one.order_id].order_key, detail["kind"], amount] += 1
    made = Counter(
        (books.sales[one.sale_id].order_key, one.kind, one.amount_minor) for one in books.payments if one.who
    )
    for payment in wanted.keys() | made.keys():
        if wanted[payment] != made[payment]:
            yield f"{payment}: wanted {wanted[payment]} times, made {made[payment]} times"


def _orders(books: Books) -> Iterator[str]:
    """Status, decision and sale go together."""
    unanswered = {row.order_id for row in books.attempts if row.state == "unanswered"}
    for row in books.orders.values():
        living = books.living(row.order_key)
        if row.status in SOLD and (row.sale_id is None or not living):
            yield f"{row.webstore_id} is {row.status} without a sale"
        if row.status in (*FAILED, None) and living and row.id not in unanswered:
            yield f"{row.webstore_id} is {row.status} with a sale"
        if row.status == "Completed" and row.sale_state not in CLOSED:
            yield f"{row.webstore_id} is Completed, its sale is {row.sale_state}"
        if row.status == "Rejected" and row.decision != "rejected":
            yield f"{row.webstore_id} is Rejected, decided was {row.decision}"
        if row.status in ("In Process", "Ready for Pickup") and row.decision != "accepted":
            yield f"{row.webstore_id} is {row.status}, decided was {row.decision}"
        if row.status == "New" and row.decision:
            yield f"{row.webstore_id} is New, decided was {row.decision}"


def _told(day: Day, books: Books) -> Iterator[str]:
    """The webstore hears each delivery once, in its sequence, and nothing that it was not to hear."""
    numbers = {one.key: one.id for one in books.deliveries}
    times: Counter[str] = Counter()
    heard: dict[str, list[tuple[int, str]]] = defaultdict(list)
    whole: dict[str, dict[int, str]] = defaultdict(dict)
    for name, what, key, lines in day.market.heard():
        times[key] += 1
        number = numbers.get(key, 0)
        heard[name].append((number, what))
        if not lines:
            whole[name][number] = what
    for key, count in times.items():
        if count > 1 + day.twice.get(key, 0):
            yield f"delivery {numbers.get(key)} was sent {count} times"
    for name, told in heard.items():
        if 0 in dict(told) or [number for number, _ in told] != sorted(number for number, _ in told):
            yield f"{name}: the webstore heard {told}"
    for name, decisions in whole.items():
        said = list(decisions.values())
        if any(one == after for one, after in pairwise(said)):
            yield f"{name}: the webstore heard {said}"


def at_rest(day: Day, books: Books) -> list[str]:
    """Return what must not be left once everything is drained, and is."""
    return [*_undone(books), *_decided(day, books), *_ended(books), *_views(day, books)]


def _undone(books: Books) -> Iterator[str]:
    yield from (f"payload of {name} is not handled" for name in books.queue)
    yield from (f"attempt of {one.order_id}" for one in books.attempts if one.state == "unanswered")
    for one in books.deliveries:
        if one.state in OPEN:
            yield f"delivery {one.id} ({one.action}) is {one.state}"
        if one.state == "set_aside" and not _excused(one, books):
            yield f"delivery {one.id} ({one.action}) was set aside: {one.answer_en}"


def _excused(delivery: Any, books: Books) -> bool:
    """Whether the POS refused it, or what stood before it: nothing else is a reason here."""
    if delivery.destination != "pos":
        return False
    return bool(books.changes.get(delivery.key)) or any(
        one.act == delivery.act and books.changes.get(one.key) for one in books.deliveries
    )


def _decided(day: Day, books: Books) -> Iterator[str]:
    """Of each line that was there from the first to the last, the webstore believes what was decided."""
    heard = day.market.heard()
    for row in books.orders.values():
        rejected = books.rejected_lines(row.id)
        for line in _lasting_lines(row.id, books):
            told = [
                one.said for one in heard if one.order == row.webstore_id and line in (one.lines or {line})
            ]
            believed = told[-1] if told else None
            decided = "rejected" if line in rejected else row.decision
            if believed != decided:
                yield f"{row.webstore_id}/{line}: the webstore believes {believed}, decided was {decided}"


def _lasting_lines(order_id: int, books: Books) -> set[str]:
    versions = [content for (owner, _), content in books.contents.items() if owner == order_id]
    return (
        set.intersection(*({line["id"] for line in one["lines"]} for one in versions)) if versions else set()
    )


def _ended(books: Books) -> Iterator[str]:
    refused = {
        one.order_id for one in books.deliveries if one.destination == "pos" and one.state == "set_aside"
    }
    for row in books.orders.values():
        name, living = row.webstore_id, books.living(row.order_key)
        if row.refund == "look":
            yield f"nobody looked at what the webstore has to give back of {name}"
        if row.status in (None, "Process Sale") or row.closing:
            yield f"{name} stays {row.status}, closing {row.closing}"
        real = (living[0].state, living[0].number) if living else (None, None)
        if (row.sale_state, row.sold_attempt) != real:
            yield f"{name}: known is {row.sale_state} of {row.sold_attempt}, in the POS it is {real}"
        if row.status in SOLD and row.sale_state == "finished":
            yield f"{name} is sold, and {row.status}"
        by_hand = "reject, the sale by hand" in books.entries.get(row.id, ())
        if row.status == "Rejected" and row.sale_state == "open" and not by_hand and row.id not in refused:
            yield f"{name} is Rejected, and its goods are not back"
        if row.status in FAILED and row.status != _lacking(row, books):
            yield f"{name} is {row.status}, and should be {_lacking(row, books)}"


def _lacking(row: Any, books: Books) -> str | None:
    """Return the status that an order without a sale must have, by what it lacks; None: it can be sold."""
    newest = books.newest(row.id)
    if newest is None or '"payload_damaged"' in row.reasons or _lacks(newest) not in (0, _released(row)):
        return "Sale Processing Failed"
    if not _customer_known(row, newest["customer"], books):
        return "Customer ID Required"
    sold = [line for line in newest["lines"] if line["id"] not in books.rejected_lines(row.id)]
    if not all(_product_known(row, line, books) for line in sold):
        return "Product Match Failed"
    return None


def _lacks(newest: dict[str, Any]) -> int:
    """Return what an order's lines lack of its total."""
    parts = sum(int(line["amount"]["net"]["minor"]) for line in newest["lines"])
    return int(newest["total"]["minor"]) - parts


def _released(row: Any) -> int:
    """Return by what staff adjusted an order whose sums differ; 0: they did not."""
    return int(json.loads(row.released)["amount"]["minor"]) if row.released else 0


def _customer_known(row: Any, customer: dict[str, Any], books: Books) -> bool:
    linked = (row.id, "") in books.own_links or customer["id"] in books.customer_links
    return linked or customer["email"] == _MINSU


def _product_known(row: Any, line: dict[str, Any], books: Books) -> bool:
    listing = line["listing"]["item_id"]
    if (row.id, line["id"]) in books.own_links or listing in books.listing_links:
        return True
    return len(books.known_by.get(line["identifiers"][0]["value"], ())) == 1


def _views(day: Day, books: Books) -> Iterator[str]:
    """A sale as staff see it adds up as its items and payments do."""
    for sale in books.sales.values():
        seen = day.engine.pos.sale(sale.barcode)
        if seen is None:
            yield f"sale {sale.id} is not shown"
            continue
        total, (web, counter) = sum(map(_gross, books.there(sale.id))), _paid(books, sale.id)
        if (seen.total.minor, seen.balance.paid.minor) != (total, web + counter):
            yield f"sale {sale.id} costs {total}, shown is {seen.total}"
