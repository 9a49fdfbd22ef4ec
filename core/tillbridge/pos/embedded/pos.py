"""The built-in point of sale: `PointOfSale` over the tables of `tillbridge.pos.embedded`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection

from tillbridge.clock import Clock
from tillbridge.db.database import Database
from tillbridge.model.drafts import AttemptKey, SaleDraft
from tillbridge.model.errors import NotFound
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
from tillbridge.pos.embedded import (
    adding,
    changing,
    counting,
    duplicates,
    feed,
    merging,
    people,
    reading,
    sale_view,
    searching,
    selling,
    shelf,
    vendor_files,
    views,
)
from tillbridge.pos.embedded.counting import StockCount
from tillbridge.pos.embedded.duplicates import DuplicateGroup
from tillbridge.pos.embedded.merging import Merge, MergeOrder, MergePreview
from tillbridge.pos.embedded.numbers import Letter, number_of
from tillbridge.pos.embedded.units import repeated
from tillbridge.pos.embedded.views import CustomerView, ProductView, StockMovement


class EmbeddedPos(PointOfSale):
    """The built-in point of sale, in a database that may be the engine's own.

    Every method is one transaction, safe among threads and processes. IDs of products, customers
    and sales are texts as in "P12", "C7" and "S345".

    Args:
        database: holds the tables of `tillbridge.pos.embedded.tables`.
        clock: tells when a sale was opened or changed.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    # What the engine asks

    def stores(self) -> Sequence[Store]:
        """Return every store, the default one (the first added) first."""
        with self.database.read() as connection:
            return reading.read_stores(connection)

    def find_products(self, keys: Collection[ProductKey]) -> Mapping[ProductKey, Sequence[ProductHit]]:
        """Return the products of each key; a key that leads nowhere is left out.

        A VPN is found by its vendor or by its product's brand, as `scope` says; with scope "" in
        every vendor's.
        """
        if not keys:
            return {}
        with self.database.read() as connection:
            return reading.find_products(connection, keys)

    def find_customers(self, keys: Collection[CustomerKey]) -> Mapping[CustomerKey, Sequence[CustomerHit]]:
        """Return the customers of each key; a key that leads nowhere is left out."""
        if not keys:
            return {}
        with self.database.read() as connection:
            return reading.find_customers(connection, keys)

    def open_sales(self, drafts: Sequence[SaleDraft]) -> Mapping[AttemptKey, Opened | Refused]:
        """Open a sale for each draft in one transaction; an attempt answered before is answered again.

        Refused, and kept so: an unknown store, customer or product, another currency than the
        store's, a quantity that is none, items that do not add up to the total, an order that has a
        sale of another attempt. Stock may go below zero.
        """
        if not drafts:
            return {}
        now = self.clock.now()
        return repeated(self.database, "pos.open_sales", lambda open_: selling.open_sales(open_, drafts, now))

    def change_sales(self, changes: Sequence[SaleChange]) -> Mapping[str, Done | Refused]:
        """Do each change once, in sequence, in one transaction; a key answered before is answered again."""
        if not changes:
            return {}
        now = self.clock.now()
        return repeated(
            self.database, "pos.change_sales", lambda open_: changing.change_sales(open_, changes, now)
        )

    def find_sales(self, order_keys: Collection[str]) -> Mapping[str, SaleFacts]:
        """Return the sale that is not void of each order that has one."""
        if not order_keys:
            return {}
        with self.database.read() as connection:
            return reading.find_sales(connection, order_keys)

    def sales_changed(self, cursor: str | None, limit: int = 500) -> SalesChanged:
        """Return sales that were emptied, finished or voided after `cursor`, as they stand now.

        Opening a sale is no change. A sale stands once in an answer, and again in a later one if it
        changed again.

        Raises:
            InputError: `cursor` is none of this feed's.
        """
        with self.database.read() as connection:
            return feed.read_feed(connection, cursor, limit)

    def sale(self, code: str) -> SaleView | None:
        """Return a sale by ID or barcode, with its items, payments and comments."""
        with self.database.read() as connection:
            return sale_view.sale(connection, code)

    def show_sales(self, sale_ids: Collection[str]) -> Mapping[str, SaleView]:
        """Return sales by their IDs; what there is no sale for is left out."""
        with self.database.read() as connection:
            return sale_view.sales(connection, sale_ids)

    def search_products(self, query: ProductQuery, limit: int = 20) -> Sequence[FoundProduct]:
        """Return products that a query leads to: by number first, each kind in its turn, then by words."""
        with self.database.read() as connection:
            return searching.search_products(connection, query, limit)

    def search_customers(self, query: CustomerQuery, limit: int = 20) -> Sequence[FoundCustomer]:
        """Return customers who fit any of a query, those who fit most first, close spellings last."""
        with self.database.read() as connection:
            return people.search_customers(connection, query, limit)

    def product_cards(self, product_ids: Collection[str]) -> Mapping[str, ProductCard]:
        """Return products by their IDs; one that is not there is left out."""
        with self.database.read() as connection:
            return searching.cards_of(connection, product_ids)

    def shelf_changed(self, cursor: str | None, limit: int = 1000) -> ShelfChanges:
        """Return what changed of stock, price and numbers after `cursor`, of what has stock in a store.

        Raises:
            InputError: `cursor` is none of this feed's.
        """
        with self.database.read() as connection:
            return shelf.read_shelf(connection, cursor, limit)

    def files_due(self) -> Sequence[VendorFile]:
        """Return the vendors whose product file is due."""
        now = self.clock.now()
        with self.database.read() as connection:
            return [one for one in vendor_files.read_dated_files(connection) if one.is_due(now)]

    def stock_short(self) -> Sequence[Shortage]:
        """Return the products of which a store has sold more than it had."""
        with self.database.read() as connection:
            return views.stock_short(connection)

    # What the till does

    def finish_at_till(self, sale_id: str, *, reason: str = "") -> None:
        """Take what is due in cash and finish a sale, as at the till; one without items is closed empty.

        Raises:
            NotFound: there is no sale `sale_id`.
            NotAllowed: it is finished or void already; it is kept open, and no reason is given; or
                the webstore has to give money back first.
        """
        number = number_of(Letter.SALE, sale_id)
        if number is None:
            raise NotFound(
                Words(f"There is no sale {sale_id!r}.", f"거래 {sale_id!r}을(를) 찾을 수 없습니다.")
            )
        now = self.clock.now()
        self.database.unit("pos.finish", lambda open_: changing.finish_at_till(open_, number, reason, now))

    def add_store(self, store: Store) -> None:
        """Add a store; the first one is the default. Adding the same one again is harmless.

        Raises:
            InputError: there is another store of that code, or it never opens.
        """
        store.require_open(self.clock.now())
        repeated(self.database, "pos.add_store", lambda open_: adding.add_store(open_, store))

    def change_store(self, code: str, change: Callable[[Store], Store]) -> Store:
        """Change what is known of a store, for example its hours; return it as it is then.

        Args:
            code: the store's, which stays.
            change: returns the store as it shall be, from what it is now; may be called again.

        Raises:
            NotFound: there is no such store.
            InputError: it would never open.
        """
        now = self.clock.now()

        def work(database: Connection) -> Store:
            changed = adding.change_store(database, code, change)
            changed.require_open(now)
            return changed

        return repeated(self.database, "pos.change_store", work)

    def add_product(self, product: NewProduct) -> str:
        """Add a product that belongs to no vendor's file; return its ID.

        Raises:
            InputError: a number of it cannot be read, or a store is unknown.
        """
        now = self.clock.now()
        return repeated(
            self.database, "pos.add_product", lambda open_: adding.add_product(open_, product, now)
        )

    def count_stock(self, count: StockCount) -> Decimal:
        """Bring a product's stock to what was counted; return what it was before.

        Raises:
            InputError: the count is below zero or has too many places.
            NotFound: there is no such product or store.
        """
        now = self.clock.now()
        return self.database.unit("pos.count_stock", lambda open_: counting.count_stock(open_, count, now))

    def set_ecommerce(self, product_id: str, *, on: bool) -> None:
        """Say whether webstores may show a product.

        Raises:
            NotFound: there is no such product.
        """
        now = self.clock.now()
        self.database.unit(
            "pos.set_ecommerce", lambda open_: adding.set_ecommerce(open_, product_id, at=now, on=on)
        )

    def add_customer(self, customer: NewCustomer) -> str:
        """Add a customer; return the ID.

        Raises:
            InputError: it has no name, its number is taken, or an e-mail or phone cannot be read.
        """
        now = self.clock.now()
        return self.database.unit("pos.add_customer", lambda open_: adding.add_customer(open_, customer, now))

    def merge(self, order: MergeOrder) -> MergePreview:
        """Merge products into the one that is kept: stock, numbers and vendors' items go over.

        The merged ones stay as its aliases; their sales and movements stay as they were.

        Raises:
            NotFound: a product is not there, or is merged already.
            NotAllowed: there are doubts that they are one, and it was not said to merge them anyway.
            InputError: it is no product and others.
        """
        now = self.clock.now()
        return self.database.unit("pos.merge", lambda open_: merging.merge(open_, order, now))

    def unmerge(self, product_id: str, who: str) -> str:
        """Undo a product's merge while nothing has moved since; return the ID of the one that was kept.

        Raises:
            NotFound: it is not merged.
            NotAllowed: stock moved since, or a later merge stands on this one.
        """
        now = self.clock.now()
        return self.database.unit("pos.unmerge", lambda open_: merging.unmerge(open_, product_id, who, now))

    def expect_file(self, vendor: str, every_days: int | None) -> None:
        """Set how soon a vendor's product file is expected again; None: never.

        Raises:
            NotFound: there is no such vendor.
            InputError: it is no such number of days.
        """
        self.database.unit(
            "pos.expect_file", lambda open_: vendor_files.expect_file(open_, vendor, every_days)
        )

    # What there is to see

    def duplicates(self, *, inventory_only: bool = False) -> Sequence[DuplicateGroup]:
        """Return groups of products that share a number; products without stock compete too.

        Args:
            inventory_only: leave out products without stock (`INVENTORY_ONLY` says what that means).
        """
        with self.database.read() as connection:
            return duplicates.find_duplicates(connection, inventory_only=inventory_only)

    def preview_merge(self, kept: str, merged: Sequence[str]) -> MergePreview:
        """Return what a merge would come to.

        Raises:
            NotFound, InputError: as `merge`.
        """
        with self.database.read() as connection:
            return merging.preview(connection, kept, merged)

    def merges(self) -> Sequence[Merge]:
        """Return every merge, the newest first."""
        with self.database.read() as connection:
            return merging.merges_made(connection)

    def vendor_files(self) -> Sequence[VendorFile]:
        """Return every vendor with its last product file, by name."""
        with self.database.read() as connection:
            return vendor_files.read_vendor_files(connection)

    def catalogue(self, code: str) -> ProductView | None:
        """Return the product of an ID, a GTIN in any form, a VPN, an SKU or an MPN; asked in that order.

        Raises:
            InputError: several products have that number; they are named.
        """
        with self.database.read() as connection:
            return views.catalogue(connection, code)

    def customer(self, customer_id: str) -> CustomerView | None:
        """Return a customer by ID."""
        with self.database.read() as connection:
            return views.customer(connection, customer_id)

    def stock_movements(self, product_id: str) -> Sequence[StockMovement]:
        """Return every movement of a product, oldest first."""
        with self.database.read() as connection:
            return views.stock_movements(connection, product_id)

    def stock_total(self, store: str) -> Decimal:
        """Return how many pieces of everything a store has on hand."""
        with self.database.read() as connection:
            return views.stock_total(connection, store)
