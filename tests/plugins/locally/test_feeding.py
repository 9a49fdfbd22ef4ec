"""The whole way of the feed: by SFTP to Locally's sandbox, and read back against the ledger."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from cryptography.fernet import Fernet

import tillbridge_locally
from tillbridge import plugins
from tillbridge.connections import NewConnection, close_client
from tillbridge.connections import changing as reconnecting
from tillbridge.engine import Engine, Options
from tillbridge.exports import ExportRules, ExportSettings, ExportWay
from tillbridge.model.errors import InputError, Misconfigured, Retryable
from tillbridge.model.messages import Cause
from tillbridge.model.offers import Buffers
from tillbridge.model.stores import Store
from tillbridge.plugin import Money
from tillbridge.pos.embedded import EmbeddedPos, NewCustomer, NewProduct
from tillbridge.testing.clock import FrozenClock

pytestmark = pytest.mark.row("S15")
MAPO = Store(code="mapo", name="마포점", timezone="Asia/Seoul", currency="KRW", country="KR")
SONGPA = Store(code="songpa", name="송파점", timezone="Asia/Seoul", currency="KRW", country="KR")
HELMET, TUBE, BRAKE = "601842495575", "727602259178", "036000291452"
STRANGER = {"name": "이낯선", "email": "stranger@example.com"}


class Shop:
    """A shop with two stores, one customer and four products, one of which has no barcode."""

    def __init__(self, url, sandbox):
        self.sandbox, self.clock = sandbox, FrozenClock(datetime.now(UTC))
        loaded = plugins.load([], extra={"locally": tillbridge_locally})
        key = Fernet.generate_key().decode()
        self.engine = Engine(url, Options(clock=self.clock, plugins=loaded, key=key))
        assert isinstance(self.engine.pos, EmbeddedPos)
        self.pos = self.engine.pos
        for store in (MAPO, SONGPA):
            self.pos.add_store(store)
        self.pos.add_customer(NewCustomer(name="김하늘", emails=("haneul.kim@example.com",)))
        self.helmet = self.add("헬멧 M", HELMET, 120_000, mapo=10, songpa=4)
        self.tube = self.add("튜브", TUBE, 9_000, mapo=1)
        self.brake = self.add("브레이크", BRAKE, 89_000, mapo=5)
        self.strap = self.add("끈", "", 3_000, mapo=7)

    def add(self, name, gtin, price, **on_hand):
        pieces = {code: Decimal(many) for code, many in on_hand.items()}
        return self.pos.add_product(
            NewProduct(
                description=name, gtin=gtin, vpns={"공급사": name}, on_hand=pieces, price=Money(price, "KRW")
            )
        )

    def new(self, **settings):
        plain = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in self.sandbox.settings.items()
        }
        return NewConnection(
            provider="locally",
            name="locally",
            settings={**plain, **self.sandbox.feed_settings, **settings},
            secrets={**self.sandbox.secrets, **self.sandbox.feed_secrets},
            orders_from=datetime.fromtimestamp(0, UTC),
            default_store="mapo",
            locations={"20301": "mapo", "20302": "songpa"},
        )

    def connect(self, buffers=None, **settings):
        self.engine.connect(self.new(**settings))
        rules = ExportRules(buffers=buffers or Buffers())
        self.engine.set_export("locally", ExportSettings(every=timedelta(hours=1), rules=rules))

    def export(self):
        (result,) = self.engine.export("locally")
        assert result.trouble is None, result.trouble
        return result

    def down(self):
        """What staff read of connections that do not work."""
        return [one.words.en for one in self.engine.messages() if one.cause is Cause.CONNECTION_DOWN]

    def fed(self):
        """What Locally was fed: by store and UPC, pieces and price."""
        stores = self.sandbox.feeds()["stores"]
        return {
            (store, upc): (one["qty"], one["price"])
            for store, fed in stores.items()
            for upc, one in fed["items"].items()
        }


@pytest.fixture
def shop(database_url, feeding, tmp_path, monkeypatch):
    monkeypatch.setenv("TILLBRIDGE_FILES", str(tmp_path / "sent"))
    feeding.reset(orders=0)
    feeding.do("PUT", "/sandbox/sftp", {})
    shop = Shop(database_url, feeding)
    yield shop
    shop.engine.close()


def test_locally_has_what_the_ledger_says_less_what_is_spoken_for_and_kept_back(shop):
    """A helmet and a brake are sold (off the stock already), a helmet waits, one of each is kept back."""
    shop.connect(Buffers(every=1))
    shop.sandbox.place(
        lines=[{"upc": HELMET, "qty": 1}, {"upc": BRAKE, "qty": 1}], customer="C0001", kind="ropis"
    )
    shop.sandbox.place(lines=[{"upc": HELMET, "qty": 1}], customer=STRANGER, kind="ropis")
    shop.export()

    assert {
        ("20301", HELMET): (10 - 1 - 1 - 1, "120000"),
        ("20301", TUBE): (0, "9000"),
        ("20301", BRAKE): (5 - 1 - 1, "89000"),
        ("20302", HELMET): (4 - 1, "120000"),
    } == shop.fed()
    assert {} == shop.sandbox.feeds()["problems"]


def test_what_has_no_barcode_is_left_out_and_staff_learn_which_and_why(shop):
    shop.connect()
    result = shop.export()

    assert (4, 1) == (result.told.accepted, result.told.refused)
    (one,) = shop.engine.export_items("locally", "refused")
    assert (shop.strap, "20301") == (one.product_id, one.location)
    assert "It has no UPC or EAN" in one.why.en
    assert any("refused" in message.words.en for message in shop.engine.messages())


def test_an_order_is_told_at_the_next_beat(shop):
    shop.connect()
    shop.export()
    shop.sandbox.place(lines=[{"upc": HELMET, "qty": 2}], customer="C0001", kind="ropis")
    shop.clock.advance(600)
    shop.engine.tick()

    assert (8, "120000") == shop.fed()["20301", HELMET]


def test_the_feed_is_told_anew_before_it_is_a_day_old(shop):
    shop.connect()
    shop.export()
    shop.clock.advance(12 * 3600)
    shop.engine.tick()

    assert 2 == sum(one.name == "inventory-20301.csv" for one in shop.engine.sent_files("locally"))


def test_all_stores_may_be_in_one_file(shop):
    shop.connect(feed_combined="true")
    shop.export()

    assert ["inventory.csv"] == [one.name for one in shop.engine.sent_files("locally")]
    assert (10, 4) == (shop.fed()["20301", HELMET][0], shop.fed()["20302", HELMET][0])


def test_a_wrong_store_is_told_at_set_up(shop):
    new = shop.new()
    new.locations["20399"] = "mapo"

    with pytest.raises(Misconfigured, match="has no store 20399 at Locally"):
        shop.engine.check(new)


def test_a_store_that_locally_has_no_more_is_a_message_until_it_is_back(shop):
    shop.connect()
    shop.sandbox.do("PATCH", "/sandbox/stores/20302", {"gone": True})
    shop.export()
    (refused,) = [one for one in shop.engine.export_items("locally", "refused") if one.location == "20302"]

    assert "Locally has no store 20302 any more" in refused.why.en
    assert (10, "120000") == shop.fed()["20301", HELMET]
    assert any(one.cause is Cause.OFFERS_REFUSED for one in shop.engine.messages())
    shop.sandbox.do("PATCH", "/sandbox/stores/20302", {"gone": False})
    shop.engine.export("locally", ExportWay(everything=True))
    assert (4, "120000") == shop.fed()["20302", HELMET]
    assert ["20301"] == [one.location for one in shop.engine.export_items("locally", "refused")]


def test_a_wrong_key_is_told_at_set_up(shop):
    new = shop.new()
    new.secrets["api_token"] = "wrong"

    with pytest.raises(Misconfigured, match="refused the credentials"):
        shop.engine.check(new)


def test_an_sftp_server_that_is_away_is_told_at_set_up(shop):
    shop.sandbox.do("PUT", "/sandbox/sftp", {"open": False})

    with pytest.raises(Retryable, match="cannot be reached"):
        shop.engine.check(shop.new())


def test_an_sftp_server_that_goes_away_is_a_message_until_it_is_back(shop):
    shop.connect()
    shop.export()
    shop.sandbox.place(lines=[{"upc": HELMET, "qty": 2}], customer="C0001", kind="ropis")
    shop.sandbox.do("PUT", "/sandbox/sftp", {"open": False})
    shop.clock.advance(600)
    shop.engine.tick()

    assert any("cannot be reached" in one for one in shop.down())
    assert (10, "120000") == shop.fed()["20301", HELMET]
    shop.sandbox.do("PUT", "/sandbox/sftp", {})
    shop.clock.advance(600)
    shop.engine.tick()
    assert (8, "120000") == shop.fed()["20301", HELMET]
    assert [] == shop.down()


def test_two_stores_that_nobody_told_apart_are_told_at_set_up(shop):
    new = shop.new()
    new.locations.clear()

    with pytest.raises(Misconfigured, match="say which store is which"):
        shop.engine.check(new)


def test_without_a_place_for_files_all_else_works_and_the_export_says_what_is_missing(shop):
    checked, _ = shop.engine.connect(shop.new(files=""))

    assert "It is sent no files" in checked.notes[-1].en
    shop.sandbox.place(lines=[{"upc": HELMET, "qty": 1}], customer="C0001", kind="ropis")
    (polled,) = shop.engine.poll()
    assert 1 == polled.counts.sold
    with pytest.raises(InputError, match="does not say where they go"):
        shop.engine.set_export("locally", ExportSettings())


def test_a_place_for_files_that_is_taken_away_is_missed_and_said(shop):
    shop.connect()
    new = shop.new(files="")
    opened, *_ = shop.engine.check(new)
    close_client(opened)
    reconnecting.save(shop.engine.context, new, opened, "지은")
    (result,) = shop.engine.export("locally")

    assert "Say where it goes: --files" in result.trouble.en
