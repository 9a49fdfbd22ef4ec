"""The plugin that docs/writing-a-provider.md builds is built from that page, installed, and run."""

import importlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import entry_points
from logging import getLogger
from pathlib import Path
from types import ModuleType

import pytest
import respx

import stub_plugins
from doc_blocks import Block, blocks, run
from payloads import ROOT
from tillbridge import plugins
from tillbridge.events import OrderImported, StatusChanged
from tillbridge.http import HttpClient, HttpSettings
from tillbridge.model.exchange import (
    ConnectionCheck,
    NotAnOrder,
    Outcome,
    RawOrder,
    Receipt,
    Said,
    StatusDelivery,
)
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.orders import Amount, LineIdentifier, WebLine, WebOrder
from tillbridge.model.status import Status
from tillbridge.model.totals import balanced
from tillbridge.plugins import Plugins
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, ProductKey
from tillbridge.provider import Connection
from tillbridge.testing.clock import FrozenClock

GUIDE = blocks(ROOT / "docs" / "writing-a-provider.md")
HOOKS = {block.heading.partition("(")[0]: block for block in blocks(ROOT / "docs" / "hooks.md")}
KIOSK = "https://api.kiosk.example/v1"
PAGE = json.loads(next(block.code for block in GUIDE if block.language == "json"))
ORDER = PAGE["orders"][0]


def code_of(file: str) -> Block:
    (found,) = (block for block in GUIDE if block.file == file)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The guide's files, as the reader writes them."""
    for block in GUIDE:
        if block.file:
            path = tmp_path / block.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.code, "utf-8")
    return tmp_path


