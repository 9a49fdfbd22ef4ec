"""What a plugin offers is held to the contract when it is loaded: providers, capabilities, rules."""

from datetime import timedelta
from typing import Any

import pytest

from stub_plugins import ALL, Settings, load, module, offering, orders_plugin, provider, refusals
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.offers import Exporting
from tillbridge.model.words import Words
from tillbridge.plugins import PluginProblem
from tillbridge.provider import Capability, FilesUse

CAPABILITIES = (
    "frozenset[Capability] "
    "(ORDERS, CHECK, HOURS, ADMIN_URL, STATUS, WEBHOOKS, INVENTORY, PRICES, SNAPSHOT, EXPORT_CHECK, "
    "LISTINGS, PAYMENTS, PAYMENT_ACTS, PAYMENT_LIST)"
)
PREFIX = "The plugin 'bad' is not loaded. "


def customer_rule(name: str = "loyalty", **changes: Any) -> CustomerMatchRule:
    given: dict[str, Any] = {"title": Words("Card", "카드"), "rank": 150, "keys": lambda _, __: ()}
    return CustomerMatchRule(name=name, **(given | changes))


def product_rule(name: str = "own", **changes: Any) -> ProductMatchRule:
    given: dict[str, Any] = {"title": Words("Own", "자체"), "rank": 250, "keys": lambda _, __: ()}
    return ProductMatchRule(name=name, **(given | changes))


@pytest.mark.parametrize("name", ["", "Stub", "my stub", "스텁", "stub\n", 7])
def test_a_provider_name_has_few_signs(name: Any) -> None:
    assert refusals(bad=offering(provider(name=name))) == [
        PREFIX + f"The provider name {name!r} cannot be used; allowed are a-z, 0-9, _ and -."
    ]


@pytest.mark.parametrize(
    ("field", "given", "allowed"),
    [
        ("settings", dict, "a class that derives from pydantic's BaseModel"),
        ("settings", None, "a class that derives from pydantic's BaseModel"),
        ("title", " ", "a text that is not empty"),
        ("account_key", "shop", "a function"),
        ("http", None, "a function"),
        ("hears", ["accepted"], "frozenset[Said] (ACCEPTED, REJECTED, READY, RESOLVED, PICKED_UP, REFUNDED)"),
        (
            "hears",
            frozenset({"paid"}),
            "frozenset[Said] (ACCEPTED, REJECTED, READY, RESOLVED, PICKED_UP, REFUNDED)",
        ),
        ("hears_lines", "yes", "True, False"),
        (
            "capabilities",
            ["orders"],
            CAPABILITIES,
        ),
        (
            "capabilities",
            frozenset({"stock"}),
            CAPABILITIES,
        ),
        ("status_is_absolute", None, "True, False"),
        ("sandbox", None, 'the name of a module, or ""'),
    ],
)
def test_a_provider_with_an_unusable_field_is_refused(field: str, given: Any, allowed: str) -> None:
    assert refusals(bad=offering(provider(**{field: given}))) == [
        PREFIX + f"'stub': {field} is {given!r}; allowed is {allowed}."
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "NoneType"),
        ("stub", "str"),
        (iter([provider()]), "list_iterator"),
        ([provider(), "stub"], "[str, …]"),
        ([None], "[NoneType, …]"),
    ],
)
def test_a_plugin_that_offers_no_list_of_providers_is_refused(answer: Any, told: str) -> None:
    assert refusals(bad=module(providers=lambda: answer)) == [
        PREFIX + f"providers() returned {told}; allowed is a list of Provider."
    ]


def test_a_plugin_that_fails_to_say_what_it_offers_is_refused() -> None:
    def providers() -> list[Any]:
        raise KeyError("s3cret")

    (fault,) = refusals(bad=module(providers=providers))

    assert fault.startswith(PREFIX + "The plugin 'bad' failed in providers: KeyError (")
    assert "s3cret" not in fault


def test_a_provider_takes_changes_or_the_whole_and_not_both() -> None:
    both = frozenset({Capability.INVENTORY, Capability.SNAPSHOT})

    assert refusals(bad=offering(provider(capabilities=both))) == [
        PREFIX + "'stub' takes changes and the whole; declare Capability.SNAPSHOT or INVENTORY, not both."
    ]


@pytest.mark.parametrize("batch", [0, -1, 10_001, "100", True])
def test_a_batch_that_makes_no_sense_is_refused(batch: Any) -> None:
    plugin = offering(provider(exporting=Exporting(batch=batch)))

    assert refusals(bad=plugin) == [PREFIX + f"'stub': exporting.batch is {batch!r}; allowed is 1-10000."]


class FileSettings(Settings):
    """Settings with a name that is tillbridge's own where files are delivered."""

    files_password: str = ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"files": True}, "'stub': files is True; allowed is FilesUse (NONE, OPTIONAL, REQUIRED)."),
        (
            {"files": FilesUse.OPTIONAL, "settings": FileSettings},
            "'stub': its settings have files_password, which are tillbridge's own for files.",
        ),
        (
            {"exporting": Exporting(by_files=True)},
            "'stub': exporting.by_files needs FilesUse.OPTIONAL or REQUIRED in `files`.",
        ),
    ],
)
def test_files_that_make_no_sense_are_refused(changes: dict[str, Any], told: str) -> None:
    assert refusals(bad=offering(provider(**changes))) == [PREFIX + told]


def test_a_provider_without_files_may_call_its_settings_what_it_likes() -> None:
    assert refusals(good=offering(provider(settings=FileSettings))) == []


