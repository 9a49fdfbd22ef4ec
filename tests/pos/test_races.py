"""Several workers at once: one answer an attempt, one sale an order, stock that adds up, a whole feed."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from pos.till import START, attempt, count_sales
from tillbridge.model.errors import NotAllowed
from tillbridge.pos.contract import Opened, SaleAction, SaleChange
from tillbridge.pos.embedded import NewProduct, merging, selling, tables
from tillbridge.pos.embedded.merging import MergeOrder

WORKERS = 6


def together(work, count=WORKERS):
    """Call `work(number)` in that many threads at the same moment; return what they returned."""
    start = Barrier(count)

    def run(number):
        start.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.row("S5")
def test_workers_with_the_same_attempts_get_the_same_answers(shop, pos_database):
    """Six workers bring the same ten drafts, each in another order."""
    drafts = [shop.draft(attempt(f"order {number}")) for number in range(10)]
    answers = together(lambda number: shop.pos.open_sales(drafts[number:] + drafts[:number]))

    assert all(one == answers[0] for one in answers)
    assert (10, Decimal(0), Decimal(0)) == (count_sales(pos_database), shop.on_hand(), shop.moved())


def test_workers_with_different_attempts_of_an_order_open_one_sale(shop, pos_database):
    def answer(number):
        return shop.open(shop.draft(attempt("A", number + 1)))

    opened = [one for one in together(answer) if isinstance(one, Opened)]

    assert (1, 1, Decimal(9)) == (len(opened), count_sales(pos_database), shop.on_hand())


def test_workers_that_sell_the_same_products_never_lose_stock_nor_deadlock(shop, pos_database):
    """Thirty products, forwards and backwards; every statement goes through at its first try."""
    products = [shop.pos.add_product(NewProduct(description=f"product {number}")) for number in range(30)]
    faults: list[object] = []
    event.listen(pos_database.engine, "handle_error", faults.append)

    def sell(worker):
        items = [shop.item(product) for product in products[:: 1 if worker % 2 else -1]]
        for number in range(5):
            shop.opened(shop.draft(attempt(f"{worker}-{number}"), *items))

    together(sell)
    left = [(shop.on_hand(product), shop.moved(product)) for product in products]

    assert [(Decimal(-5 * WORKERS), Decimal(-5 * WORKERS))] * 30 == left
    assert [] == faults


def test_different_changes_of_one_sale_return_its_stock_once(shop):
    """Each worker has a key of its own."""
    shop.opened()
    actions = (SaleAction.VOID, SaleAction.REMOVE_ITEMS)
    together(lambda number: shop.change(actions[number % 2], by=str(number)))

    assert (Decimal(10), Decimal(10)) == (shop.on_hand(), shop.moved())


def test_a_void_and_a_late_opening_leave_nothing_sold(shop):
    """Whichever comes first, no goods are gone in the end."""

    def act(number):
        return shop.change(SaleAction.VOID, by=f"void {number}") if number % 2 else shop.open()

    together(act)

    assert (Decimal(10), Decimal(10)) == (shop.on_hand(), shop.moved())
    assert {} == shop.pos.find_sales(["A"])


def test_a_change_that_two_workers_bring_is_done_once(shop):
    shop.opened()
    answers = together(lambda _: shop.change(SaleAction.VOID, by="key"))

    assert 1 == len(set(map(repr, answers)))
    assert Decimal(10) == shop.moved()


def test_one_key_on_two_orders_is_answered_once(shop):
    """A key belongs to one change, whatever it is used for again."""
    for order in "AB":
        shop.opened(shop.draft(attempt(order)))

    def void(number):
        change = SaleChange(key="key", attempt=attempt("AB"[number % 2]), action=SaleAction.VOID, reason="")
        return shop.pos.change_sales([change])

    together(void)

    assert 1 == len(shop.pos.find_sales(["A", "B"]))


def test_a_reader_of_the_feed_misses_nothing_that_writers_commit_meanwhile(shop):
    """Positions are given in the order of commits, so what is behind a cursor never grows."""
    sales = [shop.opened(shop.draft(attempt(f"order {number}"))).sale_id for number in range(40)]
    writers = WORKERS - 1
    seen: list[str] = []

    def act(number):
        if number < writers:
            for sale in sales[number::writers]:
                shop.pos.finish_at_till(sale)
            return
        cursor = None
        while len(seen) < len(sales):
            changed = shop.pos.sales_changed(cursor, limit=3)
            cursor = changed.cursor
            seen.extend(sale.sale_id for sale in changed.sales)

    together(act)

    assert sorted(sales) == sorted(seen)


SELLER = Path(__file__).with_name("seller.py")


def test_two_processes_with_the_same_attempts_get_the_same_answers(shop, pos_database):
    """No lock of one process protects the other."""
    drafts = [shop.draft(attempt(f"order {number}")).model_dump_json() for number in range(10)]
    given = json.dumps({"url": pos_database.url.render_as_string(hide_password=False), "drafts": drafts})
    programs = [
        subprocess.Popen(
            [sys.executable, SELLER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _ in range(2)
    ]
    pipes = [(program.stdin, program.stdout) for program in programs]
    for _, said in pipes:
        assert said
        assert said.readline() == "ready\n"
    for asked, _ in pipes:
        assert asked
        asked.write(given + "\n")
        asked.flush()
    answers = [program.communicate()[0] for program in programs]

    assert answers[0] == answers[1] != ""
    assert (10, Decimal(0)) == (count_sales(pos_database), shop.on_hand())


def test_each_sale_has_a_barcode_of_its_own(shop, pos_database):
    together(lambda worker: [shop.opened(shop.draft(attempt(f"{worker}-{n}"))) for n in range(5)])
    with pos_database.read() as connection:
        barcodes = connection.execute(select(tables.sales.c.barcode)).scalars().all()

    assert 5 * WORKERS == len(set(barcodes)) == len(barcodes)


def make_twins(shop):
    """A second helmet, P3, of which there are ten as well: it is the first one under another number."""
    return shop.pos.add_product(NewProduct(description="Helmet", on_hand={"MAPO": Decimal(10)}))


def merge_order(shop, gone):
    return MergeOrder(kept=shop.helmet, merged=(gone,), who="지은", anyway=True)


@pytest.mark.row("S11")
def test_sales_opened_while_their_product_is_merged_lose_no_stock(shop):
    """Some before, some after: in the end one product has what is left of both, and the other nothing."""
    twin = make_twins(shop)

    def work(number):
        if number == 2:
            return shop.pos.merge(merge_order(shop, twin))
        return [shop.opened(shop.draft(attempt(f"{number}-{n}"), shop.item(twin))) for n in range(4)]

    together(work)

    assert Decimal(20 - 4 * (WORKERS - 1)) == shop.on_hand()
    assert (shop.on_hand(), Decimal(0)) == (shop.moved(), shop.moved(twin))


in_turn = pytest.mark.parametrize("database_kind", ["postgresql"])


def has_to_wait(database, work):
    """Say whether work that is begun now would wait for another transaction."""
    with database.write("test") as connection:
        connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            work(connection)
        connection.rollback()


@in_turn
@pytest.mark.row("S11")
def test_a_sale_waits_for_the_merge_of_its_product_and_takes_the_kept_ones_stock(shop, pos_database):
    """SQLite has one writer at a time, so there is nothing to wait for."""
    twin = make_twins(shop)
    draft = shop.draft(attempt(), shop.item(twin))
    with pos_database.write("merge") as merging_it:
        merging.merge(merging_it, merge_order(shop, twin), START)
        has_to_wait(pos_database, lambda one: selling.open_sales(one, [draft], START))

    shop.opened(draft)

    assert (Decimal(19), Decimal(0)) == (shop.on_hand(), shop.moved(twin))


@in_turn
@pytest.mark.row("S11")
def test_a_merge_waits_for_a_sale_that_is_being_opened_and_takes_what_it_left(shop, pos_database):
    twin = make_twins(shop)
    with pos_database.write("sale") as selling_it:
        selling.open_sales(selling_it, [shop.draft(attempt(), shop.item(twin))], START)
        has_to_wait(pos_database, lambda one: merging.merge(one, merge_order(shop, twin), START))

    shop.pos.merge(merge_order(shop, twin))

    assert (Decimal(19), Decimal(0)) == (shop.on_hand(), shop.moved(twin))


@in_turn
@pytest.mark.row("S11")
def test_undoing_a_merge_waits_for_a_sale_and_is_refused_then(shop, pos_database):
    """Whose stock the sale took could not be told."""
    twin = make_twins(shop)
    shop.pos.merge(merge_order(shop, twin))
    with pos_database.write("sale") as selling_it:
        selling.open_sales(selling_it, [shop.draft(attempt(), shop.item(twin))], START)
        has_to_wait(pos_database, lambda one: merging.unmerge(one, twin, "지은", START))

    with pytest.raises(NotAllowed, match="Stock has moved"):
        shop.pos.unmerge(twin, "지은")
