"""The parser by a table of cases; every expected value is written by hand."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from plugins.locally.samples import Document, Parse, american
from tillbridge.model.totals import TotalsMismatch, balanced
from tillbridge.plugin import IdentifierKind, Money, NotAnOrder, OrderKind, PayloadError, Remitter, Standing


def won(amount: int) -> Money:
    return Money(amount, "KRW")


@pytest.mark.row("S16")
def test_a_korean_paid_order(parse: Parse, document: Document) -> None:
    """A paid order for pick-up: won without decimals, tax inside the price, the card holds all of it."""
    order = parse(document)

    assert (OrderKind.BOPIS, Standing.OPEN, True) == (order.kind, order.standing, order.paid)
    assert ("QE3QL6", "QE3QL6", "20301") == (order.id, order.number, order.location)
    assert datetime(2026, 3, 2, 1, 15, tzinfo=UTC) == order.placed_at
    assert datetime(2026, 3, 2, 1, 16, 30, 250_000, tzinfo=UTC) == order.updated_at
    assert won(50_000) == order.total
    assert [won(50_000)] == [tender.amount for tender in order.tenders]
    assert [(won(29_091), won(2_909)), (won(16_364), won(1_636))] == [
        (line.amount.net, line.amount.tax) for line in order.lines
    ]
    assert all(line.amount.tax_included for line in order.lines)
    assert order == balanced(order)


def test_a_line_carries_what_identifies_it(parse: Parse, document: Document) -> None:
    """UPC and part number stand as they were written, the vendor and the brand beside them."""
    line = parse(document).lines[0]

    assert ("601842495575",) == line.values(IdentifierKind.GTIN)
    assert ("HL-200",) == line.values(IdentifierKind.VPN)
    assert ("온바이크", "루디아", "헬멧 M") == (line.vendor, line.brand, line.title)
    assert (Decimal(1), Decimal(32_000)) == (line.quantity, line.unit_price)


@pytest.mark.row("S16")
def test_a_paid_order_is_read_also_where_only_reservations_are_agreed(
    parse: Parse, document: Document
) -> None:
    """It is not damaged: staff see who ordered what, and the engine refuses to sell it."""
    order = parse(document, reservations_only=True)

    assert (OrderKind.BOPIS, True) == (order.kind, order.paid)


@pytest.mark.row("S16")
def test_a_reservation(parse: Parse, document: Document) -> None:
    """A reservation is not paid: nothing is held, and it is open all the same."""
    document["cart"]["for_hold"] = 1
    order = parse(document, reservations_only=True)

    assert (OrderKind.ROPIS, Standing.OPEN, False, ()) == (
        order.kind,
        order.standing,
        order.paid,
        order.tenders,
    )


def test_a_delivery_has_shipping(parse: Parse, document: Document) -> None:
    """For delivery: kind shipping, its cost a charge beside the lines."""
    document["cart"] |= {"for_delivery": True, "shipping_cost_total": 3_000, "grand_total": 53_000}
    order = parse(document)

    assert OrderKind.SHIPPING == order.kind
    assert [won(3_000)] == [charge.amount.gross for charge in order.charges]
    assert order == balanced(order)


def test_american_tax_is_locallys(parse: Parse, document: Document) -> None:
    """In the US tax is added to the price, and Locally remits it: it is no part of the shop's sale."""
    order = parse(american(document), currency="USD", country="US")

    assert Money(24_906, "USD") == order.total
    assert [(Remitter.MARKETPLACE, Money(1_856, "USD"))] == [
        (tax.remitter, tax.amount) for line in order.lines for tax in line.amount.taxes
    ]
    assert Money(23_050, "USD") == order.sale_total
    assert order == balanced(order)


def test_three_decimals(parse: Parse, document: Document) -> None:
    """Kuwait's dinar has three decimals; none of them is lost."""
    cart = document["cart"]
    cart["items"] = [cart["items"][0] | {"price_per_unit": Decimal("1.235"), "qty": 3, "tax_per_unit": 0}]
    cart |= {"subtotal": Decimal("3.705"), "tax_total": 0, "grand_total": Decimal("3.705")}

    assert Money(3_705, "KWD") == parse(document, currency="KWD", country="KW").total


