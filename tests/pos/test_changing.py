"""Changing sales: items removed, finished, made void; each change once, and the feed that tells of it."""

from decimal import Decimal

import pytest

from pos.till import attempt, dump, statements
from tillbridge.model.errors import InputError, NotAllowed, NotFound
from tillbridge.pos.contract import Done, Opened, Refused, SaleAction, SaleChange, SaleState
from tillbridge.pos.details import OtherCustomer
from tillbridge.pos.embedded import NewCustomer

REMOVE, FINISH, VOID = SaleAction.REMOVE_ITEMS, SaleAction.FINISH, SaleAction.VOID


def state_of(shop, sale_id):
    return shop.pos.sale(sale_id).facts.state


@pytest.mark.row("S20")
def test_removing_the_items_returns_their_stock(shop):
    """The sale stays, emptied, and its items stay to be seen."""
    sale = shop.opened()
    shop.change(REMOVE)

    assert (Decimal(10), Decimal(10)) == (shop.on_hand(), shop.moved())
    assert (SaleState.EMPTIED, [True]) == (
        state_of(shop, sale.sale_id),
        [item.removed for item in shop.pos.sale(sale.sale_id).items],
    )


@pytest.mark.row("S20")
def test_an_emptied_sale_is_closed_empty(shop):
    sale = shop.opened()
    answers = [shop.change(action) for action in (REMOVE, FINISH)]

    assert ([Done(), Done()], SaleState.CLOSED_EMPTY) == (answers, state_of(shop, sale.sale_id))


def test_finishing_keeps_the_goods_sold(shop):
    sale = shop.opened()
    shop.pay(9_900)
    shop.change(FINISH)

    assert (Decimal(9), SaleState.FINISHED) == (shop.on_hand(), state_of(shop, sale.sale_id))


@pytest.mark.parametrize("action", list(SaleAction))
def test_a_sale_finished_with_items_is_never_altered(shop, pos_database, action):
    shop.opened()
    shop.pay(9_900)
    shop.change(FINISH)
    before = dump(pos_database)
    answer = shop.change(action, by="second")
    after = dump(pos_database)

    assert isinstance(answer, Refused)
    assert {"pos_changes"} == {name for name in before if before[name] != after[name]}


def test_a_void_returns_the_stock_and_the_attempt_says_so(shop):
    """A later call of the same attempt opens nothing."""
    sale = shop.opened()
    shop.change(VOID)
    again = shop.open()

    assert SaleState.VOID is state_of(shop, sale.sale_id)
    assert isinstance(again, Refused)
    assert "voided: void asked" in again.words.en
    assert Decimal(10) == shop.on_hand()


def test_a_void_of_an_emptied_sale_returns_nothing_twice(shop):
    shop.opened()
    shop.change(REMOVE)
    shop.change(VOID)

    assert (Decimal(10), Decimal(10)) == (shop.on_hand(), shop.moved())


def test_after_a_void_the_next_attempt_is_opened(shop):
    shop.opened()
    shop.change(VOID)

    assert isinstance(shop.open(shop.draft(attempt("A", 2))), Opened)


def test_a_void_before_any_sale_bars_the_attempt(shop):
    """The call of a dead worker that comes late opens nothing."""
    assert Done() == shop.change(VOID)
    assert isinstance(shop.open(), Refused)
    assert Decimal(10) == shop.on_hand()


@pytest.mark.parametrize("action", [REMOVE, FINISH])
def test_what_has_no_sale_cannot_be_changed(shop, action):
    assert isinstance(shop.change(action), Refused)


@pytest.mark.parametrize("action", [REMOVE, FINISH])
def test_a_void_sale_cannot_be_changed(shop, action):
    shop.opened()
    shop.change(VOID)

    assert isinstance(shop.change(action), Refused)


def test_a_change_is_done_once_by_its_key(shop, pos_database):
    """Asked again it says the same and changes no row, also what it would refuse by now."""
    shop.opened()
    shop.change(VOID, by="key")
    before = dump(pos_database)

    assert Done() == shop.change(VOID, by="key")
    assert before == dump(pos_database)


def test_a_refused_change_stays_refused(shop):
    refused = shop.change(REMOVE, by="key")
    shop.opened()

    assert refused == shop.change(REMOVE, by="key")
    assert Decimal(9) == shop.on_hand()


