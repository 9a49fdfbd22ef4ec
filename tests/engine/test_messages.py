"""What staff must see: each message appears with its cause, says what mends it, and goes with it."""

import shlex
from datetime import UTC, datetime, timedelta

import pytest

from orders import HELMET, PUMP, line, order, won
from shop import SEOUL, STAFF
from tillbridge.guided import Doing
from tillbridge.messages import SHOWN
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import Rejected, Retryable
from tillbridge.model.hours import Hours
from tillbridge.model.messages import Cause
from tillbridge.model.orders import Standing, WebCustomer
from tillbridge.model.status import Act, Status
from tillbridge.model.words import Words

UNKNOWN = "00605284574539"
STRANGER = WebCustomer(full_name="이영희", email="who@example.com")


def causes(shop):
    """What staff must see: how many by cause; that the shop's hours are not known has tests of its own."""
    return {one.cause: one.count for one in shop.engine.messages() if one.cause is not Cause.HOURS_UNKNOWN}


def message(shop, cause):
    (found,) = [one for one in shop.engine.messages() if one.cause is cause]
    return found


def sell(shop, *names, **more):
    for name in names:
        shop.webstore.offer(order(name, **more))
    shop.poll()


def change(shop, name, *lines, **more):
    shop.clock.advance(60)
    shop.webstore.offer(order(name, *lines, **more))
    shop.poll()


@pytest.mark.row("S2")
def test_a_shop_without_anything_to_do_has_no_messages(shop):
    assert {} == causes(shop)
    assert (0, 0, 0, {Cause.HOURS_UNKNOWN: 1}) == (
        shop.engine.counts().to_act,
        shop.engine.counts().to_import,
        shop.engine.counts().overdue,
        shop.engine.counts().by_cause,
    )


@pytest.mark.row("S2")
def test_orders_that_were_fetched_and_not_settled_wait_to_be_imported(shop, monkeypatch):
    monkeypatch.setattr(
        "tillbridge.intake.settle", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("killed"))
    )
    shop.webstore.offer(order("A1"))
    shop.webstore.offer(order("A2"))
    shop.engine.poll()

    found = message(shop, Cause.TO_IMPORT)
    assert 2 == found.count
    assert "There are 2 eCommerce sales to import." == found.words.en
    assert "불러올 이커머스 판매가 있습니다(2건)." == found.words.ko
    assert "tillbridge poll" == found.action.command

    shop.engine.settle()
    assert Cause.TO_IMPORT not in causes(shop)


@pytest.mark.row("S2")
def test_a_new_order_is_a_message_until_it_is_accepted_and_then_until_it_is_ready(shop):
    sell(shop, "A1")
    assert {Cause.NEW: 1} == causes(shop)

    shop.set("A1", Status.IN_PROCESS)
    assert {Cause.TO_GET_READY: 1} == causes(shop)

    shop.set("A1", Status.READY_FOR_PICKUP)
    assert {} == causes(shop)


@pytest.mark.row("S2")
@pytest.mark.parametrize(
    ("offered", "cause"),
    [
        (order("A1", customer=STRANGER), Cause.CUSTOMER),
        (order("A1", line(gtin=UNKNOWN)), Cause.PRODUCT),
        (order("A1", total=won(99_000)), Cause.SUMS_DIFFER),
        (order("A1", currency="KRW", location="busan"), Cause.NEW),
    ],
)
def test_an_order_is_grouped_by_what_it_waits_for(shop, offered, cause):
    shop.webstore.offer(offered)
    shop.poll()

    assert {cause: 1} == causes(shop)


def test_a_damaged_order_waits_as_one_that_could_not_be_sold(shop):
    shop.webstore.offer_bytes("A1", b"damaged")
    shop.poll()

    assert {Cause.SALE_FAILED: 1} == causes(shop)


