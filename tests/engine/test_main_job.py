"""The main job: web orders become sales, or say why not."""

import threading
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import text

from orders import HELMET, PUMP, line, order, won
from tillbridge.model.errors import Retryable
from tillbridge.model.money import Money
from tillbridge.model.orders import Amount, Standing, WebCustomer
from tillbridge.model.status import Status
from tillbridge.model.words import Words


@pytest.mark.row("S5")
def test_a_known_customer_and_known_products_become_a_sale(shop):
    shop.webstore.offer(order("A1", line("1"), line("2", gtin=PUMP, quantity=Decimal(2))))

    result = shop.poll()

    found = shop.engine.order("A1")
    assert Status.NEW is found.status
    assert "2000000000001" == found.barcode
    assert 9 == shop.on_hand("P1")
    assert 8 == shop.on_hand("P2")
    assert (1, 1, 0, 1, 0, 0) == (
        result.fetched,
        result.counts.new,
        result.counts.changed,
        result.counts.sold,
        result.counts.waiting,
        result.counts.failed,
    )


@pytest.mark.row("S6")
def test_an_unknown_customer_leaves_the_stock_alone(shop):
    shop.webstore.offer(order("A1", customer=WebCustomer(full_name="이영희", email="who@example.com")))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.CUSTOMER_ID_REQUIRED is found.status
    assert "No customer is known for 이영희." == found.reasons[0].en
    assert found.barcode is None
    assert 10 == shop.on_hand("P1")


@pytest.mark.row("S6")
def test_an_unknown_product_leaves_the_stock_alone(shop):
    shop.webstore.offer(order("A1", line("1"), line("2", gtin="00605284574539", title="자물쇠")))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.PRODUCT_MATCH_FAILED is found.status
    assert "“자물쇠” (00605284574539) is no product of the catalogue." == found.reasons[0].en
    assert 10 == shop.on_hand("P1")


@pytest.mark.row("S6")
def test_where_several_things_are_missing_all_are_listed_and_the_customer_names_the_status(shop):
    stranger = WebCustomer(full_name="이영희", email="who@example.com")
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539"), customer=stranger))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.CUSTOMER_ID_REQUIRED is found.status
    assert ["customer_unknown", "product_unknown"] == [reason.code for reason in found.reasons]


@pytest.mark.row("S6")
def test_numbers_that_do_not_add_up_are_sale_processing_failed(shop):
    shop.webstore.offer(order("A1", total=won(49_000)))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert "total" == found.reasons[0].path


@pytest.mark.row("S6")
def test_a_damaged_payload_is_kept_and_said_with_its_path(shop):
    whole = order("A1").model_dump_json().encode()
    shop.webstore.offer_bytes("A1", whole.replace(b'"quantity":"1"', b'"quantity":"many"'))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert "lines[0].quantity" == found.reasons[0].path


def test_one_damaged_order_never_stops_its_page(shop):
    shop.webstore.offer(order("A1"))
    shop.webstore.offer_bytes("A2", b"\x00 not even JSON")
    shop.webstore.offer(order("A3"))

    shop.poll()

    assert [Status.NEW, Status.SALE_PROCESSING_FAILED, Status.NEW] == [
        shop.status(one) for one in ("A1", "A2", "A3")
    ]


@pytest.mark.row("S1")
def test_a_second_poll_changes_nothing(shop):
    """Polling the same order twice leaves one sale and one stock movement."""
    shop.webstore.overlap = 100
    shop.webstore.offer(order("A1"))
    shop.poll()
    result = shop.poll()

    assert 1 == result.fetched
    assert (0, 0, 0) == (result.counts.new, result.counts.changed, result.counts.sold)
    assert 1 == len(shop.pos.sales)
    assert 9 == shop.on_hand("P1")


@pytest.mark.row("S12")
def test_process_sale_sells_an_order_once_its_product_is_there(shop):
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    shop.poll()
    shop.stock("P3", "00605284574539", 4)

    after = shop.set("A1", Status.PROCESS_SALE)

    assert Status.NEW is after
    assert 3 == shop.on_hand("P3")


