"""Runs engine calls in threads that stop at every named point, so that a test decides who goes on.

A point is a transaction about to begin or just committed, and a call to the POS or to a hook about to
be made or just answered. A worker can be killed where it stands: it ends as a dead process would, its
transaction rolled back and its locks free, and the call that it was making may still arrive afterwards:
what the other side does goes through `Stage.call`, which keeps the call of one that dies in it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

_LONG = 20.0
# Behind these points stands a call to another world, which can outlive its caller.
CALLS = {
    "before pos open_sales": "pos",
    "before pos change_sales": "pos",
    "before hook push_status": "webstore",
}
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class LateCall:
    """A dead worker's call that has not arrived yet."""

    what: str
    arrive: Callable[[], object]


class Killed(BaseException):
    """Ends a worker's thread at the point where it stands."""


@dataclass
class Worker:
    """One worker's thread, standing at a point, or idle."""

    name: str
    stage: "Stage"
    at: str | None = None
    result: object = None
    error: BaseException | None = None
    _go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _stopped: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _thread: threading.Thread | None = None
    _kill: bool = False
    _dies_calling: bool = False

    @property
    def idle(self) -> bool:
        return self._thread is None

    def start(self, call: Callable[[], object]) -> str | None:
        """Begin a call and run it to its first point; return the point, or None if it is done."""
        assert self.idle
        self._kill, self._dies_calling, self.error, self.result = False, False, None, None
        self._thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self._thread.start()
        return self._wait()

    def step(self) -> str | None:
        """Go on to the next point; return it, or None if the call is done."""
        assert not self.idle
        self._go.release()
        return self._wait()

    def run_to(self, *points: str) -> str:
        """Go on until one of `points` is reached; the call must reach it."""
        while self.at not in points:
            assert self.step() is not None, f"{self.name} never came to any of {points}"
        return self.at

    def finish(self) -> object:
        """Go on to the end of the call; return its result or raise its error."""
        while not self.idle:
            self.step()
        if self.error is not None:
            raise self.error
        return self.result

    def kill(self) -> str | None:
        """Die at the point where it stands; return the point."""
        where = self.at
        if not self.idle:
            self._kill = True
            self.step()
        return where

    @property
    def calling(self) -> bool:
        """Whether its next step is a call that can outlive it."""
        return self.at in CALLS

    def die_calling(self) -> LateCall:
        """Die in the call that it is about to make; return the call, which may arrive later or never."""
        assert self.calling, f"{self.name} stands at {self.at!r}"
        self._dies_calling = True
        before = len(self.stage.late)
        self.step()
        assert self.idle
        assert len(self.stage.late) == before + 1
        return self.stage.late[-1]

    def _run(self, call: Callable[[], object]) -> None:
        self.stage.local.worker = self
        try:
            self.result = call()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001  # handed to the test by finish()
            self.error = error
        self.at = None
        self._thread = None
        self._stopped.release()

    def _wait(self) -> str | None:
        assert self._stopped.acquire(timeout=_LONG), f"{self.name} hangs after {self.at!r}"
        return self.at

    def stop_at(self, point: str) -> None:
        """Stand at a point until the test lets it go on (called in the worker's thread)."""
        self.at = point
        self._stopped.release()
        self._go.acquire()
        if self._kill:
            raise Killed


class Stage:
    """Holds the workers; its `probe` goes into the engine's options."""

    def __init__(self, skip: Callable[[str], bool] = lambda point: point.startswith("before commit")) -> None:
        # A worker that stands inside a transaction would only block the others: skip those points.
        self.local = threading.local()
        self._skip = skip
        self.workers: list[Worker] = []
        self.late: list[LateCall] = []

    def worker(self, name: str) -> Worker:
        worker = Worker(name, self)
        self.workers.append(worker)
        return worker

    def probe(self, point: str) -> None:
        worker = getattr(self.local, "worker", None)
        if worker is not None and not self._skip(point):
            if worker._kill:
                raise Killed
            worker.stop_at(point)

    def call(self, what: str, make: Callable[[], Answer]) -> Answer:
        """Make a call to another world, or keep it if its caller dies in it."""
        worker = getattr(self.local, "worker", None)
        if worker is not None and worker._dies_calling:
            worker._dies_calling, worker._kill = False, True
            self.late.append(LateCall(what, make))
            raise Killed
        return make()

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
