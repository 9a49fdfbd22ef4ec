"""Cafe24 by its preset: nothing is lost by its dates, amounts add up as the mall's own, and it is told."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from plugins.generic_webstore import cafe24
from plugins.generic_webstore.at_work import AtWork, at_work
from plugins.generic_webstore.cafe24 import Mall, amounts, at, book, item, order
from plugins.generic_webstore.counters import Desk, desk, offer
from tillbridge.http import KeptInMemory
from tillbridge.model.exchange import Outcome, Said
from tillbridge.model.money import Money
from tillbridge.model.orders import ListingRef, OrderKind, Standing, TenderKind
from tillbridge.plugin import IdentifierKind, NotAnOrder, Rejected, WebOrder
from tillbridge.testing.clock import FrozenClock

NOW = at("2026-03-01 18:00")
HOSTS = ("https://{mall}.cafe24api.com/",)
SETTINGS = {
    "mall": "haneulbook",
    "client_id": "app",
    "client_secret": "app-secret",
    "refresh_token": "first",
    "markets": "no",
}


@pytest.fixture
def mall() -> Mall:
    return Mall()


@pytest.fixture
def server(mall: Mall) -> Iterator[Desk]:
    with desk() as made:
        made.answer = mall.answer
        yield made


@pytest.fixture
def shop(server: Desk) -> Iterator[AtWork]:
    with working(server) as made:
        yield made


def working(server: Desk, **settings: str) -> AbstractContextManager[AtWork]:
    return at_work(
        "cafe24",
        {**SETTINGS, **settings},
        FrozenClock(NOW),
        orders_from=NOW - timedelta(days=1),
        hosts=dict.fromkeys(HOSTS, server.url),
        kept=KeptInMemory(),
    )


def read(shop: AtWork, made: dict[str, Any]) -> WebOrder:
    """Place an order and read it."""
    found = shop.orders()[made["order_id"]]
    assert isinstance(found, WebOrder)
    return found


def won(amount: int) -> Money:
    return Money(amount, "KRW")


def test_an_order_is_what_it_is_at_the_mall(mall: Mall, shop: AtWork) -> None:
    made = order()
    mall.add(made)

    found = read(shop, made)

    assert (found.number, found.kind, found.standing) == (
        "20260301-0000013",
        OrderKind.SHIPPING,
        Standing.OPEN,
    )
    assert found.placed_at == at("2026-03-01 10:05")
    assert (found.currency, found.total) == ("KRW", won(77_000))
    shirt, novel = found.lines
    # 5,000 off is spread by 64,000 to 15,000: 4,051 and 949.
    assert (shirt.id, shirt.quantity, shirt.amount.gross) == ("20260301-0000013-01", Decimal(2), won(59_949))
    assert [tax.amount for tax in shirt.amount.taxes] == [won(5_450)]  # 59,949 / 11
    assert (novel.amount.gross, novel.amount.taxes) == (won(14_051), ())
    assert shirt.listing == ListingRef(item_id="P0000BXA000A", parent_id="128")
    assert shirt.values(IdentifierKind.SKU) == ("TS-RED-M",)
    assert novel.values(IdentifierKind.SKU) == ("BK-1",)
    assert shirt.options == "색상=빨강, 사이즈=M"
    (shipping,) = found.charges
    assert (shipping.amount.gross, shipping.amount.tax) == (won(3_000), won(273))
    assert [(one.kind, one.amount) for one in found.tenders] == [
        (TenderKind.STORE_CREDIT, won(2_000)),
        (TenderKind.CARD, won(75_000)),
    ]
    assert (found.customer.id, found.customer.full_name, found.customer.email, found.customer.phone) == (
        "haneul",
        "김하늘",
        "haneul@example.com",
        "010-1234-5678",
    )
    assert found.shipping_address is not None
    assert (found.shipping_address.postcode, found.shipping_address.country) == ("06236", "KR")
    assert found.note == "문 앞에 놓아 주세요"


def test_a_product_with_options_is_not_known_by_the_code_of_all_its_variants(
    mall: Mall, shop: AtWork
) -> None:
    made = order(items=[item("1-01", custom_variant_code=None), book("1-02")])
    mall.add(made)

    assert read(shop, made).lines[0].identifiers == ()


def test_what_a_product_has_off_is_taken_off_its_line(mall: Mall, shop: AtWork) -> None:
    """Such as a sale or a members' price: it stands on the item alone, and in no amount of the order."""
    made = order(
        items=[
            item(
                "1-01",
                product_price="39000.00",
                option_price="0.00",
                quantity=1,
                additional_discount_price="2730.00",
                coupon_discount_price="3900.00",  # the order's coupon, once more
            )
        ],
        actual_order_amount=amounts(
            order_price_amount="39000.00",
            shipping_fee="0.00",
            points_spent_amount="0.00",
            coupon_discount_price="3900.00",
            payment_amount="32370.00",
        ),
    )
    mall.add(made)

    found = read(shop, made)

    # 39,000 less 2,730 less 3,900
    assert (found.lines[0].amount.gross, found.total) == (won(32_370), won(32_370))


