"""What a profile says of an order, one idea a test; every expected value is written by hand."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from plugins.generic_webstore.shop import answered, mistakes_of, read
from tillbridge.model.totals import balanced
from tillbridge.plugin import (
    ChargeKind,
    IdentifierKind,
    ListingRef,
    Money,
    NotAnOrder,
    OrderKind,
    PayloadError,
    Remitter,
    Standing,
    TenderKind,
)


def euro(text: str) -> Money:
    return Money.exact(Decimal(text), "EUR")


def sums(order):
    """Return net, tax and gross of each line."""
    amounts = [line.amount for line in order.lines]
    return [(str(one.net.decimal), str(one.tax.decimal), str(one.gross.decimal)) for one in amounts]


def test_an_order_by_the_shortest_profile():
    order = read()

    assert ("1001", "A-1001", "EUR", euro("60.50")) == (order.id, order.number, order.currency, order.total)
    assert datetime(2026, 11, 2, 0, 30, tzinfo=UTC) == order.placed_at
    assert (Standing.OPEN, OrderKind.SHIPPING, True) == (order.standing, order.kind, order.paid)
    assert [("1", "Bell", Decimal(2)), ("2", "Lock", Decimal(1))] == [
        (one.id, one.title, one.quantity) for one in order.lines
    ]
    assert [("20.00", "4.20", "24.20"), ("30.00", "6.30", "36.30")] == sums(order)
    assert [("B-1",), ()] == [one.values(IdentifierKind.SKU) for one in order.lines]
    assert order == balanced(order)


# How a line's amount may be written; each says 20.00 and 4.20.
@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"net": "net", "tax": "tax"}, {"net": "20.00", "tax": "4.20"}),
        ({"net": "net", "gross": "gross", "tax": None}, {"net": "20", "gross": "24.2"}),
        ({"net": None, "gross": "gross", "tax": "tax"}, {"gross": "24.20", "tax": "4.20"}),
        ({"net": "net", "gross": "gross", "tax": "tax"}, {"net": "20.00", "tax": "4.20", "gross": "24.20"}),
        ({"net": None, "amount": "a", "includes_tax": "`true`"}, {"a": "24.20", "tax": "4.20"}),
        ({"net": None, "amount": "a", "includes_tax": "`false`"}, {"a": "20.00", "tax": "4.20"}),
        ({"tax": None, "net": "net", "tax_rate": "'0.21'"}, {"net": "20.00"}),
        (
            {"tax": None, "net": None, "gross": "gross", "tax_rate": "rate"},
            {"gross": "24.20", "rate": Decimal("0.21")},
        ),
        ({"net": "mul(unit, quantity)"}, {"unit": "10.00", "quantity": 2, "tax": "4.20"}),
    ],
)
def test_every_way_to_write_a_lines_amount(fields, line):
    order = read(
        {"items": [{"id": 1, "title": "Bell", "quantity": 1, **line}], "total": "24.20", "tax": "4.20"},
        lines=fields,
    )

    assert [("20.00", "4.20", "24.20")] == sums(order)


@pytest.mark.parametrize(("flag", "included"), [("`true`", True), ("`false`", False)])
def test_a_line_says_whether_its_price_has_the_tax_in_it(flag, included):
    order = read(lines={"includes_tax": flag})

    assert [included, included] == [line.amount.tax_included for line in order.lines]


def test_fractions_of_a_cent_are_rounded_once_a_line_and_counted():
    """Net and tax of 12.396694 and 2.603306 are 15.00 in all: the sum is rounded, the net is what is left."""
    items = [
        {"id": 1, "title": "Bell", "quantity": 1, "net": Decimal("12.396694"), "tax": Decimal("2.603306")}
    ]
    order = read({"items": items, "total": "15.00", "tax": "2.60"})

    assert [("12.40", "2.60", "15.00")] == sums(order)
    assert 1 == order.rounded_amounts
    assert order == balanced(order)


def test_tax_that_the_marketplace_remits_is_on_the_order_and_no_part_of_the_sale():
    order = read(lines={"marketplace_tax": "tax"})

    assert [{Remitter.MARKETPLACE}] * 2 == [{tax.remitter for tax in one.amount.taxes} for one in order.lines]
    assert euro("50.00") == order.sale_total


@pytest.mark.parametrize(
    ("money", "write"),
    [
        ("major", lambda text: text),
        ("minor", lambda text: int(Decimal(text) * 100)),
        ({"unit": "minor", "decimals": 3}, lambda text: int(Decimal(text) * 1000)),
        ({"amount": "v", "currency": "c"}, lambda text: {"v": text, "c": "EUR"}),
        ({"unit": "minor", "amount": "v"}, lambda text: {"v": int(Decimal(text) * 100)}),
        ({"amount": "v", "divisor": "d"}, lambda text: {"v": int(Decimal(text) * 100), "d": 100}),
    ],
)
def test_every_way_to_write_money(money, write):
    items = [
        {"id": 1, "title": "Bell", "quantity": 2, "net": write("20.00"), "tax": write("4.20")},
        {"id": 2, "title": "Lock", "quantity": 1, "net": write("30.00"), "tax": write("6.30")},
    ]
    order = read(
        {"items": items, "total": write("60.50"), "tax": write("10.50")},
        defaults={"money": money},
        order={"total": "add(total)"},
    )

    assert [("20.00", "4.20", "24.20"), ("30.00", "6.30", "36.30")] == sums(order)
    assert euro("60.50") == order.total


# All of them say half past nine in Seoul.
@pytest.mark.parametrize(
    ("time", "zone", "placed"),
    [
        ("iso", None, "2026-11-02T00:30:00Z"),
        ("iso", None, "2026-11-02 09:30:00+0900"),
        ("iso", None, "2026-11-02 09:30:00 +0900"),
        ("iso", None, "2026-11-02T00:30:00.1234567+00:00"),
        ("iso", "Asia/Seoul", "2026-11-02 09:30"),
        ("iso", "{timezone}", "2026-11-02T09:30:00"),
        ("iso", "UTC", "2026-11-02T00:30:00"),
        ("epoch", None, 1793579400),
        ("epoch", None, "1793579400"),
        ("epoch_ms", None, 1793579400000),
        ("rfc2822", None, "Mon, 02 Nov 2026 09:30:00 +0900"),
        ("%Y%m%d%H%M%S", "Asia/Seoul", "20261102093000"),
        ("%d.%m.%Y %H:%M %z", None, "02.11.2026 09:30 +0900"),
        (["epoch", "iso"], None, "2026-11-02T00:30:00Z"),
        # As PHP writes its own: the zone stands beside, and goes before the profile's.
        ("iso", "UTC", {"date": "2026-11-02 09:30:00.000000", "timezone_type": 3, "timezone": "Asia/Seoul"}),
        ("iso", None, {"date": "2026-11-02 09:30:00.000000", "timezone_type": 1, "timezone": "+09:00"}),
    ],
)
def test_every_way_to_write_a_time(time, zone, placed):
    order = read(
        {"placed": placed, "changed": None},
        settings={"timezone": "Asia/Seoul"},
        defaults={"time": time, "zone": zone},
    )

    assert datetime(2026, 11, 2, 0, 30, tzinfo=UTC) == order.placed_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("placed", "words"),
    [
        (
            {"date": "2026-11-02 09:30:00", "timezone": "KST"},
            '"KST", the zone of "2026-11-02 09:30:00", is no time',
        ),
        ({"day": "2026-11-02"}, "is no time as defaults.time has it"),
    ],
)
def test_a_time_in_an_object_without_a_zone_that_is_known_is_refused(placed, words):
    with pytest.raises(PayloadError, match=re.escape(words)):
        read({"placed": placed})


def test_a_value_that_was_worked_out_first_is_named_with_its_own_place():
    """`_where` stands in no payload, and a reader of the message has to find where it comes from."""
    order = {"let": {"where": "upper(state)"}, "standing": [{"of": "_where", "map": {"NEW": "open"}}]}

    with pytest.raises(PayloadError) as caught:
        read({"state": "lost"}, order=order)

    assert 'order.standing[1].of "_where" [order.let.where]: "LOST" is not in the table' in str(caught.value)


@pytest.mark.parametrize("zeros", ["0000-00-00 00:00:00", "", None])
def test_a_date_of_zeros_is_none(zeros):
    assert read({"changed": zeros}).updated_at is None


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({"state": "new"}, Standing.OPEN),
        ({"state": "new", "money": "owed"}, Standing.UNPAID),
        ({"state": "sent", "money": "owed"}, Standing.FULFILLED),
        ({"state": "sent", "money": "back"}, Standing.REFUNDED),
        ({"state": "sent", "money": "back", "stopped": "2026-11-03"}, Standing.CANCELLED),
        ({"state": "new", "money": ["owed", "paid"]}, Standing.UNPAID),
        ({"state": "new", "money": "odd"}, Standing.OPEN),
        ({"state": "new", "money": ""}, Standing.OPEN),
    ],
)
def test_the_strongest_of_several_axes_tells_where_an_order_stands(values, standing):
    tables = [
        {"of": "state", "map": {"new": "open", "sent": "fulfilled"}},
        {
            "of": "money",
            "map": {"paid": "-", "owed": "unpaid", "back": "refunded", "(none)": "-"},
            "ignore": ["odd"],
        },
        {"of": "stopped", "map": "cancelled"},
    ]

    assert standing == read(values, order={"standing": tables}).standing


def test_true_false_and_numbers_are_values_of_a_table_too():
    tables = [
        {"of": "open", "map": {"true": "open", "false": "cancelled"}},
        {"of": "step", "map": {"3": "fulfilled", "1.5": "-"}},
    ]

    order = read({"open": True, "step": 3}, order={"standing": tables})

    assert (Standing.FULFILLED, "3") == (order.standing, order.webstore_status)
    assert Standing.OPEN == read({"open": True, "step": Decimal("1.5")}, order={"standing": tables}).standing


def test_what_is_no_order_says_why():
    rules = [{"when": "state == 'draft'", "reason": "A draft.", "reason_ko": "임시 주문입니다."}]
    answer = answered({"state": "draft", "total": None}, orders={"not_an_order": rules})

    assert isinstance(answer, NotAnOrder)
    assert ("A draft.", "임시 주문입니다.") == (answer.reason.en, answer.reason.ko)


@pytest.mark.parametrize(
    ("method", "kind"), [("store", OrderKind.BOPIS), ("ropis", OrderKind.ROPIS), ("post", OrderKind.SHIPPING)]
)
def test_how_the_goods_go_out(method, kind):
    order = read({"method": method}, order={"kind": "method", "kinds": {"store": "bopis"}})

    assert kind == order.kind
    assert (kind is not OrderKind.ROPIS) == order.paid


def test_a_customer_with_everything():
    order = read(
        {"who": {"id": 7, "n": "김민수", "mail": "k@shop.example", "tel": "0502-1234-5678", "ads": True}},
        order={
            "customer": {
                "id": "who.id",
                "name": "who.n",
                "email": "who.mail",
                "phone": "who.tel",
                "virtual_phones": ["0502"],
                "relays": ["@relay.example"],
                "consent": {"of": "who.ads", "yes": ["true"], "at": "placed"},
            }
        },
    )
    person = order.customer

    assert ("7", "김민수", "k@shop.example", True) == (
        person.id,
        person.name,
        person.email,
        person.email_usable,
    )
    assert ("0502-1234-5678", False) == (person.phone, person.phone_usable)
    assert person.consent is not None
    assert ("Corner Shop", order.placed_at) == (person.consent.source, person.consent.at)


@pytest.mark.parametrize(
    ("who", "number", "usable", "agreed"),
    [
        ({"id": "0", "mail": "a@relay.example", "ads": "no"}, None, False, False),
        ({"id": None, "mail": "a@shop.example", "ads": "maybe"}, None, True, False),
        ({"id": "-9", "mail": "a@shop.example", "ads": "yes"}, None, True, True),
    ],
)
def test_a_guest_has_no_number_and_a_relay_address_identifies_nobody(who, number, usable, agreed):
    """Consent that is neither yes nor no is no consent, and none is taken away."""
    fields = {
        "id": "who.id",
        "guest": ["0", "-9"],
        "email": "who.mail",
        "relays": ["@relay.example"],
        "consent": {"of": "who.ads", "yes": ["yes"], "no": ["no"]},
    }
    person = read({"who": who}, order={"customer": fields}).customer

    assert (number, usable, agreed) == (person.id, person.email_usable, person.consent is not None)


@pytest.mark.parametrize(
    ("said", "country"), [("de", "DE"), ("대한민국", "KR"), ("Germany", ""), ("", "NL"), (None, "NL")]
)
def test_a_country_is_two_letters_or_known_or_left_out(said, country):
    order = read(
        {"to": {"street": ["Main 1", " ", "2nd floor"], "city": "Town", "land": said}},
        defaults={"country": "NL", "countries": {"대한민국": "KR"}},
        order={"shipping_address": {"line1": "to.street", "city": "to.city", "country": "to.land"}},
    )

    assert order.shipping_address is not None
    assert (("Main 1", "2nd floor"), country) == (
        order.shipping_address.street,
        order.shipping_address.country,
    )


def test_an_address_of_which_nothing_is_there_is_none():
    assert (
        read({"to": {"city": ""}}, order={"shipping_address": {"city": "to.city"}}).shipping_address is None
    )


def test_charges_tips_and_rounding_beside_the_lines():
    order = read(
        {
            "post": [
                {"how": "Parcel", "net": "5.00", "tax": "1.05"},
                {"how": "Free", "net": "0", "tax": "0"},
            ],
            "wrapping": "2.00",
            "tip": "3.00",
            "off": "-0.02",
            "total": "71.53",
            "tax": "11.55",
        },
        order={
            "charges": [
                {"kind": "shipping", "each": "post", "title": "how", "net": "net", "tax": "tax"},
                {"kind": "fee", "title": "'Wrapping'", "gross": "wrapping"},
                {"kind": "fee", "when": "rush", "gross": "`99`"},
                {"kind": "tip", "gross": "tip"},
                {"kind": "rounding", "gross": "off"},
            ]
        },
    )

    assert [(ChargeKind.SHIPPING, "Parcel", euro("6.05")), (ChargeKind.FEE, "Wrapping", euro("2.00"))] == [
        (one.kind, one.title, one.amount.gross) for one in order.charges
    ]
    assert (euro("3.00"), euro("-0.02")) == (order.tip, order.rounding)
    assert order == balanced(order)


def test_a_rounding_of_more_than_cents_is_a_charge():
    """To the nearest half is no rounding of single amounts: it stands in the sale as what it is."""
    order = read(
        {"off": "-0.50", "total": "60.00"}, order={"charges": [{"kind": "rounding", "gross": "off"}]}
    )

    assert (None, [("Rounding", euro("-0.50"))]) == (
        order.rounding,
        [(one.title, one.amount.gross) for one in order.charges],
    )
    assert order == balanced(order)


def test_an_order_discount_is_spread_by_the_lines_and_leaves_their_taxes():
    """10.00 off 24.20 and 36.30 are 4.00 and 6.00."""
    order = read(
        {"less": "10.00", "total": "50.50", "code": "TEN"},
        order={
            "charges": [{"kind": "discount", "sign": -1, "spread": True, "gross": "less", "code": "code"}]
        },
    )

    assert [("16.00", "4.20", "20.20"), ("24.00", "6.30", "30.30")] == sums(order)
    assert [euro("4.00"), euro("6.00")] == [line.discount for line in order.lines]
    assert [("TEN", euro("10.00"))] == [(one.code, one.amount) for one in order.discounts]


@pytest.mark.parametrize(
    ("included", "total", "lines"),
    [
        ("`true`", "45.00", [("14.88", "3.12", "18.00"), ("22.31", "4.69", "27.00")]),
        ("`false`", "54.45", [("18.00", "3.78", "21.78"), ("27.00", "5.67", "32.67")]),
    ],
)
def test_a_tax_that_is_worked_out_by_a_rate_is_worked_out_after_the_discount(included, total, lines):
    """5.00 off 20.00 and 30.00, at 21 percent: 2.00 and 3.00 off the prices, and the tax of what is left."""
    order = read(
        {"less": "5.00", "total": total, "tax": None},
        lines={"net": None, "tax": None, "amount": "net", "includes_tax": included, "tax_rate": "'0.21'"},
        order={"charges": [{"kind": "discount", "sign": -1, "spread": True, "gross": "less"}]},
    )

    assert lines == sums(order)


def test_an_order_discount_with_its_own_tax_takes_of_the_lines_taxes():
    """Of 6.05 with 1.05 tax, 24.20 bears 2.42 with 0.42, and 36.30 the rest."""
    order = read(
        {"less": "5.00", "less_gross": "6.05", "total": "54.45", "tax": "9.45"},
        order={
            "charges": [
                {"kind": "discount", "sign": -1, "spread": True, "net": "less", "gross": "less_gross"}
            ]
        },
    )

    assert [("18.00", "3.78", "21.78"), ("27.00", "5.67", "32.67")] == sums(order)


def test_a_discount_that_is_off_already_is_only_told():
    order = read(
        {"codes": [{"code": "TEN", "amount": "10.00"}]},
        order={"charges": [{"kind": "discount", "each": "codes", "code": "code", "gross": "amount"}]},
    )

    assert [("20.00", "4.20", "24.20"), ("30.00", "6.30", "36.30")] == sums(order)
    assert [("TEN", euro("10.00"))] == [(one.code, one.amount) for one in order.discounts]


@pytest.mark.parametrize(
    ("included", "total", "lines"),
    [
        ("`false`", "60.50", [("20.00", "4.20", "24.20"), ("30.00", "6.30", "36.30")]),
        ("`true`", "50.00", [("15.80", "4.20", "20.00"), ("23.70", "6.30", "30.00")]),
    ],
)
def test_a_tax_that_only_the_order_says_is_spread_over_its_lines(included, total, lines):
    order = read(
        {"total": total},
        lines={"net": None, "tax": None, "amount": "net", "includes_tax": included},
        order={"charges": [{"kind": "tax", "gross": "tax"}]},
    )

    assert lines == sums(order)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("tip", lambda order: order.tip),
        ("fee", lambda order: order.charges[0].amount.gross),
        ("gift_card_sold", lambda order: order.charges[0].amount.gross),
        ("shipping", lambda order: order.charges[0].amount.gross),
    ],
)
def test_a_line_that_is_no_product(what, told):
    order = read(lines={"as": [{"when": "title == 'Lock'", "as": what}]})

    assert ["Bell"] == [line.title for line in order.lines]
    assert euro("36.30") == told(order)


def test_a_line_that_is_a_discount_is_spread():
    items = [
        {"id": 1, "title": "Bell", "quantity": 1, "net": "20.00", "tax": "0"},
        {"id": 2, "title": "Lock", "quantity": 1, "net": "30.00", "tax": "0"},
        {"id": 3, "title": "Autumn", "quantity": 1, "net": "-5.00", "tax": "0"},
    ]
    order = read(
        {"items": items, "total": "45.00", "tax": "0"},
        lines={"as": [{"when": "num(net) < `0`", "as": "discount"}]},
    )

    assert ["18.00", "27.00"] == [gross for _, _, gross in sums(order)]
    assert ["Autumn"] == [one.title for one in order.discounts]


def test_lines_are_skipped():
    order = read({"total": "24.20", "tax": "4.20"}, lines={"skip": ["title == 'Lock'"]})

    assert ["Bell"] == [line.title for line in order.lines]


def test_units_that_are_one_line_to_the_shop_are_put_together():
    """Three tickets of one kind and price are one line of three, whose ID names all of them."""
    items = [
        {"id": place, "title": title, "quantity": 1, "net": net, "tax": "0.00"}
        for place, title, net in [
            (1, "Ticket", "9.00"),
            (2, "Mug", "4.00"),
            (3, "Ticket", "9.00"),
            (4, "Ticket", "8.00"),
        ]
    ]
    order = read({"items": items, "total": "30.00", "tax": "0"}, lines={"group_by": ["title", "net"]})

    assert [("1,3", "2", "18.00"), ("2", "1", "4.00"), ("4", "1", "8.00")] == [
        (line.id, str(line.quantity), str(line.amount.gross.decimal)) for line in order.lines
    ]


def test_a_join_brings_what_another_list_knows_of_a_line():
    order = read(
        {"items": [{**one, "ref": ref} for one, ref in zip(BOTH, ("7", 8), strict=True)]},
        parts={
            "goods": [
                {"key": 7, "sku": "X-7", "codes": ["4006381333931", ""], "of": "g"},
                {"key": "8", "of": "h"},
            ]
        },
        lines={
            "join": {
                "goods": {"from": "_parts.goods", "key": "key", "on": "ref"},
                "all": {"from": "_parts.goods", "key": "of", "on": "_goods.of", "many": True},
            },
            "sku": "_goods.sku",
            "gtin": "_goods.codes",
            "options": "text(length(_all))",
            "product_id": "_goods.of",
            "variant_id": "_goods.key",
        },
    )
    first, second = order.lines

    assert (("4006381333931",), ("X-7",)) == (
        first.values(IdentifierKind.GTIN),
        first.values(IdentifierKind.SKU),
    )
    assert ((), "1") == (second.identifiers, second.options)
    assert [ListingRef(item_id="7", parent_id="g"), ListingRef(item_id="8", parent_id="h")] == [
        one.listing for one in order.lines
    ]


BOTH = (
    {"id": 1, "title": "Bell", "quantity": 2, "net": "20.00", "tax": "4.20"},
    {"id": 2, "title": "Lock", "quantity": 1, "net": "30.00", "tax": "6.30"},
)


def test_expressions_see_the_order_and_the_settings():
    order = read(
        {"prefix": "W"},
        settings={"branch": "Mapo"},
        order={"location": "_settings.branch", "note": "words(_order.prefix, _settings.none)"},
        lines={"vendor": "_order.prefix", "brand": "_settings.branch"},
    )

    assert ("Mapo", "W") == (order.location, order.note)
    assert ("W", "Mapo") == (order.lines[0].vendor, order.lines[0].brand)


def test_what_tenders_leave_of_the_total_is_one_more():
    order = read(
        {"cards": [{"v": "20.00", "no": "G-1"}, {"v": "0"}], "how": "toss"},
        order={
            "tenders": [{"each": "cards", "kind": "gift_card", "amount": "v", "reference": "no"}],
            "payment": {
                "kind_from": "how",
                "kinds": {"toss": "card"},
                "title": "'Toss'",
                "reference": "number",
            },
        },
    )

    assert [
        (TenderKind.GIFT_CARD, euro("20.00"), "G-1"),
        (TenderKind.CARD, euro("40.50"), "A-1001"),
    ] == [(one.kind, one.amount, one.reference) for one in order.tenders]
    assert order == balanced(order)


@pytest.mark.parametrize(
    ("state", "at", "paid"), [("new", None, False), ("new", "x", True), ("due", "x", False)]
)
def test_a_profile_may_say_what_is_paid(state, at, paid):
    """An order that stands unpaid is not paid whatever it says, and has no tenders."""
    order = read({"state": state, "paid_at": at}, order={"paid": "paid_at"})

    assert (paid, int(paid)) == (order.paid, len(order.tenders))


def test_a_single_object_stands_for_a_list_of_one():
    order = read({"items": BOTH[0], "total": "24.20", "tax": "4.20"})

    assert ["Bell"] == [line.title for line in order.lines]


def test_the_webstores_version_number_is_whole():
    assert 12 == read({"version": "12"}, order={"revision": "version"}).revision


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        ({"lines": {"tax": None}}, "lines", "net alone says nothing of tax: add tax, gross or tax_rate"),
        ({"lines": {"net": None}}, "lines", "there is no amount: say net and tax, net and gross"),
        ({"lines": {"amount": "a"}}, "lines", "say amount, or net and gross, not both"),
        (
            {"lines": {"net": None, "amount": "a"}},
            "lines",
            "amount alone says nothing of tax: add includes_tax",
        ),
        ({"order": {"charges": [{"kind": "fee", "net": "a"}]}}, "order.charges[1]", "net alone says nothing"),
        ({"order": {"total": "sum(a)"}}, "order.total", "there is no function sum(); for money use total()"),
        (
            {"lines": {"sku": "_goods.sku"}},
            "lines.sku",
            "there is no _goods here; there is: _order, _parts, _settings",
        ),
        ({"order": {"note": "_goods"}}, "order.note", "there is no _goods here"),
        ({"defaults": {"zone": "Sydney"}}, "defaults.zone", '"Sydney" is no time zone (Australia/Sydney?)'),
        (
            {"order": {"standing": [{"of": "a]", "map": {}}]}},
            "order.standing[1].of",
            'unexpected "]" at character 2',
        ),
        (
            {"orders": {"not_an_order": [{"when": "no(", "reason": "x"}]}},
            "orders.not_an_order[1].when",
            "too early",
        ),
    ],
)
def test_a_mistake_is_noted_with_its_place(changes, place, said):
    found = mistakes_of(**changes)

    assert [place] == [where for where, _ in found]
    assert said in found[0][1]
