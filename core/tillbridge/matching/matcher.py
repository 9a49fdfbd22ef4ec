"""Runs the match rules over a whole page: one question to the POS for products, one for customers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from tillbridge.matching.evidence import Candidate, Evidence, OrderMatch
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, PointOfSale, ProductKey

LINK = "earlier link"

Asked = list[tuple[int, str, tuple[ProductKey, ...]]]
AskedCustomer = list[tuple[int, str, tuple[CustomerKey, ...]]]
Products = Mapping[ProductKey, Sequence[Candidate]]
Customers = Mapping[CustomerKey, Sequence[Candidate]]
Key = TypeVar("Key", ProductKey, CustomerKey)


@dataclass(frozen=True, slots=True)
class Links:
    """What was linked before, for the orders of one page.

    Attributes:
        customers: the webstore's customer ID -> POS customer ID.
        products: the listing's item ID -> POS product ID, linked by hand.
    """

    customers: Mapping[str, str]
    products: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that apply to a connection, sorted by rank."""

    products: Sequence[ProductMatchRule]
    customers: Sequence[CustomerMatchRule]


def match_page(
    orders: Sequence[WebOrder], *, rules: Rules, links: Links, pos: PointOfSale, country: str
) -> list[OrderMatch]:
    """Find the customer and the products of every order, with a fixed number of POS calls.

    Args:
        orders: the page.
        rules: which rules apply.
        links: what was linked before.
        pos: is asked once for all products and once for all customers.
        country: ISO 3166 code by which local phone numbers are read.

    Returns:
        one result an order, in the same sequence.
    """
    asked_lines = [[_line_keys(rules.products, order, line) for line in order.lines] for order in orders]
    asked_customers = [_customer_keys(rules.customers, order, country) for order in orders]
    linked = [_link_key(order, links) for order in orders]
    products = _find_products(pos, {key for order in asked_lines for line in order for key in _keys(line)})
    asked = {key for one in asked_customers for key in _keys(one)}
    customers = _find_customers(pos, asked | {key for key in linked if key})
    return [
        _match_order(order, links, _Asked(lines, customer, link), (products, customers))
        for order, lines, customer, link in zip(orders, asked_lines, asked_customers, linked, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked about one order."""

    lines: Sequence[Asked]
    customer: AskedCustomer
    link: CustomerKey | None


def _find_products(pos: PointOfSale, keys: set[ProductKey]) -> Products:
    found = pos.find_products(keys) if keys else {}
    return {
        key: [Candidate(id=hit.product_id, name=hit.description) for hit in hits]
        for key, hits in found.items()
    }


def _find_customers(pos: PointOfSale, keys: set[CustomerKey]) -> Customers:
    found = pos.find_customers(keys) if keys else {}
    return {
        key: [Candidate(id=hit.customer_id, name=hit.name) for hit in hits] for key, hits in found.items()
    }


def _keys(asked: Iterable[tuple[int, str, tuple[Key, ...]]]) -> Iterable[Key]:
    return (key for _, _, keys in asked for key in keys)


def _line_keys(rules: Sequence[ProductMatchRule], order: WebOrder, line: WebLine) -> Asked:
    return [(rule.rank, rule.name, keys) for rule in rules if (keys := tuple(rule.keys(order, line)))]


def _customer_keys(rules: Sequence[CustomerMatchRule], order: WebOrder, country: str) -> AskedCustomer:
    return [(rule.rank, rule.name, keys) for rule in rules if (keys := tuple(rule.keys(order, country)))]


def _link_key(order: WebOrder, links: Links) -> CustomerKey | None:
    linked = links.customers.get(order.customer.id or "")
    return CustomerKey(CustomerKeyKind.ID, linked) if linked else None


def _match_order(
    order: WebOrder, links: Links, asked: _Asked, found: tuple[Products, Customers]
) -> OrderMatch:
    products, customers = found
    evidence, conflict = _match_customer(asked.customer, asked.link, customers)
    lines = (
        _match_line(line, one, links, products) for line, one in zip(order.lines, asked.lines, strict=True)
    )
    return OrderMatch(customer=evidence, conflict=conflict, lines=tuple(lines))


def _match_line(line: WebLine, asked: Asked, links: Links, found: Products) -> Evidence:
    linked = links.products.get(line.listing.item_id) if line.listing else None
    if linked and line.listing:
        return Evidence(
            rule=LINK,
            keys=(f"listing {line.listing.item_id}",),
            candidates=(Candidate(id=linked, name=""),),
        )
    return _decide(asked, found)


def _match_customer(
    asked: AskedCustomer, link: CustomerKey | None, found: Customers
) -> tuple[Evidence, bool]:
    """Let an earlier link come before the rules; return also whether the two disagree."""
    ruled = _decide(asked, found)
    linked = found.get(link, ()) if link else ()
    if link is None or len(linked) != 1:
        return ruled, False
    evidence = Evidence(rule=LINK, keys=(_shown(link),), candidates=(linked[0],), asked=ruled.asked)
    if not ruled.candidates or linked[0] in ruled.candidates:
        return evidence, False
    both = {"candidates": (linked[0], *ruled.candidates), "keys": evidence.keys + ruled.keys}
    return evidence.model_copy(update=both), True


def _decide(
    asked: list[tuple[int, str, tuple[Key, ...]]], hits: Mapping[Key, Sequence[Candidate]]
) -> Evidence:
    """Let the lowest rank at which anything is found decide."""
    everything = tuple(dict.fromkeys(_shown(key) for _, _, keys in asked for key in keys))
    for _, group in groupby(asked, key=lambda one: one[0]):
        candidates: dict[str, Candidate] = {}
        names, used = [], []
        for _, name, keys in group:
            for key in keys:
                for candidate in hits.get(key, ()):
                    candidates.setdefault(candidate.id, candidate)
                    names.append(name)
                    used.append(_shown(key))
        if candidates:
            return Evidence(
                rule=names[0],
                keys=tuple(dict.fromkeys(used)),
                candidates=tuple(candidates.values()),
                asked=everything,
            )
    return Evidence(asked=everything)


def _shown(key: ProductKey | CustomerKey) -> str:
    extra = key.scope if isinstance(key, ProductKey) else key.name
    return f"{key.kind} {key.value}" + (f" ({extra})" if extra else "")
