"""Real payloads, each order beside what was read from it by hand: whole, no order, or refused."""

import pytest

from payloads import ABSENT, ORDERS
from plugins.generic_webstore.whole import Expected, by_hand, come_of, expected, systems

ALL = [one for system in systems() for one in expected(system)]
pytestmark = pytest.mark.skipif(not ORDERS.is_dir(), reason=ABSENT)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_an_order_is_read_as_it_was_by_hand(one: Expected) -> None:
    """Number, times, currency, customer, lines, tax, charges, total, tenders; or the reason why not."""
    came = come_of(one)

    if one.is_whole:
        assert by_hand(one) == came
        return
    for kind in ("refused", "no_order"):
        if kind in one.told:
            assert one.told[kind] in came.get(kind, came)
