"""Where only reservations are agreed another order is not sold, and not lost: staff see what to do."""

import pytest

from orders import order, won
from shop import SEOUL
from tillbridge import plugins
from tillbridge.model.deadlines import Policy
from tillbridge.model.exchange import Decision
from tillbridge.model.hours import Hours
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.status import Status

pytestmark = pytest.mark.row("S16")
PAID = order(
    "A1", kind=OrderKind.BOPIS, paid=True, tenders=(Tender(kind=TenderKind.CARD, amount=won(50_000)),)
)


@pytest.fixture
def limited(shop):
    shop.webstore.reservations_only = True
    return shop


def test_a_reservation_is_sold(limited):
    limited.webstore.offer(order("A1"))
    limited.poll()

    assert Status.NEW is limited.status("A1")


@pytest.mark.parametrize("kind", [OrderKind.BOPIS, OrderKind.SHIPPING])
def test_another_order_is_not_sold_and_says_what_to_do(limited, kind):
    limited.webstore.offer(PAID.model_copy(update={"kind": kind}))
    limited.poll()

    found = limited.engine.order("A1")
    (reason,) = found.reasons
    assert (Status.SALE_PROCESSING_FAILED, 10, "김민수") == (
        found.status,
        limited.on_hand("P1"),
        found.customer,
    )
    assert reason.en.startswith("The order is no reservation, and this connection is for reservations only.")
    assert reason.ko.startswith("예약이 아닌 주문인데")


def test_it_is_a_message_until_it_is_rejected_and_the_webstore_is_told(limited):
    limited.webstore.offer(PAID)
    limited.poll()
    assert Cause.SALE_FAILED in {one.cause for one in limited.engine.messages()}

    limited.set("A1", Status.REJECTED, "예약만 받습니다")
    limited.engine.deliver()

    assert Decision.REJECTED is limited.webstore.believes("A1")
    assert Cause.SALE_FAILED not in {one.cause for one in limited.engine.messages()}


def test_it_is_sold_once_such_orders_are_agreed(limited):
    limited.webstore.offer(PAID)
    limited.poll()
    limited.webstore.reservations_only = False

    assert Status.NEW is limited.set("A1", Status.PROCESS_SALE)
    assert 9 == limited.on_hand("P1")


def test_the_preview_of_a_poll_says_so_too(limited):
    limited.webstore.offer(PAID)

    assert {Status.SALE_PROCESSING_FAILED: 1} == limited.engine.preview("web")["web"].statuses


@pytest.mark.parametrize(("policy", "decided"), [(Policy.ACCEPT, None), (Policy.REJECT, Decision.REJECTED)])
def test_no_policy_accepts_it_by_itself(limited, policy, decided):
    """Accepting may charge the customer, for what was never agreed; rejecting does not."""
    limited.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    limited.connect(name="strict", settings={"shop": "s2"}, overdue=policy)
    limited.webstore.offer(PAID)
    limited.engine.poll("strict")
    limited.engine.watch_deadlines()
    limited.clock.advance(3 * 3600)

    limited.engine.watch_deadlines()

    (found,) = limited.engine.orders()
    assert decided is found.decision


# Orders that were there when it was set


@pytest.fixture
def set_later(shop):
    shop.webstore.offer(PAID)
    shop.webstore.offer(order("A2"))
    shop.poll()
    shop.webstore.reservations_only = True
    return shop


def left(shop):
    return [one for one in shop.engine.messages() if one.cause is Cause.NOT_AGREED]


def test_an_order_that_was_there_before_is_a_message_that_says_what_to_do(set_later):
    """Its sale stands; the reservation beside it is none."""
    (message,) = left(set_later)

    assert (Status.NEW, 1, ["A1"]) == (
        set_later.status("A1"),
        message.count,
        [one.number for one in message.orders],
    )
    assert message.words.en.startswith("1 order is no reservation")
    assert message.words.ko.startswith("예약만 받도록")
    assert f'tillbridge order reject id:{message.orders[0].id} --reason "…"' == message.action.command


@pytest.mark.parametrize("status", [Status.REJECTED, Status.IN_PROCESS])
def test_the_message_ends_with_a_decision(set_later, status):
    set_later.set("A1", status, "예약만 받습니다")

    assert [] == left(set_later)


def test_the_message_ends_when_other_orders_are_agreed_again(set_later):
    set_later.webstore.reservations_only = False

    assert [] == left(set_later)


def test_one_that_waits_for_its_customer_is_told_of_too(shop):
    stranger = PAID.customer.model_copy(update={"id": "w-9", "email": "stranger@example.com"})
    shop.webstore.offer(PAID.model_copy(update={"customer": stranger}))
    shop.poll()
    shop.webstore.reservations_only = True

    assert Status.CUSTOMER_ID_REQUIRED is shop.status("A1")
    assert [1] == [one.count for one in left(shop)]


def test_one_that_came_later_says_so_itself(limited):
    limited.webstore.offer(PAID)
    limited.poll()

    assert [] == left(limited)


def test_a_connection_whose_plugin_is_gone_is_no_fault_of_the_messages(set_later):
    with set_later.another(plugins=plugins.load([])) as engine:
        assert [] == [one for one in engine.messages() if one.cause is Cause.NOT_AGREED]


@pytest.mark.parametrize(("policy", "decided"), [(Policy.ACCEPT, None), (Policy.REJECT, Decision.REJECTED)])
def test_no_policy_accepts_one_that_was_there_before(shop, policy, decided):
    shop.pos.known_stores[:] = [SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})]
    shop.connect(name="strict", settings={"shop": "s2"}, overdue=policy)
    shop.webstore.offer(PAID)
    shop.engine.poll("strict")
    shop.engine.watch_deadlines()
    shop.webstore.reservations_only = True
    shop.clock.advance(3 * 3600)

    shop.engine.watch_deadlines()

    (found,) = shop.engine.orders()
    assert decided is found.decision


def test_scripts_know_it_by_its_code():
    assert "reservations_only" == ReasonCode.RESERVATIONS_ONLY.value
