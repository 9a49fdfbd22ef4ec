"""The contact log: who was called or written to, what came of it, and when to call again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from orders import order
from shop import STAFF
from tillbridge.model.contacts import SPOKEN, Channel, NewContact, Outcome
from tillbridge.model.errors import InputError, NotAllowed, NotFound
from tillbridge.model.words import Words
from tillbridge.orders.contacts import contact_since, require_contact
from tillbridge.orders.order_state import Signature

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def sold(shop):
    """A shop with one sold order, A1."""
    shop.webstore.offer(order("A1"))
    shop.poll()
    return shop


def note(shop, outcome, **more):
    new = NewContact(channel=Channel.CALL, outcome=outcome, **more)
    return shop.engine.contact(shop.engine.order("A1").id, new, STAFF)


def since(shop, moment=None, **more):
    with shop.engine.context.database.read() as database:
        return contact_since(database, shop.engine.order("A1").id, moment, **more)


@pytest.mark.row("S29")
def test_a_contact_is_kept_with_who_how_what_came_of_it_and_when_to_call_again(sold):
    again = datetime(2026, 3, 3, 10, 0, tzinfo=SEOUL)

    kept = note(sold, Outcome.NO_ANSWER, person="010-1234-5678", note="부재중", again_at=again)

    assert ("지은", Channel.CALL, Outcome.NO_ANSWER) == (kept.who, kept.channel, kept.outcome)
    assert ("010-1234-5678", "부재중") == (kept.person, kept.note)
    assert datetime(2026, 3, 3, 1, 0, tzinfo=UTC) == kept.again_at
    assert sold.clock.now() == kept.at
    assert [kept] == sold.engine.contacts(sold.engine.order("A1").id)


@pytest.mark.row("S29")
def test_the_last_contact_stands_in_the_list_of_orders(sold):
    sold.webstore.offer(order("A2"))
    sold.poll()
    note(sold, Outcome.NO_ANSWER)
    last = note(sold, Outcome.AGREED)

    assert [last, None] == [one.last_contact for one in sold.engine.orders()]


def test_a_contact_stands_in_the_timeline_in_both_languages(sold):
    note(sold, Outcome.AGREED, note="다음 주도 좋다고 함", again_at=datetime(2026, 3, 9, 9, 30, tzinfo=SEOUL))

    entry = sold.engine.timeline(sold.engine.order("A1").id)[-1]
    assert ("지은", "contact") == (entry.who, entry.what)
    assert (
        Words(
            "Call, agreed: 다음 주도 좋다고 함. Call again: 2026-03-09 09:30 KST.",
            "전화, 동의함: 다음 주도 좋다고 함. 다시 연락: 2026-03-09 09:30 KST.",
        )
        == entry.words
    )


def test_the_signatures_reason_is_the_note_where_there_is_none(sold):
    new = NewContact(channel=Channel.SMS, outcome=Outcome.SENT)

    kept = sold.engine.contact(sold.engine.order("A1").id, new, Signature("지은", "입고 지연 안내"))

    assert "입고 지연 안내" == kept.note


@pytest.mark.parametrize(
    "again",
    [datetime(2026, 3, 2, 3, 0, tzinfo=UTC), datetime(2026, 3, 3, 3, 0)],  # noqa: DTZ001  # that is the fault
)
def test_calling_again_lies_ahead_and_has_a_zone(sold, again):
    with pytest.raises(InputError, match="must lie ahead"):
        note(sold, Outcome.NO_ANSWER, again_at=again)
    assert [] == sold.engine.contacts(sold.engine.order("A1").id)


def test_a_contact_about_an_order_that_does_not_exist_is_refused(shop):
    new = NewContact(channel=Channel.CALL, outcome=Outcome.REACHED)
    with pytest.raises(NotFound, match="There is no order 99"):
        shop.engine.contact(99, new, STAFF)


@pytest.mark.row("S19")
def test_what_needs_the_customers_ear_first_is_refused_until_the_contact_is_written_down(sold):
    number = sold.engine.order("A1").id
    with (
        sold.engine.context.database.read() as database,
        pytest.raises(NotAllowed, match="order contact id:1"),
    ):
        require_contact(database, number)

    kept = note(sold, Outcome.AGREED)

    with sold.engine.context.database.read() as database:
        assert kept == require_contact(database, number)


def test_a_call_that_nobody_took_is_no_contact(sold):
    note(sold, Outcome.NO_ANSWER)
    assert since(sold) is None

    written = note(sold, Outcome.SENT)

    assert written == since(sold)
    assert since(sold, outcomes=SPOKEN) is None


def test_a_contact_before_the_moment_that_is_asked_for_does_not_count(sold):
    kept = note(sold, Outcome.AGREED)

    assert kept == since(sold, sold.clock.now())
    assert since(sold, sold.clock.now() + timedelta(seconds=1)) is None
