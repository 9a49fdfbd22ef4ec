"""The demonstration: from files to sales in one command, every situation in it, and nothing left behind."""

import json
import re
import shlex
import xml.etree.ElementTree as ET

import pytest

from tillbridge.cli.running import run
from tillbridge.demo.shop import CATALOGUE_FILE, DATABASE_FILE
from tillbridge.engine import Engine
from tillbridge.pos.embedded import EmbeddedPos

FAILED = {"Customer ID Required", "Product Match Failed", "Sale Processing Failed"}


@pytest.fixture(autouse=True)
def no_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("TILLBRIDGE_DATABASE", "TILLBRIDGE_LANG", "TILLBRIDGE_KEY", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def once(tmp_path, capsys):
    """What one round says, as data."""

    def run_once(*more):
        assert 0 == run(["demo", "--once", "--json", *more])
        return json.loads(capsys.readouterr().out)

    return run_once


@pytest.mark.row("S5")
@pytest.mark.row("S6")
def test_every_situation_occurs(once):
    found = once()

    statuses = [order["status"] for order in found["orders"]]
    assert set(statuses) >= FAILED | {"New"}
    assert [order["status"] == "New" for order in found["orders"]] == [
        order["barcode"] is not None for order in found["orders"]
    ]
    assert all(
        order["reason"] and order["reason_ko"] for order in found["orders"] if order["status"] in FAILED
    )


@pytest.mark.row("S5")
def test_the_stock_moves_by_what_was_sold(once, tmp_path):
    found = once("--folder", str(tmp_path / "shop"))

    with Engine(f"sqlite:///{tmp_path / 'shop' / DATABASE_FILE}") as engine:
        sold = [order for order in engine.orders() if order.barcode]
        assert isinstance(engine.pos, EmbeddedPos)
        assert found["stock_moved"] == sum(line.quantity for order in sold for line in order.lines)
    assert found["stock_moved"] > 0


def test_the_same_seed_makes_the_same_orders(once):
    one, same, other = once("--seed", "3"), once("--seed", "3"), once("--seed", "4")

    assert one == same
    assert one != other


def test_without_a_folder_json_leaves_nothing_behind(once, tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))

    once()

    assert [] == list((tmp_path / "temporary").iterdir())


def test_without_a_terminal_it_ends_by_itself_and_says_so(tmp_path, capsys):
    assert 0 == run(["demo", "--every", "0.6", "--folder", str(tmp_path / "shop")])

    said = capsys.readouterr().out
    assert "No terminal: it ends after 3 rounds" in said
    assert "Round 2: " in said
    assert "pieces went off the stock" in said


def test_it_says_where_to_look_and_what_it_says_works(tmp_path, capsys):
    run(["demo", "--once", "--folder", str(tmp_path / "shop")])
    said = capsys.readouterr().out
    commands = re.findall(r"^  (?:\S*/)?tillbridge (.+)$", said, re.MULTILINE)

    assert 4 == len(commands)
    for command in commands:
        assert 0 == run(shlex.split(command)), command


def test_it_speaks_korean(tmp_path, capsys):
    run(["demo", "--once", "--lang", "ko", "--folder", str(tmp_path / "shop")])

    said = capsys.readouterr().out
    for word in ("신규", "고객 ID 필요", "제품 확인 실패", "판매 처리 실패", "판매 바코드"):
        assert word in said


def test_a_folder_is_used_once(tmp_path, capsys):
    run(["demo", "--once", "--folder", str(tmp_path / "shop")])

    assert 2 == run(["demo", "--once", "--folder", str(tmp_path / "shop")])
    assert "the demonstration needs a folder of its own" in capsys.readouterr().err


def test_the_picture_is_a_picture_of_what_was_shown(tmp_path, capsys):
    picture = tmp_path / "demo.svg"

    run(["demo", "--once", "--folder", str(tmp_path / "shop"), "--picture", str(picture)])

    shown = "".join(ET.parse(picture).getroot().itertext()).replace("\N{NO-BREAK SPACE}", " ")
    assert "Customer ID Required" in shown


def test_the_shops_files_can_be_imported_by_hand(tmp_path, once):
    once("--folder", str(tmp_path / "shop"))

    names = {file.name for file in (tmp_path / "shop").glob("*.csv")}

    assert {CATALOGUE_FILE, "hanbit.csv", "customers.csv"} <= names
