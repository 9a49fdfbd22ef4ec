"""A refund is noted at each webstore that can hear of it: once, whatever is told twice; each by itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from plugins.generic_webstore.at_work import AtWork
from plugins.generic_webstore.counters import compiled, desk, mistakes_of
from plugins.generic_webstore.test_presets_run import running
from plugins.generic_webstore.test_strict_presets import BIGCOMMERCE, CAFE24, ECWID, MAGENTO, Case
from tillbridge.model.errors import Retryable
from tillbridge.model.exchange import Outcome, Receipt, Said, StatusDelivery
from tillbridge.model.money import Money
from tillbridge_generic_webstore.telling import compile_teller

pytestmark = pytest.mark.row("S27")
GET, PUT, POST = "GET", "PUT", "POST"


def field_of(name: str) -> tuple[Callable[[list[str]], Any], Callable[[Any], str]]:
    """A field of the order that holds all notes: how it is shown, and what is written to it."""
    return lambda notes: {name: notes[-1] if notes else "Call first."}, lambda body: body[name]


def list_of(rows: str, name: str, *path: str) -> tuple[Callable[[list[str]], Any], Callable[[Any], str]]:
    """A list of notes: how it is shown, and what is written."""

    def text(body: Any) -> str:
        for key in path:
            body = body[key]
        return str(body[name])

    return lambda notes: {rows: [{name: one} for one in notes]}, text


HEARD: Mapping[str, tuple[Case, str, str, Any]] = {
    "bigcommerce": (
        BIGCOMMERCE,
        "GET /stores/s/v2/orders/118",
        "PUT /stores/s/v2/orders/118",
        field_of("staff_notes"),
    ),
    "ecwid": (
        ECWID,
        "GET /api/v3/7/orders/XJ12H",
        "PUT /api/v3/7/orders/XJ12H",
        field_of("privateAdminNotes"),
    ),
    "magento": (
        MAGENTO,
        "GET /rest/V1/orders/9/comments",
        "POST /rest/V1/orders/9/comments",
        list_of("items", "comment", "statusHistory"),
    ),
    "cafe24": (
        CAFE24,
        "GET /api/v2/admin/orders/20260301-0000011/memos",
        "POST /api/v2/admin/orders/20260301-0000011/memos",
        list_of("memos", "content", "request"),
    ),
}


@contextmanager
def noting(name: str) -> Iterator[tuple[AtWork, str, list[str]]]:
    """Put a preset to work at a webstore that keeps notes; yield it, its order, and the notes."""
    case, look, write, (shown, text) = HEARD[name]
    notes: list[str] = []
    takes = case.routes[write]

    def written(asked: Any) -> Any:
        said = takes(asked)
        if not (isinstance(said, tuple) and said[0] == 422):
            notes.append(text(asked.body))
        return said

    routes = {**case.routes, look: lambda _: shown(notes), write: written}
    with running(name, routes, case.settings, case.host) as (shop, _):
        yield shop, case.order, notes


def tell(shop: AtWork, order: str, key: str, minor: int, reason: str = "") -> Outcome:
    assert shop.teller is not None
    refund = Money(minor, "KRW")
    delivery = StatusDelivery(key=key, order_id=order, said=Said.REFUNDED, refund=refund, reason=reason)
    return shop.teller.push_status(shop.connection, delivery).outcome


@pytest.mark.parametrize("name", HEARD)
def test_a_refund_is_noted_once_with_its_amount_and_reason(name: str) -> None:
    with noting(name) as (shop, order, notes):
        for _ in range(2):
            assert Outcome.ACCEPTED is tell(shop, order, "k-1", 9_000, "맞지 않음")
        assert Outcome.ACCEPTED is tell(shop, order, "k-2", 500)

    assert 2 == len(notes)
    assert all(one in notes[0] for one in ("9000 KRW", "맞지 않음", "k-1"))
    assert all(one in notes[1] for one in ("500 KRW", "k-2"))


@pytest.mark.parametrize("name", ["bigcommerce", "ecwid"])
def test_what_staff_have_noted_before_stays(name: str) -> None:
    with noting(name) as (shop, order, notes):
        tell(shop, order, "k-1", 9_000)
        tell(shop, order, "k-2", 500)

    assert notes[-1].startswith("Call first. ")
    assert "k-1" in notes[-1]


# A profile's own way

NOTE = {
    "post": "orders/{order_id}/refunds",
    "body": {"amount": "{amount}", "text": "{amount_text}", "cents": "{amount_minor}", "in": "{currency}"},
    "repeat": {"key": "header:Idempotency-Key"},
}


def told(push: Any, server: Any) -> Receipt:
    delivery = StatusDelivery(key="k-1", order_id="7", said=Said.REFUNDED, refund=Money(1_250, "EUR"))
    made: Receipt = compiled(compile_teller, push={"refunded": push}).push_status(
        server.connection(), delivery
    )
    return made


def test_hook_push_status_tells_a_refund_with_its_amount_in_each_form() -> None:
    with desk() as server:
        assert Outcome.ACCEPTED is told(NOTE, server).outcome

        assert [{"amount": "12.50", "text": "12.50", "cents": 1250, "in": "EUR"}] == [
            body for _, _, body in server.calls
        ]
        assert "k-1" == server.asked[0].headers["idempotency-key"]


def test_a_refund_is_not_sent_again_at_once_where_only_a_look_says_whether_it_arrived() -> None:
    steps = [
        {"get": "orders/{order_id}/refunds", "done": "contains([].key, _told.key)"},
        {"post": "orders/{order_id}/refunds", "body": {"amount": "{amount}", "key": "{key}"}},
    ]
    with desk() as server:
        server.answer = lambda asked: (200, []) if asked.method == GET else (503, {})

        with pytest.raises(Retryable):
            told({"repeat": "natural", "steps": steps}, server)

        assert [GET, POST] == [one.method for one in server.asked]


def test_a_profile_that_tells_refunds_is_told_of_them_only() -> None:
    teller = compiled(compile_teller, push={"refunded": NOTE})

    assert frozenset({Said.REFUNDED}) == teller.outline.hears


def test_a_refund_has_no_such_placeholder_elsewhere() -> None:
    push = {"accepted": {"put": "orders/{order_id}", "body": {"sum": "{amount}"}, "repeat": "natural"}}

    ((place, words),) = mistakes_of(compile_teller, push=push)

    assert ("push.accepted.body.sum", True) == (place, words.startswith("{amount} is no placeholder here"))
