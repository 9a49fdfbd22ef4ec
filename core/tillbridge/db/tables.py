"""The engine's tables. The embedded POS has its own (`tillbridge.pos.embedded.tables`)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
from tillbridge.db.types import Quantity, UtcDateTime

# SQLite counts rows by itself only in a column that is exactly INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")

connections = Table(
    "connections",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("provider", String(100), nullable=False),
    Column("account_key", String(300), nullable=False),
    Column("settings", Text, nullable=False),  # JSON, without secrets
    Column("secrets", LargeBinary, nullable=False),  # JSON, encrypted
    Column("default_store", String(100), nullable=False),
    Column("locations", Text, nullable=False),  # JSON: the webstore's location -> store code
    Column("match_by", Text, nullable=False),  # JSON: names of rules that are switched on
    Column("orders_from", UtcDateTime, nullable=False),
    Column("poll_seconds", Integer, nullable=False),
    Column("accept_minutes", Integer, nullable=False, server_default="240"),  # 0: no limit
    Column("overdue", String(20), nullable=False, server_default="nothing"),
    Column("cancelled", String(20), nullable=False, server_default="close"),
    Column("pick_up_days", Integer, nullable=False, server_default="0"),  # 0: no date by itself
    Column("no_show_days", Integer),  # after the pick-up date; NULL: staff are asked
    Column("paid_by", Serial),  # the connection of the payment service that serves it
    Column("capture", String(20), nullable=False, server_default="acceptance"),  # `model.payments.Capture`
    Column("cursor", Text),
    Column("links_revision", Integer, nullable=False, server_default="0"),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("polled_at", UtcDateTime),
    Column("well_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("provider", "account_key"),
)

connection_log = Table(
    "connection_log",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("en", Text, nullable=False),  # what was changed, with before and after
    Column("ko", Text, nullable=False),
)
Index("ix_connection_log", connection_log.c.connection_id, connection_log.c.id)

payloads = Table(
    "payloads",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("webstore_id", String(300), nullable=False),
    Column("parts", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("source", String(20), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("handled", Boolean, nullable=False, server_default=false()),
    Column("not_an_order", Text),  # why, for what is kept but is no order
)
Index(
    "ix_payloads_queue",
    payloads.c.connection_id,
    payloads.c.id,
    sqlite_where=text("handled = 0"),
    postgresql_where=text("NOT handled"),
)
Index("ix_payloads_order", payloads.c.connection_id, payloads.c.webstore_id)

orders = Table(
    "orders",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("webstore_id", String(300), nullable=False),
    Column("order_key", Text, nullable=False, unique=True),
    Column("revision", Integer, nullable=False, server_default="1"),  # grows with every change of the row
    Column("payload_id", Serial, nullable=False),  # the newest one
    Column("version", Integer, nullable=False, server_default="0"),  # 0: nothing readable came yet
    Column("content_hash", String(64)),
    Column("seen_started", UtcDateTime, nullable=False),
    Column("seen_ended", UtcDateTime, nullable=False),
    Column("seen_revision", BigInteger),
    Column("seen_updated", UtcDateTime),
    Column("fetch_again", Integer, nullable=False, server_default="0"),  # readings that were not ordered
    Column("number", String(300), nullable=False),
    Column("kind", String(20)),
    Column("standing", String(20)),
    Column("store", String(100)),
    Column("currency", String(3)),
    Column("total_minor", BigInteger),
    Column("customer_name", String(600), nullable=False, server_default=""),
    Column("placed_at", UtcDateTime),
    Column("status", String(40)),
    Column("put_aside", Boolean, nullable=False, server_default=false()),  # archived by tillbridge itself
    Column("reasons", Text, nullable=False, server_default="[]"),
    Column("released", Text),  # JSON: the adjustment that staff sell it with, as its sums do not agree
    Column("decision", String(20)),
    Column("decision_reason", Text, nullable=False, server_default=""),
    Column("accept_by", UtcDateTime),
    Column("accept_clock", Text),  # JSON: the business time, and the rules that it was counted by
    # When its due time comes to its next stage; the beginning of time: it is to be looked at.
    Column("watch_at", UtcDateTime, nullable=False, server_default="1970-01-01 00:00:00.000000"),
    Column("undo", Text),  # JSON: what the last act of staff changed
    Column("web_customer_id", String(300)),
    Column("customer_id", String(100)),
    Column("customer_evidence", Text),
    Column("attempt", Integer, nullable=False, server_default="0"),  # the newest attempt's number
    Column("sold_attempt", Integer),  # the attempt whose sale stands
    Column("sold_hash", String(64)),
    Column("kept_hash", String(64), nullable=False, server_default=""),  # the sale stays, though this differs
    Column("line_states", Text, nullable=False, server_default="{}"),  # JSON: what staff said of single lines
    Column(
        "trimmed_hash", String(64), nullable=False, server_default=""
    ),  # what is sold, without the rejected
    Column("sale_id", String(100)),
    Column("barcode", String(100)),
    Column("sale_state", String(20)),
    Column("expected_at", UtcDateTime),  # when the goods are to be ready
    Column("holding_place", String(200), nullable=False, server_default=""),
    Column("pick_up_until", UtcDateTime),
    Column("no_show_left", UtcDateTime),  # the pick-up date for which the no-show was left to staff
    Column("collected_by", String(200), nullable=False, server_default=""),
    Column("collected_check", String(200), nullable=False, server_default=""),  # how it was checked
    Column("resolution", String(40)),
    Column("refund", String(20), nullable=False, server_default=""),  # `tillbridge.db.states.RefundState`
    Column("owed", Text),  # JSON: how much it is, where that is known (`tillbridge.payments.owed`)
    Column("money", String(20)),  # what the webstore says it has done about it (`WebMoney`)
    Column("closing", Text),  # JSON: the act that ends with the order's completion, and who asked for it
    Column("imported_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("connection_id", "webstore_id"),
)
Index("ix_orders_status", orders.c.connection_id, orders.c.status)
# What waits is found by what waits, and not by all that there ever was (`tillbridge.db.waiting`).
_FETCH_AGAIN = text("fetch_again > 0")
Index(
    "ix_orders_fetch_again",
    orders.c.connection_id,
    sqlite_where=_FETCH_AGAIN,
    postgresql_where=_FETCH_AGAIN,
)
_FINISHED = text("sale_state = 'finished' AND status IN ('New', 'In Process', 'Ready for Pickup')")
Index("ix_orders_finished", orders.c.id, sqlite_where=_FINISHED, postgresql_where=_FINISHED)
_CLOSING = text("closing IS NOT NULL")
Index("ix_orders_closing", orders.c.id, sqlite_where=_CLOSING, postgresql_where=_CLOSING)
_TO_DEAL_WITH = text(
    "status IN ('New', 'Customer ID Required', 'Product Match Failed', "
    "'Sale Processing Failed', 'Process Sale', 'In Process')"
)
Index("ix_orders_to_deal_with", orders.c.id, sqlite_where=_TO_DEAL_WITH, postgresql_where=_TO_DEAL_WITH)
_DIFFERS = text("sale_id IS NOT NULL AND sold_hash != content_hash AND kept_hash != content_hash")
Index("ix_orders_differs", orders.c.id, sqlite_where=_DIFFERS, postgresql_where=_DIFFERS)
_CONFLICT = text("decision = 'rejected' AND sale_state = 'finished' AND status != 'Archived'")
Index("ix_orders_conflict", orders.c.id, sqlite_where=_CONFLICT, postgresql_where=_CONFLICT)
_NO_OUTCOME = text("status = 'Completed' AND kind = 'ropis' AND resolution IS NULL")
Index("ix_orders_no_outcome", orders.c.id, sqlite_where=_NO_OUTCOME, postgresql_where=_NO_OUTCOME)
_REFUND = text("refund IN ('look', 'due', 'unsaid', 'part', 'returned')")
Index("ix_orders_refund", orders.c.id, sqlite_where=_REFUND, postgresql_where=_REFUND)
_CLOSED_EMPTY = text("sale_state = 'closed_empty' AND status IN ('New', 'In Process', 'Ready for Pickup')")
Index("ix_orders_closed_empty", orders.c.id, sqlite_where=_CLOSED_EMPTY, postgresql_where=_CLOSED_EMPTY)
_ON_SALE = text("sale_state = 'open'")
Index("ix_orders_on_sale", orders.c.id, sqlite_where=_ON_SALE, postgresql_where=_ON_SALE)
_TO_PICK_UP = text(
    "sale_state = 'open' AND status IN ('In Process', 'Ready for Pickup') AND closing IS NULL "
    "AND (no_show_left IS NULL OR no_show_left != pick_up_until)"
)
Index(
    "ix_orders_to_pick_up",
    orders.c.connection_id,
    orders.c.pick_up_until,
    sqlite_where=_TO_PICK_UP,
    postgresql_where=_TO_PICK_UP,
)

_TO_ANSWER = text(
    "decision IS NULL AND standing = 'open' "
    "AND (status IS NULL OR status NOT IN ('Rejected', 'Completed', 'Archived'))"
)
Index("ix_orders_to_answer", orders.c.accept_by, sqlite_where=_TO_ANSWER, postgresql_where=_TO_ANSWER)
Index("ix_orders_to_watch", orders.c.watch_at, sqlite_where=_TO_ANSWER, postgresql_where=_TO_ANSWER)

versions = Table(
    "order_versions",
    metadata,
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("document", Text, nullable=False),  # the WebOrder as JSON
    Column("payload_id", Serial, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("order_id", "number"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("line_id", String(300), nullable=False),
    Column("title", Text, nullable=False),
    Column("sku", String(300)),
    Column("gtin", String(300)),
    Column("quantity", Quantity, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("listing_id", String(300)),
    Column("numbers", String(300)),  # of a line without an item, by which it is known again
    Column("product_id", String(100)),
    Column("product", Text),
    Column("evidence", Text),  # JSON: rule, keys, what else competed
    PrimaryKeyConstraint("order_id", "position"),
)
Index("ix_order_lines_listing", order_lines.c.listing_id)
Index("ix_order_lines_numbers", order_lines.c.numbers)

listings = Table(
    "listings",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("item_id", String(300), nullable=False),
    Column("parent_id", String(300)),
    Column("title", Text, nullable=False),
    Column("identifiers", Text, nullable=False),  # JSON
    Column("product_id", String(100)),  # linked by hand
    Column("linked_by", String(200)),
    Column("linked_at", UtcDateTime),
    Column("linked_order", Serial),  # the order at which it was linked
    PrimaryKeyConstraint("connection_id", "item_id"),
)

customer_links = Table(
    "customer_links",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("web_customer_id", String(300), nullable=False),
    Column("customer_id", String(100), nullable=False),
    Column("linked_by", String(200), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("linked_order", Serial),  # the order at which it was linked by hand
    PrimaryKeyConstraint("connection_id", "web_customer_id"),
)

# What staff said of one order alone: where the webstore gives no number to remember it by, and of a customer.
order_links = Table(
    "order_links",
    metadata,
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("line_id", String(300), nullable=False),  # "": the order's customer
    Column("target", String(100), nullable=False),  # the POS's product or customer ID
    Column("linked_by", String(200), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("order_id", "line_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("draft", Text, nullable=False),  # the SaleDraft as JSON, the same at every try
    Column("state", String(20), nullable=False),
    Column("answer_en", Text),
    Column("answer_ko", Text),
    Column("sale_state", String(20)),  # what the till told of this attempt's sale
    Column("created_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    PrimaryKeyConstraint("order_id", "number"),
)
# Rule 2: at most one attempt of an order is unanswered, whatever two workers do.
Index(
    "uq_attempts_unanswered",
    attempts.c.order_id,
    unique=True,
    sqlite_where=text("state = 'unanswered'"),
    postgresql_where=text("state = 'unanswered'"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("destination", String(20), nullable=False),
    Column("action", String(40), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("body", Text, nullable=False),  # JSON
    Column("act", String(40), nullable=False),  # the act of staff that queued it
    Column("state", String(20), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("worker", String(100)),
    Column("claimed_at", UtcDateTime),
    Column("first_sent_at", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("answer_en", Text),
    Column("answer_ko", Text),
    Column("created_at", UtcDateTime, nullable=False),
)
# Rule 6: one in flight per order and destination.
Index(
    "uq_deliveries_claimed",
    deliveries.c.order_id,
    deliveries.c.destination,
    unique=True,
    sqlite_where=text("state = 'claimed'"),
    postgresql_where=text("state = 'claimed'"),
)
Index(
    "ix_deliveries_open",
    deliveries.c.order_id,
    deliveries.c.destination,
    deliveries.c.id,
    sqlite_where=text("state IN ('waiting', 'retry', 'claimed')"),
    postgresql_where=text("state IN ('waiting', 'retry', 'claimed')"),
)
Index("ix_deliveries_order", deliveries.c.order_id, deliveries.c.id)
_SET_ASIDE = text("state = 'set_aside'")
Index(
    "ix_deliveries_set_aside",
    deliveries.c.order_id,
    sqlite_where=_SET_ASIDE,
    postgresql_where=_SET_ASIDE,
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(60), nullable=False),
    Column("en", Text, nullable=False),
    Column("ko", Text, nullable=False),
)
Index("ix_timeline_order", timeline.c.order_id, timeline.c.id)

marks = Table(
    "marks",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

troubles = Table(
    "troubles",
    metadata,
    Column("subject", String(100), primary_key=True),
    Column("connection_id", ForeignKey("connections.id")),
    Column("activity", String(20), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("en", Text, nullable=False),  # the newest failure
    Column("ko", Text, nullable=False),
    Column("told", Text, nullable=False),  # the kinds of causes that the log has heard of
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("person", Text, nullable=False),  # who was called or written to; "" is the order's customer
    Column("channel", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("again_at", UtcDateTime),
)
Index("ix_contacts_order", contacts.c.order_id, contacts.c.id)
_AGAIN = text("again_at IS NOT NULL")
Index("ix_contacts_again", contacts.c.again_at, sqlite_where=_AGAIN, postgresql_where=_AGAIN)
