"""Replay: kept payloads once more through today's code, shown before anything is done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from orders import PUMP, line, order, won
from shop import STAFF
from tillbridge.db import tables
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotFound, PayloadError
from tillbridge.model.exchange import Decision, NotAnOrder
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind, WebCustomer, WebMoney
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.status import PaymentState, Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.replay import ReplayAct, ReplayQuery, ReplaySummary, ReplayView, selecting
from tillbridge.settle.payloads import unpack

pytestmark = pytest.mark.row("S14")

WRONG = Words("note: It must be a number; it is a text.", "note: 숫자여야 합니다. 받은 값: 텍스트.")
# What is said is the same on every database; what is done is tried on both.
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])

STRANGER = WebCustomer(full_name="이영희", email="who@example.com")
UNKNOWN = "00605284574539"


@contextmanager
def older_code(shop, read) -> Iterator[None]:
    """Let the provider's plugin be an older one: `read` gets what today's code reads, and says otherwise."""
    plugins = shop.engine.context.plugins
    parse = plugins.parse_order
    plugins.parse_order = lambda provider, connection, raw: read(parse(provider, connection, raw))
    try:
        yield
    finally:
        del plugins.parse_order


def refuses(found: Any) -> Any:
    raise PayloadError(WRONG, path="note")


def takes_for_drafts(found: Any) -> Any:
    return NotAnOrder(Words("It is a draft.", "임시 주문입니다."))


def misreads_pieces(found: Any) -> Any:
    lines = tuple(one.model_copy(update={"title": "?"}) for one in found.lines)
    return found.model_copy(update={"lines": lines})


def takes_for_cancelled(found: Any) -> Any:
    return found.model_copy(update={"standing": Standing.CANCELLED})


def came_under(shop, code, *orders) -> None:
    """Let orders come, and be read by older code."""
    for one in orders:
        shop.webstore.offer(one)
    with older_code(shop, code):
        shop.poll()


def shown(shop, *names: str, **more: Any) -> list[ReplayView]:
    """What a replay would do."""
    told: list[ReplayView] = []
    shop.engine.replay(ReplayQuery(orders=names, **more), tell=told.append)
    return told


def replayed(shop, *names: str, **more: Any) -> list[ReplayView]:
    told: list[ReplayView] = []
    shop.engine.replay(ReplayQuery(orders=names, **more), STAFF, told.append)
    return told


def said(words: Words | None) -> str:
    assert words is not None
    return words.en


def everything(shop) -> Any:
    """All that is stored of orders and payloads."""
    wanted = (tables.orders, tables.payloads, tables.versions, tables.timeline, tables.attempts)
    with shop.engine.context.database.read() as database:
        return [database.execute(select(table)).all() for table in wanted]


def signed(shop, name: str) -> list[tuple[str, str]]:
    return [(one.who, one.what) for one in shop.engine.timeline(shop.engine.order(name).id)]


def test_a_damaged_order_is_sold_once_today_s_code_can_read_it(shop):
    came_under(shop, refuses, order("A1"))
    assert Status.SALE_PROCESSING_FAILED is shop.status("A1")

    (told,) = replayed(shop, "A1")

    assert (Status.SALE_PROCESSING_FAILED, Status.NEW, True) == (told.status, told.status_then, told.done)
    assert Status.NEW is shop.status("A1")
    assert (1, 9) == (len(shop.pos.sales), shop.on_hand("P1"))


def test_what_would_change_is_shown_and_nothing_is_done(shop):
    came_under(shop, refuses, order("A1"))
    before = everything(shop)

    (told,) = shown(shop, "A1")

    assert (Status.SALE_PROCESSING_FAILED, Status.NEW) == (told.status, told.status_then)
    assert [("note", WRONG.en, WRONG.ko)] == [(one.path, one.en, one.ko) for one in told.reasons_gone]
    assert ((), ReplayAct.PROCESS, False) == (told.reasons_new, told.act, told.done)
    assert before == everything(shop)


@on_sqlite
def test_reasons_that_would_come_are_shown_beside_those_that_would_go(shop):
    came_under(shop, refuses, order("A1", line("1", gtin=UNKNOWN), customer=STRANGER))

    (told,) = shown(shop, "A1")

    assert Status.CUSTOMER_ID_REQUIRED is told.status_then
    assert ["payload_damaged"] == [one.code for one in told.reasons_gone]
    assert ["customer_unknown", "product_unknown"] == [one.code for one in told.reasons_new]


@on_sqlite
def test_fields_that_are_read_differently_are_named_with_both_values(shop):
    came_under(shop, misreads_pieces, order("A1", line("1", gtin=UNKNOWN, title="체인")))

    (told,) = shown(shop, "A1")

    assert [("lines[0].title", "?", "체인")] == [(one.path, one.before, one.after) for one in told.fields]


@on_sqlite
def test_the_replay_is_signed_with_who_and_why(shop):
    came_under(shop, refuses, order("A1"))

    shop.engine.replay(ReplayQuery(orders=["A1"]), Signature("지은", "new plugin"))

    entries = shop.engine.timeline(shop.engine.order("A1").id)
    (entry,) = [one for one in entries if one.who == "지은"]
    assert "replay" == entry.what
    assert "The kept data was replayed: new plugin" == entry.words.en


def test_all_orders_of_a_reason_are_replayed_and_no_others(shop):
    came_under(shop, refuses, order("A1"), order("A2"))
    shop.webstore.offer(order("A3", customer=STRANGER))
    shop.poll()
    shop.customer("C2", "who@example.com")

    told = replayed(shop, reason=ReasonCode.PAYLOAD_DAMAGED)

    assert ["A1", "A2"] == [one.webstore_id for one in told]
    assert Status.CUSTOMER_ID_REQUIRED is shop.status("A3")


@on_sqlite
def test_all_failed_orders_are_replayed(shop):
    came_under(shop, refuses, order("A1"))
    shop.webstore.offer(order("A2", customer=STRANGER))
    shop.webstore.offer(order("A3"))
    shop.poll()

    told = replayed(shop, failed=True)

    assert [("A1", Status.NEW), ("A2", Status.CUSTOMER_ID_REQUIRED)] == [
        (one.webstore_id, one.status_then) for one in told
    ]


@on_sqlite
def test_an_order_of_which_nothing_would_change_is_not_touched(shop):
    shop.webstore.offer(order("A1", customer=STRANGER))
    shop.poll()
    before = everything(shop)

    (told,) = replayed(shop, "A1")

    assert (False, False, ReplayAct.NOTHING) == (told.differs, told.done, told.act)
    assert before == everything(shop)


def test_an_order_with_a_sale_is_never_sold_again_and_its_difference_is_shown(shop):
    came_under(shop, misreads_pieces, order("A1", line("1", title="헬멧")))
    assert Status.NEW is shop.status("A1")

    (seen,) = shown(shop, "A1")
    assert "There is a sale for this order already." == said(seen.why_not)
    assert [("lines[0].title", "?", "헬멧")] == [(one.path, one.before, one.after) for one in seen.fields]
    assert not shop.engine.order("A1").changed_after_sale
    (told,) = replayed(shop, "A1")

    assert (ReplayAct.COMPARE, True, Status.NEW) == (told.act, told.changed_after_sale, told.status_then)
    view = shop.engine.order("A1")
    assert (Status.NEW, True) == (view.status, view.changed_after_sale)
    assert "헬멧" == shop.engine.document(view.id)["lines"][0]["title"]
    assert (1, 9) == (len(shop.pos.sales), shop.on_hand("P1"))
    assert ("지은", "replay") == signed(shop, "A1")[-1]


def test_a_sold_order_that_became_unreadable_shows_no_damage_once_it_can_be_read(shop):
    shop.webstore.offer(order("A1", note="first"))
    shop.poll()
    shop.clock.advance(60)
    came_under(shop, refuses, order("A1", note="second"))
    assert ["payload_damaged"] == [one.code for one in shop.engine.order("A1").reasons]

    replayed(shop, reason=ReasonCode.PAYLOAD_DAMAGED)

    view = shop.engine.order("A1")
    assert (Status.NEW, (), True) == (view.status, view.reasons, view.changed_after_sale)
    assert 1 == len(shop.pos.sales)


def test_a_sold_order_that_cannot_be_read_today_stays_as_it_is(shop):
    shop.webstore.offer(order("A1"))
    shop.poll()
    before = everything(shop)
    with older_code(shop, refuses):
        (told,) = replayed(shop, "A1")

    assert (ReplayAct.NOTHING, ["payload_damaged"]) == (told.act, [one.code for one in told.reasons_new])
    assert "what cannot be read" in said(told.why_not)
    assert before == everything(shop)


def test_an_order_that_waits_for_the_pos_is_left_alone(shop, monkeypatch):
    def away(*_):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(type(shop.pos), "open_sales", away)
        came_under(shop, misreads_pieces, order("A1"))

        (told,) = replayed(shop, "A1")

    assert (ReplayAct.NOTHING, True) == (told.act, told.differs)
    assert "The point of sale has not answered yet; this is possible once it has." == said(told.why_not)
    shop.poll()
    assert (Status.NEW, 1) == (shop.status("A1"), len(shop.pos.sales))


@on_sqlite
def test_a_decided_order_is_left_alone(shop):
    came_under(shop, refuses, order("A1"))
    shop.set("A1", Status.REJECTED, "품절")

    (told,) = replayed(shop, "A1")

    assert (ReplayAct.NOTHING, "This order is decided already.") == (told.act, said(told.why_not))
    assert (Status.REJECTED, {}) == (shop.status("A1"), shop.pos.sales)


@on_sqlite
def test_an_accepted_order_goes_on_to_in_process(shop):
    came_under(shop, refuses, order("A1"))
    shop.set("A1", Status.IN_PROCESS)

    assert [Status.IN_PROCESS] == [one.status_then for one in shown(shop, "A1")]
    replayed(shop, "A1")

    assert Status.IN_PROCESS is shop.status("A1")


def test_what_tillbridge_put_aside_comes_back_when_it_was_misread(shop):
    came_under(shop, takes_for_cancelled, order("A1"))
    assert Status.ARCHIVED is shop.status("A1")

    (told,) = replayed(shop, reason=ReasonCode.NOT_OPEN)

    assert (Status.ARCHIVED, Status.NEW) == (told.status, told.status_then)
    assert 1 == len(shop.pos.sales)


@on_sqlite
def test_what_staff_archived_stays_archived(shop):
    came_under(shop, refuses, order("A1"))
    shop.set("A1", Status.ARCHIVED, answer=Decision.ACCEPTED)

    (told,) = replayed(shop, "A1")

    assert "Staff archived this order, so it stays archived." == said(told.why_not)
    assert (Status.ARCHIVED, {}) == (shop.status("A1"), shop.pos.sales)


def kept_as_no_order(shop) -> list[str]:
    with shop.engine.context.database.read() as database:
        payloads = tables.payloads
        query = select(payloads.c.webstore_id).where(payloads.c.not_an_order.is_not(None))
        return list(database.execute(query.order_by(payloads.c.id)).scalars())


@pytest.mark.parametrize("by_name", [True, False])
def test_what_was_judged_to_be_no_order_can_be_one_today(shop, by_name):
    came_under(shop, takes_for_drafts, order("A1"), order("A2", customer=STRANGER))
    assert ([], ["A1", "A2"]) == (shop.engine.orders(), kept_as_no_order(shop))
    wanted = {"orders": ["A1", "A2"]} if by_name else {"reason": ReasonCode.NOT_AN_ORDER}
    seen: list[ReplayView] = []
    shop.engine.replay(ReplayQuery(**wanted), tell=seen.append)
    assert [Status.NEW, Status.CUSTOMER_ID_REQUIRED] == [one.status_then for one in seen]
    assert [] == shop.engine.orders()

    summary = shop.engine.replay(ReplayQuery(**wanted), STAFF)

    assert [Status.NEW, Status.CUSTOMER_ID_REQUIRED] == [shop.status("A1"), shop.status("A2")]
    assert (2, 1) == (summary.done, len(shop.pos.sales))
    assert ("지은", "replay") in signed(shop, "A1")
    assert [] == kept_as_no_order(shop)


@on_sqlite
def test_what_is_still_no_order_is_not_touched(shop):
    came_under(shop, takes_for_drafts, order("A1"))
    before = everything(shop)
    with older_code(shop, takes_for_drafts):
        (told,) = replayed(shop, reason=ReasonCode.NOT_AN_ORDER)

    assert (None, False, "It is a draft.") == (told.order_id, told.differs, said(told.no_order))
    assert before == everything(shop)


def test_a_version_that_was_taken_for_a_draft_is_shown_beside_the_sale(shop):
    shop.webstore.offer(order("A1", note="first"))
    shop.poll()
    shop.clock.advance(60)
    came_under(shop, takes_for_drafts, order("A1", note="second"))
    assert not shop.engine.order("A1").changed_after_sale

    replayed(shop, reason=ReasonCode.NOT_AN_ORDER)

    assert shop.engine.order("A1").changed_after_sale
    assert 1 == len(shop.pos.sales)


def test_an_order_that_is_no_longer_one_is_put_aside(shop):
    shop.webstore.offer(order("A1", customer=STRANGER))
    shop.poll()
    with older_code(shop, takes_for_drafts):
        (told,) = replayed(shop, "A1")

    assert (Status.CUSTOMER_ID_REQUIRED, Status.ARCHIVED) == (told.status, told.status_then)
    assert (Status.ARCHIVED, "not_an_order") == (shop.status("A1"), shop.engine.order("A1").reasons[0].code)


def test_a_stale_page_does_not_replace_what_a_replay_could_read(shop):
    """Revision 9 came damaged and is readable today; revision 8 comes late."""
    shop.webstore.offer(order("A1", customer=STRANGER, revision=7))
    shop.poll()
    shop.clock.advance(60)
    came_under(shop, refuses, order("A1", customer=STRANGER, revision=9, note="ninth"))
    replayed(shop, "A1")
    shop.clock.advance(60)

    shop.webstore.offer(order("A1", customer=STRANGER, revision=8, note="eighth"))
    shop.poll()

    assert "ninth" == shop.engine.document(shop.engine.order("A1").id)["note"]


@on_sqlite
def test_an_order_that_nothing_can_be_made_of_stops_no_other(shop):
    broken = order("A2", line("1"), total=won(1))
    came_under(shop, refuses, order("A1"), broken)

    told = replayed(shop, failed=True)

    assert [Status.NEW, Status.SALE_PROCESSING_FAILED] == [one.status_then for one in told]
    assert ["totals_mismatch"] == [one.code for one in told[1].reasons_new]


@on_sqlite
def test_a_pos_that_is_away_is_the_connections_trouble_and_loses_nothing(shop, monkeypatch):
    came_under(shop, refuses, order("A1"))

    def away(*_):
        raise ConnectionError

    with monkeypatch.context() as patched:
        for call in ("find_products", "find_customers", "stores"):
            patched.setattr(type(shop.pos), call, away)
        summary = shop.engine.replay(ReplayQuery(failed=True), STAFF)

    assert "could not answer" in summary.troubles["web"].en
    replayed(shop, failed=True)
    assert Status.NEW is shop.status("A1")


@on_sqlite
def test_names_that_nothing_answers_to_are_refused_before_anything_is_done(shop):
    came_under(shop, refuses, order("A1"))

    with pytest.raises(NotFound, match="There is no order 'B7'"):
        replayed(shop, "A1", "B7")

    assert Status.SALE_PROCESSING_FAILED is shop.status("A1")


@pytest.mark.parametrize("wanted", [{}, {"orders": ["A1"], "failed": True}])
def test_exactly_one_way_of_choosing_is_given(wanted):
    with pytest.raises(InputError, match="one of them"):
        ReplayQuery(**wanted)


@pytest.mark.row("S25")
def test_the_kept_payload_is_given_out_byte_for_byte(shop):
    body = b'{"id": "A1", "note": "\xff\x00"}'
    shop.webstore.offer_bytes("A1", body)
    shop.webstore.offer_bytes("D1", b'{"draft": true}')
    shop.poll()

    kept, draft = shop.engine.payload("A1"), shop.engine.payload("D1")

    assert ({"order": body}, "A1", "poll") == (dict(kept.parts), kept.webstore_id, kept.source)
    assert ({"order": b'{"draft": true}'}, None) == (dict(draft.parts), draft.order_id)


@contextmanager
def counted(shop) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = shop.engine.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def many(shop, size: int, prefix: str) -> None:
    """Orders that are to be sold, have no customer, no product, or a total that does not fit."""
    shop.webstore.page_size = 1000
    found = []
    for number in range(size):
        name = f"{prefix}{number}"
        found += [
            order(f"{name}s", line("1"), line("2", gtin=PUMP)),
            order(f"{name}c", customer=STRANGER),
            order(f"{name}p", line("1", gtin=UNKNOWN)),
            order(f"{name}t", line("1"), total=won(1)),
        ]
    came_under(shop, refuses, *found)


@pytest.mark.parametrize("sign", [None, STAFF], ids=["shown", "done"])
def test_a_page_of_eighty_orders_costs_as_many_queries_as_one_of_four(shop, sign):
    costs = []
    for size in (1, 20):
        many(shop, size, f"{size}-")
        with counted(shop) as statements:
            summary = shop.engine.replay(ReplayQuery(reason=ReasonCode.PAYLOAD_DAMAGED), sign)
        costs.append(len(statements))
        looked = 4 * size if sign or size == 1 else 84
        assert looked == summary.differ

    assert costs[0] == costs[1]
    assert costs[1] <= 70


def test_each_page_costs_the_same_and_is_told_before_the_next_is_read(shop, monkeypatch):
    """Eleven orders in pages of five; what is told of them is told as they come."""
    monkeypatch.setattr(selecting, "PAGE", 5)
    came_under(shop, refuses, *(order(f"A{number:02}") for number in range(11)))
    costs: list[int] = []
    with counted(shop) as statements:
        shop.engine.replay(ReplayQuery(failed=True), STAFF, lambda one: costs.append(len(statements)))

    assert 11 == len(shop.pos.sales)
    first, second, third = sorted(set(costs))
    assert second - first == third - second


class Killed(BaseException):
    """The program ends here."""


def test_killed_at_any_point_everything_is_replayed_once(shop):
    """Then once more: an unsold order, one with a sale, and one that was no order; at every named point."""
    points = passed(shop, "0-", at=None)
    assert {"before commit replay", "after commit replay", "before commit settle"} <= set(points)

    for place in range(0, len(points), _stride(shop)):
        prefix = f"{place + 1}-"
        passed(shop, prefix, at=place)
        shop.engine.settle()
        for wanted in queries(prefix):
            shop.engine.replay(wanted, STAFF)
        ended = [shop.engine.order(f"{prefix}{one}") for one in ("damaged", "sold", "draft")]
        assert [Status.NEW] * 3 == [one.status for one in ended], points[place]
        assert [False, True, False] == [one.changed_after_sale for one in ended], points[place]
        keys = [key.order_key for key in shop.pos.sales if f":{prefix}" in key.order_key]
        assert 3 == len(set(keys)) == len(keys)


def _stride(shop) -> int:
    """Every point in the long run; else every sixth, on PostgreSQL every fifteenth."""
    if os.environ.get("TILLBRIDGE_LONG") == "1":
        return 1
    return 6 if shop.engine.context.database.is_sqlite else 15


def queries(prefix: str) -> list[ReplayQuery]:
    return [
        ReplayQuery(orders=[f"{prefix}damaged", f"{prefix}sold"]),
        ReplayQuery(orders=[f"{prefix}draft"]),
    ]


def passed(shop, prefix: str, *, at: int | None) -> list[str]:
    """Replay three orders until killed at a point; return the points that were passed."""
    came_under(shop, refuses, order(f"{prefix}damaged"))
    came_under(shop, misreads_pieces, order(f"{prefix}sold", line("1", title="헬멧")))
    came_under(shop, takes_for_drafts, order(f"{prefix}draft"))
    points: list[str] = []

    def probe(name: str) -> None:
        points.append(name)
        if len(points) - 1 == at:
            raise Killed

    engine: Engine = shop.another(probe=probe)
    points.clear()
    try:
        for wanted in queries(prefix):
            engine.replay(wanted, STAFF)
    except Killed:
        pass
    finally:
        engine.close()
    return points


def test_staff_who_are_quicker_are_not_overruled(shop):
    """They reject the order between its reading and its replay."""
    came_under(shop, refuses, order("A1"))

    def probe(name: str) -> None:
        if name == "begin replay":
            shop.set("A1", Status.REJECTED, "품절")

    engine = shop.another(probe=probe)
    told: list[ReplayView] = []
    summary = engine.replay(ReplayQuery(orders=["A1"]), STAFF, told.append)
    engine.close()

    assert [(False, "The order has been changed meanwhile; look at it again.")] == [
        (one.done, said(one.why_not)) for one in told
    ]
    assert (0, {}) == (summary.done, summary.statuses)
    assert (Status.REJECTED, {}) == (shop.status("A1"), shop.pos.sales)
    assert ("지은", "replay") not in signed(shop, "A1")


@on_sqlite
def test_a_summary_counts_what_differs(shop):
    came_under(shop, refuses, order("A1"), order("A2", customer=STRANGER))
    shop.webstore.offer(order("A3", customer=STRANGER))
    shop.poll()

    summary: ReplaySummary = shop.engine.replay(ReplayQuery(failed=True))

    assert (3, 1, 2, 0, 0) == (summary.looked, summary.same, summary.differ, summary.refused, summary.done)
    assert {Status.NEW: 1, Status.CUSTOMER_ID_REQUIRED: 1} == summary.statuses


@on_sqlite
def test_the_payload_stays_as_it_came(shop):
    came_under(shop, refuses, order("A1"))
    body = order("A1").model_dump_json().encode()

    replayed(shop, "A1")

    with shop.engine.context.database.read() as database:
        (row,) = database.execute(select(tables.payloads)).all()
    assert {"order": body} == dict(unpack(row.webstore_id, row.parts).parts)


def says_nothing_of_the_money(found: Any) -> Any:
    return found.model_copy(update={"money": None})


def test_what_older_code_did_not_read_of_the_money_is_read_and_is_no_change_of_the_order(shop):
    paid = {
        "kind": OrderKind.BOPIS,
        "paid": True,
        "tenders": (Tender(kind=TenderKind.CARD, amount=won(50_000)),),
    }
    came_under(shop, says_nothing_of_the_money, order("A1", money=WebMoney.CHARGED, **paid))
    (seen,) = shown(shop, "A1")
    assert PaymentState.UNSAID is shop.engine.payment(1)

    (done,) = replayed(shop, "A1")

    assert [("money", None, "charged")] == [(one.path, one.before, one.after) for one in seen.fields]
    assert (True, False) == (done.done, done.changed_after_sale)
    assert PaymentState.CHARGED is shop.engine.payment(1)
