"""jmespath is the referee: our evaluator says what it says, wherever both offer the same."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import payload_files, payload_name
from tillbridge_generic_webstore.expressions import compile_expression


def listed(text: str) -> list[str]:
    """Return the expressions that a text lists, apart by semicolons."""
    return [one.strip() for one in text.split(";")]


CASES: dict[str, Any] = {
    "a": {"b": {"c": 1, "d": [1, [2, [3]]]}, "e": None, "f": [], "g": "", "h": {}},
    "list": [{"k": "x", "v": 1}, {"k": "y", "v": 0}, {"k": None}, {"v": True}, 5, "s", None, [{"k": "z"}]],
    "nested": [[{"k": 1}], [{"k": 2}, {"k": None}], []],
    "map": {"one": {"n": 1}, "two": {"n": 2}, "three": None},
    "numbers": [0, 1, 2, Decimal("2.5"), -1],
    "flags": [True, False],
    "@id": "/orders/1",
}
SOURCES = listed(r"""
a; a.b; a.b.c; a.b.c.d; a.x.y; @; @.a.b; "@id"; list; list[0]; list[-1]; list[99];
list[-99]; list[0].k; list[*].k; list[].k; list[*]; list[]; list[].v; nested[]; nested[].k;
nested[*].k; nested[*][*].k; nested[][].k; a.b.d[]; a.b.d[][]; a[]; a[*]; a.*; map.*;
map.*.n; *; *.b; list[1:3]; list[::-1]; list[:2].k; list[-2:]; a[0:1]; numbers[::2];
list[?k == 'x']; list[?k == 'x'].v; list[?v]; list[?v == `0`]; list[?v == `true`];
list[?v > `0`]; list[?v >= `0`].k; list[?v < `1`].k | [0]; list[?!v]; list[?k != null];
list[?k == null]; list[?k && v].k; list[?k || v]; list[?contains_nothing]; numbers[?@ > `1`];
numbers[?@ <= `2.5`]; flags[?@]; flags[?@ == `false`]; flags[?@ == `1`]; numbers[?@ == `1`];
numbers[?@ == `true`]; {x: a.b.c, y: list[0].k}; [a.b.c, a.e, map.one.n]; a.b.{c: c, z: q};
a.e.{c: c}; a.e.[c]; list[].{k: k, v: v}; list[].[k, v]; list[*].{k: k} | [0].k; map.*.{n: n};
a | b | c; a.b | c; a.e || a.b.c; a.f || 'x'; a.g || a.h || `7`; a.b && a.b.c; a.e && a.b;
!(a.e); !(a.b); !numbers[0]; !(a.f); !flags[1]; a.b.c == `1`; a.b.c == '1'; a == a; a.f == `[]`;
`2.5`; `[1, 2]`; 'raw'; `"text"`; a.b.c < `2`; a.b.c >= `2`; a.b < `2`; (a.b).c;
(list[].k)[0]; (a || list).b; not_there[].k; not_there[*]; not_there[0]; not_there.*;
not_there[?a]; nested[1][0].k; list[?k == 'x' || k == 'y'].v;
list[?(k == 'x' || k == 'y') && v].v; a.b.d[1][0]; a.b.d[1][]
""")

# What profiles ask of orders, in every shape that a projection takes.
ASKED = listed(r"""
id; number; billing.email; billing_address.first_name; line_items[].sku;
line_items[*].tax_lines[].price; line_items[?sku].name; items[?parent_item_id == null].sku;
items[].extension_attributes; orders[].id; orders[0].line_items[].id; order.line_items[].quantity;
data.line_items[0]; [].id; [0].line_items[].total; shipping_lines[].method_id | [0];
meta_data[?key == '_tax'].value | [0]; coupon_lines[*].{code: code, discount: discount};
refunds[].total; tax_lines || taxes; fulfillments[].[pickup_details, shipment_details][].recipient;
*.id; order.total_money.amount > `0`; orders[].line_items[].{uid: uid, name: name};
associations.order_rows[].product_id; shippingPerson.countryCode || billingPerson.countryCode;
items[].selectedOptions[].value; result[].lineItems[].sku; lines[].product_sku;
items[?product_type == 'simple' && !parent_item].sku; items[-1].name; items[:2].sku;
line_items[].meta_data[].{k: key, v: value}; line_items[].taxes[] | [?total != ''].total; @ | *
""")


def exact(text: bytes | str) -> Any:
    return json.loads(text, parse_float=Decimal)


def strictly(value: Any) -> Any:
    """Return a value in which true is not 1, so that a comparison sees the difference."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, list):
        return [strictly(one) for one in value]
    if isinstance(value, dict):
        return {key: strictly(one) for key, one in value.items()}
    return value


def same(source: str, value: Any) -> None:
    assert strictly(jmespath.search(source, value)) == strictly(compile_expression(source)(value)), source


@pytest.mark.parametrize("source", SOURCES)
def test_a_case_written_by_hand(source):
    same(source, CASES)


@pytest.mark.parametrize("file", payload_files(), ids=payload_name)
def test_real_payloads(file: Path) -> None:
    """What is asked of orders says the same of every payload, of each order in it, and of each line."""
    document = exact(file.read_bytes())
    values = [document, *(one for one in document if isinstance(document, list))]
    if isinstance(document, dict):
        values += [one for one in document.values() if isinstance(one, dict)]
        values += [one for each in document.values() if isinstance(each, list) for one in each]
    for value in values:
        for source in ASKED:
            same(source, value)


NAMES = st.sampled_from(["a", "b", "list", "k", "v"])
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from(["", "x", "y"]))
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
STEPS = st.sampled_from(
    [
        *(".a", ".b", ".k", ".*", "[]", "[*]", "[0]", "[-1]", "[1:]", "[][]", " | a", " | [0]"),
        *("[?a]", "[?k == 'x']", "[?v > `0`]", "[?!b]", ".{a: a, k: k}", ".[a, b]"),
        *(" || b", " && k", " == `1`", " != a"),
    ]
)


@given(value=JSON, start=NAMES, steps=st.lists(STEPS, max_size=5))
def test_any_value_and_any_chain_of_steps(value, start, steps):
    """Projections, filters and comparisons say the same in whatever order they are put together."""
    source = start + "".join(steps)
    try:
        parsed = jmespath.compile(source)
    except jmespath.exceptions.JMESPathError:
        return  # comparisons cannot be chained
    assert strictly(parsed.search(value)) == strictly(compile_expression(source)(value))
