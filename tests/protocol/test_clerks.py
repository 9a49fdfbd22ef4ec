"""Clerks, policies and the webstore that act on one order at the same moment: one wins, the other is told.

Everybody has looked at the order as it was; whatever the first has read, the second has changed since.
"""

from typing import Any

import pytest

from orders import HELMET, line
from protocol.test_races import ends_well_wherever_it_stops, sold
from scene import ORDER, Scene, fetches, polls
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind

FIRST, SECOND = Signature("민수", "품절"), Signature("지은", "고객 변심")
CALLED = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)
CASH = Payment(kind=PaymentKind.CASH, amount=line(gtin=HELMET).amount.gross)


class Clerks:
    """Two clerks who have both looked at the order as it is now.

    Attributes:
        refused: what each who was refused was told.
    """

    def __init__(self, scene: Scene) -> None:
        self.seen = scene.row.revision
        self.number = scene.row.id
        self.refused: dict[str, str] = {}

    def act(self, engine: Any, act: Act, signature: Signature) -> None:
        payments = (CASH,) if act is Act.PICK_UP else ()
        contact = CALLED if act is Act.NO_SHOW else None
        wanted = Doing(act=act, seen=self.seen, payments=payments, contact=contact)
        try:
            engine.act(self.number, wanted, signature)
        except NotAllowed as refused:
            self.refused[signature.who] = refused.words.en


def reserved(scene: Scene) -> None:
    """Sold, accepted, and kept open for its customer."""
    sold(scene)
    scene.engine.act(scene.row.id, Doing(act=Act.RESERVE), Signature("민수"))
    scene.engine.deliver()


@pytest.mark.row("S20")
@pytest.mark.parametrize("stop", ["begin staff", "after commit staff"])
@pytest.mark.parametrize(
    ("prepare", "one", "two"),
    [
        (sold, Act.ACCEPT, Act.REJECT),
        (sold, Act.CANCEL, Act.RESERVE),
        (reserved, Act.PICK_UP, Act.CANCEL),
        (reserved, Act.READY, Act.NO_SHOW),
    ],
    ids=lambda value: getattr(value, "name", value.__name__ if callable(value) else None),
)
def test_of_two_clerks_one_wins_and_the_other_is_told_what_happened(make_scene, prepare, one, two, stop):
    """The first stops before its act is committed, and the second wins; or after it, and the first does."""
    scene = make_scene(embedded=True)
    prepare(scene)
    clerks = Clerks(scene)
    scene.start(scene.one, lambda engine: clerks.act(engine, one, FIRST))
    scene.one.run_to(stop)
    clerks.act(scene.engine, two, SECOND)
    scene.one.finish()

    scene.assert_sound()
    loser, winner = ("민수", "지은") if stop == "begin staff" else ("지은", "민수")
    ((told, said),) = clerks.refused.items()
    assert loser == told
    assert said.startswith(f"The order was changed meanwhile; look at it again ({winner}: ")


@pytest.mark.row("S17")
def test_accepting_is_overtaken_by_a_cancellation_at_the_webstore(fresh_scene):
    """Accepted, it is left to staff; cancelled first, the sale is taken back."""

    def accepts(engine: Any) -> None:
        with_status(engine, Status.IN_PROCESS)

    ends_well_wherever_it_stops(fresh_scene, sold, accepts, cancels, embedded=True)


@pytest.mark.row("S17")
def test_a_cancellation_at_the_webstore_is_overtaken_by_an_acceptance(fresh_scene):
    def cancelled(scene: Scene) -> None:
        sold(scene)
        scene.offer("X")

    ended = ends_well_wherever_it_stops(
        fresh_scene,
        cancelled,
        polls,
        lambda scene: with_status(scene.engine, Status.IN_PROCESS),
        every=3,
        embedded=True,
    )

    assert ended


def test_rejecting_is_overtaken_by_a_cancellation_at_the_webstore(fresh_scene):
    def rejects(engine: Any) -> None:
        with_status(engine, Status.REJECTED)

    ends_well_wherever_it_stops(fresh_scene, sold, rejects, cancels, every=2, embedded=True)


def with_status(engine: Any, asked: Status) -> None:
    """Let a clerk choose a status as the order is now; what is refused changes nothing."""
    try:
        engine.set_status(engine.order(ORDER).id, asked, FIRST)
    except NotAllowed:
        return


def cancels(scene: Scene) -> None:
    scene.offer("X")
    scene.do(fetches)
    scene.do(polls)
