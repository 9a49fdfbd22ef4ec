"""Workers as real processes that can be killed; the only module of these tests that waits for anything.

They are forked by a server that has the engine imported already, so one costs milliseconds, not a second.
"""

import multiprocessing
import signal
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, NamedTuple, Self

from databases import hurried

_PATIENCE = 60.0
_MOMENT = 0.005
_SERVER = multiprocessing.get_context("forkserver")
# An import that fails in the server is passed over in silence: these are installed, so none does.
_SERVER.set_forkserver_preload(
    [
        "psycopg",
        "sqlalchemy.dialects.postgresql.psycopg",
        "sqlalchemy.dialects.sqlite.pysqlite",
        "tillbridge.api.serving",
        "tillbridge.cli.working",
        "tillbridge.engine",
        "tillbridge.pos.embedded",
        "tillbridge.testing.webstore",
        "tillbridge_locally",
    ]
)

KILLED = -signal.SIGKILL
Tell = Callable[[Any], None]
Job = Callable[..., None]


class _Failed(NamedTuple):
    """What a worker tells last if it ends by an error."""

    trace: str


class Worker:
    """One process that runs `job(*arguments, tell)`; the block's end kills it if it is still there.

    Args:
        job: a function of a module; its last parameter is a function that tells the test something.
        arguments: whatever can be pickled.
    """

    def __init__(self, job: Job, *arguments: Any) -> None:
        self._ear, mouth = _SERVER.Pipe(duplex=False)
        self._process = _SERVER.Process(target=_run, args=(job, arguments, mouth), daemon=True)
        self._process.start()
        mouth.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join(_PATIENCE)
        self._ear.close()

    def hear(self) -> Any:
        """Wait for the next thing that it tells; raises EOFError when it has ended."""
        assert self._ear.poll(_PATIENCE), "the worker says nothing"
        message = self._ear.recv()
        assert not isinstance(message, _Failed), message.trace
        return message

    def kill_after(self, seconds: float) -> None:
        """Let it live that long, and kill it where it stands; it must not have ended before."""
        self._process.join(seconds)
        self._process.kill()
        assert KILLED == self.end()

    def end(self) -> int:
        """Wait for its end, whatever it still tells; return its exit code."""
        self.rest()
        self._process.join(_PATIENCE)
        assert self._process.exitcode is not None, "the worker hangs"
        return self._process.exitcode

    def rest(self) -> list[Any]:
        """Hear everything to its end."""
        heard = []
        try:
            while True:
                heard.append(self.hear())
        except (EOFError, ConnectionResetError):
            return heard


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds that another process brings about in its own time."""
    assert comes_about(holds, _PATIENCE, _MOMENT), "it never came about"


def comes_about(holds: Callable[[], bool], patience: float, moment: float) -> bool:
    """Wait until something holds, or for so many seconds at most; return whether it holds.

    Args:
        holds: is asked again and again.
        patience: for how long, in seconds.
        moment: seconds between two times.
    """
    late = time.monotonic() + patience
    while not holds():
        if time.monotonic() >= late:
            return False
        time.sleep(moment)
    return True


def event() -> Event:
    """Return something that one process sets and others see."""
    return _SERVER.Event()


def run(job: Job, *arguments: Any) -> list[Any]:
    """Run a worker to its good end; return what it told."""
    with Worker(job, *arguments) as worker:
        told = worker.rest()
        assert 0 == worker.end()
        return told


def _run(job: Job, arguments: tuple[Any, ...], mouth: Connection) -> None:
    try:
        with hurried():
            job(*arguments, mouth.send)
    except BaseException:
        mouth.send(_Failed(traceback.format_exc()))
        raise
