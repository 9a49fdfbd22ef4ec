"""A store of which nobody says when it is open is a message, for as long as due times depend on it."""

import pytest
from sqlalchemy import update

from shop import SEOUL
from tillbridge.db import tables
from tillbridge.model.hours import Hours
from tillbridge.model.messages import Cause
from tillbridge.pos.guarded import PosAway

pytestmark = pytest.mark.row("S17")


def said(shop):
    return [
        (one.words.en, one.action.command)
        for one in shop.engine.messages()
        if one.cause is Cause.HOURS_UNKNOWN
    ]


def test_a_store_without_hours_is_a_message_until_they_are_said(shop):
    assert [
        (
            "No due time is counted: the business hours are not known of seoul.",
            'tillbridge store hours seoul "Mo-Sa 10:00-20:00; PH off"',
        )
    ] == said(shop)

    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    assert [] == said(shop)


def test_without_a_time_to_answer_no_hours_are_needed(shop):
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.connections).values(accept_minutes=0))

    assert [] == said(shop)


def test_a_store_that_no_webstore_brings_orders_to_is_none(shop):
    other = SEOUL.model_copy(update={"code": "busan"})
    shop.pos.known_stores[:] = [
        SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")}),
        other,
    ]

    assert [] == said(shop)


def test_a_till_that_is_away_hides_no_other_message(shop, monkeypatch):
    def away():
        raise PosAway("The till is away.")

    monkeypatch.setattr(shop.pos, "stores", away)

    assert [] == said(shop)
