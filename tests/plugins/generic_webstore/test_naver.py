"""Naver SmartStore by its preset: whole orders out of a feed that names parts of them, and what is left."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plugins.generic_webstore.at_work import AtWork, at_work
from plugins.generic_webstore.cafe24 import at
from plugins.generic_webstore.counters import Desk, desk, offer
from plugins.generic_webstore.naver import ID, SECRET, Store, book, product_order
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import ListingRef, OrderKind, Standing, TenderKind
from tillbridge.model.resolutions import Resolution
from tillbridge.plugin import IdentifierKind, WebMoney, WebOrder
from tillbridge.testing.clock import FrozenClock

NOW = at("2026-03-01 18:00")
ORDER = "2026030112345"


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def server(store: Store) -> Iterator[Desk]:
    with desk() as made:
        made.answer = store.answer
        yield made


def working(server: Desk, days: float = 0.5) -> AbstractContextManager[AtWork]:
    settings = {"client_id": ID, "client_secret": SECRET, "url": server.url}
    return at_work("naver", settings, FrozenClock(NOW), orders_from=NOW - timedelta(days=days))


@pytest.fixture
def shop(server: Desk) -> Iterator[AtWork]:
    with working(server) as made:
        yield made


def won(amount: int) -> Money:
    return Money(amount, "KRW")


def read(shop: AtWork) -> WebOrder:
    found = shop.orders()[ORDER]
    assert isinstance(found, WebOrder)
    return found


def test_an_order_is_put_together_of_its_product_orders(store: Store, shop: AtWork) -> None:
    store.add(product_order("A"), book("B"), at=NOW - timedelta(hours=1))

    found = read(shop)

    assert (found.number, found.standing, found.kind) == (ORDER, Standing.OPEN, OrderKind.SHIPPING)
    assert found.placed_at == at("2026-03-01 10:05") + timedelta(milliseconds=123)
    assert found.total == won(78_000)  # 60,000 + 15,000, and 3,000 once for the package
    shirt, novel = found.lines
    assert (shirt.id, shirt.quantity, shirt.amount.gross) == ("A", Decimal(2), won(60_000))
    assert [tax.amount for tax in shirt.amount.taxes] == [won(5_455)]  # 60,000 / 11
    assert (novel.amount.gross, novel.amount.taxes) == (won(15_000), ())
    assert shirt.listing == ListingRef(item_id="31", parent_id="4001")
    assert novel.listing == ListingRef(item_id="4002")
    assert shirt.values(IdentifierKind.SKU) == ("TS-RED-M",)
    assert novel.values(IdentifierKind.SKU) == ("BK-1",)
    assert [(one.amount.gross, one.amount.tax) for one in found.charges] == [(won(3_000), won(273))]
    assert [(one.kind, one.amount) for one in found.tenders] == [(TenderKind.CARD, won(78_000))]
    assert found.money is WebMoney.CHARGED
    assert (found.customer.id, found.customer.full_name, found.customer.email) == ("900100", "김하늘", None)
    assert found.shipping_address is not None
    assert (found.shipping_address.name, found.shipping_address.country) == ("김바다", "KR")


def paid_with(row: dict[str, Any], **amounts: int) -> dict[str, Any]:
    row["order"].update(amounts)
    return row


def test_points_and_money_of_naver_s_are_a_part_of_what_was_paid(store: Store, shop: AtWork) -> None:
    amounts = {
        "generalPaymentAmount": 70000,
        "naverMileagePaymentAmount": 5000,
        "chargeAmountPaymentAmount": 2000,
        "checkoutAccumulationPaymentAmount": 1000,
    }
    store.add(paid_with(product_order("A"), **amounts), paid_with(book("B"), **amounts), at=NOW)

    assert [(one.kind, one.title, one.amount) for one in read(shop).tenders] == [
        (TenderKind.STORE_CREDIT, "Naver points", won(5_000)),
        (TenderKind.STORE_CREDIT, "Naver Pay money", won(3_000)),
        (TenderKind.CARD, "신용카드", won(70_000)),
    ]


def test_points_of_an_order_that_is_not_whole_any_more_are_not_guessed_at(store: Store, shop: AtWork) -> None:
    """The amounts are those of the whole order, here of another store's goods too."""
    amounts = {"generalPaymentAmount": 70000, "naverMileagePaymentAmount": 99000}
    store.add(paid_with(product_order("A"), **amounts), at=NOW)

    assert [(one.kind, one.amount) for one in read(shop).tenders] == [(TenderKind.CARD, won(63_000))]


