"""Returns of finished sales: goods by line, to the stock or not, and money the way it came."""

from decimal import Decimal

import pytest

from pos.till import dump, won
from tillbridge.model.money import Money
from tillbridge.pos.contract import Done, Refused, SaleAction, SaleState
from tillbridge.pos.details import NewItem, Payment, PaymentKind, Return, ReturnedItem

CARD, CASH, WEB = PaymentKind.CARD, PaymentKind.CASH, PaymentKind.ECOMMERCE


@pytest.fixture
def sold(shop):
    """The shop, with order A open: three helmets for 10,000 (1) and a pump for 5,500 (2)."""
    helmets = shop.item(quantity="3", net=won(9_091), tax=won(909))
    pump = shop.item(shop.pump, net=won(5_000), tax=won(500), web_line_id="2", description="펌프")
    shop.opened(shop.draft(None, helmets, pump))
    return shop


def finish(shop, *payments):
    for amount, kind in payments:
        shop.pay(amount, kind, card_type="Stripe" if kind is WEB else "")
    assert Done() == shop.change(SaleAction.FINISH)
    return shop


def give_back(shop, *items, **more):
    return shop.change(SaleAction.RETURN, detail=Return(items=items), **more)


def back(item, quantity=None, **more):
    return ReturnedItem(item=item, quantity=quantity and Decimal(quantity), **more)


def refunds(shop):
    """Return what went back, return by return."""
    return [[(one.kind, one.amount.minor) for one in taken.refunds] for taken in shop.sale.returns]


@pytest.mark.row("S27")
def test_a_returned_line_comes_to_the_stock_and_its_money_goes_back(sold):
    finish(sold, (15_500, CASH))
    give_back(sold, back("2"), reason="맞지 않음", who="지은")
    (taken,) = sold.sale.returns

    assert (Decimal(0), Decimal(7)) == (sold.on_hand(sold.pump), sold.on_hand())
    assert ("맞지 않음", "지은", [(CASH, 5_500)]) == (taken.reason, taken.who, refunds(sold)[0])
    assert [("2", 1, won(5_000), won(500))] == [(i.item, i.quantity, i.net, i.tax) for i in taken.items]


@pytest.mark.row("S27")
def test_what_cannot_be_sold_again_does_not_come_to_the_stock(sold):
    finish(sold, (15_500, CASH))
    give_back(sold, back("2", to_stock=False))

    assert (Decimal(-1), Decimal(-1)) == (sold.on_hand(sold.pump), sold.moved(sold.pump))


def test_the_finished_sale_itself_is_not_altered(sold, pos_database):
    """Only its revision moves, so that a second clerk notices."""
    finish(sold, (15_500, CASH))
    before, seen = dump(pos_database), sold.sale
    give_back(sold, back("2"))
    after = dump(pos_database)

    assert {"pos_sale_items", "pos_sale_payments"} & {name for name in before if before[name] == after[name]}
    assert (SaleState.FINISHED, seen.total, seen.changed_at, seen.revision + 1) == (
        sold.sale.facts.state,
        sold.sale.total,
        sold.sale.changed_at,
        sold.sale.revision,
    )


def test_pieces_that_come_back_one_by_one_give_back_exactly_the_whole(sold):
    """10,000 for three: 3,333, then 3,334, then 3,333; never more than was paid."""
    finish(sold, (15_500, CASH))
    for number in range(3):
        give_back(sold, back("1", "1"), by=f"return {number}")
    again = give_back(sold, back("1", "1"), by="too many")

    assert [10_000] == [sum(money for [(_, money)] in refunds(sold))]
    assert all(money in (3_333, 3_334) for [(_, money)] in refunds(sold))
    assert isinstance(again, Refused)
    assert "0 are left" in again.words.en


@pytest.mark.row("S27")
def test_equal_pieces_give_back_equal_sums(sold):
    """Two for 4,010, of which 365 are tax: 2,005 each, though neither net nor tax can be halved."""
    two = NewItem(product_id=sold.pump, quantity=Decimal(2), price=won(2_005), tax_rate=Decimal(10))
    sold.change(SaleAction.ADD_ITEM, detail=two)
    finish(sold, (19_510, CASH))
    give_back(sold, back("3", "1"), by="one")
    give_back(sold, back("3"), by="other")

    assert [[(CASH, 2_005)], [(CASH, 2_005)]] == refunds(sold)
    assert [won(3_645), won(365)] == [
        Money(sum(getattr(taken.items[0], part).minor for taken in sold.sale.returns), "KRW")
        for part in ("net", "tax")
    ]


@pytest.mark.row("S27")
def test_what_the_webstore_took_is_given_back_by_it_and_never_in_cash(sold):
    """The web order was paid there, a second pump at the counter in cash."""
    pump = NewItem(product_id=sold.pump, price=won(6_000), tax_rate=Decimal(10))
    sold.change(SaleAction.ADD_ITEM, detail=pump)
    finish(sold, (15_500, WEB), (6_000, CASH))
    give_back(sold, back("2"), by="web")
    give_back(sold, back("3"), by="counter")

    assert [[(WEB, 5_500)], [(CASH, 6_000)]] == refunds(sold)
    assert ["Stripe"] == [one.card_type for one in sold.sale.returns[0].refunds]


@pytest.mark.row("S27")
def test_a_web_order_that_was_paid_in_part_there_gives_the_rest_back_at_the_counter(sold):
    finish(sold, (12_000, WEB), (1_500, CASH), (2_000, CARD))
    give_back(sold, back("1"), back("2"))

    assert [[(CARD, 2_000), (CASH, 1_500), (WEB, 12_000)]] == refunds(sold)


@pytest.mark.row("S27")
def test_the_newest_payment_of_the_counter_goes_back_first(sold):
    finish(sold, (10_000, CASH), (5_500, CARD))
    give_back(sold, back("2"))

    assert [[(CARD, 5_500)]] == refunds(sold)


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ((back("9"),), "no item '9'"),
        ((back("1", "4"),), "4 cannot come back, 3 are left"),
        ((back("1", "-1"),), "cannot come back"),
        ((back("1"), back("1", "1")), "named twice"),
        ((), "Say what comes back"),
    ],
)
def test_what_cannot_come_back_is_told_and_nothing_does(sold, items, why):
    finish(sold, (15_500, CASH))
    answer = give_back(sold, *items)

    assert isinstance(answer, Refused)
    assert why in answer.words.en
    assert [] == sold.sale.returns


def test_an_open_sale_has_no_returns(sold):
    answer = give_back(sold, back("1"))

    assert isinstance(answer, Refused)
    assert "remove its items instead" in answer.words.en


def test_a_return_is_made_once_by_its_key(sold):
    finish(sold, (15_500, CASH))
    for _ in range(2):
        give_back(sold, back("2"), by="key")

    assert (1, Decimal(0)) == (len(sold.sale.returns), sold.on_hand(sold.pump))


def test_two_clerks_who_take_the_same_item_back_do_it_once(sold):
    finish(sold, (15_500, CASH))
    seen = sold.sale.revision
    give_back(sold, back("1", "1"), by="one", expect=seen)
    second = give_back(sold, back("1", "1"), by="other", expect=seen)

    assert isinstance(second, Refused)
    assert "changed meanwhile" in second.words.en


def test_a_batch_may_finish_and_take_back(sold):
    """Changes of a batch see each other."""
    payment = Payment(kind=CASH, amount=won(15_500))
    sold.change(SaleAction.PAY, detail=payment)
    sold.change(SaleAction.FINISH)

    assert Done() == give_back(sold, back("1"), back("2"))
    assert Decimal(10) == sold.on_hand()
