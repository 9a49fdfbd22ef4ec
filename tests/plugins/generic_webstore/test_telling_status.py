"""What became of an order, told by a profile: by one call or several steps, some of them sent twice."""

import pytest

from plugins.generic_webstore.counters import compiled, desk, mistakes_of
from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.exchange import Outcome, Said, StatusDelivery
from tillbridge.model.resolutions import Resolution
from tillbridge_generic_webstore.telling import compile_teller

pytestmark = pytest.mark.row("S27")
TABLE = {
    "put": "orders/{order_id}",
    "map": {"accepted": "processing", "rejected": "cancelled", "completed": "completed"},
    "body": {"status": "{status}", "note": "{reason}"},
    "confirm": "status",
    "repeat": "natural",
}


@pytest.fixture
def shop():
    with desk() as server:
        server.answer = lambda asked: (200, asked.body)
        yield server


def tell(shop, push, said, **more):
    delivery = StatusDelivery(key="k-1", order_id="A/7", said=said, **more)
    return compiled(compile_teller, push=push).push_status(shop.connection(), delivery)


def test_hook_push_status_tells_the_webstores_own_word_in_one_call(shop):
    receipt = tell(shop, {"status": TABLE}, Said.REJECTED, reason="품절")

    assert [("PUT", "/orders/A%2F7", {"status": "cancelled", "note": "품절"})] == shop.calls
    assert Outcome.ACCEPTED is receipt.outcome


def test_what_nobody_said_is_left_out(shop):
    tell(shop, {"status": TABLE}, Said.ACCEPTED)

    assert {"status": "processing"} == shop.calls[0][2]


def test_a_webstore_that_answers_well_and_did_something_else_has_refused_it(shop):
    shop.answer = lambda _: (200, {"status": "on-hold"})
    receipt = tell(shop, {"status": TABLE}, Said.ACCEPTED)

    assert (Outcome.REFUSED, "Desk was sent processing, and has on-hold.") == (
        receipt.outcome,
        receipt.words.en,
    )


def test_what_the_webstore_refuses_is_told_with_its_words(shop):
    shop.answer = lambda _: (
        400,
        {"code": "rest_invalid_param", "message": "status is not one of pending, …"},
    )
    receipt = tell(shop, {"status": TABLE}, Said.ACCEPTED)

    assert Outcome.REFUSED is receipt.outcome
    assert "status is not one of pending" in receipt.words.en


@pytest.mark.parametrize(("status", "error"), [(503, Retryable), (401, Misconfigured)])
def test_a_webstore_that_is_away_or_refuses_the_key_is_none_that_refused_the_order(shop, status, error):
    shop.answer = lambda _: (status, {})

    with pytest.raises(error):
        tell(shop, {"status": TABLE}, Said.ACCEPTED)


@pytest.mark.parametrize(
    "resolution", [Resolution.NOT_PICKED_UP, Resolution.OUT_OF_STOCK, Resolution.BOUGHT_OTHER]
)
def test_a_reservation_that_nobody_bought_is_told_as_such(shop, resolution):
    push = {"status": TABLE, "not_picked_up": {"use": "rejected"}}
    tell(shop, push, Said.RESOLVED, resolution=resolution)

    assert {"status": "cancelled"} == shop.calls[0][2]


def test_a_reservation_that_was_picked_up_is_completed(shop):
    tell(shop, {"status": TABLE}, Said.RESOLVED, resolution=Resolution.PICKED_UP)

    assert {"status": "completed"} == shop.calls[0][2]


def test_a_paid_order_that_was_picked_up_is_completed_too(shop):
    tell(shop, {"status": TABLE}, Said.PICKED_UP)

    assert {"status": "completed"} == shop.calls[0][2]


def test_what_the_profile_has_no_words_for_is_left_to_staff(shop):
    receipt = tell(shop, {"status": TABLE}, Said.RESOLVED, resolution=Resolution.NOT_PICKED_UP)

    assert (Outcome.REFUSED, []) == (receipt.outcome, shop.calls)
    assert "change the order there" in receipt.words.en


