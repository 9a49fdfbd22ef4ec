"""Expressions: what each function says, what is refused when a profile is loaded, and exact numbers."""

from decimal import Decimal

import pytest

from tillbridge_generic_webstore.expressions import (
    MONEY,
    ExpressionFault,
    Number,
    ValueFault,
    compile_expression,
)
from tillbridge_generic_webstore.language.ordering import MoneyForm
from tillbridge_generic_webstore.mapping.monies import MoneyReader

ORDER = {
    "id": 7,
    "total": "59.70",
    "note": "",
    "flag": False,
    "zero": 0,
    "empty": [],
    "price": Decimal("19.90"),
    "quantity": 3,
    "billing": {"first": "Ann ", "last": "Lee", "country": "https://shop.example/api/countries/GB/"},
    "items": [{"id": 1, "price": "1.10"}, {"id": "2", "price": None}, {"id": 3, "price": Decimal("2.2")}],
    "links": "a,b",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("add(price, total)", Decimal("79.60")),
        ("add(price, nothing, note)", Decimal("19.90")),
        ("add(nothing, note)", None),
        ("sub(total, price, nothing)", Decimal("39.80")),
        ("sub(nothing, price)", None),
        ("mul(price, quantity)", Decimal("59.70")),
        ("mul(price, nothing)", None),
        ("div(total, quantity)", Decimal("19.90")),
        ("div(total, zero)", None),
        ("neg(price)", Decimal("-19.90")),
        ("abs(neg(price))", Decimal("19.90")),
        ("total(items[].price)", Decimal("3.30")),
        ("total(nothing)", Decimal(0)),
        ("total(items[].price, price)", Decimal("23.20")),
        ("max(price, total)", Decimal("59.70")),
        ("min(price, total, nothing)", Decimal("19.90")),
        ("minor(`1990`)", Decimal("19.90")),
        ("num(total)", Decimal("59.70")),
        ("num(note)", None),
        ("num(total) > `59.6`", True),
        ("first(nothing, note, empty, billing.last)", "Lee"),
        ("first(flag, id)", False),
        ("first(zero, id)", 0),
        ("if(items, 'yes', 'no')", "yes"),
        ("if(empty, 'yes', 'no')", "no"),
        ("if(note, 'yes')", None),
        ("words(billing.first, nothing, note, billing.last)", "Ann Lee"),
        ("words(nothing)", None),
        ("words(items[].id)", "1 2 3"),
        ("text(id)", "7"),
        ("text(`2.50`)", "2.5"),
        ("text(billing)", None),
        ("upper(billing.last)", "LEE"),
        ("lower(nothing)", None),
        ("trim(billing.first)", "Ann"),
        ("replace(total, '.', ',')", "59,70"),
        ("split(links, ',')", ["a", "b"]),
        ("join('-', items[].id)", "1-2-3"),
        ("join('-', nothing)", None),
        ("starts_with(total, '59')", True),
        ("ends_with(nothing, '59')", False),
        ("contains(links, 'b')", True),
        ("contains(nothing, 'b')", False),
        ("contains(['a'], links)", False),
        ("length(items)", 3),
        ("length(nothing)", 0),
        ("keys(billing)", ["first", "last", "country"]),
        ("values(nothing)", None),
        ("entries(billing)[?key == 'last'].value | [0]", "Lee"),
        ("entries(billing)[].key", ["first", "last", "country"]),
        ("entries(items)", None),
        ("find(items, 'id', `2`).id", "2"),
        ("find(items, 'id', '3').price", Decimal("2.2")),
        ("find(nothing, 'id', '3')", None),
        ("once([items[0], items[0], items[1]], 'id')[].id", [1, "2"]),
        ("once(nothing, 'id')", None),
        ("merge({a: `1`, b: `2`}, nothing, {b: `3`, c: `4`})", {"a": 1, "b": 3, "c": 4}),
        ("merge(nothing, {a: `1`})", None),
        ("segment(billing.country)", "GB"),
        ("segment(nothing)", None),
        ("match(links, '^(.),')", "a"),
        ("match(total, '[0-9]+')", "59"),
        ("match(nothing, '[0-9]+')", None),
        ("json('{\"a\": 1.10}').a", Decimal("1.10")),
        ("json(links)", None),
    ],
)
def test_a_function_says(source, expected):
    assert expected == compile_expression(source)(ORDER)


