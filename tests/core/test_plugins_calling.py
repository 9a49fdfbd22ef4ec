"""A hook reaches exactly its provider's plugin; what it answers and raises is held to the contract."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

import pydantic
import pytest

from stub_plugins import (
    ALL,
    Hook,
    connection,
    load,
    module,
    offering,
    orders_plugin,
    provider,
    web_order,
)
from tillbridge import plugins
from tillbridge.events import OrderImported, StatusChanged
from tillbridge.model.errors import (
    InputError,
    Misconfigured,
    NotFound,
    PayloadError,
    PluginError,
    Rejected,
    Retryable,
    TillbridgeError,
)
from tillbridge.model.exchange import (
    ConnectionCheck,
    NotAnOrder,
    OrderPage,
    Outcome,
    RawOrder,
    Receipt,
    Said,
    StatusDelivery,
)
from tillbridge.model.status import Status
from tillbridge.model.webhooks import Headers, WebhookHint, WebhookRequest, WebhookResponse, WebhookResult
from tillbridge.model.words import Words
from tillbridge.plugins import Plugins
from tillbridge.provider import Capability

RAW = RawOrder("1001", {"order": b"{}"})
PAGE = OrderPage([RAW], "c1")
DELIVERY = StatusDelivery("key", "1001", Said.ACCEPTED)
WEBHOOK = WebhookResult(hints=[WebhookHint("1001")], event_id="e1")
REQUEST = WebhookRequest(
    method="POST", headers=Headers(), body=b"{}", received_at=datetime(2026, 3, 1, 9, tzinfo=UTC)
)
IMPORTED = OrderImported(order_id=1, connection="stub", webstore_id="1001")
CHANGED = StatusChanged(
    order_id=1, connection="stub", webstore_id="1001", before=None, after=Status.NEW, who="tillbridge"
)
FAULT = "This is a fault of the plugin; please tell its maker."


def full_plugin(**hooks: Hook) -> ModuleType:
    """A plugin whose provider "stub" can do everything, and answers well; these hooks replace its own."""
    good: dict[str, Hook] = {
        "check_connection": lambda connection: ConnectionCheck("shop-a"),
        "fetch_orders": lambda connection, cursor: iter([PAGE]),
        "fetch_order": lambda connection, order_id: RAW,
        "parse_order": lambda connection, raw: web_order(),
        "push_status": lambda connection, delivery: Receipt(Outcome.ACCEPTED),
        "receive_webhook": lambda connection, request: WEBHOOK,
        "order_admin_url": lambda connection, order: "https://a.example/1001",
    }
    return offering(provider(capabilities=ALL), **(good | hooks))


def call(loaded: Plugins, hook: str) -> Any:
    """Call one hook of the provider "stub" in full."""
    arguments: dict[str, Any] = {
        "check_connection": (),
        "fetch_orders": ("c0",),
        "fetch_order": ("1001",),
        "parse_order": (RAW,),
        "push_status": (DELIVERY,),
        "receive_webhook": (REQUEST,),
        "order_admin_url": (web_order(),),
    }
    answer = getattr(loaded, hook)("stub", connection(), *arguments[hook])
    return list(answer) if hook == "fetch_orders" else answer


def fails(hook: str, function: Hook) -> PluginError:
    """Load a plugin with one faulty hook, call it, and return the error."""
    with pytest.raises(PluginError) as caught:
        call(load(bad=full_plugin(**{hook: function})), hook)
    return caught.value


def test_hook_check_connection_reaches_the_plugin() -> None:
    assert call(load(a=full_plugin()), "check_connection") == ConnectionCheck("shop-a")


def test_hook_fetch_orders_reaches_the_plugin() -> None:
    seen = []

    def fetch_orders(connection: Any, cursor: str | None) -> Iterator[OrderPage]:
        seen.append(cursor)
        yield PAGE
        yield OrderPage([], None)

    assert call(load(a=full_plugin(fetch_orders=fetch_orders)), "fetch_orders") == [PAGE, OrderPage([], None)]
    assert seen == ["c0"]


def test_hook_fetch_order_reaches_the_plugin() -> None:
    assert call(load(a=full_plugin()), "fetch_order") is RAW


def test_hook_parse_order_reaches_the_plugin() -> None:
    assert call(load(a=full_plugin()), "parse_order") == web_order()


def test_hook_parse_order_may_answer_that_it_is_no_order() -> None:
    answer = NotAnOrder(Words("A draft.", "임시 주문입니다."))

    assert call(load(a=full_plugin(parse_order=lambda connection, raw: answer)), "parse_order") is answer


def test_hook_push_status_reaches_the_plugin() -> None:
    assert call(load(a=full_plugin()), "push_status") == Receipt(Outcome.ACCEPTED)


def test_hook_receive_webhook_reaches_the_plugin() -> None:
    assert call(load(a=full_plugin()), "receive_webhook") == WEBHOOK


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (WebhookResult(hints=["1001"]), "hints"),  # type: ignore[list-item]  # it is the fault
        (WebhookResult(hints=[WebhookHint("")]), "hints"),
        (WebhookResult(hints=None), "hints"),  # type: ignore[arg-type]  # it is the fault
        (WebhookResult(event_id="e" * 301), "event_id"),
        (WebhookResult(event_id=7), "event_id"),  # type: ignore[arg-type]  # it is the fault
        (WebhookResult(response=WebhookResponse(status=302)), "response"),
        (WebhookResult(response=b"ok"), "response"),  # type: ignore[arg-type]  # it is the fault
        (WebhookResult(kept="text"), "kept"),  # type: ignore[arg-type]  # it is the fault
        (None, "NoneType"),
    ],
)
def test_what_a_webhook_comes_to_is_held_to_the_contract(answer: Any, fault: str) -> None:
    assert fault in fails("receive_webhook", lambda connection, request: answer).words.en


def test_hook_order_admin_url_reaches_the_plugin() -> None:
    assert call(load(a=full_plugin()), "order_admin_url") == "https://a.example/1001"


def test_hook_order_admin_url_may_know_no_page() -> None:
    assert (
        call(load(a=full_plugin(order_admin_url=lambda connection, order: None)), "order_admin_url") is None
    )


def test_where_no_page_is_declared_there_is_none() -> None:
    assert load(a=orders_plugin()).order_admin_url("stub", connection(), web_order()) is None


def test_hook_providers_is_asked_once_at_load() -> None:
    calls = []

    def providers() -> list[Any]:
        calls.append(1)
        return [provider()]

    loaded = load(a=module(providers=providers))
    loaded.provider("stub")

    assert calls == [1]


def test_hook_customer_match_rules_is_asked_once_at_load() -> None:
    answers: Iterator[list[Any]] = iter([[]])

    loaded = load(a=module(customer_match_rules=lambda: next(answers)))

    assert (loaded.problems, loaded.customer_rules(), loaded.customer_rules()) == ((), [], [])


def test_hook_product_match_rules_is_asked_once_at_load() -> None:
    answers: Iterator[list[Any]] = iter([[]])

    loaded = load(a=module(product_match_rules=lambda: next(answers)))

    assert (loaded.problems, loaded.product_rules(), loaded.product_rules()) == ((), [], [])


def test_a_hook_reaches_no_other_plugin() -> None:
    """pluggy alone would ask both, and take the first answer."""

    def raw_of(name: str) -> ModuleType:
        return offering(
            provider(name=name, capabilities=frozenset({Capability.CHECK})),
            check_connection=lambda connection: ConnectionCheck(name),
        )

    loaded = load(a=raw_of("a"), b=raw_of("b"))

    assert [loaded.check_connection(name, connection()).account for name in ("a", "b")] == ["a", "b"]


def test_a_capability_that_is_not_declared_is_not_called() -> None:
    loaded = load(a=orders_plugin(push_status=lambda connection, delivery: 1 / 0))

    with pytest.raises(
        InputError, match=r"Stub does not offer this: .* does not declare Capability\.STATUS\."
    ):
        loaded.push_status("stub", connection(), DELIVERY)


@pytest.mark.parametrize(
    "hook",
    ["check_connection", "fetch_orders", "fetch_order", "parse_order", "push_status", "order_admin_url"],
)
def test_an_unknown_provider_is_refused_by_every_call(hook: str) -> None:
    with pytest.raises(InputError, match="There is no provider 'stub'"):
        call(load(), hook)


@pytest.mark.parametrize(
    ("hook", "allowed"),
    [
        ("check_connection", "ConnectionCheck"),
        ("fetch_orders", "Iterator[OrderPage]"),
        ("fetch_order", "RawOrder"),
        ("parse_order", "WebOrder | NotAnOrder"),
        ("push_status", "Receipt"),
    ],
)
def test_a_hook_that_answers_nothing_is_named(hook: str, allowed: str) -> None:
    error = fails(hook, lambda: None)

    assert error.words == Words(
        f"The plugin 'bad' failed in {hook}: it returned NoneType; allowed is {allowed}. {FAULT}",
        f"플러그인 'bad'의 {hook} 반환값이 잘못되었습니다: NoneType. 허용되는 값: {allowed}. "
        "플러그인 자체의 문제이니 개발사에 알려 주세요.",
    )


@pytest.mark.parametrize(
    ("hook", "answer", "told"),
    [
        ("fetch_orders", [PAGE], "list; allowed"),
        ("fetch_orders", iter([RAW]), "RawOrder in place of an OrderPage"),
        ("fetch_orders", iter([None]), "NoneType in place of an OrderPage"),
        ("fetch_orders", iter([OrderPage([RAW], 7)]), "an OrderPage whose cursor is int, not a text or None"),  # type: ignore[arg-type]  # on purpose
        ("fetch_orders", iter([OrderPage("1001", "")]), "an OrderPage whose orders are str, not a list"),  # type: ignore[arg-type]  # on purpose
        ("fetch_orders", iter([OrderPage([{}], "")]), "an OrderPage with dict in its orders"),  # type: ignore[list-item]  # on purpose
        ("fetch_order", RawOrder(7, {"order": b""}), "a RawOrder whose order_id is 7, not a text or None"),  # type: ignore[arg-type]  # on purpose
        ("fetch_order", RawOrder("", {"order": b""}), "a RawOrder whose order_id is '', not a text or None"),
        ("fetch_order", RawOrder("7", {}), "a RawOrder without parts"),
        ("fetch_order", RawOrder("7", {"order": "{}"}), "a RawOrder whose part 'order' is str, not bytes"),  # type: ignore[dict-item]  # on purpose
        ("check_connection", ConnectionCheck(""), "a ConnectionCheck that names no account"),
        ("push_status", Receipt("ok"), "a Receipt whose outcome is 'ok', not an Outcome"),  # type: ignore[arg-type]  # on purpose
        (
            "push_status",
            Receipt(Outcome.ACCEPTED, left_out={"/P1": "no barcode"}),  # type: ignore[dict-item]  # on purpose
            "a Receipt whose left_out is {'/P1': 'no barcode'}, not Words by Offer.key",
        ),
        ("order_admin_url", "javascript:alert(1)", "an address that does not begin with https:// or http://"),
        ("order_admin_url", 7, "int; allowed is str | None"),
    ],
)
def test_a_wrong_answer_is_told(hook: str, answer: Any, told: str) -> None:
    assert f"failed in {hook}: it returned {told}" in fails(hook, lambda: answer).words.en


@pytest.mark.parametrize("kind", [Retryable, Rejected, Misconfigured])
@pytest.mark.parametrize("hook", ["check_connection", "fetch_orders", "fetch_order", "push_status"])
def test_the_three_kinds_of_error_pass_as_they_are(hook: str, kind: type[TillbridgeError]) -> None:
    raised = kind("The service says so.")

    def function() -> Any:
        raise raised

    with pytest.raises(kind) as caught:
        call(load(a=full_plugin(**{hook: function})), hook)

    assert caught.value is raised


def test_damage_passes_as_it_is() -> None:
    raised = PayloadError("The total is missing.", path="cart.total")

    def parse_order() -> Any:
        raise raised

    with pytest.raises(PayloadError) as caught:
        call(load(a=full_plugin(parse_order=parse_order)), "parse_order")

    assert caught.value is raised


@pytest.mark.parametrize(
    "hook",
    ["check_connection", "fetch_orders", "fetch_order", "parse_order", "push_status", "order_admin_url"],
)
def test_any_other_error_names_plugin_hook_kind_and_place_and_no_values(hook: str) -> None:
    raised = KeyError("s3cret")

    def function() -> Any:
        raise raised

    error = fails(hook, function)

    line = function.__code__.co_firstlineno + 1
    assert error.words.en == (f"The plugin 'bad' failed in {hook}: KeyError ({__name__}:{line}). {FAULT}")
    assert "s3cret" not in error.words.ko
    assert error.__cause__ is raised


@pytest.mark.parametrize(
    ("hook", "raised"),
    [
        ("parse_order", Retryable("The service is away.")),
        ("parse_order", Misconfigured("The key is wrong.")),
        ("order_admin_url", Rejected("No such order.")),
        ("fetch_orders", NotFound("There is no store 7.")),
    ],
)
def test_an_error_that_this_hook_must_not_raise_keeps_its_words(hook: str, raised: TillbridgeError) -> None:
    """A Retryable from parsing would be retried for ever: parsing asks nobody."""

    def function() -> Any:
        raise raised

    assert (
        f"failed in {hook}: {type(raised).__name__}, {raised.words.en[:-1]} ("
        in fails(hook, function).words.en
    )


def test_an_order_that_the_model_refuses_is_told_by_field_and_rule_without_values() -> None:
    def parse_order() -> Any:
        return web_order().model_validate({**web_order().model_dump(), "id": "", "note": 8123})

    error = fails("parse_order", parse_order)

    assert ": ValidationError, id (string_too_short), note (string_type) (" in error.words.en
    assert isinstance(error.__cause__, pydantic.ValidationError)


def test_an_interrupt_is_no_fault_of_the_plugin() -> None:
    def parse_order() -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(load(a=full_plugin(parse_order=parse_order)), "parse_order")


class Pages:
    """A plugin's generator of pages that remembers whether it was closed."""

    def __init__(self, *steps: OrderPage | Exception, at_close: Exception | None = None) -> None:
        self.steps = steps
        self.at_close = at_close
        self.closed = 0

    def read(self) -> Iterator[OrderPage]:
        try:
            for step in self.steps:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            self.closed += 1
            if self.at_close:
                raise self.at_close

    def plugins(self, probe: Callable[[str], None] = lambda _: None) -> Plugins:
        """A plugin whose pages these are."""

        def fetch_orders() -> Iterator[OrderPage]:
            return self.read()

        return plugins.load([], extra={"a": full_plugin(fetch_orders=fetch_orders)}, probe=probe)


