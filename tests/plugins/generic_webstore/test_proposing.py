"""`tillbridge profile new` proposes a profile from a payload: by names, by forms, by what adds up."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from payloads import payload_files, payload_name
from tillbridge.cli.running import run
from tillbridge.plugin import RawOrder, WebOrder
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.proposing.proposal import Proposal, propose
from tillbridge_generic_webstore.proposing.writing import About, write_profile
from tillbridge_generic_webstore.trying import read_payload, try_order

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


NIMBUS_LINES = [
    {
        "pos": 1,
        "label": "Bell",
        "pcs": 2,
        "money": {"each": {"cents": 1450, "cur": "EUR"}, "sum": {"cents": 2900, "cur": "EUR"}},
        "codes": {"ean": "4006381333931"},
    },
    {
        "pos": 2,
        "label": "Lock",
        "pcs": 1,
        "money": {"each": {"cents": 2990, "cur": "EUR"}, "sum": {"cents": 2990, "cur": "EUR"}},
        "codes": {"ean": "4006381333955"},
    },
]
NIMBUS = {
    "ref": "p-1",
    "code": "NB1",
    "phase": "SCRAPPED",
    "made": "2026-03-01 09:00:00",
    "touched": "2026-03-01 09:05:00",
    "cur": "EUR",
    "totals": {"due": {"cents": 6380, "cur": "EUR"}, "freight": {"cents": 490, "cur": "EUR"}},
    "basket": NIMBUS_LINES,
}
"""An order of an invented webstore, in which little has a usual name."""


def nimbus(next_page: Any = None, **changed: Any) -> dict[str, Any]:
    """An answer with one such order."""
    return {"meta": {"next": next_page}, "result": {"purchases": [NIMBUS | changed]}}


def text_of(payload: Any, **about: Any) -> str:
    """The profile that is proposed; it has no mistake."""
    text = write_profile(About(title="Nimbus", **about), proposed(payload))
    load_profile(text, "nimbus.toml")
    return text


def test_what_is_called_a_phase_is_how_an_order_stands_and_an_unknown_word_is_not_sold():
    """Orders of which nobody asks how they stand would sell what was cancelled."""
    text = text_of(nimbus())

    assert 'of = "phase"' in text
    assert 'SCRAPPED = "unpaid"  # CHECK: what does it mean? unpaid is not sold' in text


def test_where_no_field_says_how_an_order_stands_those_that_may_are_named():
    order = {key: value for key, value in NIMBUS.items() if key != "phase"} | {"way": "COUNTER"}
    payload = {"purchases": [order, order | {"ref": "p-2"}]}

    assert "CHECK: no field was found that says it, and all are open; is it one of way?" in text_of(payload)


@pytest.mark.parametrize(
    ("next_page", "paging"),
    [
        (None, 'by = "next", at = "meta.next"'),
        ("https://shop.example/feed?after=7", 'by = "next", at = "meta.next"'),
        ("Mw==", 'by = "cursor", at = "meta.next"'),
    ],
)
def test_a_list_that_seems_to_go_on_is_read_on_and_asked_about(next_page, paging):
    text = text_of(nimbus(next_page))

    assert f"paging = {{ {paging}, size = 100 }}  # CHECK: does the list go on by it" in text
    assert ('cursor = "{cursor}"' in text) == ('by = "cursor"' in paging)


def test_neither_an_address_nor_a_count_passes_for_what_an_order_lacks():
    order = {**NIMBUS, "status": "completed", "shipping": {"city": "LA", "state": "CA"}, "parcel_count": 7}
    del order["totals"], order["phase"]

    found = proposed([order])

    assert [(one.of, dict(one.values)) for one in found.standing] == [("status", {"completed": "fulfilled"})]
    assert "total" not in expressions(found.order)


def test_a_list_that_counts_more_orders_than_it_holds_does_not_come_whole():
    payload = {"sales": {"total": 6, "entries": [{"sale": NIMBUS}]}}

    assert 'by = "none", size = 1 }  # CHECK: it counts 6 orders and holds 1; how does it go on?' in text_of(
        payload
    )
    assert (
        'by = "page", size = 1 }  # CHECK: the sample holds 1 of 6; does it give more at a time?'
        in text_of(payload, page="page")
    )


def test_a_key_in_the_usual_header_is_asked_about_its_word():
    text = text_of(nimbus(), auth="header", auth_name="Authorization")

    assert '"{token}" } }  # CHECK: does a word stand before it, as in "Token {token}"?' in text


def test_a_list_is_asked_by_times_as_its_answers_write_them():
    times = {"stamps": {"in": 1795788520083, "mod": 1795789060083}}
    text = text_of({"sales": [{**NIMBUS, "made": None, "touched": None, **times}]}, since="modified_min")

    assert 'placed = "stamps.in"' in text
    assert 'updated = "stamps.mod"' in text
    assert 'overlap = "2s", format = "epoch_ms" }  # CHECK: is the list asked by times as its' in text


def test_a_charge_in_a_list_of_its_own_and_a_state_deeper_down_are_found():
    line = {"row": 10, "text": "Bell", "n": "2.000", "single": "14.50", "sum": "29.00"}
    order: dict[str, Any] = {
        "uid": "s1",
        "docNo": "26/1",
        "flow": {"state": "paid"},
        "made": "2026-03-01T09:00:00Z",
    }
    order |= {"extras": [{"what": "DELIVERY", "fee": "4.90"}], "goods": [line], "due": "33.90", "cur": "EUR"}
    order["goods"].append(line | {"row": 20, "n": "1.000", "sum": "14.50", "codes": ["4006381333931"]})
    order["due"] = "48.40"

    found = proposed([order])

    assert [(one.kind, one.keys) for one in found.amounts.charges] == [
        ("shipping", {"each": "extras", "title": "what", "gross": "fee"})
    ]
    assert [(one.of, dict(one.values)) for one in found.standing] == [("flow.state", {"paid": "open"})]
    assert expressions(found.lines) == {
        "id": "row",
        "name": "text",
        "quantity": "n",
        "gtin": "codes[0]",
    }
    assert (found.amounts.lines, expressions(found.order)["total"]) == ({"gross": "sum"}, "due")


def test_amounts_in_objects_are_found_by_their_form_whatever_they_are_called():
    found = proposed(nimbus())

    assert found.money == '{ unit = "minor", amount = "cents", currency = "cur" }'
    assert not found.unsure_money
    assert (expressions(found.order)["total"], found.amounts.lines) == ("totals.due", {"gross": "money.sum"})
    assert [(one.kind, one.keys["gross"]) for one in found.amounts.charges] == [
        ("shipping", "totals.freight")
    ]


def test_an_object_of_a_number_and_a_currency_is_an_amount():
    price = {"x": "10.00", "y": "EUR"}
    order = BASE | {"total": {"x": "20.00", "y": "EUR"}, "lines": [LINE | {"price": price}]}

    assert proposed([order]).money == '{ unit = "major", amount = "x", currency = "y" }'


def test_the_number_of_a_line_is_no_amount():
    """Neither by its name, nor by counting the lines."""
    plain = {"name": "Bell", "quantity": 1}
    lines = [plain | {"pos": 1, "at": 1, "cash": "7.00"}, plain | {"pos": 2, "at": 2, "cash": "9.00"}]

    assert proposed([BASE | {"total": "99.00", "lines": lines}]).amounts.lines == {"gross": "cash"}


def test_what_is_guessed_without_a_name_is_marked_as_a_guess():
    text = text_of(nimbus(), since="touched_from")

    assert 'total = "totals.due"  # CHECK: the lines add up to it; is it the total? {' in text
    assert 'placed = "made"  # CHECK: its first time; is it when the order was placed? 2026-03-01' in text
    assert 'updated = "touched"  # CHECK: is it when the order changed? 2026-03-01 09:05:00' in text


def test_a_zone_that_no_time_carries_is_marked_where_it_is_read_and_where_it_is_asked():
    text = text_of(nimbus(), since="touched_from")

    assert 'zone = "UTC"  # CHECK: the times carry no zone; in which are they? such as "Asia/Seoul"' in text
    assert (
        'overlap = "2s", zone = "UTC", format = "%Y-%m-%d %H:%M:%S" }'
        "  # CHECK: is the list asked by times as its answers write them?" in text
    )


def test_a_quantity_that_no_name_tells_is_found_by_what_it_makes_of_a_price():
    lines = [{"stk" if key == "pcs" else key: value for key, value in one.items()} for one in NIMBUS_LINES]

    found = proposed(nimbus(basket=lines))

    assert (found.lines_from, expressions(found.lines)["quantity"]) == ("basket", "stk")
    assert (
        'quantity = "stk"  # CHECK: money.each times it is money.sum; is it the quantity? 2'
        in write_profile(About(title="Nimbus"), found)
    )


def test_where_no_quantity_is_found_the_rest_is_proposed():
    lines = [{key: value for key, value in one.items() if key != "pcs"} for one in NIMBUS_LINES]

    text = text_of(nimbus(basket=lines))

    assert 'from = "basket"' in text
    assert 'quantity = "quantity"  # CHECK: nothing was found for it' in text


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


@pytest.mark.parametrize(
    "item",
    [
        {"id": 1, "name": "Bell"},
        {"id": 1, "created_at": "2026-03-01T09:00:00Z", "currency": "EUR", "price": "5.00"},
    ],
)
def test_a_payload_without_an_order_proposes_nothing(item):
    assert propose({"products": [item]}) is None


def agreed(order: dict[str, Any]) -> tuple[Any, list[tuple[str, Any]]]:
    """What is proposed for one order, which is read by it: the keys of its lines, and its charges."""
    found = proposed([order])
    compiled = load_profile(write_profile(About(title="Shop"), found), "shop.toml")
    raw = RawOrder(None, {"order": json.dumps(order).encode()})
    assert isinstance(compiled.mapper.parse(raw, {"url": "https://x.example"}), WebOrder)
    return dict(found.amounts.lines), [(one.kind, one.keys["gross"]) for one in found.amounts.charges]


BASE = {"id": 7, "created_at": "2026-03-01T09:00:00Z", "currency": "EUR"}
LINE = {"id": 1, "name": "Bell", "quantity": 2, "price": "10.00"}


def test_a_tax_of_the_whole_order_is_found_on_top_of_its_lines():
    order = BASE | {"total": "25.00", "tax": "2.00", "ship_cost": "3.00", "lines": [LINE]}

    lines, charges = agreed(order)

    assert lines == {"amount": "mul(price, quantity)", "includes_tax": "`false`"}
    assert charges == [("shipping", "ship_cost"), ("tax", "tax")]


def test_fees_and_tips_are_found_where_the_usual_does_not_add_up():
    order = BASE | {"total": "24.50", "gift_wrap_price": "1.50", "tip_amount": "3.00", "lines": [LINE]}

    assert agreed(order)[1] == [("fee", "gift_wrap_price"), ("tip", "tip_amount")]


@pytest.mark.parametrize(("off", "gross"), [("4.00", "sub"), ("-4.00", "add")])
def test_a_discount_of_the_lines_own_is_taken_off(off, gross):
    lines = [LINE | {"total_discount": off}, LINE | {"id": 2, "total_discount": "0"}]

    assert agreed(BASE | {"total": "36.00", "lines": lines})[0] == {
        "gross": f"{gross}(mul(price, quantity), total_discount)"
    }


@pytest.mark.parametrize(
    ("total", "money"),
    [
        (
            {"amount": 1250, "divisor": 100, "currency_code": "EUR"},
            '{ divisor = "divisor", amount = "amount", currency = "currency_code" }',
        ),
        (
            {"centAmount": 1250, "currencyCode": "EUR", "fractionDigits": 2},
            (
                '{ unit = "minor", decimals = "fractionDigits", '
                'amount = "centAmount", currency = "currencyCode" }'
            ),
        ),
    ],
)
def test_an_amount_that_says_itself_what_its_number_means_is_no_guess(total, money):
    found = proposed([BASE | {"total": total, "lines": [LINE | {"price": total, "quantity": 1}]}])

    assert (found.money, found.unsure_money) == (money, False)


def test_a_person_is_no_order_s_number():
    order = {**BASE, "id": None, "receipt_id": 9, "name": "Ann Lee", "total": "20", "lines": [LINE]}

    found = expressions(proposed([order]).order)

    assert (found["id"], "number" in found) == ("receipt_id", False)


def test_where_the_goods_are_told_by_a_field_of_their_own_the_order_s_own_word_does_not_say_it():
    """ "complete" is the checkout's at many a webstore; taken for handed over, no order would be sold."""
    states = {"state": "complete", "payment_state": "paid", "shipment_state": "ready"}

    found = proposed([BASE | states | {"total": "20", "lines": [LINE]}])

    assert [(one.of, dict(one.values)) for one in found.standing] == [
        ("state", {"complete": None}),
        ("payment_state", {"paid": "open"}),
        ("shipment_state", {"ready": "-"}),
    ]


