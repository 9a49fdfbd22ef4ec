"""The model's steps in any sequence, over the real engine, a real database and the real point of sale.

Each run takes one order through whatever hypothesis thinks of: two workers stepped from point to point,
killed anywhere, their calls arriving late or never; staff, the till, a POS that refuses, a webstore that
fails. Then everything comes to rest, and nothing may be that the model forbids (`Scene.faults`).

The usual run is the same every time. `TILLBRIDGE_LONG=1` makes it long, and different each time.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from scene import (
    ORDER,
    OTHER,
    Scene,
    delivers,
    fetches,
    fetches_unclear,
    follows_till,
    polls,
    settles,
    web,
)
from stepping import LateCall, Worker
from tillbridge.db.states import OPEN_DELIVERIES
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import UNSOLD, Status

LONG = os.environ.get("TILLBRIDGE_LONG") == "1"
CONTENTS = "ABCX"
MOST_CONTENTS = 5
# What a worker has read before these it acts on after them: here it matters who comes first.
DECISIVE = (
    "before hook fetch_orders",
    "before hook fetch_order",
    "begin payloads",
    "begin settle",
    "before pos open_sales",
    "begin answers",
    "begin claim",
    "before hook push_status",
    "before pos change_sales",
    "begin receipt",
    "begin take over",
    "begin fetched again",
    "begin sales feed",
    "begin till",
)

CHOSEN = (Status.IN_PROCESS, Status.REJECTED, Status.PROCESS_SALE, Status.ARCHIVED)
# Where a run begins: the further on, the less of it goes by before anything can overtake anything.
OPENING_STEPS: dict[str, Callable[[Scene], object]] = {
    "refuse": lambda scene: scene.till.refuse_next(),
    "poll": lambda scene: scene.do(polls),
    "change": lambda scene: scene.offer("B"),
    "accept": lambda scene: scene.staff(Status.IN_PROCESS),
    "reject": lambda scene: scene.staff(Status.REJECTED),
    "process": lambda scene: _if_allowed(lambda: scene.staff(Status.PROCESS_SALE)),
}
OPENINGS: tuple[tuple[str, ...], ...] = (
    (),
    ("poll",),
    ("poll", "process"),
    ("refuse", "poll", "process"),
    ("poll", "accept"),
    ("poll", "reject"),
    ("poll", "change", "poll", "process"),
    ("poll", "accept", "change", "poll"),
)


def _if_allowed(act: Callable[[], object]) -> None:
    with suppress(NotAllowed):
        act()


class OrderProtocol(RuleBasedStateMachine):
    """One order's life; see the module."""

    new_scene: ClassVar[Any]
    wanted: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.scene: Scene | None = None
        self.died_at: dict[LateCall, float] = {}

    @initialize(
        matched=st.booleans(), dated=st.booleans(), lock=st.booleans(), opening=st.sampled_from(OPENINGS)
    )
    def begin_scene(self, matched: bool, dated: bool, lock: bool, opening: tuple[str, ...]) -> None:  # noqa: FBT001  # drawn by name
        made: AbstractContextManager[Scene] = type(self).new_scene(
            matched=matched, dated=dated, lock=lock, **self.wanted
        )
        self.scene = self.open.enter_context(made)
        self.scene.offer("A")
        self.life = web(self.scene.engine).call_deadline
        for step in opening:
            OPENING_STEPS[step](self.scene)

    @property
    def shop(self) -> Scene:
        assert self.scene is not None
        return self.scene

    @property
    def known(self) -> bool:
        return self.shop.find_row() is not None

    # The webstore

    @precondition(lambda self: len(self.shop.offered) < MOST_CONTENTS)
    @rule(content=st.sampled_from(CONTENTS))
    def webstore_changes(self, content: str) -> None:
        self.shop.offer(content)

    # Workers

    @precondition(lambda self: self.idle)
    @rule(data=st.data())
    def does(self, data: st.DataObject) -> None:
        """A worker that nobody overtakes."""
        self.shop.do(data.draw(st.sampled_from(self._useful())))

    @precondition(lambda self: self.idle)
    @rule(data=st.data(), times=st.integers(1, 3))
    def worker_begins(self, data: st.DataObject, times: int) -> None:
        worker = self.idle[0]
        self.shop.start(worker, data.draw(st.sampled_from(self._useful())))
        self._run(worker, times - (worker.at in DECISIVE))

    @precondition(lambda self: self.busy)
    @rule(data=st.data(), times=st.integers(1, 4))
    def worker_goes_on(self, data: st.DataObject, times: int) -> None:
        self._run(data.draw(st.sampled_from(self.busy)), times)

    @precondition(lambda self: self.busy)
    @rule(data=st.data())
    def worker_goes_to_the_next_point(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.busy)).step()

    @precondition(lambda self: self.busy)
    @rule(data=st.data())
    def worker_dies(self, data: st.DataObject) -> None:
        """In the call that it makes, if it is at one: the call may still arrive."""
        worker = data.draw(st.sampled_from(self.busy))
        if worker.calling and data.draw(st.booleans()):
            self.died_at[worker.die_calling()] = self.shop.clock.monotonic()
        else:
            worker.kill()

    @precondition(lambda self: self.shop.stage.late)
    @rule()
    def late_call_arrives(self) -> None:
        late = self.shop.stage.late[0]
        waited = self.shop.clock.monotonic() - self.died_at[late]
        if late.what.endswith("webstore") and waited >= self.life:
            self.shop.stage.late.remove(late)
        else:
            self.shop.arrive(late)

    # Staff and the till

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def staff_or_the_till_act(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(self._acts()))
        with suppress(NotAllowed):
            act()

    @rule(what=st.sampled_from(["till refuses", "fail_next", "lose_next", "refuse_next", 31.0, 1000.0]))
    def something_goes_wrong_or_time_passes(self, what: str | float) -> None:
        if isinstance(what, float):
            self.shop.clock.advance(what)
        elif what == "till refuses":
            self.shop.till.refuse_next()
        else:
            setattr(self.shop.webstore, what, True)

    # What must hold

    @invariant()
    def nothing_is_that_must_never_be(self) -> None:
        if self.scene is None:
            return
        for worker in self.scene.stage.workers:
            if worker.error is not None:
                raise worker.error
        assert [] == self.scene.faults_at_once()

    def teardown(self) -> None:
        with self.open:
            if self.scene is not None:
                self.scene.assert_sound()

    @property
    def idle(self) -> list[Worker]:
        return [worker for worker in self.shop.stage.workers if worker.idle]

    @property
    def busy(self) -> list[Worker]:
        return [worker for worker in self.shop.stage.workers if not worker.idle]

    def _acts(self) -> list[Any]:
        """Return what staff and the till can do now."""
        shop, row = self.shop, self.shop.row
        # Archiving what is decided and done with is no part of the model.
        left_out = () if row.status in UNSOLD else (Status.ARCHIVED,)
        choices = [one for one in shop.engine.order(ORDER).choices if one in CHOSEN and one not in left_out]
        acts: list[Callable[[], object]] = [partial(shop.staff, asked) for asked in choices]
        acts.append(shop.finish_at_till)
        if row.undo:
            acts += [shop.undo, shop.undo]
        unsold = row.status in UNSOLD and row.sale_id is None and not shop.unanswered
        if unsold and row.customer_evidence and not shop.linked:
            acts.append(partial(shop.relink, OTHER))
        return acts

    def _useful(self) -> list[Any]:
        """Return the calls that may find something to do; any worker may make any at any time."""
        row = self.shop.find_row()
        if row is None:
            return [polls, settles, fetches]
        found = [polls, fetches, settles]
        if row.status == Status.PROCESS_SALE or self.shop.unanswered:
            found += [settles] * 3
        if any(one.state in OPEN_DELIVERIES for one in self.shop.deliveries()):
            found += [delivers] * 3
        if row.fetch_again:
            found.append(fetches_unclear)
        if row.sale_id:
            found.append(follows_till)
        return found

    @staticmethod
    def _run(worker: Worker, times: int) -> None:
        """Go on until a decisive point was reached so many times, or to the end."""
        while times > 0 and not worker.idle:
            worker.step()
            times -= worker.at in DECISIVE


def run(fresh_scene: Any, examples: int, **wanted: Any) -> None:
    machine = type(
        "OrderProtocol", (OrderProtocol,), {"new_scene": staticmethod(fresh_scene), "wanted": wanted}
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples * 400 if LONG else examples,
            stateful_step_count=60 if LONG else 30,
            derandomize=not LONG,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.slow
@pytest.mark.timeout(36_000 if LONG else 600)
@pytest.mark.parametrize("embedded", [True, False], ids=["embedded POS", "POS in memory"])
def test_whatever_happens_the_order_ends_well(fresh_scene, database_kind, embedded):
    run(fresh_scene, {"sqlite": 16, "postgresql": 4}[database_kind], embedded=embedded)
