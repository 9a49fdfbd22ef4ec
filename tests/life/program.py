"""`tillbridge run --listen` as a process that can be killed: the command itself, on the day's clock."""

import json
import logging
import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from unittest.mock import patch

import tillbridge.engine
from crash.processes import Tell
from life.clock import SharedClock
from tillbridge.cli import working
from tillbridge.cli.running import run
from tillbridge.model.errors import TillbridgeError
from tillbridge.runtime.embedded import Runner

_BEAT: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the program works; can be sent to another process.

    Attributes:
        url: the database.
        key: for its secrets.
        folder: for the clock, the copies of what is sent, and what the program tells.
        port: where it takes webhooks.
    """

    url: str
    key: str
    folder: Path
    port: int

    @property
    def clock(self) -> Path:
        """The file of the day's clock."""
        return self.folder / "clock"

    @property
    def told(self) -> Path:
        """What every life of the program told, a line of JSON each."""
        return self.folder / "told.jsonl"

    def settle_in(self) -> None:
        """Let this process work there."""
        os.environ["TILLBRIDGE_KEY"] = self.key
        os.environ["TILLBRIDGE_FILES"] = str(self.folder / "sent")


class _Unforeseen(logging.Handler):
    """Writes down the errors that nobody foresaw: no service raises them."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, TillbridgeError):
            said = logging.Formatter().format(record)
            sys.stdout.write(json.dumps({"event": "unforeseen", "message": said}) + "\n")


def run_listening(place: Place, tell: Tell) -> None:
    """Run the command until it is killed or asked to end; tell that it begins, and its exit code."""
    place.settle_in()
    logging.getLogger("tillbridge").addHandler(_Unforeseen())
    with (
        place.told.open("a", buffering=1, encoding="utf-8") as told,
        patch.object(sys, "stdout", told),
        patch.object(tillbridge.engine, "SystemClock", lambda: SharedClock(place.clock)),
        patch.object(working, "Runner", partial(Runner, beat=_BEAT)),
    ):
        tell("began")
        tell(run(["run", "--listen", f"127.0.0.1:{place.port}", "--json", "--database", place.url]))


def unforeseen(place: Place) -> list[str]:
    """Return the errors that nobody foresaw."""
    lines = place.told.read_text("utf-8").splitlines() if place.told.exists() else []
    return [line for line in lines if '"unforeseen"' in line]
