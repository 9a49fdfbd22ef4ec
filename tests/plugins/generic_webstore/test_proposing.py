"""`tillbridge profile new` proposes a profile from a payload: by names, by forms, by what adds up."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payloads import payload_files, payload_name
from tillbridge.cli.running import run
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.proposing.proposal import Proposal, propose
from tillbridge_generic_webstore.proposing.writing import About, write_profile

ORDERS = {
    "orders": [
        {
            "id": "1001",
            "number": "K-1001",
            "state": "open",
            "placed": "2026-03-01T09:00:00Z",
            "changed": "2026-03-01T09:02:00Z",
            "currency": "KRW",
            "total": "32000",
            "customer": {
                "id": "c-7",
                "name": "김민수",
                "email": "minsu@mail.example",
                "phone": "010-1234-5678",
            },
            "shipping": {"price": "3000", "city": "서울", "zip": "04524", "country": "KR", "name": "김민수"},
            "items": [
                {"id": "1", "title": "Bell", "quantity": 2, "price": "14500", "barcode": "8801234567893"},
            ],
        },
        {
            "id": "1002",
            "number": "K-1002",
            "state": "collected",
            "placed": "2026-03-01T10:00:00Z",
            "changed": "2026-03-01T10:00:00Z",
            "currency": "KRW",
            "total": "10000",
            "customer": {"id": None, "name": "이지은", "email": None, "phone": None},
            "shipping": {"price": "0", "city": "", "zip": "", "country": "", "name": ""},
            "items": [{"id": "1", "title": "Pump", "quantity": 1, "price": "10000", "barcode": None}],
        },
    ],
    "next": None,
}


@pytest.fixture
def program(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    Path("orders.json").write_text(json.dumps(ORDERS), "utf-8")

    def run_it(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(("profile", *arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_it


def proposed(data: Any) -> Proposal:
    found = propose(data)
    assert found is not None
    return found


def expressions(entries: Any) -> dict[str, str]:
    return {one.key: one.expression for one in entries}


def test_fields_are_found_by_their_names_and_what_stands_in_them():
    found = proposed(ORDERS)

    assert (found.rows, found.count, found.lines_from) == ("orders[]", 2, "items")
    assert expressions(found.order) == {
        "id": "id",
        "number": "number",
        "placed": "placed",
        "updated": "changed",
        "currency": "currency",
        "total": "total",
    }
    assert expressions(found.customer) == {
        "id": "customer.id",
        "name": "customer.name",
        "email": "customer.email",
        "phone": "customer.phone",
    }
    assert expressions(found.addresses["shipping_address"])["postcode"] == "shipping.zip"
    assert expressions(found.lines) == {
        "id": "id",
        "name": "title",
        "quantity": "quantity",
        "gtin": "barcode",
    }


def test_amounts_are_found_by_what_adds_up():
    amounts = proposed(ORDERS).amounts

    assert amounts.lines == {"gross": "mul(price, quantity)"}
    assert [(one.kind, one.keys) for one in amounts.charges] == [("shipping", {"gross": "shipping.price"})]
    assert (amounts.agreed, amounts.looked) == (2, 2)


def test_net_is_told_from_gross_by_the_tax():
    line = {"id": 1, "name": "a", "quantity": 1, "total": "10.00", "total_tax": "2.00"}
    order = {"id": 1, "total": "12.00", "total_tax": "2.00", "line_items": [line]}

    assert proposed([order]).amounts.lines == {"net": "total", "tax": "total_tax"}
    assert proposed([order | {"total": "10.00"}]).amounts.lines == {"gross": "total", "tax": "total_tax"}


def test_states_are_mapped_where_their_words_are_known():
    (axis,) = proposed(ORDERS).standing

    assert (axis.of, dict(axis.values)) == ("state", {"open": "open", "collected": "fulfilled"})


@pytest.mark.parametrize(
    ("total", "money"),
    [
        ("12.00", '"major"'),
        (Decimal("12.00"), '"major"'),
        (1200, '"minor"'),
        ({"amount": 1200, "currency": "EUR"}, '{ unit = "minor", amount = "amount", currency = "currency" }'),
        (
            {"value": "12.00", "currency_code": "EUR"},
            '{ unit = "major", amount = "value", currency = "currency_code" }',
        ),
    ],
)
def test_how_money_is_written_is_found(total, money):
    order = {"id": 1, "total": total, "lines": [{"id": 1, "name": "a", "quantity": 1, "price": total}]}

    assert proposed([order]).money == money


def test_a_payload_without_an_order_proposes_nothing():
    assert propose({"products": [{"id": 1, "name": "Bell"}]}) is None


def test_the_proposal_reads_its_own_sample(program):
    code, out, err = program(
        *(
            "new",
            "profiles/kiosk.toml",
            "--payload",
            "orders.json",
            "--title",
            "Kiosk",
            "--since",
            "changed_since",
        ),
        *("--page", "page", "--auth", "header"),
    )
    assert (code, err) == (0, "")
    assert out.startswith("Written: profiles/kiosk.toml. The amounts add up in 2 of 2 orders.")

    assert program("check", "kiosk") == (0, "profiles/kiosk.toml: no mistake.\n", "")
    assert "Whole: 2; no orders: 0; cannot be read: 0." in program("try", "kiosk", "orders.json")[1]


def test_nobodys_name_gets_into_a_profile(program):
    program("new", "shop.toml", "--payload", "orders.json", "--title", "Kiosk")

    text = Path("shop.toml").read_text("utf-8")
    assert "K-1001" in text
    assert [one for one in ("김민수", "minsu", "1234-5678", "04524") if one in text] == []


def test_a_file_that_is_there_is_kept(program):
    Path("shop.toml").write_text("mine")

    assert program("new", "shop.toml", "--payload", "orders.json")[::2] == (
        2,
        "shop.toml is there already; say --force to write over it.\n",
    )
    assert Path("shop.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--payload", "absent.json"], "absent.json cannot be read as JSON (FileNotFoundError).\n"),
        (["--payload", "orders.json", "--auth", "oauth"], "--auth oauth is not known: none, basic, "),
        ([], "Say --payload: A file with orders of the webstore.\n"),
    ],
)
def test_what_cannot_be_used_is_told(program, arguments, said):
    code, _, err = program("new", "shop.toml", *arguments)

    assert (code, err.startswith(said)) == (2, True)


@pytest.mark.parametrize("file", payload_files(), ids=payload_name)
def test_whatever_a_real_payload_proposes_has_no_mistake(file):
    found = propose(json.loads(file.read_text("utf-8"), parse_float=Decimal))

    if found is not None:
        load_profile(write_profile(About(title="Shop", sample=file.name), found), "shop.toml")
