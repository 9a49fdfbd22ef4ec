"""Parts of an order at Locally, over real HTTP: accepted, rejected, ready, ended; nothing looks changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet

import tillbridge_locally
from shop import SEOUL
from tillbridge import plugins
from tillbridge.clock import SystemClock
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.money import Money
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Act, LineState, PaymentState, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge_locally.sandbox.process import Sandbox

STAFF = Signature("지은", "품절")


class Counter:
    """A shop that is connected to the sandbox, with one order of two items."""

    def __init__(self, url: str, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        loaded = plugins.load([], extra={"locally": tillbridge_locally})
        key = Fernet.generate_key().decode()
        self.engine = Engine(url, Options(clock=SystemClock(), plugins=loaded, key=key))
        pos = self.engine.pos
        assert isinstance(pos, EmbeddedPos)
        self.pos = pos
        pos.add_store(SEOUL)

    def connect(self) -> None:
        settings = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in self.sandbox.settings.items()
        }
        since = datetime.now(UTC) - timedelta(days=2)
        self.engine.connect(
            NewConnection(
                provider="locally",
                name="locally",
                settings=settings,
                secrets=self.sandbox.secrets,
                orders_from=since,
            )
        )

    def order(self, kind: str) -> None:
        """Place an order of two items and bring it in."""
        lines = [{"product": "TB-001", "qty": 2}, {"product": "PD-520"}]
        self.hash = self.sandbox.place(lines=lines, kind=kind)
        cart = self.believed["order"]["cart"]
        for item in cart["items"]:
            self.pos.add_product(
                NewProduct(
                    description=item["product_title"], gtin=item["upc"], on_hand={"seoul": Decimal(10)}
                )
            )
        self.pos.add_customer(NewCustomer(name="손님", emails=(cart["email"],)))
        self.items = [str(item["id"]) for item in cart["items"]]
        self.poll()
        assert Status.NEW is self.engine.order(self.hash).status

    @property
    def believed(self) -> Any:
        return self.sandbox.order(self.hash)

    @property
    def statuses(self) -> list[str]:
        """What Locally believes: of the cart, then of each item."""
        believed = self.believed
        return [believed["status"], *(one["status"] for one in believed["order"]["cart"]["items"])]

    def do(self, act: Act, *places: int, **more: Any) -> Status | None:
        """Do an action, with the items at these places alone; Locally is told, and its orders are fetched."""
        ids = tuple(self.items[place] for place in places)
        done = self.engine.act(1, Doing(act=act, line_ids=ids, **more), STAFF)
        assert done.trouble is None
        self.engine.deliver()
        assert {"sent"} == {one.told.state.value for one in self.engine.told(1)}
        self.poll()
        return done.status

    def poll(self) -> None:
        (result,) = self.engine.poll()
        assert result.trouble is None

    @property
    def unchanged(self) -> bool:
        """Whether nothing asks staff to look at what the webstore changed."""
        order = self.engine.order(self.hash)
        return not order.changed_after_sale and not order.reasons and self.engine.difference(1) is None


@pytest.fixture
def counter(sqlite_url: str, sandbox: Sandbox) -> Iterator[Counter]:
    made = Counter(sqlite_url, sandbox)
    made.connect()
    yield made
    made.engine.close()


@pytest.fixture
def paid(counter: Counter) -> Counter:
    counter.order("bopis")
    return counter


@pytest.fixture
def reserved(counter: Counter) -> Counter:
    counter.order("ropis")
    return counter


@pytest.mark.row("S17")
def test_accepting_one_item_and_rejecting_the_other(paid: Counter) -> None:
    assert Status.IN_PROCESS is paid.do(Act.ACCEPT, 0)

    assert ["partially_confirmed", "confirmed", "denied"] == paid.statuses
    assert "captured" == paid.believed["payment_status"]
    assert paid.unchanged
    assert PaymentState.CHARGED is paid.engine.payment(1)


@pytest.mark.row("S17")
def test_an_item_that_the_shopper_adds_is_decided_by_itself(reserved: Counter) -> None:
    """It is on the sale once that is made anew, and Locally hears of just that item."""
    reserved.do(Act.ACCEPT)
    items = reserved.believed["order"]["cart"]["items"]
    added = {**items[1], "id": items[1]["id"] + 1000, "status": "ordered"}
    reserved.sandbox.change(reserved.hash, cart={"items": [*items, added]})
    reserved.sandbox.change(reserved.hash, items=[{}])  # the totals follow
    reserved.poll()
    reserved.items.append(str(added["id"]))
    assert LineState.ADDED is reserved.engine.order(reserved.hash).lines[2].state

    reserved.do(Act.REMAKE_SALE)
    assert "ordered" == reserved.statuses[3]
    reserved.do(Act.ACCEPT, 2)

    assert ["confirmed"] * 3 == reserved.statuses[1:]
    assert reserved.unchanged


def test_an_item_is_rejected_first_and_the_rest_accepted_then(paid: Counter) -> None:
    assert Status.NEW is paid.do(Act.REJECT, 1)
    assert ["partially_confirmed", "ordered", "denied"] == paid.statuses
    assert paid.unchanged

    assert Status.IN_PROCESS is paid.do(Act.ACCEPT)
    assert ["partially_confirmed", "confirmed", "denied"] == paid.statuses
    assert paid.unchanged


@pytest.mark.row("S20")
def test_an_item_of_an_accepted_order_is_cancelled_and_the_refund_is_said_first(paid: Counter) -> None:
    paid.do(Act.ACCEPT)
    preview = paid.engine.preview_act(1, Doing(act=Act.CANCEL, line_ids=(paid.items[1],)))
    assert preview.consequences[0].en.startswith("locally has charged the customer")

    paid.do(Act.CANCEL, 1)

    assert ["partially_confirmed", "confirmed", "denied"] == paid.statuses
    assert paid.unchanged
    assert paid.engine.order(paid.hash).total == paid.engine.sale(1).total
    assert Status.COMPLETED is paid.do(Act.PICK_UP)


@pytest.mark.row("S23")
def test_a_paid_order_that_is_handed_over_is_picked_up_at_locally_too(paid: Counter) -> None:
    paid.do(Act.ACCEPT)

    assert Status.COMPLETED is paid.do(Act.PICK_UP)

    assert ["picked_up", "confirmed", "confirmed"] == paid.statuses
    assert not paid.engine.order(paid.hash).changed_after_sale
    assert PaymentState.RECORDED is paid.engine.payment(1)


@pytest.mark.row("S20")
def test_rejecting_the_whole_order_shows_no_change(paid: Counter) -> None:
    assert Status.REJECTED is paid.do(Act.REJECT)

    assert ["denied", "denied", "denied"] == paid.statuses
    order = paid.engine.order(paid.hash)
    assert (False, ()) == (order.changed_after_sale, order.reasons)
    assert "changed" not in {one.cause.value for one in paid.engine.messages()}
    assert "The webstore changed the order." not in {one.words.en for one in paid.engine.timeline(1)}
    assert PaymentState.RELEASED is paid.engine.payment(1)


@pytest.mark.row("S21")
@pytest.mark.row("S22")
def test_a_reservation_is_ready_in_parts_and_picked_up(reserved: Counter) -> None:
    reserved.do(Act.ACCEPT)
    reserved.do(Act.READY, 1)
    assert ["confirmed", "confirmed", "ready"] == reserved.statuses
    assert Status.READY_FOR_PICKUP is reserved.do(Act.READY, 0)
    assert ["ready", "ready", "ready"] == reserved.statuses
    assert reserved.unchanged

    cash = Payment(kind=PaymentKind.CASH, amount=reserved.engine.due_at_pick_up(1))
    assert Status.COMPLETED is reserved.do(Act.PICK_UP, payments=(cash,))

    assert "picked_up" == reserved.believed["status"]
    assert not reserved.engine.order(reserved.hash).changed_after_sale


def test_a_reservation_ends_with_what_is_left_of_it(reserved: Counter) -> None:
    reserved.do(Act.ACCEPT, 0)
    due = reserved.engine.due_at_pick_up(1)
    reserved.do(Act.PICK_UP, payments=(Payment(kind=PaymentKind.CASH, amount=due),))

    assert (Money(0, "KRW") < due, "picked_up") == (True, reserved.believed["status"])
    assert not reserved.engine.order(reserved.hash).changed_after_sale


@pytest.mark.row("S22")
def test_nobody_came_and_that_is_corrected_afterwards(reserved: Counter) -> None:
    reserved.do(Act.ACCEPT, 1)
    called = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)
    assert Status.COMPLETED is reserved.do(Act.NO_SHOW, contact=called)
    assert "not_picked_up" == reserved.believed["status"]
    assert (False, ()) == (
        reserved.engine.order(reserved.hash).changed_after_sale,
        reserved.engine.order(reserved.hash).reasons,
    )

    reserved.do(Act.RESOLVE, resolution=Resolution.PICKED_UP)

    assert "picked_up" == reserved.believed["status"]


def test_being_ready_is_undone_before_locally_hears_of_it(reserved: Counter) -> None:
    reserved.do(Act.ACCEPT)
    reserved.engine.act(1, Doing(act=Act.READY, line_ids=(reserved.items[0],)), STAFF)
    reserved.engine.undo(1, STAFF)
    reserved.engine.deliver()

    assert ["confirmed", "confirmed", "confirmed"] == reserved.statuses
