"""Runs the match rules over a whole page: rank after rank, one question to the POS for all that is open."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Generic, Protocol, TypeVar

from tillbridge.matching.evidence import Candidate, Evidence, OrderMatch
from tillbridge.matching.numbers import own_numbers
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, NotOffered, PointOfSale, ProductKey

LINK = "earlier link"

Key = TypeVar("Key", ProductKey, CustomerKey)
Made_co = TypeVar("Made_co", ProductKey, CustomerKey, covariant=True)
Hits = Mapping[Key, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Links:
    """What was linked before, for the orders of one page.

    Attributes:
        customers: the webstore's customer ID -> POS customer ID.
        products: the listing's item ID -> POS product ID, linked by hand.
        of_orders: (webstore order ID, line ID) -> POS product ID, or customer ID where the line ID is
            "": what staff said of one order alone. Nothing speaks against that.
        numbers: a line's own numbers -> POS product ID, linked by hand where there is no item. What the
            rules find speaks against it: then it is no match.
    """

    customers: Mapping[str, str]
    products: Mapping[str, str]
    of_orders: Mapping[tuple[str, str], str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that apply to a connection, sorted by rank."""

    products: Sequence[ProductMatchRule]
    customers: Sequence[CustomerMatchRule]


def match_page(
    orders: Sequence[WebOrder], *, rules: Rules, links: Links, pos: PointOfSale, country: str
) -> list[OrderMatch]:
    """Find the customer and the products of every order.

    The POS is asked at most once a rank for products and once a rank for customers, however many orders
    there are: what a rank has decided is not asked again.

    Args:
        orders: the page.
        rules: which rules apply.
        links: what was linked before.
        pos: is asked.
        country: ISO 3166 code by which local phone numbers are read.

    Returns:
        one result an order, in the same sequence.
    """
    lines = [[_line_case(order, line, links) for line in order.lines] for order in orders]
    _ask([case for of_order in lines for case in of_order], rules.products, _products(pos))
    found = _with_numbers([case for of_order in lines for case in of_order], links, pos)
    customers: list[_CustomerCase] = [_Case((order, country)) for order in orders]
    linked = [_link_key(order, links) for order in orders]
    known = _ask(customers, rules.customers, _customers(pos), {key for key in linked if key})
    return [
        _order_match(
            case, key, known, list(islice(found, len(of_order))), said=(order.id, "") in links.of_orders
        )
        for order, case, key, of_order in zip(orders, customers, linked, lines, strict=True)
    ]


class _Rule(Protocol[Made_co]):
    """What match rules of both kinds have."""

    @property
    def name(self) -> str:
        """What stands in the evidence."""

    @property
    def rank(self) -> int:
        """When it is asked."""

    @property
    def keys(self) -> Callable[..., Iterable[Made_co]]:
        """What makes the keys of a case's subject."""


@dataclass(slots=True)
class _Case(Generic[Key]):
    """One thing that is looked for: a line's product, or an order's customer.

    Attributes:
        subject: what a rule's `keys` are made of.
        evidence: what a rank has found; None until one has.
        asked: every key that was asked, in its sequence.
    """

    subject: tuple[Any, ...]
    evidence: Evidence | None = None
    asked: dict[Key, None] = field(default_factory=dict)

    def decide(self, asked: Sequence[tuple[str, Sequence[Key]]], hits: Hits[Key]) -> None:
        """Take what a rank has found, if anything."""
        candidates: dict[str, Candidate] = {}
        names: list[str] = []
        used: dict[Key, None] = {}
        for name, keys in asked:
            for key in keys:
                found = hits.get(key, ())
                if found:
                    names.append(name)
                    used[key] = None
                    candidates.update((one.id, one) for one in found if one.id not in candidates)
        if candidates:
            self.evidence = Evidence(names[0], _shown(used), tuple(candidates.values()), _shown(self.asked))

    @property
    def result(self) -> Evidence:
        """What was found in the end."""
        return self.evidence or Evidence(asked=_shown(self.asked))


_LineCase = _Case[ProductKey]
_CustomerCase = _Case[CustomerKey]


def _ask(
    cases: Sequence[_Case[Key]],
    rules: Sequence[_Rule[Key]],
    find: Callable[[set[Key]], Hits[Key]],
    beside: Iterable[Key] = (),
) -> Hits[Key]:
    """Let the lowest rank at which anything is found decide each case; return what `beside` led to."""
    extra = set(beside)
    known: Hits[Key] = {}
    for _, group in groupby(rules, key=lambda rule: rule.rank):
        ranked = list(group)
        asked = [
            (case, [(rule.name, tuple(rule.keys(*case.subject))) for rule in ranked])
            for case in cases
            if case.evidence is None
        ]
        for case, by_rule in asked:
            case.asked.update((key, None) for _, keys in by_rule for key in keys)
        wanted = {key for _, by_rule in asked for _, keys in by_rule for key in keys}
        hits = find(wanted | extra)
        if extra:
            known, extra = hits, set()
        for case, by_rule in asked:
            case.decide(by_rule, hits)
    return known or find(extra)


