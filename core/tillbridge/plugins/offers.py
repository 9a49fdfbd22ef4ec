"""Holds what a plugin offers to the contract: its providers, their capabilities, its match rules.

What comes from a plugin is `Any`: its own annotations prove nothing at run time.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from tillbridge.files import NAMES
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.exchange import Said
from tillbridge.model.offers import MOST_IN_A_BATCH, Exporting
from tillbridge.model.status.rules import TransitionRule
from tillbridge.model.words import Words
from tillbridge.plugins.faults import plugin_fault
from tillbridge.plugins.records import Offer, RefusedError, listed
from tillbridge.plugins.transitions import missing_performer, transition_faults
from tillbridge.provider import Capability, FilesUse, Provider

HOOKS_OF: Final[Mapping[Capability, tuple[str, ...]]] = MappingProxyType(
    {
        Capability.ORDERS: ("fetch_orders", "fetch_order", "parse_order"),
        Capability.CHECK: ("check_connection",),
        Capability.HOURS: ("fetch_hours",),
        Capability.ADMIN_URL: ("order_admin_url",),
        Capability.STATUS: ("push_status",),
        Capability.WEBHOOKS: ("receive_webhook",),
        Capability.INVENTORY: ("push_inventory",),
        Capability.PRICES: ("push_prices",),
        Capability.SNAPSHOT: ("push_snapshot",),
        Capability.EXPORT_CHECK: ("check_export",),
        Capability.LISTINGS: ("fetch_listings",),
        Capability.PAYMENTS: ("record_payment",),
        Capability.PAYMENT_ACTS: ("fetch_payment", "capture_payment", "release_payment", "refund_payment"),
        Capability.PAYMENT_LIST: ("list_payments",),
    }
)
_NAME: Final = re.compile(r"[a-z0-9_-]+")
_MODEL: Final = Words("a class that derives from pydantic's BaseModel", "pydantic BaseModel을 상속한 클래스")
_TEXT: Final = Words("a text that is not empty", "비어 있지 않은 문자열")
_FUNCTION: Final = Words("a function", "함수")
_MODULE: Final = Words('the name of a module, or ""', '모듈 이름 또는 ""')
_SHORTEST_AGE: Final = timedelta(minutes=2)
_AGE: Final = Words("a timedelta of two minutes or more, or None", "2분 이상의 timedelta 또는 None")
_INTEGER: Final = Words("a whole number", "정수")
_Item = TypeVar("_Item")
Callers = Mapping[str, Callable[..., Any]]


def collect(plugin: str, callers: Callers) -> Offer:
    """Ask a plugin for its providers and rules, and check them.

    Raises:
        RefusedError: a hook fails or returns something else, or an offer breaks the contract.
    """
    offer = Offer(
        providers=_ask(plugin, callers, "providers", Provider),
        customer_rules=_ask(plugin, callers, "customer_match_rules", CustomerMatchRule),
        product_rules=_ask(plugin, callers, "product_match_rules", ProductMatchRule),
        transition_rules=_ask(plugin, callers, "transition_rules", TransitionRule),
        problems=_ask(plugin, callers, "provider_problems", Words),
    )
    faults = [fault for provider in offer.providers for fault in _provider_faults(provider)]
    faults += [
        fault for rule in (*offer.customer_rules, *offer.product_rules) for fault in _rule_faults(rule)
    ]
    for rule in offer.transition_rules:
        faults += transition_faults(rule)
    if not faults:
        faults += _missing_hooks(offer.providers, callers)
        faults += missing_performer(offer.transition_rules, callers)
    if faults:
        raise RefusedError(faults)
    return offer


def undeclared_hooks(providers: Sequence[Provider], callers: Collection[str]) -> Iterator[Words]:
    """Say which hooks are never called, since no provider of the plugin declares their capability."""
    declared = {capability for provider in providers for capability in provider.capabilities}
    for capability, hooks in HOOKS_OF.items():
        idle = [hook for hook in hooks if hook in callers]
        if idle and capability not in declared:
            yield Words(
                f"{listed(idle)} will not be called: no provider of this plugin declares "
                f"Capability.{capability.name}.",
                f"{listed(idle)} 훅은 호출되지 않습니다. 이 플러그인의 어느 제공자도 "
                f"Capability.{capability.name}을(를) 선언하지 않았습니다.",
            )


def _ask(plugin: str, callers: Callers, hook: str, item: type[_Item]) -> tuple[_Item, ...]:
    if hook not in callers:
        return ()
    try:
        # Not a first-result hook: pluggy wraps the one answer in a list, and leaves a None out.
        answers = callers[hook]()
    except Exception as error:
        raise RefusedError([plugin_fault(plugin, hook, error).words]) from error
    answer = answers[0] if answers else None
    if not isinstance(answer, list | tuple):
        raise RefusedError([_wrong(hook, type(answer).__name__, item)])
    strange = [type(one).__name__ for one in answer if not isinstance(one, item)]
    if strange:
        raise RefusedError([_wrong(hook, f"[{strange[0]}, …]", item)])
    return tuple(answer)


def _wrong(hook: str, given: str, item: type) -> Words:
    return Words(
        f"{hook}() returned {given}; allowed is a list of {item.__name__}.",
        f"{hook}()의 반환값이 잘못되었습니다({given}). {item.__name__}의 목록이어야 합니다.",
    )


def _provider_faults(provider: Any) -> Iterator[Words]:
    given = provider.name
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        yield Words(
            f"The provider name {given!r} cannot be used; allowed are a-z, 0-9, _ and -.",
            f"제공자 이름 {given!r}은(는) 사용할 수 없습니다. a-z, 0-9, _, -만 사용할 수 있습니다.",
        )
    if not isinstance(provider.settings, type) or not issubclass(provider.settings, BaseModel):
        yield _field(given, "settings", provider.settings, _MODEL)
    if not isinstance(provider.title, str) or not provider.title.strip():
        yield _field(given, "title", provider.title, _TEXT)
    yield from _function_faults(provider)
    yield from _set_faults(provider)
    for name in ("status_is_absolute", "hears_lines", "charges_on_acceptance"):
        if not isinstance(getattr(provider, name), bool):
            yield _field(given, name, getattr(provider, name), Words.of("True, False"))
    yield from _exporting_faults(provider)
    yield from _files_faults(provider)
    yield from _payment_faults(provider)
    if not isinstance(provider.sandbox, str):
        yield _field(given, "sandbox", provider.sandbox, _MODULE)


def _set_faults(provider: Any) -> Iterator[Words]:
    for name, kind in (("capabilities", Capability), ("hears", Said)):
        given_set = getattr(provider, name)
        if not isinstance(given_set, frozenset) or not all(isinstance(one, kind) for one in given_set):
            names = listed(one.name for one in kind)
            yield _field(provider.name, name, given_set, Words.of(f"frozenset[{kind.__name__}] ({names})"))


def _function_faults(provider: Any) -> Iterator[Words]:
    for name in ("account_key", "http", "accept_minutes", "reservations_only"):
        function = getattr(provider, name)
        may_lack = name in ("accept_minutes", "reservations_only")
        if not callable(function) and not (may_lack and function is None):
            yield _field(provider.name, name, function, _FUNCTION)


def _exporting_faults(provider: Any) -> Iterator[Words]:
    given, export = provider.name, provider.exporting
    if not isinstance(export, Exporting):
        yield _field(given, "exporting", export, Words.of("Exporting(…)"))
        return
    yield from _exporting_fields(given, export)
    if export.by_files and provider.files is FilesUse.NONE:
        yield Words(
            f"{given!r}: exporting.by_files needs FilesUse.OPTIONAL or REQUIRED in `files`.",
            f"{given!r}: exporting.by_files에는 files에 FilesUse.OPTIONAL 또는 REQUIRED가 필요합니다.",
        )
    whole = Capability.SNAPSHOT in provider.capabilities
    if export.by_listing is True and (whole or Capability.LISTINGS not in provider.capabilities):
        yield Words(
            f"{given!r}: exporting.by_listing needs Capability.LISTINGS, and goes with INVENTORY or PRICES "
            "only.",
            f"{given!r}: exporting.by_listing에는 Capability.LISTINGS가 필요하며, "
            "INVENTORY나 PRICES와만 함께 쓸 수 있습니다.",
        )
    if whole and provider.capabilities & {Capability.INVENTORY, Capability.PRICES}:
        yield Words(
            f"{given!r} takes changes and the whole; declare Capability.SNAPSHOT or INVENTORY, not both.",
            f"{given!r}: Capability.SNAPSHOT과 INVENTORY 중 하나만 선언해 주세요.",
        )


def _payment_faults(provider: Any) -> Iterator[Words]:
    more = {Capability.PAYMENT_ACTS, Capability.PAYMENT_LIST}.intersection(provider.capabilities)
    if more and Capability.PAYMENTS not in provider.capabilities:
        names = listed(f"Capability.{one.name}" for one in sorted(more))
        yield Words(
            f"{provider.name!r} declares {names} without Capability.PAYMENTS, by which payments are found.",
            f"{provider.name!r}: {names}에는 결제를 찾는 Capability.PAYMENTS도 필요합니다.",
        )


def _files_faults(provider: Any) -> Iterator[Words]:
    given = provider.files
    if not isinstance(given, FilesUse):
        yield _field(
            provider.name, "files", given, Words.of(f"FilesUse ({listed(one.name for one in FilesUse)})")
        )
    taken = sorted(NAMES.intersection(getattr(provider.settings, "model_fields", ())))
    if given is not FilesUse.NONE and taken:
        names = listed(taken)
        yield Words(
            f"{provider.name!r}: its settings have {names}, which are tillbridge's own for files.",
            f"{provider.name!r}: 파일을 보내는 제공자의 설정 이름 {names}은(는) tillbridge에서 사용합니다.",
        )


def _exporting_fields(given: str, export: Any) -> Iterator[Words]:
    if type(export.batch) is not int or not 0 < export.batch <= MOST_IN_A_BATCH:
        yield _field(given, "exporting.batch", export.batch, Words.of(f"1-{MOST_IN_A_BATCH}"))
    for name in ("together", "by_listing"):
        if not isinstance(getattr(export, name), bool):
            yield _field(given, f"exporting.{name}", getattr(export, name), Words.of("True, False"))
    refresh, expires = export.refresh, export.expires
    wrong = {"refresh": refresh, "expires": expires}
    wrong = {name: age for name, age in wrong.items() if not _is_age(age)}
    for name, age in wrong.items():
        yield _field(given, f"exporting.{name}", age, _AGE)
    if not wrong and None not in (refresh, expires) and expires <= refresh:
        longer = Words("an age above exporting.refresh", "exporting.refresh보다 긴 기간")
        yield _field(given, "exporting.expires", expires, longer)


def _is_age(age: Any) -> bool:
    return age is None or (isinstance(age, timedelta) and age >= _SHORTEST_AGE)


def _rule_faults(rule: Any) -> Iterator[Words]:
    if not isinstance(rule.name, str) or not _NAME.fullmatch(rule.name):
        yield Words(
            f"The rule name {rule.name!r} cannot be used; allowed are a-z, 0-9, _ and -.",
            f"규칙 이름 {rule.name!r}은(는) 사용할 수 없습니다. a-z, 0-9, _, -만 사용할 수 있습니다.",
        )
    if not isinstance(rule.title, Words):
        yield _field(rule.name, "title", rule.title, Words.of("Words(en, ko)"))
    if not isinstance(rule.rank, int) or isinstance(rule.rank, bool):
        yield _field(rule.name, "rank", rule.rank, _INTEGER)
    if not callable(rule.keys):
        yield _field(rule.name, "keys", rule.keys, _FUNCTION)


def _field(owner: str, field: str, given: object, allowed: Words) -> Words:
    return Words(
        f"{owner!r}: {field} is {given!r}; allowed is {allowed.en}.",
        f"{owner!r}: {field} 값 {given!r}은(는) 사용할 수 없습니다. 허용되는 값: {allowed.ko}",
    )


def _missing_hooks(providers: Sequence[Provider], callers: Collection[str]) -> Iterator[Words]:
    for provider in providers:
        for capability in sorted(provider.capabilities):
            missing = [hook for hook in HOOKS_OF[capability] if hook not in callers]
            if missing:
                yield Words(
                    f"{provider.name!r} declares Capability.{capability.name} without the hooks that it "
                    f"needs: {listed(missing)}. Write them (with @hookimpl), or do not declare it.",
                    f"{provider.name!r}: Capability.{capability.name}을(를) 선언했지만 필요한 훅이 없습니다: "
                    f"{listed(missing)}. @hookimpl을 붙여 구현하거나 선언을 빼 주세요.",
                )