def test_naver_points_are_paid_beside_what_was_paid(mall: Mall, shop: AtWork) -> None:
    made = order(
        payment_method=["card"],
        naver_point=1719,
        actual_order_amount=amounts(points_spent_amount="0.00", payment_amount="75281.00"),
    )
    mall.add(made)

    found = read(shop, made)

    assert found.total == won(77_000)  # 75,281 and 1,719
    assert [(one.kind, one.amount) for one in found.tenders] == [
        (TenderKind.STORE_CREDIT, won(1_719)),
        (TenderKind.CARD, won(75_281)),
    ]


def test_an_order_whose_actual_amounts_are_not_there_is_read_by_its_first(mall: Mall, shop: AtWork) -> None:
    made = order()
    del made["actual_order_amount"]
    mall.add(made)

    assert read(shop, made).total == won(77_000)


def test_an_order_that_is_picked_up_in_the_shop_says_so(mall: Mall, shop: AtWork) -> None:
    made = order(store_pickup="T")
    mall.add(made)

    assert read(shop, made).kind is OrderKind.BOPIS


@pytest.mark.parametrize(
    ("statuses", "paid", "standing"),
    [
        (("N00", "N00"), "F", Standing.UNPAID),
        (("N10", "N20"), "T", Standing.OPEN),
        (("N20", "N30"), "T", Standing.OPEN),  # one is on its way, the other is not
        (("N40", "N50"), "T", Standing.FULFILLED),
        (("C40", "N10"), "T", Standing.OPEN),
        (("R40", "R40"), "T", Standing.REFUNDED),
        (("E41", "E51"), "T", Standing.FULFILLED),  # exchanges that were withdrawn
    ],
)
def test_where_an_order_stands_is_worked_out_of_its_items(
    statuses: tuple[str, str], paid: str, standing: Standing, mall: Mall, shop: AtWork
) -> None:
    first, second = statuses
    left = amounts(order_price_amount="15000.00", payment_amount="11000.00") if first == "C40" else amounts()
    made = order(
        paid=paid,
        items=[item("1-01", order_status=first), book("1-02", order_status=second)],
        actual_order_amount=left,
    )
    mall.add(made)

    assert read(shop, made).standing is standing


def test_an_item_that_was_cancelled_is_left_out_while_others_are_left(mall: Mall, shop: AtWork) -> None:
    made = order(
        canceled="M",
        items=[item("1-01", order_status="C40"), book("1-02")],
        actual_order_amount=amounts(order_price_amount="15000.00", payment_amount="11000.00"),
    )
    mall.add(made)

    found = read(shop, made)

    assert [line.id for line in found.lines] == ["1-02"]
    assert (found.lines[0].amount.gross, found.total) == (won(10_000), won(13_000))


def test_an_order_that_was_cancelled_as_a_whole_is_read_as_it_was_ordered(mall: Mall, shop: AtWork) -> None:
    nothing = dict.fromkeys(amounts(), "0.00")
    made = order(
        canceled="T",
        items=[item("1-01", order_status="C40"), book("1-02", order_status="C41")],
        actual_order_amount=nothing,
    )
    mall.add(made, cancel_date=NOW)

    found = read(shop, made)

    assert (found.standing, found.total, len(found.lines)) == (Standing.CANCELLED, won(77_000), 2)


