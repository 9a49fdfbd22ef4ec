"""An offer: a product's stock and price as a webstore should show it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tillbridge.model.listings import Listing
from tillbridge.model.money import Money
from tillbridge.model.orders import LineIdentifier
from tillbridge.model.stores import Store

MOST_IN_A_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A product in one store, as a webstore should show it.

    Attributes:
        key: names it in the receipts; the same in every run. It ends in "/gone" for the numbers that a
            product had before they were corrected, or the item that it was.
        location: the webstore's location that the store is; "" where the webstore has but one.
        store: whose stock it is.
        product_id: the POS's ID of the product.
        title: what the shop calls it.
        identifiers: its numbers, in the form in which they are compared.
        quantity: whole pieces that may be sold, never below 0; 0 for what is to be shown no more. None in
            `push_prices`, which is about prices alone.
        price: as on the shelf, with or without tax as the store's prices are; None where it is not known,
            and in `push_inventory` where prices go apart.
        listing: the webstore's own item that it is, as `fetch_listings` said it last; only with
            `Exporting.by_listing`.
            A product that is listed twice comes once for each of its items.
    """

    key: str
    location: str
    store: Store
    product_id: str
    title: str
    identifiers: tuple[LineIdentifier, ...] = ()
    quantity: int | None = None
    price: Money | None = None
    listing: Listing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """How a provider takes stock and prices.

    Attributes:
        batch: how many offers a call of `push_inventory` or `push_prices` gets at most.
        together: `push_inventory` takes the price too, so that `push_prices` is not needed.
        refresh: how old what the webstore has may become before it must be told everything anew, changed or
            not; two minutes at least.
        expires: how old it may become before the webstore switches the shop off.
        by_files: they go by `Connection.files`: a connection that says nowhere is not exported.
        by_listing: the webstore is told by its own items (`Offer.listing`): its list is read before it is
            told anything, and a product that it does not list is not told. Needs `Capability.LISTINGS`.
    """

    batch: int = 100
    together: bool = False
    refresh: timedelta | None = None
    expires: timedelta | None = None
    by_files: bool = False
    by_listing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffers:
    """How many pieces of a product are kept from a webstore, so that nothing is sold that is just gone.

    Attributes:
        every: of every product.
        categories: of the products of a category, by its name; goes before `every`.
        products: of a product, by its ID; goes before both.
    """

    every: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)

    def of(self, product_id: str, category: str) -> int:
        """Return how many pieces of a product are kept back."""
        return self.products.get(product_id, self.categories.get(category, self.every))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is too much of a change to be believed; such an offer is held until staff say that it is right.

    Attributes:
        price_percent: how much a price may move at once, up or down; 0: as much as it likes.
        times: by what factor a stock may grow at once ...
        pieces: ... and to at least how many pieces, to be held; 0: as much as it likes.
        emptied_percent: of what the webstore showed, how much may become 0 within a day; 0: all of it.
    """

    price_percent: int = 60
    times: int = 20
    pieces: int = 200
    emptied_percent: int = 50
