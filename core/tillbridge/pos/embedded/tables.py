"""The embedded POS's tables: a world of its own beside the engine's, so no key leads from one to the other.

Quantities are whole ten-thousandths (`_e4`): SQL adds them exactly, on SQLite too.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from tillbridge.db.metadata import metadata
from tillbridge.db.types import UtcDateTime

# SQLite counts rows by itself only in a column that is exactly INTEGER.
_Serial = BigInteger().with_variant(Integer(), "sqlite")

stores = Table(
    "pos_stores",
    metadata,
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),  # the first one is the default
    Column("document", Text, nullable=False),  # the Store as JSON
)

vendors = Table(
    "pos_vendors",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
)

products = Table(
    "pos_products",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("description", Text, nullable=False),
    Column("brand", Text, nullable=False, server_default=""),
    Column("brand_key", Text, nullable=False, server_default=""),
    Column("price_minor", BigInteger),
    Column("currency", String(3)),
    Column("category", Text, nullable=False, server_default=""),
    Column("ecommerce", Boolean, nullable=False, server_default=true()),  # webstores may show it
    Column("active", Boolean, nullable=False, server_default=true()),  # it is still sold at all
    Column("vendor_id", ForeignKey("pos_vendors.id")),  # whose file may change it; none: typed in by staff
    Column("changed_at", UtcDateTime, nullable=False),
    Column("merged_into", _Serial),  # the product that it turned out to be; it stays as that one's alias
)
Index(
    "ix_pos_products_merged",
    products.c.merged_into,
    sqlite_where=text("merged_into IS NOT NULL"),
    postgresql_where=text("merged_into IS NOT NULL"),
)

# What each merge moved, so that it can be undone.
merges = Table(
    "pos_merges",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("kept_id", ForeignKey("pos_products.id"), nullable=False),
    Column("merged_id", ForeignKey("pos_products.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("moved", Text, nullable=False),  # JSON: identifiers, vendor items, stock, aliases
    Column("last_movement", BigInteger, nullable=False),  # the newest one there was, its own ones among them
    Column("undone_at", UtcDateTime),
    Column("undone_by", Text),
)
Index("ix_pos_merges_kept", merges.c.kept_id)
Index("ix_pos_merges_merged", merges.c.merged_id)

identifiers = Table(
    "pos_identifiers",
    metadata,
    Column("product_id", ForeignKey("pos_products.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("value", Text, nullable=False),  # in the form in which it is compared
    Column("scope", Text, nullable=False),  # of a VPN or SKU the vendor, of an MPN the brand, as name keys
    Column("raw", Text, nullable=False),  # as it was written
    PrimaryKeyConstraint("product_id", "kind", "value", "scope"),
)
Index("ix_pos_identifiers_key", identifiers.c.kind, identifiers.c.value)

vendor_items = Table(
    "pos_vendor_items",
    metadata,
    Column("vendor_id", ForeignKey("pos_vendors.id"), nullable=False),
    Column("product_id", ForeignKey("pos_products.id"), nullable=False),
    Column(
        "vpn", Text, nullable=False, server_default=""
    ),  # the one to order by; older ones stay identifiers
    Column("cost_minor", BigInteger),
    Column("currency", String(3)),
    PrimaryKeyConstraint("vendor_id", "product_id"),
)
Index("ix_pos_vendor_items_product", vendor_items.c.product_id)

# When a vendor's last product file came, and how soon the next one is expected.
vendor_files = Table(
    "pos_vendor_files",
    metadata,
    Column("vendor_id", ForeignKey("pos_vendors.id"), primary_key=True, autoincrement=False),
    Column("every_days", Integer),  # none: no file is expected
    Column("imported_at", UtcDateTime),  # none: no file came yet
    Column("file_name", Text, nullable=False, server_default=""),
    Column("lines", Integer, nullable=False, server_default="0"),
)

# What titles of files mean that are not understood by themselves.
file_titles = Table(
    "pos_file_titles",
    metadata,
    Column("whose", Text, nullable=False),  # "vendor:" and its name key, or "customers"
    Column("title_key", Text, nullable=False),
    Column("title", Text, nullable=False),  # as it was written
    Column("field", String(40), nullable=False),  # "-": the column is left out
    PrimaryKeyConstraint("whose", "title_key"),
)

customers = Table(
    "pos_customers",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("number", Text, unique=True),  # the shop's own customer code
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("first_name", Text, nullable=False, server_default=""),
    Column("last_name", Text, nullable=False, server_default=""),
    Column("company", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False),  # an Address as JSON, as are the next
    Column("shipping_address", Text),  # none: goods go to `address`
    Column("shipping_ordered_at", UtcDateTime),  # of the newest order whose address was looked at
    Column("include_in_mailings", Boolean, nullable=False, server_default=false()),
    Column("mailings_at", UtcDateTime),
    Column("mailings_source", Text, nullable=False, server_default=""),
    Column("consent_ordered_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
)

customer_emails = Table(
    "pos_customer_emails",
    metadata,
    Column("customer_id", ForeignKey("pos_customers.id"), nullable=False),
    Column("email_key", Text, nullable=False),
    Column("email", Text, nullable=False),
    PrimaryKeyConstraint("customer_id", "email_key"),
)
Index("ix_pos_customer_emails_key", customer_emails.c.email_key)

customer_phones = Table(
    "pos_customer_phones",
    metadata,
    Column("customer_id", ForeignKey("pos_customers.id"), nullable=False),
    Column("e164", Text, nullable=False),
    Column("phone", Text, nullable=False),
    PrimaryKeyConstraint("customer_id", "e164"),
)
Index("ix_pos_customer_phones_e164", customer_phones.c.e164)

# One row an order that was ever asked about. Whoever opens or changes its sales locks it first.
orders = Table(
    "pos_orders",
    metadata,
    Column("order_key", Text, primary_key=True),
    Column("customer_updated", Boolean, nullable=False, server_default=false()),
)

sales = Table(
    "pos_sales",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("barcode", String(13), nullable=False, unique=True),
    Column("order_key", ForeignKey("pos_orders.order_key"), nullable=False),
    Column("number", Integer, nullable=False),  # of the attempt
    Column("state", String(20), nullable=False),
    Column("store", ForeignKey("pos_stores.code"), nullable=False),
    Column("customer_id", ForeignKey("pos_customers.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total_minor", BigInteger, nullable=False),  # of the web order
    Column("revision", Integer, nullable=False, server_default="1"),  # grows with every change
    Column("kept_open", Text),  # why; none: it is not kept open
    Column("placed_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("order_key", "number"),
)
# Never two sales for one order, whatever two workers do.
Index(
    "uq_pos_sales_live",
    sales.c.order_key,
    unique=True,
    sqlite_where=text("state <> 'void'"),
    postgresql_where=text("state <> 'void'"),
)

sale_items = Table(
    "pos_sale_items",
    metadata,
    Column("sale_id", ForeignKey("pos_sales.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("product_id", ForeignKey("pos_products.id")),
    Column("description", Text, nullable=False),
    Column("quantity_e4", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("tax_minor", BigInteger, nullable=False),
    Column("web_line_id", Text),
    Column("added_at", UtcDateTime),  # at the counter; none: it came with the web order
    Column("removed_at", UtcDateTime),
    PrimaryKeyConstraint("sale_id", "position"),
)

sale_comments = Table(
    "pos_sale_comments",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("sale_id", ForeignKey("pos_sales.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False, server_default=""),
)
Index("ix_pos_sale_comments_sale", sale_comments.c.sale_id)

sale_payments = Table(
    "pos_sale_payments",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("sale_id", ForeignKey("pos_sales.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),  # below zero: handed back
    Column("card_type", Text, nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False, server_default=""),
)
Index("ix_pos_sale_payments_sale", sale_payments.c.sale_id)

# A finished sale is not altered: what comes back is a record beside it.
returns = Table(
    "pos_returns",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("sale_id", ForeignKey("pos_sales.id"), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False, server_default=""),
)
Index("ix_pos_returns_sale", returns.c.sale_id)

return_items = Table(
    "pos_return_items",
    metadata,
    Column("return_id", ForeignKey("pos_returns.id"), nullable=False),
    Column("position", Integer, nullable=False),  # of the sale's item
    Column("quantity_e4", BigInteger, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("tax_minor", BigInteger, nullable=False),
    Column("to_stock", Boolean, nullable=False),
    PrimaryKeyConstraint("return_id", "position"),
)

return_refunds = Table(
    "pos_return_refunds",
    metadata,
    Column("return_id", ForeignKey("pos_returns.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("card_type", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    PrimaryKeyConstraint("return_id", "kind", "card_type", "reference"),
)

stock = Table(
    "pos_stock",
    metadata,
    Column("store", ForeignKey("pos_stores.code"), nullable=False),
    Column("product_id", ForeignKey("pos_products.id"), nullable=False),
    Column("on_hand_e4", BigInteger, nullable=False),  # always the sum of the movements
    PrimaryKeyConstraint("store", "product_id"),
)
Index("ix_pos_stock_product", stock.c.product_id)
_SHORT = text("on_hand_e4 < 0")
Index("ix_pos_stock_short", stock.c.store, sqlite_where=_SHORT, postgresql_where=_SHORT)

# When a product's stock, price or numbers changed last, in the order of commits; webstores are told from it.
shelf_marks = Table(
    "pos_shelf_marks",
    metadata,
    Column("product_id", ForeignKey("pos_products.id"), primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)
Index("ix_pos_shelf_marks_position", shelf_marks.c.position)

stock_movements = Table(
    "pos_stock_movements",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("store", ForeignKey("pos_stores.code"), nullable=False),
    Column("product_id", ForeignKey("pos_products.id"), nullable=False),
    Column("quantity_e4", BigInteger, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("sale_id", ForeignKey("pos_sales.id")),
    Column("who", String(200), nullable=False, server_default=""),  # who moved it by hand
    Column("note", Text, nullable=False, server_default=""),  # and why
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_pos_stock_movements_product", stock_movements.c.product_id, stock_movements.c.store)

attempts = Table(
    "pos_attempts",
    metadata,
    Column("order_key", ForeignKey("pos_orders.order_key"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("answer", String(20), nullable=False),
    Column("sale_id", ForeignKey("pos_sales.id")),
    Column("en", Text),  # why it was refused or voided
    Column("ko", Text),
    Column("answered_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("order_key", "number"),
)

changes = Table(
    "pos_changes",
    metadata,
    Column("key", Text, primary_key=True),
    Column("en", Text),  # why it was refused; none: it was done
    Column("ko", Text),
    Column("answered_at", UtcDateTime, nullable=False),
)

sale_events = Table(
    "pos_sale_events",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),  # grows in the order of commits
    Column("sale_id", ForeignKey("pos_sales.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
