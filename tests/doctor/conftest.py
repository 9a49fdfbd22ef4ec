"""A patient for the doctor: a shop in a real database, connected to a webstore in memory."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from databases import in_full, sqlite_url
from orders import HELMET, order
from shop import SEOUL
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.db.database import Database
from tillbridge.doctor import Diagnosis, Finding, Limits, examine
from tillbridge.engine import Engine, Options
from tillbridge.model.hours import Hours
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.webstore import NAME, MemoryWebstore

TOKEN = "sk-planted-4711"
KEY = Fernet.generate_key().decode()
# The tests' server does not wait for its disk, which the doctor sees.
EXPECTED = {"database.unsafe"}
NOBODY = 65534
OPEN = SEOUL.model_copy(update={"hours": Hours(week="Mo-Sa 10:00-20:00")})


class Patient:
    """A shop, and what the doctor says of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = FrozenClock(datetime.now(UTC))
        self.webstore = MemoryWebstore()
        self.plugins = plugins.load([], extra={NAME: self.webstore})

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def key_file(self) -> Path:
        return Path(f"{self.file}.key")

    def options(self, **more: Any) -> Options:
        return Options(**{"clock": self.clock, "plugins": self.plugins, **more})

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        with Engine(self.url, self.options()) as engine:
            yield engine

    def furnish(self) -> None:
        """Have a store, a product, a customer and a connection."""
        with Engine(self.url, self.options(key=KEY)) as engine:
            assert isinstance(engine.pos, EmbeddedPos)
            engine.pos.add_store(OPEN)
            engine.pos.add_product(
                NewProduct(description="헬멧", gtin=HELMET, on_hand={"seoul": Decimal(10)})
            )
            engine.pos.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))
            engine.connect(self.new("web", "s1", NAME))

    def connect(self, name: str = "web", shop: str = "s1", provider: str = NAME) -> None:
        with self.engine() as engine:
            engine.connect(self.new(name, shop, provider))

    def new(self, name: str, shop: str, provider: str) -> NewConnection:
        return NewConnection(
            provider=provider,
            name=name,
            settings={"shop": shop},
            secrets={"token": TOKEN} if provider == NAME else {},
            orders_from=datetime(2026, 1, 1, tzinfo=UTC),
        )

    def sell(self, order_id: str = "A1") -> None:
        self.webstore.offer(order(order_id))
        with self.engine() as engine:
            engine.poll()

    def sql(self, statement: str, **values: Any) -> None:
        database = Database(self.url)
        with database.write("test") as connection:
            connection.execute(text(statement), values)
        database.close()

    def examined(self, options: Options | None = None, *, live: bool = True, **limits: Any) -> Diagnosis:
        return examine(self.url, options or self.options(), live=live, limits=Limits(**limits))

    def codes(self, *values: Any, **more: Any) -> set[str]:
        return {one.code for one in self.examined(*values, **more).findings} - EXPECTED

    def finding(self, code: str, *values: Any, **more: Any) -> Finding:
        found = self.examined(*values, **more).findings
        named = [one for one in found if one.code == code]
        assert named, [one.code for one in found]
        return named[0]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder, and nothing of the machine's own settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("TILLBRIDGE_DATABASE", "TILLBRIDGE_LANG", "TILLBRIDGE_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory, sqlite_template) -> Path:
    """A SQLite file that holds a connected shop."""
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("furnished") / "shop.sqlite3")
    Patient(sqlite_url(file)).furnish()
    return Path(file)


@pytest.fixture(scope="session")
def furnished_server(postgres, postgres_template) -> Iterator[str]:
    """The name of a PostgreSQL database that holds a connected shop."""
    with postgres.database(template=postgres_template) as url:
        Patient(in_full(url)).furnish()
        yield str(url.database)


@pytest.fixture
def patient(request, database_kind) -> Patient:
    """A connected shop in good health, on each kind of database."""
    found: Patient = request.getfixturevalue("in_file" if database_kind == "sqlite" else "on_server")
    return found


@pytest.fixture
def in_file(tmp_path, furnished_file) -> Patient:
    """A connected shop in good health, on SQLite."""
    made = Patient(sqlite_url(shutil.copyfile(furnished_file, tmp_path / "tillbridge.sqlite3")))
    made.key_file.touch(mode=0o600)
    made.key_file.write_text(KEY)
    made.sql("UPDATE connections SET created_at = :now", now=f"{made.clock.now():%F %T.%f}")
    return made


@pytest.fixture
def on_server(postgres, furnished_server, monkeypatch) -> Iterator[Patient]:
    """A connected shop in good health, on PostgreSQL."""
    monkeypatch.setenv("TILLBRIDGE_KEY", KEY)
    with postgres.database(template=furnished_server) as url:
        made = Patient(in_full(url))
        made.sql("UPDATE connections SET created_at = :now", now=made.clock.now())
        yield made


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter, as pytest's own is not."""
    made = Path(tempfile.mkdtemp(prefix="tillbridge-doctor-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Do something as a user to whom no file belongs: nothing stops root."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
