"""A webstore that answers in XML: its elements are read as the JSON values that they would be."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.generic_webstore.connecting import NOW, compiled_connection
from plugins.generic_webstore.counters import Asked, Desk, desk
from plugins.generic_webstore.whole import told
from tillbridge.plugin import Connection, InputError, Rejected, Retryable, WebOrder
from tillbridge.testing.clock import FrozenClock
from tillbridge_generic_webstore.calling.xml import as_json
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.trying import read_payload

PROFILE = """
title = "Bazaar"
[settings]
url = { ask = "Address", kind = "url" }
[connect]
base = "{url}"
format = "xml"
error = "bazaar.fault"
[orders]
get = "orders"
query = { since = "{since}", page = "{page}" }
rows = "bazaar.orders.order[]"
paging = { by = "since", size = 2 }
one = { get = "orders/{id}", rows = "bazaar.order", gone = { status = 404 } }
parts.buyer = { for = "buyer", get = "buyers/{key}", rows = "bazaar.buyer" }
[order]
id = '"@id"'
placed = "placed"
updated = "changed"
currency = 'total."@currency"'
total = 'total."#text"'
total_tax = "total(list(items.item)[].tax)"
customer = { name = "_parts.buyer[0].name", email = "_parts.buyer[0].email" }
standing = [{ of = "state", map = { new = "open", off = "cancelled" } }]
charges = [{ kind = "shipping", each = "costs.cost", gross = "amount", tax_rate = "`0`" }]
[lines]
from = "items.item"
id = '"@no"'
name = "title"
quantity = "count"
gross = "sum"
tax = "tax"
sku = "sku"
"""
NAMES = 'xmlns="urn:bazaar" xmlns:x="urn:links"'


def order(number: int, *items: int, state: str = "new") -> str:
    """An order of as many items, each for 12.00 with 2.00 of tax in it, and a parcel for 3.00."""
    at = (NOW - timedelta(hours=1)).isoformat()
    rows = "".join(
        f'<item no="{item}"><title>Bell &amp; bow</title><count>1</count><sum>12.00</sum><tax>2.00</tax>'
        f"<sku><![CDATA[B-{item}]]></sku></item>"
        for item in items
    )
    total = 12 * len(items) + 3
    return (
        f'<order id="{number}"><placed>{at}</placed><changed>{at}</changed><state>{state}</state>'
        f'<total currency="EUR">{total}.00</total><buyer x:href="https://elsewhere.example/9">9</buyer>'
        f"<items>{rows}</items><costs><cost><amount>3.00</amount></cost></costs></order>"
    )


def page(*orders: str) -> bytes:
    return f'<?xml version="1.0"?><x:bazaar {NAMES}><orders>{"".join(orders)}</orders></x:bazaar>'.encode()


BUYER = b"<bazaar><buyer><name>Ann Lee</name><email>ann@mail.example</email></buyer></bazaar>"


@pytest.fixture
def server() -> Iterator[Desk]:
    with desk() as made:
        yield made


@contextmanager
def opened(server: Desk, answers: dict[str, Any]) -> Iterator[tuple[Connection, CompiledProfile]]:
    """The profile at work; what is asked for is answered by the address's path."""

    def answer(asked: Asked) -> tuple[int, Any]:
        said = answers.get(asked.path.partition("?")[0], (404, b"<bazaar><fault/></bazaar>"))
        return said if isinstance(said, tuple) else (200, said)

    server.answer = answer
    with compiled_connection(
        PROFILE, {"url": server.url}, FrozenClock(NOW), orders_from=NOW - timedelta(days=1)
    ) as made:
        yield made


def orders(connection: Connection, compiled: CompiledProfile) -> list[WebOrder]:
    found = []
    for one in compiled.lister.pages(connection, None):
        for raw in one.orders:
            parsed = compiled.mapper.parse(raw, {})
            assert isinstance(parsed, WebOrder)
            found.append(parsed)
    return found


def test_an_order_is_whole_with_its_attributes_and_a_second_call(server: Desk) -> None:
    with opened(server, {"/orders": page(order(7, 1, 2)), "/buyers/9": BUYER}) as (connection, compiled):
        (found,) = orders(connection, compiled)

    expected = {
        "number": "7",
        "customer": ["", "Ann Lee", "ann@mail.example", ""],
        "lines": [
            ["1", "1", "12", "2", "0", "sku B-1"],
            ["2", "1", "12", "2", "0", "sku B-2"],
        ],
        "shipping": "3",
        "tax": "4",
        "total": "27",
    }
    assert expected == {name: value for name, value in told(found).items() if name in expected}
    assert found.lines[0].title == "Bell & bow"


