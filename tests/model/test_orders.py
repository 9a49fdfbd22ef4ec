"""The web order's own rules."""

from typing import Any

import pytest
from pydantic import ValidationError

from orders import order
from tillbridge.model.orders import WebCustomer, WebOrder
from tillbridge.model.status import Status


@pytest.mark.row("S14")
@pytest.mark.parametrize("code", ["", "krw", "WON", "원", "KRWKRW"])
def test_an_order_in_a_currency_that_is_none_is_refused_with_its_field(code: str) -> None:
    """No amount of it could be stored or shown; found by bending payloads."""
    with pytest.raises(ValidationError) as caught:
        order("A1", currency=code)

    (fault,) = caught.value.errors()
    assert ("currency",) == fault["loc"]
    assert "is no currency in use" in fault["msg"]


BEYOND = [
    ("number", "9" * 301),
    ("revision", 2**63),
    ("placed_at", "9999-12-31T23:59:59-14:00"),
    ("placed_at", "0001-01-01T00:00:00+14:00"),
]


@pytest.mark.row("S14")
@pytest.mark.parametrize(("field", "value"), BEYOND)
def test_what_no_database_can_hold_is_refused_with_its_field(field: str, value: object) -> None:
    """SQLite would take it and PostgreSQL would not; found by bending payloads."""
    document = order("A1").model_dump(mode="json") | {field: value}

    with pytest.raises(ValidationError) as caught:
        WebOrder.model_validate(document)

    assert [(field,)] == [fault["loc"] for fault in caught.value.errors()]


@pytest.mark.row("S14")
def test_a_name_that_fills_three_screens_stops_no_sale(shop: Any) -> None:
    """It is shown as far as it can be; the version keeps all of it."""
    name = "가" * 700
    shop.webstore.offer(order("A1", customer=WebCustomer(full_name=name, email="minsu@example.com")))

    shop.poll()

    found = shop.engine.order("A1")
    assert (Status.NEW, name[:600]) == (found.status, found.customer)
    assert name == shop.engine.document(found.id)["customer"]["full_name"]
