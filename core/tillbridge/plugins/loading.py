"""Loads plugins: loud about what is wrong with one, and unharmed by it.

A plugin comes in whole or not at all. Each gets a pluggy manager of its own, so that a hook reaches
exactly one plugin and a refused one leaves nothing behind.
"""

import importlib.metadata
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pluggy

from tillbridge.model.words import Words
from tillbridge.plugins import contract, offers
from tillbridge.plugins.calling import Plugins
from tillbridge.plugins.records import Adopted, PluginProblem, Probe, RefusedError
from tillbridge.plugins.yielding import give_way

GROUP = "tillbridge"
_OWN_DISTRIBUTION = "tillbridge"

_log = logging.getLogger("tillbridge.plugins")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A plugin that asks to be loaded."""

    name: str
    holder: str
    version: str
    read: Callable[[], object]
    is_own: bool = False


def _unwatched(_: str) -> None:
    """Stand in for a probe where nobody watches."""


def load(
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
    *,
    extra: Mapping[str, object] | None = None,
    probe: Probe = _unwatched,
) -> Plugins:
    """Load plugins. Never raises for a plugin's sake: see `Plugins.problems`, which are logged too.

    Args:
        entry_points: what to load; None loads what is installed in the group "tillbridge".
        extra: plugins that a host or a test passes itself, by name; they come first.
        probe: called with "before hook NAME" and "after hook NAME" around each call of a hook.
    """
    adopted: list[Adopted] = []
    problems: list[PluginProblem] = []
    for candidate in _candidates(entry_points, extra or {}):
        try:
            plugin, given_up = _adopt(candidate, adopted)
        except RefusedError as refused:
            problems += [_refusal(candidate, fault) for fault in refused.faults]
        except Exception as error:  # noqa: BLE001 - a plugin may be any object; looking at it may fail
            problems.append(_refusal(candidate, _unexaminable(error)))
        else:
            adopted.append(plugin)
            problems += given_up
            problems += [_warning(candidate, words) for words in _remarks(plugin)]
    for problem in problems:
        _log.log(logging.ERROR if problem.refused else logging.WARNING, "%s", problem.words.en)
    return Plugins(adopted, problems, probe=probe)


def _candidates(
    entry_points: Iterable[importlib.metadata.EntryPoint] | None, extra: Mapping[str, object]
) -> Iterator[_Candidate]:
    for name, plugin in extra.items():
        yield _Candidate(name, "passed by the host", "", partial(_as_it_is, plugin), is_own=True)
    if entry_points is None:
        entry_points = importlib.metadata.entry_points(group=GROUP)
    # In a sequence that does not depend on the machine, tillbridge's own first: where two clash, the
    # newcomer is refused and the shop's connections go on.
    for point in sorted(entry_points, key=lambda one: (not _is_own(one), one.name, one.value)):
        distribution = point.dist
        version = distribution.version if distribution else ""
        source = f"{distribution.name} {version}" if distribution else "an entry point"
        yield _Candidate(point.name, f"{source}, {point.value}", version, point.load, _is_own(point))


def _as_it_is(plugin: object) -> object:
    return plugin


def _is_own(point: importlib.metadata.EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == _OWN_DISTRIBUTION


def _adopt(candidate: _Candidate, adopted: list[Adopted]) -> tuple[Adopted, list[PluginProblem]]:
    if any(one.name == candidate.name for one in adopted):
        raise RefusedError([_duplicate("plugin", candidate.name, candidate.name)])
    plugin = _import(candidate)
    twin = next((one.name for one in adopted if one.plugin is plugin), None)
    if twin is not None:
        raise RefusedError(
            [
                Words(
                    f"It is the same module as the plugin {twin!r}; one entry point is enough.",
                    f"플러그인 {twin!r}과(와) 같은 모듈입니다. 엔트리 포인트는 하나만 필요합니다.",
                )
            ]
        )
    callers = _register(candidate.name, plugin)
    offer = offers.collect(candidate.name, callers)
    made = Adopted(
        name=candidate.name, version=candidate.version, plugin=plugin, callers=callers, offer=offer
    )
    settled = list(adopted)
    made, given_up = give_way(made, settled, is_own=candidate.is_own)
    clashes = list(_clashes(made, settled))
    if clashes:
        raise RefusedError(clashes)
    adopted[:] = settled
    return made, given_up


def _import(candidate: _Candidate) -> object:
    try:
        return candidate.read()
    except KeyboardInterrupt:
        raise
    # A module's top level may raise anything, a call of sys.exit too: nothing of it may stop the shop.
    except BaseException as error:
        said = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
        fault = Words(
            f"It could not be imported ({candidate.holder}): {said}. "
            "Install what it needs, update it, or uninstall it.",
            f"가져오지 못했습니다({candidate.holder}): {said}. "
            "필요한 패키지를 설치하거나, 플러그인을 업데이트 또는 제거해 주세요.",
        )
        raise RefusedError([fault]) from error


def _register(name: str, plugin: object) -> dict[str, Callable[..., object]]:
    found = contract.implementations(plugin)
    faults = list(contract.differences(found))
    if faults:
        raise RefusedError(faults)
    manager = contract.new_manager()
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        raise RefusedError([Words.of(str(error))]) from error
    return {one.hook: getattr(manager.hook, one.hook) for one in found if one.hook in contract.specs()}


def _clashes(made: Adopted, adopted: Sequence[Adopted]) -> Iterator[Words]:
    for kind, names_of in _NAMES:
        taken = {name: one.name for one in adopted for name in names_of(one)}
        for name in names_of(made):
            if name in taken:
                yield _duplicate(kind, name, taken[name])
            taken[name] = made.name


_NAMES: tuple[tuple[str, Callable[[Adopted], list[str]]], ...] = (
    ("provider", lambda one: [provider.name for provider in one.offer.providers]),
    ("customer rule", lambda one: [rule.name for rule in one.offer.customer_rules]),
    ("product rule", lambda one: [rule.name for rule in one.offer.product_rules]),
    ("transition rule", lambda one: [rule.name for rule in one.offer.transition_rules]),
)
_KINDS_KO = {
    "plugin": "플러그인",
    "provider": "제공자",
    "customer rule": "고객 규칙",
    "product rule": "제품 규칙",
    "transition rule": "상태 변경 규칙",
}


def _duplicate(kind: str, name: str, holder: str) -> Words:
    return Words(
        f"The {kind} {name!r} is there already; the plugin {holder!r} has it. Names are unique: "
        "rename one, or uninstall one of the two.",
        f"{_KINDS_KO[kind]} 이름 {name!r}은(는) 이미 플러그인 {holder!r}에서 사용 중입니다. "
        "둘 중 하나의 이름을 바꾸거나 제거해 주세요.",
    )


def _remarks(plugin: Adopted) -> Iterator[Words]:
    yield from contract.unreadable_hints(contract.implementations(plugin.plugin))
    # One that makes providers of its users' files has hooks for what any of them may need.
    if "provider_problems" not in plugin.callers:
        yield from offers.undeclared_hooks(plugin.offer.providers, plugin.callers)
    yield from plugin.offer.problems


def _unexaminable(error: Exception) -> Words:
    kind = type(error).__name__
    return Words(
        f"It could not be examined: {kind}. An entry point must name a module with functions in it.",
        f"내용을 확인하지 못했습니다: {kind}. 엔트리 포인트는 함수가 들어 있는 모듈을 가리켜야 합니다.",
    )


def _refusal(candidate: _Candidate, fault: Words) -> PluginProblem:
    return PluginProblem(
        candidate.name,
        Words(
            f"The plugin {candidate.name!r} is not loaded. {fault.en}",
            f"플러그인 {candidate.name!r}을(를) 불러오지 않았습니다. {fault.ko}",
        ),
    )


def _warning(candidate: _Candidate, words: Words) -> PluginProblem:
    said = Words(f"The plugin {candidate.name!r}: {words.en}", f"플러그인 {candidate.name!r}: {words.ko}")
    return PluginProblem(candidate.name, said, refused=False)