def test_what_was_cancelled_is_worth_its_parts_whatever_became_of_naver_points(
    mall: Mall, shop: AtWork
) -> None:
    """What naver_point says of an order once that is cancelled is not known: both must be read."""
    paid = amounts(points_spent_amount="0.00", payment_amount="75281.00")
    for number, points in (("1", 1719), ("2", 0)):
        made = order(
            number,
            canceled="T",
            naver_point=points,
            items=[item("1-01", order_status="C40"), book("1-02", order_status="C40")],
            initial_order_amount=paid,
        )
        mall.add(made, cancel_date=NOW)

    assert {found.total for found in shop.orders().values() if isinstance(found, WebOrder)} == {won(77_000)}


def test_an_unpaid_order_is_worth_what_is_due(mall: Mall, shop: AtWork) -> None:
    due = amounts(payment_amount="0.00", total_amount_due="75000.00")
    made = order(
        paid="F",
        payment_method=["cash"],
        actual_order_amount=due,
        items=[item("1-01", order_status="N00"), book("1-02", order_status="N00")],
    )
    mall.add(made)

    found = read(shop, made)

    assert (found.standing, found.total, found.paid, found.tenders) == (
        Standing.UNPAID,
        won(77_000),
        False,
        (),
    )


def test_prices_without_tax_have_the_order_s_tax_on_top(mall: Mall, shop: AtWork) -> None:
    made = order(
        include_tax="F",
        items=[item("1-01")],
        actual_order_amount=amounts(
            order_price_amount="64000.00",
            coupon_discount_price="0.00",
            points_spent_amount="0.00",
            tax="6400.00",
            payment_amount="73400.00",
        ),
    )
    mall.add(made)

    found = read(shop, made)

    assert (found.lines[0].amount.gross, found.lines[0].amount.tax) == (won(70_400), won(6_400))


def test_a_marketplace_s_orders_are_left_to_its_own_connection_where_that_is_wanted(
    mall: Mall, shop: AtWork, server: Desk
) -> None:
    made = order(market_id="shopn", market_order_no="2026030111", order_place_id="shopn")
    mall.add(made)

    assert isinstance(shop.orders()[made["order_id"]], NotAnOrder)
    mall.refresh = "first"
    with working(server, markets="yes") as other:
        assert isinstance(other.orders()[made["order_id"]], WebOrder)


def test_dates_are_asked_by_the_clocks_of_seoul_and_in_each_of_their_kinds(mall: Mall, shop: AtWork) -> None:
    shop.poll()

    assert {(since, until) for _, since, until in mall.windows} == {
        ("2026-02-28 17:58:00", "2026-03-01 18:00:00")  # a day, and two minutes before it
    }
    assert [kind for kind, _, _ in mall.windows] == [
        "order_date",
        "pay_date",
        "shipbegin_date",
        "cancel_date",
        "cancel_complete_date",
        "return_complete_date",
        "exchange_complete_date",
    ]


def test_an_order_that_comes_in_several_kinds_of_dates_comes_once(mall: Mall, shop: AtWork) -> None:
    mall.add(order(), shipbegin_date=NOW)

    assert [raw.order_id for raw in shop.poll()[0]] == ["20260301-0000013"]


def test_what_happens_to_an_order_later_brings_it_again(mall: Mall, shop: AtWork) -> None:
    mall.add(order())
    _, cursor = shop.poll()
    shop.clock.advance(40 * 86_400)
    mall.orders["20260301-0000013"]["items"][0]["order_status"] = "R40"
    mall.days["20260301-0000013"]["return_complete_date"] = shop.clock.now() - timedelta(minutes=1)

    again, _ = shop.poll(cursor)

    assert [raw.order_id for raw in again] == ["20260301-0000013"]


def test_the_cursor_stays_behind_the_clock(shop: AtWork) -> None:
    began = shop.clock.now()

    _, cursor = shop.poll()

    assert cursor == (began - timedelta(minutes=1)).isoformat()


def test_more_than_three_months_are_asked_in_pieces(mall: Mall, server: Desk) -> None:
    mall.add(order(order_date="2025-06-01T09:00:00+09:00"))
    with at_work(
        "cafe24",
        SETTINGS,
        FrozenClock(NOW),
        orders_from=NOW - timedelta(days=300),
        hosts=dict.fromkeys(HOSTS, server.url),
        kept=KeptInMemory(),
    ) as shop:
        found, _ = shop.poll()

    assert [raw.order_id for raw in found] == ["20260301-0000013"]
    assert len(mall.windows) == 4 * 7  # 300 days in pieces of 85