def test_pages_are_closed_when_the_reader_stops_early() -> None:
    pages = Pages(PAGE, PAGE)

    with closing(pages.plugins().fetch_orders("stub", connection(), None)) as found:
        next(found)

    assert pages.closed == 1


def test_pages_are_closed_after_a_page_that_is_none() -> None:
    pages = Pages(PAGE, RAW)  # type: ignore[arg-type]  # on purpose
    found = pages.plugins().fetch_orders("stub", connection(), None)
    next(found)

    with pytest.raises(PluginError):
        next(found)
    assert pages.closed == 1


def test_pages_that_came_before_an_error_stay() -> None:
    pages = Pages(PAGE, Retryable("Away."))
    found = pages.plugins().fetch_orders("stub", connection(), None)

    assert next(found) is PAGE
    with pytest.raises(Retryable):
        next(found)


def test_an_error_without_a_line_of_python_is_told_without_a_place() -> None:
    error = fails("fetch_orders", lambda: map(int, ["x"]))

    assert error.words.en == f"The plugin 'bad' failed in fetch_orders: ValueError. {FAULT}"


def test_the_place_is_in_the_plugins_own_code_not_in_a_library() -> None:
    def parse_order() -> Any:
        return Decimal(pydantic.TypeAdapter(int).validate_python("x"))

    assert f"ValidationError, int (int_parsing) ({__name__}:" in fails("parse_order", parse_order).words.en


