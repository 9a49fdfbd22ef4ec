"""A plugin whose hooks differ from the contract is refused, and told how."""

# The functions in these tests are written as careless plugins write them: without hints.
# mypy: disable-error-code="no-untyped-def"

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from stub_plugins import load, module, offering, orders_plugin, refusals
from tillbridge.model.exchange import NotAnOrder, OrderPage, RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.plugin import hookimpl
from tillbridge.plugins import contract, hints
from tillbridge.provider import Connection, Provider

if TYPE_CHECKING:
    from tillbridge.model.exchange import OrderPage as Page

PREFIX = "The plugin 'bad' is not loaded. "


def told(**hooks: Callable[..., Any]) -> str:
    """What one faulty hook is told."""
    (fault,) = refusals(bad=module(**hooks))
    return fault.removeprefix(PREFIX)


def test_a_misspelt_hook_is_refused_and_the_nearest_is_named() -> None:
    def parse_ordr(connection, raw): ...

    assert told(parse_ordr=parse_ordr).startswith(
        "There is no hook 'parse_ordr'. Did you mean 'parse_order'? Hooks are: providers, provider_problems,"
    )


def test_a_hook_unlike_any_other_is_refused_without_a_guess() -> None:
    assert told(zzz=lambda: None).startswith("There is no hook 'zzz'. Hooks are: ")


def test_an_unknown_hook_that_is_marked_optional_is_left_alone() -> None:
    """A plugin may carry a hook of a newer tillbridge."""
    plugin = offering()
    plugin.hook_of_tomorrow = hookimpl(lambda: None, optionalhook=True)  # type: ignore[attr-defined]  # made here

    assert refusals(good=plugin) == []


def test_a_hook_may_be_written_under_another_name() -> None:
    plugin = offering()
    plugin.when_imported = hookimpl(lambda event: None, specname="order_imported")  # type: ignore[attr-defined]  # made here

    assert load(good=plugin).has_observers


def test_a_hook_that_stands_twice_is_refused() -> None:
    plugin = module(order_imported=lambda event: None)
    plugin.again = hookimpl(lambda event: None, specname="order_imported")  # type: ignore[attr-defined]  # made here

    assert refusals(bad=plugin) == [PREFIX + "order_imported is implemented twice; once is allowed."]


def test_a_module_without_hooks_is_refused() -> None:
    (fault,) = refusals(bad=module())

    assert fault.startswith(PREFIX + "It has no hook. Mark at least one function with @hookimpl; hooks are: ")


def test_an_unknown_parameter_is_refused() -> None:
    def parse_order(connection, rew): ...

    assert told(parse_order=parse_order) == (
        "parse_order has a parameter 'rew' that the hook does not give. Did you mean 'raw'? "
        "Allowed is parse_order(connection, raw)."
    )


def test_a_keyword_only_parameter_is_refused() -> None:
    """pluggy registers it without a word."""

    def parse_order(connection, *, raw): ...

    assert told(parse_order=parse_order) == (
        "parse_order: the parameter raw is keyword-only; plain positional ones are allowed, "
        "as in parse_order(connection, raw)."
    )


def test_a_parameter_for_all_the_rest_is_refused() -> None:
    def parse_order(connection, **rest): ...

    assert told(parse_order=parse_order).startswith(
        "parse_order: the parameter **rest is variadic keyword; plain positional ones are allowed"
    )


def test_a_default_is_refused() -> None:
    """pluggy would never fill it."""

    def fetch_orders(connection, cursor=None): ...

    assert told(fetch_orders=fetch_orders) == (
        "fetch_orders: the parameter 'cursor' has a default, which could hide its value; "
        "allowed is fetch_orders(connection, cursor)."
    )


def test_parameters_may_be_left_out_and_stand_in_any_sequence() -> None:
    def fetch_order(order_id, connection): ...
    def parse_order(raw): ...

    assert refusals(good=orders_plugin(fetch_order=fetch_order, parse_order=parse_order)) == []


def test_another_type_of_a_parameter_is_refused() -> None:
    def parse_order(connection: Connection, raw: bytes): ...

    assert told(parse_order=parse_order) == (
        "parse_order: 'raw' is annotated bytes; allowed is RawOrder, or no annotation."
    )


