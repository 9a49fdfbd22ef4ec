"""Whoever is refused is told who was first, also where they had not said what they saw."""

import pytest

from orders import order, won
from shop import STAFF, WITH_REASON
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind

MINSU = Signature("민수", "품절")


@pytest.fixture
def sold(till):
    till.webstore.offer(order("A1"))
    till.engine.poll()
    return till


def refusal(call):
    with pytest.raises(NotAllowed) as refused:
        call()
    return refused.value.words


def accept(till):
    till.engine.act(1, Doing(act=Act.ACCEPT), STAFF)


def test_the_second_to_accept_reads_who_did(sold):
    sold.engine.act(1, Doing(act=Act.ACCEPT), MINSU)
    said = refusal(lambda: accept(sold))

    assert said.en.endswith("Just before, 민수: accept: 품절.")
    assert said.ko.endswith("바로 전 작업(민수): 수락: 품절.")


def test_so_does_who_sets_a_status_undoes_or_changes_the_sale(sold):
    sold.engine.act(1, Doing(act=Act.REJECT), MINSU)
    calls = (
        lambda: sold.engine.set_status(1, Status.IN_PROCESS, STAFF),
        lambda: sold.engine.undo(1, STAFF),
        lambda: sold.engine.pay(1, Payment(kind=PaymentKind.CASH, amount=won(1_000)), STAFF),
    )

    assert [True] * 3 == ["Just before, 민수: reject: 품절." in refusal(call).en for call in calls]


def test_what_was_done_longer_ago_or_by_oneself_is_not_said(sold):
    accept(sold)
    assert "Just before" not in refusal(lambda: accept(sold)).en
    sold.engine.act(1, Doing(act=Act.READY), MINSU)
    sold.clock.advance(700)

    assert "Just before" not in refusal(lambda: accept(sold)).en


def test_who_was_first_is_said_once(sold):
    seen = sold.engine.preview_act(1, Doing(act=Act.ACCEPT)).revision
    sold.engine.act(1, Doing(act=Act.ACCEPT), MINSU)

    said = refusal(lambda: sold.engine.act(1, Doing(act=Act.ACCEPT, seen=seen), WITH_REASON))
    assert 1 == said.en.count("민수")