def test_an_order_that_was_paid_with_points_alone_says_so(store: Store, shop: AtWork) -> None:
    amounts = {"generalPaymentAmount": 0, "naverMileagePaymentAmount": 63000}
    made = paid_with(product_order("A"), **amounts)
    made["order"]["paymentMeans"] = "포인트/머니결제"
    store.add(made, at=NOW)

    assert [(one.kind, one.amount) for one in read(shop).tenders] == [(TenderKind.STORE_CREDIT, won(63_000))]


def test_an_order_comes_whole_though_one_part_of_it_has_changed(store: Store, shop: AtWork) -> None:
    store.add(product_order("A"), at=NOW - timedelta(days=3))
    store.add(book("B"), at=NOW - timedelta(hours=1))

    assert [line.id for line in read(shop).lines] == ["A", "B"]


def test_what_is_left_of_a_line_counts_and_not_what_was_ordered(store: Store, shop: AtWork) -> None:
    store.add(product_order("A", remainQuantity=1, remainPaymentAmount=30000), book("B"), at=NOW)

    found = read(shop)

    assert (found.lines[0].quantity, found.lines[0].amount.gross, found.total) == (
        Decimal(1),
        won(30_000),
        won(48_000),
    )


def test_a_line_of_which_nothing_is_left_is_left_out(store: Store, shop: AtWork) -> None:
    gone: dict[str, Any] = {"remainQuantity": 0, "remainPaymentAmount": 0, "productOrderStatus": "CANCELED"}
    store.add(product_order("A", **gone), book("B"), at=NOW)

    found = read(shop)

    assert ([line.id for line in found.lines], found.standing) == (["B"], Standing.OPEN)


def test_an_order_of_which_nothing_is_left_is_read_as_it_was_placed(store: Store, shop: AtWork) -> None:
    gone: dict[str, Any] = {"remainQuantity": 0, "remainPaymentAmount": 0, "productOrderStatus": "CANCELED"}
    store.add(product_order("A", **gone), book("B", **gone), at=NOW)

    found = read(shop)

    assert (found.standing, found.total, len(found.lines)) == (Standing.CANCELLED, won(78_000), 2)


def test_each_package_s_fee_counts_once_and_one_that_is_paid_at_the_door_does_not(
    store: Store, shop: AtWork
) -> None:
    own: dict[str, Any] = {"packageNumber": "P2", "deliveryFeeAmount": 2500, "deliveryDiscountAmount": 500}
    door: dict[str, Any] = {"packageNumber": "P3", "deliveryFeeAmount": 9000, "shippingFeeType": "착불"}
    store.add(product_order("A"), book("B"), book("C", **own), book("D", **door), at=NOW)

    assert [one.amount.gross for one in read(shop).charges] == [won(3_000), won(2_000)]


def test_an_order_that_is_partly_on_its_way_is_still_open(store: Store, shop: AtWork) -> None:
    store.add(product_order("A", productOrderStatus="DELIVERING"), book("B"), at=NOW)

    assert read(shop).standing is Standing.OPEN


def test_a_gift_waits_until_it_is_taken_and_its_giver_is_no_customer(store: Store, shop: AtWork) -> None:
    store.add(product_order("A", giftReceivingStatus="WAIT_FOR_RECEIVING"), at=NOW)

    found = read(shop)

    assert (found.standing, found.customer.full_name, found.customer.phone) == (Standing.UNPAID, "", None)


def test_an_order_that_is_collected_says_so(store: Store, shop: AtWork) -> None:
    store.add(product_order("A", expectedDeliveryMethod="VISIT_RECEIPT"), at=NOW)

    assert read(shop).kind is OrderKind.BOPIS


