"""Reasons: what staff read of an order that is not sold."""

import pytest

from tillbridge.model.errors import PayloadError
from tillbridge.model.reasons import Reason, ReasonCode
from tillbridge.model.words import Words

NO_ITEMS = Words("The order has no items.", "주문에 제품이 없습니다.")


@pytest.mark.row("S14")
def test_damage_begins_with_its_place() -> None:
    reason = Reason.of(ReasonCode.PAYLOAD_DAMAGED, NO_ITEMS, path="lines")

    assert ("lines: The order has no items.", "lines: 주문에 제품이 없습니다.") == (reason.en, reason.ko)


@pytest.mark.row("S14")
def test_damage_that_names_its_place_already_does_not_name_it_twice() -> None:
    said = Words("cart.items[2].qty: It is missing.", "cart.items[2].qty: 값이 없습니다.")

    assert said == Reason.of(ReasonCode.PAYLOAD_DAMAGED, said, path="cart.items[2].qty").words


def test_other_reasons_say_what_they_say() -> None:
    assert NO_ITEMS == Reason.of(ReasonCode.OTHER_CURRENCY, NO_ITEMS, path="currency").words


@pytest.mark.row("S14")
def test_a_place_named_by_a_damaged_webstore_can_be_shown_and_stored() -> None:
    """Half a sign and a control character in a field's name; found by bending payloads."""
    reason = Reason.of(ReasonCode.PAYLOAD_DAMAGED, NO_ITEMS, path="customer.\x1f\ud800")

    assert "customer.\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" == reason.path
    assert reason.en.startswith(f"{reason.path}: ")


def test_damage_that_is_said_plainly_keeps_the_rest_for_whoever_set_the_connection_up() -> None:
    full = Words('phase: order.standing (shop.toml:30) "X" is not in the table.', "phase: X 없음.")
    plain = Words("The webstore sent a status that is not known yet: X.", "알 수 없는 상태: X.")

    reason = Reason.of_damage(PayloadError(full, path="phase", plain=plain))

    assert (plain, full, "phase") == (reason.words, reason.detail, reason.path)
    assert ReasonCode.PAYLOAD_DAMAGED is reason.code


def test_damage_that_is_said_once_has_no_more_to_it() -> None:
    reason = Reason.of_damage(PayloadError(NO_ITEMS, path="lines"))

    assert ("lines: The order has no items.", None) == (reason.en, reason.detail)