def test_another_return_type_is_refused() -> None:
    def parse_order(connection, raw) -> dict[str, Any]: ...  # type: ignore[empty-body]  # never called

    assert told(parse_order=parse_order) == (
        "parse_order: what it returns is annotated dict[str, Any]; "
        "allowed is WebOrder | NotAnOrder, or no annotation."
    )


def test_a_hint_in_quotes_is_compared_too() -> None:
    def parse_order(connection: "Connection", raw: "WebOrder"): ...

    assert told(parse_order=parse_order).startswith(
        "parse_order: 'raw' is annotated WebOrder; allowed is RawOrder"
    )


def test_a_hint_that_stands_in_the_contract_is_read_though_the_module_imports_it_for_types_only() -> None:
    def parse_order(connection: "Connection", raw: "StatusDelivery"): ...  # type: ignore[name-defined]  # noqa: F821 - on purpose

    assert told(parse_order=parse_order).startswith(
        "parse_order: 'raw' is annotated StatusDelivery; allowed is"
    )


def test_a_hint_that_cannot_be_read_is_reported_and_not_refused() -> None:
    def fetch_orders(connection, cursor) -> "Sequence[Page]":
        return ()

    loaded = load(good=orders_plugin(fetch_orders=fetch_orders))

    (problem,) = loaded.problems
    assert not problem.refused
    assert problem.words.en == (
        "The plugin 'good': fetch_orders: the hint 'Sequence[Page]' of return cannot be read at run time, "
        "so it was not compared with the hook. Import its name outside of TYPE_CHECKING."
    )


def test_a_hook_wrapper_is_refused() -> None:
    plugin = module()

    def order_imported(event):
        yield

    plugin.order_imported = hookimpl(order_imported, wrapper=True)  # type: ignore[attr-defined]  # made here

    assert refusals(bad=plugin) == [
        PREFIX + "order_imported is a hook wrapper; only plain functions are allowed, "
        "as in order_imported(event)."
    ]


def test_an_async_hook_is_refused() -> None:
    async def order_imported(event): ...

    assert told(order_imported=order_imported) == (
        "order_imported is async; hooks are plain functions, as in order_imported(event)."
    )


def test_every_difference_is_told_at_once() -> None:
    def parse_order(connection: str, *, raw): ...
    def order_importd(event): ...

    assert len(refusals(bad=module(parse_order=parse_order, order_importd=order_importd))) == 3


def test_a_refusal_is_told_in_korean_too() -> None:
    (problem,) = load(bad=module(parse_ordr=lambda connection, raw: None)).problems

    assert problem.words.ko.startswith(
        "플러그인 'bad'를 불러오지 않았습니다. 'parse_ordr' 훅은 없습니다. 혹시 'parse_order'인가요?"
    )


def test_what_this_comparison_missed_pluggy_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check_pending` always runs."""
    monkeypatch.setattr(contract, "differences", lambda _: [])

    assert told(parse_ordr=lambda raw: None).startswith("unknown hook 'parse_ordr' in plugin <module")


def test_a_protocol_that_only_a_type_checker_can_judge_is_refused() -> None:
    class HasName(Protocol):
        name: str

    def parse_order(connection: HasName, raw): ...

    assert told(parse_order=parse_order) == (
        "parse_order: 'connection' is annotated HasName; allowed is Connection, or no annotation."
    )


@pytest.mark.parametrize(
    ("given", "wanted", "verdict"),
    [
        (list[Provider], Sequence[Provider], True),
        (list, Sequence[Provider], True),
        (list[str], Sequence[Provider], False),
        (Generator[OrderPage, None, None], Generator[OrderPage, None, None], True),
        (WebOrder, WebOrder | NotAnOrder, True),
        (NotAnOrder | WebOrder, WebOrder | NotAnOrder, True),
        (WebOrder | None, WebOrder | NotAnOrder, False),
        (str, str | None, True),
        (str | None, str, False),
        (Any, RawOrder, True),
        (RawOrder, object, True),
        (RawOrder, Any, True),
    ],
)
def test_a_hint_may_promise_more_than_is_asked(given: Any, wanted: Any, *, verdict: bool) -> None:
    assert hints.fits(given, wanted) is verdict