def test_an_error_at_a_later_page_is_translated() -> None:
    found = Pages(PAGE, ZeroDivisionError()).plugins().fetch_orders("stub", connection(), None)
    next(found)

    with pytest.raises(PluginError, match=r"failed in fetch_orders: ZeroDivisionError"):
        next(found)


def test_a_plugin_that_fails_while_it_is_closed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    pages = Pages(PAGE, at_close=OSError())

    with closing(pages.plugins().fetch_orders("stub", connection(), None)) as found:
        next(found)

    assert "plugin 'a' failed when fetch_orders was closed" in caplog.text


def test_the_plugin_is_asked_for_nothing_before_the_first_page_is_wanted() -> None:
    pages = Pages(ZeroDivisionError())

    pages.plugins().fetch_orders("stub", connection(), None).close()

    assert pages.closed == 0


def test_an_iterator_that_cannot_be_closed_is_read_too() -> None:
    assert call(load(a=full_plugin()), "fetch_orders") == [PAGE]


def hearing(heard: list[object]) -> Hook:
    """An observer that keeps what it hears."""

    def observe(event: object) -> None:
        heard.append(event)

    return observe


def test_hook_order_imported_hears_of_new_orders_and_of_nothing_else() -> None:
    heard: list[object] = []

    load(a=module(order_imported=hearing(heard))).notify([IMPORTED, CHANGED])

    assert heard == [IMPORTED]


