"""docs/profiles.md is run: its profile reads its payload, every piece of TOML loads, every key is told."""

import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from doc_blocks import Block, blocks
from payloads import ROOT
from tillbridge.cli.running import run
from tillbridge_generic_webstore.expressions.functions import FUNCTIONS
from tillbridge_generic_webstore.language import loading
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.positions import Positions
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.reference import reference

PAGE = ROOT / "docs" / "profiles.md"
BLOCKS = blocks(PAGE)
(PAYLOAD,) = (block.code for block in BLOCKS if block.language == "json")
(WHOLE,) = (block.code for block in BLOCKS if block.file == "profiles/kiosk.toml")
PIECES = [block for block in BLOCKS if block.language == "toml" and not block.file]


@pytest.fixture
def program(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")
    Path("orders.json").write_text(PAYLOAD, "utf-8")

    def run_it(*arguments: str) -> str:
        assert run(arguments) == 0
        told: str = capsys.readouterr().out
        return told

    return run_it


def test_the_walk_leads_to_a_profile_that_reads_its_payload(program):
    commands = [
        shlex.split(line.removeprefix("$ tillbridge "))
        for block in BLOCKS
        if block.language == "console" and block.heading == "From a payload to a connection"
        for line in block.code.splitlines()
    ]
    new, tried, checked, *_ = commands

    program(*new)
    assert "Whole: 1" in program(*tried)

    Path("profiles/kiosk.toml").write_text(WHOLE, "utf-8")
    assert program(*checked) == "profiles/kiosk.toml: no mistake.\n"
    assert "32000 KRW = lines 29000 + shipping 3000" in program(*tried)


def test_what_the_page_shows_of_try_is_what_it_says(program):
    Path("shop.toml").write_text(WHOLE, "utf-8")
    (shown,) = (one.code for one in BLOCKS if one.language == "text" and "KRW" in one.code)

    said = program("profile", "try", "shop.toml", "orders.json")

    assert [line for line in shown.splitlines() if line not in said] == []


def merged(base: Any, more: Any) -> Any:
    """Lay a piece over the whole profile: tables are merged, all else and what is sent is replaced."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {
            **base,
            **{key: one if key == "query" else merged(base.get(key), one) for key, one in more.items()},
        }
    return more


@pytest.mark.parametrize("block", PIECES, ids=lambda block: f"line {block.line}")
def test_every_piece_of_toml_fits_into_the_profile(block: Block):
    data = merged(tomllib.loads(WHOLE), tomllib.loads(block.code))
    mistakes = Mistakes()

    loading._compile(Profile.model_validate(data), mistakes, Positions())

    assert [(one.place, one.words.en) for one in mistakes] == []


def test_every_function_is_told():
    text = PAGE.read_text("utf-8")

    assert [one.shape for one in FUNCTIONS.values() if f"`{one.shape}`" not in text] == []


def test_the_reference_is_as_the_models_are():
    """Written anew by `python -m tillbridge_generic_webstore.language.reference`."""
    assert (ROOT / "docs" / "profile-reference.md").read_text("utf-8") == reference()


def test_no_key_is_left_without_a_meaning():
    rows = [line for line in reference().splitlines() if line.startswith("| `")]

    assert [line for line in rows if line.endswith("|  |")] == []


def test_the_walks_profile_is_one_whole():
    assert load_profile(WHOLE, "kiosk.toml").profile.title == "Kiosk"
