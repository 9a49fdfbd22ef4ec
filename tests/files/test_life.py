"""What goes wrong with files in daily life: a message says so, the old file stays, and it heals by itself."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet

from orders import HELMET, PLACED, won
from shop import SEOUL
from tillbridge import plugins
from tillbridge.connections import NewConnection, close_client
from tillbridge.connections import changing as reconnecting
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportSettings
from tillbridge.model.errors import InputError, Misconfigured
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Exporting
from tillbridge.pos.embedded import EmbeddedPos, NewProduct
from tillbridge.pos.embedded.counting import StockCount
from tillbridge.provider import Capability, FilesUse
from tillbridge.testing.storefront import FEED, MemoryStorefront
from tillbridge.testing.webstore import NAME

pytestmark = pytest.mark.row("S15")


class Feeding:
    """A shop whose webstore takes its stock as a file, by SFTP."""

    def __init__(self, url: str, clock: Any, sftp: Any) -> None:
        self.clock, self.sftp, self.server = clock, sftp, sftp.server
        self.webstore = MemoryStorefront(
            takes=frozenset({Capability.SNAPSHOT}),
            exporting=Exporting(by_files=True),
            files=FilesUse.OPTIONAL,
        )
        key = Fernet.generate_key().decode()
        loaded = plugins.load([], extra={NAME: self.webstore})
        self.engine = Engine(url, Options(clock=clock, key=key, plugins=loaded))
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos = self.engine.pos
        self.pos.add_store(SEOUL)
        self.helmet = self.pos.add_product(
            NewProduct(description="헬멧", gtin=HELMET, on_hand={"seoul": Decimal(10)}, price=won(50_000))
        )

    def new(self, **settings: str) -> NewConnection:
        files = f"sftp://shop@127.0.0.1:{self.server.port}/in"
        usual = {"shop": "s1", "files": files, "files_host_key": self.server.fingerprints[0]}
        return NewConnection(
            provider=NAME,
            name="web",
            settings={**usual, **settings},
            secrets={"files_password": self.server.password},
            orders_from=PLACED,
        )

    def connect(self, **settings: str) -> None:
        self.engine.connect(self.new(**settings))
        self.engine.set_export("web", ExportSettings(every=timedelta(hours=1)))

    def count(self, pieces: int) -> None:
        self.pos.count_stock(
            StockCount(product_id=self.helmet, store="seoul", pieces=Decimal(pieces), who="지은")
        )

    def tick(self, minutes: float = 0) -> Any:
        """Let time pass, and do what is due; return what stopped, or None."""
        self.clock.advance(minutes * 60)
        results = self.engine.export_due()
        return results[0].trouble if results else None

    @property
    def there(self) -> str:
        return str((self.server.root / "in" / FEED).read_text())

    def messages(self) -> list[str]:
        return [one.words.en for one in self.engine.messages() if one.cause is Cause.CONNECTION_DOWN]


@pytest.fixture
def feeding(database_url: str, clock: Any, sftp: Any, tmp_path: Any, monkeypatch: Any) -> Iterator[Feeding]:
    """A shop that feeds its webstore by SFTP, connected, with ten helmets told."""
    monkeypatch.setenv("TILLBRIDGE_FILES", str(tmp_path / "sent"))
    feeding = Feeding(database_url, clock, sftp)
    feeding.connect()
    feeding.tick()
    yield feeding
    feeding.engine.close()


def test_what_changed_arrives_as_a_whole_file(feeding):
    assert f"/{feeding.helmet},10\n" == feeding.there
    feeding.count(9)

    assert feeding.tick(1) is None
    assert f"/{feeding.helmet},9\n" == feeding.there
    assert [1, 1] == [one.lines for one in feeding.engine.sent_files("web")]


FAULTS = {
    "unreachable": "cannot be reached",
    "cut": "broke off; what it had before stays",
    "full": "Often its disk is full",
    "read only": "does not let us write",
    "folder gone": "has no folder",
}


@pytest.mark.parametrize(("fault", "said"), FAULTS.items())
def test_a_bad_day_is_told_by_message_and_heals_by_itself(feeding, fault, said):
    faults, folder = feeding.server.faults, feeding.server.root / "in"
    feeding.count(9)
    match fault:
        case "unreachable":
            feeding.sftp.close()
        case "cut":
            faults.cut_after = 1
        case "full":
            faults.full_after = 1
        case "read only":
            faults.read_only = True
        case "folder gone":
            folder.rename(folder.with_name("away"))

    trouble = feeding.tick(1)

    assert said in trouble.en
    assert any(said in one for one in feeding.messages())
    if fault == "folder gone":
        folder.with_name("away").rename(folder)
    assert f"/{feeding.helmet},10\n" == feeding.there
    faults.cut_after = faults.full_after = None
    faults.read_only = False
    feeding.sftp.open()
    assert feeding.tick(2) is None
    assert f"/{feeding.helmet},9\n" == feeding.there
    assert [] == feeding.messages()


def test_a_changed_host_key_rests_and_is_agreed_to_anew(feeding):
    feeding.count(9)
    feeding.sftp.close()
    feeding.server.new_keys()
    feeding.sftp.open()
    assert "somebody stands between" in feeding.tick(1).en
    assert feeding.tick(2) is None  # it is not asked every minute
    assert f"/{feeding.helmet},10\n" == feeding.there

    new = feeding.new(files_host_key=feeding.server.fingerprints[0])
    opened, *_ = feeding.engine.check(new)
    close_client(opened)
    reconnecting.save(feeding.engine.context, new, opened, "지은")
    feeding.tick()

    assert f"/{feeding.helmet},9\n" == feeding.there


def test_a_password_that_was_changed_there_and_set_back_heals_within_the_hour(feeding):
    feeding.count(9)
    feeding.server.password, old = "another", feeding.server.password
    assert "refused shop" in feeding.tick(1).en
    feeding.server.password = old
    feeding.tick(61)

    assert f"/{feeding.helmet},9\n" == feeding.there


def test_an_account_with_a_wrong_password_is_not_kept(feeding):
    wrong = feeding.new(shop="s2")
    wrong.secrets["files_password"] = "hunter2"

    with pytest.raises(Misconfigured, match="refused shop"):
        feeding.engine.check(wrong)


def test_an_export_by_files_needs_to_know_where_they_go(feeding):
    new = feeding.new(shop="s2", files="")
    feeding.engine.connect(NewConnection(**{**vars(new), "name": "other"}))

    with pytest.raises(InputError, match="does not say where they go"):
        feeding.engine.set_export("other", ExportSettings())


def test_a_dead_workers_file_may_take_as_long_as_a_file_may(feeding):
    """Its call is taken over only when it can no longer arrive."""
    opened, *_ = feeding.engine.check(feeding.new(shop="s2", files_seconds="600"))
    close_client(opened)

    assert 1200 == opened.call_deadline