def test_process_sale_without_a_mend_says_again_what_is_missing(shop):
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    shop.poll()

    assert Status.PRODUCT_MATCH_FAILED is shop.set("A1", Status.PROCESS_SALE)


def test_what_the_pos_refuses_is_sale_processing_failed_with_its_words(shop):
    shop.pos.refuse_next = Words("The till is closed.", "마감되었습니다.")
    shop.webstore.offer(order("A1"))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert "The till is closed." == found.reasons[0].en


def test_what_the_pos_refused_can_be_sold_by_a_new_attempt(shop):
    shop.pos.refuse_next = Words("The till is closed.", "마감되었습니다.")
    shop.webstore.offer(order("A1"))
    shop.poll()

    assert Status.NEW is shop.set("A1", Status.PROCESS_SALE)
    assert [2] == [key.number for key in shop.pos.sales]


@pytest.mark.parametrize("standing", [Standing.CANCELLED, Standing.FULFILLED, Standing.REFUNDED])
def test_an_order_that_is_not_open_is_archived_with_the_reason(shop, standing):
    shop.webstore.offer(order("A1", standing=standing))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.ARCHIVED is found.status
    assert "not_open" == found.reasons[0].code
    assert {} == shop.pos.sales


def test_an_unpaid_order_is_sold_once_it_is_paid(shop):
    shop.webstore.offer(order("A1", standing=Standing.UNPAID))
    shop.poll()
    assert Status.ARCHIVED is shop.status("A1")
    shop.clock.advance(60)
    shop.webstore.offer(order("A1"))

    shop.poll()

    assert Status.NEW is shop.status("A1")


def test_a_draft_is_no_order(shop):
    shop.webstore.offer_bytes("D1", b'{"draft": true}')

    shop.poll()

    assert [] == shop.engine.orders()


def test_a_draft_keeps_its_newest_payload_only_and_leaves_other_connections_alone(shop):
    shop.webstore.overlap = 100
    shop.webstore.offer_bytes("D1", b'{"draft": true}')
    shop.connect(name="two", settings={"shop": "s2"})

    for _ in range(3):
        shop.engine.poll()

    with shop.engine.context.database.read() as database:
        kept = database.execute(text("SELECT connection_id, handled FROM payloads ORDER BY 1")).all()
    assert [1, 2] == [row.connection_id for row in kept]
    assert all(row.handled for row in kept)


def test_an_order_without_items_is_no_sale(shop):
    empty = order("A1").model_copy(update={"lines": (), "total": won(0)})
    shop.webstore.offer(empty)

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert "lines: The order has no items." == found.reasons[0].en


def test_an_order_of_another_currency_is_refused_in_words(shop):
    dollars = line("1", amount=Amount(net=Money(4_000, "USD")))
    shop.webstore.offer(order("A1", dollars, currency="USD", total=Money(4_000, "USD")))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert "The order is in USD; the store 서울점 sells in KRW." == found.reasons[0].en


def test_a_newer_version_replaces_an_order_that_is_not_sold(shop):
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539")))
    shop.poll()
    shop.clock.advance(60)
    shop.webstore.offer(order("A1", line("1", gtin=HELMET)))

    result = shop.poll()

    assert 1 == result.counts.changed
    assert Status.NEW is shop.status("A1")


