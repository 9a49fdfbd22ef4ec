"""What is wrong with an order is named: the profile's place, the payload's field, and every number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.generic_webstore.shop import ORDER, PROFILE, mapper_of, merged, raw, read
from tillbridge.plugin import NotAnOrder, PayloadError, Standing, WebOrder
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping import compile_mapping


def item(**changes):
    return {"id": 1, "title": "Bell", "quantity": 2, "net": "20.00", "tax": "4.20", **changes}


@pytest.mark.parametrize(
    ("order", "changes", "path", "said"),
    [
        (
            {"currency": None, "currency_code": "EUR"},
            {},
            "currency",
            'there is nothing; the payload has "currency_code": "EUR"',
        ),
        (
            {},
            {"order": {"currency": "EUR"}},
            "EUR",
            "there is no field EUR; for the currency itself write \"'EUR'\"",
        ),
        ({"currency": "EURO"}, {}, "currency", "'EURO' is no currency in use"),
        ({"id": ""}, {}, "id", "there is nothing"),
        ({"total": None}, {}, "total", "there is nothing"),
        ({"total": "12,30"}, {}, "total", '"12,30" is no number'),
        ({"total": 10**16}, {}, "total", "60 bits of EUR is more than an amount of money can be"),
        ({"total": True}, {}, "total", "true is no number"),
        ({"total": [1]}, {}, "total", "[…] is no number"),
        (
            {"placed": "2026-01-02 03:04:05"},
            {},
            "placed",
            "has no zone, so that nobody can say when it was: set defaults.zone",
        ),
        ({"placed": "yesterday"}, {}, "placed", '"yesterday" is no time as defaults.time has it (iso)'),
        ({"placed": None}, {}, "placed", "there is nothing"),
        ({"placed": 12}, {}, "placed", "12 is no time"),
        (
            {"state": "odd"},
            {},
            "state",
            '"odd" is not in the table; map it, or add it to ignore. Known are: new, due, sent, off',
        ),
        ({"state": None}, {}, "state", "(none) is not in the table"),
        ({"state": {"a": 1}}, {}, "state", "{…} is not in the table"),
        ({"items": "https://shop.example/1/items"}, {}, "items", "a list is expected"),
        ({"items": [5]}, {}, "items[0]", "a line is an object with fields; it is 5"),
        ({"items": [item(id=None)]}, {}, "items[0].id", "there is nothing"),
        ({"items": [item(), item()]}, {}, "items[1].id", 'the ID "1" stands twice among the lines'),
        ({"items": [item(quantity=0)]}, {}, "items[0].quantity", "a quantity is more than 0; it is 0"),
        ({"items": [item(quantity=None, qty=2)]}, {}, "items[0].quantity", "there is nothing"),
        ({"items": [item(quantity="two")]}, {}, "items[0].quantity", '"two" is no number'),
        ({"items": [item(net=None)]}, {}, "items[0].net", "there is nothing"),
        ({"items": [item(net="4,20")]}, {}, "items[0].net", '"4,20" is no number'),
        ({"items": [item(title=["a"])]}, {}, "items[0].title", "a text is expected; it is […]"),
        (
            {"items": [item(net={"v": 1, "c": "USD"})]},
            {"defaults": {"money": {"amount": "v", "currency": "c"}}},
            "items[0].net",
            "it is in USD, and the order in EUR",
        ),
        (
            {"items": [item(ref="X7")]},
            {"lines": {"join": {"g": {"from": "_order.goods", "key": "id", "on": "ref"}}}},
            "items[0].ref",
            'there is no row with the key "X7" in _order.goods (0 rows)',
        ),
        (
            {},
            {"lines": {"gross": "net"}},
            "items[0].net",
            "net 20.00 and tax 4.20 are 24.20, but gross is 20.00",
        ),
        (
            {"version": "1.5"},
            {"order": {"revision": "version"}},
            "version",
            "a whole number is expected; it is 1.5",
        ),
        (
            {"money": "-"},
            {"order": {"standing": [{"of": "money", "map": {"-": "-"}}]}},
            "money",
            "no table of order.standing says",
        ),
    ],
)
def test_what_is_damaged_is_named(order, changes, path, said):
    with pytest.raises(PayloadError) as raised:
        read(order, **changes)

    assert path == raised.value.path
    assert said in raised.value.words.en


@pytest.mark.parametrize("spread", [False, True])
def test_of_an_order_that_lost_its_lines_they_are_what_is_missing(spread):
    """And no sum that does not agree, nor a discount that cannot be spread."""
    discount = {"kind": "discount", "sign": -1, "spread": spread, "gross": "off"}

    with pytest.raises(PayloadError) as raised:
        read({"items": None, "off": "1.00"}, order={"charges": [discount]})

    assert raised.value.path == "items"
    assert raised.value.words.en.startswith('lines.from "items": there is nothing')
    plain = raised.value.plain
    assert plain is not None
    assert plain.en == "The webstore sent this order without its items: “items” is missing."


def test_of_an_order_with_an_empty_list_of_lines_the_sums_are_told():
    with pytest.raises(PayloadError, match=r"60\.50, but lines 0\.00 = 0\.00: 60\.50 too little"):
        read({"items": []})


def test_a_discount_that_cannot_be_spread_is_written_in_the_orders_currency():
    discount = {"kind": "discount", "sign": -1, "spread": True, "gross": "off"}

    with pytest.raises(PayloadError) as raised:
        read({"items": [], "off": "1.00"}, order={"charges": [discount]})

    assert "-€1.00 cannot be spread" in raised.value.words.en
    assert raised.value.path == "off"


def test_the_message_names_the_profiles_line_and_the_place_in_the_payload():
    """Both languages begin with it."""
    profile = Profile.model_validate(PROFILE)
    mapper = compile_mapping(profile, Mistakes(), lambda path: f"shop.toml:{len(path)}7")

    with pytest.raises(PayloadError) as raised:
        mapper.parse(raw(merged(ORDER, {"items": [item(net="x")]})), {})

    assert raised.value.words.en.startswith('items[0] lines.net (shop.toml:27) "net": "x" is no number')
    assert raised.value.words.ko.startswith('items[0] lines.net (shop.toml:27) "net": "x" 값은')


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (
            {"total": "70.50", "fee": "10.00"},
            '"total": 70.50, but lines 60.50 = 60.50: 10.00 too little; the payload says fee = 10.00.',
        ),
        (
            {"total": "55.50", "voucher": {"value": "-5.00"}, "subtotal": "60.50"},
            "60.50: 5.00 too much; the payload says voucher.value = 5.00, subtotal = 60.50.",
        ),
        ({"total": "99.99"}, "39.49 too little."),
        (
            {"tax": "0.00", "total": "60.50"},
            '"tax": 0.00, but the taxes of lines and charges are 10.50: 10.50 too much.',
        ),
    ],
)
def test_a_sum_that_does_not_hold_is_shown_with_what_may_explain_it(order, said):
    with pytest.raises(PayloadError) as raised:
        read(order)

    assert said in raised.value.words.en


@pytest.mark.parametrize(
    ("order", "plain"),
    [
        (
            {"state": "odd"},
            'Corner Shop sent a status that tillbridge does not know yet: "odd". The order waits; ask',
        ),
        (
            {"state": None},
            "Corner Shop did not say where this order stands. The order waits; ask whoever set up",
        ),
        ({"items": [item(net="x")]}, 'items[0].net: "x" is no number'),
    ],
)
def test_staff_read_it_without_the_profiles_own_words(order, plain):
    with pytest.raises(PayloadError) as raised:
        read(order)

    told = raised.value.plain
    assert told is not None
    assert told.en.startswith(plain)
    assert "lines.net" not in told.en


def test_every_number_of_the_sum_is_shown():
    with pytest.raises(
        PayloadError, match=r"70\.00, but lines 60\.50 \+ charges 5\.00 \+ tip 1\.00 = 66\.50: 3\.50"
    ):
        read(
            {"total": "70.00", "post": "5.00", "tip": "1.00"},
            order={"charges": [{"kind": "shipping", "gross": "post"}, {"kind": "tip", "gross": "tip"}]},
        )


@pytest.mark.parametrize("off", [1, 2, -1, -2])
def test_rounding_by_a_cent_a_taxed_line_is_no_mismatch(off):
    """Two lines with tax may each have been rounded by the webstore; the rest gets a line of its own."""
    total = Decimal("60.50") + Decimal(off) / 100

    assert total == read({"total": str(total)}).total.decimal


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no complete JSON"),
        (b'{"id": 1', "no complete JSON"),
        (b"[]", "no object with fields"),
        (b"\xff\xfe", "no complete JSON"),
        (b"[" * 100_000, "no complete JSON"),
    ],
)
def test_bytes_that_are_no_order(content, said):
    with pytest.raises(PayloadError, match=said):
        mapper_of().parse(raw(content), {})


def test_a_number_that_nobody_counts_with_is_passed_over_where_nobody_asks():
    order = raw(merged(ORDER, {}))
    content = order.parts["order"]

    longer = raw(
        content.replace(b'"id": 1001', b'"id": 1001, "x": 1' + b"0" * 400 + b', "y": 1e999999999999')
    )
    assert isinstance(mapper_of().parse(longer, {}), WebOrder)
    with pytest.raises(PayloadError, match="is no number"):
        mapper_of().parse(raw(content.replace(b'"60.50"', b"1e999999999999")), {})


def test_half_an_emoji_costs_no_order():
    """Webstores cut texts by length; the half that is left becomes a sign for what cannot be shown."""
    content = raw(ORDER).parts["order"].replace(b'"Bell"', b'"Bell \\ud83d"')

    order = mapper_of().parse(raw(content), {})
    assert isinstance(order, WebOrder)
    assert "Bell \N{REPLACEMENT CHARACTER}" == order.lines[0].title


def test_a_number_of_a_million_digits_is_not_written_out():
    with pytest.raises(PayloadError, match="a text is expected"):
        read({"id": Decimal("1E+999999")})


def test_an_id_that_no_database_holds_is_named():
    with pytest.raises(PayloadError) as raised:
        read({"id": "x" * 400})

    assert "id" == raised.value.path


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "a"]), inner, max_size=2)
    ),
    max_leaves=4,
)
BENT = mapper_of(
    order={
        "charges": [
            {"kind": "shipping", "each": "post", "net": "id", "tax": "a"},
            {"kind": "discount", "spread": True, "sign": -1, "gross": "less"},
            {"kind": "tax", "when": "more", "gross": "more"},
        ],
        "tenders": [{"each": "cards", "amount": "a"}],
        "customer": {"id": "who.id", "email": "who.a"},
        "shipping_address": {"line1": "to.a", "country": "to.id"},
        "location": "where",
    },
    lines={"as": [{"when": "a", "as": "fee"}], "group_by": ["sku"]},
)


@given(
    order=st.dictionaries(
        st.sampled_from([*ORDER, "post", "less", "more", "cards", "who", "to", "where"]), VALUES
    ),
    line=st.dictionaries(st.sampled_from(["id", "title", "quantity", "net", "tax", "sku", "a"]), VALUES),
)
def test_whatever_a_webstore_sends_is_an_order_or_named_as_damaged(order, line):
    """No value in any place makes anything else of it than a whole order, none, or an error with words."""
    bent = {**ORDER, "items": [{**ORDER["items"][0], **line}, ORDER["items"][1]], **order}
    try:
        found = BENT.parse(raw(bent), {})
    except PayloadError as error:
        said = error
    else:
        assert isinstance(found, WebOrder | NotAnOrder)
        return
    assert all((said.path, said.words.en, said.words.ko))


def test_sums_that_fail_do_not_hide_that_an_order_was_cancelled():
    """Webstores take lines, or the total, out of a cancelled order: it cannot be sold, and must be seen."""
    assert Standing.CANCELLED == read({"state": "off", "total": "0.00", "items": [item()]}).standing
    with pytest.raises(PayloadError, match="too much"):
        read({"state": "new", "total": "0.00", "items": [item()]})


def test_a_line_of_which_nothing_is_left_hides_no_cancellation():
    """Some webstores set the quantities of a cancelled order to 0; in one that is to be sold it is damage."""
    gone = {"state": "off", "items": [item(quantity=0), item(id=2)]}

    assert ["2"] == [line.id for line in read(gone).lines]
    with pytest.raises(PayloadError, match="a quantity is more than 0"):
        read({**gone, "state": "new"})
