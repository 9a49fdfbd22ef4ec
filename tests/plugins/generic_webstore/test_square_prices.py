"""Square takes an object of its catalogue as a whole: a price goes back with all else that stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from plugins.generic_webstore.at_work import AtWork
from plugins.generic_webstore.counters import Asked, offer
from plugins.generic_webstore.test_presets_run import running
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.money import Money

pytestmark = pytest.mark.row("S15")


class Catalogue:
    """One variation, written to by others too; `hurried` is how often somebody changes it in between."""

    def __init__(self) -> None:
        self.hurried = 0
        self.keys: list[str] = []
        self.held: dict[str, Any] = {
            "type": "ITEM_VARIATION",
            "id": "V1",
            "version": 1700000000001,
            "custom_attribute_values": {"shelf": {"string_value": "A-7"}},
            "item_variation_data": {
                "item_id": "I1",
                "name": "Large",
                "sku": "A-1",
                "pricing_type": "VARIABLE_PRICING",
                "item_variation_vendor_info_ids": ["X"],
            },
        }

    def shown(self, _: Asked) -> Any:
        said = {"object": dict(self.held)}
        if self.hurried:
            self.hurried -= 1
            self.held["version"] += 1
        return said

    def written(self, asked: Asked) -> Any:
        given = asked.body["object"]
        self.keys.append(asked.body["idempotency_key"])
        if given["version"] != self.held["version"]:
            return 400, {"errors": [{"code": "VERSION_MISMATCH", "detail": "Object version does not match."}]}
        self.held = {**given, "version": given["version"] + 1}  # what was not sent is gone
        return {"catalog_object": self.held}


@contextmanager
def at_square(shop: Catalogue) -> Iterator[AtWork]:
    routes = {"GET /v2/catalog/object/V1": shop.shown, "POST /v2/catalog/object": shop.written}
    with running("square", routes, {"token": "t", "locations": "L1"}, "https://connect.squareup.com") as (
        work,
        _,
    ):
        yield work


def told(work: AtWork, minor: int, item: str = "V1") -> Receipt:
    (receipt,) = work.push_prices(offer(item, price=Money(minor, "KRW"), parent="I1")).values()
    return receipt


def test_hook_push_prices_sets_a_variations_price_and_leaves_all_else_as_it_was() -> None:
    shop = Catalogue()
    before = {**shop.held["item_variation_data"], "pricing_type": "FIXED_PRICING"}
    with at_square(shop) as work:
        assert Outcome.ACCEPTED is told(work, 9_900).outcome
        assert Outcome.ACCEPTED is told(work, 8_900).outcome

    assert {**before, "price_money": {"amount": 8_900, "currency": "KRW"}} == shop.held["item_variation_data"]
    assert {"shelf": {"string_value": "A-7"}} == shop.held["custom_attribute_values"]
    assert 2 == len(set(shop.keys))


def test_what_somebody_changed_in_between_is_not_overwritten() -> None:
    shop = Catalogue()
    shop.hurried = 1
    with at_square(shop) as work:
        receipt = told(work, 9_900)
        assert Outcome.REFUSED is receipt.outcome
        assert "price_money" not in shop.held["item_variation_data"]
        assert Outcome.ACCEPTED is told(work, 9_900).outcome


def test_an_item_that_square_does_not_have_is_refused() -> None:
    with at_square(Catalogue()) as work:
        assert Outcome.REFUSED is told(work, 9_900, item="V2").outcome
