"""The places where it is measured: a webstore in its own process, and prepared databases to start from."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from cryptography.fernet import Fernet

import databases
from benchmarks import goods, provider
from tillbridge import plugins
from tillbridge.clock import Clock
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.model.stores import Store
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.pos.embedded.imports.customers import import_customers
from tillbridge.pos.embedded.imports.products import import_products

PAGE: Final = 100
KINDS: Final = ("sqlite", "postgresql")
# As a shop's server is set up, but for its memory: what is committed is on the disk.
DURABLE: Final[Mapping[str, str]] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one measurement happens.

    Attributes:
        database_url: a database of its own: the shop with its catalogue and customers, and no order yet.
        webstore_url: where the orders are.
        key: for the shop's secrets.
        limit: how many orders are wanted; 0 for all.
    """

    database_url: str
    webstore_url: str
    key: str
    limit: int = 0

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.database_url.startswith("sqlite")


@contextmanager
def webstore(orders: int, scale: goods.Scale = goods.FULL) -> Iterator[str]:
    """Run a webstore with so many orders; yield its address."""
    shop = ["--products", str(scale.products), "--customers", str(scale.customers)]
    given = ["--orders", str(orders), "--page", str(PAGE), *shop]
    command = [sys.executable, "-m", "benchmarks.webstore", *given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


def engine(
    database_url: str, key: str, *, clock: Clock | None = None, plugin: ModuleType = provider
) -> Engine:
    """Open tillbridge as a shop has it, with the Locally plugin or what stands in for it."""
    loaded = plugins.load([], extra={"locally": plugin})
    return Engine(database_url, Options(plugins=loaded, key=key, clock=clock))


class Databases:
    """Prepared databases of both kinds; each measurement gets a copy."""

    def __init__(
        self, folder: Path, server: databases.Postgres | None, key: str, scale: goods.Scale = goods.FULL
    ) -> None:
        self._scale = scale
        self._folder = folder
        self._server = server
        self._key = key
        self._templates: dict[str, str] = {}

    def prepare(self, kind: str, webstore_url: str) -> None:
        """Make the shop of which copies are lent, connected to this webstore."""
        url = self._empty(kind)
        Engine.init(url)
        with engine(url, self._key) as shop:
            _stock(shop, self._folder, self._scale)
            shop.connect(
                NewConnection(
                    provider="locally",
                    name="bench",
                    settings={
                        "company_id": "4711",
                        "currency": "KRW",
                        "country": "KR",
                        "base_url": webstore_url,
                        "page_size": str(PAGE),
                    },
                    secrets={"api_token": "bench"},
                    orders_from=goods.FIRST_ORDER,
                )
            )
        self._templates[kind] = url

    def _empty(self, kind: str) -> str:
        if kind == "sqlite":
            file = Path(tempfile.mkdtemp(dir=self._folder)) / "shop.db"
            return databases.sqlite_url(file)
        assert self._server
        return databases.in_full(self._server.create())

    @contextmanager
    def copy(self, kind: str) -> Iterator[str]:
        """Lend a copy of the prepared database."""
        template = self._templates[kind]
        if kind == "sqlite":
            source = Path(template.removeprefix("sqlite:///"))
            with sqlite3.connect(source) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                yield databases.sqlite_url(shutil.copyfile(source, Path(folder) / source.name))
            return
        assert self._server
        with self._server.database(template=template.partition("?")[0].rpartition("/")[2]) as url:
            yield databases.in_full(url)


@contextmanager
def prepared(
    kinds: tuple[str, ...], webstore_url: str, key: str, scale: goods.Scale = goods.FULL
) -> Iterator[Databases]:
    """Prepare databases of these kinds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tillbridge-bench-")))
        server = None
        if "postgresql" in kinds:
            server = stack.enter_context(databases.serve(settings=DURABLE))
        made = Databases(folder, server, key, scale)
        for kind in kinds:
            made.prepare(kind, webstore_url)
        yield made


def new_key() -> str:
    """Return a key for the shop's secrets."""
    return Fernet.generate_key().decode()


def _stock(shop: Engine, folder: Path, scale: goods.Scale) -> None:
    pos = shop.pos
    assert isinstance(pos, EmbeddedPos)
    pos.add_store(Store(code=goods.STORE, name="Mapo", timezone="Asia/Seoul", currency="KRW", country="KR"))
    products, customers = goods.write_files(folder, scale)
    import_products(pos, products, vendor=goods.VENDOR, store=goods.STORE)
    import_customers(pos, customers)