def test_changes_of_a_batch_are_done_in_their_sequence(shop):
    """Removing, then finishing, closes the sale empty."""
    sale = shop.opened()
    changes = [
        SaleChange(key=str(action), attempt=attempt(), action=action, reason="")
        for action in (REMOVE, FINISH)
    ]

    assert {"remove_items": Done(), "finish": Done()} == shop.pos.change_sales(changes)
    assert SaleState.CLOSED_EMPTY is state_of(shop, sale.sale_id)


def test_a_changes_reason_stands_in_the_sales_comments(shop):
    sale = shop.opened()
    shop.change(REMOVE)

    assert ["shop A", "remove_items asked"] == shop.pos.sale(sale.sale_id).comments


def test_a_batch_of_changes_needs_a_fixed_number_of_queries(shop, pos_database):
    keys = [attempt(f"order {number}") for number in range(51)]
    shop.pos.open_sales([shop.draft(key) for key in keys])
    changes = [SaleChange(key=str(key), attempt=key, action=VOID, reason="no") for key in keys]
    counts = []
    for batch in (changes[:1], changes[1:]):
        with statements(pos_database) as sent:
            shop.pos.change_sales(batch)
        counts.append(len(sent))

    assert counts[0] == counts[1]


# What the till does, and the feed


def test_the_sale_of_an_order_is_found(shop):
    """A void one is not."""
    shop.opened(shop.draft(attempt("A")))
    shop.opened(shop.draft(attempt("B")))
    shop.change(VOID, attempt("B"))
    found = shop.pos.find_sales({"A", "B", "C"})

    assert {"A": attempt("A")} == {order: facts.attempt for order, facts in found.items()}


@pytest.mark.row("S22")
def test_a_sale_finished_at_the_till_stands_in_the_feed(shop):
    sale = shop.opened()
    shop.pos.finish_at_till(sale.sale_id)
    changed = shop.pos.sales_changed(None)

    assert [(sale.sale_id, SaleState.FINISHED)] == [(one.sale_id, one.state) for one in changed.sales]


def test_the_feed_goes_on_after_its_cursor(shop):
    """Page by page, each change once; at its end it is empty and keeps the cursor."""
    sales = [shop.opened(shop.draft(attempt(order))).sale_id for order in "ABC"]
    for sale in sales:
        shop.pos.finish_at_till(sale)
    first = shop.pos.sales_changed(None, limit=2)
    second = shop.pos.sales_changed(first.cursor, limit=2)
    third = shop.pos.sales_changed(second.cursor, limit=2)

    assert [sales[:2], sales[2:], []] == [
        [one.sale_id for one in page.sales] for page in (first, second, third)
    ]
    assert second.cursor == third.cursor


def test_a_sale_that_changed_twice_stands_once_as_it_is_now(shop):
    shop.opened()
    shop.change(REMOVE)
    shop.change(FINISH)

    assert [SaleState.CLOSED_EMPTY] == [one.state for one in shop.pos.sales_changed(None).sales]


def test_opening_is_no_change_and_an_empty_feed_has_a_cursor(shop):
    shop.opened()
    changed = shop.pos.sales_changed(None)
    shop.change(VOID)

    assert [] == changed.sales
    assert 1 == len(shop.pos.sales_changed(changed.cursor).sales)


def test_a_cursor_of_another_feed_is_refused(shop):
    with pytest.raises(InputError, match="no cursor of the sales feed"):
        shop.pos.sales_changed("eyJ0")


@pytest.mark.parametrize("sale", ["S999", "A"])
def test_the_till_finishes_only_what_there_is(shop, sale):
    with pytest.raises(NotFound):
        shop.pos.finish_at_till(sale)


def test_the_till_finishes_a_sale_once(shop):
    sale = shop.opened()
    shop.pos.finish_at_till(sale.sale_id)

    with pytest.raises(NotAllowed, match="finished"):
        shop.pos.finish_at_till(sale.sale_id)


def test_a_sale_becomes_another_customers(shop):
    shop.opened()
    other = shop.pos.add_customer(NewCustomer(name="이영희"))
    answer = shop.change(SaleAction.SET_CUSTOMER, detail=OtherCustomer(customer_id=other))

    assert (Done(), other) == (answer, shop.sale.customer_id)


def test_a_customer_who_is_not_there_has_no_sale(shop):
    shop.opened()
    answer = shop.change(SaleAction.SET_CUSTOMER, detail=OtherCustomer(customer_id="C99"))

    assert isinstance(answer, Refused)
    assert "no customer 'C99'" in answer.words.en
