"""What lists by the clock and lists of names need is said where it lacks; and steps for each of a list."""

from typing import Any

import pytest

from plugins.generic_webstore.connecting import ORDER, profile
from plugins.generic_webstore.counters import compiled, desk
from tillbridge.model.exchange import Outcome, Said, StatusDelivery
from tillbridge_generic_webstore.language.checks import check
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.mapping import compile_mapping
from tillbridge_generic_webstore.telling import compile_teller

LIST = {"get": "orders", "rows": "[]", "query": {"from": "{since}"}}


def told(orders: dict[str, Any]) -> list[tuple[str, str]]:
    mistakes = Mistakes()
    check(profile(orders=orders), mistakes)
    return [(one.place, one.words.en) for one in mistakes]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"passes": [{"kind": "paid"}]}, "orders.passes"),
        ({"since": {"most": "30d"}}, "orders.since.most"),
        ({"paging": {"by": "none", "most": 100}}, "orders.paging.most"),
    ],
)
def test_what_needs_the_clock_says_so(more: dict[str, Any], place: str) -> None:
    assert told({**LIST, **more}) == [
        (place, 'goes with a list that is read by the clock: since = { from = "clock" }')
    ]


def test_a_list_that_is_read_by_the_clock_is_asked_up_to_a_moment() -> None:
    assert told({**LIST, "since": {"from": "clock"}}) == [
        ("orders.since.from", 'from = "clock" needs {until} in the request: the end of what is asked for')
    ]


def test_a_list_of_names_needs_a_way_to_the_orders() -> None:
    assert told({**LIST, "names": "id"}) == [
        ("orders.names", "a list that only names orders needs one: how each is asked for")
    ]


def test_a_value_of_the_profile_s_own_cannot_stand_in_another_s_place() -> None:
    mistakes = Mistakes()
    usual: Any = ORDER["order"]
    order = {**usual, "let": {"parts": "id"}}

    compile_mapping(profile(orders=LIST, order=order), mistakes)

    assert [(one.place, one.words.en) for one in mistakes] == [
        ("order.let.parts", "_parts is there already; give the value another name")
    ]


@pytest.mark.row("S27")
def test_a_step_may_be_taken_for_each_of_a_list_and_one_that_holds_already_is_no_refusal() -> None:
    steps = [
        {"get": "orders/{order_id}", "let": {"units": "units[].id"}},
        {"each": "units", "post": "units/{each}/cancel", "holds": [409]},
    ]
    push = {"rejected": {"steps": steps, "repeat": "natural"}}
    with desk() as shop:
        answers: dict[str, tuple[int, Any]] = {"/units/b/cancel": (409, {})}
        shop.answer = lambda asked: answers.get(asked.path, (200, {"units": [{"id": "a"}, {"id": "b"}]}))
        teller = compiled(compile_teller, push=push)
        delivery = StatusDelivery(key="k", order_id="7", said=Said.REJECTED)

        receipt = teller.push_status(shop.connection(), delivery)

        assert receipt.outcome is Outcome.ACCEPTED
        assert [path for _, path, _ in shop.calls] == ["/orders/7", "/units/a/cancel", "/units/b/cancel"]
