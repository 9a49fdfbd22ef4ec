"""What an expression reads of a payload is known from its text alone."""

import pytest

from tillbridge_generic_webstore.trying.usage import Reading, trails_of, unused, written

LINES = frozenset({("items", "[]")})


def read(source: str, **more) -> list[str]:
    return sorted(map(written, Reading(**more).of(source)[0]))


@pytest.mark.parametrize(
    ("source", "trails"),
    [
        ("total", ["total"]),
        ("billing.email", ["billing.email"]),
        ("'KRW'", []),
        ("first(paid_at, dates.created)", ["dates.created", "paid_at"]),
        ("first(a, b).c", ["a", "a.c", "b", "b.c"]),
        ("lines[0].sku", ["lines[].sku"]),
        ("lines[].tax", ["lines[].tax"]),
        ("lines[*].tax", ["lines[].tax"]),
        ("lines[1:].tax", ["lines[].tax"]),
        ("data.orders.edges[].node", ["data.orders.edges[].node"]),
        ("lines[?kind=='gift'].price | [0]", ["lines[].kind", "lines[].price"]),
        ("lines[?kind=='gift'] | [0].price", ["lines[].kind", "lines[].price"]),
        ("(lines | [0]).price", ["lines[].price"]),
        ("find(meta, 'key', 'shop').value", ["meta", "meta[].key", "meta[].value"]),
        ("add(total, total(cards[].amount))", ["cards[].amount", "total"]),
        ("total > `0` && !paid", ["paid", "total"]),
        ("[name, code][0]", ["code[]", "name[]"]),
        ("_settings.currency", ["_settings.currency"]),
        ("_parts.items[].sku", ["_parts.items[].sku"]),
    ],
)
def test_an_expression_reads(source, trails):
    assert read(source) == trails


def test_what_is_only_compared_is_not_in_the_value():
    reading = Reading()
    reading.of("if(state=='x', note, words(lines[?kind=='gift'].name))")

    assert sorted(map(written, reading.valued)) == ["lines[].name", "note"]


def test_a_lines_expression_reads_from_its_line():
    names = {"_order": frozenset({()}), "_product": frozenset({("_parts", "products", "[]")})}

    assert read("mul(price, quantity)", scope=LINES, names=names) == ["items[].price", "items[].quantity"]
    assert read("_order.currency", scope=LINES, names=names) == ["currency"]
    assert read("_product.sku", scope=LINES, names=names) == ["_parts.products[].sku"]


PAYLOAD = {
    "id": 1,
    "who": {"name": "a", "mail": "b"},
    "items": [{"sku": "x"}, {"size": {"w": 1, "h": 2}}],
    "tags": [],
}


def test_every_trail_of_a_payload_is_found():
    assert {written(one) for one in trails_of(PAYLOAD)} == {
        "id",
        "who",
        "who.name",
        "who.mail",
        "items",
        "items[]",
        "items[].sku",
        "items[].size",
        "items[].size.w",
        "items[].size.h",
        "tags",
    }


def test_what_nobody_reads_is_told_as_high_up_as_it_is_unread():
    read_trails = [("id",), ("who", "name"), ("items", "[]", "sku")]

    assert [written(one) for one in unused(PAYLOAD, read_trails)] == ["who.mail", "items[].size", "tags"]


def test_what_is_read_as_a_whole_is_read_to_its_leaves():
    assert [written(one) for one in unused(PAYLOAD, [("items",), ("who",), ("id",)])] == ["tags"]
