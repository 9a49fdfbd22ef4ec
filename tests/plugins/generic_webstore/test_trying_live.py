"""`tillbridge profile try --live` tries how a live webstore is asked, and shows its orders."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.generic_webstore.connecting import PRESETS
from plugins.generic_webstore.woo.server import WooServer, serving_today
from tillbridge.cli.running import run


@pytest.fixture
def woo() -> Iterator[WooServer]:
    with serving_today() as server:
        yield server


@pytest.fixture
def try_live(woo: WooServer, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("WOO_KEY", woo.settings["key"])
    monkeypatch.setenv("WOO_SECRET", woo.settings["secret"])

    def run_it(profile: str, *more: str) -> tuple[int, Any]:
        code = run(
            (
                *("profile", "try", profile, "--live", "--json", "--set", f"url={woo.settings['url']}"),
                *("--secret", "key=env:WOO_KEY", "--secret", "secret=env:WOO_SECRET", *more),
            )
        )
        return code, json.loads(capsys.readouterr().out)

    return run_it


def test_a_preset_that_asks_well_loses_nothing_and_reads_its_orders(try_live):
    code, told = try_live("woocommerce")

    assert (code, told["whole"]) == (0, 3)
    assert [one["fault"] for one in told["findings"] if one["grave"]] == []


def test_it_says_how_many_orders_there_are_and_how_many_were_looked_at(try_live):
    """However few are shown."""
    code, told = try_live("woocommerce", "--most", "0")

    assert (code, told["whole"]) == (0, 3)
    assert told["listed"] == {"count": 3, "ended": True, "looked_at": 3, "trouble": None}


def test_people_read_how_many_there_are(try_live, capsys, woo):
    run(
        (
            *("profile", "try", "woocommerce", "--live", "--set", f"url={woo.settings['url']}"),
            *("--secret", "key=env:WOO_KEY", "--secret", "secret=env:WOO_SECRET", "--most", "0"),
        )
    )

    assert "3 orders are listed; 3 were looked at.\n" in capsys.readouterr().out


def test_a_filter_that_is_misspelt_is_found(try_live):
    text = (PRESETS / "woocommerce.toml").read_text("utf-8")
    Path("shop.toml").write_text(text.replace("modified_after =", "modified_afer ="), "utf-8")

    code, told = try_live("shop.toml")

    assert code == 1
    assert "filter ignored" in [one["fault"] for one in told["findings"]]


def test_a_secret_is_never_shown(try_live, capsys, woo):
    run(
        (
            *("profile", "try", "woocommerce", "--live", "--set", f"url={woo.settings['url']}"),
            *("--secret", "key=env:WOO_KEY", "--secret", "secret=env:WOO_SECRET"),
        )
    )
    told = capsys.readouterr()

    assert "Whole: 3" in told.out
    assert woo.settings["secret"] not in told.out + told.err


def test_a_setting_that_is_missing_is_told(try_live, capsys):
    assert run(("profile", "try", "woocommerce", "--live")) == 2
    assert "--set url is missing" in capsys.readouterr().err


def test_a_refused_key_is_given_anew_by_its_option(try_live, monkeypatch, capsys, woo):
    monkeypatch.setenv("WOO_SECRET", "cs_wrong")

    code = run(
        (
            *("profile", "try", "woocommerce", "--live", "--set", f"url={woo.settings['url']}"),
            *("--secret", "key=env:WOO_KEY", "--secret", "secret=env:WOO_SECRET"),
        )
    )

    said = capsys.readouterr().err
    assert code != 0, said
    assert "No connection is kept yet: give the right ones (--secret key=-, --secret secret=-" in said


def test_a_key_of_an_unusual_form_is_told_before_it_is_tried(woo, capsys, tmp_path, monkeypatch):
    text = (PRESETS / "woocommerce.toml").read_text("utf-8")
    text = text.replace("secret = true, pattern = 'ck_\\w+'", "secret = true, usual = 'ck_live_.+'")
    (tmp_path / "shop.toml").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WOO_KEY", woo.settings["key"])
    monkeypatch.setenv("WOO_SECRET", woo.settings["secret"])

    code = run(
        (
            *("profile", "try", "shop.toml", "--live", "--set", f"url={woo.settings['url']}"),
            *("--secret", "key=env:WOO_KEY", "--secret", "secret=env:WOO_SECRET"),
        )
    )

    said = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert "--secret key is usually the consumer key, which begins with ck_; what was given is not." in said