def test_hook_status_changed_hears_of_changes_and_of_nothing_else() -> None:
    heard: list[object] = []

    load(a=module(status_changed=hearing(heard))).notify([IMPORTED, CHANGED])

    assert heard == [CHANGED]


def test_an_observer_that_fails_is_logged_and_the_next_is_told(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[object] = []
    loaded = load(
        a=module(order_imported=lambda event: 1 / 0),
        b=module(order_imported=hearing(heard)),
    )

    loaded.notify([IMPORTED, IMPORTED])

    assert heard == [IMPORTED, IMPORTED]
    assert caplog.text.count("plugin 'a' failed in order_imported") == 2


def test_where_nobody_listens_the_events_are_not_even_made() -> None:
    loaded = load(a=orders_plugin())

    loaded.notify(1 / 0 for _ in range(1))  # type: ignore[misc]  # never read

    assert not loaded.has_observers


def test_a_probe_stands_around_each_call() -> None:
    """Each page is a call of its own."""
    points: list[str] = []
    loaded = plugins.load(
        [], extra={"a": full_plugin(order_imported=lambda event: None)}, probe=points.append
    )

    call(loaded, "parse_order")
    loaded.notify([IMPORTED])

    assert points == [
        "before hook parse_order",
        "after hook parse_order",
        "before hook order_imported",
        "after hook order_imported",
    ]


def test_a_kill_between_two_pages_closes_the_plugin_too() -> None:
    class KilledError(BaseException):
        pass

    def probe(point: str) -> None:
        if kills and point == "after hook fetch_orders":
            raise KilledError

    kills: list[bool] = []
    pages = Pages(PAGE, PAGE)
    found = pages.plugins(probe).fetch_orders("stub", connection(), None)
    next(found)
    kills.append(True)

    with pytest.raises(KilledError):
        next(found)
    assert pages.closed == 1
