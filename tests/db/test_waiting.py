"""What waits is looked up by what waits: a beat that finds nothing costs the same after years of orders."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event, update

from orders import line, order
from shop import SEOUL
from tillbridge.db import tables
from tillbridge.model.hours import Hours

# Tables that grow with every order, and the indexes of what waits in them.
GROWING = (
    "payloads",
    "orders",
    "attempts",
    "deliveries",
    "order_versions",
    "order_lines",
    "timeline",
    "contacts",
)
OF_WHAT_WAITS = (
    "ix_payloads_queue",
    "uq_attempts_unanswered",
    "ix_orders_fetch_again",
    "ix_orders_finished",
    "ix_orders_to_answer",
    "ix_orders_to_watch",
    "ix_orders_to_pick_up",
    "ix_orders_closing",
    "uq_deliveries_claimed",
    "ix_deliveries_open",
    "ix_orders_to_deal_with",
    "ix_orders_differs",
    "ix_orders_closed_empty",
    "ix_orders_conflict",
    "ix_orders_on_sale",
    "ix_orders_no_outcome",
    "ix_orders_refund",
    "ix_deliveries_set_aside",
)


@contextmanager
def asked(shop) -> Iterator[dict[str, object]]:
    """Collect the statements that read or change rows, with the values of their first run."""
    statements: dict[str, object] = {}

    def note(_connection, _cursor, statement, values, _context, many):
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            statements.setdefault(statement, values[0] if many else values)

    engine = shop.engine.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plans_of(shop, statements):
    """What SQLite would do for each statement, step by step."""
    with shop.engine.context.database.engine.connect() as connection:
        return {
            statement: [
                row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
            for statement, values in statements.items()
        }


def walks(step: str) -> bool:
    """Whether a step of a plan goes through all that a growing table holds, or all of a connection's."""
    found = re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+) ?(\(.*\))?)?", step)
    if found is None or found[2] not in GROWING or found[3] in OF_WHAT_WAITS:
        return False
    return found[1] == "SCAN" or (found[3] is not None and found[4] == "(connection_id=?)")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_beat_that_finds_nothing_walks_through_no_growing_table(shop):
    """SQLite tells its plans; PostgreSQL has the same indexes, and statistics to choose them by."""
    shop.webstore.offer(order("A1", line("1")))
    shop.poll()
    with asked(shop) as statements:
        shop.engine.poll()
        shop.engine.tick()

    plans = plans_of(shop, statements)
    assert {} == {said: steps for said, steps in plans.items() if any(map(walks, steps))}
    assert any("payloads" in said for said in plans)
    assert any("deliveries" in said for said in plans)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_due_times_are_looked_up_by_when_they_come_to_their_next_stage(shop):
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    shop.webstore.offer(order("A1", line("1")))
    shop.poll()
    shop.engine.watch_deadlines()
    with asked(shop) as statements:
        shop.engine.watch_deadlines()

    steps = [step for plan in plans_of(shop, statements).values() for step in plan if " orders " in step]
    assert any("USING INDEX ix_orders_to_watch (watch_at<?)" in step for step in steps), steps
    assert not any(map(walks, steps))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_nobody_picked_up_is_looked_up_by_its_date(shop):
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(no_show_days=2))
    with asked(shop) as statements:
        shop.engine.expire_pick_ups()

    steps = [step for plan in plans_of(shop, statements).values() for step in plan if " orders " in step]
    assert any("ix_orders_to_pick_up (connection_id=? AND pick_up_until<?)" in step for step in steps), steps
    assert not any(map(walks, steps))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_looking_for_messages_walks_through_no_growing_table(shop):
    shop.pos.on_hand["seoul", "P1"] = Decimal(0)
    shop.webstore.offer(order("A1", line("1")))
    shop.poll()
    with asked(shop) as statements:
        shop.engine.counts()

    plans = plans_of(shop, statements)
    assert {} == {said: steps for said, steps in plans.items() if any(map(walks, steps))}
    assert any("contacts" in said for said in plans)
    assert any("order_lines" in said for said in plans)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("SCAN orders", True),
        ("SEARCH payloads USING INDEX ix_payloads_order (connection_id=?)", True),
        ("SEARCH orders USING COVERING INDEX ix_orders_status (connection_id=?)", True),
        ("SEARCH orders USING INDEX ix_orders_status (connection_id=? AND status=?)", False),
        ("SCAN orders USING INDEX ix_orders_finished", False),
        ("SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)", False),
        ("SCAN connections", False),
    ],
)
def test_a_walk_is_told_from_a_look_up(step, expected):
    assert expected is walks(step)
