"""Parts of an order by command: items named by their numbers as shown, or by their IDs."""

import pytest

from orders import HELMET, PUMP, line


@pytest.fixture
def sold(shop, lately):
    """A shop with a reservation of a helmet and a pump, A1, that is sold and New."""
    shop.webstore.offer(
        lately("A1", line("h", gtin=HELMET, title="Helmet"), line("p", gtin=PUMP, title="Pump"))
    )
    shop.connect()
    shop("poll")
    return shop


def states(shop):
    return [one["state"] for one in shop("order", "show", "A1", "--json").data["lines"]]


@pytest.mark.row("S17")
def test_one_item_is_accepted_by_its_number_and_the_other_rejected(sold):
    assert "Say why" in sold("order", "accept", "A1", "--only", "1").err

    said = sold("order", "accept", "A1", "--only", "1", "--reason", "품절").text

    assert "A1: In Process" in said
    assert "“Pump”: removed from the sale; the stock returns." in said
    assert ["accepted", "rejected"] == states(sold)


def test_an_item_is_rejected_by_its_id_cancelled_once_accepted_and_shown(sold):
    sold("order", "reject", "A1", "--line", "p", "--reason", "품절")
    assert ["undecided", "rejected"] == states(sold)
    sold("order", "accept", "A1")

    refused = sold("order", "cancel", "A1", "--line", "#1", "--reason", "품절")
    assert (3, True) == (refused.code, "Nothing else is left of the order" in refused.err)

    shown = sold("order", "show", "A1", "--lang", "ko").text
    assert "거부 (2)" in shown.replace("거부(2)", "거부 (2)")
    assert "수령 시 결제" in shown


@pytest.mark.row("S21")
def test_items_become_ready_one_by_one(sold):
    sold("order", "accept", "A1")
    assert "In Process" in sold("order", "ready", "A1", "--line", "2").text

    preview = sold("order", "ready", "A1", "--line", "1", "--preview").text
    assert "The order becomes Ready for Pickup." in preview
    assert "Ready for Pickup" in sold("order", "ready", "A1", "--line", "1", "--place", "선반 3").text


def test_a_wrong_item_is_refused_with_the_list(sold):
    refused = sold("order", "reject", "A1", "--line", "3", "--reason", "품절")

    assert (True, True) == (
        "no item '3'" in refused.err,
        "It has: 1 Helmet, 2 Pump." in " ".join(refused.err.split()),
    )


def test_a_number_that_is_another_items_id_is_refused(shop, lately):
    shop.webstore.offer(lately("A1", line("2", gtin=HELMET), line("1", gtin=PUMP)))
    shop.connect()
    shop("poll")

    refused = shop("order", "reject", "A1", "--line", "1", "--reason", "품절")
    assert "say #1 for the number" in refused.err

    shop("order", "reject", "A1", "--line", "#1", "--reason", "품절")
    assert ["rejected", "undecided"] == states(shop)


def test_what_the_webstore_is_told_is_shown_as_data(sold):
    sold("order", "accept", "A1", "--only", "2", "--reason", "품절")

    data = sold("order", "show", "A1", "--json").data

    assert [("accepted", ["p"], "waiting"), ("rejected", ["h"], "waiting")] == [
        (one["said"], one["lines"], one["state"]) for one in data["webstore_news"]
    ]
    assert ("waiting", "to be paid at pick-up") == (data["webstore_told"], data["payment"])
