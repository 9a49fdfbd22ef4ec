"""What the checks share: where to look, and what earlier checks have found there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from tillbridge.clock import Clock, SystemClock
from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata
from tillbridge.db.types import AnyRow
from tillbridge.engine import Options
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.plugins import Plugins
from tillbridge.pos.contract import PointOfSale
from tillbridge.secrets import SecretBox

_SHORTEST_SECRET = 4  # a shorter one would be starred in the middle of words


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From when on something is worth saying, and how long a check may take.

    Attributes:
        check_seconds: for one check as a whole.
        call_seconds: for one webstore's answer.
        statement_seconds: for one question to the database.
        connect_seconds: for a connection to the database, and for another program's lock.
        little_space: bytes free on a disk, below which a person should look.
        no_space: bytes free, below which nothing can be relied on.
        few_files: files that can still be made on a disk.
        skew: how far two clocks may differ.
        grave_skew: how far they differ where orders are missed.
        patience: how long something may wait before it is said to.
    """

    check_seconds: float = 40.0
    call_seconds: float = 15.0
    statement_seconds: float = 15.0
    connect_seconds: float = 4.0
    little_space: int = 1 << 30
    no_space: int = 50 << 20
    few_files: int = 1000
    skew: timedelta = timedelta(minutes=1)
    grave_skew: timedelta = timedelta(minutes=10)
    patience: timedelta = timedelta(minutes=15)


class UncheckedError(Exception):
    """A check cannot be made; `words` says why, in a few words."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(kw_only=True)
class Site:
    """Where the doctor looks. Each check adds what it finds, for those that come after it.

    Attributes:
        url: the database.
        options: the host's own parts.
        live: whether webstores are asked.
        database: None until it was read.
        current: whether the schema is this program's.
        plugins: None until they were loaded.
        pos: None until it can be asked.
        stores: what the POS answered; None until it has.
        box: what opens the stored secrets, or None.
        sealed: names of connections whose secrets cannot be opened.
        ahead: by connection, how far its service's clock is ahead.
        private: what no sentence may show.
    """

    url: str
    options: Options = field(default_factory=Options)
    live: bool = True
    limits: Limits = field(default_factory=Limits)
    database: Database | None = None
    current: bool = False
    plugins: Plugins | None = None
    pos: PointOfSale | None = None
    stores: Sequence[Store] | None = None
    box: SecretBox | None = None
    sealed: set[str] = field(default_factory=set)
    ahead: dict[str, timedelta] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.options.clock or SystemClock()

    @property
    def embedded(self) -> bool:
        """Whether the built-in point of sale is used."""
        return self.options.pos is None

    def readable(self) -> Database:
        """Return the database.

        Raises:
            UncheckedError: it cannot be read.
        """
        if self.database is None:
            raise UncheckedError(_NEEDS_DATABASE)
        return self.database

    def ready(self) -> Database:
        """Return the database, where its schema is this program's.

        Raises:
            UncheckedError: it is not, or cannot be read.
        """
        database = self.readable()
        if not self.current:
            raise UncheckedError(_NEEDS_SCHEMA)
        return database

    def loaded(self) -> Plugins:
        """Return the plugins.

        Raises:
            UncheckedError: they could not be loaded.
        """
        if self.plugins is None:
            raise UncheckedError(_NEEDS_PLUGINS)
        return self.plugins

    def connections(self) -> Sequence[AnyRow]:
        """Return the stored connections.

        Raises:
            UncheckedError: they cannot be read.
        """
        with self.ready().read() as reading:
            return reading.execute(select(tables.connections).order_by(tables.connections.c.id)).all()

    def table_names(self) -> list[str]:
        """Return the tables that this program works with."""
        if self.embedded:
            # A host with a POS of its own loads nothing of the built-in one.
            from tillbridge.pos.embedded import tables as till  # noqa: PLC0415  # see above

            assert till.stores.metadata is metadata
        return sorted(metadata.tables)

    def hide(self, secrets: Mapping[str, str]) -> None:
        """Let no sentence show these values."""
        self.private.update(value for value in secrets.values() if len(value) >= _SHORTEST_SECRET)


_NEEDS_DATABASE = Words(
    "not checked: the database cannot be read", "데이터베이스를 읽을 수 없어 확인하지 못했습니다"
)
_NEEDS_SCHEMA = Words(
    "not checked: the database is not of this version",
    "데이터베이스 버전이 프로그램과 달라 확인하지 못했습니다",
)
_NEEDS_PLUGINS = Words(
    "not checked: the plugins could not be loaded", "플러그인을 불러오지 못해 확인하지 못했습니다"
)
