"""Each preset and each profile of the shop's own is a provider; a faulty one stops no other."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import tillbridge_generic_webstore
from plugins.generic_webstore.connecting import NOW, PRESETS, STORE, preset
from plugins.generic_webstore.woo.server import WooServer
from plugins.generic_webstore.woo.shop import WooShop
from tillbridge import plugins
from tillbridge.connections import NewConnection
from tillbridge.engine import Engine, Options
from tillbridge.model.status import Status
from tillbridge.plugin import Capability, IdentifierKind, Said
from tillbridge.plugins import Plugins
from tillbridge.pos.contract import CustomerHit, CustomerKey, CustomerKeyKind, ProductHit, ProductKey
from tillbridge.secrets import new_key
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.pos import MemoryPos
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.telling import Outline, outline_of
from tillbridge_generic_webstore.telling.entries import Entry
from tillbridge_generic_webstore.telling.outline import SAID
from tillbridge_generic_webstore.telling.values import LISTED, extras_of
from tillbridge_generic_webstore.webstores import FOLDER_VARIABLE, preset_texts

NAMES = sorted(path.stem for path in PRESETS.glob("*.toml"))
WOO = (PRESETS / "woocommerce.toml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop's own profiles: none yet."""
    made = tmp_path / "profiles"
    made.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(made))
    return made


