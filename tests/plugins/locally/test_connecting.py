"""Connecting: the settings explain themselves, the check says what is wrong, and the plugin loads."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

import tillbridge_locally
from plugins.locally.samples import KOREAN, Document, Parse, connect, offline
from tillbridge.plugin import Connection, Misconfigured
from tillbridge_locally.settings import Settings, account_key, http_settings

Connect = Callable[..., Connection]


def test_every_setting_says_what_it_is() -> None:
    assert [] == [name for name, one in Settings.model_fields.items() if not one.description]


def test_store_ids_may_be_written_in_one_line() -> None:
    assert ("12", "13") == Settings.model_validate(KOREAN | {"store_ids": "12, 13,"}).store_ids


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "WON"},
        {"country": "Korea"},
        {"accept_hours": 6},
        {"api_token": ""},
        {"company_id": "a/b"},
    ],
)
def test_settings_that_cannot_be_used(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(KOREAN | wrong)


def test_the_key_is_shown_nowhere() -> None:
    settings = Settings.model_validate(KOREAN)

    assert "hidden-token" not in repr(settings) + repr(http_settings(settings)) + settings.model_dump_json()


def test_an_account_is_a_company() -> None:
    """Two connections to one company are one account, whatever stores they name."""
    one = Settings.model_validate(KOREAN | {"store_ids": "12"})
    other = Settings.model_validate(KOREAN | {"store_ids": "13"})

    assert account_key(one) == account_key(other)


def test_the_check_names_the_account(connected: Connect) -> None:
    checked = tillbridge_locally.check_connection(connected())

    assert ("Locally sandbox (4711)", ()) == (checked.account, checked.notes)


def test_the_check_notes_what_differs(connected: Connect) -> None:
    checked = tillbridge_locally.check_connection(connected(currency="USD"))

    assert ["currency is set to USD, but Locally has KRW for Sandbox."] == [note.en for note in checked.notes]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"api_token": "wrong"}, "refused the credentials"),
        ({"company_id": "1"}, "no company 1"),
        ({"store_ids": "20301,77"}, "no store 77 at Locally; it has: 20301"),
    ],
)
def test_the_check_says_what_to_mend(connected: Connect, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        tillbridge_locally.check_connection(connected(**wrong))


def test_a_test_key_is_noted() -> None:
    """The published rule: a key that begins with test_ sees test carts only."""
    company = {"success": True, "data": {"id": "4711", "name": "Shop"}}
    answers = httpx.MockTransport(lambda _request: httpx.Response(200, json=company))
    settings = Settings.model_validate(KOREAN | {"api_token": "test_key"})
    checked = tillbridge_locally.check_connection(connect(settings, transport=answers))

    assert ["This is a test key: it sees test carts only."] == [note.en for note in checked.notes]


@pytest.mark.row("S12")
def test_where_staff_see_the_order(parse: Parse, document: Document) -> None:
    connection = offline(Settings.model_validate(KOREAN))

    assert "http://127.0.0.1:9/station/orders/QE3QL6" == tillbridge_locally.order_admin_url(
        connection, parse(document)
    )


def test_the_readme_names_every_setting() -> None:
    """Who connects finds each setting in the plugin's README."""
    readme = (Path(__file__).parents[3] / "plugins/locally/README.md").read_text(encoding="utf-8")

    assert [] == [name for name in Settings.model_fields if f"| `{name}` |" not in readme]
