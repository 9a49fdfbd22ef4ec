"""A key is held against what the connection is for, before anything is asked."""

import pytest
from pydantic import ValidationError

from plugins.stripe_payments.samples import SETTINGS
from tillbridge.plugin import Misconfigured
from tillbridge_stripe_payments.settings import Settings, account_key, http_settings


def settings(**changed: object) -> Settings:
    return Settings.model_validate(SETTINGS | changed)


def test_a_live_key_in_a_connection_for_trying_out_is_refused() -> None:
    with pytest.raises(
        Misconfigured, match="This is a live key, and the connection is for trying things out"
    ):
        http_settings(settings(secret_key="rk_live_51Tillbridge"))


def test_a_test_key_in_a_connection_for_real_payments_is_refused() -> None:
    with pytest.raises(Misconfigured, match="it would see none of them"):
        http_settings(settings(mode="live"))


@pytest.mark.parametrize("key", ["pk_test_1", "whsec_1", "51abc", "sk_org_live_1", "rk-test-1"])
def test_what_is_no_secret_key_is_refused(key: str) -> None:
    with pytest.raises(Misconfigured, match="secret_key is no key that Stripe's API takes"):
        http_settings(settings(secret_key=key))


@pytest.mark.parametrize("key", ["rk_live_1", "sk_live_1"])
def test_a_live_key_goes_to_stripe_and_nowhere_else(key: str) -> None:
    live = {"mode": "live", "secret_key": key}

    assert http_settings(settings(**live)).base_url == "https://api.stripe.com"
    with pytest.raises(Misconfigured, match="base_url is not Stripe's address"):
        http_settings(settings(**live, base_url="http://127.0.0.1:8420"))


@pytest.mark.parametrize(
    "address", ["https://stripe.example", "http://192.168.0.2", "https://api.stripe.com.example"]
)
def test_a_test_key_goes_to_stripe_or_this_computer(address: str) -> None:
    with pytest.raises(Misconfigured, match="base_url is not Stripe's address"):
        http_settings(settings(base_url=address))


def test_the_version_is_pinned_and_the_key_hidden() -> None:
    made = http_settings(settings(secret_key=" rk_test_51Tillbridge\n"))

    assert made.headers["Stripe-Version"] == "2025-04-30.basil"
    assert "rk_test_51Tillbridge" in list(made.known_secrets())
    assert "rk_test" not in repr(made)


@pytest.mark.parametrize("account", ["", "1001", "acct_", "acct_1; drop"])
def test_an_account_is_named_by_stripes_id(account: str) -> None:
    with pytest.raises(ValidationError):
        settings(account=account)


@pytest.mark.parametrize("secret", ["rk_test_51Tillbridge", "whsec_", " "])
def test_a_webhook_secret_is_the_endpoints_and_no_key(secret: str) -> None:
    with pytest.raises(ValidationError):
        settings(webhook_secret=secret)


def test_an_account_is_connected_once_for_each_mode_and_webstore() -> None:
    keys = [
        account_key(settings()),
        account_key(settings(mode="live")),
        account_key(settings(shop_metadata="site_url=https://a.example")),
    ]

    assert keys == ["acct_1:test", "acct_1:live", "acct_1:test:site_url=https://a.example"]
