"""Stock and prices by a profile: templates, batches, and the receipt of each item, over real HTTP."""

from dataclasses import replace
from decimal import Decimal

import pytest

from plugins.generic_webstore.counters import compiled, desk, mistakes_of, offer
from shop import SEOUL
from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.exchange import Outcome
from tillbridge.model.listings import Listing
from tillbridge.model.money import Money
from tillbridge.model.offers import Offer
from tillbridge.model.orders import LineIdentifier
from tillbridge.plugin import IdentifierKind
from tillbridge_generic_webstore.language.ordering import MoneyForm
from tillbridge_generic_webstore.telling import compile_teller
from tillbridge_generic_webstore.telling.values import is_same, item_of, written

pytestmark = pytest.mark.row("S15")
STOCK = {
    "put": "stock",
    "size": 3,
    "item": {"id": "{id}", "quantity": "{stock}"},
    "body": {"update": "{items}"},
    "receipt": {"each": "update", "error": "error.message", "confirm": "quantity"},
    "repeat": "natural",
}


@pytest.fixture
def shop():
    with desk() as server:
        yield server


def echo(asked):
    return 200, asked.body


def push(shop, push_, offers, *, prices=False, **profile):
    teller = compiled(compile_teller, push=push_, **profile)
    told = teller.push_prices if prices else teller.push_inventory
    return told(shop.connection(), offers)


def barcode(number):
    return LineIdentifier(kind=IdentifierKind.GTIN, value=number)


def outcomes(receipts):
    return {key.rpartition("/")[2]: receipt.outcome for key, receipt in receipts.items()}


def words(receipts, item):
    return next(one.words.en for key, one in receipts.items() if key.endswith(f"/{item}"))


def test_hook_push_inventory_sends_as_many_items_a_call_as_the_webstore_takes(shop):
    shop.answer = echo
    receipts = push(shop, {"stock": [STOCK]}, [offer(f"{at}", at) for at in range(1, 6)])

    assert [
        (
            "PUT",
            "/stock",
            {"update": [{"id": "1", "quantity": 1}, {"id": "2", "quantity": 2}, {"id": "3", "quantity": 3}]},
        ),
        ("PUT", "/stock", {"update": [{"id": "4", "quantity": 4}, {"id": "5", "quantity": 5}]}),
    ] == shop.calls
    assert {Outcome.ACCEPTED} == set(outcomes(receipts).values())


def test_the_first_entry_whose_when_holds_takes_an_item(shop):
    """Variations go by a way of their own, and each product's in a call of their own."""
    shop.answer = echo
    entries = [
        {
            "when": "parent_id",
            "put": "products/{parent_id}/variations",
            "group_by": "parent_id",
            "use": "batch",
        },
        {"put": "products", "use": "batch"},
    ]
    shared = {key: value for key, value in STOCK.items() if key != "put"}
    offers = [
        offer("1", 1),
        offer("11", 2, parent="9"),
        offer("12", 3, parent="8"),
        offer("13", 4, parent="9"),
    ]
    receipts = push(shop, {"stock": entries, "shared": {"batch": shared}}, offers)
    told = {path: [one["id"] for one in body["update"]] for _, path, body in shop.calls}

    assert {
        "/products": ["1"],
        "/products/9/variations": ["11", "13"],
        "/products/8/variations": ["12"],
    } == told
    assert dict.fromkeys(("1", "11", "12", "13"), Outcome.ACCEPTED) == outcomes(receipts)


def test_an_item_for_which_there_is_no_way_is_refused(shop):
    receipts = push(shop, {"stock": [{**STOCK, "when": "parent_id"}]}, [offer("1", 1)])

    assert ({"1": Outcome.REFUSED}, []) == (outcomes(receipts), shop.calls)
    assert "no `when` holds" in words(receipts, "1")


