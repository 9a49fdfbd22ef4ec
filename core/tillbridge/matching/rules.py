"""Match rules are data: which keys of an order meet which keys of the POS, and in what rank."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tillbridge.model.orders import WebLine, WebOrder
from tillbridge.model.words import Words
from tillbridge.pos.contract import CustomerKey, ProductKey

LineKeys = Callable[[WebOrder, WebLine], Iterable[ProductKey]]
OrderKeys = Callable[[WebOrder, str], Iterable[CustomerKey]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMatchRule:
    """One way to find the product of a line.

    Rules are asked from the lowest rank up; the first rank at which anything is found decides: one
    product is a match, several are none. Rules of equal rank are asked together.

    Attributes:
        name: stands in the match's evidence.
        title: what staff read.
        rank: GTIN 100, repaired GTIN 200, part number 300; a plugin's rule takes what fits between.
        keys: the line's keys by this rule; pure, and quick: it runs for every line.
    """

    name: str
    title: Words
    rank: int
    keys: LineKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMatchRule:
    """One way to find the customer of an order. An earlier link comes before every rule.

    Attributes:
        name: stands in the match's evidence.
        title: what staff read.
        rank: e-mail 100, phone and name 200.
        keys: the order's keys by this rule; the second argument is the store's country (ISO 3166),
            by which local phone numbers are read.
        switched_on: False for a rule that a connection must ask for by name (`match_by`).
    """

    name: str
    title: Words
    rank: int
    keys: OrderKeys
    switched_on: bool = True