def test_a_message_names_its_orders_and_the_command_that_mends_the_first(shop):
    sell(shop, "A1", "A2")

    found = message(shop, Cause.NEW)
    assert [("A1", "web"), ("A2", "web")] == [(one.number, one.connection) for one in found.orders]
    assert "tillbridge order accept id:1" == found.action.command
    assert "2 new orders wait to be accepted or rejected." == found.words.en


@pytest.mark.row("S9")
@pytest.mark.row("S12")
@pytest.mark.parametrize(
    ("offered", "cause", "command"),
    [
        (order("A1", customer=STRANGER), Cause.CUSTOMER, "tillbridge order customers id:1"),
        (order("A1", line(gtin=UNKNOWN)), Cause.PRODUCT, 'tillbridge order products id:1 "#1"'),
        (
            order("A1", line("1"), line("2", gtin=UNKNOWN)),
            Cause.PRODUCT,
            'tillbridge order products id:1 "#2"',
        ),
        (
            order("A1", total=won(99_000)),
            Cause.SUMS_DIFFER,
            'tillbridge order release id:1 --reason "…" --preview',
        ),
    ],
)
def test_a_message_names_the_command_that_repairs_its_first_order(shop, offered, cause, command):
    shop.webstore.offer(offered)
    shop.poll()

    assert command == message(shop, cause).action.command


def test_a_change_names_the_command_that_shows_it(shop):
    sell(shop, "A1")
    change(shop, "A1", line("1"), line("2", gtin=PUMP))

    assert "tillbridge order difference id:1" == message(shop, Cause.CHANGED).action.command


def test_every_command_that_a_message_names_is_one(shop):
    """As the command line parses it, with the ID of an order and a line's number."""
    from click.exceptions import UsageError  # noqa: PLC0415  # only this test parses commands

    from tillbridge.cli.app import command  # noqa: PLC0415  # as above
    from tillbridge.messages.sayings import ACTIONS, action  # noqa: PLC0415  # as above

    for cause in ACTIONS:
        name, *arguments = shlex.split(action(cause, 1, 1).command)
        current = command()
        while hasattr(current, "commands"):
            context = current.make_context(name, list(arguments), resilient_parsing=False)
            rest = [*context._protected_args, *context.args]
            name, current, arguments = current.resolve_command(context, rest)
        try:
            current.make_context(name, list(arguments))
        except UsageError as error:
            pytest.fail(f"{cause}: {error}")


def test_of_very_many_orders_the_first_are_named_and_all_are_counted(shop):
    shop.webstore.page_size = 1000
    sell(shop, *(f"A{number}" for number in range(SHOWN + 5)))

    found = message(shop, Cause.NEW)
    assert (SHOWN + 5, SHOWN) == (found.count, len(found.orders))


def test_a_change_at_the_webstore_is_a_message_until_the_sale_is_made_anew(shop):
    sell(shop, "A1")
    change(shop, "A1", line("1"), line("2", gtin=PUMP))
    assert {Cause.CHANGED: 1, Cause.NEW: 1} == causes(shop)

    shop.set("A1", Status.PROCESS_SALE)
    shop.engine.deliver()
    shop.engine.settle()

    assert {Cause.NEW: 1} == causes(shop)


def test_a_cancellation_at_the_webstore_after_acceptance_is_a_message_of_its_own(shop):
    sell(shop, "A1")
    shop.set("A1", Status.IN_PROCESS)
    shop.engine.deliver()

    change(shop, "A1", standing=Standing.CANCELLED)

    assert 1 == causes(shop)[Cause.CANCELLED]


def test_an_order_that_was_handed_over_as_it_was_sold_is_no_change(shop):
    """Every completed order comes back as fulfilled; nobody has anything to decide."""
    sell(shop, "A1")
    shop.set("A1", Status.IN_PROCESS)
    shop.set("A1", Status.READY_FOR_PICKUP)
    change(shop, "A1", standing=Standing.FULFILLED)

    assert {} == causes(shop)
    assert not shop.engine.order("A1").changed_after_sale


