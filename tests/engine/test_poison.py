"""One order that cannot be worked on never stops its neighbours, and is never sold by mistake."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from orders import HELMET, line, order, won
from shop import SEOUL
from tillbridge.connections import stored
from tillbridge.db import tables
from tillbridge.matching import builtin
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.money import Money
from tillbridge.model.orders import Amount, LineIdentifier, Tax, WebCustomer
from tillbridge.model.status import Status
from tillbridge.plugins.rulecall import held
from tillbridge.pos.contract import CustomerHit, CustomerKey, CustomerKeyKind, ProductHit, ProductKey
from tillbridge.settle import attempts, committing, settling

MIXED = Amount(net=won(50_000), taxes=(Tax(amount=Money(100, "USD")),))
HUGE = 900_000_000_000_000_000


def poll_beside(shop, poison):
    """Poll a page with the poison between two good orders; return the statuses of the three."""
    shop.webstore.offer(order("G1"))
    shop.webstore.offer(poison)
    shop.webstore.offer(order("G2"))
    shop.poll()
    return [shop.status(one) for one in ("G1", poison.id, "G2")]


SPARED = [Status.NEW, Status.SALE_PROCESSING_FAILED, Status.NEW]


def test_mixed_currencies_in_one_line_stop_nobody_else(shop):
    assert SPARED == poll_beside(shop, order("P", line("1", amount=MIXED), total=won(50_000)))


def test_amounts_beyond_all_bounds_stop_nobody_else(shop):
    lines = (line("1", price=HUGE), line("2", price=HUGE))

    assert SPARED == poll_beside(shop, order("P", *lines, total=won(HUGE)))


def test_a_negative_total_is_no_sale(shop):
    minus = order("P", line("1", amount=Amount(net=won(-40_000))), total=won(-40_000))

    assert SPARED == poll_beside(shop, minus)


def test_a_rounding_line_that_is_no_rounding_is_refused(shop):
    assert SPARED == poll_beside(shop, order("P", line("1"), total=won(1_000), rounding=won(-49_000)))


def test_a_parser_cannot_claim_more_rounding_than_there_are_amounts(shop):
    assert SPARED == poll_beside(shop, order("P", line("1"), total=won(49_000), rounded_amounts=10**9))


def test_an_order_that_the_pos_cannot_answer_stops_nobody_else(shop, monkeypatch):
    """The POS raises for one order's key and answers all others."""
    asked = shop.pos.find_products

    def find(keys):
        if any(key.value == "00605284574539" for key in keys):
            raise KeyError("a fault of the host's")
        return asked(keys)

    monkeypatch.setattr(type(shop.pos), "find_products", lambda _, keys: find(keys))

    assert SPARED == poll_beside(shop, order("P", line("1", gtin="00605284574539")))


def test_a_pos_that_is_away_marks_nothing_and_everything_goes_on_after(shop, monkeypatch):
    def away(*_):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(type(shop.pos), "find_products", away)
        patched.setattr(type(shop.pos), "stores", away)
        shop.webstore.offer(order("A1"))
        assert "could not answer" in shop.poll().trouble.en
        assert [] == shop.engine.orders()

    shop.poll()
    assert Status.NEW is shop.status("A1")


def test_a_pos_that_stumbles_once_marks_nothing(shop, monkeypatch):
    found, calls = shop.pos.find_products, []

    def stumble(_, keys):
        calls.append(keys)
        if len(calls) == 1:
            raise ConnectionError
        return found(keys)

    monkeypatch.setattr(type(shop.pos), "find_products", stumble)
    shop.webstore.offer(order("A1"))
    shop.webstore.offer(order("A2"))

    shop.poll()

    assert [Status.NEW, Status.NEW] == [shop.status("A1"), shop.status("A2")]


def test_a_match_rule_that_fails_marks_its_order_in_the_rules_words(shop, monkeypatch):
    def keys(web_order, _):
        if web_order.id == "P":
            raise InputError("the rule's own words")
        return ()

    gtin = builtin.PRODUCT_RULES[0]

    def guarded(web_order, one_line):
        return [*keys(web_order, one_line), *gtin.keys(web_order, one_line)]

    broken = (dataclasses.replace(gtin, keys=guarded), *builtin.PRODUCT_RULES[1:])
    monkeypatch.setattr(stored, "PRODUCT_RULES", broken)

    assert SPARED == poll_beside(shop, order("P"))
    assert "the rule's own words" == shop.engine.order("P").reasons[0].en