def test_the_number_is_read_by_its_own_text(parse: Parse, document: Document) -> None:
    """More digits than a float holds arrive all the same."""
    cart = document["cart"]
    cart["items"] = [cart["items"][0] | {"price_per_unit": Decimal("90071992547409.93"), "tax_per_unit": 0}]
    cart |= {
        "subtotal": Decimal("90071992547409.93"),
        "tax_total": 0,
        "grand_total": Decimal("90071992547409.93"),
    }

    assert Money(9_007_199_254_740_993, "EUR") == parse(document, currency="EUR", country="DE").total


def test_the_carts_own_currency_comes_first(parse: Parse, document: Document) -> None:
    """A cart that names its currency is read by it, whatever the connection says; the engine compares."""
    document["cart"]["currency"] = "usd"

    assert "USD" == parse(american(document), country="US").currency


def test_the_sum_tells_where_the_tax_is(parse: Parse, document: Document) -> None:
    """A Korean cart whose total has the tax on top is read so: its own sum is the witness."""
    document["cart"]["grand_total"] = 54_545
    order = parse(document)

    assert [False, False] == [line.amount.tax_included for line in order.lines]
    assert [won(32_000), won(18_000)] == [line.amount.net for line in order.lines]
    assert order == balanced(order)


def test_a_total_that_does_not_add_up_goes_to_staff(parse: Parse, document: Document) -> None:
    """The order is read, and its sum is refused where staff can release it."""
    document["cart"]["grand_total"] = 51_000

    with pytest.raises(TotalsMismatch, match="₩51,000"):
        balanced(parse(document))


def test_part_of_a_minor_unit_is_rounded_and_counted(parse: Parse, document: Document) -> None:
    """Tax per unit in fractions of a cent: the line is rounded, and the total still holds."""
    american(document)
    item = document["cart"]["items"][0] | {
        "qty": 3,
        "price_per_unit": Decimal("10.00"),
        "tax_per_unit": Decimal("0.8325"),
    }
    document["cart"]["items"] = [item]
    document["cart"] |= {
        "subtotal": Decimal("30.00"),
        "tax_total": Decimal("2.50"),
        "shipping_cost_total": 0,
        "grand_total": Decimal("32.50"),
    }
    order = parse(document, currency="USD", country="US")

    assert 1 == order.rounded_amounts
    assert Money(250, "USD") == order.lines[0].amount.tax
    assert order == balanced(order)


@pytest.mark.parametrize("email", ["anon-999.99@locally.com", "ANON-1@Locally.com"])
def test_a_made_up_address_identifies_nobody(parse: Parse, document: Document, email: str) -> None:
    """Locally makes up addresses for visitors; neither they nor the visitor's number are a key."""
    document["cart"]["email"] = ""
    document["user"]["email"] = email
    customer = parse(document).customer

    assert (email, False, None) == (customer.email, customer.email_usable, customer.id)


@pytest.mark.parametrize("user_id", [0, None, "0", ""])
def test_a_guest_has_no_number(parse: Parse, document: Document, user_id: object) -> None:
    """What systems write for "nobody" is no customer number."""
    document["cart"]["user_id"] = user_id

    assert parse(document).customer.id is None


def test_who_ordered(parse: Parse, document: Document) -> None:
    """A Korean name is put together as Koreans write it; an English one keeps its parts."""
    korean = parse(document).customer
    document["cart"] |= {"first_name": "Anna", "last_name": "Smith"}
    english = parse(document).customer

    assert ("70001", "김하늘", "haneul.kim@example.com") == (korean.id, korean.name, korean.email)
    assert "Anna Smith" == english.name


def test_addresses(parse: Parse, document: Document) -> None:
    """The buyer's address is for billing; shipping is only what stands in the delivery fields."""
    plain = parse(document)
    document["cart"] |= {"delivery_address": "물빛길 204", "delivery_city": "성남시", "delivery_zip": 13_494}
    differing = parse(document)

    assert (("해오름로 1", "101호"), "04100", "KR") == (
        plain.billing_address.street,
        plain.billing_address.postcode,
        plain.billing_address.country,
    )
    assert plain.shipping_address is None
    assert ("13494", True) == (differing.shipping_address.postcode, differing.shipping_address.complete)


