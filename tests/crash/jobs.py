"""What the worker processes run; in a module, since a process is told a function by its name."""

import os
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Event

from crash.outside import HurriedClock
from crash.processes import Tell
from crash.shops import KEY, Place, Probe, open_engine
from crash.story import run_days
from crash.street import decide_some
from tillbridge.db.database import Database
from tillbridge.db.locks import Locks
from tillbridge.engine import Engine, Options

A_WHILE = 3600.0
_ROUNDS = 3
# Between two rounds of a worker that has nothing else to do; without it, it would only heat the machine.
_BREATH = 0.01


class _Killer:
    """A probe that kills its own process at a point, counted from 1."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self, _: str) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def run_through(place: Place, probe: Probe, step: Callable[[int], bool] = lambda _: False) -> None:
    """Run the days to their end; the probe hears every point that is passed, and `step` every step."""
    engine, webstore = open_engine(place, probe)
    with engine:
        run_days(engine, webstore, step)


def live_through(place: Place, tell: Tell) -> None:
    """Run the days to their end; tell every point that was passed."""
    points: list[str] = []
    run_through(place, points.append)
    tell(points)


def finish_up(place: Place, well: Callable[[int], bool] = lambda _: False) -> None:
    """Run what is left of the days; then once more when the calls of whoever died can no longer arrive.

    `well` may end it after a step; see `run_days`.
    """
    engine, webstore = open_engine(place)
    with engine:
        if run_days(engine, webstore, well):
            return
        # What a dead worker had claimed is waited for from when its death was found (rule 7).
        engine.context.clock.sleep(A_WHILE)
        engine.tick()


def die_at(place: Place, point: int, tell: Tell) -> None:
    """Run the days and be killed at a point."""
    engine, webstore = open_engine(place, _Killer(point))
    with engine:
        run_days(engine, webstore)


def work_beside(place: Place, over: Event, tell: Tell) -> None:
    """Do what is due, again and again, until it is over; tell when the first round is done."""
    engine, _ = open_engine(place)
    with engine:
        engine.tick()
        tell("began")
        while not over.wait(_BREATH):
            engine.tick()


def hold(url: str, name: str, tell: Tell) -> None:
    """Hold a lock, and tell so, until killed."""
    with Locks(Database(url)).attempt(name) as got:
        tell(got)
        signal.pause()


def poll_once(place: Place, start: Event, tell: Tell) -> None:
    """Poll once when the start is given; tell that it is ready, and what it did."""
    engine, _ = open_engine(place, page_size=25)
    with engine:
        tell("ready")
        start.wait()
        (result,) = engine.poll()
        engine.settle()
        tell((result.fetched, result.trouble))


def serve_locally(place: Place, tell: Tell) -> None:
    """Serve the shop at Locally, and decide as staff do, until killed; tell when it begins."""
    with _locally_engine(place) as engine:
        tell("began")
        while True:
            engine.tick()
            decide_some(engine)


def clear_up(place: Place, tell: Tell) -> None:
    """Do all that is left, and what falls due later; then tell which orders changed after their sale."""
    with _locally_engine(place) as engine:
        engine.tick()
        decide_some(engine)
        for _ in range(_ROUNDS):
            engine.context.clock.sleep(A_WHILE)
            engine.tick()
        tell([one.webstore_id for one in engine.orders() if one.changed_after_sale])


def _locally_engine(place: Place) -> Engine:
    options = Options(clock=HurriedClock(place.ahead), key=KEY, lock_connections=place.lock)
    return Engine(place.url, options)
