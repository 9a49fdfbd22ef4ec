"""Sets up the demonstration's shop: its files, its database, and a connection to a provider's sandbox."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from tillbridge import plugins
from tillbridge.clock import SystemClock
from tillbridge.demo.making import CUSTOMERS_FILE, PRODUCT_COLUMNS, VENDORS, write_csv
from tillbridge.demo.sandbox import RunningSandbox, provider_with_sandbox, running
from tillbridge.engine import Engine, NewConnection, Options
from tillbridge.model.errors import InputError
from tillbridge.model.hours import Hours
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.pos.embedded.imports.customers import import_customers
from tillbridge.pos.embedded.imports.products import import_products
from tillbridge.provider import FilesUse, Provider
from tillbridge.views import OrderView

STORE: Final = Store(
    code="MAPO",
    name="바람길 자전거 마포점",
    timezone="Asia/Seoul",
    currency="KRW",
    country="KR",
    hours=Hours(week="Mo-Sa 10:00-20:00; Su 12:00-18:00; PH off"),
)
DATABASE_FILE: Final = "tillbridge.db"
CATALOGUE_FILE: Final = "catalogue.csv"


@dataclass(frozen=True, kw_only=True)
class DemoPlan:
    """How a demonstration goes.

    Attributes:
        folder: where everything is made.
        seed: the same seed makes the same orders.
        arrive: seconds between orders that come while it runs; None for none.
        feeds: whether the sandbox takes stock and prices as files, if its provider delivers any.
    """

    folder: Path
    seed: int = 1
    arrive: float | None = None
    feeds: bool = False

    @property
    def database(self) -> str:
        """The URL of its database."""
        return f"sqlite:///{self.folder / DATABASE_FILE}"


class DemoClock(SystemClock):
    """The computer's clock, which can be put forward: what comes late is seen without waiting for it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the time as the shop has it, UTC, with its zone."""
        return super().now() + self._ahead

    def forward(self, span: timedelta) -> None:
        """Put it forward."""
        self._ahead += span