@pytest.mark.parametrize(
    ("lines", "call"),
    [
        ({"order_line": [101, 102]}, 'for = "order_line"\nget = "items/{key}"'),
        ({"items_url": "https://shop.example/o/7/items"}, 'for = "items_url"\nget = "{key}"'),
        ({}, 'for = "id"\nget = "orders/{key}/items"'),
    ],
)
def test_lines_by_a_call_are_asked_by_what_the_order_has_of_them(lines, call):
    assert call in write_profile(About(title="Shop"), proposed({"orders": [LONE | lines]}))


LONE = {"id": 7, "created_at": "2026-03-01T09:00:00Z", "currency": "EUR", "total": "12.00", "status": "paid"}


def test_orders_without_lines_get_a_second_call_that_is_marked_as_a_guess():
    found = proposed({"orders": [LONE]})
    text = write_profile(About(title="Shop"), found)

    assert (found.rows, found.lines_from, found.unsure_part) == ("orders[]", "_parts.lines", True)
    assert "[orders.parts.lines]\n# CHECK: the sample shows no lines: by which call do they come?" in text
    load_profile(text, "shop.toml")


def test_lines_that_stand_beside_the_list_are_found_by_what_each_order_names(tmp_path):
    """JSON:API: all fields in attributes, the lines of all orders in included."""
    rows = [("10", "5.00", 2), ("11", "3.00", 1)]
    included = [
        {"id": one, "type": "item", "attributes": {"name": "Bell", "price": price, "quantity": count}}
        for one, price, count in rows
    ]
    links = {"items": {"data": [{"type": "item", "id": one} for one, _, _ in rows]}}
    order = {"id": "7", "type": "order", "attributes": LONE | {"total": "13.00"}, "relationships": links}
    payload = {"data": [order], "included": [{"id": "1", "type": "user", "attributes": {}}, *included]}

    found = proposed(payload)
    (tmp_path / "orders.json").write_text(json.dumps(payload))
    compiled = load_profile(write_profile(About(title="Shop"), found), "shop.toml")
    (raw,) = read_payload(tmp_path / "orders.json", compiled, {}).orders
    tried = try_order(compiled, raw, {})

    assert found.amounts.lines == {"gross": "mul(attributes.price, attributes.quantity)"}
    assert (found.unsure_part, dict(found.standing[0].values)) == (False, {"paid": "open"})
    assert tried.order is not None
    assert [(line.id, line.title) for line in tried.order.lines] == [("10", "Bell"), ("11", "Bell")]


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

    code, out, err = program("check", "kiosk")
    assert (code, err) == (0, "")
    assert "profiles/kiosk.toml: no mistake.\n4 lines say CHECK" in out
    assert "Whole: 2; no orders: 0; cannot be read: 0." in program("try", "kiosk", "orders.json")[1]