@pytest.mark.row("S8")
def test_consent_is_taken_only_where_it_was_given(parse: Parse, document: Document) -> None:
    """True is consent, false and nothing are none."""
    assert parse(document).customer.consent is None
    document["cart"]["mailing_consent"] = True
    assert "Locally" == parse(document).customer.consent.source


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("ordered", Standing.OPEN),
        ("confirmed", Standing.OPEN),
        ("ready", Standing.OPEN),
        ("picked_up", Standing.FULFILLED),
        ("cancelled", Standing.CANCELLED),
        ("auto_cancelled", Standing.CANCELLED),
        ("not_picked_up", Standing.CANCELLED),
        ("refunded", Standing.REFUNDED),
    ],
)
def test_where_an_order_stands(parse: Parse, document: Document, status: str, standing: Standing) -> None:
    document["cart"]["status"] = status

    assert standing is parse(document).standing


@pytest.mark.parametrize("payment", ["pending", "failed"])
def test_a_paid_order_without_a_held_card_waits(parse: Parse, document: Document, payment: str) -> None:
    """The card did not hold the money (yet): the order is unpaid, and nothing is recorded as paid."""
    document["cart"]["payment_status"] = payment
    order = parse(document)

    assert (Standing.UNPAID, False, ()) == (order.standing, order.paid, order.tenders)


@pytest.mark.parametrize("status", ["confirmed", "denied", "picked_up"])
def test_an_order_whose_money_was_given_back_is_refunded(
    parse: Parse, document: Document, status: str
) -> None:
    document["cart"] |= {"status": status, "payment_status": "refunded"}
    order = parse(document)

    assert (Standing.REFUNDED, False) == (order.standing, order.paid)


@pytest.mark.parametrize("status", ["open", "abandoned", "test"])
def test_a_cart_that_is_no_order(parse: Parse, document: Document, status: str) -> None:
    """A cart that nobody ordered is no order, even if most of it is missing."""
    answer = parse({"cart": {"hash": document["cart"]["hash"], "status": status}})

    assert isinstance(answer, NotAnOrder)
    assert answer.reason.en
    assert answer.reason.ko


def test_an_item_that_the_store_denied_is_not_bought(parse: Parse, document: Document) -> None:
    """Of a partly confirmed cart the denied item leaves, and Locally's totals must say the same."""
    cart = document["cart"]
    cart["items"][1]["status"] = "denied"
    cart |= {"status": "partially_confirmed", "subtotal": 32_000, "tax_total": 2_909, "grand_total": 32_000}

    assert ["1"] == [line.id for line in parse(document).lines]


def test_a_denied_item_that_is_still_charged_is_damage(parse: Parse, document: Document) -> None:
    """If the totals still count it, nobody can say what is bought."""
    document["cart"]["items"][1]["status"] = "denied"

    with pytest.raises(PayloadError) as caught:
        parse(document)
    assert "cart.subtotal" == caught.value.path


def test_an_order_without_a_standing_item_is_cancelled(parse: Parse, document: Document) -> None:
    """All items denied: the order is cancelled, its lines stay to be seen."""
    for item in document["cart"]["items"]:
        item["status"] = "denied"
    order = parse(document)

    assert (Standing.CANCELLED, 2) == (order.standing, len(order.lines))


def test_an_order_denied_item_by_item_is_read_whatever_its_totals_are_of(
    parse: Parse, document: Document
) -> None:
    """Nothing of it is bought any more, so no sum of it says anything; it is no damage."""
    for item in document["cart"]["items"]:
        item["status"] = "denied"
    document["cart"]["subtotal"] = 1
    order = parse(document)

    assert (Standing.CANCELLED, 2) == (order.standing, len(order.lines))


def test_a_closed_order_has_the_items_that_were_still_bought(parse: Parse, document: Document) -> None:
    """One was denied before nobody came for the other."""
    cart = document["cart"]
    cart["status"] = "not_picked_up"
    gone, kept = cart["items"]
    gone["status"] = "denied"
    cart["subtotal"] = kept["price_per_unit"] * kept["qty"]
    cart["tax_total"] = kept["tax_per_unit"] * kept["qty"]
    cart["grand_total"] = cart["subtotal"]
    order = parse(document)

    assert (Standing.CANCELLED, [str(kept["id"])]) == (order.standing, [one.id for one in order.lines])


def test_unknown_fields_change_nothing(parse: Parse, document: Document) -> None:
    """Locally may add fields at any time."""
    before = parse(document)
    document["cart"] |= {"brand_new": {"deep": [1, None]}}
    document["more"] = 1e400

    assert before == parse(document)
