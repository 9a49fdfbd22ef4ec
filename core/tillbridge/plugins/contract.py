"""Compares a plugin's hooks with `tillbridge.hookspecs`: names, kinds of parameters, type hints.

pluggy compares names only: a keyword-only parameter, a default or an async function would come in
silently and fail, or do nothing, when it is called.
"""

import collections.abc
import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import pluggy

from tillbridge import hookspecs
from tillbridge.model.words import Words
from tillbridge.plugins.hints import fits, shown
from tillbridge.plugins.records import did_you_mean, listed

PROJECT = "tillbridge"
_PLAIN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Spec:
    """One hook as `tillbridge.hookspecs` has it."""

    name: str
    parameters: tuple[str, ...]
    hints: Mapping[str, Any]

    @property
    def call(self) -> str:
        """How the hook is written: "parse_order(connection, raw)"."""
        return f"{self.name}({', '.join(self.parameters)})"


@dataclass(frozen=True, slots=True)
class Implementation:
    """One function of a plugin that is marked as a hook."""

    hook: str
    function: Callable[..., Any]
    options: Mapping[str, Any]


def new_manager() -> pluggy.PluginManager:
    """Return a plugin manager that knows tillbridge's hooks and no plugin."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


@cache
def specs() -> Mapping[str, Spec]:
    """Return every hook by its name, in the order of `tillbridge.hookspecs`."""
    manager = new_manager()
    found = {}
    for name, function in vars(hookspecs).items():
        if manager.parse_hookspec_opts(hookspecs, name) is not None:
            parameters = tuple(inspect.signature(function).parameters)
            found[name] = Spec(name, parameters, typing.get_type_hints(function))
    return found


def implementations(plugin: object) -> list[Implementation]:
    """Return the functions of a plugin that are marked `@hookimpl`."""
    manager = pluggy.PluginManager(PROJECT)  # the marks are read without the hooks' definitions
    found = []
    for name in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, name)
        if options is not None:
            hook = options.get("specname") or name
            found.append(Implementation(hook, getattr(plugin, name), dict(options)))
    return found


def differences(found: list[Implementation]) -> Iterator[Words]:
    """Say how each function differs from its hook, and what is allowed instead."""
    if not found:
        yield Words(
            f"It has no hook. Mark at least one function with @hookimpl; hooks are: {listed(specs())}.",
            f"훅이 하나도 없습니다. 함수에 @hookimpl을 붙여 주세요. 사용 가능한 훅: {listed(specs())}",
        )
    seen = set()
    for one in found:
        spec = specs().get(one.hook)
        if spec is None:
            if not one.options.get("optionalhook"):
                yield _unknown(one.hook)
            continue
        if one.hook in seen:
            yield Words(
                f"{one.hook} is implemented twice; once is allowed.",
                f"{one.hook} 훅이 두 번 구현되어 있습니다. 한 번만 구현할 수 있습니다.",
            )
        seen.add(one.hook)
        yield from _form(one, spec)
        yield from _parameters(one, spec)
        yield from _hints(one, spec)


def unreadable_hints(found: list[Implementation]) -> Iterator[Words]:
    """Say which hints could not be compared, since their names exist for type checkers only."""
    for one in found:
        for name, hint in _annotations(one.function).items():
            if one.hook in specs() and isinstance(hint, str):
                yield Words(
                    f"{one.hook}: the hint {hint!r} of {name} cannot be read at run time, so it was not "
                    "compared with the hook. Import its name outside of TYPE_CHECKING.",
                    f"{one.hook}: {name}의 타입 힌트 {hint!r}을(를) 실행 중에 읽을 수 없어 "
                    "훅과 비교하지 못했습니다. TYPE_CHECKING 블록 밖에서 가져와 주세요.",
                )


def _unknown(hook: str) -> Words:
    near = did_you_mean(hook, specs())
    return Words(
        f"There is no hook {hook!r}.{near.en} Hooks are: {listed(specs())}.",
        f"{hook!r} 훅은 없습니다.{near.ko} 사용 가능한 훅: {listed(specs())}",
    )


def _form(one: Implementation, spec: Spec) -> Iterator[Words]:
    if one.options.get("wrapper") or one.options.get("hookwrapper"):
        yield Words(
            f"{one.hook} is a hook wrapper; only plain functions are allowed, as in {spec.call}.",
            f"{one.hook}은(는) 훅 래퍼입니다. {spec.call} 같은 일반 함수만 사용할 수 있습니다.",
        )
    if inspect.iscoroutinefunction(one.function) or inspect.isasyncgenfunction(one.function):
        yield Words(
            f"{one.hook} is async; hooks are plain functions, as in {spec.call}.",
            f"{one.hook}은(는) async 함수입니다. {spec.call} 같은 일반 함수로 작성해 주세요.",
        )


def _parameters(one: Implementation, spec: Spec) -> Iterator[Words]:
    for name, parameter in inspect.signature(one.function).parameters.items():
        if parameter.kind not in _PLAIN:
            yield Words(
                f"{one.hook}: the parameter {parameter} is {parameter.kind.description}; "
                f"plain positional ones are allowed, as in {spec.call}.",
                f"{one.hook}: 매개변수 {parameter}은(는) {parameter.kind.description} 형식입니다. "
                f"{spec.call} 같은 일반 위치 매개변수만 사용할 수 있습니다.",
            )
        elif name not in spec.parameters:
            near = did_you_mean(name, spec.parameters)
            yield Words(
                f"{one.hook} has a parameter {name!r} that the hook does not give.{near.en} "
                f"Allowed is {spec.call}.",
                f"{one.hook}: 훅이 넘겨주지 않는 매개변수 {name!r}이(가) 있습니다.{near.ko} "
                f"허용되는 형식: {spec.call}",
            )
        elif parameter.default is not parameter.empty:
            yield Words(
                f"{one.hook}: the parameter {name!r} has a default, which could hide its value; "
                f"allowed is {spec.call}.",
                f"{one.hook}: 매개변수 {name!r}에 기본값이 있으면 실제 값이 가려질 수 있습니다. "
                f"허용되는 형식: {spec.call}",
            )


def _hints(one: Implementation, spec: Spec) -> Iterator[Words]:
    for name, hint in _annotations(one.function).items():
        wanted = spec.hints.get(name, hint)
        # An implementation may accept more than it is given, and return less than it might.
        if isinstance(hint, str) or (fits(hint, wanted) if name == "return" else fits(wanted, hint)):
            continue
        what = Words("what it returns", "반환값") if name == "return" else Words(repr(name), repr(name))
        yield Words(
            f"{one.hook}: {what.en} is annotated {shown(hint)}; "
            f"allowed is {shown(wanted)}, or no annotation.",
            f"{one.hook}: {what.ko}의 타입 힌트가 {shown(hint)}입니다. "
            f"{shown(wanted)}(으)로 적거나 생략해 주세요.",
        )


def _annotations(function: Callable[..., Any]) -> dict[str, Any]:
    """Return a function's hints; one that cannot be read at run time stays a string."""
    function = inspect.unwrap(function)
    # Names that a module imports for type checkers only are most often the contract's own.
    known = {**vars(typing), **vars(collections.abc), **vars(hookspecs), **function.__globals__}
    read: dict[str, Any] = {}
    for name, hint in getattr(function, "__annotations__", {}).items():
        alone = SimpleNamespace(__annotations__={name: hint})
        try:
            read.update(typing.get_type_hints(alone, globalns=known))
        except Exception:  # noqa: BLE001 - a hint is an expression of the plugin's: it may raise anything
            read[name] = re.sub(r"\s+", " ", str(hint))
    return read