def load() -> Plugins:
    return plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore})


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_has_no_mistake(name: str) -> None:
    load_profile((PRESETS / f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def test_each_preset_is_a_provider(folder: Path) -> None:
    loaded = load()

    assert (sorted(loaded.providers), loaded.problems) == (NAMES, ())
    assert list(preset_texts()) == NAMES


def test_a_preset_can_do_what_its_profile_has(folder: Path) -> None:
    found = load().provider("woocommerce")

    assert found.capabilities == {
        Capability.ORDERS,
        Capability.CHECK,
        Capability.ADMIN_URL,
        Capability.STATUS,
        Capability.WEBHOOKS,
        Capability.INVENTORY,
        Capability.LISTINGS,
    }
    assert found.hears == {Said.REJECTED, Said.RESOLVED, Said.PICKED_UP, Said.REFUNDED}
    assert (found.exporting.together, found.exporting.by_listing) == (True, True)
    assert found.settings.model_fields["key"].description == "Consumer key."


def test_a_profile_of_the_shop_s_own_is_a_provider_by_its_file_s_name(folder: Path) -> None:
    (folder / "my-shop.toml").write_text(WOO.replace('"WooCommerce"', '"My shop"', 1), "utf-8")

    assert load().provider("my-shop").title == "My shop"


def test_a_profile_of_another_plugin_s_name_is_left_out_alone(folder: Path) -> None:
    """The plugin that the shop's connections are by stays as it is, and so do all other profiles."""
    (folder / "locally.toml").write_text(WOO.replace('"WooCommerce"', '"My shop"', 1), "utf-8")
    (folder / "mine.toml").write_text(WOO, "utf-8")

    loaded = plugins.load()

    assert (loaded.provider("locally").title, "mine" in loaded.providers) == ("Locally", True)
    (problem,) = loaded.problems
    assert problem.words.ko.startswith(
        "플러그인 'generic_webstore': My shop(locally)에 연결할 수 없습니다."
    ) or problem.words.ko.startswith("My shop(locally)에 연결할 수 없습니다.")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_provider_declares_is_what_its_pushes_ask_by(name: str) -> None:
    """Read off the tables at every start; held here to what is made ready when something is told."""
    teller = load_profile((PRESETS / f"{name}.toml").read_text("utf-8"), f"{name}.toml").teller
    outline = outline_of(preset(name))

    assert (teller is None) == (outline == Outline())
    if teller is not None:
        asked = [
            entry.call.names | (entry.item.names if entry.item else set()) | entry_before(entry)
            for entries in teller.entries.values()
            for entry in entries
        ]
        listed = LISTED | extras_of(preset(name))
        assert outline.exporting.by_listing == any(names & listed for names in asked)
        assert outline.exporting.batch == max(
            [20, *(entry.size for entries in teller.entries.values() for entry in entries)]
        )
        assert outline.hears == {said for told in teller.statuses for said in SAID[told]}


def entry_before(entry: Entry) -> frozenset[str]:
    return frozenset().union(*(one.call.names for one in entry.before))


def test_a_profile_of_a_preset_s_name_stands_in_its_place(folder: Path) -> None:
    (folder / "woocommerce.toml").write_text(WOO.replace('"WooCommerce"', '"My shop"', 1), "utf-8")

    assert load().provider("woocommerce").title == "My shop"


def test_hook_provider_problems_tells_a_faulty_profile_with_its_mistakes_and_stops_no_other(
    folder: Path,
) -> None:
    (folder / "good.toml").write_text(WOO, "utf-8")
    (folder / "bad.toml").write_text(WOO.replace("{since}", "{sinse}"), "utf-8")
    (folder / "Shop 1.toml").write_text(WOO, "utf-8")
    (folder / "old.toml").write_bytes(b'title = "\xb0\xa1"')

    loaded = load()

    assert sorted({*loaded.providers} - {*NAMES}) == ["good"]
    said = [problem.words.en for problem in loaded.problems if not problem.refused]
    assert [text.partition(":")[0] for text in said] == ["The plugin 'generic_webstore'"] * 3
    assert "its name becomes the provider's" in said[0]
    assert "bad.toml:" in said[1]
    assert "{sinse} is no placeholder here" in said[1]
    assert "not written in UTF-8" in said[2]


@pytest.fixture
def pos() -> MemoryPos:
    """A point of sale that knows the helmet and the pump."""
    made = MemoryPos([STORE])
    for product, gtin in (("P1", "4006381333931"), ("P2", "8801234567893")):
        made.products[ProductKey(IdentifierKind.GTIN, gtin.zfill(14))].append(ProductHit(product, product))
        made.on_hand["sydney", product] = Decimal(100)
    hit = CustomerHit("C1", "C1")
    made.customers[CustomerKey(CustomerKeyKind.EMAIL, "ada.5001@example.com")].append(hit)
    made.customers[CustomerKey(CustomerKeyKind.ID, "C1")] = [hit]
    return made


@pytest.fixture
def engine(
    database_url: str, woo: WooServer, clock: FrozenClock, pos: MemoryPos, folder: Path
) -> Iterator[Engine]:
    """An engine that is connected to the shop by the preset alone."""
    options = Options(pos=pos, clock=clock, key=new_key(), plugins=load())
    made = Engine(database_url, options)
    settings = {"url": woo.url}
    secrets = {"key": woo.settings["key"], "secret": woo.settings["secret"]}
    try:
        made.connect(
            NewConnection(
                provider="woocommerce", name="web", settings=settings, secrets=secrets, orders_from=NOW
            )
        )
        yield made
    finally:
        made.close()


@pytest.mark.row("S1")
def test_a_woocommerce_order_becomes_a_sale_with_nothing_but_the_preset(
    engine: Engine, shop: WooShop, pos: MemoryPos, clock: FrozenClock
) -> None:
    clock.advance(60)
    number = str(shop.order()["id"])

    (result,) = engine.poll()

    order = engine.order(number)
    assert result.trouble is None
    assert (result.fetched, order.status) == (1, Status.NEW)
    assert pos.on_hand["sydney", "P2"] == Decimal(98)


def test_a_woocommerce_order_that_is_cancelled_there_is_seen_to_be(
    engine: Engine, shop: WooShop, clock: FrozenClock
) -> None:
    clock.advance(60)
    number = shop.order()["id"]
    engine.poll()
    clock.advance(60)
    shop.touch(number, status="cancelled")

    engine.poll()

    assert engine.order(str(number)).status is not Status.NEW


def test_nothing_of_a_secret_is_shown(folder: Path, woo: WooServer) -> None:
    provider = load().provider("woocommerce")
    settings = provider.settings.model_validate(woo.settings)

    shown = repr(settings) + repr(provider.http(settings)) + json.dumps(str(settings))

    assert woo.settings["secret"] not in shown
    assert woo.settings["key"] not in shown
