"""The inventory feed: columns as published, numbers as text, prices, a file a store or one for all."""

from dataclasses import replace

import httpx
import pytest

from plugins.locally.samples import KOREAN, connect, offline
from shop import SEOUL
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.orders import LineIdentifier
from tillbridge.plugin import Misconfigured, Money, Offer, Outcome
from tillbridge.testing.filing import files_in
from tillbridge_locally import push_snapshot
from tillbridge_locally.feed import upc_of
from tillbridge_locally.settings import Settings

pytestmark = pytest.mark.row("S15")
HELMET, PUMP, TUBE = "00601842495575", "00736745040314", "08809101000016"


def offer(gtin, quantity=1, price=10_000, *, location="", product="P1", currency="KRW"):
    kinds = [LineIdentifier(kind=IdentifierKind.GTIN, value=gtin)] if gtin else []
    return Offer(
        key=f"{location}/{product}",
        location=location,
        store=SEOUL,
        product_id=product,
        title="헬멧",
        identifiers=(*kinds, LineIdentifier(kind=IdentifierKind.SKU, value="HL-200")),
        quantity=quantity,
        price=None if price is None else Money(price, currency),
    )


@pytest.fixture
def push(tmp_path):
    """A function that sends a feed and returns its receipt and the files; `known`: Locally's stores."""

    def pushed(offers, *, locations=(), known=None, **settings):
        stores = [{"id": one} for one in (locations if known is None else known)]
        company = {"success": True, "data": {"id": "4711", "name": "바람길", "stores": stores}}
        connection = replace(
            connect(
                Settings.model_validate(KOREAN | settings),
                transport=httpx.MockTransport(lambda _: httpx.Response(200, json=company)),
            ),
            files=files_in(tmp_path),
            locations=locations,
        )
        receipt = push_snapshot(connection, iter(offers))
        assert Outcome.ACCEPTED is receipt.outcome
        return receipt, {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}

    return pushed


def test_a_line_has_a_upc_as_text_pieces_and_a_price(push):
    _, files = push([offer(HELMET, 3, 120_000), offer(TUBE, 0, 9_000, product="P2")])

    assert {"inventory.csv": b"upc,qty,price\n601842495575,3,120000\n8809101000016,0,9000\n"} == files


def test_a_price_has_the_decimals_of_its_currency(push):
    _, files = push([offer(HELMET, 1, 1099, currency="USD")], currency="USD", country="US")

    assert b"upc,qty,price\n601842495575,1,10.99\n" == files["inventory.csv"]


def test_a_price_that_is_not_known_is_left_empty(push):
    _, files = push([offer(HELMET, 1, None)])

    assert b"upc,qty,price\n601842495575,1,\n" == files["inventory.csv"]


@pytest.mark.parametrize(
    ("gtin", "upc"),
    [
        ("00036000291452", "036000291452"),
        ("00000040170725", "000040170725"),
        ("08809101000016", "8809101000016"),
        ("10036000291459", None),
    ],
)
def test_a_number_has_twelve_or_thirteen_digits(gtin, upc):
    """Zeros that belong to it stay; a carton's number names no single piece."""
    assert upc == upc_of(gtin)


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (offer(""), "It has no UPC or EAN"),
        (offer("10036000291459"), "is a carton's"),
        (offer(HELMET, currency="USD"), "Its price is in USD"),
    ],
)
def test_what_locally_could_not_know_is_left_out_and_said(push, left, why):
    receipt, files = push([left, offer(PUMP, product="P2")])

    assert b"upc,qty,price\n736745040314,1,10000\n" == files["inventory.csv"]
    assert ["/P1"] == list(receipt.left_out)
    assert why in receipt.left_out["/P1"].en
    assert receipt.left_out["/P1"].ko


def test_no_number_stands_twice(push):
    receipt, files = push([offer(HELMET, 3), offer(HELMET, 5, product="P2")])

    assert b"upc,qty,price\n601842495575,3,10000\n" == files["inventory.csv"]
    assert "Another product has its UPC 601842495575" in receipt.left_out["/P2"].en


def test_a_product_with_two_numbers_has_a_line_for_each(push):
    both = offer(HELMET)
    more = LineIdentifier(kind=IdentifierKind.GTIN, value=PUMP)
    _, files = push([replace(both, identifiers=(*both.identifiers, more))])

    assert b"upc,qty,price\n601842495575,1,10000\n736745040314,1,10000\n" == files["inventory.csv"]


def test_each_store_has_a_file_also_one_that_shows_nothing(push):
    _, files = push([offer(HELMET, location="20301")], locations=("20301", "20302"))

    assert {
        "inventory-20301.csv": b"upc,qty,price\n601842495575,1,10000\n",
        "inventory-20302.csv": b"upc,qty,price\n",
    } == files


def test_one_file_for_all_stores_names_the_store_on_each_line(push):
    """Two stores may have the same product."""
    _, files = push(
        [offer(HELMET, 1, location="20301"), offer(HELMET, 2, location="20302")],
        locations=("20301", "20302"),
        feed_combined=True,
        feed_name="stock",
    )

    lines = b"upc,qty,price,store_id\n601842495575,1,10000,20301\n601842495575,2,10000,20302\n"
    assert {"stock.csv": lines} == files


def test_the_only_store_is_named_by_the_settings(push):
    _, files = push([offer(HELMET)], store_ids=("20301",))
    _, combined = push([offer(HELMET)], store_ids=("20301",), feed_combined=True)

    assert ["inventory-20301.csv"] == list(files)
    assert b"upc,qty,price,store_id\n601842495575,1,10000,20301\n" == combined["inventory.csv"]


@pytest.mark.parametrize("combined", [True, False])
def test_a_store_that_is_none_of_locallys_is_left_out(push, combined):
    receipt, _ = push(
        [offer(HELMET, product="P9"), offer(HELMET, location="20301")],
        locations=("20301",),
        feed_combined=combined,
    )

    assert "--location STORE_ID=CODE" in receipt.left_out["/P9"].en


@pytest.mark.parametrize("combined", [True, False])
def test_a_store_that_locally_has_no_more_is_left_out_and_the_others_are_fed(push, combined):
    receipt, files = push(
        [offer(HELMET, location="20301"), offer(HELMET, location="20302")],
        locations=("20301", "20302"),
        known=("20301",),
        feed_combined=combined,
    )

    assert ["20302/P1"] == list(receipt.left_out)
    assert "Locally has no store 20302 any more" in receipt.left_out["20302/P1"].en
    assert ["inventory.csv" if combined else "inventory-20301.csv"] == list(files)
    assert 2 == files.popitem()[1].count(b"\n")


def test_where_locally_names_no_store_all_are_there(push):
    receipt, _ = push([offer(HELMET, location="20301")], locations=("20301",), known=())

    assert {} == receipt.left_out


def test_one_file_for_stores_that_nobody_named_is_refused(push):
    with pytest.raises(Misconfigured, match="has to name each"):
        push([offer(HELMET)], feed_combined=True)


def test_without_a_place_for_files_it_says_what_is_missing():
    with pytest.raises(Misconfigured, match="--files"):
        push_snapshot(offline(Settings.model_validate(KOREAN)), iter(()))