def _products(pos: PointOfSale) -> Callable[[set[ProductKey]], Hits[ProductKey]]:
    def find(keys: set[ProductKey]) -> Hits[ProductKey]:
        found = pos.find_products(keys) if keys else {}
        return {key: [Candidate(hit.product_id, hit.description) for hit in found[key]] for key in found}

    return find


def _customers(pos: PointOfSale) -> Callable[[set[CustomerKey]], Hits[CustomerKey]]:
    def find(keys: set[CustomerKey]) -> Hits[CustomerKey]:
        found = pos.find_customers(keys) if keys else {}
        return {key: [Candidate(hit.customer_id, hit.name) for hit in found[key]] for key in found}

    return find


def _line_case(order: WebOrder, line: WebLine, links: Links) -> _LineCase:
    case: _LineCase = _Case((order, line))
    said = links.of_orders.get((order.id, line.id))
    if said:
        case.evidence = Evidence(rule=LINK, keys=(f"line {line.id}",), candidates=(Candidate(said, ""),))
        return case
    linked = links.products.get(line.listing.item_id) if line.listing else None
    if linked and line.listing:
        named = (f"listing {line.listing.item_id}",)
        case.evidence = Evidence(rule=LINK, keys=named, candidates=(Candidate(linked, ""),))
    return case


def _with_numbers(cases: Sequence[_LineCase], links: Links, pos: PointOfSale) -> Iterator[Evidence]:
    """Let links by lines' own numbers come before the rules, unless those lead elsewhere."""
    named = [_numbers_of(case, links) for case in cases]
    against = {
        links.numbers[numbers]
        for case, numbers in zip(cases, named, strict=True)
        if numbers and not _agrees(case.result, links.numbers[numbers])
    }
    living = _living(against, pos) if against else {}
    for case, numbers in zip(cases, named, strict=True):
        ruled = case.result
        if not numbers:
            yield ruled
            continue
        linked = living.get(links.numbers[numbers], Candidate(links.numbers[numbers], ""))
        if _agrees(ruled, linked.id):
            yield Evidence(LINK, (numbers,), (linked,), ruled.asked)
        else:
            yield Evidence(LINK, (numbers, *ruled.keys), (linked, *ruled.candidates), ruled.asked)


def _numbers_of(case: _LineCase, links: Links) -> str | None:
    """Return a line's own numbers if they are linked, and nothing nearer was said of it."""
    if not links.numbers or case.result.rule == LINK:
        return None
    numbers = own_numbers(case.subject[1])
    return numbers if numbers in links.numbers else None


def _agrees(ruled: Evidence, product_id: str) -> bool:
    return not ruled.candidates or any(one.id == product_id for one in ruled.candidates)


def _living(product_ids: set[str], pos: PointOfSale) -> Mapping[str, Candidate]:
    """Return the products that IDs mean now, of merged ones the one kept, where the POS tells."""
    try:
        cards = pos.product_cards(product_ids)
    except NotOffered:
        return {}
    return {said: Candidate(card.id, card.description) for said, card in cards.items()}


def _link_key(order: WebOrder, links: Links) -> CustomerKey | None:
    linked = links.of_orders.get((order.id, "")) or links.customers.get(order.customer.id or "")
    return CustomerKey(CustomerKeyKind.ID, linked) if linked else None


def _order_match(
    case: _CustomerCase,
    link: CustomerKey | None,
    known: Hits[CustomerKey],
    lines: Sequence[Evidence],
    *,
    said: bool,
) -> OrderMatch:
    evidence, conflict = _match_customer(case.result, link, known)
    if conflict and said:
        evidence, conflict = Evidence(LINK, evidence.keys, evidence.candidates[:1], evidence.asked), False
    return OrderMatch(customer=evidence, conflict=conflict, lines=tuple(lines))


def _match_customer(
    ruled: Evidence, link: CustomerKey | None, known: Hits[CustomerKey]
) -> tuple[Evidence, bool]:
    """Let an earlier link come before the rules; return also whether the two disagree.

    They agree on an ID: what the POS calls a customer may depend on how it was asked.
    """
    found = {one.id: one for one in known.get(link, ())} if link else {}
    if link is None or len(found) != 1:
        return ruled, False
    (linked,) = found.values()
    named = tuple(_shown([link]))
    if not ruled.candidates or any(one.id == linked.id for one in ruled.candidates):
        return Evidence(LINK, named, (linked,), ruled.asked), False
    return Evidence(LINK, named + ruled.keys, (linked, *ruled.candidates), ruled.asked), True


def _shown(keys: Iterable[ProductKey | CustomerKey]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each_shown(keys)))


def _each_shown(keys: Iterable[ProductKey | CustomerKey]) -> Iterator[str]:
    for key in keys:
        extra = key.scope if isinstance(key, ProductKey) else key.name
        yield f"{key.kind.value} {key.value} ({extra})" if extra else f"{key.kind.value} {key.value}"
