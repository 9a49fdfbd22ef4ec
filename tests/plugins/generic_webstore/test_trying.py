"""`tillbridge profile try` shows a payload beside the orders that it becomes."""

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk_profile import PROFILE
from payloads import payload_files, payload_name
from tillbridge.cli.running import run

ORDER: dict[str, Any] = {
    "id": 1001,
    "number": "K-1001",
    "state": "open",
    "created": "2026-03-01 09:00:00",
    "changed": "2026-03-01 09:02:00",
    "currency": "KRW",
    "total": "29000",
    "paid": "29000",
    "shipping": {"net": "2728", "tax": "272", "carrier": "post"},
    "gift": None,
}
ITEMS = [
    {"id": 7, "title": "Bell", "quantity": 2, "sku": "B-1", "net": "23636", "tax": "2364", "colour": "red"}
]


class Program:
    """Runs `profile try` as `main` does."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        code = run(("profile", "try", *arguments))
        told = self._capsys.readouterr()
        return code, told.out, told.err

    def data(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json")[1])


@pytest.fixture
def program(capsys, tmp_path, monkeypatch) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")
    Path("shop.toml").write_text(PROFILE)
    write("orders.json", {"orders": [ORDER]})
    write("orders.items.json", ITEMS)
    return Program(capsys)


def write(name: str, data: Any) -> None:
    Path(name).write_text(json.dumps(data))


def changed(**values: Any) -> None:
    write("orders.json", {"orders": [ORDER | values]})


def test_each_field_stands_beside_its_expression_and_its_source(program):
    (order,) = program.data("shop.toml", "orders.json")["orders"]

    fields = {one["field"]: one for one in order["fields"]}
    assert fields["number"] == {
        "field": "number",
        "value": "K-1001",
        "path": "order.number",
        "line": 28,
        "expression": "number",
        "payload": ["number"],
    }
    assert fields["placed"]["value"] == "2026-03-01T00:00:00Z"
    assert fields["lines[1].sku"]["payload"] == ["_parts.items[].sku"]
    assert (fields["lines[1].net"]["value"], fields["total"]["value"]) == ("23636", "29000")
    assert fields["shipping"]["value"] == "3000 (2728 + 272)"
    assert (order["order"], order["error"], order["not_an_order"]) == ("1001", None, None)


def test_a_value_that_is_worked_out_first_is_traced_to_the_payload(program):
    """Its name stands in no payload, and what it does not need of one is not used."""
    changed(totals={"sum": "29000", "rest": "0"})
    Path("shop.toml").write_text(
        PROFILE.replace('total = "total"', 'let.money = "totals"\ntotal = "_money.sum"')
    )

    (order,) = program.data("shop.toml", "orders.json")["orders"]

    fields = {one["field"]: one for one in order["fields"]}
    assert fields["total"]["payload"] == ["totals.sum"]
    assert "totals.rest" in order["not_used"]


def test_people_see_it_as_a_table_with_the_sum(program):
    code, out, err = program("shop.toml", "orders.json")

    assert (code, err) == (0, "")
    assert 'orders.json: 1 order at "orders[]".' in out
    assert "│ lines[1].sku " in out
    assert "29000 KRW = lines 26000 + shipping 3000" in out
    assert out.endswith("Whole: 1; no orders: 0; cannot be read: 0.\n")


def test_it_speaks_korean(program):
    _, out, _ = program("shop.toml", "orders.json", "--lang", "ko")

    assert 'orders.json: "orders[]"에서 주문 1건.' in out
    assert "29000 KRW = 품목 26000 + 배송비 3000" in out
    assert "페이로드에서 쓰지 않은 값: shipping.carrier, gift" in out
    assert out.endswith("정상 주문 1건, 주문이 아닌 것 0건, 읽을 수 없는 것 0건.\n")


def test_what_no_expression_reads_is_told(program):
    (order,) = program.data("shop.toml", "orders.json")["orders"]

    assert order["not_used"] == ["shipping.carrier", "gift"]


def test_an_expression_that_finds_nothing_is_told_with_what_was_meant(program):
    Path("shop.toml").write_text(PROFILE.replace('number = "number"', 'number = "numbr"'))

    (order,) = program.data("shop.toml", "orders.json")["orders"]

    assert order["absent"] == [
        {"path": "order.number", "line": 28, "expression": "numbr", "near": "number", "optional": True}
    ]


def test_an_expression_that_finds_one_of_several_is_not_absent(program):
    """Where values() or the like found it, which looks at no field by its name."""
    Path("shop.toml").write_text(
        PROFILE.replace('number = "number"', 'number = "first(numbers.web, values(names)[0])"')
    )
    changed(names={"shop": "K-7"}, numbers={"till": "9"})

    (order,) = program.data("shop.toml", "orders.json")["orders"]

    assert [one["value"] for one in order["fields"] if one["field"] == "number"] == ["K-7"]
    assert order["absent"] == []


def test_what_an_order_may_be_without_is_no_fault(program):
    """One sentence names it; a line of its own is for what may be a slip, or must be there."""
    Path("shop.toml").write_text(PROFILE.replace('number = "number"', 'number = "number"\nnote = "remark"'))

    _, out, _ = program("shop.toml", "orders.json")

    assert "This order has none of these, and need not: order.note (29)" in out
    assert "nothing there for" not in out


def test_a_damaged_order_is_told_by_the_profiles_line_and_the_payloads_field(program):
    changed(total="29,000")

    code, out, _ = program("shop.toml", "orders.json")

    assert code == 1
    assert 'order.total (shop.toml:32) "total": ' in out
    assert "cannot be read: 1" in out


def test_numbers_that_do_not_add_up_are_told(program):
    changed(total="30000")

    assert program.data("shop.toml", "orders.json")["orders"][0]["error"]["path"] == "total"


def test_an_order_whose_sums_do_not_agree_is_shown_with_all_its_fields(program):
    """Which of them is wrong can only be seen where they stand; it counts as one that cannot be read."""
    changed(total="30000")

    code, out, _ = program("shop.toml", "orders.json")

    assert code == 1
    assert "│ lines[1].sku " in out
    assert "30000 KRW ≠ lines 26000 + shipping 3000 = 29000" in out
    assert out.endswith("Whole: 0; no orders: 0; cannot be read: 1.\n")


def test_what_is_no_order_is_told_with_the_reason(program):
    changed(state="draft")

    code, out, _ = program("shop.toml", "orders.json")

    assert code == 0
    assert "Not an order: a draft" in out


def test_one_order_alone_is_taken_too(program):
    write("one.json", ORDER)
    write("one.items.json", ITEMS)

    assert "one.json: one order.\n" in program("shop.toml", "one.json")[1]


def test_an_envelope_that_the_profile_does_not_know_is_found(program):
    write("dump.json", {"result": {"data": [ORDER | {"items": ITEMS}]}})

    _, out, _ = program("shop.toml", "dump.json", "--part", "items=orders.items.json")

    assert 'dump.json: 1 order at "result.data[]".' in out
    assert "Whole: 1" in out


@pytest.mark.parametrize(
    ("row", "kind"), [("oops", "a text"), (7, "a number"), (None, "null"), ([], "a list"), (True, "true")]
)
def test_a_row_that_is_no_order_is_named_and_the_others_are_tried(program, row, kind):
    write("orders.json", {"orders": [ORDER, row, ORDER]})

    code, out, _ = program("shop.toml", "orders.json")

    assert code == 1
    assert 'orders.json: 2 orders at "orders[]".' in out
    assert f'Row 2 of "orders[]" is {kind}, not an order.' in out
    assert "Order 3 of 3:" in out
    assert out.endswith("Whole: 2; no orders: 0; cannot be read: 1.\n")


def test_a_list_in_which_nothing_is_an_order_is_not_one_order(program):
    write("orders.json", {"orders": ["oops"]})

    code, out, _ = program("shop.toml", "orders.json", "--lang", "ko")

    assert code == 1
    assert '"orders[]"의 1번째 행은 주문이 아니라 문자열입니다.' in out


def test_what_cannot_be_read_is_shown_first_whatever_most_says(program):
    write("orders.json", {"orders": [ORDER, ORDER | {"total": "?"}, ORDER]})

    _, out, _ = program("shop.toml", "orders.json", "--most", "0")

    assert "Order 2 of 3:" in out
    assert 'order.total (shop.toml:32) "total": ' in out
    assert "Order 1 of 3:" not in out
    assert "2 more are not shown: --most 3 shows all." in out
    assert out.endswith("Whole: 2; no orders: 0; cannot be read: 1.\n")


def test_of_many_that_cannot_be_read_each_says_its_fault(program):
    write("orders.json", {"orders": [ORDER | {"total": "?"}] * 7})

    _, out, _ = program("shop.toml", "orders.json", "--most", "0")

    assert [f"Order {place} of 7:" in out for place in (5, 6)] == [True, False]
    assert "\n7: order.total (shop.toml:32)" in out


def test_a_part_that_was_not_given_is_told(program):
    Path("orders.items.json").unlink()

    _, out, _ = program("shop.toml", "orders.json")

    assert "The part items was not given (--part items=FILE, or orders.items.json beside it)." in out


def test_a_setting_is_given_as_it_would_be_asked(program):
    Path("shop.toml").write_text(
        PROFILE.replace('currency = "currency"', 'currency = "_settings.money"').replace(
            "[connect]", 'money = { ask = "Currency", kind = "currency" }\n[connect]'
        )
    )

    assert program.data("shop.toml", "orders.json", "--set", "money=KRW")["whole"] == 1
    assert program("shop.toml", "orders.json", "--set", "moneu=KRW")[2] == (
        "The profile has no open setting moneu (url, money).\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["absent.json"], "There is no file absent.json.\n"),
        (["shop.toml"], "shop.toml is no JSON: "),
        (["orders.json", "--part", "lines=orders.items.json"], "The profile has no part lines (items).\n"),
        (["orders.json", "--set", "KRW"], "--set needs NAME=VALUE.\n"),
        (["orders.json", "--set", "url=a", "--set", "url=b"], "--set names one twice.\n"),
    ],
)
def test_what_cannot_be_used_is_told(program, arguments, said):
    code, _, err = program("shop.toml", *arguments)

    assert (code, err.startswith(said)) == (2, True)


def test_a_faulty_profile_is_told_first(program):
    Path("shop.toml").write_text(PROFILE.replace('number = "number"', 'numbr = "number"'))

    code, _, err = program("shop.toml", "orders.json")

    assert (code, err) == (
        2,
        "shop.toml:28 order.numbr: there is no such key here; did you mean number?\n",
    )


@pytest.mark.parametrize("file", payload_files("woocommerce")[:12], ids=payload_name)
def test_every_real_payload_can_be_tried(program, file):
    code, out, err = program("woocommerce", str(file))

    assert (code in (0, 1), err) == (True, "")
    assert "Whole: " in out