@pytest.mark.parametrize(
    ("source", "said", "at"),
    [
        ("sum(a)", "there is no function sum(); for money use total()", 1),
        ("a.b.to_number(c)", "there is no function to_number(); for numbers use num()", 5),
        ("nope(a)", "there is no function nope(); there are: abs, add,", 1),
        ("add(a, sub(b))", "sub() is written sub(amount, amount, …); here it has 1 value", 8),
        ("if(a)", "if() is written if(condition, then, else); here it has 1 value", 1),
        ("a]", 'unexpected "]" at character 2', 2),
        ("a.#b", 'unexpected "#" at character 3', 3),
        ("a.", 'the expression ends too early: something has to follow "." at the end of "a."', 3),
        ("a ||", 'something has to follow "||" at the end of "a ||"', 4),
        (
            "split(a, ')'",
            """the expression ends too early: ")" is missing at the end of "split(a, ')'\"""",
            12,
        ),
        ("f(a[?b == '('", """"])" is missing at the end""", 13),
        ("", "the expression is empty", 0),
        ("_order.id", "there is no _order here; there is: none. A field of this name is written @._order", 1),
        ("a[::0]", "a slice's step cannot be 0", 0),
        ("a || !b.c", "! belongs to the first name only here; write !(a.b) for a path", 6),
        ("!items[].tax", "! belongs to the first name only here", 1),
        ("first(&a)", "& is not offered: no function takes one", 0),
        ("match(a, '(')", '"(" is no pattern', 0),
        ("match(a, b)", "the pattern of match() must be written out", 1),
    ],
)
def test_a_mistake_is_found_when_the_profile_is_loaded(source, said, at):
    with pytest.raises(ExpressionFault) as raised:
        compile_expression(source)

    assert said in raised.value.words.en
    assert at == raised.value.at


def test_an_unknown_name_is_told_what_there_is():
    with pytest.raises(ExpressionFault, match=r"there is no _oder here; there is: _order, _parts\."):
        compile_expression("a[?b == _oder.id]", {"_parts", "_order"})


def test_names_are_handed_in_from_outside():
    expression = compile_expression("items[?id == _wanted.id].price | [0]", {"_wanted", "_order"})

    assert {"_wanted"} == expression.uses
    assert "1.10" == expression(ORDER, {"_wanted": {"id": 1}})
    assert expression(ORDER, {"_wanted": None}) is None


def test_a_field_that_begins_like_a_name_is_reached():
    """WooCommerce has `_links`, PrestaShop `_comment`: after a point it is a field, and `@.` makes it one."""
    order = {"_links": {"self": "x"}, "a": {"_b": 1}, "c": [{"_d": 2}]}

    assert "x" == compile_expression("@._links.self")(order)
    assert 1 == compile_expression("a._b")(order)
    assert [2] == compile_expression("c[]._d")(order)


def test_what_an_expression_is_can_be_seen():
    assert ("billing", "email") == compile_expression("billing.email").fields
    assert () == compile_expression("first(billing.email)").fields
    assert compile_expression("'EUR'").is_literal
    assert () == compile_expression("_order.id", {"_order"}).fields


@pytest.mark.parametrize("text", ["12,30", "1 000", "2E+3", "٣", " 5 ", "NaN", "", "+5", ".5", "5."])
def test_texts_are_numbers_only_where_they_are_plain(text):
    """An empty text is no number either, and none that is wrong: there is nothing."""
    expression = compile_expression("num(@)")

    if not text:
        assert expression(text) is None
        return
    with pytest.raises(ValueFault, match="is no number"):
        expression(text)


@pytest.mark.parametrize("value", [True, {"a": 1}, [1], Decimal("NaN"), Decimal("1e31"), 10**31])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueFault):
        compile_expression("num(@)")(value)


@pytest.mark.parametrize(
    ("form", "price"),
    [
        (MoneyForm(), "19.90"),
        (MoneyForm(unit="minor"), 1990),
        (MoneyForm(unit="minor", decimals=3), 19900),
        (MoneyForm(amount="value", currency="code"), {"value": "19.90", "code": "usd"}),
        (MoneyForm(unit="minor", amount="amount"), {"amount": 1990}),
        (MoneyForm(unit="minor", amount="cents", decimals="digits"), {"cents": 199000, "digits": 4}),
        (MoneyForm(amount="amount", divisor="divisor"), {"amount": 1990, "divisor": 100}),
    ],
)
def test_money_functions_read_amounts_as_the_order_writes_them(form, price):
    """Times, sums and nested calls are right for every way to write 19.90."""
    names = {MONEY: MoneyReader(form, "USD")}
    order = {"price": price, "quantity": "2", "items": [{"price": price}, {"price": price}]}

    for source in (
        "mul(price, quantity)",
        "total(items[].price)",
        "add(price, sub(add(price, price), price))",
    ):
        found = compile_expression(source)(order, names)
        assert Decimal("39.80") == found, source
        assert isinstance(found, Number)


def test_won_has_no_minor_units_below_it():
    reader = MoneyReader(MoneyForm(unit="minor"), "KRW")

    assert Decimal(1990) == compile_expression("mul(price, `1`)")({"price": 1990}, {MONEY: reader})


@pytest.mark.parametrize(
    ("form", "amount", "said"),
    [
        (MoneyForm(amount="value", currency="code"), {"value": 1, "code": "EUR"}, "it is in EUR"),
        (MoneyForm(amount="amount", divisor="by"), {"amount": 1, "by": 0}, 'its "by" is 0'),
        (MoneyForm(), {"value": 1}, "say in defaults.money where its amount is"),
    ],
)
def test_an_amount_that_is_not_the_orders_is_refused(form, amount, said):
    with pytest.raises(ValueFault, match=said):
        MoneyReader(form, "USD")(amount)


def test_an_amount_is_rounded_half_up_and_says_so():
    reader = MoneyReader(MoneyForm(), "USD")

    assert (1990, False) == reader.minor(Decimal("19.9000"))
    assert (1991, True) == reader.minor(Decimal("19.905"))
    assert (-1991, True) == reader.minor(Decimal("-19.905"))
