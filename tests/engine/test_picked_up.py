"""A webstore hears that a paid order was handed over, once its sale is finished; not of a cancelled one."""

import pytest

from engine.tills import Till
from orders import order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.exchange import Said
from tillbridge.model.orders import OrderKind, Tender, TenderKind
from tillbridge.model.status import Act, Status

pytestmark = pytest.mark.row("S23")
CARD = Tender(kind=TenderKind.CARD, amount=won(50_000))
PAID = order("A1", kind=OrderKind.BOPIS, paid=True, tenders=(CARD,))
SAYS = "The webstore is told that the order was picked up."


def heard(till):
    till.engine.deliver()
    return [one.said for one in till.webstore.told]


@pytest.fixture
def make(database_url, clock):
    made = []

    def sold(web_order, **more):
        till = Till(database_url, clock, hears=frozenset(Said), **more)
        made.append(till)
        till.webstore.offer(web_order)
        till.engine.poll()
        return till

    yield sold
    for till in made:
        till.engine.close()


@pytest.fixture
def paid(make):
    till = make(PAID)
    for act in (Act.ACCEPT, Act.READY):
        till.engine.act(1, Doing(act=act), STAFF)
    till.engine.deliver()  # else the later one would take the place of the readiness
    return till


def test_a_paid_order_that_staff_hand_over_is_told_after_it_is_ready(paid):
    consequences = [one.en for one in paid.engine.preview_act(1, Doing(act=Act.PICK_UP)).consequences]
    paid.engine.act(1, Doing(act=Act.PICK_UP), STAFF)

    assert Status.COMPLETED is paid.engine.order("A1").status
    assert [Said.ACCEPTED, Said.READY, Said.PICKED_UP] == heard(paid)
    assert SAYS in consequences


def test_one_that_is_finished_at_the_till_undecided_is_accepted_and_picked_up(make):
    till = make(PAID)
    till.pos.finish_at_till(till.engine.sale(1).facts.sale_id)
    till.engine.tend_till()

    assert [Said.ACCEPTED, Said.PICKED_UP] == heard(till)


def test_a_paid_order_that_is_cancelled_was_not_picked_up(paid):
    previewed = [one.en for one in paid.engine.preview_act(1, Doing(act=Act.CANCEL)).consequences]
    paid.engine.act(1, Doing(act=Act.CANCEL), WITH_REASON)

    assert Said.PICKED_UP not in heard(paid)
    assert SAYS not in previewed


def test_a_parcel_is_not_picked_up(make):
    till = make(PAID.model_copy(update={"kind": OrderKind.SHIPPING}))
    till.pos.finish_at_till(till.engine.sale(1).facts.sale_id)
    till.engine.tend_till()

    assert [Said.ACCEPTED] == heard(till)