class Demo:
    """A shop that is set up and connected.

    Attributes:
        clock: the shop's.
        products, customers: how many the shop has.
        provider: whose sandbox it is.
        sandbox: where that runs.
    """

    def __init__(
        self,
        engine: Engine,
        clock: DemoClock,
        provider: Provider,
        sandbox: RunningSandbox,
        sizes: tuple[int, int],
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.provider = provider
        self.sandbox = sandbox
        self.products, self.customers = sizes
        self._stock = self._pieces()
        self._shown: dict[int, str] = {}

    def poll(self) -> list[OrderView]:
        """Poll once, and return the orders that are new or stand otherwise than before."""
        self.engine.poll()
        self.engine.deliver()
        self.engine.follow_till()
        changed = []
        for order in self.engine.orders():
            now = f"{order.status} {order.barcode} {order.total} {order.changed_after_sale}"
            if self._shown.get(order.id) != now:
                self._shown[order.id] = now
                changed.append(order)
        return changed

    @property
    def connection(self) -> str:
        """What the connection is called."""
        return connection_of(self.provider)

    @property
    def stock_moved(self) -> int:
        """How many pieces went off the stock since the beginning."""
        return self._stock - self._pieces()

    def on_hand(self, product_id: str) -> int:
        """Return how many pieces of a product the store has."""
        found = _pos_of(self.engine).catalogue(product_id)
        return int(found.on_hand[STORE.code]) if found else 0

    def _pieces(self) -> int:
        return int(_pos_of(self.engine).stock_total(STORE.code))


@contextmanager
def set_up(plan: DemoPlan, tell: Callable[[Words], None]) -> Iterator[Demo]:
    """Make the shop, start the sandbox and connect it; the sandbox ends with the block.

    Args:
        plan: where and how.
        tell: hears each step.

    Raises:
        InputError: the folder holds a demonstration already, or no provider has a sandbox.
        Misconfigured: the sandbox did not start.
    """
    _refuse_used(plan.folder)
    loaded = plugins.load()
    provider = provider_with_sandbox(loaded)
    catalogue = copy_files(plan.folder)
    Engine.init(plan.database)
    clock = DemoClock()
    with Engine(plan.database, Options(plugins=loaded, clock=clock)) as engine:
        sizes = _import_files(engine, plan.folder)
        tell(
            Words(
                f"{STORE.name}: {sizes[0]} products of {len(VENDORS)} vendors, {sizes[1]} customers.",
                f"{STORE.name}: 공급업체 {len(VENDORS)}곳의 제품 {sizes[0]}개, 고객 {sizes[1]}명 가져옴.",
            )
        )
        options = [*_sandbox_options(plan, catalogue), *_feed_options(plan, provider)]
        with running(provider.sandbox, options) as sandbox:
            _connect(engine, provider, sandbox)
            tell(
                Words(
                    f"Connected to a sandbox of {provider.title} at {sandbox.url}.",
                    f"{provider.title} 샌드박스({sandbox.url})에 연결했습니다.",
                )
            )
            yield Demo(engine, clock, provider, sandbox, sizes)


def connection_of(provider: Provider) -> str:
    """Return what the connection to a provider's sandbox is called."""
    return f"{provider.name}-sandbox"


def copy_files(folder: Path) -> Path:
    """Write the shop's files into a folder; return the one that joins the vendors' products."""
    folder.mkdir(parents=True, exist_ok=True)
    source = files("tillbridge.demo") / "shop"
    for name in (*(vendor.file for vendor in VENDORS), CUSTOMERS_FILE):
        (folder / name).write_bytes((source / name).read_bytes())
    joined = folder / CATALOGUE_FILE
    write_csv(joined, (*PRODUCT_COLUMNS, "vendor"), _joined(folder))
    return joined


def _joined(folder: Path) -> Iterator[dict[str, str]]:
    for vendor in VENDORS:
        with (folder / vendor.file).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                yield row | {"vendor": vendor.name}


def _refuse_used(folder: Path) -> None:
    if (folder / DATABASE_FILE).exists():
        raise InputError(
            Words(
                f"There is a database in {folder} already; the demonstration needs a folder of its own.",
                f"{folder}에 이미 데이터베이스가 있습니다. 데모는 별도의 폴더에서 실행해 주세요.",
            )
        )


def _pos_of(engine: Engine) -> EmbeddedPos:
    assert isinstance(engine.pos, EmbeddedPos)
    return engine.pos


def _import_files(engine: Engine, folder: Path) -> tuple[int, int]:
    """Import the shop as any shop is imported; return how many products and customers it has."""
    pos = _pos_of(engine)
    pos.add_store(STORE)
    products = [
        import_products(pos, folder / vendor.file, vendor=vendor.name, store=STORE.code) for vendor in VENDORS
    ]
    customers = import_customers(pos, folder / CUSTOMERS_FILE)
    return sum(report.added for report in products), customers.added


def _sandbox_options(plan: DemoPlan, catalogue: Path) -> Sequence[str]:
    options = ["--catalogue", str(catalogue), "--customers", str(plan.folder / CUSTOMERS_FILE)]
    options += ["--port", "0", "--seed", str(plan.seed)]
    options += ["--currency", STORE.currency, "--country", STORE.country]
    return options if plan.arrive is None else [*options, "--arrive", str(plan.arrive)]


def _feed_options(plan: DemoPlan, provider: Provider) -> Sequence[str]:
    return ["--sftp"] if plan.feeds and provider.files is not FilesUse.NONE else []


def _connect(engine: Engine, provider: Provider, sandbox: RunningSandbox) -> None:
    new = NewConnection(
        provider=provider.name,
        name=connection_of(provider),
        settings=sandbox.settings,
        secrets=sandbox.secrets,
        orders_from=datetime.fromtimestamp(0, UTC),
    )
    engine.connect(new)
