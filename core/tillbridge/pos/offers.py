"""What a point of sale has to offer to webstores: one product in one store, as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money


class ShelfItem(NamedTuple):
    """A product in one store.

    Attributes:
        store: the store's code.
        product_id: the POS's ID of it.
        on_hand: pieces that can be sold: what open sales hold is off it already. None: nobody ever said
            how many there are, so that nothing is published of it.
        price: as on the shelf, with or without tax as the store's prices are; None: unknown.
        description: what it is called.
        category: the shop's own, or "".
        published: marked for eCommerce, active, and not merged into another product.
        numbers: its kinds and numbers, each once, in the form in which they are compared.
        merged_into: the ID of the product that it turned out to be, or "": what waits
            for it waits for that one.
    """

    store: str
    product_id: str
    on_hand: Decimal | None
    price: Money | None
    description: str = ""
    category: str = ""
    published: bool = True
    numbers: Sequence[tuple[IdentifierKind, str]] = ()
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class ShelfChanges:
    """What changed since a cursor, each product and store once, as it is now, and the cursor after it.

    Attributes:
        more: whether there is more after `cursor` already.
    """

    items: Sequence[ShelfItem]
    cursor: str
    more: bool = False