def test_the_feed_is_asked_a_day_at_a_time_up_to_now(store: Store, server: Desk) -> None:
    store.add(product_order("A"), at=NOW - timedelta(days=2))
    with working(server, days=3) as shop:
        found, cursor = shop.poll()

    assert [raw.order_id for raw in found] == [ORDER]
    assert len(store.windows) == 4  # 72 hours in pieces of 23
    assert store.windows[0][0] == "2026-02-26T17:50:00.000+09:00"
    assert cursor is not None
    assert NOW - timedelta(minutes=1) <= datetime.fromisoformat(cursor) <= NOW


def test_the_feed_goes_on_by_its_two_values_until_it_names_none(store: Store, shop: AtWork) -> None:
    store.page = 2
    for number in range(5):
        store.add(product_order(f"A{number}", order_id=f"O{number}"), at=NOW - timedelta(minutes=number))

    assert {raw.order_id for raw in shop.poll()[0]} == {f"O{number}" for number in range(5)}


def test_the_feed_goes_on_from_a_moment_with_one_decimal(store: Store, shop: AtWork) -> None:
    """It is sent back as the feed takes moments, with three."""
    store.page = 1
    for number in range(3):
        at = NOW - timedelta(minutes=number + 1, milliseconds=500)
        store.add(product_order(f"A{number}", order_id=f"O{number}"), at=at)

    assert {raw.order_id for raw in shop.poll()[0]} == {"O0", "O1", "O2"}
    assert [since for since, _ in store.windows[1:]] == [
        "2026-03-01T17:57:59.500+09:00",
        "2026-03-01T17:58:59.500+09:00",
    ]


def test_an_order_that_is_named_and_cannot_be_read_is_kept_and_stops_no_other(
    store: Store, server: Desk, shop: AtWork
) -> None:
    store.add(product_order("A", order_id="gone"), product_order("B"), at=NOW)
    server.answer = lambda asked: (400, {"code": "X"}) if "/gone/" in asked.path else store.answer(asked)

    assert {raw.order_id for raw in shop.poll()[0]} == {"gone", ORDER}


def test_a_poll_without_changes_is_no_error(shop: AtWork) -> None:
    assert shop.poll()[0] == []


def test_accepting_confirms_what_is_not_confirmed(store: Store, shop: AtWork) -> None:
    store.add(product_order("A"), book("B", placeOrderStatus="OK"), at=NOW)

    receipt = shop.tell(ORDER, Said.ACCEPTED)

    assert receipt.outcome is Outcome.ACCEPTED
    assert store.asked[-1].body == {"productOrderIds": ["A"]}
    assert shop.tell(ORDER, Said.ACCEPTED).outcome is Outcome.ACCEPTED
    assert store.asked[-1].path.endswith("/query")  # it holds already: nothing is sent


def test_a_failure_within_a_good_answer_is_a_refusal(store: Store, shop: AtWork) -> None:
    store.add(product_order("A"), at=NOW)
    store.refuses["A"] = "이미 취소된 주문입니다."

    receipt = shop.tell(ORDER, Said.ACCEPTED)

    assert receipt.outcome is Outcome.REFUSED
    assert receipt.words is not None
    assert "이미 취소된 주문입니다." in receipt.words.ko


def test_a_rejected_line_is_cancelled_and_a_wish_of_the_buyer_s_is_granted(
    store: Store, shop: AtWork
) -> None:
    store.add(product_order("A"), book("B", claimType="CANCEL", claimStatus="CANCEL_REQUEST"), at=NOW)

    receipt = shop.tell(ORDER, Said.REJECTED, reason="품절입니다.")

    assert receipt.outcome is Outcome.ACCEPTED
    told = [
        (one.path.removeprefix("/v1/pay-order/seller/product-orders/"), one.body) for one in store.asked[-2:]
    ]
    assert told == [
        ("B/claim/cancel/approve", None),
        ("A/claim/cancel/request", {"cancelReason": "SOLD_OUT", "cancelDetailedReason": "품절입니다."}),
    ]


def test_what_was_picked_up_is_dispatched_as_such(store: Store, shop: AtWork) -> None:
    store.add(product_order("A", expectedDeliveryMethod="VISIT_RECEIPT"), at=NOW)

    shop.tell(ORDER, Said.RESOLVED, resolution=Resolution.PICKED_UP)

    (dispatched,) = store.asked[-1].body["dispatchProductOrders"]
    assert (dispatched["productOrderId"], dispatched["deliveryMethod"]) == ("A", "VISIT_RECEIPT")


