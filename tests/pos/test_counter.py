"""A sale at the counter: items added and removed, prices, payments, kept open, finished when settled."""

from decimal import Decimal

import pytest

from pos.till import attempt, dump, won
from tillbridge.model.money import Money
from tillbridge.pos.contract import Done, Refused, SaleAction, SaleState
from tillbridge.pos.details import ItemPick, NewItem, NewPrice, Payment, PaymentKind, SomeItems

ADD, COMMENT, FINISH, KEEP = SaleAction.ADD_ITEM, SaleAction.COMMENT, SaleAction.FINISH, SaleAction.KEEP_OPEN
PAY, PRICE, REMOVE, VOID = SaleAction.PAY, SaleAction.SET_PRICE, SaleAction.REMOVE_ITEMS, SaleAction.VOID
WEB = PaymentKind.ECOMMERCE


@pytest.fixture
def sold(shop):
    """The shop, with order A sold: two helmets (line 1) for 19,800 and a pump (line 2) for 5,500."""
    helmets = shop.item(quantity="2", net=won(18_000), tax=won(1_800))
    pump = shop.item(shop.pump, net=won(5_000), tax=won(500), web_line_id="2", description="펌프")
    shop.opened(shop.draft(None, helmets, pump))
    return shop


def pick(line, quantity=None):
    return ItemPick(web_line=line, quantity=quantity and Decimal(quantity))


def removal(*picks):
    return SomeItems(picks=picks)


def bought(shop, quantity="1", price=1_100, rate=10):
    """Return a pump that the customer takes as well."""
    return NewItem(
        product_id=shop.pump,
        quantity=Decimal(quantity),
        price=None if price is None else won(price),
        tax_rate=None if rate is None else Decimal(rate),
    )


def words(answer):
    assert isinstance(answer, Refused), answer
    return answer.words.en


# Items


def test_one_line_is_removed_and_its_stock_returns(sold):
    sold.change(REMOVE, detail=removal(pick("2")))

    assert [False, True] == [item.removed for item in sold.sale.items]
    assert (Decimal(0), Decimal(8)) == (sold.on_hand(sold.pump), sold.on_hand())
    assert (won(19_800), SaleState.OPEN) == (sold.sale.total, sold.sale.facts.state)


@pytest.mark.row("S28")
def test_a_customer_takes_less(sold):
    """One of two helmets goes back: half of its amounts, and one piece on stock."""
    sold.change(REMOVE, detail=removal(pick("1", "1")))
    kept, _, gone = sold.sale.items

    assert (Decimal(1), won(9_000), won(900), False) == (kept.quantity, kept.net, kept.tax, kept.removed)
    assert (Decimal(1), won(9_000), won(900), True) == (gone.quantity, gone.net, gone.tax, gone.removed)
    assert (Decimal(9), Decimal(9)) == (sold.on_hand(), sold.moved())


@pytest.mark.row("S28")
def test_equal_pieces_come_off_at_equal_prices(sold):
    """Two for 4,010, of which 365 are tax: 2,005 each, though neither net nor tax can be halved."""
    sold.change(ADD, detail=bought(sold, "2", price=2_005))
    sold.change(REMOVE, detail=removal(ItemPick(item="3", quantity=Decimal(1))))

    assert [won(2_005), won(2_005)] == [item.gross for item in sold.sale.items if item.added]


def test_the_last_items_removal_empties_the_sale(sold):
    sold.change(REMOVE, detail=removal(pick("1"), pick("2")))

    assert (SaleState.EMPTIED, won(0)) == (sold.sale.facts.state, sold.sale.total)
    assert [SaleState.EMPTIED] == [one.state for one in sold.pos.sales_changed(None).sales]


def test_what_is_removed_already_is_no_fault(sold):
    """Its stock returns once."""
    sold.change(REMOVE, detail=removal(pick("2")), by="one")

    assert Done() == sold.change(REMOVE, detail=removal(pick("2")), by="other")
    assert Decimal(0) == sold.moved(sold.pump)


@pytest.mark.parametrize(
    ("picks", "why"),
    [
        ((pick("3"),), "no item '3'"),
        ((pick("1", "3"),), "3 cannot be taken off, there are 2"),
        ((pick("1", "0"),), "0 cannot be taken off"),
        ((pick("2"), pick("1", "-1")), "-1 cannot be taken off"),
        ((pick("2"), ItemPick(item="2")), "named twice"),
    ],
)
def test_what_cannot_be_removed_is_told_and_nothing_is(sold, picks, why):
    """Of several, none is."""
    assert why in words(sold.change(REMOVE, detail=removal(*picks)))
    assert (Decimal(8), Decimal(-1)) == (sold.on_hand(), sold.on_hand(sold.pump))


