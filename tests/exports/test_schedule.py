"""When stock and prices go out: when they change, when their time has come, and never over and over."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from orders import HELMET, line
from tillbridge.db import tables
from tillbridge.exports import ExportSettings
from tillbridge.model.errors import InputError, Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Buffers, Limits
from tillbridge.model.words import Words
from tillbridge.testing.webstore import MemoryWebstore

pytestmark = pytest.mark.row("S15")
AWAY = Words("The webstore is away.", "웹스토어에 연결할 수 없습니다.")
HOURLY = timedelta(hours=1)


def test_what_changes_goes_out_at_the_next_look(front):
    front.rule(every=HOURLY)
    front.engine.tick()
    front.count(front.pump, 4)
    front.engine.tick()

    assert 4 == front.pieces(front.pump)


def test_while_nothing_changes_the_webstore_is_left_alone(front):
    front.rule(every=HOURLY)
    front.engine.tick()
    asked: list[str] = []
    front.webstore.before = asked.append
    front.engine.export_due()

    assert [] == asked


def test_a_connection_without_a_schedule_is_exported_by_hand_only(front):
    front.engine.tick()

    assert [] == front.webstore.calls


def test_the_hourly_look_finds_what_nobody_told_of(front):
    front.rule(every=HOURLY)
    front.engine.tick()
    front.clock.advance(3600)

    assert 1 == len(front.engine.export_due())


def test_a_webstore_that_is_away_is_not_asked_at_every_beat(front):
    front.rule(every=HOURLY)

    def away(call):
        if call == "push_inventory":
            raise Retryable(AWAY)

    front.webstore.before = away
    front.engine.export_due()
    assert [] == front.engine.export_due()

    front.clock.advance(60)
    front.webstore.before = lambda _: None
    front.engine.export_due()
    assert 10 == front.pieces(front.helmet)


def test_an_export_that_fails_is_told_of_once_and_once_when_it_works_again(front):
    front.rule(every=HOURLY)
    heard = []
    front.engine.context.listeners.append(lambda turn: heard.append((turn.well, turn.words.en)))
    front.webstore.answer = _raise
    for _ in range(3):
        front.engine.export("web")
    front.webstore.answer = lambda _: Receipt(Outcome.ACCEPTED)
    front.clock.advance(120)
    front.engine.export("web")

    assert [
        (False, "Stock and prices are not passed on: The webstore is away."),
        (True, "Stock and prices are passed on again, after 2 minutes."),
    ] == heard


def test_the_state_says_since_when_the_webstore_is_up_to_date(front):
    front.export()
    told = front.clock.now()
    front.clock.advance(600)
    front.count(front.pump, 4)
    front.webstore.answer = _raise
    front.engine.export("web")
    (state,) = front.engine.exports()

    assert (told, 1, 2) == (state.told_at, state.due, state.shown)


def orders_away(front, error):
    front.buy("A1")
    asked = []

    def away(call):
        if call == "fetch_orders":
            asked.append(call)
            raise error

    front.webstore.before = away
    return asked


def test_while_orders_cannot_be_had_the_webstore_is_not_asked_at_every_beat(front):
    front.rule(every=HOURLY)
    asked = orders_away(front, Retryable(AWAY))
    for pieces in (4, 3, 2):
        front.count(front.pump, pieces)
        front.engine.export_due()

    assert 1 == len(asked)


def test_a_webstore_that_says_when_to_come_again_is_left_alone_until_then(front):
    front.rule(every=timedelta(days=7))
    asked = orders_away(front, Retryable(AWAY, until=front.clock.now() + timedelta(hours=3, minutes=1)))
    front.engine.export_due()
    front.clock.advance(3 * 3600 - 1)
    front.count(front.pump, 4)
    front.engine.export_due()
    assert 1 == len(asked)

    front.clock.advance(1)
    front.engine.export_due()
    assert 2 == len(asked)


def test_a_fault_in_an_export_rests_though_stock_moves(front):
    """What nobody foresaw is no reason to begin anew at every beat either."""
    front.rule(every=HOURLY)
    front.engine.tick()

    front.count(front.pump, 4)
    front.engine.context.plugins.push_offers = _fault
    assert ["Unexpected fault: RuntimeError"] == [one.trouble.en for one in front.engine.export_due()]
    front.count(front.pump, 3)
    assert [] == front.engine.export_due()


def test_what_was_looked_at_and_not_told_goes_out_at_the_next_beat(front):
    front.rule(every=timedelta(days=7))
    front.engine.tick()
    front.count(front.pump, 4)
    front.export(dry_run=True)
    front.engine.tick()

    assert 4 == front.pieces(front.pump)


def test_what_is_released_goes_out_at_the_next_beat(front):
    front.rule(every=HOURLY)
    front.engine.tick()
    front.rule(every=HOURLY, limits=Limits())
    front.count(front.pump, 8_801)
    front.engine.tick()
    assert 5 == front.pieces(front.pump)

    front.engine.release_export("web")
    front.engine.tick()
    assert 8_801 == front.pieces(front.pump)


def test_rules_that_are_set_while_an_export_runs_are_followed(front):
    """The buffer comes while the old rules' rows are being written."""
    front.export()
    front.count(front.pump, 4)
    set_already: list[str] = []

    def set_meanwhile(point):
        if point == "begin export.note" and not set_already:
            set_already.append(point)
            front.rule(buffers=Buffers(every=1))

    other = front.another(probe=set_meanwhile)
    other.export("web")
    other.close()

    assert set_already
    assert (9, 3) == (front.pieces(front.helmet), front.pieces(front.pump))


