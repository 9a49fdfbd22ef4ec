"""The first schema: the engine's tables, and the embedded POS's (`pos_…`).

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in a column that is exactly INTEGER.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "connections",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("account_key", sa.String(length=300), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("default_store", sa.String(length=100), nullable=False),
        sa.Column("locations", sa.Text(), nullable=False),
        sa.Column("match_by", sa.Text(), nullable=False),
        sa.Column("orders_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("poll_seconds", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("links_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("well_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble_en", sa.Text(), nullable=True),
        sa.Column("trouble_ko", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("name", name=op.f("uq_connections_name")),
        sa.UniqueConstraint("provider", "account_key", name=op.f("uq_connections_provider_account_key")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "pos_changes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("ko", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pos_changes")),
    )
    op.create_table(
        "pos_customers",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("shipping_address", sa.Text(), nullable=True),
        sa.Column("shipping_ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("include_in_mailings", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("mailings_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailings_source", sa.Text(), server_default="", nullable=False),
        sa.Column("consent_ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_customers")),
        sa.UniqueConstraint("number", name=op.f("uq_pos_customers_number")),
    )
    op.create_table(
        "pos_orders",
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("customer_updated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("order_key", name=op.f("pk_pos_orders")),
    )
    op.create_table(
        "pos_stores",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_pos_stores")),
        sa.UniqueConstraint("position", name=op.f("uq_pos_stores_position")),
    )
    op.create_table(
        "pos_vendors",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_vendors")),
        sa.UniqueConstraint("name_key", name=op.f("uq_pos_vendors_name_key")),
    )
    op.create_table(
        "customer_links",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("web_customer_id", sa.String(length=300), nullable=False),
        sa.Column("customer_id", sa.String(length=100), nullable=False),
        sa.Column("linked_by", sa.String(length=200), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_customer_links_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "web_customer_id", name=op.f("pk_customer_links")),
    )
    op.create_table(
        "listings",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("item_id", sa.String(length=300), nullable=False),
        sa.Column("parent_id", sa.String(length=300), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=True),
        sa.Column("linked_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_listings_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "item_id", name=op.f("pk_listings")),
    )
    op.create_table(
        "orders",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("webstore_id", sa.String(length=300), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("payload_id", _SERIAL, nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("seen_started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_revision", sa.BigInteger(), nullable=True),
        sa.Column("seen_updated", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetch_again", sa.Integer(), server_default="0", nullable=False),
        sa.Column("number", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("standing", sa.String(length=20), nullable=True),
        sa.Column("store", sa.String(length=100), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("customer_name", sa.String(length=600), server_default="", nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("put_aside", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reasons", sa.Text(), server_default="[]", nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("undo", sa.Text(), nullable=True),
        sa.Column("web_customer_id", sa.String(length=300), nullable=True),
        sa.Column("customer_id", sa.String(length=100), nullable=True),
        sa.Column("customer_evidence", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sold_attempt", sa.Integer(), nullable=True),
        sa.Column("sold_hash", sa.String(length=64), nullable=True),
        sa.Column("sale_id", sa.String(length=100), nullable=True),
        sa.Column("barcode", sa.String(length=100), nullable=True),
        sa.Column("sale_state", sa.String(length=20), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_orders_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("connection_id", "webstore_id", name=op.f("uq_orders_connection_id_webstore_id")),
        sa.UniqueConstraint("order_key", name=op.f("uq_orders_order_key")),
    )
    op.create_index("ix_orders_status", "orders", ["connection_id", "status"], unique=False)
    op.create_table(
        "payloads",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("webstore_id", sa.String(length=300), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("not_an_order", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_payloads_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payloads")),
    )
    op.create_index("ix_payloads_order", "payloads", ["connection_id", "webstore_id"], unique=False)
    op.create_index(
        "ix_payloads_queue",
        "payloads",
        ["connection_id", "id"],
        unique=False,
        sqlite_where=sa.text("handled = 0"),
        postgresql_where=sa.text("NOT handled"),
    )
    op.create_table(
        "pos_customer_emails",
        sa.Column("customer_id", _SERIAL, nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["pos_customers.id"],
            name=op.f("fk_pos_customer_emails_customer_id_pos_customers"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "email_key", name=op.f("pk_pos_customer_emails")),
    )
    op.create_index("ix_pos_customer_emails_key", "pos_customer_emails", ["email_key"], unique=False)
    op.create_table(
        "pos_customer_phones",
        sa.Column("customer_id", _SERIAL, nullable=False),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["pos_customers.id"],
            name=op.f("fk_pos_customer_phones_customer_id_pos_customers"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "e164", name=op.f("pk_pos_customer_phones")),
    )
    op.create_index("ix_pos_customer_phones_e164", "pos_customer_phones", ["e164"], unique=False)
    op.create_table(
        "pos_products",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), server_default="", nullable=False),
        sa.Column("brand_key", sa.Text(), server_default="", nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("vendor_id", _SERIAL, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["pos_vendors.id"], name=op.f("fk_pos_products_vendor_id_pos_vendors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_products")),
    )
    op.create_table(
        "pos_sales",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("barcode", sa.String(length=13), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("customer_id", _SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["pos_customers.id"], name=op.f("fk_pos_sales_customer_id_pos_customers")
        ),
        sa.ForeignKeyConstraint(
            ["order_key"], ["pos_orders.order_key"], name=op.f("fk_pos_sales_order_key_pos_orders")
        ),
        sa.ForeignKeyConstraint(["store"], ["pos_stores.code"], name=op.f("fk_pos_sales_store_pos_stores")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_sales")),
        sa.UniqueConstraint("barcode", name=op.f("uq_pos_sales_barcode")),
        sa.UniqueConstraint("order_key", "number", name=op.f("uq_pos_sales_order_key_number")),
    )
    op.create_index(
        "uq_pos_sales_live",
        "pos_sales",
        ["order_key"],
        unique=True,
        sqlite_where=sa.text("state <> 'void'"),
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_table(
        "attempts",
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer_en", sa.Text(), nullable=True),
        sa.Column("answer_ko", sa.Text(), nullable=True),
        sa.Column("sale_state", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_attempts_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_attempts")),
    )
    op.create_index(
        "uq_attempts_unanswered",
        "attempts",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("state = 'unanswered'"),
        postgresql_where=sa.text("state = 'unanswered'"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_en", sa.Text(), nullable=True),
        sa.Column("answer_ko", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_deliveries_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["order_id", "destination", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'retry', 'claimed')"),
        postgresql_where=sa.text("state IN ('waiting', 'retry', 'claimed')"),
    )
    op.create_index(
        "uq_deliveries_claimed",
        "deliveries",
        ["order_id", "destination"],
        unique=True,
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.String(length=300), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sku", sa.String(length=300), nullable=True),
        sa.Column("gtin", sa.String(length=300), nullable=True),
        sa.Column("quantity", sa.String(length=32), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.String(length=300), nullable=True),
        sa.Column("product_id", sa.String(length=100), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_lines")),
    )
    op.create_index("ix_order_lines_listing", "order_lines", ["listing_id"], unique=False)
    op.create_table(
        "order_versions",
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("payload_id", _SERIAL, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_versions_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_order_versions")),
    )
    op.create_table(
        "pos_attempts",
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("sale_id", _SERIAL, nullable=True),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("ko", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_key"], ["pos_orders.order_key"], name=op.f("fk_pos_attempts_order_key_pos_orders")
        ),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_attempts_sale_id_pos_sales")
        ),
        sa.PrimaryKeyConstraint("order_key", "number", name=op.f("pk_pos_attempts")),
    )
    op.create_table(
        "pos_identifiers",
        sa.Column("product_id", _SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["pos_products.id"], name=op.f("fk_pos_identifiers_product_id_pos_products")
        ),
        sa.PrimaryKeyConstraint("product_id", "kind", "value", "scope", name=op.f("pk_pos_identifiers")),
    )
    op.create_index("ix_pos_identifiers_key", "pos_identifiers", ["kind", "value"], unique=False)
    op.create_table(
        "pos_sale_comments",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("sale_id", _SERIAL, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_sale_comments_sale_id_pos_sales")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_sale_comments")),
    )
    op.create_index("ix_pos_sale_comments_sale", "pos_sale_comments", ["sale_id"], unique=False)
    op.create_table(
        "pos_sale_events",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sale_id", _SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_sale_events_sale_id_pos_sales")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_pos_sale_events")),
    )
    op.create_table(
        "pos_sale_items",
        sa.Column("sale_id", _SERIAL, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("product_id", _SERIAL, nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity_e4", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("web_line_id", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["pos_products.id"], name=op.f("fk_pos_sale_items_product_id_pos_products")
        ),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_sale_items_sale_id_pos_sales")
        ),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_pos_sale_items")),
    )
    op.create_table(
        "pos_stock",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("product_id", _SERIAL, nullable=False),
        sa.Column("on_hand_e4", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["pos_products.id"], name=op.f("fk_pos_stock_product_id_pos_products")
        ),
        sa.ForeignKeyConstraint(["store"], ["pos_stores.code"], name=op.f("fk_pos_stock_store_pos_stores")),
        sa.PrimaryKeyConstraint("store", "product_id", name=op.f("pk_pos_stock")),
    )
    op.create_index("ix_pos_stock_product", "pos_stock", ["product_id"], unique=False)
    op.create_table(
        "pos_stock_movements",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("product_id", _SERIAL, nullable=False),
        sa.Column("quantity_e4", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("sale_id", _SERIAL, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["pos_products.id"], name=op.f("fk_pos_stock_movements_product_id_pos_products")
        ),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_stock_movements_sale_id_pos_sales")
        ),
        sa.ForeignKeyConstraint(
            ["store"], ["pos_stores.code"], name=op.f("fk_pos_stock_movements_store_pos_stores")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_stock_movements")),
    )
    op.create_index(
        "ix_pos_stock_movements_product", "pos_stock_movements", ["product_id", "store"], unique=False
    )
    op.create_table(
        "pos_vendor_items",
        sa.Column("vendor_id", _SERIAL, nullable=False),
        sa.Column("product_id", _SERIAL, nullable=False),
        sa.Column("vpn", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["pos_products.id"], name=op.f("fk_pos_vendor_items_product_id_pos_products")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["pos_vendors.id"], name=op.f("fk_pos_vendor_items_vendor_id_pos_vendors")
        ),
        sa.PrimaryKeyConstraint("vendor_id", "product_id", name=op.f("pk_pos_vendor_items")),
    )
    op.create_index("ix_pos_vendor_items_product", "pos_vendor_items", ["product_id"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("ko", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_timeline_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    op.create_index("ix_timeline_order", "timeline", ["order_id", "id"], unique=False)


def downgrade() -> None:
    """Take every table away."""
    op.drop_table("timeline")
    op.drop_table("pos_vendor_items")
    op.drop_table("pos_stock_movements")
    op.drop_table("pos_stock")
    op.drop_table("pos_sale_items")
    op.drop_table("pos_sale_events")
    op.drop_table("pos_sale_comments")
    op.drop_table("pos_identifiers")
    op.drop_table("pos_attempts")
    op.drop_table("order_versions")
    op.drop_table("order_lines")
    op.drop_table("deliveries")
    op.drop_table("attempts")
    op.drop_table("pos_sales")
    op.drop_table("pos_products")
    op.drop_table("pos_customer_phones")
    op.drop_table("pos_customer_emails")
    op.drop_table("payloads")
    op.drop_table("orders")
    op.drop_table("listings")
    op.drop_table("customer_links")
    op.drop_table("pos_vendors")
    op.drop_table("pos_stores")
    op.drop_table("pos_orders")
    op.drop_table("pos_customers")
    op.drop_table("pos_changes")
    op.drop_table("marks")
    op.drop_table("connections")
