"""How every command ends: its exit code, one sentence for people, JSON for scripts, and no traceback."""

import json
import logging

import pytest
from sqlalchemy.exc import OperationalError

from tillbridge.cli.app import command
from tillbridge.cli.running import hoist, run
from tillbridge.cli.session import guess_language
from tillbridge.model.errors import (
    DatabaseUnready,
    InputError,
    Misconfigured,
    NotAllowed,
    NotFound,
    PayloadError,
    PluginError,
    Rejected,
    Retryable,
)
from tillbridge.model.words import Words


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("TILLBRIDGE_DATABASE", "TILLBRIDGE_LANG", "TILLBRIDGE_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("given", "front"),
    [
        (["orders", "--json"], ["--json", "orders"]),
        (["order", "show", "3", "--lang", "ko", "--json"], ["--lang", "ko", "--json", "order", "show", "3"]),
        (["orders", "--database=sqlite:///a.db"], ["--database=sqlite:///a.db", "orders"]),
        (["order", "show", "--", "--json"], ["order", "show", "--", "--json"]),
        (["orders", "--lang"], ["--lang", "orders"]),
        (["orders", "--status", "New"], ["orders", "--status", "New"]),
    ],
)
def test_some_options_may_stand_anywhere(given, front):
    assert front == hoist(given)


@pytest.mark.parametrize(
    ("error", "code", "name"),
    [
        (InputError("x"), 2, "input_error"),
        (NotFound("x"), 2, "not_found"),
        (NotAllowed("x"), 3, "not_allowed"),
        (Retryable("x"), 4, "retryable"),
        (Rejected("x"), 4, "rejected"),
        (PayloadError("x", path="a"), 4, "payload_error"),
        (Misconfigured("x"), 4, "misconfigured"),
        (PluginError("x"), 4, "plugin_error"),
        (DatabaseUnready("x"), 5, "database_unready"),
        (OperationalError("SELECT 'secret'", {}, Exception("no such host\nsecret")), 5, "database_away"),
        (KeyError("secret"), 70, "fault"),
    ],
)
def test_each_error_has_its_exit_code_and_its_name(error, code, name, monkeypatch, capsys):
    def fail(_):
        raise error

    monkeypatch.setattr("tillbridge.engine.Engine.init", fail)

    assert code == run(["init", "--json"])

    told = capsys.readouterr()
    assert name == json.loads(told.out)["error"]["code"]
    assert 1 == len(told.err.strip().splitlines())
    assert "secret" not in told.err + told.out
    assert "Traceback" not in told.err


def test_an_error_is_said_in_the_chosen_language(monkeypatch, capsys):
    def fail(_):
        raise NotAllowed(Words("This is not possible.", "지금은 할 수 없습니다."))

    monkeypatch.setattr("tillbridge.engine.Engine.init", fail)

    run(["init", "--lang", "ko"])

    told = capsys.readouterr()
    assert ("", "지금은 할 수 없습니다.\n") == (told.out, told.err)


def test_json_has_an_errors_sentence_in_both_languages(monkeypatch, capsys):
    def fail(_):
        raise NotAllowed(Words("This is not possible.", "지금은 할 수 없습니다."))

    monkeypatch.setattr("tillbridge.engine.Engine.init", fail)

    run(["--json", "init"])

    assert {
        "error": {
            "code": "not_allowed",
            "message": "This is not possible.",
            "message_ko": "지금은 할 수 없습니다.",
        }
    } == json.loads(capsys.readouterr().out)


def test_debug_shows_where_an_error_comes_from(monkeypatch, capsys):
    def fail(_):
        raise KeyError

    monkeypatch.setattr("tillbridge.engine.Engine.init", fail)

    run(["init", "--debug"])

    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "times"), [([], 0), (["--debug"], 1)])
def test_the_log_is_shown_only_with_debug(options, times, monkeypatch, capsys):
    def warn(_):
        logging.getLogger("tillbridge.engine").warning("It is away.")

    monkeypatch.setattr("tillbridge.engine.Engine.init", warn)

    run(["init", *options])

    assert times == capsys.readouterr().err.count("It is away.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["connections", "--nonsense"], "No such option: --nonsense."),
        (["order", "show"], "Missing argument"),
        (["connect", "locally"], "Missing option"),
        (["orders", "--lang", "fr"], "--lang 'fr' is not known: en or ko."),
        (["demo", "--every", "soon"], "--every must be a number."),
        (["orders", "--database", "mysql://host/name"], "The database URL cannot be used."),
        (["orders", "--status", "Nowhere"], "There is no status 'Nowhere'."),
    ],
)
def test_wrong_usage_is_code_2_and_says_what_is_wrong(given, said, capsys):
    assert 2 == run(given)

    told = capsys.readouterr()
    assert said in " ".join(told.err.split())
    assert "" == told.out


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path, capsys):
    assert 5 == run(["orders"])

    assert "There is no database tillbridge.db yet." in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


def test_a_group_without_a_command_shows_its_help(capsys):
    assert 2 == run(["store"])

    told = capsys.readouterr()
    assert "Add a store." in told.out + told.err


def test_no_command_shows_the_help(capsys):
    assert 0 == run([])

    assert "point of sale" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "environment", "language"),
    [
        ([], {"LANG": "ko_KR.UTF-8"}, "ko"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "C", "TILLBRIDGE_LANG": "ko"}, "ko"),
        (["--lang", "en"], {"LANG": "ko_KR.UTF-8", "TILLBRIDGE_LANG": "ko"}, "en"),
        (["--lang=ko"], {"LANG": "C"}, "ko"),
        (["--lang"], {"LANG": "C"}, "en"),
    ],
)
def test_the_language_is_the_options_the_variables_or_the_locales(given, environment, language, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "TILLBRIDGE_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language == guess_language(given)


def test_the_commands_are_put_together_once():
    """Groups that several parts add to grew with every command that one process ran."""
    first = command()

    assert first is command()