@pytest.mark.parametrize(
    ("field", "given", "allowed"),
    [
        ("together", "yes", "True, False"),
        ("by_listing", "yes", "True, False"),
        ("refresh", 86_400, "a timedelta of two minutes or more, or None"),
        ("refresh", timedelta(seconds=90), "a timedelta of two minutes or more, or None"),
        ("expires", "3 days", "a timedelta of two minutes or more, or None"),
    ],
)
def test_how_stock_is_taken_is_said_in_its_own_types(field: str, given: Any, allowed: str) -> None:
    plugin = offering(provider(exporting=Exporting(**{field: given})))

    assert refusals(bad=plugin) == [PREFIX + f"'stub': exporting.{field} is {given!r}; allowed is {allowed}."]


@pytest.mark.parametrize("can", [{Capability.INVENTORY}, {Capability.SNAPSHOT, Capability.LISTINGS}])
def test_a_webstore_is_told_by_its_own_items_only_where_these_can_be_read(can: set[Capability]) -> None:
    plugin = offering(provider(exporting=Exporting(by_listing=True), capabilities=frozenset(can)))

    assert refusals(bad=plugin)[0] == PREFIX + (
        "'stub': exporting.by_listing needs Capability.LISTINGS, and goes with INVENTORY or PRICES only."
    )


def test_a_webstore_cannot_expire_before_it_must_be_told_anew() -> None:
    day = timedelta(days=1)
    plugin = offering(provider(exporting=Exporting(refresh=day, expires=day)))

    assert refusals(bad=plugin) == [
        PREFIX + f"'stub': exporting.expires is {day!r}; allowed is an age above exporting.refresh."
    ]


def test_a_declared_capability_without_its_hooks_is_refused() -> None:
    plugin = offering(provider(capabilities=ALL), fetch_order=lambda connection, order_id: None)

    assert sorted(refusals(bad=plugin)) == [
        PREFIX + f"'stub' declares Capability.{capability} without the hooks that it needs: {hooks}. "
        "Write them (with @hookimpl), or do not declare it."
        for capability, hooks in [
            ("ADMIN_URL", "order_admin_url"),
            ("CHECK", "check_connection"),
            ("ORDERS", "fetch_orders, parse_order"),
            ("STATUS", "push_status"),
            ("WEBHOOKS", "receive_webhook"),
        ]
    ]


def test_a_hook_that_no_provider_declares_is_reported_and_the_plugin_loaded() -> None:
    loaded = load(good=orders_plugin(push_status=lambda connection, delivery: None))

    assert [one.name for one in loaded.loaded] == ["good"]
    assert loaded.problems == (
        PluginProblem(
            "good",
            Words(
                "The plugin 'good': push_status will not be called: no provider of this plugin declares "
                "Capability.STATUS.",
                "플러그인 'good': push_status 훅은 호출되지 않습니다. 이 플러그인의 어느 제공자도 "
                "Capability.STATUS를 선언하지 않았습니다.",
            ),
            refused=False,
        ),
    )


def test_one_of_several_providers_may_declare_less() -> None:
    """A plugin of presets need not do everything for each."""
    plugin = offering(
        provider(name="full", capabilities=frozenset({Capability.CHECK})),
        provider(name="plain"),
        check_connection=lambda connection: None,
    )

    loaded = load(good=plugin)

    assert loaded.problems == ()
    assert list(loaded.providers) == ["full", "plain"]


def test_a_plugin_may_offer_rules_alone() -> None:
    loaded = load(good=module(product_match_rules=lambda: [product_rule()]))

    assert (loaded.problems, len(loaded.product_rules())) == ((), 1)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (product_rule("My rule"), "The rule name 'My rule' cannot be used; allowed are a-z, 0-9, _ and -."),
        (product_rule(rank="250"), "'own': rank is '250'; allowed is a whole number."),
        (product_rule(rank=True), "'own': rank is True; allowed is a whole number."),
        (product_rule(keys=None), "'own': keys is None; allowed is a function."),
        (product_rule(title="Own"), "'own': title is 'Own'; allowed is Words(en, ko)."),
    ],
)
def test_a_rule_with_an_unusable_field_is_refused(rule: ProductMatchRule, told: str) -> None:
    assert refusals(bad=module(product_match_rules=lambda: [rule])) == [PREFIX + told]


def test_a_rule_of_the_other_kind_is_refused() -> None:
    assert refusals(bad=module(product_match_rules=lambda: [customer_rule()])) == [
        PREFIX
        + "product_match_rules() returned [CustomerMatchRule, …]; allowed is a list of ProductMatchRule."
    ]


def test_rules_are_merged_by_rank_the_cores_own_first() -> None:
    """Among equal ranks the plugin's name decides, then the rule's."""
    loaded = load(
        b=module(customer_match_rules=lambda: [customer_rule("b2", rank=100), customer_rule("b1", rank=100)]),
        a=module(customer_match_rules=lambda: [customer_rule("z", rank=100), customer_rule("y", rank=50)]),
    )

    merged = loaded.customer_rules([customer_rule("phone", rank=200), customer_rule("email", rank=100)])

    assert [rule.name for rule in merged] == ["y", "email", "z", "b1", "b2", "phone"]


def test_a_rule_named_like_one_of_the_core_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    loaded = load(odd=module(product_match_rules=lambda: [product_rule("gtin", rank=1)]))

    merged = loaded.product_rules([product_rule("gtin", rank=100)])

    assert [rule.rank for rule in merged] == [100]
    assert "plugin 'odd': its rule 'gtin' is left out" in caplog.text
