"""What every use case works with, put together once by the engine."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tillbridge.clock import Clock
from tillbridge.db.database import Database
from tillbridge.db.locks import Locks
from tillbridge.events import Turn
from tillbridge.http import KeptInMemory
from tillbridge.plugins import Plugins
from tillbridge.pos.contract import PointOfSale
from tillbridge.secrets import SecretBox


@dataclass(frozen=True, kw_only=True)
class Context:
    """The engine's parts.

    Attributes:
        pos: never called inside a transaction of `database`.
        lock_connections: off only in tests: the connection lock saves work, it is not the safety.
        fetch_ahead: whether the next page is fetched while one is written; off where a test decides which
            thread does what.
        stopping: set while the program ends: a poll ends after the page at hand.
        listeners: hear, from any thread, of what stops working and of what works again.
        unkept: what connections keep while they are tried, by their owner; see `kept`.
        probe: called with a point's name before and after each commit, POS call and hook.
    """

    database: Database
    locks: Locks
    pos: PointOfSale
    plugins: Plugins
    clock: Clock
    secrets: SecretBox
    lock_connections: bool = True
    fetch_ahead: bool = True
    stopping: threading.Event = field(default_factory=threading.Event)
    listeners: list[Callable[[Turn], None]] = field(default_factory=list)
    unkept: dict[str, KeptInMemory] = field(default_factory=dict, repr=False)
    probe: Callable[[str], None] = field(default=lambda _: None, repr=False)