def test_what_is_heard_follows_from_the_tables():
    whole = compiled(compile_teller, push={"status": TABLE})
    lines = {"post": "lines", "body": {"ids": "{line_ids}"}, "repeat": "natural", "lines": True}
    parts = compiled(compile_teller, push={"rejected": lines, "ready": lines})

    heard = frozenset({Said.ACCEPTED, Said.REJECTED, Said.RESOLVED, Said.PICKED_UP})
    assert (heard, False) == (whole.outline.hears, whole.outline.hears_lines)
    assert (frozenset({Said.REJECTED, Said.READY}), True) == (parts.outline.hears, parts.outline.hears_lines)
    assert ["status"] == sorted(whole.outline.capabilities)


def test_single_lines_are_named_where_the_webstore_is_told_of_them(shop):
    lines = {
        "post": "orders/{order_id}/lines",
        "body": {"ids": "{line_ids}"},
        "repeat": "natural",
        "lines": True,
    }
    tell(shop, {"rejected": lines}, Said.REJECTED, line_ids=("1", "2"))
    tell(shop, {"rejected": lines}, Said.REJECTED)

    assert [{"ids": ["1", "2"]}, {}] == [body for _, _, body in shop.calls]


# Steps

FULFIL = {
    "steps": [
        {
            "graphql": "query($id:ID!){order(id:$id){state lines{id quantity}}}",
            "variables": {"id": "{order_id}"},
            "let": {
                "lines": "data.order.lines[].{orderLineId: id, quantity: quantity}",
                "shipped": "data.order.state == 'Shipped'",
            },
            "done": "data.order.state == 'Delivered'",
        },
        {
            "graphql": "mutation($lines:[L!]!){ship(lines:$lines){id}}",
            "variables": {"lines": "{lines}"},
            "error": "data.ship.message",
            "unless": "shipped",
        },
        {"graphql": "mutation($id:ID!){deliver(id:$id){state}}", "variables": {"id": "{order_id}"}},
    ],
    "repeat": "natural",
}


class Vendure:
    """An order of a webstore that is changed by mutations, each refused where it holds already."""

    def __init__(self, state="Open"):
        self.state, self.called = state, []

    def __call__(self, asked):
        query, variables = asked.body["query"], asked.body["variables"]
        name = query.partition("{")[2].partition("(")[0]
        self.called.append((name, variables))
        if name == "order":
            return 200, {"data": {"order": {"state": self.state, "lines": [{"id": "L1", "quantity": 2}]}}}
        if name == "ship":
            if self.state != "Open":
                return 200, {"data": {"ship": {"message": "ITEMS_ALREADY_FULFILLED"}}}
            self.state = "Shipped"
            return 200, {"data": {"ship": {"id": "F1"}}}
        self.state = "Delivered"
        return 200, {"data": {"deliver": {"state": "Delivered"}}}


def test_steps_use_what_earlier_steps_were_answered(shop):
    shop.answer = store = Vendure()
    receipt = tell(shop, {"completed": FULFIL}, Said.RESOLVED, resolution=Resolution.PICKED_UP)

    assert [
        ("order", {"id": "A/7"}),
        ("ship", {"lines": [{"orderLineId": "L1", "quantity": 2}]}),
        ("deliver", {"id": "A/7"}),
    ] == store.called
    assert (Outcome.ACCEPTED, "Delivered") == (receipt.outcome, store.state)


@pytest.mark.parametrize(("state", "called"), [("Shipped", ["order", "deliver"]), ("Delivered", ["order"])])
def test_steps_that_were_cut_off_are_taken_from_where_they_were(shop, state, called):
    """What holds already is not said again: the webstore would refuse it for good."""
    shop.answer = store = Vendure(state)
    receipt = tell(shop, {"completed": FULFIL}, Said.RESOLVED, resolution=Resolution.PICKED_UP)

    assert (called, Outcome.ACCEPTED) == ([name for name, _ in store.called], receipt.outcome)


def test_a_step_that_fails_within_a_200_ends_them(shop):
    store = Vendure()

    def answer(asked):
        status, said = store(asked)
        return status, {"data": {"ship": {"message": "INSUFFICIENT_STOCK"}}} if store.called[-1][
            0
        ] == "ship" else said

    shop.answer = answer
    receipt = tell(shop, {"completed": FULFIL}, Said.RESOLVED, resolution=Resolution.PICKED_UP)

    assert (Outcome.REFUSED, 2) == (receipt.outcome, len(store.called))
    assert "INSUFFICIENT_STOCK" in receipt.words.en


