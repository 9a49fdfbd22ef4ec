"""Opening sales: what a sale takes with it, what is refused, and that an attempt has one answer for ever."""

from dataclasses import fields
from decimal import Decimal

import pytest

from pos.till import JEJU, START, Shop, attempt, count_sales, dump, statements, won
from tillbridge.model.drafts import CustomerUpdate, DraftItem, ItemKind
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import check_digit
from tillbridge.model.money import Money
from tillbridge.model.orders import Address, Consent
from tillbridge.pos.contract import Opened, Refused, SaleState
from tillbridge.pos.embedded import NewCustomer

ELSEWHERE = Address(street=("뚝섬로 39",), city="서울", postcode="04779", country="KR")


@pytest.mark.row("S5")
def test_an_opened_sale_takes_its_items_off_the_stock(shop):
    """Two helmets of ten leave eight."""
    shop.opened(shop.draft(attempt(), shop.item(quantity="2")))

    assert Decimal(8) == shop.on_hand()


@pytest.mark.row("S5")
def test_an_opened_sale_has_a_barcode_of_the_shops_own_range(shop):
    """It begins with 29 and its check digit is right; the sale is found by it."""
    barcode = shop.opened().barcode

    assert ("29", 13, barcode[-1]) == (barcode[:2], len(barcode), check_digit(barcode[:-1]))
    assert shop.pos.sale(barcode).facts.state is SaleState.OPEN


def test_a_sale_shows_its_items_and_its_comment(shop):
    """A product, and a fee that moves no stock."""
    fee = DraftItem(
        kind=ItemKind.FEE, description="포장", quantity=Decimal(1), net=won(500), tax=won(0), product_id=None
    )
    opened = shop.opened(shop.draft(attempt(), shop.item(quantity="1.5"), fee))
    sale = shop.pos.sale(opened.sale_id)

    assert [(shop.helmet, Decimal("1.5")), (None, Decimal(1))] == [
        (item.product_id, item.quantity) for item in sale.items
    ]
    assert (["shop A"], won(10_400)) == (sale.comments, sale.total)


def test_an_attempt_is_answered_again_and_nothing_more_happens(shop, pos_database):
    """A second call says the same and changes no row."""
    first = shop.open()
    before = dump(pos_database)

    assert first == shop.open()
    assert before == dump(pos_database)


def test_one_attempt_twice_in_a_batch_is_one_sale(shop, pos_database):
    draft = shop.draft()
    answers = shop.pos.open_sales([draft, draft])

    assert (1, 1) == (len(answers), count_sales(pos_database))


def test_a_second_attempt_of_a_sold_order_is_refused(shop):
    """An order never has two sales that are not void."""
    shop.opened()

    assert isinstance(shop.open(shop.draft(attempt("A", 2))), Refused)
    assert Decimal(9) == shop.on_hand()


def test_two_attempts_of_an_order_in_one_batch_are_one_sale(shop):
    answers = shop.pos.open_sales([shop.draft(attempt("A", 1)), shop.draft(attempt("A", 2))])

    assert [Opened, Refused] == [type(answers[attempt("A", number)]) for number in (1, 2)]


def test_a_refusal_is_kept(shop):
    """What made it unopenable is mended meanwhile; the attempt still says the same."""
    draft = shop.draft(attempt(), store="JEJU")
    refused = shop.open(draft)
    shop.pos.add_store(JEJU)

    assert isinstance(refused, Refused)
    assert refused == shop.open(draft)


def test_after_a_refusal_the_next_attempt_can_be_opened(shop):
    shop.open(shop.draft(attempt("A", 1), customer_id="C999"))

    assert isinstance(shop.open(shop.draft(attempt("A", 2))), Opened)


def other_currency(shop: Shop):
    item = shop.item(net=Money(100, "USD"), tax=Money(0, "USD"))
    return shop.draft(attempt("B"), item, currency="USD", total=Money(100, "USD"))


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (lambda shop: shop.draft(attempt("B"), store="NOWHERE"), "store 'NOWHERE'"),
        (lambda shop: shop.draft(attempt("B"), customer_id="C999"), "customer 'C999'"),
        (lambda shop: shop.draft(attempt("B"), customer_id="minsu"), "customer 'minsu'"),
        (lambda shop: shop.draft(attempt("B"), shop.item("P999")), "product 'P999'"),
        (lambda shop: shop.draft(attempt("B"), shop.item(product_id=None)), "product None"),
        (other_currency, "sells in KRW"),
        (lambda shop: shop.draft(attempt("B"), total=won(1)), "add up to ₩9,900"),
        (lambda shop: shop.draft(attempt("B"), shop.item(quantity="0")), "no quantity"),
        (lambda shop: shop.draft(attempt("B"), shop.item(quantity="0.00001")), "no quantity"),
        (lambda shop: shop.draft(attempt("B"), shop.item(quantity="1E+30")), "no quantity"),
    ],
)
def test_one_unopenable_draft_is_refused_in_words_and_stops_no_other(shop, draft, word):
    """Its neighbours in the batch are opened."""
    bad = draft(shop)
    answers = shop.pos.open_sales([shop.draft(attempt("A")), bad, shop.draft(attempt("C"))])

    assert word in answers[bad.attempt].words.en
    assert [Opened, Opened] == [type(answers[attempt(order)]) for order in "AC"]


@pytest.mark.row("S30")
def test_a_sale_may_take_stock_below_zero(shop):
    """A product that was never in the store is sold all the same."""
    shop.opened(shop.draft(attempt(), shop.item(shop.pump, "3")))

    assert (Decimal(-3), Decimal(-3)) == (shop.on_hand(shop.pump), shop.moved(shop.pump))


