"""Calls the POS so that whatever it raises is one thing to the engine: the POS could not answer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.errors import InputError, Retryable, TillbridgeError
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.cards import (
    CustomerQuery,
    FoundCustomer,
    FoundProduct,
    NewCustomer,
    NewProduct,
    ProductCard,
    ProductQuery,
)
from tillbridge.pos.contract import (
    CustomerHit,
    CustomerKey,
    Done,
    NotOffered,
    Opened,
    PointOfSale,
    ProductHit,
    ProductKey,
    Refused,
    SaleChange,
    SaleFacts,
    SalesChanged,
    SaleView,
    ShelfChanges,
    Shortage,
    VendorFile,
)

Answer = TypeVar("Answer")


class PosAway(Retryable):
    """The POS could not answer; nothing is known of what it did, and the call is made again."""


class GuardedPos(PointOfSale):
    """A POS whose every failure is `PosAway`.

    Args:
        pos: the host's own, or the embedded one.
    """

    def __init__(self, pos: PointOfSale) -> None:
        self._pos = pos
        self.call_deadline = pos.call_deadline

    def stores(self) -> Sequence[Store]:
        """Ask for every store."""
        return self._ask(self._pos.stores)

    def find_products(self, keys: Collection[ProductKey]) -> Mapping[ProductKey, Sequence[ProductHit]]:
        """Ask for products."""
        return self._ask(lambda: self._pos.find_products(keys))

    def find_customers(self, keys: Collection[CustomerKey]) -> Mapping[CustomerKey, Sequence[CustomerHit]]:
        """Ask for customers."""
        return self._ask(lambda: self._pos.find_customers(keys))

    def open_sales(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        """Ask to open sales."""
        return self._ask(lambda: self._pos.open_sales(drafts))

    def change_sales(self, changes: Sequence[SaleChange]) -> Mapping[str, Done | Refused]:
        """Ask to change sales."""
        return self._ask(lambda: self._pos.change_sales(changes))

    def find_sales(self, order_keys: Collection[str]) -> Mapping[str, SaleFacts]:
        """Ask for sales."""
        return self._ask(lambda: self._pos.find_sales(order_keys))

    def sales_changed(self, cursor: str | None, limit: int = 500) -> SalesChanged:
        """Ask what changed at the till."""
        return self._ask(lambda: self._pos.sales_changed(cursor, limit))

    def sale(self, code: str) -> SaleView | None:
        """Ask for a sale.

        Raises:
            NotOffered: the POS shows its sales itself.
        """
        return self._ask(lambda: self._pos.sale(code))

    def show_sales(self, sale_ids: Collection[str]) -> Mapping[str, SaleView]:
        """Ask for sales.

        Raises:
            NotOffered: the POS shows its sales itself.
        """
        return self._ask(lambda: self._pos.show_sales(sale_ids))

    def search_products(self, query: ProductQuery, limit: int) -> Sequence[FoundProduct]:
        """Search for products.

        Raises:
            NotOffered: the POS searches by itself.
        """
        return self._ask(lambda: self._pos.search_products(query, limit))

    def search_customers(self, query: CustomerQuery, limit: int) -> Sequence[FoundCustomer]:
        """Search for customers.

        Raises:
            NotOffered: the POS searches by itself.
        """
        return self._ask(lambda: self._pos.search_customers(query, limit))

    def product_cards(self, product_ids: Collection[str]) -> Mapping[str, ProductCard]:
        """Ask for products by their IDs.

        Raises:
            NotOffered: the POS does not tell.
        """
        return self._ask(lambda: self._pos.product_cards(product_ids))

    def add_product(self, product: NewProduct) -> str:
        """Add a product.

        Raises:
            NotOffered: products are added in the POS.
            InputError: it cannot be added as it is.
        """
        return self._ask(lambda: self._pos.add_product(product))

    def add_customer(self, customer: NewCustomer) -> str:
        """Add a customer.

        Raises:
            NotOffered: customers are added in the POS.
            InputError: they cannot be added as they are.
        """
        return self._ask(lambda: self._pos.add_customer(customer))

    def shelf_changed(self, cursor: str | None, limit: int = 1000) -> ShelfChanges:
        """Ask what changed of stock, price and numbers.

        Raises:
            NotOffered: the POS does not tell.
            InputError: the cursor is none of the feed's.
        """
        return self._ask(lambda: self._pos.shelf_changed(cursor, limit))

    def files_due(self) -> Sequence[VendorFile]:
        """Ask whose product file is due."""
        return self._ask(self._pos.files_due)

    def stock_short(self) -> Sequence[Shortage]:
        """Ask what was sold although it was not there."""
        return self._ask(self._pos.stock_short)

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        try:
            return call()
        except (NotOffered, InputError):
            raise  # an answer, and a final one
        except TillbridgeError as error:
            raise PosAway(error.words) from error
        except Exception as error:
            kind = type(error).__name__
            raise PosAway(
                Words(
                    f"The point of sale could not answer ({kind}); it is asked again.",
                    f"POS가 응답하지 못했습니다({kind}). 다시 시도합니다.",
                )
            ) from error