def test_a_plugins_rule_that_gives_no_keys_marks_its_order_in_the_plugins_name(shop, monkeypatch):
    def keys(web_order, _):
        return None if web_order.id == "P" else ()

    broken = dataclasses.replace(builtin.PRODUCT_RULES[0], keys=keys)
    rules = (*builtin.PRODUCT_RULES, held("kiosk", broken))
    monkeypatch.setattr(stored, "PRODUCT_RULES", rules)

    assert SPARED == poll_beside(shop, order("P"))
    assert "The plugin 'kiosk' failed in gtin.keys" in shop.engine.order("P").reasons[0].en


def test_a_stored_draft_that_cannot_be_read_stops_nobody_else(shop, monkeypatch):
    """As one that a newer program wrote; its order counts as possibly sold, and stays so."""
    shop.webstore.offer(order("P"))
    with monkeypatch.context() as patched:
        patched.setattr(type(shop.pos), "open_sales", away)
        shop.poll()
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.attempts).values(draft='{"made": "by a newer program"}'))
    shop.webstore.offer(order("G1"))

    assert shop.poll().trouble is None
    assert Status.NEW is shop.status("G1")
    assert Status.SALE_PROCESSING_FAILED is shop.status("P")


def test_unreadable_drafts_do_not_hide_the_ones_behind_them(shop, monkeypatch):
    monkeypatch.setattr(attempts, "_BATCH", 1)
    with monkeypatch.context() as patched:
        patched.setattr(type(shop.pos), "open_sales", away)
        for number in ("P", "G1"):
            shop.webstore.offer(order(number))
        shop.poll()
    of_first = tables.attempts.c.order_id == shop.engine.order("P").id
    with shop.engine.context.database.write("test") as database:
        database.execute(update(tables.attempts).where(of_first).values(draft="{}"))

    shop.poll()

    assert Status.NEW is shop.status("G1")


def away(*_):
    raise ConnectionError


def test_a_constraint_that_always_fails_ends_the_page_and_not_the_others(shop, monkeypatch):
    """No endless loop: what cannot even be marked waits in the queue."""
    commit = committing.commit_page

    def refuse(context, connection, page):
        if any(one.webstore_id == "P" for one in page.folded):
            raise IntegrityError("statement", {}, Exception("constraint"))
        return commit(context, connection, page)

    monkeypatch.setattr(settling, "commit_page", refuse)
    shop.webstore.offer(order("G1"))
    shop.webstore.offer(order("P"))

    shop.poll()

    assert Status.NEW is shop.status("G1")
    assert ["G1"] == [one.webstore_id for one in shop.engine.orders()]


def test_colons_in_ids_never_make_two_orders_one(shop):
    """Account s1 with order x:1, and account s1:x with order 1."""
    shop.connect(name="two", settings={"shop": "s1:x"})
    shop.webstore.offer(order("x:1"))
    shop.webstore.offer(order("1"))

    shop.engine.poll()

    assert 4 == len(shop.pos.sales)


@pytest.mark.parametrize("guest", ["0", "null", "guest", " "])
def test_a_guests_number_links_nobody(shop, guest):
    """Two guests share a number; the second is a stranger all the same."""
    stranger = WebCustomer(id=guest, full_name="박철수", email="other@example.com")
    shop.webstore.offer(order("A1", customer=WebCustomer(id=guest, email="minsu@example.com")))
    shop.webstore.offer(order("A2", customer=stranger))

    shop.poll()

    assert Status.CUSTOMER_ID_REQUIRED is shop.status("A2")


def test_an_order_under_another_ones_id_is_not_sold(shop):
    shop.webstore.offer_bytes("Z9", order("A1").model_dump_json().encode())

    shop.poll()

    assert Status.SALE_PROCESSING_FAILED is shop.status("Z9")
    assert "id" == shop.engine.order("Z9").reasons[0].path