VERSIONED = {
    "steps": [
        {"get": "orders/{order_id}", "let": {"version": "order.version"}},
        {
            "put": "orders/{order_id}",
            "body": {"order": {"version": "{version}", "state": "CANCELED"}},
            "conflict": 409,
        },
    ],
    "repeat": {"key": "idempotency_key"},
}


def test_a_version_that_was_old_is_fetched_again_once(shop):
    versions = iter([3, 4])

    def answer(asked):
        if asked.method == "GET":
            return 200, {"order": {"version": next(versions)}}
        return (200, {}) if asked.body["order"]["version"] == 4 else (409, {"code": "VERSION_MISMATCH"})

    shop.answer = answer
    receipt = tell(shop, {"rejected": VERSIONED}, Said.REJECTED)

    assert (Outcome.ACCEPTED, ["GET", "PUT", "GET", "PUT"]) == (
        receipt.outcome,
        [one.method for one in shop.asked],
    )


def test_an_order_that_changes_all_the_time_is_told_later(shop):
    shop.answer = lambda asked: (200, {"order": {"version": 1}}) if asked.method == "GET" else (409, {})

    with pytest.raises(Retryable, match="changed the order again"):
        tell(shop, {"rejected": VERSIONED}, Said.REJECTED)


# Sent twice


def test_a_key_that_the_webstore_knows_is_the_deliverys_own(shop):
    push = {
        "post": "orders/{order_id}/cancel",
        "body": {"why": "{reason}"},
        "repeat": {"key": "idempotency_key"},
    }
    tell(shop, {"rejected": push}, Said.REJECTED, reason="품절")
    header = {**push, "repeat": {"key": "header:Idempotency-Key"}}
    tell(shop, {"rejected": header}, Said.REJECTED)

    assert {"idempotency_key": "k-1", "why": "품절"} == shop.calls[0][2]
    assert "k-1" == shop.asked[1].headers["idempotency-key"]


def test_where_there_is_no_key_the_webstore_is_looked_at_first(shop):
    notes = []

    def answer(asked):
        if asked.method == "POST":
            notes.append(asked.body["note"])
        return 200, {"notes": [{"text": note} for note in notes]}

    shop.answer = answer
    push = {
        "post": "orders/{order_id}/notes",
        "body": {"note": "준비되었습니다 [{key}]"},
        "repeat": {"look": "orders/{order_id}/notes", "at": "notes[].text"},
    }
    outcomes = [tell(shop, {"ready": push}, Said.READY).outcome for _ in range(2)]

    assert ([Outcome.ACCEPTED] * 2, ["준비되었습니다 [k-1]"]) == (outcomes, notes)


@pytest.mark.parametrize(
    ("push", "place", "said"),
    [
        ({"rejected": {"use": "accepted"}}, "push.rejected.use", "there is no push.accepted"),
        ({"status": {**TABLE, "body": {"s": "{stattus}"}}}, "push.status.body.s", "Did you mean {status}?"),
        (
            {"ready": {"steps": [{"get": "a", "let": {"x": "nope(@)"}}], "repeat": "natural"}},
            "push.ready.steps[1].let.x",
            "nope",
        ),
        (
            {
                "ready": {
                    "steps": [{"get": "{later}"}, {"get": "a", "let": {"later": "b"}}],
                    "repeat": "natural",
                }
            },
            "push.ready.steps[1].get",
            "{later} is no placeholder here",
        ),
        (
            {
                "ready": {"post": "a", "repeat": "natural", "lines": True},
                "rejected": {"post": "a", "repeat": "natural"},
            },
            "push.rejected",
            "lines = true stands at ready only",
        ),
        ({"ready": {"post": "a", "repeat": {"look": "b"}}}, "push.ready.repeat", "look needs at"),
    ],
)
def test_a_mistake_in_how_an_order_is_told_of_is_named_with_its_place(push, place, said):
    found = dict(mistakes_of(compile_teller, push=push))

    assert place in found
    assert said in found[place]
