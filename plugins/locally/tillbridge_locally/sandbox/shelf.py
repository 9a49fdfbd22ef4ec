"""What Locally believes that each store has: pieces and prices, told by the shop or from its catalogue.

It is one number per store and product. Whatever is ordered goes off it at once, and comes back when an item
is denied or cancelled; what the shop tells next takes its place.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tillbridge_locally.sandbox.places import Place
from tillbridge_locally.sandbox.shop import Shop
from tillbridge_locally.sandbox.store import Entry, word

Key = tuple[str, str]
_GONE: Final = frozenset({"denied", "cancelled"})
_NOT_BOUGHT: Final = frozenset({"open", "denied", "cancelled", "auto_cancelled", "not_picked_up"})


@dataclass(slots=True)
class Stand:
    """A product in a store; `pieces` may be less than 0 where more was ordered than there was."""

    pieces: int
    price: Decimal


class Shelf:
    """Every product in every store.

    Args:
        shop: whose catalogue says what there is until the shop tells it.
        places: the stores.
        is_on: says whether a store is shown; of one that is not, nothing can be ordered.
    """

    def __init__(
        self, shop: Shop, places: Iterable[Place], is_on: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._is_on = is_on
        self._listed = {bare(product.upc): product.price for product in shop.products}
        self._stands: dict[Key, Stand] = {
            (place.id, bare(product.upc)): Stand(product.stock, product.price)
            for place in places
            for product in shop.products
            if product.upc
        }

    def find(self, store: str, upc: str) -> Stand | None:
        """Return what a store has of a product, or None where Locally knows nothing of it."""
        return self._stands.get((store, bare(upc)))

    def pieces(self, store: str, upc: str) -> int:
        """Return how many pieces can be ordered."""
        if not self._is_on(store):
            return 0
        stand = self.find(store, upc)
        return max(0, stand.pieces) if stand else 0

    def listed(self, upc: str) -> Decimal:
        """Return the catalogue's price of a product; 0 for one that it has not, which nobody can order."""
        return self._listed.get(bare(upc), Decimal(0))

    def tell(self, store: str, upc: str, pieces: int, price: Decimal | None = None) -> None:
        """Take what the shop says of one product; without a price it keeps the one it has.

        Raises:
            ValueError: a product that it never heard of came without a price.
        """
        known = self.find(store, upc)
        if price is None and known is None:
            raise ValueError(f"{upc} is new in store {store}; it needs a price")
        self._stands[store, bare(upc)] = Stand(
            pieces, known.price if known and price is None else price or Decimal(0)
        )

    def clear(self, store: str) -> None:
        """Forget a store's products: the shop is about to tell all of them."""
        self._stands = {key: stand for key, stand in self._stands.items() if key[0] != store}

    def shown(self) -> dict[str, dict[str, Any]]:
        """Return everything, by store and number."""
        found: dict[str, dict[str, Any]] = {}
        for (store, upc), stand in self._stands.items():
            found.setdefault(store, {})[upc] = {"qty": stand.pieces, "price": stand.price}
        return found

    def follow(self, entry: Entry) -> None:
        """Take off what an order holds now, and put back what it held and no longer does."""
        wanted = _wanted(entry)
        for key in wanted.keys() | entry.taken.keys():
            if stand := self._stands.get(key):
                stand.pieces += entry.taken[key] - wanted[key]
        entry.taken = wanted


def bare(upc: str) -> str:
    """Return a number without the zeros before it, which writers add and drop."""
    return upc.lstrip("0")


def _wanted(entry: Entry) -> "Counter[Key]":
    wanted: Counter[Key] = Counter()
    if word(entry.cart.get("status")) in _NOT_BOUGHT:
        return wanted
    for item in entry.items():
        if word(item.get("status")) not in _GONE and type(item.get("qty")) is int:
            wanted[str(entry.cart.get("store_id")), bare(word(item.get("upc")))] += item["qty"]
    return wanted