XML = """<?xml version="1.0"?>
<sales><sale><ref>p-1</ref><code>NB1</code><status>paid</status><made>2026-03-01T09:00:00Z</made>
<cur>EUR</cur><total>63.80</total><freight>4.90</freight><basket>
<row><pos>1</pos><label>Bell</label><pcs>2</pcs><sum>29.00</sum></row>
<row><pos>2</pos><label>Lock</label><pcs>1</pcs><sum>29.90</sum></row></basket></sale>
<sale><ref>p-2</ref><code>NB2</code><status>paid</status><made>2026-03-01T09:30:00Z</made>
<cur>EUR</cur><total>14.50</total><freight>0.00</freight><basket>
<row><pos>1</pos><label>Bell</label><pcs>1</pcs><sum>14.50</sum></row>
<row><pos>2</pos><label>Bag</label><pcs>1</pcs><sum>0.00</sum></row></basket></sale></sales>
"""


@pytest.mark.parametrize(
    ("page", "since", "by"),
    [("page", "s", "since"), ("skip", "s", "since"), ("offset", "-", "offset"), ("p", "-", "page")],
)
def test_a_parameter_that_counts_rows_gets_their_number(program, page, since, by):
    """Given the page's number it would leave the first row out."""
    program("new", "shop.toml", "--payload", "orders.json", "--page", page, "--since", since)

    text = Path("shop.toml").read_text("utf-8")
    assert f'{page} = "{{{"offset" if page in ("skip", "offset") else "page"}}}"' in text
    assert f'paging = {{ by = "{by}"' in text