def test_a_connection_whose_plugin_is_gone_stops_no_other(front):
    front.rule(every=HOURLY)
    front.buy("A1")
    other = front.another(without=True)
    with other:
        assert ["web"] == [state.connection for state in other.exports()]
        assert [None] == [state.refresh for state in other.exports()]
        (result,) = other.export()
        assert "There is no provider" in result.trouble.en
        assert [] == other.export_due()
        other.messages()
        other.tick()


def test_a_till_that_cannot_tell_of_its_shelf_holds_up_no_orders(front):
    front.rule(every=HOURLY)
    front.buy("A1", line("1", gtin=HELMET))
    front.pos.shelf_changed = _raise_any
    front.engine.tick()

    assert ["A1"] == [one.webstore_id for one in front.engine.orders()]


def test_a_connection_that_is_switched_off_is_exported_by_name_only(front):
    with front.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(enabled=False))

    assert [] == front.engine.export()
    assert 1 == len(front.engine.export("web"))


def test_after_the_clock_was_set_back_the_export_goes_on(front, monkeypatch):
    front.rule(every=HOURLY)
    front.engine.export_due()
    before = front.clock.now() - timedelta(days=30)
    monkeypatch.setattr(front.clock, "now", lambda: before)

    assert 1 == len(front.engine.export_due())
    assert [] == front.engine.export_due()


def test_two_engines_export_the_same_without_harm(front):
    """The lock is held by another worker: nothing is told twice, and nothing is lost."""
    other = front.another()
    with front.engine.context.locks.attempt("connection:1") as got:
        assert got
        (result,) = other.export("web")
    other.close()
    front.export()

    assert result.busy
    assert 1 == len(front.webstore.calls)


def test_a_webstore_that_takes_no_stock_cannot_be_set_to_be_exported(shop):
    assert isinstance(shop.webstore, MemoryWebstore)

    with pytest.raises(InputError, match="takes neither stock nor prices"):
        shop.engine.set_export("web", ExportSettings(every=HOURLY))


def test_a_schedule_of_seconds_is_refused(front):
    with pytest.raises(InputError, match="every minute at most"):
        front.engine.set_export("web", ExportSettings(every=timedelta(seconds=5)))


def test_a_sale_at_the_counter_goes_out_too(front):
    """Whatever moves stock is told: here an item that comes back."""
    front.rule(every=HOURLY)
    front.buy("A1", line("1", gtin=HELMET))
    front.engine.tick()
    assert 9 == front.pieces(front.helmet)

    front.count(front.helmet, 20)
    front.engine.tick()
    assert 20 == front.pieces(front.helmet)


def _fault(*_):
    raise RuntimeError("a programmer's fault")


def _raise_any(*_):
    raise OSError("the till is away")


def _raise(_):
    raise Retryable(AWAY)