def test_an_order_that_was_handed_over_with_other_items_is_a_change(shop):
    sell(shop, "A1")
    change(shop, "A1", line("1"), line("2", gtin=PUMP), standing=Standing.FULFILLED)

    assert 1 == causes(shop)[Cause.CHANGED]


def test_an_order_that_was_rejected_and_sold_all_the_same_is_a_message_until_the_rejection_is_undone(shop):
    sell(shop, "A1")
    shop.set("A1", Status.REJECTED, "품절")
    shop.pos.finish_at_till("memory:s1:A1")
    shop.engine.follow_till()
    assert {Cause.SOLD_THOUGH_REJECTED: 1} == causes(shop)

    shop.engine.undo(shop.engine.order("A1").id, STAFF)

    assert {Cause.OUTCOME: 1} == causes(shop)


def test_a_decision_that_could_not_be_passed_on_is_a_message_until_another_one_was(shop):
    sell(shop, "A1")

    def refuse(call):
        if call == "push_status":
            raise Rejected(Words("no such order", "주문 없음"))

    shop.webstore.before = refuse
    shop.set("A1", Status.IN_PROCESS)
    shop.engine.deliver()
    assert 1 == causes(shop)[Cause.NOT_DELIVERED]

    shop.webstore.before = lambda _: None
    shop.set("A1", Status.REJECTED, "품절")
    shop.engine.deliver()

    assert {} == causes(shop)


def test_a_connection_that_is_down_is_the_first_message_and_goes_when_it_is_back(shop):
    sell(shop, "A1")

    def away(_):
        raise Retryable(Words("The webstore does not answer.", "웹스토어가 응답하지 않습니다."))

    shop.webstore.before = away
    sell(shop, "A2")
    first = shop.engine.messages()[0]
    assert Cause.CONNECTION_DOWN is first.cause
    assert "web: The webstore does not answer." == first.words.en
    assert shop.clock.now() == first.since

    shop.webstore.before = lambda _: None
    shop.poll()
    assert {Cause.NEW: 2} == causes(shop)


@pytest.mark.row("S29")
def test_a_call_that_is_due_again_is_a_message_until_somebody_called(shop):
    sell(shop, "A1")
    number = shop.engine.order("A1").id
    again_at = shop.clock.now() + timedelta(hours=2)
    tried = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER, again_at=again_at)
    shop.engine.contact(number, tried, STAFF)
    assert {Cause.NEW: 1} == causes(shop)

    shop.clock.advance(2 * 3600)
    assert {Cause.NEW: 1, Cause.CALL_AGAIN: 1} == causes(shop)
    assert again_at == message(shop, Cause.CALL_AGAIN).since

    shop.engine.contact(number, NewContact(channel=Channel.CALL, outcome=Outcome.REACHED), STAFF)
    assert {Cause.NEW: 1} == causes(shop)


@pytest.mark.row("S3")
def test_the_tile_counts_each_order_that_needs_someone_once(shop):
    sell(shop, "A1", "A2")
    shop.webstore.offer(order("A3", customer=STRANGER))
    change(shop, "A1", line("1"), line("2", gtin=PUMP))
    shop.set("A2", Status.IN_PROCESS)
    shop.set("A2", Status.READY_FOR_PICKUP)

    counts = shop.engine.counts()

    assert 2 == counts.to_act
    of_orders = {cause: count for cause, count in counts.by_cause.items() if cause is not Cause.HOURS_UNKNOWN}
    assert {Cause.NEW: 1, Cause.CHANGED: 1, Cause.CUSTOMER: 1} == of_orders


@pytest.mark.row("S30")
def test_the_order_that_took_stock_below_zero_is_short_and_says_by_how_much(shop):
    shop.pos.on_hand["seoul", "P1"] = 1
    sell(shop, "A1", "A2")

    assert Status.NEW is shop.status("A2")
    assert [(), (("1", 1),)] == [
        tuple((one.line_id, one.missing) for one in found.short) for found in shop.engine.orders()
    ]
    found = message(shop, Cause.SHORT)
    assert ["A2"] == [one.number for one in found.orders]


