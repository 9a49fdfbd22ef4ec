"""What the tests of the Locally plugin share: a valid order, a parser, and the sandbox as a real process."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import tillbridge_locally
from plugins.locally.samples import (
    CATALOGUE,
    CUSTOMERS,
    KOREAN,
    VALID,
    Document,
    Parse,
    connect,
    encoded,
    offline,
)
from tillbridge.plugin import Connection, RawOrder
from tillbridge_locally.sandbox.process import Sandbox, start
from tillbridge_locally.settings import Settings


@pytest.fixture
def document() -> Document:
    """A valid Korean order, to be bent as a test likes."""
    return copy.deepcopy(VALID)


@pytest.fixture
def parse() -> Parse:
    """A function that parses a document (or bytes) under a Korean shop's settings, or changed ones."""

    def parsed(order: object, **settings: object) -> Any:
        content = order if isinstance(order, bytes) else encoded(order)
        raw = RawOrder(order_id=None, parts={"order": content})
        return tillbridge_locally.parse_order(offline(Settings.model_validate(KOREAN | settings)), raw)

    return parsed


@pytest.fixture(scope="session")
def locally_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The sandbox in a process of its own, for the whole run."""
    with _started(tmp_path_factory.mktemp("locally")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def feeding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox of the module's own, with two stores and no order, that takes feeds by SFTP."""
    options = ("--sftp", "--orders", "0", "--store", "20302=Second|Street|City|04100")
    with _started(tmp_path_factory.mktemp("feeding"), *options) as sandbox:
        yield sandbox


@contextlib.contextmanager
def _started(folder: Path, *options: str) -> Iterator[Sandbox]:
    catalogue, customers = folder / "catalogue.csv", folder / "customers.csv"
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    with start(catalogue=catalogue, customers=customers, options=options) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(locally_sandbox: Sandbox) -> Sandbox:
    """The sandbox, without any order and without faults."""
    locally_sandbox.reset(orders=0)
    return locally_sandbox


@pytest.fixture
def connected(sandbox: Sandbox) -> Iterator[Callable[..., Connection]]:
    """A function that connects to the sandbox, with changed settings if a test wants them."""
    with contextlib.ExitStack() as opened:

        def connection(*, orders_from: datetime | None = None, **settings: object) -> Connection:
            wanted = {**sandbox.settings, **sandbox.secrets, **settings}
            made = connect(Settings.model_validate(wanted), orders_from=orders_from)
            opened.enter_context(made.http)
            return made

        yield connection