def test_what_was_picked_up_unconfirmed_is_confirmed_first(store: Store, shop: AtWork) -> None:
    """Naver dispatches nothing that is not confirmed."""
    store.add(product_order("A"), book("B", placeOrderStatus="OK"), at=NOW)

    receipt = shop.tell(ORDER, Said.PICKED_UP)

    assert receipt.outcome is Outcome.ACCEPTED
    assert [store.rows[one]["productOrder"]["productOrderStatus"] for one in "AB"] == ["DELIVERED"] * 2
    (confirmed,) = [one.body for one in store.asked if one.path.endswith("/confirm")]
    assert confirmed == {"productOrderIds": ["A"]}


def test_what_nobody_picked_up_is_no_fault_of_the_store_s(store: Store, shop: AtWork) -> None:
    store.add(product_order("A"), at=NOW)

    receipt = shop.tell(ORDER, Said.RESOLVED, resolution=Resolution.NOT_PICKED_UP)

    assert receipt.outcome is Outcome.ACCEPTED
    assert store.asked[-1].body == {"cancelReason": "INTENT_CHANGED"}


def test_options_of_naver_s_own_kinds_are_listed_and_told(store: Store, shop: AtWork) -> None:
    store.standards = {
        "4005": [
            {"id": 71, "optionName1": "빨강", "sellerManagerCode": "R", "stockQuantity": 5, "usable": True},
            {"id": 72, "optionName1": "파랑", "sellerManagerCode": "B", "stockQuantity": 2, "usable": False},
        ]
    }

    assert [(one.id, one.parent_id, one.price, one.quantity) for one in shop.listed()] == [
        ("71", "4005", won(15_000), 5),
        ("72", "4005", won(15_000), 2),
    ]
    receipts = shop.push_stock(offer("72", 9, parent="4005"))
    assert [one.outcome for one in receipts.values()] == [Outcome.ACCEPTED]
    assert store.standards["4005"] == [
        {"id": 71, "stockQuantity": 5, "usable": True},
        {"id": 72, "stockQuantity": 9, "usable": False},
    ]


def test_a_product_without_options_is_listed_with_its_barcode(store: Store, shop: AtWork) -> None:
    store.plain = {"4002": {}}

    (one,) = shop.listed()

    assert (one.id, one.parent_id) == ("4002", None)
    assert {(number.kind, number.value) for number in one.identifiers} == {
        (IdentifierKind.GTIN, "8801234567893"),
        (IdentifierKind.SKU, "S-4002"),
    }


def test_stock_of_an_option_is_told_with_the_prices_of_all(store: Store, shop: AtWork) -> None:
    store.options = {
        "4001": [
            {"id": 31, "optionName1": "빨강", "stockQuantity": 5, "price": 2000, "usable": True},
            {"id": 32, "optionName1": "파랑", "stockQuantity": 2, "price": 0, "usable": False},
        ]
    }

    receipts = shop.push_stock(offer("31", 0, parent="4001"))

    assert [one.outcome for one in receipts.values()] == [Outcome.ACCEPTED]
    assert store.options["4001"] == [
        {"id": 31, "stockQuantity": 0, "price": 2000, "usable": True},
        {"id": 32, "stockQuantity": 2, "price": 0, "usable": False},
    ]


def test_one_unknown_product_does_not_keep_the_others_from_being_told(store: Store, shop: AtWork) -> None:
    store.plain = {"4002": {}, "4003": {}}

    receipts = shop.push_stock(offer("4002", 7), offer("9999", 1), offer("4003", 2))

    assert {key: one.outcome for key, one in receipts.items()} == {
        "/P4002/4002": Outcome.ACCEPTED,
        "/P9999/9999": Outcome.REFUSED,
        "/P4003/4003": Outcome.ACCEPTED,
    }
    assert store.plain["4002"]["stockQuantity"] == 7


def test_a_price_is_told_as_a_number_of_won(store: Store, shop: AtWork) -> None:
    store.plain = {"4002": {}}

    shop.push_prices(offer("4002", price=won(14_000)))

    assert store.plain["4002"]["productSalePrice"] == {"salePrice": 14000}
