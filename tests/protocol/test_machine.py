"""The model's steps in any sequence, over the real engine, a real database and the real point of sale.

Each run takes one order through whatever hypothesis thinks of: two workers stepped from point to point,
killed anywhere, their calls arriving late or never; staff, the till, a POS that refuses, a webstore that
fails. Then everything comes to rest, and nothing may be that the model forbids (`Scene.faults`).

The usual run is the same every time. `TILLBRIDGE_LONG=1` makes it long, and different each time.
"""

import os
from contextlib import AbstractContextManager, ExitStack, suppress
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
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import FAILED, UNSOLD, Status

LONG = os.environ.get("TILLBRIDGE_LONG") == "1"
CONTENTS = "ABCX"
MOST_CONTENTS = 5
workers = st.integers(0, 1)
calls = st.sampled_from([polls, settles, fetches, fetches_unclear, delivers, follows_till])
points = st.integers(0, 24)


class OrderProtocol(RuleBasedStateMachine):
    """One order's life; see the module."""

    new_scene: ClassVar[Any]
    wanted: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.scene: Scene | None = None
        self.died_at: dict[LateCall, float] = {}

    @initialize(matched=st.booleans(), dated=st.booleans(), lock=st.booleans())
    def begin_scene(self, matched: bool, dated: bool, lock: bool) -> None:  # noqa: FBT001  # drawn by name
        made: AbstractContextManager[Scene] = type(self).new_scene(
            matched=matched, dated=dated, lock=lock, **self.wanted
        )
        self.scene = self.open.enter_context(made)
        self.scene.offer("A")
        self.life = web(self.scene.engine).call_deadline

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

    @rule(how=st.sampled_from(["fail_next", "lose_next", "refuse_next"]))
    def webstore_has_a_bad_moment(self, how: str) -> None:
        setattr(self.shop.webstore, how, True)

    # Workers

    @rule(call=calls)
    def does(self, call: Any) -> None:
        """A worker that nobody overtakes."""
        self.shop.do(call)

    @rule(number=workers, call=calls, steps=points)
    def worker_begins(self, number: int, call: Any, steps: int) -> None:
        worker = self._worker(number)
        if worker.idle:
            self.shop.start(worker, call)
            self._step(worker, steps)

    @rule(number=workers, steps=points)
    def worker_goes_on(self, number: int, steps: int) -> None:
        self._step(self._worker(number), steps + 1)

    @rule(number=workers)
    def worker_dies(self, number: int) -> None:
        self._worker(number).kill()

    @precondition(lambda self: any(worker.calling for worker in self.shop.stage.workers))
    @rule()
    def worker_dies_calling(self) -> None:
        worker = next(one for one in self.shop.stage.workers if one.calling)
        late = worker.die_calling()
        self.died_at[late] = self.shop.clock.monotonic()

    @precondition(lambda self: self.shop.stage.late)
    @rule()
    def late_call_arrives(self) -> None:
        late = self.shop.stage.late[0]
        waited = self.shop.clock.monotonic() - self.died_at[late]
        if late.what.endswith("webstore") and waited >= self.life:
            self.shop.stage.late.remove(late)
        else:
            self.shop.arrive(late)

    @precondition(lambda self: self.shop.stage.late)
    @rule()
    def late_call_is_lost(self) -> None:
        self.shop.stage.late.pop()

    # Staff and the till

    @precondition(lambda self: self.known)
    @rule(asked=st.sampled_from([Status.IN_PROCESS, Status.REJECTED]))
    def staff_decide(self, asked: Status) -> None:
        with suppress(NotAllowed):
            self.shop.staff(asked)

    @precondition(
        lambda self: self.known and self.shop.row.status in (*FAILED, Status.NEW, Status.IN_PROCESS)
    )
    @rule()
    def staff_process_the_sale_or_make_it_anew(self) -> None:
        with suppress(NotAllowed):
            self.shop.staff(Status.PROCESS_SALE)

    @precondition(lambda self: self.known and self.shop.row.status in UNSOLD)
    @rule()
    def staff_archive(self) -> None:
        with suppress(NotAllowed):
            self.shop.staff(Status.ARCHIVED)

    @precondition(lambda self: self.known and self.shop.row.undo)
    @rule()
    def staff_undo(self) -> None:
        self.shop.undo()

    @precondition(lambda self: self.known and self.shop.row.status in UNSOLD and not self.shop.linked)
    @rule()
    def staff_link_another_product(self) -> None:
        row = self.shop.row
        if row.sale_id is None and row.customer_evidence and not self.shop.unanswered:
            self.shop.relink(OTHER)

    @precondition(lambda self: self.known)
    @rule()
    def till_finishes_the_sale(self) -> None:
        self.shop.finish_at_till()

    @rule()
    def till_refuses_once(self) -> None:
        self.shop.till.refuse_next()

    @rule(seconds=st.sampled_from([1.0, 31.0, 1000.0]))
    def time_passes(self, seconds: float) -> None:
        self.shop.clock.advance(seconds)

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

    def _worker(self, number: int) -> Worker:
        return self.shop.stage.workers[number]

    @staticmethod
    def _step(worker: Worker, steps: int) -> None:
        for _ in range(steps):
            if worker.idle:
                return
            worker.step()


def run(fresh_scene: Any, examples: int, **wanted: Any) -> None:
    machine = type(
        "OrderProtocol", (OrderProtocol,), {"new_scene": staticmethod(fresh_scene), "wanted": wanted}
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples * 100 if LONG else examples,
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
    run(fresh_scene, {"sqlite": 50, "postgresql": 12}[database_kind], embedded=embedded)