def test_what_lies_deeper_than_a_list_goes_is_found_in_halves(mall: Mall, server: Desk) -> None:
    for hour in range(9, 18):
        mall.add(order(f"20260301-00000{hour:02}", order_date=f"2026-03-01T{hour:02}:00:00+09:00"))
    mall.deepest = 4
    with at_work(
        "cafe24",
        SETTINGS,
        FrozenClock(NOW),
        orders_from=NOW - timedelta(days=1),
        hosts={HOSTS[0]: server.url, "size = 200, most = 15000": "size = 2, most = 4"},
        kept=KeptInMemory(),
    ) as shop:
        found, _ = shop.poll()

    assert {raw.order_id for raw in found} == set(mall.orders)


def test_a_refresh_token_works_once_and_its_successor_is_kept(mall: Mall, server: Desk) -> None:
    kept = KeptInMemory()
    for _ in range(2):
        with at_work(
            "cafe24",
            SETTINGS,
            FrozenClock(NOW),
            orders_from=NOW - timedelta(days=1),
            hosts=dict.fromkeys(HOSTS, server.url),
            kept=kept,
        ) as shop:
            shop.poll()

    assert mall.refresh == "refresh-1"


def test_requests_come_no_faster_than_the_mall_s_bucket_leaks(shop: AtWork) -> None:
    shop.poll()

    assert shop.clock.slept == [0.5] * 6


def test_a_webhook_may_name_several_orders(shop: AtWork) -> None:
    assert shop.hear(cafe24.event("20260301-0000013,20260301-0000014")) == [
        "20260301-0000013",
        "20260301-0000014",
    ]


def test_a_webhook_that_is_about_no_order_asks_for_none(shop: AtWork) -> None:
    assert shop.hear(b'{"event_no": 90077, "resource": {"mall_id": "haneulbook"}}') == []


def test_webhooks_need_the_key_where_the_connection_has_one(mall: Mall, server: Desk) -> None:
    with working(server, webhook_key="secret-key") as shop:
        assert shop.hear(cafe24.event("1"), x_api_key="secret-key") == ["1"]
        with pytest.raises(Rejected):
            shop.hear(cafe24.event("1"))


def test_the_version_asked_for_is_the_app_s(mall: Mall, server: Desk) -> None:
    """Cafe24 answers 400 to every other."""
    mall.version = "2026-06-01"
    mall.add(order())
    with working(server, api_version="2026-06-01") as shop:
        assert list(shop.orders()) == ["20260301-0000013"]


def test_an_accepted_order_is_prepared_for_shipment(mall: Mall, shop: AtWork) -> None:
    mall.add(order())

    receipt = shop.tell("20260301-0000013", Said.ACCEPTED)

    assert receipt.outcome is Outcome.ACCEPTED
    assert [one["order_status"] for one in mall.orders["20260301-0000013"]["items"]] == ["N20", "N20"]


def test_what_is_so_already_counts_as_told(mall: Mall, shop: AtWork) -> None:
    mall.add(order(items=[item("1-01", order_status="N20")]))

    assert shop.tell("20260301-0000013", Said.ACCEPTED).outcome is Outcome.ACCEPTED
    assert [asked.method for asked in mall.asked[1:]] == ["GET"]


def test_a_rejected_line_is_cancelled_alone_and_its_stock_put_back(mall: Mall, shop: AtWork) -> None:
    mall.add(order(payment_method=["card"]))

    receipt = shop.tell(
        "20260301-0000013", Said.REJECTED, line_ids=["20260301-0000013-02"], reason="품절되었습니다."
    )

    assert receipt.outcome is Outcome.ACCEPTED
    assert mall.asked[-1].body == {
        "shop_no": 1,
        "request": {
            "status": "canceled",
            "recover_inventory": "T",
            "payment_gateway_cancel": "T",
            "claim_reason_type": "H",
            "reason": "품절되었습니다.",
            "items": [{"order_item_code": "20260301-0000013-02", "quantity": 1}],
        },
    }


def test_a_cancellation_leaves_money_alone_that_the_gateway_cannot_give_back(
    mall: Mall, shop: AtWork
) -> None:
    mall.add(order(payment_method=["card", "point"]))

    shop.tell("20260301-0000013", Said.REJECTED)

    assert "payment_gateway_cancel" not in mall.asked[-1].body["request"]


