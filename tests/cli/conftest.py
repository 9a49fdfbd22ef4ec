"""The command line in one process: a folder of its own, the built-in POS, and a webstore in memory."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orders import HELMET, PUMP, order
from tillbridge import plugins
from tillbridge.cli.running import run
from tillbridge.engine import Engine
from tillbridge.model.orders import WebOrder
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.webstore import NAME, MemoryWebstore

LATELY = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """What people read, whatever the lines were broken at."""
        return " ".join(self.out.split())


class Program:
    """Runs commands as `main` does, and knows the webstore that they meet."""

    def __init__(self, capsys: pytest.CaptureFixture[str], webstore: MemoryWebstore) -> None:
        self._capsys = capsys
        self.webstore = webstore

    def __call__(self, *arguments: str) -> Answer:
        self._capsys.readouterr()
        code = run(arguments)
        told = self._capsys.readouterr()
        return Answer(code, told.out, told.err)

    def connect(self, *more: str) -> Answer:
        return self("connect", NAME, "--name", "web", "--set", "shop=s1", "--orders-from", "1d", *more)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder, and nothing of the machine's own settings."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "TILLBRIDGE_DATABASE",
        "TILLBRIDGE_LANG",
        "TILLBRIDGE_KEY",
        "LC_ALL",
        "LC_MESSAGES",
        "COLUMNS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return tmp_path


@pytest.fixture
def made() -> MemoryWebstore:
    """The webstore in memory; a module of tests may have another kind."""
    return MemoryWebstore()


@pytest.fixture
def webstore(monkeypatch, made: MemoryWebstore) -> MemoryWebstore:
    webstore = made
    load = plugins.load

    def load_one(*_: Any, **more: Any) -> plugins.Plugins:
        return load([], extra={NAME: webstore}, **more)

    monkeypatch.setattr(plugins, "load", load_one)
    return webstore


@pytest.fixture
def program(capsys, webstore) -> Program:
    return Program(capsys, webstore)


@pytest.fixture
def tables(sqlite_template: Path, folder: Path) -> None:
    """The default database with its tables: `init` finds them there, which is sooner than making them."""
    shutil.copyfile(sqlite_template, folder / "tillbridge.db")


@pytest.fixture
def shop(program: Program, tables: None) -> Program:
    """A shop with two products and a customer, not connected yet."""
    program("init")
    program("store", "add", "seoul", "--country", "KR")
    stock("sqlite:///tillbridge.db")
    return program


def stock(url: str) -> None:
    with Engine(url) as engine:
        assert isinstance(engine.pos, EmbeddedPos)
        for gtin, name in ((HELMET, "헬멧"), (PUMP, "펌프")):
            engine.pos.add_product(NewProduct(description=name, gtin=gtin, on_hand={"seoul": Decimal(10)}))
        engine.pos.add_customer(NewCustomer(name="김민수", emails=("minsu@example.com",)))


@pytest.fixture
def lately() -> Callable[..., WebOrder]:
    """Makes an order that was placed two hours ago."""

    def make(*values: Any, **more: Any) -> WebOrder:
        return order(*values, **{"placed_at": LATELY, **more})

    return make