@pytest.mark.row("S28")
def test_a_customer_buys_more(sold):
    """The added item leaves the stock; 10 percent of tax are in its price."""
    sold.change(ADD, detail=bought(sold, "2"))
    item = sold.sale.items[-1]

    assert (won(2_000), won(200), True, None) == (item.net, item.tax, item.added, item.web_line)
    assert (Decimal(-3), won(27_500)) == (sold.on_hand(sold.pump), sold.sale.total)


def test_an_item_added_to_an_emptied_sale_opens_it_again(sold):
    sold.change(REMOVE)
    sold.change(ADD, detail=bought(sold))

    assert SaleState.OPEN is sold.sale.facts.state


def test_an_added_item_costs_what_the_catalogue_says(sold):
    sold.change(ADD, detail=NewItem(product_id=sold.helmet, tax_rate=Decimal(10)))

    assert won(98_000) == sold.sale.items[-1].gross


@pytest.mark.row("S28")
def test_an_item_may_be_added_for_nothing(sold):
    """A price of 0 is a price: the catalogue's is not taken in its place."""
    sold.change(ADD, detail=NewItem(product_id=sold.helmet, price=won(0), tax_rate=Decimal(10)))

    assert won(0) == sold.sale.items[-1].gross


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"price": None}, "has no price in KRW"),
        ({"price": -5}, "an amount is not below zero"),
        ({"rate": None}, "tax rate of the store 마포점 is not known"),
        ({"quantity": "0"}, "0 is no quantity"),
        ({"quantity": "0.00001"}, "four decimals at most"),
    ],
)
def test_what_cannot_be_added_is_told(sold, more, why):
    assert why in words(sold.change(ADD, detail=bought(sold, **more)))
    assert 2 == len(sold.sale.items)


def test_a_product_that_is_not_there_cannot_be_added(sold):
    wanted = NewItem(product_id="P99", price=won(1), tax_rate=Decimal(10))

    assert "no product 'P99'" in words(sold.change(ADD, detail=wanted))


# Prices


@pytest.mark.row("S19")
def test_a_new_price_keeps_the_items_share_of_tax(sold):
    sold.change(PRICE, detail=NewPrice(pick=pick("1"), gross=won(16_500)))
    item = sold.sale.items[0]

    assert (won(15_000), won(1_500), won(22_000)) == (item.net, item.tax, sold.sale.total)


@pytest.mark.parametrize("gross", [won(-1), Money(100, "USD")])
def test_a_price_below_zero_or_in_another_currency_is_refused(sold, gross):
    assert "cannot be used" in words(sold.change(PRICE, detail=NewPrice(pick=pick("1"), gross=gross)))


def test_a_removed_item_has_no_price(sold):
    sold.change(REMOVE, detail=removal(pick("2")))

    assert "removed" in words(sold.change(PRICE, detail=NewPrice(pick=pick("2"), gross=won(1))))


# Payments


@pytest.mark.row("S22")
def test_a_sale_is_paid_in_several_ways_and_finished(sold):
    answers = [sold.pay(20_000), sold.pay(5_300, PaymentKind.CARD, card_type="BC"), sold.change(FINISH)]

    assert [Done()] * 3 == answers
    assert [("cash", 20_000, ""), ("card", 5_300, "BC")] == [
        (one.payment.kind, one.payment.amount.minor, one.payment.card_type) for one in sold.sale.payments
    ]
    assert SaleState.FINISHED is sold.sale.facts.state


@pytest.mark.row("S22")
def test_what_is_not_paid_in_full_is_not_finished(sold):
    sold.pay(20_000)

    assert "₩5,300 is still due" in words(sold.change(FINISH))
    assert SaleState.OPEN is sold.sale.facts.state


@pytest.mark.row("S20")
def test_a_cancelled_sale_is_closed_with_an_ecommerce_payment_of_nothing(sold):
    """All items removed, a comment, 0.00 by Stripe for the reports, finished."""
    sold.change(REMOVE)
    sold.change(COMMENT, reason="고객 취소")
    sold.pay(0, WEB, card_type="Stripe")
    sold.change(FINISH)

    assert SaleState.CLOSED_EMPTY is sold.sale.facts.state
    assert [Payment(kind=WEB, amount=won(0), card_type="Stripe")] == [
        one.payment for one in sold.sale.payments
    ]
    assert "고객 취소" in sold.sale.comments


@pytest.mark.row("S23")
def test_what_the_webstore_took_settles_the_web_order(sold):
    sold.pay(25_300, WEB, card_type="Stripe", reference="pi_1")

    assert (won(0), won(0)) == (sold.sale.balance.due, sold.sale.balance.refund)
    assert Done() == sold.change(FINISH)


