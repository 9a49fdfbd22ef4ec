"""A webstore's location that nobody mapped: one rule for orders, for plugins and for business hours."""

import pytest

from orders import order
from shop import SEOUL
from tillbridge.model.errors import Rejected
from tillbridge.model.status import Status
from tillbridge.model.stores import required_store, store_at

BUSAN = SEOUL.model_copy(update={"code": "busan", "name": "부산점"})
MAPPED = {"": SEOUL, "20301": BUSAN}


def test_where_none_is_mapped_every_location_is_the_one_store():
    assert [SEOUL] * 3 == [store_at({"": SEOUL}, one) for one in (None, "", "20302")]


def test_where_others_are_one_that_is_not_is_no_store():
    assert [SEOUL, BUSAN, None] == [store_at(MAPPED, one) for one in (None, "20301", "20302")]


def test_a_plugin_is_refused_in_words():
    assert BUSAN is required_store(MAPPED, "20301")
    with pytest.raises(Rejected, match="No store is set for the webstore's location '20302'"):
        required_store(MAPPED, "20302")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_order_that_waits_for_it_names_both_commands_whole(shop):
    shop.pos.known_stores.append(BUSAN)
    shop.connect(name="web2", settings={"shop": "s2"}, locations={"20301": "busan"})
    shop.webstore.offer(order("A 1", location="본점 2층"))
    shop.engine.poll("web2")

    waiting = shop.engine.order("A 1")
    assert Status.SALE_PROCESSING_FAILED is waiting.status
    said = waiting.reasons[0].en
    assert "(tillbridge connect memory --name web2 --replace --location '본점 2층='STORE)" in said
    assert "(tillbridge order status 'A 1' 'Process Sale')" in said