def test_an_item_that_is_refused_within_a_200_is_refused_alone_with_the_webstores_words(shop):
    shop.answer = lambda _: (
        200,
        {"update": [{"id": "1", "quantity": 1}, {"id": "2", "error": {"message": "Invalid ID."}}]},
    )
    receipts = push(shop, {"stock": [STOCK]}, [offer("1", 1), offer("2", 2)])

    assert {"1": Outcome.ACCEPTED, "2": Outcome.REFUSED} == outcomes(receipts)
    assert 'Desk did not take it. It said: "Invalid ID."' == words(receipts, "2")


def test_what_is_echoed_otherwise_than_it_was_sent_is_refused(shop):
    shop.answer = lambda _: (200, {"update": [{"quantity": "1.0"}, {"quantity": 7}, {"quantity": None}]})
    receipts = push(shop, {"stock": [STOCK]}, [offer("1", 1), offer("2", 2), offer("3", 3)])

    assert {"1": Outcome.ACCEPTED, "2": Outcome.REFUSED, "3": Outcome.REFUSED} == outcomes(receipts)
    assert "Desk was sent 2, and has 7." == words(receipts, "2")
    assert "Desk was sent 3, and does not say that it has it." == words(receipts, "3")


def test_receipts_that_come_in_another_order_are_found_by_their_key(shop):
    entry = {**STOCK, "receipt": {"each": "done", "key": "item.id", "confirm": "quantity"}}
    shop.answer = lambda _: (
        200,
        {"done": [{"item": {"id": 2}, "quantity": 2}, {"item": {"id": 1}, "quantity": 9}]},
    )
    receipts = push(shop, {"stock": [entry]}, [offer("1", 1), offer("2", 2), offer("3", 3)])

    assert {"1": Outcome.REFUSED, "2": Outcome.ACCEPTED, "3": Outcome.UNKNOWN} == outcomes(receipts)
    assert "Desk answered for 2 of 3 items." == words(receipts, "3")


def test_fewer_rows_than_items_answer_for_none(shop):
    shop.answer = lambda _: (200, {"update": [{"quantity": 1}]})

    assert {"1": Outcome.UNKNOWN, "2": Outcome.UNKNOWN} == outcomes(
        push(shop, {"stock": [STOCK]}, [offer("1", 1), offer("2", 2)])
    )


def refusing(*bad, status=422):
    def answer(asked):
        items = asked.body["update"]
        if any(one["id"] in bad for one in items):
            return status, {"message": "an item is unknown"}
        return 200, {"update": items}

    return answer


def test_a_call_that_is_refused_as_a_whole_is_halved_until_the_guilty_item_is_alone(shop):
    shop.answer = refusing("6")
    receipts = push(
        shop, {"stock": [{**STOCK, "size": 8, "on_error": "split"}]}, [offer(f"{at}", at) for at in range(8)]
    )
    sizes = [len(body["update"]) for _, _, body in shop.calls]

    assert [8, 4, 4, 2, 2, 1, 1] == sizes
    assert {f"{at}": Outcome.REFUSED if at == 6 else Outcome.ACCEPTED for at in range(8)} == outcomes(
        receipts
    )
    assert "an item is unknown" in words(receipts, "6")


def test_without_split_the_items_of_a_refused_call_go_one_by_one(shop):
    shop.answer = refusing("2")
    receipts = push(shop, {"stock": [STOCK]}, [offer("1", 1), offer("2", 2), offer("3", 3)])

    assert [3, 1, 1, 1] == [len(body["update"]) for _, _, body in shop.calls]
    assert {"1": Outcome.ACCEPTED, "2": Outcome.REFUSED, "3": Outcome.ACCEPTED} == outcomes(receipts)


def test_a_call_that_is_too_large_is_halved(shop):
    def answer(asked):
        items = asked.body["update"]
        return (413, {}) if len(items) > 2 else (200, {"update": items})

    shop.answer = answer
    receipts = push(shop, {"stock": [{**STOCK, "size": 4}]}, [offer(f"{at}", at) for at in range(4)])

    assert [4, 2, 2] == [len(body["update"]) for _, _, body in shop.calls]
    assert {Outcome.ACCEPTED} == set(outcomes(receipts).values())


