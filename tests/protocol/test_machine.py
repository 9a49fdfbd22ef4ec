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
from tillbridge.db.states import OPEN_DELIVERIES
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import FAILED, UNSOLD, Status

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

    def _useful(self) -> list[Any]:
        """Return the calls that may find something to do; any worker may make any at any time."""
        row = self.shop.find_row()
        if row is None:
            return [polls, settles, fetches]
        found = [polls, settles, fetches]
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
