"""What the point of sale has is read page by page, by whoever comes first, and nothing of it is lost."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from orders import won
from tillbridge.exports import shelf
from tillbridge.model.identifiers import IdentifierKind, check_digit
from tillbridge.model.listings import Listing
from tillbridge.model.offers import Exporting
from tillbridge.model.orders import LineIdentifier
from tillbridge.pos.contract import ShelfChanges, ShelfItem
from tillbridge.provider import Capability

pytestmark = pytest.mark.row("S15")
DAY = 24 * 3600
NUMBERS = [(IdentifierKind.GTIN, "04006381333955")]


def item(product, pieces, **more):
    return ShelfItem("seoul", product, Decimal(pieces), won(1_000), "물통", numbers=NUMBERS, **more)


def test_a_page_that_comes_late_is_read_again_from_where_the_other_was(front):
    """Another worker reads on while this one holds its page in hand; that one saw less."""
    front.export()
    front.count(front.helmet, 8)
    other, read = front.another(), front.pos.shelf_changed
    held: list[ShelfChanges] = []

    def slow(cursor, limit):
        page = read(cursor, limit)
        if not held:
            held.append(page)
            shelf.refresh(other.context)
            front.count(front.pump, 2)
        return page

    front.pos.shelf_changed = slow
    shelf.refresh(front.engine.context)
    other.close()
    front.pos.shelf_changed = read
    front.export(dry_run=True)
    wanted = {one.product_id: one.wanted[0] for one in front.engine.export_items("web")}

    assert {front.helmet: 8, front.pump: 2} == wanted


def test_a_till_may_name_a_product_twice_in_one_answer(front):
    front.export()
    pages = [ShelfChanges([item("H1", 3), item("H1", 4)], "7000"), ShelfChanges([], "7000")]
    front.pos.shelf_changed = lambda *_: pages.pop(0)
    front.export()

    assert 4 == front.pieces("H1")


def test_a_tills_numbers_may_come_in_any_sequence(front):
    """The same numbers in another sequence are no news for the webstore."""
    both = [(IdentifierKind.SKU, "A-1"), *NUMBERS]
    front.export()
    pages = [
        ShelfChanges([item("H1", 3)._replace(numbers=both)], "7000"),
        ShelfChanges([item("H1", 3)._replace(numbers=both[::-1])], "8000"),
    ]
    front.pos.shelf_changed = lambda *_: pages.pop(0)
    front.export()
    front.export()

    assert 2 == len(front.webstore.calls)


def questions(front, work):
    """Return the statements that some work asks or tells the database."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    engine = front.engine.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return statements


def steps(front, work):
    """Return how many steps SQLite's machine takes for some work: each row that is looked at is some."""
    count = 0
    connections = []

    def step():
        nonlocal count
        count += 1
        return 0

    def watch(raw, *_):
        connections.append(raw)
        raw.set_progress_handler(step, 1)

    engine = front.engine.context.database.engine
    event.listen(engine, "checkout", watch)
    work()
    event.remove(engine, "checkout", watch)
    for raw in connections:
        raw.set_progress_handler(None, 0)
    return count


CODES = [f"8801234{one:05d}{check_digit(f'8801234{one:05d}')}" for one in range(300)]


def add(front, codes):
    products = [front.add("부품", code, 3, 1000) for code in codes]
    front.webstore.listings += [
        Listing(
            id=f"L{code}", title="부품", identifiers=(LineIdentifier(kind=IdentifierKind.GTIN, value=code),)
        )
        for code in codes
    ]
    front.clock.advance(DAY)  # a list is read once a day
    front.export()
    return products


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("by_listing", [False, True], ids=["by number", "by listing"])
def test_what_did_not_change_is_not_looked_at(make_front, by_listing):
    """One change among 300 products takes hardly more of SQLite than one among 20."""
    takes = {Capability.INVENTORY, Capability.PRICES, *([Capability.LISTINGS] if by_listing else ())}
    front = make_front(takes=frozenset(takes), exporting=Exporting(by_listing=by_listing))
    front.rule()
    front.webstore.listings = []
    product, *_ = add(front, CODES[:20])
    front.count(product, 4)
    of_few = steps(front, lambda: front.export(dry_run=True))
    add(front, CODES[20:])
    front.count(product, 5)

    of_many = steps(front, lambda: front.export(dry_run=True))

    assert of_many < 1.2 * of_few


def test_many_changes_are_found_with_as_many_questions_as_one(front):
    bodies = [f"8801234{one:05d}" for one in range(30)]
    products = [front.add("부품", f"{body}{check_digit(body)}", 3, 1000) for body in bodies]
    front.export()

    front.count(products[0], 4)
    of_one = questions(front, lambda: front.export(dry_run=True))
    for product in products:
        front.count(product, 5)
    of_many = questions(front, lambda: front.export(dry_run=True))

    assert len(of_one) == len(of_many)


def test_messages_look_at_what_is_held_or_refused_and_not_at_all_that_is_shown(front):
    front.export()
    statements = questions(front, front.engine.messages)

    asked = [one for one in statements if "export_items" in one]
    assert len(asked) == 1
    assert "state <> ''" in asked[0] or "state != ''" in asked[0]