def test_an_error_in_a_200_refuses_the_call(shop):
    """As GraphQL does it: the batch is refused as one, and the answer is a 200."""
    entry = {
        "graphql": "mutation($items:[In!]!){set(items:$items){id stock}}",
        "variables": {"items": "{items}"},
        "item": {"id": "{id}", "stock": "{stock}"},
        "size": 2,
        "on_error": "split",
        "error": "errors[0].message",
        "receipt": {"each": "data.set", "confirm": "stock"},
        "repeat": "natural",
    }

    def answer(asked):
        items = asked.body["variables"]["items"]
        if "2" in [one["id"] for one in items]:
            return 200, {"errors": [{"message": "no variant 2"}], "data": None}
        return 200, {"data": {"set": items}}

    shop.answer = answer
    receipts = push(shop, {"stock": [entry]}, [offer("1", 1), offer("2", 2)])

    assert {"1": Outcome.ACCEPTED, "2": Outcome.REFUSED} == outcomes(receipts)
    assert "no variant 2" in words(receipts, "2")


def test_a_multi_status_answers_for_each_item(shop):
    entry = {**STOCK, "receipt": {"each": "@", "error": "if(status >= `400`, message)"}}
    shop.answer = lambda _: (207, [{"status": 200}, {"status": 404, "message": "gone"}])
    receipts = push(shop, {"stock": [entry]}, [offer("1", 1), offer("2", 2)])

    assert {"1": Outcome.ACCEPTED, "2": Outcome.REFUSED} == outcomes(receipts)


def test_an_item_may_be_addressed_by_what_its_listing_keeps(shop):
    entry = {"patch": "stock/{stock_record}", "body": {"n": "{stock}"}, "repeat": "natural"}
    receipts = push(shop, {"stock": [entry]}, [offer("1", 4, extra={"stock_record": "77"})])

    assert [("PATCH", "/stock/77", {"n": 4})] == shop.calls
    assert {"1": Outcome.ACCEPTED} == outcomes(receipts)


@pytest.mark.parametrize(
    ("kept", "gtin", "ean", "upc"),
    [
        ("04006381333931", "4006381333931", "4006381333931", None),
        ("00605284574539", "605284574539", "0605284574539", "605284574539"),
        ("00000096385074", "96385074", "96385074", None),
        ("14006381333938", "14006381333938", None, None),
    ],
)
def test_a_barcode_goes_out_as_it_is_printed_and_in_each_length_that_is_asked_for(kept, gtin, ean, upc):
    bare = Offer(key="/P1", location="", store=SEOUL, product_id="P1", title="", identifiers=(barcode(kept),))
    values = item_of(bare, "minor").values

    assert (gtin, kept, ean, upc) == tuple(values[name] for name in ("gtin", "gtin14", "ean", "upc"))


def test_a_barcode_goes_out_as_the_webstore_writes_it_where_it_lists_the_item():
    """And what a profile itself calls `ean` is what it says."""
    listed = Listing(id="1", identifiers=(barcode("0605284574539"),), extra={"ean": "X"})
    values = item_of(replace(offer("1", 4), listing=listed), "minor").values

    assert ("0605284574539", "00605284574539", "X") == tuple(
        values[name] for name in ("gtin", "gtin14", "ean")
    )


def test_an_item_without_a_barcode_has_none_in_any_length():
    values = item_of(offer("1", 4), "minor").values

    assert [None] * 4 == [values[name] for name in ("gtin", "gtin14", "ean", "upc")]


def test_an_item_without_what_addresses_it_is_refused_and_stops_no_other(shop):
    entry = {"patch": "stock/{stock_record}", "body": {"n": "{stock}"}, "repeat": "natural"}
    receipts = push(shop, {"stock": [entry]}, [offer("1", 4), offer("2", 5, extra={"stock_record": "78"})])

    assert {"1": Outcome.REFUSED, "2": Outcome.ACCEPTED} == outcomes(receipts)


