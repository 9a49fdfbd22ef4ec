"""What staff say once about an order's customer and products heals every order that it concerns."""

import pytest

from orders import line, order
from tillbridge.model.errors import NotFound
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebCustomer
from tillbridge.model.status import Status
from tillbridge.orders.order_state import Signature
from tillbridge.repair import BindingKind

UNKNOWN = "00605284574539"
STAFF = Signature("지은", "포장에서 확인")
STRANGER = WebCustomer(id="w9", full_name="이영희", email="who@example.com")
GUEST = WebCustomer(full_name="이영희", email="who@example.com")


def number(shop, name):
    return shop.engine.order(name).id


@pytest.fixture
def unknown(shop):
    """A shop with three orders of the same unknown item, and one of another."""
    for name in ("A1", "A2", "A3"):
        shop.webstore.offer(order(name, line("1", gtin=UNKNOWN)))
    shop.webstore.offer(order("B1", line("1", gtin="08801234567893")))
    shop.poll()
    return shop


@pytest.mark.row("S12")
def test_a_product_that_is_linked_once_heals_every_order_of_its_item(unknown):
    assert 3 == unknown.engine.link_product(number(unknown, "A2"), "1", "P1", STAFF)

    assert [Status.NEW] * 3 == [unknown.status(name) for name in ("A1", "A2", "A3")]
    assert Status.PRODUCT_MATCH_FAILED is unknown.status("B1")
    assert 7 == unknown.on_hand("P1")


@pytest.mark.row("S12")
def test_a_later_order_of_a_linked_item_is_sold_by_itself(unknown):
    unknown.engine.link_product(number(unknown, "A1"), "1", "P1", STAFF)
    unknown.webstore.offer(order("A4", line("1", gtin=UNKNOWN)))

    unknown.poll()

    assert Status.NEW is unknown.status("A4")


def test_every_healed_order_tells_who_linked_what_and_why(unknown):
    unknown.engine.link_product(number(unknown, "A2"), "1", "P1", STAFF)

    for name in ("A1", "A2"):
        linked = next(
            one for one in unknown.engine.timeline(number(unknown, name)) if one.what == "product linked"
        )
        assert ("지은", True) == (linked.who, "포장에서 확인" in linked.words.ko)


@pytest.mark.row("S9")
def test_a_customer_who_is_linked_once_heals_every_order_of_theirs(shop):
    for name in ("A1", "A2"):
        shop.webstore.offer(order(name, customer=STRANGER))
    shop.poll()

    assert 2 == shop.engine.link_customer(number(shop, "A1"), "C1", STAFF)

    assert [Status.NEW, Status.NEW] == [shop.status("A1"), shop.status("A2")]


@pytest.mark.row("S9")
def test_a_guests_customer_holds_for_that_order_alone(shop):
    for name in ("A1", "A2"):
        shop.webstore.offer(order(name, customer=GUEST))
    shop.poll()

    assert 1 == shop.engine.link_customer(number(shop, "A1"), "C1", STAFF)

    assert [Status.NEW, Status.CUSTOMER_ID_REQUIRED] == [shop.status("A1"), shop.status("A2")]
    assert [] == shop.engine.bindings(automatic=True)


def test_a_line_without_any_number_is_linked_for_its_order_alone(shop):
    for name in ("A1", "A2"):
        shop.webstore.offer(order(name, line("1", identifiers=(), listing=None)))
    shop.poll()

    assert 1 == shop.engine.link_product(number(shop, "A1"), "1", "P1", STAFF)

    assert [Status.NEW, Status.PRODUCT_MATCH_FAILED] == [shop.status("A1"), shop.status("A2")]


@pytest.mark.row("S9")
def test_a_person_ends_the_conflict_between_an_earlier_link_and_the_e_mail(shop):
    """The earlier link says C1, the e-mail C2; whichever of them staff choose, the order goes on."""
    shop.customer("C2", "other@example.com")
    shop.webstore.offer(order("A1"))
    shop.poll()
    for name in ("A2", "A3"):
        shop.webstore.offer(
            order(name, customer=order().customer.model_copy(update={"email": "other@example.com"}))
        )
    shop.poll()
    assert Status.CUSTOMER_ID_REQUIRED is shop.status("A2")

    shop.engine.link_customer(number(shop, "A2"), "C1", STAFF)
    assert (Status.NEW, "C1") == (shop.status("A2"), shop.engine.order("A2").customer_id)

    shop.engine.link_customer(number(shop, "A3"), "C2", STAFF)
    assert (Status.NEW, "C2") == (shop.status("A3"), shop.engine.order("A3").customer_id)