@pytest.fixture
def installed(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    """The guide's plugin, loaded by the entry point that its pyproject.toml declares."""
    about = tomllib.loads(code_of("pyproject.toml").code)["project"]
    metadata = project / f"tillbridge_kiosk-{about['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Name: {about['name']}\nVersion: {about['version']}\n", "utf-8")
    lines = [f"{name} = {value}" for name, value in about["entry-points"]["tillbridge"].items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[tillbridge]", *lines]), "utf-8")
    monkeypatch.syspath_prepend(project)
    importlib.invalidate_caches()
    points = entry_points(group="tillbridge")
    yield plugins.load(point for point in points if point.dist and point.dist.name == about["name"])
    for name in [name for name in sys.modules if name.partition(".")[0] == "tillbridge_kiosk"]:
        del sys.modules[name]


@pytest.fixture
def kiosk() -> Iterator[respx.MockRouter]:
    """The webstore that the pages speak of."""
    with respx.mock(base_url=KIOSK, assert_all_called=False) as router:
        router.get("/orders").respond(json=PAGE)
        router.get("/orders/1001").respond(json=ORDER)
        router.get("/shop").respond(json={"id": "s-12", "name": "Hangang Cycles", "rights": ["orders"]})
        router.post("/orders/1001/status").respond(204)
        yield router


def connect(settings: object, http: HttpSettings) -> Connection:
    clock = FrozenClock(datetime(2026, 3, 1, 10, tzinfo=UTC))
    return Connection(
        name="kiosk",
        settings=settings,
        http=HttpClient(http, clock=clock),
        orders_from=datetime(2026, 3, 1, tzinfo=UTC),
        now=clock.now,
        store=lambda _: stub_plugins.no_store(),
        log=getLogger("kiosk"),
    )


@pytest.fixture
def connection(kiosk: respx.MockRouter) -> Connection:
    """A connection for the examples of docs/hooks.md."""
    return connect(None, HttpSettings(base_url=KIOSK, service="Kiosk"))


def example(hook: str) -> ModuleType:
    return run(HOOKS[hook])


def test_the_guides_plugin_is_loaded_without_a_remark(installed: Plugins) -> None:
    assert installed.problems == ()
    assert [(one.name, one.version) for one in installed.loaded] == [("kiosk", "0.1.0")]


@pytest.mark.usefixtures("kiosk")
def test_the_guides_plugin_brings_an_order_that_adds_up(installed: Plugins) -> None:
    provider = installed.provider("kiosk")
    settings = provider.settings.model_validate({"shop": "s-12", "key": "k-1"})
    made = connect(settings, provider.http(settings))

    check = installed.check_connection("kiosk", made)
    (page,) = installed.fetch_orders("kiosk", made, None)
    order = installed.parse_order("kiosk", made, page.orders[0])
    again = installed.parse_order("kiosk", made, installed.fetch_order("kiosk", made, "1001"))

    assert provider.account_key(settings) == "s-12"
    assert check == ConnectionCheck("Hangang Cycles")
    assert isinstance(order, WebOrder)
    assert balanced(order) == order == again


def test_the_guides_own_tests_pass(project: Path) -> None:
    """As the reader runs them."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_code_block_of_the_guide_is_a_file_of_the_plugin() -> None:
    """So that none of them is left out of these tests."""
    unnamed = [block.line for block in GUIDE if block.language != "json" and not block.file]

    assert unnamed == []


def test_the_example_of_providers_is_loaded() -> None:
    plugin = example("providers")
    (alone,) = stub_plugins.refusals(kiosk=plugin)
    assert "'kiosk' declares Capability.CHECK without the hooks that it needs: check_connection." in alone

    vars(plugin)["check_connection"] = vars(example("check_connection"))["check_connection"]
    assert stub_plugins.load(kiosk=plugin).problems == ()


def test_the_example_of_check_connection_runs(connection: Connection) -> None:
    assert example("check_connection").check_connection(connection) == ConnectionCheck("Hangang Cycles")


def test_the_example_of_fetch_orders_runs(connection: Connection) -> None:
    (page,) = example("fetch_orders").fetch_orders(connection, None)

    assert ([order.order_id for order in page.orders], page.cursor) == (["1001"], "2026-03-01T09:02:00Z")


def test_the_example_of_fetch_order_runs(connection: Connection) -> None:
    raw = example("fetch_order").fetch_order(connection, "1001")

    assert json.loads(raw.parts["order"]) == ORDER


def test_the_example_of_parse_order_runs(connection: Connection) -> None:
    parse_order = example("parse_order").parse_order

    order = parse_order(connection, RawOrder("1001", {"order": json.dumps(ORDER).encode()}))
    draft = parse_order(connection, RawOrder("1001", {"order": b'{"state": "draft"}'}))

    assert order.customer.full_name == "김민수"
    assert isinstance(draft, NotAnOrder)


def test_the_example_of_order_admin_url_runs(connection: Connection) -> None:
    url = example("order_admin_url").order_admin_url(connection, stub_plugins.web_order())

    assert url == "https://admin.kiosk.example/orders/1001"


def test_the_example_of_push_status_runs(connection: Connection, kiosk: respx.MockRouter) -> None:
    receipt = example("push_status").push_status(connection, StatusDelivery("d-1", "1001", Said.ACCEPTED))

    assert receipt == Receipt(Outcome.ACCEPTED)
    sent = kiosk.calls.last.request
    assert (sent.headers["idempotency-key"], json.loads(sent.content)["said"]) == ("d-1", "accepted")


def test_the_example_of_customer_match_rules_runs() -> None:
    loaded = stub_plugins.load(kiosk=example("customer_match_rules"))
    order = stub_plugins.web_order()
    member = order.model_copy(update={"customer": order.customer.model_copy(update={"id": "M-12"})})

    (rule,) = loaded.customer_rules()

    assert list(rule.keys(member, "KR")) == [CustomerKey(CustomerKeyKind.ID, "12")]
    assert list(rule.keys(order, "KR")) == []


def test_the_example_of_product_match_rules_runs() -> None:
    loaded = stub_plugins.load(kiosk=example("product_match_rules"))
    line = WebLine(
        id="1",
        title="Bell",
        quantity=Decimal(1),
        amount=Amount(net=Money(0, "KRW")),
        identifiers=(LineIdentifier(kind=IdentifierKind.SKU, value="B-1"),),
    )

    (rule,) = loaded.product_rules()

    assert list(rule.keys(stub_plugins.web_order(), line)) == [ProductKey(IdentifierKind.SKU, "B-1")]


def test_the_examples_of_observers_run(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    loaded = stub_plugins.load(a=example("order_imported"), b=example("status_changed"))

    loaded.notify(
        [
            OrderImported(order_id=1, connection="kiosk", webstore_id="1001"),
            StatusChanged(
                order_id=1,
                connection="kiosk",
                webstore_id="1001",
                before=Status.IN_PROCESS,
                after=Status.READY_FOR_PICKUP,
                who="jina",
            ),
        ]
    )

    assert caplog.messages == ["order 1001 came in", "order 1001 waits for its customer"]
