"""What a connection needs is asked for at a terminal, and named where nobody can be asked."""

import pytest
from pydantic import BaseModel, Field, SecretStr

from tillbridge.cli.asking import ask_missing
from tillbridge.cli.session import Session
from tillbridge.provider import Provider


class Needs(BaseModel):
    shop: str = Field(
        description="Which shop it is.", json_schema_extra={"description_ko": "어느 매장인지 입력해 주세요."}
    )
    token: SecretStr = Field(description="Its key.")
    pages: int = 5


@pytest.fixture
def provider():
    return Provider(
        name="needy",
        title="Needy",
        capabilities=frozenset(),
        settings=Needs,
        account_key=lambda _: "1",
        http=lambda _: pytest.fail("not used"),
    )


@pytest.fixture
def asked(monkeypatch):
    asked = []

    def prompt(name, *, hide_input):
        asked.append((name, hide_input))
        return f" the {name} "

    monkeypatch.setattr("typer.prompt", prompt)
    return asked


def at_a_terminal(monkeypatch, *, there):
    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", property(lambda _: there))


def test_required_settings_are_asked_for_and_secrets_are_not_shown(provider, asked, monkeypatch, capsys):
    at_a_terminal(monkeypatch, there=True)
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}

    ask_missing(Session(), provider, settings, secrets)

    assert [("shop", False), ("token", True)] == asked
    assert ({"shop": "the shop"}, {"token": "the token"}) == (settings, secrets)
    assert "Which shop it is." in capsys.readouterr().out


def test_a_setting_is_told_in_korean_where_its_plugin_says_so(provider, asked, monkeypatch, capsys):
    at_a_terminal(monkeypatch, there=True)

    ask_missing(Session(language="ko"), provider, {}, {})

    assert capsys.readouterr().out == "어느 매장인지 입력해 주세요.\nIts key.\n"


def test_what_is_given_is_not_asked_for(provider, asked, monkeypatch):
    at_a_terminal(monkeypatch, there=True)

    ask_missing(Session(), provider, {"shop": "s1"}, {"token": "x"})

    assert [] == asked


def test_a_script_is_not_asked(provider, asked, monkeypatch):
    at_a_terminal(monkeypatch, there=False)

    ask_missing(Session(), provider, {}, {})

    assert [] == asked
