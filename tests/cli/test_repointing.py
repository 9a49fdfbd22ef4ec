"""A wrong match of a sold order is mended by command."""

import pytest

from orders import PUMP, line
from tillbridge.model.orders import ListingRef


@pytest.mark.row("S12")
def test_what_follows_is_shown_and_done(shop, lately):
    for name in ("A1", "A2"):
        shop.webstore.offer(lately(name, line("7", listing=ListingRef(item_id="L1"), title="펌프 세트")))
    shop.connect()
    shop("poll")

    seen = shop("order", "repoint", "A1", "#1", "P2", "--dry-run").text
    assert "“펌프 세트”: 헬멧 (P1) → 펌프 (P2)." in seen
    assert "1 return to the stock of P1 and leave that of P2" in seen
    assert "A2 New 1 its sale is open too: --all" in seen
    assert 10 == shop("catalogue", "show", PUMP, "--json").data["on_hand"]["seoul"]

    done = shop("order", "repoint", "A1", "#1", "P2", "--all", "--reason", "다른 제품", "--json").data

    assert ("P1", "P2", 2, True) == (done["before"], done["after"], done["pieces"], done["remembered"])
    assert 8 == shop("catalogue", "show", PUMP, "--json").data["on_hand"]["seoul"]
    assert 3 == shop("order", "repoint", "A1", "#1", "P2").code
