"""What was pasted into the wrong field, or is no address, is told before the webstore is asked, in words."""

from types import SimpleNamespace
from typing import cast

import pytest
from pydantic import BaseModel

import tillbridge_generic_webstore
from tillbridge import plugins
from tillbridge.connections import read_settings
from tillbridge.connections.files import secret_fields
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.plugin import Connection, Misconfigured
from tillbridge.setting_forms import unusual
from tillbridge_generic_webstore.calling.since import zone_of
from tillbridge_generic_webstore.calling.templates import compile_template
from tillbridge_generic_webstore.language.mistakes import Mistakes

URL = "https://shop.example"
KEY, SECRET = "ck_" + "a1" * 20, "cs_" + "b2" * 20


def faults(provider: str, settings: dict[str, str], secrets: dict[str, str]) -> Words:
    found = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore}).provider(provider)
    with pytest.raises(InputError) as caught:
        read_settings(found, settings, secrets)
    return caught.value.words


def test_keys_that_were_swapped_are_told_each_with_what_fits() -> None:
    said = faults("woocommerce", {"url": URL}, {"key": SECRET, "secret": KEY})

    assert said.en == (
        "The settings for WooCommerce do not fit. "
        "--secret key must be the consumer key, which begins with ck_; "
        "--secret secret must be the consumer secret, which begins with cs_."
    )
    assert "--secret key: 형식이 맞지 않습니다. 필요한 형식: ck_로 시작하는 소비자 키" in said.ko


@pytest.mark.parametrize(
    ("provider", "settings", "secrets", "said"),
    [
        (
            "bigcommerce",
            {"store": "https://api.bigcommerce.com/stores/abc123/v3/"},
            {"token": "t"},
            "--set store must be the store hash alone: what stands between /stores/ and /v3 in the API path",
        ),
        (
            "naver",
            {"client_id": "a"},
            {"client_secret": "a$04$abcdefghijklmnopqrstuu"},
            "--secret client_secret must be the application's secret, which begins with $2a$",
        ),
        (
            "cafe24",
            {"mall": "shop.cafe24.com", "client_id": "a", "markets": "no"},
            {"client_secret": "s", "refresh_token": "r"},
            "--set mall must be the mall ID alone, without .cafe24.com",
        ),
    ],
)
def test_what_cannot_be_a_presets_key_is_refused(provider, settings, secrets, said) -> None:
    assert said in faults(provider, settings, secrets).en


@pytest.mark.parametrize(
    ("provider", "name", "fitting", "other"),
    [
        ("shopify", "client_secret", "shpss_" + "0a" * 16, "shpat_" + "0a" * 16),
        ("shopify", "url", "https://handsome.myshopify.com", "https://admin.shopify.com/store/handsome"),
        ("square", "token", "EAAAl" + "x" * 59, "sq0csp-" + "x" * 43),
        ("ecwid", "token", "secret_abc", "public_abc"),
        ("medusa", "key", "sk_abc", "pk_abc"),
        ("magento", "token", "a1" * 16, "a1" * 10),
        ("prestashop", "key", "A1" * 16, "A1"),
        ("saleor", "url", "https://x.saleor.cloud/graphql/", "https://x.saleor.cloud"),
    ],
)
def test_a_key_of_another_than_its_usual_form_is_told_and_taken(provider, name, fitting, other) -> None:
    found = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore}).provider(provider)

    assert unusual(found.settings, {name: fitting}) == {}
    assert list(unusual(found.settings, {name: other})) == [name]
    read_settings(found, *given(found, {name: other}))


def given(provider, some: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Settings and secrets of a provider: something for each that it needs."""
    usual = {"url": URL, "currency": "EUR", "timezone": "UTC", "store": "7"}
    fields = provider.settings.model_fields
    filled = {name: usual.get(name, "x") for name, one in fields.items() if one.is_required()} | some
    secret = secret_fields(provider)
    return (
        {name: value for name, value in filled.items() if name not in secret},
        {name: value for name, value in filled.items() if name in secret},
    )


@pytest.mark.parametrize(
    "behind", ["/wp-admin", "/wp-admin/admin.php", "/blog/wp-json/wc/v3", "/wp-login.php"]
)
def test_the_address_of_another_page_of_the_shop_is_told(behind: str) -> None:
    said = faults("woocommerce", {"url": f"{URL}{behind}"}, {"key": KEY, "secret": SECRET})

    assert "must be the shop's own address, without /wp-admin or /wp-json behind it" in said.en


def test_a_shop_in_a_folder_is_taken() -> None:
    found = plugins.load([], extra={"generic_webstore": tillbridge_generic_webstore}).provider("woocommerce")

    made = read_settings(found, {"url": "shop.example/blog/"}, {"key": KEY, "secret": SECRET})

    assert made.model_dump()["url"] == "https://shop.example/blog"


@pytest.mark.parametrize(
    "address", ["https://", "https://user:word@shop.example", "https://shop.example?x=1", "a b"]
)
def test_what_is_no_address_is_told_in_both_languages(address: str) -> None:
    said = faults("woocommerce", {"url": address}, {"key": KEY, "secret": SECRET})

    assert "must be an address like https://shop.example, without user name, ? and #" in said.en
    assert "필요한 형식: https://shop.example 같은 주소(사용자 이름, ?, # 없이)" in said.ko


def test_what_is_no_zone_is_told_in_both_languages() -> None:
    said = faults("prestashop", {"url": URL, "currency": "EUR", "timezone": "Seoul"}, {"key": "k"})

    assert "must be a time zone's name, like Asia/Seoul" in said.en
    assert "필요한 형식: Asia/Seoul 같은 시간대 이름" in said.ko


def test_a_zone_that_a_list_is_asked_in_and_that_is_none_is_told_as_a_setting() -> None:
    """Kept before zones were checked, or of a setting that is any text."""
    template = compile_template("{timezone}", {"timezone"}, (), Mistakes())

    with pytest.raises(Misconfigured, match='"Seoul" is no time zone'):
        zone_of(template, cast("Connection", SimpleNamespace(settings=Zoned(timezone="Seoul"))))


class Zoned(BaseModel):
    timezone: str