@pytest.mark.row("S30")
def test_an_order_is_short_no_longer_when_its_goods_came(shop):
    shop.pos.on_hand["seoul", "P1"] = 0
    sell(shop, "A1")
    assert 1 == causes(shop)[Cause.SHORT]

    shop.pos.on_hand["seoul", "P1"] = 0

    assert {Cause.NEW: 1} == causes(shop)


@pytest.mark.row("S30")
def test_what_is_missing_is_shared_out_from_the_newest_sale_back(shop):
    shop.pos.on_hand["seoul", "P1"] = 3
    sell(shop, "A1")
    sell(shop, "A2")
    shop.webstore.offer(order("A3", line("1", gtin=HELMET, quantity=4)))
    shop.poll()
    shop.pos.on_hand["seoul", "P1"] = -5

    assert [[], [1], [4]] == [[line.missing for line in one.short] for one in shop.engine.orders()]


def test_a_message_keeps_its_key_as_long_as_its_cause_lasts(shop):
    sell(shop, "A1")
    before = message(shop, Cause.NEW).key
    sell(shop, "A2")

    assert before == message(shop, Cause.NEW).key


@pytest.mark.row("S17")
def test_an_order_must_be_answered_soon_and_is_overdue_then_until_it_is_answered(shop):
    """It is due at 14:00; at noon half of its four business hours are gone."""
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    sell(shop, "A1")
    assert "1 order must be answered soon. A1: 2 h left." == message(shop, Cause.DUE_SOON).words.en

    shop.clock.advance(3 * 3600)
    late = message(shop, Cause.OVERDUE)
    assert "1 order was not answered in time. A1: overdue for 1 hour." == late.words.en
    assert datetime(2026, 3, 2, 5, 0, tzinfo=UTC) == late.since
    assert 1 == shop.engine.counts().overdue

    shop.set("A1", Status.IN_PROCESS)
    assert {Cause.TO_GET_READY: 1} == causes(shop)


def test_an_order_that_came_a_moment_ago_is_not_warned_of(shop):
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    sell(shop, "A1", placed_at=shop.clock.now())

    assert {Cause.NEW: 1} == causes(shop)


@pytest.mark.row("S21")
def test_an_expected_date_that_passes_is_a_message_until_the_goods_are_ready(shop):
    sell(shop, "A1")
    number = shop.engine.order("A1").id
    expected = shop.clock.now() + timedelta(days=2)
    shop.engine.act(number, Doing(act=Act.RESERVE, expected_at=expected), STAFF)
    assert {Cause.TO_GET_READY: 1} == causes(shop)

    shop.clock.advance(2 * 24 * 3600)
    assert {Cause.TO_GET_READY: 1, Cause.LATE: 1} == causes(shop)
    assert expected == message(shop, Cause.LATE).since

    shop.engine.act(number, Doing(act=Act.READY), STAFF)
    assert {} == causes(shop)


@pytest.mark.row("S21")
def test_a_pick_up_date_that_passes_is_a_message_until_somebody_came(shop):
    sell(shop, "A1")
    number = shop.engine.order("A1").id
    until = shop.clock.now() + timedelta(days=3)
    shop.engine.act(number, Doing(act=Act.RESERVE), STAFF)
    shop.engine.act(number, Doing(act=Act.READY, pick_up_until=until), STAFF)
    assert {} == causes(shop)

    shop.clock.advance(3 * 24 * 3600)
    assert {Cause.NOT_PICKED_UP: 1} == causes(shop)

    shop.pos.finish_at_till("memory:s1:A1")
    shop.engine.follow_till()
    assert {Cause.OUTCOME: 1} == causes(shop)
