"""Damaged orders by command: what support is told, the kept bytes, and the replay after a fix."""

import stat
from typing import Any

import pytest
import typer

from orders import PUMP, line
from tillbridge.model.errors import PayloadError
from tillbridge.model.exchange import NotAnOrder, RawOrder
from tillbridge.model.orders import WebCustomer, WebOrder
from tillbridge.model.words import Words
from tillbridge.plugins import Plugins
from tillbridge.pos.embedded import EmbeddedPos
from tillbridge.provider import Connection
from tillbridge.testing.webstore import MemoryWebstore

pytestmark = pytest.mark.row("S14")

STRANGER = WebCustomer(full_name="이영희", email="who@example.com")


@pytest.fixture
def bad(shop, lately) -> bytes:
    """A damaged order, A1, has come; the bytes that came."""
    body: bytes = (
        lately("A1").model_dump_json().encode().replace(b'"quantity":"1"', b'"quantity":"\xec\x88\x98"')
    )
    shop.webstore.offer_bytes("A1", body)
    shop.connect()
    shop("poll")
    return body


@pytest.fixture
def older(monkeypatch):
    """A function that lets orders come under an older plugin, which misreads what their notes say."""
    parse = MemoryWebstore.parse_order

    def old(self: Any, connection: Connection, raw: RawOrder) -> WebOrder | NotAnOrder:
        order = parse(self, connection, raw)
        if isinstance(order, WebOrder) and order.note == "damaged":
            raise PayloadError(Words("note: It must be a number.", "note: 숫자여야 합니다."), path="note")
        if isinstance(order, WebOrder) and order.note == "draft":
            return NotAnOrder(Words("It is a draft.", "임시 주문입니다."))
        if isinstance(order, WebOrder) and order.note == "title":
            lines = tuple(one.model_copy(update={"title": "?"}) for one in order.lines)
            return order.model_copy(update={"lines": lines})
        return order

    def poll(shop, *orders: WebOrder) -> None:
        for one in orders:
            shop.webstore.offer(one)
        shop.connect()
        with monkeypatch.context() as patched:
            patched.setattr(Plugins, "parse_order", lambda *asked: old(shop.webstore, *asked[2:]))
            assert 0 == shop("poll").code

    return poll


def test_a_damaged_order_tells_support_what_to_look_for(shop, bad):
    english, korean = shop("order", "show", "A1").text, shop("order", "show", "A1", "--lang", "ko").text

    for part in ("eCommerce order ID A1", "lines[0].quantity: ", "tillbridge replay 1", "Tell support"):
        assert part in english
    for part in ("이커머스 주문 ID A1", "lines[0].quantity: ", "tillbridge replay 1", "지원 팀"):
        assert part in korean


def test_scripts_get_the_code_and_the_path_of_a_damage(shop, bad):
    (why,) = shop("order", "show", "A1", "--json").data["why"]

    assert {"code": "payload_damaged", "path": "lines[0].quantity", "line": None}.items() <= why.items()
    assert why["en"].startswith("lines[0].quantity: ")


def test_the_kept_bytes_are_written_to_a_file_that_only_its_owner_reads(shop, bad, folder):
    answer = shop("order", "payload", "A1", "--out", "a1.json")

    assert (0, bad) == (answer.code, (folder / "a1.json").read_bytes())
    assert "with the customer's data" in answer.err
    assert 0o600 == stat.S_IMODE((folder / "a1.json").stat().st_mode)


def test_a_file_that_is_there_is_not_overwritten(shop, bad, folder):
    (folder / "a1.json").write_text("mine")

    answer = shop("order", "payload", "A1", "--out", "a1.json")

    assert (2, "mine") == (answer.code, (folder / "a1.json").read_text())


def test_the_kept_bytes_go_to_the_standard_output_and_nothing_else_does(shop, bad):
    answer = shop("order", "payload", "A1", "--part", "order")

    assert (0, bad) == (answer.code, answer.out.encode())
    assert "with the customer's data" in answer.err


def test_a_payload_as_json_says_its_parts(shop, bad):
    data = shop("order", "payload", "A1", "--json").data

    assert {"id": 1, "webstore_id": "A1", "source": "poll"}.items() <= data.items()
    assert (len(bad), bad.decode()) == (data["parts"]["order"]["bytes"], data["parts"]["order"]["text"])


def test_a_part_that_is_not_there_is_code_2_and_names_those_that_are(shop, bad):
    answer = shop("order", "payload", "A1", "--part", "lines")

    assert 2 == answer.code
    assert "There are: order." in answer.err


