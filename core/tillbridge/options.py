"""What a host may put in the place of the engine's usual parts."""

from collections.abc import Callable
from dataclasses import dataclass

from tillbridge.clock import Clock
from tillbridge.plugins import Plugins
from tillbridge.pos.contract import PointOfSale


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a host may put in the place of the usual parts; tests do.

    Attributes:
        pos: the host's own point of sale; None for the embedded one in the same database.
        plugins: loaded plugins; None for those that are installed.
        clock: the time.
        key: the key for secrets; None for the one of the environment or the key file.
        lock_connections: the connection lock saves work and is not the safety; tests switch it off.
        fetch_ahead: the next page is fetched in a thread of its own while one is written; tests that step
            from point to point switch it off.
        probe: hears the name of each point before and after a commit, POS call or hook.
    """

    pos: PointOfSale | None = None
    plugins: Plugins | None = None
    clock: Clock | None = None
    key: str | None = None
    lock_connections: bool = True
    fetch_ahead: bool = True
    probe: Callable[[str], None] = lambda _: None
