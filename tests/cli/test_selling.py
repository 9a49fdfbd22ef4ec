"""A web order's sale at the counter, by command."""

import pytest


@pytest.fixture
def sold(shop, lately):
    """A1 is sold: a helmet for 50,000."""
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    return shop


@pytest.mark.row("S22")
def test_a_sale_is_shown_paid_and_finished(sold):
    shown = sold("sale", "show", "A1", "--json").data
    paid = sold("sale", "pay", "A1", "20,000", "--by", "카드", "--card-type", "BC", "--json").data
    sold("sale", "pay", "A1")
    done = sold("sale", "finish", "A1", "--json").data

    assert ("open", 50_000, 50_000) == (shown["state"], shown["total_minor"], shown["due_minor"])
    assert ("done", 30_000, "card") == (paid["progress"], paid["due_minor"], paid["payments"][0]["kind"])
    assert ("finished", 0, "cash") == (done["state"], done["due_minor"], done["payments"][1]["kind"])


@pytest.mark.row("S22")
def test_finishing_says_what_became_of_the_reservation_and_how_to_correct_it(sold):
    sold("sale", "pay", "A1")
    done = sold("sale", "finish", "A1")

    assert "The order is Completed." in done.text
    assert "Outcome of the reservation: picked up and paid." in done.text
    assert "tillbridge order resolve id:1" in done.text


@pytest.mark.row("S22")
def test_finishing_takes_another_outcome_and_names_those_there_are(sold):
    sold("sale", "pay", "A1")
    wrong = sold("sale", "finish", "A1", "--outcome", "gone")
    sold("sale", "finish", "A1", "--outcome", "bought-other")

    assert (2, True) == (wrong.code, "bought-other" in wrong.err)
    assert "bought_other" == sold("order", "show", "A1", "--json").data["resolution"]


@pytest.mark.row("S28")
def test_items_are_added_and_removed(sold):
    added = sold("sale", "add", "A1", "00727602259178", "--price", "11000", "--tax-rate", "10", "--json").data
    removed = sold("sale", "remove", "A1", "1", "--json").data

    assert (61_000, 11_000) == (added["total_minor"], removed["total_minor"])
    assert [True, False] == [item["removed"] for item in removed["items"]]


def test_a_stores_tax_rate_is_set_where_it_is_added(program):
    program("init")

    assert 0 == program("store", "add", "S", "--country", "KR", "--tax-rate", "10").code


@pytest.mark.row("S19")
def test_a_price_asks_for_the_contact_first(sold):
    refused = sold("sale", "price", "A1", "1", "45000")
    done = sold("sale", "price", "A1", "1", "45000", "--channel", "call", "--json")

    assert 3 == refused.code
    assert "Contact the customer first" in refused.err
    assert 45_000 == done.data["total_minor"]


@pytest.mark.row("S21")
def test_a_sale_is_kept_open_and_commented(sold):
    sold("sale", "comment", "A1", "뒷문 선반")
    sold("sale", "keep", "A1", "--reason", "토요일")
    shown = sold("sale", "show", "A1", "--lang", "ko").text

    assert "열어두기: 토요일" in shown
    assert "뒷문 선반" in shown


def test_what_is_zero_is_shown_as_zero(sold):
    """Nothing due, and the eCommerce payment of 0 that reports count by."""
    sold("sale", "remove", "A1", "--all")
    sold("sale", "pay", "A1", "0", "--by", "ecommerce", "--card-type", "Stripe")
    text = sold("sale", "show", "A1").text

    assert "Total ₩0 eCommerce payment Stripe ₩0 Due ₩0" in text


def test_a_negative_amount_is_told_as_that(sold):
    answer = sold("sale", "pay", "A1", "-5", "--lang", "ko")

    assert 2 == answer.code
    assert "-5: 0보다 작은 금액입니다" in answer.err


def test_money_is_handed_back(sold):
    sold("sale", "pay", "A1", "20000")

    assert 50_000 == sold("sale", "pay", "A1", "20000", "--back", "--json").data["due_minor"]


@pytest.fixture
def returned(sold):
    """Paid, finished, and taken back: 30,000 were paid at the webstore."""
    sold("sale", "pay", "A1", "30000", "--by", "ecommerce", "--card-type", "Stripe")
    sold("sale", "pay", "A1")
    sold("sale", "finish", "A1")
    sold("sale", "return", "A1", "1", "--reason", "흠집")
    return sold


@pytest.mark.row("S27")
@pytest.mark.parametrize("command", ["sale", "order"])
def test_what_came_back_is_shown_with_its_money(returned, command):
    english, korean = (returned(command, "show", "A1", "--lang", one).text for one in ("en", "ko"))

    assert (
        "Returned: 1 × “item 1” (흠집); handed back ₩20,000, cash; ₩30,000 is the webstore's to give back"
    ) in english
    assert "반품: ‘item 1’ 1개 (흠집). 환불 ₩20,000, 현금. ₩30,000 웹스토어에서 환불" in korean


@pytest.mark.row("S27")
def test_an_item_that_came_back_says_so_beside_it(returned):
    assert "handed over, returned" in returned("order", "show", "A1").text
    assert "₩50,000 returned" in returned("sale", "show", "A1").text


def test_of_a_sale_of_which_nothing_came_back_nothing_is_said(sold):
    assert "eturned" not in sold("sale", "show", "A1").text + sold("order", "show", "A1").text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("pay", "A1", "viel"), "'viel' is no number"),
        (("pay", "A1", "1", "--by", "shells"), "no kind of payment 'shells'"),
        (("remove", "A1"), "Name items, or give --all"),
        (("remove", "A1", "1", "--all"), "Name items, or give --all"),
        (("add", "A1", "4711"), "no product '4711'"),
    ],
)
def test_what_cannot_be_read_is_told(sold, arguments, why):
    answer = sold("sale", *arguments)

    assert 0 != answer.code
    assert why in answer.err


@pytest.mark.row("S21")
def test_a_receipt_is_shown_and_written_as_a_page(sold, folder):
    shown = sold("sale", "receipt", "A1")
    written = sold("sale", "receipt", "A1", "--out", "receipt.html", "--lang", "ko")
    again = sold("sale", "receipt", "A1", "--out", "receipt.html")
    page = (folder / "receipt.html").read_text("utf-8")

    assert "₩50,000" in shown.out
    assert 0 == written.code
    assert "거래 영수증" in page
    assert "<svg" in page
    assert "is there already" in again.err


@pytest.mark.row("S27")
def test_a_return_says_what_to_hand_back(sold):
    sold("sale", "pay", "A1", "30000", "--by", "ecommerce", "--card-type", "Stripe")
    sold("sale", "pay", "A1")
    sold("sale", "finish", "A1")
    answer = sold("sale", "return", "A1", "1", "--not-to-stock")
    shown = sold("sale", "show", "A1", "--json").data

    assert "The webstore has to give back ₩30,000 Stripe; hand out no cash for it." in answer.text
    assert "Hand back ₩20,000: cash." in answer.text
    assert [("1", 50_000, False)] == [
        (one["item"], one["gross_minor"], one["to_stock"]) for one in shown["returns"][0]["items"]
    ]


@pytest.mark.row("S27")
def test_a_return_names_the_webstore_that_took_the_money_itself(sold):
    sold("sale", "pay", "A1", "50000", "--by", "ecommerce", "--card-type", "web")
    sold("sale", "finish", "A1")

    assert "web has to give back ₩50,000; hand out no cash for it." in sold("sale", "return", "A1", "1").text