def test_one_element_is_a_list_where_several_might_stand(server: Desk) -> None:
    with opened(server, {"/orders": page(order(7, 1)), "/buyers/9": BUYER}) as (connection, compiled):
        assert [len(one.lines) for one in orders(connection, compiled)] == [1]


@pytest.mark.parametrize("empty", [page(), b"<bazaar><orders/></bazaar>", b"<bazaar/>"])
def test_no_element_is_an_empty_list(server: Desk, empty: bytes) -> None:
    with opened(server, {"/orders": empty}) as (connection, compiled):
        assert orders(connection, compiled) == []


def test_another_document_is_no_empty_list(server: Desk) -> None:
    with (
        opened(server, {"/orders": b"<html><body>Welcome</body></html>"}) as (connection, compiled),
        pytest.raises(Retryable, match="bazaar is not in the answer; it has: html"),
    ):
        orders(connection, compiled)


@pytest.mark.parametrize(
    "broken", [b"<bazaar><orders>", b'<!DOCTYPE a [<!ENTITY b "c">]><bazaar>&b;</bazaar>']
)
def test_what_is_no_whole_xml_is_asked_for_again(server: Desk, broken: bytes) -> None:
    with (
        opened(server, {"/orders": broken}) as (connection, compiled),
        pytest.raises(Retryable, match="no complete XML"),
    ):
        orders(connection, compiled)


def test_a_failure_in_an_answer_of_200_is_an_error(server: Desk) -> None:
    fault = b"<bazaar><fault>wrong key</fault></bazaar>"
    with (
        opened(server, {"/orders": fault}) as (connection, compiled),
        pytest.raises(Retryable, match="wrong key"),
    ):
        orders(connection, compiled)


def test_one_order_is_asked_for(server: Desk) -> None:
    answers = {"/orders/7": f"<bazaar>{order(7, 1)}</bazaar>".replace(" x:href", " href"), "/buyers/9": BUYER}
    given = {path: said.encode() if isinstance(said, str) else said for path, said in answers.items()}
    with opened(server, given) as (connection, compiled):
        assert compiled.lister.fetch_one(connection, "7").order_id == "7"
        with pytest.raises(Rejected, match="no order 8"):
            compiled.lister.fetch_one(connection, "8")


def test_values_are_what_json_would_have() -> None:
    content = b'<a xmlns:n="u" n:x="1" y="2"><n:b>1</n:b><n:b/><c z="3">t</c><d n:z="3">t</d></a>'

    assert as_json(content) == b'{"a":{"@y":"2","b":["1",null],"c":{"@z":"3","#text":"t"},"d":"t"}}'


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("utf-8", "\ufeff{}".encode()),
        ("EUC-KR", None),
        ("ks_c_5601-1987", None),
        ("utf-16", "\ufeff{}".encode("utf-16-le")),
        ("utf-16", b"{}"),
    ],
    ids=["a mark before it", "EUC-KR", "its other name", "UTF-16", "UTF-8 that is declared as UTF-16"],
)
def test_older_ways_to_write_are_read(declared: str, content: bytes | None) -> None:
    """The second sign is one that Windows added to EUC-KR."""
    text = f'<?xml version="1.0" encoding="{declared}"?><order><title>벨 똠</title></order>'
    if content is None:
        content = text.encode("cp949")
    elif content.startswith(b"\xff\xfe"):
        content = b"\xff\xfe" + text.encode("utf-16-le")
    else:
        content = content.replace(b"{}", text.encode())

    assert json.loads(as_json(content)) == {"order": {"title": "벨 똠"}}


@pytest.mark.parametrize("declared", ["zlib", "no-such-thing"])
def test_a_way_to_write_that_is_none_is_no_xml(declared: str) -> None:
    with pytest.raises(ValueError, match=declared):
        as_json(f'<?xml version="1.0" encoding="{declared}"?><order/>'.encode())


def test_json_among_xml_is_left_as_it_is() -> None:
    assert as_json(b' {"error": 1}') == b' {"error": 1}'


def test_try_reads_a_payload_in_xml(tmp_path: Path) -> None:
    compiled = load_profile(PROFILE, "bazaar.toml")
    file = tmp_path / "orders.xml"
    file.write_bytes(page(order(7, 1), order(8, 1, 2)))

    assert len(read_payload(file, compiled, {}).orders) == 2
    file.write_bytes(b"<bazaar>")
    with pytest.raises(InputError, match="is no XML"):
        read_payload(file, compiled, {})