AVAILABLE = {
    "before": [{"get": "stock/{stock_record}", "let": {"n": "add(allocated, _item.stock)"}}],
    "patch": "stock/{stock_record}",
    "body": {"in_stock": "{n}"},
    "receipt": {"confirm": "sub(in_stock, allocated)"},
    "repeat": "natural",
}


def test_a_look_before_says_what_is_to_be_sent(shop):
    """A webstore that counts what it has promised with its stock is told both together."""
    has = {"allocated": 3, "in_stock": 9}

    def answer(asked):
        has.update(asked.body or {})
        return 200, has

    shop.answer = answer
    receipts = push(shop, {"stock": [AVAILABLE]}, [offer("1", 4, extra={"stock_record": "77"})])

    assert [("GET", "/stock/77", None), ("PATCH", "/stock/77", {"in_stock": 7})] == shop.calls
    assert {"1": Outcome.ACCEPTED} == outcomes(receipts)


def test_a_look_before_that_is_refused_refuses_its_item_alone(shop):
    shop.answer = lambda asked: (
        (404, {}) if asked.path.endswith("/78") else (200, {"allocated": 0, "in_stock": 4})
    )
    offers = [offer("1", 4, extra={"stock_record": "77"}), offer("2", 4, extra={"stock_record": "78"})]

    assert {"1": Outcome.ACCEPTED, "2": Outcome.REFUSED} == outcomes(
        push(shop, {"stock": [AVAILABLE]}, offers)
    )


# The webstore is away


def test_a_webstore_that_is_away_before_anything_was_told_is_tried_again(shop):
    shop.answer = lambda _: (503, {})

    with pytest.raises(Retryable):
        push(shop, {"stock": [STOCK]}, [offer("1", 1)])


def test_what_was_told_before_the_webstore_went_away_is_kept(shop):
    shop.answer = lambda asked: echo(asked) if asked.body["update"][0]["id"] == "0" else (503, {})
    receipts = push(shop, {"stock": [STOCK]}, [offer(f"{at}", at) for at in range(6)])

    assert dict.fromkeys("012", Outcome.ACCEPTED) == outcomes(receipts)


def test_a_key_that_may_not_write_is_to_be_mended(shop):
    shop.answer = lambda _: (401, {"code": "woocommerce_rest_cannot_edit"})

    with pytest.raises(Misconfigured):
        push(shop, {"stock": [STOCK]}, [offer("1", 1)])


def test_a_webstore_that_asks_for_patience_within_a_200_is_told_later(shop):
    shop.answer = lambda _: (200, {"errors": [{"code": "THROTTLED"}]})
    connect = {"base": "{url}", "busy": "errors[?code == 'THROTTLED']", "error": "errors[0].code"}

    with pytest.raises(Retryable, match="asked too much"):
        push(shop, {"stock": [STOCK]}, [offer("1", 1)], connect=connect)


@pytest.mark.parametrize(
    ("said", "outcome"), [(0, Outcome.REFUSED), ("", Outcome.ACCEPTED), (None, Outcome.ACCEPTED)]
)
def test_an_error_of_0_is_one(shop, said, outcome):
    shop.answer = lambda _: (200, {"update": [{"quantity": 1, "error": said}]})
    entry = {**STOCK, "receipt": {"each": "update", "error": "error"}}

    assert {"1": outcome} == outcomes(push(shop, {"stock": [entry]}, [offer("1", 1)]))


# Idempotency


def test_a_key_stands_in_the_body_and_is_never_that_of_an_earlier_call(shop):
    """A webstore that knows the key would answer as it did then, and change nothing."""
    entry = {**STOCK, "post": "stock", "repeat": {"key": "idempotency_key"}, "receipt": None}
    del entry["put"]
    teller = compiled(compile_teller, push={"stock": [entry]})
    there = shop.connection()
    for pieces in (5, 4, 5):
        teller.push_inventory(there, [offer("1", pieces)])
        there.now.__self__.advance(1)
    keys = [body["idempotency_key"] for _, _, body in shop.calls]

    assert 3 == len(set(keys))


