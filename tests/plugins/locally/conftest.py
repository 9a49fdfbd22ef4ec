"""What the tests of the Locally plugin share: a valid order, a parser, and the sandbox as a real process."""

import copy
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

import tillbridge_locally
from plugins.locally.samples import KOREAN, VALID, Document, Parse, connect, encoded, offline
from tillbridge.plugin import Connection, RawOrder
from tillbridge_locally.sandbox.process import Sandbox, start
from tillbridge_locally.settings import Settings

CATALOGUE = """\
vpn,upc,description,price,brand,vendor
BR-M8100,036000291452,디스크 브레이크 세트,89000,시마루,한울자전거
BR-7000,012345678905,림 브레이크,45000,시마루,한울자전거
HL-200,601842495575,헬멧 M,120000,루디아,온바이크
HL-200,686487455948,헬멧 L,120000,루디아,온바이크
TB-001,727602259178,튜브 700C,9000,슈발로,온바이크
PD-520,736745040314,페달,38500,시마루,한울자전거
"""
CUSTOMERS = """\
number,name,email,phone,street,city,postcode,country
C0001,김하늘,haneul.kim@example.com,010-0000-1001,해오름로 1,서울특별시,04100,KR
C0002,이바다,family@example.com,010-0000-1002,달빛길 2,서울특별시,04101,KR
C0003,이강,family@example.com,010-0000-1003,달빛길 2,서울특별시,04101,KR
C0004,Anna Smith,anna.smith@example.com,010-0000-1004,별빛로 4,부산광역시,48000,KR
"""


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
    folder = tmp_path_factory.mktemp("locally")
    catalogue, customers = folder / "catalogue.csv", folder / "customers.csv"
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    with start(catalogue=catalogue, customers=customers) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(locally_sandbox: Sandbox) -> Sandbox:
    """The sandbox, without any order and without faults."""
    locally_sandbox.reset(orders=0)
    return locally_sandbox


@pytest.fixture
def connected(sandbox: Sandbox) -> Callable[..., Connection]:
    """A function that connects to the sandbox, with changed settings if a test wants them."""

    def connection(*, orders_from: datetime | None = None, **settings: Any) -> Connection:
        wanted = {**sandbox.settings, **sandbox.secrets, **settings}
        return connect(Settings.model_validate(wanted), orders_from=orders_from)

    return connection