@pytest.mark.row("S28")
def test_a_web_payment_covers_nothing_that_was_added_at_the_counter(sold):
    """5,500 of the web order went back and 5,500 were added: one is refunded, the other is due."""
    sold.pay(25_300, WEB)
    sold.change(REMOVE, detail=removal(pick("2")))
    sold.change(ADD, detail=bought(sold, price=5_500))
    balance = sold.sale.balance

    assert (won(5_500), won(5_500), False) == (balance.due, balance.refund, balance.settled)
    assert "webstore has to give ₩5,500 back" in words(sold.change(FINISH))


@pytest.mark.row("S28")
def test_a_web_refund_and_a_counter_payment_settle_it(sold):
    sold.pay(25_300, WEB)
    sold.change(REMOVE, detail=removal(pick("2")))
    sold.change(ADD, detail=bought(sold, price=5_500))
    sold.pay(-5_500, WEB)
    sold.pay(5_500)

    assert Done() == sold.change(FINISH)


@pytest.mark.parametrize(
    ("minor", "kind", "why"),
    [
        (0, PaymentKind.CASH, "only possible as an eCommerce payment"),
        (25_301, PaymentKind.CASH, "more than is due (₩25,300)"),
        (25_301, WEB, "more than is due (₩25,300)"),
        (-1, PaymentKind.CARD, "₩0 was paid so"),
    ],
)
def test_what_cannot_be_paid_is_told(sold, minor, kind, why):
    assert why in words(sold.pay(minor, kind))
    assert [] == sold.sale.payments


def test_a_payment_in_another_currency_is_refused(sold):
    payment = Payment(kind=PaymentKind.CASH, amount=Money(100, "USD"))

    assert "the sale is in KRW" in words(sold.change(PAY, detail=payment))


@pytest.mark.row("S28")
def test_a_deposit_is_handed_back_before_the_sale_is_closed_empty(sold):
    sold.pay(10_000)
    sold.change(REMOVE)
    refused = sold.change(FINISH, by="early")
    sold.pay(-10_000)

    assert "₩10,000 has to be handed back" in words(refused)
    assert Done() == sold.change(FINISH)


def test_a_sale_that_was_paid_at_the_counter_is_not_made_void(sold):
    sold.pay(10_000)

    assert "₩10,000 was paid at the counter" in words(sold.change(VOID))


# Kept open


@pytest.mark.row("S21")
def test_a_sale_that_is_kept_open_is_finished_only_with_a_reason(sold):
    sold.change(KEEP, reason="금요일 수령")
    sold.pay(25_300)
    refused = sold.change(FINISH, reason="", by="without")

    assert "금요일 수령" == sold.sale.kept_open
    assert "needs a reason" in words(refused)
    assert Done() == sold.change(FINISH, reason="수령 완료")


def test_a_kept_open_sale_that_was_emptied_needs_no_reason(sold):
    sold.change(KEEP, reason="")
    sold.change(REMOVE)

    assert Done() == sold.change(FINISH, reason="")


# Every change


@pytest.mark.parametrize("action", [ADD, PRICE, PAY])
def test_an_action_without_its_detail_is_refused(sold, action):
    assert "not said" in words(sold.change(action))


def test_an_empty_comment_is_refused(sold):
    assert "comment is empty" in words(sold.change(COMMENT, reason=" "))


def test_a_change_that_was_decided_on_an_older_sale_is_refused(sold):
    """Two clerks look at the same sale; the second is told that it changed."""
    seen = sold.sale.revision
    first = sold.change(COMMENT, by="first", expect=seen)
    second = sold.change(COMMENT, by="second", expect=seen)

    assert Done() == first
    assert "changed meanwhile" in words(second)


def test_a_refused_change_changes_nothing_but_its_answer(sold, pos_database):
    before = dump(pos_database)
    sold.pay(99_999)
    after = dump(pos_database)

    assert {"pos_changes"} == {name for name in before if before[name] != after[name]}


def test_a_payment_is_made_once_by_its_key(sold):
    payment = Payment(kind=PaymentKind.CASH, amount=won(1_000))
    for _ in range(2):
        sold.change(PAY, detail=payment, by="key")

    assert won(1_000) == sold.sale.balance.paid


def test_who_did_it_stands_with_the_payment(sold):
    payment = Payment(kind=PaymentKind.CASH, amount=won(1_000))
    sold.change(PAY, attempt(), detail=payment, who="지연")

    assert ["지연"] == [one.who for one in sold.sale.payments]


@pytest.mark.row("S22")
def test_the_till_takes_what_is_due_in_cash(sold):
    sold.pay(300, PaymentKind.CARD)
    sold.pos.finish_at_till(sold.sale.facts.sale_id)

    assert (won(0), SaleState.FINISHED) == (sold.sale.balance.due, sold.sale.facts.state)
