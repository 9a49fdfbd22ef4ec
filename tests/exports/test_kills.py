"""Whatever point an export dies at, the next one brings the webstore up to date."""

import pytest

from orders import HELMET, PUMP
from tillbridge import plugins
from tillbridge.engine import Engine, Options
from tillbridge.model.identifiers import IdentifierKind, check_digit
from tillbridge.model.listings import Listing
from tillbridge.model.offers import Exporting
from tillbridge.model.orders import LineIdentifier
from tillbridge.provider import Capability
from tillbridge.testing.webstore import NAME

pytestmark = pytest.mark.row("S15")


class KilledError(BaseException):
    """The program ends here."""


def gtin(number):
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)


def export_until(front, point):
    """Export with an engine of its own, and die at the point of that number; return whether it did."""
    passed = 0

    def note(_):
        nonlocal passed
        passed += 1
        if passed == point + 1:
            raise KilledError

    loaded = plugins.load([], extra={NAME: front.webstore}, probe=note)
    with Engine(front.url, Options(clock=front.clock, key=front.key, plugins=loaded, probe=note)) as engine:
        try:
            engine.export("web")
        except KilledError:
            return True
    return False


def test_wherever_an_export_dies_the_next_one_brings_the_webstore_up_to_date(front):
    point = pieces = 0
    while True:
        pieces = 10 + point % 7
        front.count(front.helmet, pieces)
        died = export_until(front, point)
        front.export()
        assert pieces == front.pieces(front.helmet), point
        assert [] == front.engine.export_items("web"), point
        if not died:
            break
        point += 1

    assert point >= 6


def test_wherever_an_export_dies_stock_that_went_back_is_told(front):
    """The webstore may have taken what it was told before the program died, so the old stock is news."""
    front.export()
    point = 0
    while True:
        front.count(front.helmet, 7)
        died = export_until(front, point)
        front.count(front.helmet, 10)
        front.export()
        assert 10 == front.pieces(front.helmet), point
        assert [] == front.engine.export_items("web"), point
        if not died:
            break
        point += 1

    assert point >= 8


def test_wherever_the_first_export_dies_what_is_for_webstores_no_more_is_told_as_gone(front):
    point = 0
    while True:
        twin = front.add(f"물통 {point}", gtin(point), 3, 5_000)
        died = export_until(front, point)
        front.pos.set_ecommerce(twin, on=False)
        front.export()
        shown = front.webstore.shown.get(f"/{twin}")
        assert shown is None or shown.quantity == 0, point
        if not died:
            break
        point += 1


@pytest.mark.slow
def test_wherever_an_export_by_items_dies_each_item_shows_the_product_that_it_is(make_front):
    """Each day the webstore's item is another product, which is seen when its list is read again.

    Every second point is tried: the next day comes by another way to the same commits.
    """
    takes = frozenset({Capability.INVENTORY, Capability.LISTINGS})
    front = make_front(takes=takes, exporting=Exporting(by_listing=True))
    front.rule()
    point, products = 0, ((HELMET, front.helmet, 10), (PUMP, front.pump, 5))
    while True:
        number, product, pieces = products[point // 2 % 2]
        numbers = (LineIdentifier(kind=IdentifierKind.GTIN, value=number),)
        front.webstore.listings = [Listing(id="L1", identifiers=numbers)]
        front.webstore.shown.clear()
        died = export_until(front, point)
        front.clock.advance(3600)  # a reading that could not begin is begun again after an hour
        front.export()
        assert pieces == front.webstore.shown[f"/{product}/L1"].quantity, point
        assert [] == front.engine.export_items("web"), point
        if not died:
            break
        front.clock.advance(24 * 3600)
        point += 2

    assert point >= 12
