"""A webhook is verified, kept in one commit, and known again."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from orders import order
from shop import STAFF
from tillbridge.db import tables, webhook_tables
from tillbridge.model.errors import (
    InputError,
    Misconfigured,
    NotFound,
    PayloadError,
    PluginError,
    Rejected,
)
from tillbridge.model.webhooks import Headers
from tillbridge.pos.guarded import PosAway

pytestmark = pytest.mark.row("S1")


def kept(door):
    events = webhook_tables.events
    with door.shop.engine.context.database.read() as database:
        rows = database.execute(select(events).order_by(events.c.id)).all()
    return [(row.state, row.event_id, row.body) for row in rows]


def state(door):
    (found,) = door.shop.engine.webhooks()
    return found


def test_a_webhook_is_kept_byte_for_byte(door):
    door.knock(body=b'{ "orders": ["A1"],"event":"e1"}')

    assert [("taken", "e1", b'{ "orders": ["A1"],"event":"e1"}')] == kept(door)


def test_a_webhook_is_kept_in_one_commit_and_nobody_else_is_asked(door):
    """Neither the webstore nor the till nor a lock: only the plugin, and the database once."""
    points: list[str] = []
    door.knock("A0")
    engine = door.shop.another(probe=points.append)
    engine.receive_webhook(door.token, door.request("A0"))
    points.clear()

    engine.receive_webhook(door.token, door.request("A1"))

    engine.close()
    assert points == [
        "before hook receive_webhook",
        "after hook receive_webhook",
        "begin webhook",
        "before commit webhook",
        "after commit webhook",
    ]


def test_a_till_that_is_away_keeps_no_webhook_out_once_one_was_taken(door, monkeypatch):
    door.knock("A1")
    monkeypatch.setattr(door.shop.pos, "stores", lambda: raising(PosAway("away")))

    assert door.knock("A2").wanted


def raising(error):
    raise error


@pytest.mark.parametrize("at", ["nobody", "", "ä" * 300, "\ud800"])
def test_an_address_that_nobody_has_is_nobodys(door, at):
    with pytest.raises(NotFound):
        door.knock("A1", at=at)


def test_a_connection_that_is_switched_off_has_no_address(door):
    with door.shop.engine.context.database.write("test") as database:
        database.exec_driver_sql("UPDATE connections SET enabled = false")

    with pytest.raises(NotFound):
        door.knock("A1")


def test_what_the_webstore_did_not_send_is_refused_and_not_kept(door):
    with pytest.raises(Rejected):
        door.knock("A1", token="wrong")

    assert ([], 1, "The webhook's token is wrong.") == (kept(door), state(door).refused, state(door).why.en)


def test_what_cannot_be_read_is_kept_and_told(door):
    with pytest.raises(PayloadError):
        door.knock(body=b"\xff")

    assert ([("unreadable", None, b"\xff")], 1) == (kept(door), state(door).refused)


def test_a_plugin_that_fails_is_named_and_nothing_is_kept(door):
    door.shop.webstore.before = lambda _: 1 / 0

    with pytest.raises(PluginError, match="receive_webhook"):
        door.knock("A1")
    assert [] == kept(door)


def test_an_event_that_is_sent_again_is_known_by_its_id(door):
    """Three times at once, or an hour later: it was kept, and what it asks for is asked once."""
    wanted = [door.knock("A1", event="e1").wanted for _ in range(3)]

    assert ([True, False, False], 1) == (wanted, len(kept(door)))


def test_events_without_an_id_are_all_kept(door):
    assert [True, True] == [door.knock("A1").wanted for _ in range(2)]
    assert 2 == len(kept(door))


def test_an_event_about_no_order_is_kept_and_asks_for_nothing(door):
    assert not door.knock().wanted
    assert ["nothing to fetch"] == [one[0] for one in kept(door)]


def test_an_order_id_that_no_database_can_hold_asks_for_nothing(door):
    assert not door.knock("A\x00", "B" * 301).wanted


def test_a_webhook_ends_what_was_refused_and_missed_before(door):
    for _ in range(3):
        with pytest.raises(Rejected):
            door.knock(token="wrong")
    assert state(door).is_refused

    door.knock("A1")

    assert (0, False, door.shop.clock.now()) == (
        state(door).refused,
        state(door).is_refused,
        state(door).heard_at,
    )


def test_refusals_are_logged_ever_more_rarely(door, caplog):
    for _ in range(11):
        with pytest.raises(Rejected):
            door.knock(token="wrong")

    told = [
        one.getMessage() for one in caplog.records if one.name == "tillbridge.webhooks" and one.levelno > 20
    ]
    assert [
        "web: webhook refused (1 since the last good one): The webhook's token is wrong.",
        "web: webhook refused (10 since the last good one): The webhook's token is wrong.",
    ] == told


def test_an_address_is_shown_again_and_made_anew(door):
    again = door.shop.engine.open_webhook("web", STAFF.who)
    other = door.shop.engine.open_webhook("web", STAFF.who, rotate=True)

    assert (door.path, False) == (again.path, other.path == door.path)
    with pytest.raises(NotFound):
        door.knock("A1")
    assert door.knock("A1", at=other.path.rpartition("/")[2]).wanted


def test_the_token_stands_nowhere_in_the_database(door):
    """Its hash finds it, and what shows it again is encrypted."""
    doors = webhook_tables.doors
    with door.shop.engine.context.database.read() as database:
        row = database.execute(select(doors)).one()

    assert door.token not in str(tuple(row))
    assert door.token not in repr(door.shop.engine.open_webhook("web"))


def test_an_address_is_taken_away(door):
    door.shop.engine.close_webhook("web", STAFF.who)

    with pytest.raises(NotFound):
        door.knock("A1")
    with pytest.raises(NotFound, match="no webhook address"):
        door.shop.engine.close_webhook("web", STAFF.who)


def test_the_connections_log_says_who_made_an_address(door):
    assert [("지은", "webhook address: made anew")] == [
        (one.who, one.words.en) for one in door.shop.engine.connection_log("web")
    ]


def test_new_secrets_of_a_connection_count_at_once(door):
    """What was opened for verifying is opened anew once the settings are others."""
    door.knock("A1")
    with door.shop.engine.context.database.write("test") as database:
        sealed = door.shop.engine.context.secrets.seal({"token": "other"}, owner="memory:s1")

        database.execute(tables.connections.update().values(secrets=sealed))

    with pytest.raises(Rejected):
        door.knock("A1")
    assert door.knock("A1", token="other").wanted


def test_headers_are_found_in_any_case_and_their_values_are_not_shown():
    headers = Headers([("X-Token", "hidden"), ("x-token", "second")])

    assert ("hidden", "hidden", 1, "Headers(x-token)") == (
        headers["x-TOKEN"],
        headers.get("X-Token"),
        len(headers),
        repr(headers),
    )
    assert "absent" not in headers


def test_a_provider_without_webhooks_has_no_address(door, monkeypatch):
    plugins = door.shop.engine.context.plugins
    provider = plugins.provider("memory")

    monkeypatch.setattr(plugins, "provider", lambda _: replace(provider, capabilities=frozenset()))

    with pytest.raises(InputError, match="sends no webhooks"):
        door.shop.engine.open_webhook("web")


def test_what_is_not_set_for_verifying_is_told(door):
    def lacking(call):
        if call == "receive_webhook":
            raise Misconfigured("Enter the webhook's secret.")

    door.shop.webstore.before = lacking

    with pytest.raises(Misconfigured):
        door.knock("A1")
    assert "Enter the webhook's secret." == state(door).why.en


def test_orders_that_polls_find_without_a_webhook_are_counted_until_one_comes(door):
    """What the first poll finds nobody could tell of; then each new order counts."""
    shop = door.shop
    for name in ("A1", "A2", "A3", "A4"):
        shop.webstore.offer(order(name))
    shop.poll()
    assert 0 == state(door).missed
    for name in ("B1", "B2", "B3"):
        shop.clock.advance(60)
        shop.webstore.offer(order(name))
        shop.poll()
    assert (3, True) == (state(door).missed, state(door).is_silent)

    door.knock("B3")

    assert (0, False) == (state(door).missed, state(door).is_silent)