@pytest.mark.parametrize(
    ("theirs", "reasons"),
    [
        ({"order_place_id": "NCHECKOUT"}, {"naverpay_cancel_reason_type": "56"}),
        ({"market_id": "coupang", "market_order_no": "2026030111"}, {}),
    ],
)
def test_an_order_of_another_s_is_cancelled_in_the_words_of_that(
    theirs: dict[str, Any], reasons: dict[str, str], mall: Mall, shop: AtWork
) -> None:
    mall.add(order(payment_method=["card"], **theirs))

    receipt = shop.tell("20260301-0000013", Said.REJECTED)

    assert receipt.outcome is Outcome.ACCEPTED
    request = mall.asked[-1].body["request"]
    assert {name: value for name, value in request.items() if "type" in name} == reasons
    assert "payment_gateway_cancel" not in request


def test_a_rejection_that_is_told_twice_cancels_once(mall: Mall, shop: AtWork) -> None:
    mall.add(order())
    shop.tell("20260301-0000013", Said.REJECTED)

    assert shop.tell("20260301-0000013", Said.REJECTED).outcome is Outcome.ACCEPTED
    assert [asked.method for asked in mall.asked].count("POST") == 2  # the token, and one cancellation


def stocked(mall: Mall) -> None:
    mall.variants = {
        "P0000BXA000A": {
            "variant_code": "P0000BXA000A",
            "product_no": 128,
            "name": "면 티셔츠",
            "custom_variant_code": "TS-RED-M",
            "options": [{"name": "색상", "value": "빨강"}],
            "additional_amount": "2000.00",
            "quantity": 5,
            "selling": "T",
        },
        "P0000BXA000B": {
            "variant_code": "P0000BXA000B",
            "product_no": 128,
            "name": "면 티셔츠",
            "custom_variant_code": None,
            "options": [{"name": "색상", "value": "파랑"}],
            "additional_amount": "0.00",
            "quantity": 2,
            "selling": "T",
        },
        "P0000CZB000A": {
            "variant_code": "P0000CZB000A",
            "product_no": 77,
            "name": "바다의 기별",
            "custom_variant_code": "",
            "options": [],
            "additional_amount": "0.00",
            "quantity": 9,
            "selling": "T",
        },
    }
    mall.prices = {"128": "30000", "77": "15000"}


def test_stock_is_told_absolutely_and_what_is_so_already_is_accepted(mall: Mall, shop: AtWork) -> None:
    stocked(mall)

    receipts = shop.push_stock(
        offer("P0000BXA000A", 4, parent="128"),
        offer("P0000CZB000A", 9, parent="77"),
        offer("P0000ZZZ000A", 1, parent="999"),
    )

    assert [one.outcome for one in receipts.values()] == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REFUSED]
    assert mall.variants["P0000BXA000A"]["quantity"] == 4


def test_a_price_is_told_of_what_has_one_variant_only(mall: Mall, shop: AtWork) -> None:
    stocked(mall)

    receipts = shop.push_prices(
        offer("P0000CZB000A", price=won(14_000), parent="77", extra={"single": "yes"}),
        offer("P0000BXA000A", price=won(33_000), parent="128"),
    )

    assert {key: one.outcome for key, one in receipts.items()} == {
        "/PP0000CZB000A/P0000CZB000A": Outcome.ACCEPTED,
        "/PP0000BXA000A/P0000BXA000A": Outcome.REFUSED,
    }
    assert mall.prices == {"128": "30000", "77": "14000"}


def test_all_products_are_listed_from_the_oldest_on(mall: Mall, shop: AtWork) -> None:
    """In the mall's own order, the newest first, the second page would leave out what is older."""
    for number in range(1, 152):
        mall.variants[f"V{number}"] = {
            "variant_code": f"V{number}",
            "product_no": number,
            "name": "책",
            "custom_variant_code": f"BK-{number}",
            "gtin": "8801234567893" if number == 7 else None,
            "options": None,
            "additional_amount": "0.00",
            "quantity": 1,
            "selling": "T",
        }
        mall.prices[str(number)] = "15000"

    found = shop.listed()

    assert [one.parent_id for one in found] == [str(number) for number in range(1, 152)]
    assert [number.value for number in found[6].identifiers] == ["8801234567893", "BK-7"]