def test_what_no_database_can_keep_is_left_out(shop):
    """A NUL in a line's title is no reason to fail the page."""
    opened = shop.opened(shop.draft(attempt(), shop.item(description="hel\x00met"), comment="a\x00b"))

    assert "hel\N{REPLACEMENT CHARACTER}met" == shop.pos.sale(opened.sale_id).items[0].description


def test_a_batch_needs_a_fixed_number_of_queries(shop, pos_database):
    """As many statements for fifty drafts as for one."""
    drafts = [
        shop.draft(
            attempt(f"order {number}"),
            shop.item(),
            shop.item(shop.pump),
            customer_update=CustomerUpdate(ordered_at=shop.later(minutes=number), shipping_address=ELSEWHERE),
        )
        for number in range(51)
    ]
    counts = []
    for batch in (drafts[:1], drafts[1:]):
        with statements(pos_database) as sent:
            shop.pos.open_sales(batch)
        counts.append(len(sent))

    assert 51 == count_sales(pos_database)
    assert counts[0] == counts[1]


# The customer (MISSION S8)


def ordering(shop: Shop, order: str, minutes: float, **said):
    update = CustomerUpdate(ordered_at=shop.later(minutes=minutes), **said)
    return shop.opened(shop.draft(attempt(order), customer_update=update))


@pytest.mark.row("S8")
def test_a_differing_shipping_address_updates_the_customers(shop):
    """The customer's own address stays."""
    ordering(shop, "A", 0, shipping_address=ELSEWHERE)
    customer = shop.pos.customer(shop.customer)

    assert ELSEWHERE == customer.shipping_address
    assert ("성미산로 28",) == customer.address.street


@pytest.mark.row("S8")
@pytest.mark.parametrize("address", [Address(), Address(city="서울")])
def test_an_incomplete_address_updates_nothing(shop, address):
    ordering(shop, "A", 0, shipping_address=address)

    assert shop.pos.customer(shop.customer).shipping_address is None


@pytest.mark.row("S8")
def test_an_older_orders_address_does_not_win(shop):
    """The newer order came first; the older one changes nothing."""
    ordering(shop, "B", 5, shipping_address=ELSEWHERE)
    ordering(shop, "A", 0, shipping_address=ELSEWHERE.model_copy(update={"city": "부산"}))

    assert "서울" == shop.pos.customer(shop.customer).shipping_address.city


@pytest.mark.row("S8")
def test_an_equal_address_of_a_newer_order_counts_as_the_newest(shop):
    """An order between the two comes last and does not win."""
    ordering(shop, "B", 5, shipping_address=shop.pos.customer(shop.customer).address)
    ordering(shop, "A", 0, shipping_address=ELSEWHERE)

    assert shop.pos.customer(shop.customer).shipping_address is None


@pytest.mark.row("S8")
def test_in_one_batch_the_newest_orders_address_wins(shop):
    drafts = [
        shop.draft(
            attempt(order),
            customer_update=CustomerUpdate(
                ordered_at=shop.later(minutes=minutes),
                shipping_address=ELSEWHERE.model_copy(update={"city": city}),
            ),
        )
        for order, minutes, city in (("B", 5, "부산"), ("A", 0, "대구"))
    ]
    shop.pos.open_sales(drafts)

    assert "부산" == shop.pos.customer(shop.customer).shipping_address.city


@pytest.mark.row("S8")
def test_consent_ticks_include_in_mailings_with_date_and_source(shop):
    ordering(shop, "A", 0, consent=Consent(source="Locally", at=shop.later(minutes=-1)))
    customer = shop.pos.customer(shop.customer)

    assert (True, shop.later(minutes=-1), "Locally") == (
        customer.include_in_mailings,
        customer.mailings_at,
        customer.mailings_source,
    )


@pytest.mark.row("S8")
def test_an_order_never_unticks_and_never_changes_the_first_consent(shop):
    ordering(shop, "A", 0, consent=Consent(source="Locally"))
    ordering(shop, "B", 5)
    ordering(shop, "C", 6, consent=Consent(source="Shopify"))
    customer = shop.pos.customer(shop.customer)

    assert (True, START, "Locally") == (
        customer.include_in_mailings,
        customer.mailings_at,
        customer.mailings_source,
    )


@pytest.mark.row("S8")
def test_an_orders_update_is_applied_once(shop):
    """A second attempt of the same order updates nothing, whatever it says."""
    ordering(shop, "A", 0)
    shop.change("void")
    update = CustomerUpdate(ordered_at=START, shipping_address=ELSEWHERE)
    shop.opened(shop.draft(attempt("A", 2), customer_update=update))

    assert shop.pos.customer(shop.customer).shipping_address is None


@pytest.mark.row("S8")
def test_a_refused_draft_updates_no_customer(shop):
    update = CustomerUpdate(ordered_at=START, shipping_address=ELSEWHERE)
    shop.open(shop.draft(attempt(), shop.item("P999"), customer_update=update))

    assert shop.pos.customer(shop.customer).shipping_address is None


@pytest.mark.row("S8")
def test_an_order_changes_nothing_else_of_its_customer(shop):
    """Name, number, e-mails, phones and the address itself stay."""
    before = shop.pos.customer(shop.customer)
    ordering(shop, "A", 0, shipping_address=ELSEWHERE, consent=Consent(source="Locally"))
    after = shop.pos.customer(shop.customer)

    assert {"shipping_address", "include_in_mailings", "mailings_at", "mailings_source"} == {
        field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)
    }


def test_a_customer_of_that_number_is_not_added_twice(shop):
    with pytest.raises(InputError, match="C1001"):
        shop.pos.add_customer(NewCustomer(name="김민수", number="C1001"))
