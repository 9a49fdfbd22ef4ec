"""PrestaShop by its preset, against a double that refuses what the webservice refuses."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plugins.generic_webstore.at_work import AtWork, at_work
from plugins.generic_webstore.counters import Desk, desk, offer
from plugins.generic_webstore.prestashop import KEY, Presta, detail, order, state
from plugins.generic_webstore.test_presets_run import check
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import OrderKind, Standing, WebMoney
from tillbridge.plugin import IdentifierKind, WebOrder
from tillbridge.testing.clock import FrozenClock

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def presta() -> Presta:
    return Presta()


@pytest.fixture
def server(presta: Presta) -> Iterator[Desk]:
    with desk() as made:
        made.answer = presta.answer
        yield made


def working(server: Desk, **settings: str) -> AbstractContextManager[AtWork]:
    given = {"key": KEY, "timezone": "Europe/Paris", "url": server.url, **settings}
    return at_work("prestashop", given, FrozenClock(NOW), orders_from=NOW - timedelta(days=1))


@pytest.fixture
def shop(server: Desk) -> Iterator[AtWork]:
    with working(server) as made:
        yield made


def read(shop: AtWork) -> WebOrder:
    found = shop.orders()["5"]
    assert isinstance(found, WebOrder)
    return found


def change(presta: Presta, **more: Any) -> None:
    """Let the order be another one."""
    presta.tables["orders"] = [order(**more)]


def test_an_order_is_what_it_is_at_the_shop(shop: AtWork) -> None:
    found = check(read(shop), currency="EUR")

    assert found.placed_at == datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
    assert (found.customer.first_name, found.customer.last_name) == ("Ann", "Lee")
    assert found.customer.phone == "0601020304"
    assert found.shipping_address is not None
    assert (found.shipping_address.city, found.shipping_address.country) == ("Paris", "FR")


def test_of_a_customer_no_more_is_asked_for_than_is_needed(presta: Presta, shop: AtWork) -> None:
    """The whole row has the hash of the password."""
    shop.poll()

    (asked,) = [one.path for one in presta.asked if one.path.startswith("/api/customers")]
    assert "passwd" not in asked
    assert "display=full" not in asked


def test_a_page_of_orders_costs_a_call_for_each_kind_of_what_belongs_to_them(
    presta: Presta, shop: AtWork
) -> None:
    presta.tables["orders"] = [order(number, reference=f"R{number}") for number in range(1, 41)]

    assert len(shop.poll()[0]) == 40
    assert len(presta.asked) == 8  # orders, and seven of what belongs to them


def test_an_order_has_the_currency_that_it_was_placed_in(presta: Presta, shop: AtWork) -> None:
    change(presta, id_currency="2")

    assert read(shop).currency == "USD"


def test_each_piece_is_rounded_where_the_shop_does_so(presta: Presta, shop: AtWork) -> None:
    """Twelve at 22.944 are 275.28 where each is rounded, as in a new shop, and 275.33 where the line is."""
    (row,) = order()["associations"]["order_rows"]
    row |= {"product_quantity": "12", "unit_price_tax_incl": "22.944000", "unit_price_tax_excl": "19.120000"}
    change(
        presta,
        associations={"order_rows": [row]},
        total_paid_tax_incl="275.280000",
        total_paid_tax_excl="229.440000",
        total_shipping_tax_incl="0.000000",
        total_shipping_tax_excl="0.000000",
    )
    presta.tables["order_details"] = [detail(11, 5, "275.280000", "229.440000", product_mpn="SH-12")]

    (line,) = read(shop).lines

    assert (line.amount.gross, line.amount.tax) == (Money(27528, "EUR"), Money(4584, "EUR"))
    assert line.values(IdentifierKind.MPN) == ("SH-12",)


def test_what_the_customer_wrote_is_the_note_and_not_what_staff_noted(presta: Presta, shop: AtWork) -> None:
    assert read(shop).note == ""

    def message(text: str, employee: str, private: str) -> dict[str, Any]:
        return {"id": 9, "id_order": "5", "id_employee": employee, "private": private, "message": text}

    presta.tables["messages"] = [
        message("Owes us money.", "2", "1"),
        message("Your parcel has left.", "2", "0"),
        message("Please ring twice.", "0", "0"),
    ]
    assert read(shop).note == "Please ring twice."


@pytest.mark.parametrize(
    ("number", "marks", "standing"),
    [
        ("11", state(11, paid="1"), Standing.OPEN),
        ("11", state(11), Standing.UNPAID),  # "Awaiting PayPal payment" of a shop that was a 1.6
        ("13", state(13, module_name="ps_cashondelivery"), Standing.OPEN),
        ("14", state(14, module_name="cashondelivery"), Standing.OPEN),
        ("21", state(21, paid="1"), Standing.OPEN),  # of the shop's own
        ("22", state(22, paid="1", shipped="1"), Standing.FULFILLED),
        ("6", state(6), Standing.CANCELLED),
        ("7", state(7), Standing.REFUNDED),
    ],
)
def test_a_state_says_by_its_marks_where_an_order_stands(
    number: str, marks: dict[str, Any], standing: Standing, presta: Presta, shop: AtWork
) -> None:
    change(presta, current_state=number)
    presta.tables["order_states"] = [marks]

    assert read(shop).standing is standing


def test_a_state_that_says_nothing_of_money_is_shown_and_not_guessed(presta: Presta, shop: AtWork) -> None:
    change(presta, current_state="31")
    presta.tables["order_states"] = [state(31)]

    with pytest.raises(Exception, match='"31" is not in the table'):
        shop.orders()


@pytest.mark.parametrize("number", ["13", "3"])
def test_what_is_paid_on_delivery_is_not_paid_though_it_is_in_progress(
    number: str, presta: Presta, shop: AtWork
) -> None:
    """PrestaShop marks it as paid as soon as it is prepared."""
    change(presta, current_state=number, module="ps_cashondelivery")
    presta.tables["order_states"] = [state(3, paid="1"), state(13, module_name="ps_cashondelivery")]

    found = read(shop)

    assert (found.standing, found.paid) == (Standing.OPEN, False)


@pytest.mark.parametrize(
    ("module", "money"), [("ps_checkout", WebMoney.CHARGED), ("ps_cashondelivery", None)]
)
def test_a_payment_that_prestashop_notes_by_itself_is_no_money_that_it_has(
    module: str, money: WebMoney | None, presta: Presta, shop: AtWork
) -> None:
    """It notes one of the whole sum as soon as an order is prepared: cancelled, it would be a refund."""
    change(presta, current_state="6", module=module, total_paid_real="77.000000")

    assert read(shop).money is money


def test_a_carrier_stands_for_collection_where_the_connection_says_so(presta: Presta, server: Desk) -> None:
    change(presta, id_carrier="3")
    with working(server) as shop:
        assert read(shop).kind is OrderKind.SHIPPING
    with working(server, pickup="Click and collect") as shop:
        assert read(shop).kind is OrderKind.BOPIS


def test_a_shop_without_orders_is_no_error(presta: Presta, shop: AtWork) -> None:
    presta.tables["orders"] = []

    assert shop.poll()[0] == []


def test_what_an_order_s_customer_was_may_be_gone(presta: Presta, shop: AtWork) -> None:
    presta.tables["customers"] = []

    assert read(shop).customer.email is None


def test_what_became_of_an_order_is_a_line_of_its_history(presta: Presta, shop: AtWork) -> None:
    assert shop.tell("5", Said.ACCEPTED).outcome is Outcome.ACCEPTED
    assert shop.tell("5", Said.REJECTED).outcome is Outcome.ACCEPTED

    assert presta.tables["orders"][0]["current_state"] == "6"
    assert presta.told == [("order_histories", {}), ("order_histories", {"sendemail": "1"})]
    assert shop.tell("5", Said.REJECTED).outcome is Outcome.ACCEPTED
    assert len(presta.told) == 2  # it is so already


def test_stock_is_told_and_nothing_else_of_its_record_is_lost(presta: Presta, shop: AtWork) -> None:
    """What a PUT leaves out is emptied: stock that shops share, and the place where it lies."""
    receipts = shop.push_stock(offer("0", 4, parent="10"))

    assert [one.outcome for one in receipts.values()] == [Outcome.ACCEPTED]
    assert presta.tables["stock_availables"] == [
        {
            "id": 77,
            "id_product": "10",
            "id_product_attribute": "0",
            "id_shop": "0",
            "id_shop_group": "1",
            "quantity": "4",
            "depends_on_stock": "0",
            "out_of_stock": "2",
            "location": "Shelf 3 & 4",
        }
    ]


def test_stock_that_a_warehouse_keeps_or_nobody_is_refused_in_words(presta: Presta, shop: AtWork) -> None:
    presta.tables["stock_availables"][0]["depends_on_stock"] = "1"

    kept, unknown = shop.push_stock(offer("0", 4, parent="10"), offer("7", 4, parent="99")).values()

    assert (kept.outcome, unknown.outcome) == (Outcome.REFUSED, Outcome.REFUSED)
    assert kept.words is not None
    assert "kept by warehouses" in kept.words.en
    assert unknown.words is not None
    assert "no record of its stock" in unknown.words.en


def test_products_are_listed_with_the_names_of_the_shop_s_first_language(
    presta: Presta, shop: AtWork
) -> None:
    names = [{"id": "1", "value": "Hummingbird shirt"}, {"id": "2", "value": "T-shirt colibri"}]
    presta.tables["products"] = [
        {
            "id": 10,
            "name": names,
            "reference": "demo_1",
            "active": "1",
            "ean13": "",
            "upc": "",
            "isbn": "978-3-16-148410-0",
            "mpn": "",
        },
        {
            "id": 11,
            "name": "Mug",
            "reference": "demo_2",
            "active": "0",
            "ean13": "4006381333931",
            "upc": "",
            "isbn": "",
            "mpn": "",
            "associations": {"combinations": [{"id": "7"}]},
        },
    ]
    presta.tables["combinations"] = [
        {"id": 7, "id_product": "11", "reference": "", "ean13": "", "upc": "", "isbn": "", "mpn": "M-7"}
    ]

    listed = [
        (one.id, one.parent_id, one.title, one.active, [(n.kind.value, n.value) for n in one.identifiers])
        for one in shop.listed()
    ]

    assert listed == [
        ("0", "10", "Hummingbird shirt", True, [("gtin", "9783161484100"), ("sku", "demo_1")]),
        ("7", "11", "Mug", False, [("mpn", "M-7"), ("sku", "demo_2")]),
    ]