def test_an_accepted_order_reaches_in_process_when_it_is_healed(unknown):
    unknown.set("A1", Status.IN_PROCESS)

    unknown.engine.link_product(number(unknown, "A3"), "1", "P1", STAFF)

    assert Status.IN_PROCESS is unknown.status("A1")


def test_decided_orders_are_not_healed(unknown):
    unknown.set("A1", Status.REJECTED, "품절")
    unknown.set("A2", Status.ARCHIVED, answer=Decision.ACCEPTED)

    assert 1 == unknown.engine.link_product(number(unknown, "A3"), "1", "P1", STAFF)

    assert [Status.REJECTED, Status.ARCHIVED] == [unknown.status("A1"), unknown.status("A2")]


def test_a_line_that_is_not_there_is_named(unknown):
    with pytest.raises(NotFound, match="has no line '7'"):
        unknown.engine.link_product(number(unknown, "A1"), "7", "P1", STAFF)


@pytest.mark.row("S12")
def test_a_new_number_in_the_point_of_sale_heals_whatever_it_concerns(unknown):
    unknown.stock("P3", UNKNOWN, 5)

    assert 3 == unknown.engine.heal(STAFF)

    assert 2 == unknown.on_hand("P3")
    assert Status.PRODUCT_MATCH_FAILED is unknown.status("B1")
    assert 0 == unknown.engine.heal(STAFF)


@pytest.mark.row("S9")
def test_a_new_customer_in_the_point_of_sale_heals_their_orders(shop):
    shop.webstore.offer(order("A1", customer=GUEST))
    shop.poll()
    shop.customer("C7", "who@example.com")

    assert 1 == shop.engine.heal(STAFF)

    assert "C7" == shop.engine.order("A1").customer_id


def test_bindings_are_listed_with_who_made_them_and_how_many_orders_they_serve(unknown):
    unknown.engine.link_product(number(unknown, "A1"), "1", "P1", STAFF)

    (found,) = unknown.engine.bindings()

    assert (BindingKind.PRODUCT, "web", "L4539", "item 1", "P1", "지은", 3) == (
        found.kind, found.connection, found.key, found.title, found.target, found.by, found.orders
    )  # fmt: skip
    assert unknown.clock.now() == found.at


def test_customers_found_by_a_rule_are_listed_only_when_asked_for(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()

    assert [] == shop.engine.bindings()
    assert [("w1", "C1", "tillbridge")] == [
        (one.key, one.target, one.by) for one in shop.engine.bindings(automatic=True)
    ]


def test_a_binding_that_is_taken_back_leaves_its_trace_and_is_used_no_more(unknown):
    unknown.engine.link_product(number(unknown, "A1"), "1", "P1", STAFF)

    unknown.engine.forget("web", BindingKind.PRODUCT, "L4539", Signature("민지", "다른 제품임"))

    assert [] == unknown.engine.bindings()
    last = unknown.engine.timeline(number(unknown, "A1"))[-1]
    assert ("민지", "product link undone") == (last.who, last.what)
    unknown.webstore.offer(order("A4", line("1", gtin=UNKNOWN)))
    unknown.poll()
    assert Status.PRODUCT_MATCH_FAILED is unknown.status("A4")


def test_orders_that_waited_by_a_binding_are_matched_again_without_it(shop):
    """The link leads to a product that the point of sale does not have; without it the barcode decides."""
    shop.webstore.offer(order("A1", customer=GUEST))
    shop.poll()
    shop.engine.link_product(number(shop, "A1"), "1", "P2", STAFF)

    assert 1 == shop.engine.forget("web", BindingKind.PRODUCT, "L3931", STAFF)

    assert "P1" == shop.engine.order("A1").lines[0].product_id


def test_what_is_not_bound_cannot_be_taken_back(shop):
    with pytest.raises(NotFound, match="remembers no product for the number 'L1'"):
        shop.engine.forget("web", BindingKind.PRODUCT, "L1", STAFF)
    with pytest.raises(NotFound, match="no connection named 'other'"):
        shop.engine.forget("other", BindingKind.CUSTOMER, "w1", STAFF)
