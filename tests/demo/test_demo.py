"""The demonstration: from files to sales in one command, every situation in it, and nothing left behind."""

import contextlib
import io
import json
import re
import shlex
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest

from doc_blocks import blocks
from payloads import ROOT
from tillbridge.cli.running import run
from tillbridge.demo.shop import CATALOGUE_FILE, DATABASE_FILE
from tillbridge.engine import Engine
from tillbridge.model.resolutions import Resolution
from tillbridge.model.status import Status
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


def test_orders_arrive_for_as_many_rounds_as_are_asked_for(tmp_path, capsys):
    assert 0 == run(["demo", "--rounds", "2", "--every", "0.6", "--folder", str(tmp_path / "shop")])

    said = capsys.readouterr().out
    assert "Round 2: " in said
    assert "Round 3: " not in said
    assert re.search(r"Order something yourself, or let things go wrong: http://127\.0\.0\.1:\d+/", said)
    assert "pieces went off the stock" in said


@dataclass(frozen=True)
class Played:
    """A morning that was played: its story in English, and the shop that it left."""

    folder: Path
    said: str
    story: list[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The demonstration as `make demo` shows it."""
    folder = tmp_path_factory.mktemp("demo") / "shop"
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(out):
        for name in ("TILLBRIDGE_DATABASE", "TILLBRIDGE_LANG", "TILLBRIDGE_KEY", "COLUMNS"):
            patched.delenv(name, raising=False)
        assert 0 == run(["demo", "--folder", str(folder)])
    said = out.getvalue()
    story = said[said.index("A reservation is picked up") : said.index("Everything is kept")].splitlines()
    return Played(folder, said, story)


def orders(played):
    with Engine(f"sqlite:///{played.folder / DATABASE_FILE}") as engine:
        return engine.orders()


def chapter(played, begins):
    """The lines of one chapter."""
    start = next(at for at, line in enumerate(played.story) if line.startswith(begins))
    return played.story[start : played.story.index("", start)]


def number_of(heading):
    return re.findall(r"(\w+) \(", heading)[0]


def of_chapter(played, begins):
    """The order that a chapter is about, as it is afterwards."""
    number = number_of(chapter(played, begins)[0])
    return next(one for one in orders(played) if one.number == number)


@pytest.mark.row("S22")
def test_a_reservation_is_held_picked_up_and_paid(played):
    found = of_chapter(played, "A reservation is picked up")

    assert (Status.COMPLETED, Resolution.PICKED_UP, "선반 3") == (
        found.status,
        found.handover.resolution,
        found.handover.holding_place,
    )
    assert "→ Completed (완료)" in "\n".join(chapter(played, "A reservation is picked up"))


@pytest.mark.row("S23")
def test_a_paid_order_is_collected_by_somebody_else(played):
    found = of_chapter(played, "A paid order")

    assert (Status.COMPLETED, "김영희") == (found.status, found.handover.collected_by)


@pytest.mark.row("S20")
def test_a_cancellation_has_its_payment_of_nothing(played):
    found = of_chapter(played, "The customer calls and cancels")

    assert (Status.COMPLETED, Resolution.CUSTOMER_CANCELLED) == (found.status, found.handover.resolution)
    with Engine(f"sqlite:///{played.folder / DATABASE_FILE}") as engine:
        (paid,) = engine.sale(found.id).payments
    assert (0, "Stripe") == (paid.payment.amount.minor, paid.payment.card_type)


def test_a_no_show_gives_its_goods_back(played):
    found = of_chapter(played, "Nobody comes for")

    assert (Status.COMPLETED, Resolution.NOT_PICKED_UP) == (found.status, found.handover.resolution)


@pytest.mark.row("S9")
@pytest.mark.row("S12")
def test_orders_are_repaired_and_sold(played):
    assert Status.NEW is of_chapter(played, "Who is this?").status
    assert Status.NEW is of_chapter(played, "Which product is this?").status


@pytest.mark.row("S17")
def test_what_is_overdue_is_shown_and_it_says_how(played):
    said = "\n".join(played.story)

    assert "The shop's clock alone is put forward by" in said
    assert "not answered in time" in said


def test_an_order_is_accepted_in_part(played):
    assert Status.IN_PROCESS is of_chapter(played, "Only a part of it is there").status


@pytest.mark.row("S15")
def test_stock_and_prices_are_sent_as_a_file(played):
    """What the story says of the file stands in the copy of what was sent."""
    _, sent, line = chapter(played, "Stock and prices go to Locally")

    with Engine(f"sqlite:///{played.folder / DATABASE_FILE}") as engine:
        (file,) = engine.sent_files("locally-sandbox")
        assert [] == engine.export_items("locally-sandbox", "refused")
    assert f"{file.name} goes there by SFTP, {file.lines - 1} products in it" in sent
    assert line.rpartition(" as ")[2].rstrip(".") in file.path.read_text("utf-8").splitlines()


def test_receipts_are_files(played):
    number = of_chapter(played, "A reservation is picked up").number

    assert f"Receipt: receipts/{number}.txt, .html" in "\n".join(played.story)
    assert number in (played.folder / "receipts" / f"{number}.txt").read_text("utf-8")
    assert "<!doctype html>" in (played.folder / "receipts" / f"{number}.html").read_text("utf-8")


def test_the_readme_shows_its_real_output(played):
    """But for what depends on the hour of the day at which it is run."""
    (block,) = [one for one in blocks(ROOT / "README.md") if one.language == "text"]
    told = [line.rstrip() for line in played.story]
    end = told.index("Nobody has answered the others")

    assert block.code.splitlines()[: end + 1] == told[: end + 1]


def test_the_morning_is_told_in_korean_too(tmp_path, capsys):
    run(["demo", "--lang", "ko", "--folder", str(tmp_path / "shop")])

    said = capsys.readouterr().out
    headings = ("예약 주문 수령:", "결제된 주문:", "미수령:", "고객 확인:", "제품 확인:", "메시지: ")
    for words in (*headings, "Locally에 재고와 가격 전달", "파일을 SFTP로 전송"):
        assert words in said


def test_it_says_where_to_look_and_what_it_says_works(tmp_path, capsys):
    run(["demo", "--once", "--folder", str(tmp_path / "shop")])
    said = capsys.readouterr().out
    commands = re.findall(r"^  (?:\S*/)?tillbridge (.+)$", said, re.MULTILINE)

    assert (5, "demo --rounds 0") == (len(commands), commands.pop())
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