def test_a_replay_shows_what_changes_and_then_does_it(shop, lately, older):
    older(shop, lately("A1", note="damaged"))

    answer = shop("replay", "A1", "--yes")

    assert 0 == answer.code
    for part in (
        "A1 (1, web): Sale Processing Failed → New",
        "- note: It must be a number.",
        "1 looked at: 1 would change, 0 would stay as they are.",
        "A1 (1, web): New",
        "1 replayed: 1 New.",
    ):
        assert part in answer.text
    assert ["New"] == [one["status"] for one in shop("orders", "--json").data]


def test_a_replay_speaks_korean(shop, lately, older):
    older(shop, lately("A1", note="damaged"))

    text = shop("replay", "A1", "--lang", "ko").text

    for part in (
        "판매 처리 실패 → 신규",
        "- note: 숫자여야 합니다.",
        "1건 확인: 1건 변경",
        "1건 처리: 신규 1건",
    ):
        assert part in text


def test_a_dry_run_does_nothing(shop, lately, older):
    older(shop, lately("A1", note="damaged"))

    data = shop("replay", "--all-failed", "--dry-run", "--json").data

    assert {"dry_run": True, "differ": 1, "done": 0, "statuses": {"New": 1}}.items() <= data.items()
    (order,) = data["orders"]
    assert {
        "status": "Sale Processing Failed",
        "status_then": "New",
        "act": "process",
    }.items() <= order.items()
    assert ["note"] == [one["path"] for one in order["reasons_gone"]]
    assert ["Sale Processing Failed"] == [one["status"] for one in shop("orders", "--json").data]


@pytest.mark.row("S25")
def test_all_of_a_reason_are_replayed_by_a_script_and_signed(shop, lately, older):
    older(shop, lately("A1", note="damaged"), lately("A2", note="damaged"), lately("A3", customer=STRANGER))

    data = shop("replay", "--reason", "payload-damaged", "--who", "지은", "--note", "mended", "--json").data

    assert {"done": 2, "statuses": {"New": 2}}.items() <= data.items()
    assert ["A1", "A2"] == [one["webstore_id"] for one in data["orders"] if one["done"]]
    entries = shop("order", "show", "A1", "--json").data["timeline"]
    assert ("지은", "The kept data was replayed: mended") in [(one["who"], one["en"]) for one in entries]


def test_what_was_no_order_is_replayed_by_its_reason(shop, lately, older):
    older(shop, lately("A1", note="draft"))
    assert [] == shop("orders", "--json").data

    answer = shop("replay", "--reason", "not_an_order")

    assert "A1 (web): no order → New" in answer.text
    assert ["New"] == [one["status"] for one in shop("orders", "--json").data]


def test_a_sold_order_is_compared_and_says_why_it_is_not_sold_again(shop, lately, older):
    older(shop, lately("A1", line(title="헬멧"), note="title"))

    text = shop("replay", "A1").text

    assert "lines[0].title: ? → 헬멧" in text
    assert "It is not sold again, only compared: There is a sale for this order already." in text
    assert "A1 (1, web): New; differs from its sale" in text
    assert "Changed by the webstore after its sale." in shop("order", "show", "A1").text
    assert 10 == shop("catalogue", "show", PUMP, "--json").data["on_hand"]["seoul"]


def test_an_order_of_which_nothing_changes_is_said_to_stay(shop, bad):
    answer = shop("replay", "A1")

    assert "nothing would change" in answer.text
    assert "replayed" not in answer.text


def test_a_person_is_asked_first_and_may_say_no(shop, lately, older, monkeypatch):
    older(shop, lately("A1", note="damaged"))
    monkeypatch.setattr("tillbridge.cli.session.Session.interactive", True)
    asked: list[str] = []

    def no(question: str, **_: Any) -> None:
        asked.append(question)
        raise typer.Abort

    monkeypatch.setattr("typer.confirm", no)

    assert 1 == shop("replay", "A1").code
    assert ["Replay these?"] == asked
    assert ["Sale Processing Failed"] == [one["status"] for one in shop("orders", "--json").data]


@pytest.mark.parametrize("wrong", [(), ("A1", "--all-failed"), ("--reason", "bad luck"), ("A9",)])
def test_what_cannot_be_meant_is_code_2(shop, bad, wrong):
    assert 2 == shop("replay", *wrong).code


def test_an_unknown_reason_names_those_that_there_are(shop, bad):
    assert "There are: payload_damaged, totals_mismatch" in shop("replay", "--reason", "bad luck").err


def test_a_connection_in_trouble_is_code_1(shop, lately, older, monkeypatch):
    older(shop, lately("A1", note="damaged"))

    def away(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(EmbeddedPos, "stores", away)
    answer = shop("replay", "--all-failed", "--json")

    assert (1, ["web"]) == (answer.code, list(answer.data["troubles"]))