def test_a_key_may_stand_in_a_header(shop):
    entry = {**STOCK, "repeat": {"key": "header:X-Once"}, "receipt": None}
    push(shop, {"stock": [entry]}, [offer("1", 1)])

    assert 32 == len(shop.asked[0].headers["x-once"])


# Prices


def usd(minor):
    return Money(minor, "USD")


def test_hook_push_prices_writes_a_price_as_the_webstore_does(shop):
    entry = {
        "put": "items/{id}",
        "body": {
            "price": "{price}",
            "number": "{price_number}",
            "minor": "{price_minor}",
            "said": "{currency} {price}",
        },
        "repeat": "natural",
    }
    push(shop, {"price": [entry]}, [offer("1", price=usd(990))], prices=True)

    assert [
        ("PUT", "/items/1", {"price": "9.90", "number": Decimal("9.90"), "minor": 990, "said": "USD 9.90"})
    ] == (shop.calls)


@pytest.mark.parametrize(
    ("form", "price", "is_written"),
    [
        ("major", usd(990), "9.90"),
        ("major", Money(30_000, "KRW"), "30000"),
        ("major", Money(1_234, "KWD"), "1.234"),
        ("minor", usd(990), 990),
        ("minor", Money(30_000, "KRW"), 30_000),
        (
            MoneyForm(unit="minor", amount="amount", currency="currency"),
            usd(990),
            {"amount": 990, "currency": "USD"},
        ),
        (MoneyForm(unit="minor", decimals=3), usd(990), 9_900),
        (MoneyForm(unit="minor", amount="a", decimals="d"), usd(990), {"a": 990, "d": 2}),
        (MoneyForm(amount="value", currency="currency"), usd(5), {"value": "0.05", "currency": "USD"}),
        (
            MoneyForm(amount="amount", divisor="divisor", currency="currency_code"),
            Money(1_234, "KWD"),
            {"amount": 1234, "divisor": 1000, "currency_code": "KWD"},
        ),
    ],
)
def test_an_amount_is_written_in_the_webstores_own_money_kind(form, price, is_written):
    assert is_written == written(price, form)


@pytest.mark.parametrize(
    ("sent", "echoed", "same"),
    [
        ("9.90", "9.9", True),
        ("9.90", Decimal("9.900"), True),
        ("9.90", "", False),
        ("9.90", None, False),
        ("9.90", "abc", False),
        (7, "7", True),
        (7, True, False),
        (0, False, False),
        ("completed", "completed", True),
        ("completed", "processing", False),
        ({"amount": 990, "currency": "USD"}, {"amount": 990, "currency": "USD", "more": 1}, True),
        ({"amount": 990, "currency": "USD"}, {"amount": 990, "currency": "EUR"}, False),
        (None, 3, True),
    ],
)
def test_what_is_echoed_is_compared_as_numbers_where_both_are(sent, echoed, same):
    assert same is is_same(sent, echoed)


@pytest.mark.parametrize(("echoed", "outcome"), [(990, Outcome.ACCEPTED), (991, Outcome.REFUSED)])
def test_of_a_price_that_goes_as_an_object_the_amount_alone_may_come_back(shop, echoed, outcome):
    entry = {
        **STOCK,
        "item": {"id": "{id}", "cents": "{price_minor}"},
        "receipt": {"each": "update", "confirm": "now"},
    }
    money = {"unit": "minor", "amount": "cents", "currency": "cur"}
    shop.answer = lambda _: (200, {"update": [{"now": echoed}]})
    receipts = push(
        shop, {"price": [entry]}, [offer("1", 1, usd(990))], prices=True, defaults={"money": money}
    )

    assert {"1": outcome} == outcomes(receipts)