def test_a_newer_version_of_a_sold_order_is_shown_and_nothing_is_altered(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    shop.clock.advance(60)
    shop.webstore.offer(order("A1", line("1", quantity=Decimal(2))))

    shop.poll()

    found = shop.engine.order("A1")
    assert Status.NEW is found.status
    assert found.changed_after_sale
    assert 9 == shop.on_hand("P1")


def test_a_webstore_that_is_away_is_said_and_nothing_is_lost(shop):
    shop.webstore.offer(order("A1"))

    def away(_):
        raise Retryable(Words("The webstore is away.", "웹스토어에 연결할 수 없습니다."))

    shop.webstore.before = away
    assert "The webstore is away." == shop.poll().trouble.en
    assert "The webstore is away." == shop.engine.connections()[0].trouble.en

    shop.webstore.before = lambda _: None
    shop.poll()
    assert Status.NEW is shop.status("A1")
    assert shop.engine.connections()[0].trouble is None


def test_a_damaged_newer_payload_of_a_sold_order_is_said_and_the_sale_stands(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    shop.clock.advance(60)
    shop.webstore.offer_bytes("A1", b"damaged")
    shop.poll()
    damaged = shop.engine.order("A1")
    shop.clock.advance(60)
    shop.webstore.offer(order("A1"))
    shop.poll()
    whole = shop.engine.order("A1")

    assert (Status.NEW, ["payload_damaged"]) == (damaged.status, [one.code for one in damaged.reasons])
    assert (Status.NEW, ()) == (whole.status, whole.reasons)
    assert 9 == shop.on_hand("P1")


def test_a_damaged_order_is_sold_once_a_whole_one_comes(shop):
    shop.webstore.offer_bytes("A1", b"damaged")
    shop.poll()
    shop.clock.advance(60)
    shop.webstore.offer(order("A1"))

    shop.poll()

    assert Status.NEW is shop.status("A1")


def test_an_order_whose_very_id_cannot_be_read_is_kept_and_shown(shop):
    shop.webstore.offer_bytes("\x00", b"damaged")

    shop.poll()

    (found,) = shop.engine.orders()
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert found.webstore_id.startswith("unreadable-")


def test_a_program_that_ends_stops_after_the_page_at_hand_and_goes_on_there(shop):
    shop.webstore.page_size = 2
    for number in range(6):
        shop.webstore.offer(order(f"A{number}"))
    shop.engine.context.stopping.set()
    first = shop.poll()
    shop.engine.context.stopping.clear()

    assert (2, 2) == (first.fetched, first.counts.sold)
    assert (4, 4) == ((second := shop.poll()).fetched, second.counts.sold)


def test_a_poll_that_stops_does_not_wait_for_the_page_that_is_being_fetched(shop):
    """The second page never arrives."""
    shop.webstore.page_size = 1
    for number in ("A1", "A2"):
        shop.webstore.offer(order(number))
    never, pages = threading.Event(), count(1)

    def hang(_):
        if next(pages) > 1:
            never.wait()

    shop.webstore.before = hang
    shop.engine.context.stopping.set()

    assert 1 == shop.poll().fetched
    never.set()


def _map(shop, locations):
    with shop.engine.context.database.write("test") as database:
        database.execute(text("UPDATE connections SET locations = :locations"), {"locations": locations})


def test_an_order_of_a_location_that_nobody_mapped_beside_others_waits_and_takes_no_stock(shop):
    """It was sold in the default store without a word, and moved the wrong shop's stock."""
    _map(shop, '{"mapo": "seoul"}')
    shop.webstore.offer(order("A1", location="busan"))
    shop.poll()

    found = shop.engine.order("A1")
    assert Status.SALE_PROCESSING_FAILED is found.status
    assert "--location busan=STORE" in found.reasons[0].en
    assert 10 == shop.on_hand("P1")


def test_once_its_location_is_mapped_the_order_is_sold(shop):
    _map(shop, '{"mapo": "seoul"}')
    shop.webstore.offer(order("A1", location="busan"))
    shop.poll()
    _map(shop, '{"mapo": "seoul", "busan": "seoul"}')
    shop.set("A1", Status.PROCESS_SALE)

    assert Status.NEW is shop.status("A1")


def test_where_no_location_is_mapped_every_order_is_the_one_stores(shop):
    shop.webstore.offer(order("A1", location="busan"))
    shop.poll()

    assert Status.NEW is shop.status("A1")
