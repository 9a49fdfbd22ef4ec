"""Real payloads, each order beside what was read from it by hand: whole, no order, or refused."""

import pytest

from payloads import ABSENT, ORDERS, ROOT
from plugins.generic_webstore.whole import Expected, by_hand, come_of, expected, report, systems, told
from tillbridge.model.totals import balanced
from tillbridge.plugin import Standing, WebOrder

ALL = [one for system in systems() for one in expected(system)]
there = pytest.mark.skipif(not ORDERS.is_dir(), reason=ABSENT)


@there
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_an_order_is_read_as_it_was_by_hand(one: Expected) -> None:
    """Number, times, currency, customer, lines, tax, charges, total, tenders; or the reason why not."""
    came = come_of(one)

    if isinstance(came, WebOrder):
        assert one.is_whole, told(came)
        assert by_hand(one) == told(came)
        return
    for kind in ("refused", "no_order"):
        if kind in one.told:
            assert one.told[kind] in came.get(kind, str(came))
    assert not one.is_whole, came


@there
def test_whole_orders_can_be_sold() -> None:
    """The engine holds their sums as well, but for those that are over."""
    sold = [order for one in ALL if isinstance(order := come_of(one), WebOrder)]
    sold = [order for order in sold if order.standing in {Standing.OPEN, Standing.UNPAID, Standing.FULFILLED}]

    assert [order.total for order in sold] == [balanced(order).total for order in sold]


def test_the_docs_say_how_many_are_whole() -> None:
    """The table of docs/webstores.md is made of what was read by hand, which the test above holds to."""
    page = (ROOT / "docs" / "webstores.md").read_text("utf-8")

    assert report() in page


@there
def test_every_payload_file_of_an_order_is_in_a_table() -> None:
    """None is left out: what is no order and no part of one (refunds' lists apart) is named here."""
    named = {f"{one.system}/{one.file}" for one in ALL}
    others = {f"{file.parent.name}/{file.name}" for file in ORDERS.rglob("*.json")} - named

    assert not [file for file in sorted(others) if not file.startswith(NO_ORDERS)]


NO_ORDERS = (
    "stripe/",  # a payment service: a plugin of its own
    "prestashop/03-",  # a carrier, a state
    "prestashop/04-",
    "saleor/09-",  # payment gateways, payment actions
    "saleor/10-",
    "saleor/11-",
    "bigcommerce/0",  # products of orders (04 to 08), addresses
    "bigcommerce/1",  # coupons, taxes, statuses, shipments, consignments, fees, refunds
)