@pytest.mark.parametrize(
    ("echoed", "outcome"),
    [("9.90", Outcome.ACCEPTED), (990, Outcome.ACCEPTED), ("9.91", Outcome.REFUSED)],
)
def test_a_price_may_come_back_as_it_was_sent(shop, echoed, outcome):
    """Whole units, where the webstore's orders are in minor ones."""
    entry = {
        **STOCK,
        "item": {"id": "{id}", "cost": "{price_text}"},
        "receipt": {"each": "update", "confirm": "now"},
    }
    shop.answer = lambda _: (200, {"update": [{"now": echoed}]})
    receipts = push(
        shop, {"price": [entry]}, [offer("1", 1, usd(990))], prices=True, defaults={"money": "minor"}
    )

    assert {"1": outcome} == outcomes(receipts)


def test_stock_and_price_may_go_in_one_call(shop):
    entry = {
        **STOCK,
        "item": {"id": "{id}", "quantity": "{stock}", "cost": "{price}"},
        "receipt": {"each": "update", "confirm": "quantity", "confirm_price": "cost"},
    }
    shop.answer = lambda asked: (
        200,
        {"update": [{**asked.body["update"][0], "cost": "9.99"}, *asked.body["update"][1:]]},
    )
    receipts = push(shop, {"offers": [entry]}, [offer("1", 1, usd(990)), offer("2", 0)])

    # A price that nobody knows is not sent, and not compared.
    assert {"id": "2", "quantity": 0} == shop.calls[0][2]["update"][1]
    assert {"1": Outcome.REFUSED, "2": Outcome.ACCEPTED} == outcomes(receipts)
    assert "Desk was sent 9.90, and has 9.99." == words(receipts, "1")


# What the core is told of it


def test_how_stock_is_taken_is_said_to_the_core():
    by_item = compiled(compile_teller, push={"stock": [{**STOCK, "size": 100}], "refresh": "1d"})
    by_number = {"put": "stock/{sku}", "body": {"n": "{stock}"}, "repeat": "natural"}
    by_sku = compiled(compile_teller, push={"offers": [by_number]})

    assert (100, True, False, 86_400) == (
        by_item.outline.exporting.batch,
        by_item.outline.exporting.by_listing,
        by_item.outline.exporting.together,
        by_item.outline.exporting.refresh.total_seconds(),
    )
    assert (20, False, True) == (
        by_sku.outline.exporting.batch,
        by_sku.outline.exporting.by_listing,
        by_sku.outline.exporting.together,
    )
    assert (["inventory"], ["inventory"]) == (
        sorted(by_item.outline.capabilities),
        sorted(by_sku.outline.capabilities),
    )


@pytest.mark.parametrize(
    ("push_", "place", "said"),
    [
        ({"stock": [{**STOCK, "use": "bath"}]}, "push.stock[1].use", "there is no [push.shared.bath] (-)"),
        ({"stock": [{**STOCK, "item": None}]}, "push.stock[1].size", "several items in one call need item"),
        ({"stock": [{**STOCK, "put": "stock/{id}"}]}, "push.stock[1].put", "{id} is no placeholder here"),
        ({"stock": [{**STOCK, "item": {"n": "{stok}"}}]}, "push.stock[1].item.n", "Did you mean {stock}?"),
        ({"stock": [{**STOCK, "when": "nope(id)"}]}, "push.stock[1].when", "nope"),
        ({"stock": [{**STOCK, "receipt": {"confirm": "n"}}]}, "push.stock[1].receipt", "need each"),
        (
            {"stock": [{**STOCK, "repeat": {"look": "x", "at": "y"}}]},
            "push.stock[1].repeat",
            "stock and prices are absolute",
        ),
        ({"stock": [STOCK], "offers": [STOCK]}, "push.offers", "stock and price stand beside it"),
    ],
)
def test_a_mistake_in_how_stock_is_told_is_named_with_its_place(push_, place, said):
    found = dict(mistakes_of(compile_teller, push=push_))

    assert place in found
    assert said in found[place]


def test_items_of_the_webstore_need_listings_to_be_known_by():
    found = mistakes_of(compile_teller, push={"stock": [STOCK]}, listings=None)

    assert [
        (
            "push",
            "is addressed by the webstore's own items ({id}), and there are no [listings] to know them by",
        )
    ] == (found)
