"""Every effect of the table happens once, however often the outbox runs and answers are lost."""

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from engine.tills import Till
from orders import PUMP, line, order, won
from tillbridge.db import tables
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import NotAllowed, Retryable
from tillbridge.model.status import ORDER_ROWS, Act, Effect, Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.embedded import tables as pos_tables

STAFF = Signature("지은", "고객 변심")
LOST = Words("The answer was lost.", "응답을 받지 못했습니다.")
CASH = Payment(kind=PaymentKind.CASH, amount=won(50_000))
CALLED = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)


@pytest.fixture
def forgetful(till, monkeypatch):
    """A shop with a sold reservation, whose webstore and till each lose the first answer to everything."""
    till.webstore.offer(order("A1"))
    till.engine.poll()
    change, told = till.pos.change_sales, till.webstore.told
    asked: set[str] = set()

    def lose(key):
        if key not in asked:
            asked.add(key)
            raise Retryable(LOST)

    def changing(changes):
        answers = change(changes)
        lose(changes[0].key)
        return answers

    class Losing(list[Any]):
        def append(self, delivery):
            super().append(delivery)
            lose(delivery.key)

    monkeypatch.setattr(till.pos, "change_sales", changing)
    till.webstore.told = Losing(told)
    return till


def run(till: Till) -> None:
    """Let the outbox try again and again."""
    for _ in range(6):
        till.clock.advance(7200)
        till.engine.tick()


def act(till, wanted, **more):
    till.engine.act(1, Doing(act=wanted, **more), STAFF)
    run(till)


def rows(till, table):
    with till.engine.context.database.read() as database:
        return database.execute(select(table).order_by(*table.primary_key)).all()


def done(till):
    """How often each thing was done: what was told (by key), moves of stock, and every payment."""
    told = Counter(str(one.said) for one in {one.key: one for one in till.webstore.told}.values())
    moves = Counter(row.reason for row in rows(till, pos_tables.stock_movements) if row.sale_id)
    paid = [(row.kind, row.amount_minor) for row in rows(till, pos_tables.sale_payments)]
    return dict(told), dict(moves), paid


def test_accepting_is_told_once(forgetful):
    """Effect: tell the webstore: accepted."""
    act(forgetful, Act.ACCEPT)

    assert ({"accepted": 1}, {"sale": 1}, []) == done(forgetful)


def test_rejecting_is_told_and_done_once(forgetful):
    """Effects: tell the webstore: rejected; remove the sale's items; finish the sale."""
    act(forgetful, Act.REJECT)

    told, moves, _ = done(forgetful)
    assert ({"rejected": 1}, {"sale": 1, "removed": 1}) == (told, moves)


def test_cancelling_is_done_once(forgetful):
    """Effects: also the payment of 0.00; complete the order; tell the webstore: how the reservation ended."""
    act(forgetful, Act.CANCEL)

    assert ({"rejected": 1, "resolved": 1}, {"sale": 1, "removed": 1}, [("ecommerce", 0)]) == done(forgetful)
    assert Status.COMPLETED is forgetful.engine.order("A1").status
    completed = [one for one in forgetful.engine.timeline(1) if one.what == Act.COMPLETE]
    assert 1 == len(completed)


def test_reserving_and_picking_up_are_done_once(forgetful):
    """Effects: keep the sale open; tell the webstore: ready; take the payments; finish the sale."""
    act(forgetful, Act.RESERVE)
    assert forgetful.engine.sale(1).kept_open
    act(forgetful, Act.READY)
    act(forgetful, Act.PICK_UP, payments=(CASH,))

    told = {"accepted": 1, "ready": 1, "resolved": 1}
    assert (told, {"sale": 1}, [("cash", 50_000)]) == done(forgetful)
    assert Status.COMPLETED is forgetful.engine.order("A1").status


def test_a_no_show_is_done_once(forgetful):
    act(forgetful, Act.ACCEPT)
    act(forgetful, Act.NO_SHOW, contact=CALLED)

    told = {"accepted": 1, "resolved": 1}
    assert (told, {"sale": 1, "removed": 1}, [("ecommerce", 0)]) == done(forgetful)


def test_a_sale_is_voided_once_and_made_anew_once(forgetful):
    """Effect: void the sale."""
    forgetful.clock.advance(60)
    forgetful.webstore.offer(order("A1", line("1"), line("2", gtin=PUMP)))
    forgetful.engine.poll()
    act(forgetful, Act.REMAKE_SALE)

    told, moves, _ = done(forgetful)
    assert ({}, {"sale": 3, "voided": 1}) == (told, moves)


def test_every_effect_of_the_table_is_proven_here():
    """A new effect needs its test; each docstring above names those it is about."""
    named = " ".join(str(test.__doc__) for name, test in globals().items() if name.startswith("test_"))
    own_words = {
        Effect.BALANCE: "the payment of 0.00",
        Effect.COMPLETE: "complete the order",
        Effect.TAKE_PAYMENTS: "take the payments",
    }
    effects = {effect for row in ORDER_ROWS for effect in row.effects}

    assert set() == {one for one in effects if own_words.get(one, str(one)) not in named}


def test_acting_twice_is_refused_and_changes_nothing(forgetful):
    """What is under way cannot be asked for again."""
    act(forgetful, Act.ACCEPT)
    before = len(rows(forgetful, tables.deliveries))
    for again in (Act.ACCEPT, Act.RESERVE, Act.CANCEL, Act.CANCEL):
        with suppress(NotAllowed):
            act(forgetful, again)

    told, moves, paid = done(forgetful)
    assert {"accepted": 1, "rejected": 1, "resolved": 1} == told
    assert {"sale": 1, "removed": 1} == moves
    assert [("ecommerce", 0)] == paid
    assert before < len(rows(forgetful, tables.deliveries))
