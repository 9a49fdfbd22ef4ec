"""What staff call the products and customers of an order that were linked by hand: a link keeps IDs only."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from tillbridge.matching.evidence import Candidate
from tillbridge.model.errors import TillbridgeError
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, PointOfSale
from tillbridge.views import OrderView


def known_names(pos: PointOfSale, order: OrderView) -> Mapping[str, str]:
    """Return the names by ID that an order's evidence lacks, as far as the point of sale tells them."""
    products = {one.id for line in order.lines for one in line.evidence.candidates if not one.name}
    people = order.customer_evidence.candidates if order.customer_evidence else ()
    keys = [CustomerKey(CustomerKeyKind.ID, one.id) for one in people if not one.name]
    names: dict[str, str] = {}
    # A till that is away, or tells nothing, leaves IDs: the order is shown all the same.
    with suppress(TillbridgeError):
        if keys:
            names |= {key.value: hits[0].name for key, hits in pos.find_customers(keys).items() if hits}
        if products:
            names |= {said: card.description for said, card in pos.product_cards(products).items()}
    return names


def named(candidates: Iterable[Candidate], names: Mapping[str, str], between: str) -> str:
    """Return candidates as staff read them: name and ID, or the ID alone."""
    whole = [(one.name or names.get(one.id, ""), one.id) for one in candidates]
    return between.join(f"{name} ({number})" if name else number for name, number in whole)