def test_an_order_whose_id_cannot_be_kept_is_never_sold_and_stays_one_order(shop):
    name = "A\u200b1"
    shop.webstore.offer_bytes(name, order(name).model_dump_json().encode())
    shop.poll()
    shop.webstore.offer_bytes(name, order(name, webstore_status="seen").model_dump_json().encode())
    shop.poll()

    assert [Status.SALE_PROCESSING_FAILED] == [one.status for one in shop.engine.orders()]
    assert {} == shop.pos.sales


def test_damage_that_was_passing_leaves_the_order_as_it_was_judged(shop):
    """Unknown customer, then damaged, then the same content again."""
    stranger = order("A1", customer=WebCustomer(full_name="이영희", email="who@example.com"))
    shop.webstore.offer(stranger)
    shop.poll()
    for body in (b"damaged", stranger.model_dump_json().encode() + b" "):
        shop.clock.advance(60)
        shop.webstore.offer_bytes("A1", body)
        shop.poll()

    assert Status.CUSTOMER_ID_REQUIRED is shop.status("A1")
    assert ["customer_unknown"] == [one.code for one in shop.engine.order("A1").reasons]


def test_a_part_number_that_says_nothing_matches_nothing(shop):
    shop.pos.products[ProductKey(IdentifierKind.VPN, "na")].append(ProductHit("P1", "A carbon frame"))
    nothing = (LineIdentifier(kind=IdentifierKind.VPN, value="N/A"),)
    shop.webstore.offer(order("A1", line("1", identifiers=nothing)))

    shop.poll()

    assert Status.PRODUCT_MATCH_FAILED is shop.status("A1")


def test_a_link_and_an_e_mail_of_several_others_are_left_to_a_person(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    for other in ("C2", "C3"):
        key = CustomerKey(CustomerKeyKind.EMAIL, "family@example.com")
        shop.pos.customers[key].append(CustomerHit(other, other))
    family = order("A1").customer.model_copy(update={"email": "family@example.com"})
    shop.webstore.offer(order("A2", customer=family))

    shop.poll()

    assert ["customer_conflict"] == [one.code for one in shop.engine.order("A2").reasons]


def gtin(value):
    return LineIdentifier(kind=IdentifierKind.GTIN, value=value)


amounts = st.builds(
    lambda net, tax, code: Amount(
        net=Money(net, "KRW"), taxes=(Tax(amount=Money(tax, code)),) if tax else ()
    ),
    st.integers(-(10**17), 10**17),
    st.integers(-(10**6), 10**6),
    st.sampled_from(["KRW", "KRW", "USD"]),
)
lines = st.lists(
    st.builds(
        lambda amount, quantity, value: line(
            "1",
            amount=amount,
            quantity=quantity,
            identifiers=(LineIdentifier(kind=IdentifierKind.GTIN, value=value),),
        ),
        amounts,
        st.decimals(Decimal("0.0001"), Decimal(10**9), places=4),
        st.text(max_size=20) | st.just(HELMET),
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    lines=lines,
    total=st.integers(-(10**17), 10**17),
    name=st.text(max_size=700),
    number=st.text(max_size=300),
    note=st.text(max_size=50),
)
def test_whatever_the_model_accepts_never_stops_its_neighbours(shop, lines, total, name, number, note):
    """A good order beside it is sold at the same poll."""
    count = len(shop.engine.orders())
    wild = order(f"W{count}", line("1"), number=number, note=note).model_copy(
        update={"lines": tuple(lines), "total": won(total), "customer": WebCustomer(full_name=name)}
    )
    shop.webstore.offer(wild)
    shop.webstore.offer(order(f"G{count}"))

    result = shop.poll()

    assert result.trouble is None
    assert Status.NEW is shop.status(f"G{count}")
    assert shop.status(f"W{count}") is not None
    assert SEOUL.code == shop.engine.order(f"G{count}").store


def test_damage_between_two_versions_does_not_let_the_older_one_win(shop):
    """Revision 7 is known; a damaged payload comes, then revision 6 from a stale page."""
    shop.webstore.offer(order("A1", line("1", gtin="00605284574539"), revision=7))
    shop.poll()
    for body in (b"damaged", order("A1", revision=6).model_dump_json().encode()):
        shop.clock.advance(60)
        shop.webstore.offer_bytes("A1", body)
        shop.poll()

    assert Status.NEW is not shop.status("A1")
    assert {} == shop.pos.sales