def test_a_profile_is_proposed_from_xml_too(program):
    Path("sales.xml").write_text(XML, "utf-8")

    code, out, err = program("new", "nimbus.toml", "--payload", "sales.xml", "--auth", "none")

    assert (code, err) == (0, "")
    assert "The amounts add up in 2 of 2 orders." in out
    assert 'format = "xml"' in Path("nimbus.toml").read_text("utf-8")
    assert "Whole: 2; no orders: 0; cannot be read: 0." in program("try", "nimbus.toml", "sales.xml")[1]


def test_what_nobody_has_said_is_marked_as_a_guess(program):
    """Nobody sits at this terminal: what was not given is taken, and says so."""
    program("new", "guessed.toml", "--payload", "orders.json", "--since", "changed_since")
    program(
        *("new", "said.toml", "--payload", "orders.json", "--since", "changed_since", "--auth", "bearer"),
        *("--base", "/", "--path", "orders", "--page", "page"),
    )

    def unsure(name: str) -> set[str]:
        lines = Path(name).read_text("utf-8").splitlines()
        return {line.partition(" = ")[0] for line in lines if "  # CHECK: " in line and line[0] != "#"}

    assert unsure("guessed.toml") - unsure("said.toml") == {"auth", "base", "get", "paging"}


def test_a_list_that_cannot_be_asked_by_time_is_marked_where_nobody_said_so(program):
    program("new", "shop.toml", "--payload", "orders.json")

    (line,) = (one for one in Path("shop.toml").read_text("utf-8").splitlines() if one.startswith("since = "))
    assert "# CHECK: can the list be asked for what changed since a time?" in line


def test_what_is_told_and_heard_stands_there_as_comments_without_a_mistake(program):
    program("new", "shop.toml", "--payload", "orders.json", "--path", "v1/orders")
    text = Path("shop.toml").read_text("utf-8")
    before, _, stubs = text.partition("# [push.status]")

    whole = f"{before}# [push.status]{stubs}".replace(
        'kind = "url" }',
        'kind = "url" }\nwebhook_secret = { ask = "Secret", secret = true, optional = true }',
    )
    lines = [
        line.removeprefix("# ") if re.match(r"# (\[|\w+ = )", line) else line for line in whole.splitlines()
    ]
    made = load_profile("\n".join(lines), "shop.toml").profile

    assert made.push is not None
    assert made.push.status is not None
    assert (made.push.status.put, len(made.push.stock), len(made.push.price)) == (
        "v1/orders/{order_id}",
        1,
        1,
    )
    assert made.webhook is not None


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
        (["--payload", "absent.json"], "There is no file absent.json.\n"),
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
