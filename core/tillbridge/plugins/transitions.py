"""The rules that plugins add to transitions: checked at load, asked before an act, performed after it."""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tillbridge.model.errors import Misconfigured
from tillbridge.model.exchange import EffectDelivery, Receipt
from tillbridge.model.status.rules import TransitionRule, Wish
from tillbridge.model.status.vocabulary import Act, Axis
from tillbridge.model.words import Words
from tillbridge.plugins.faults import plugin_fault
from tillbridge.plugins.hookcall import HookCall
from tillbridge.plugins.records import Adopted, Probe, listed

_log = logging.getLogger("tillbridge.plugins")
_NAME: Final = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class PluginEffect:
    """One effect that a plugin adds to a transition."""

    plugin: str
    effect: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the plugins say of a wish.

    Attributes:
        veto: why it must not be, or None.
        faults: rules that could not be asked; they veto nothing.
        effects: what happens with it, in the rules' sequence.
    """

    veto: Words | None = None
    faults: Sequence[Words] = ()
    effects: Sequence[PluginEffect] = field(default=())


class Transitions:
    """Every plugin's rules, from the lowest rank on."""

    def __init__(self, adopted: Sequence[Adopted], probe: Probe) -> None:
        found = [(rule, one.name) for one in adopted for rule in one.offer.transition_rules]
        self._rules = sorted(found, key=lambda pair: (pair[0].rank, pair[1], pair[0].name))
        self._performers = {
            one.name: HookCall(one, _PERFORM, probe) for one in adopted if _PERFORM in one.callers
        }

    def __bool__(self) -> bool:
        """Say whether there is any rule."""
        return bool(self._rules)

    def concern(self, act: Act, axis: Axis = Axis.ORDER) -> bool:
        """Say whether any rule is about this transition."""
        return any(rule.concerns(act, axis) for rule, _ in self._rules)

    def effects(self, act: Act, axis: Axis = Axis.ORDER) -> list[PluginEffect]:
        """Return what the plugins add to a transition."""
        return [
            PluginEffect(plugin, effect)
            for rule, plugin in self._rules
            if rule.concerns(act, axis)
            for effect in rule.effects
        ]

    def opinion(self, wish: Wish) -> Opinion:
        """Ask every rule that is about a wish; the first veto is the one that counts."""
        faults: list[Words] = []
        for rule, plugin in self._rules:
            if not rule.concerns(wish.act, wish.axis):
                continue
            try:
                veto = _veto(rule, wish)
            except Exception as error:  # noqa: BLE001  # whatever a plugin raises, it blocks no one's work
                _log.exception("plugin %r failed in its rule %r; it vetoes nothing", plugin, rule.name)
                faults.append(plugin_fault(plugin, rule.name, error).words)
            else:
                if veto is not None:
                    return Opinion(veto=veto, faults=faults)
        return Opinion(faults=faults, effects=self.effects(wish.act, wish.axis))

    def perform(self, plugin: str, effect: EffectDelivery) -> Receipt:
        """Let a plugin do what its rule added.

        Raises:
            Misconfigured: the plugin is not there any more.
            ProviderError: it could not be done, for now or for good.
            PluginError: the plugin failed.
        """
        performer = self._performers.get(plugin)
        if performer is None:
            raise Misconfigured(
                Words(
                    f"The plugin {plugin!r}, which is to do {effect.effect!r}, is not loaded.",
                    f"{effect.effect!r} 작업을 맡은 플러그인 {plugin!r}을(를) 불러오지 못했습니다.",
                )
            )
        receipt: Receipt = performer(effect=effect)
        return receipt


_PERFORM: Final = "perform_effect"


def _veto(rule: TransitionRule, wish: Wish) -> Words | None:
    said: Any = rule.objects(wish)
    if said is None or isinstance(said, Words):
        return said
    if isinstance(said, str):
        return Words.of(said)
    raise TypeError(f"the rule answered {type(said).__name__}, not Words or None")


def transition_faults(rule: Any) -> Iterator[Words]:
    """Say what is wrong with a plugin's transition rule."""
    if not isinstance(rule.name, str) or not _NAME.fullmatch(rule.name):
        yield Words(
            f"The rule name {rule.name!r} cannot be used; allowed are a-z, 0-9, _ and -, 40 at most.",
            f"규칙 이름 {rule.name!r}은(는) 사용할 수 없습니다. a-z, 0-9, _, - (40자 이하)만 가능합니다.",
        )
    for name, allowed, fits in _FIELDS:
        given = getattr(rule, name)
        if not fits(given):
            yield Words(
                f"{rule.name!r}: {name} is {given!r}; allowed is {allowed.en}.",
                f"{rule.name!r}: {name} 값 {given!r}은(는) 사용할 수 없습니다. 허용되는 값: {allowed.ko}",
            )


def _are_acts(given: Any) -> bool:
    return isinstance(given, frozenset) and bool(given) and all(isinstance(one, Act) for one in given)


def _are_effects(given: Any) -> bool:
    return isinstance(given, tuple) and all(
        isinstance(one, str) and bool(_NAME.fullmatch(one)) for one in given
    )


_FIELDS: Final[tuple[tuple[str, Words, Callable[[Any], bool]], ...]] = (
    ("title", Words.of("Words(en, ko)"), lambda given: isinstance(given, Words)),
    (
        "rank",
        Words("a whole number", "정수"),
        lambda given: isinstance(given, int) and not isinstance(given, bool),
    ),
    ("acts", Words.of("frozenset[Act]"), _are_acts),
    ("axis", Words.of("Axis"), lambda given: isinstance(given, Axis)),
    ("objects", Words("a function", "함수"), callable),
    ("effects", Words("a tuple of names", "이름의 튜플"), _are_effects),
)


def missing_performer(
    rules: Iterable[TransitionRule], callers: Collection[str] | Mapping[str, Any]
) -> Iterator[Words]:
    """Say which rules have effects that nobody would perform."""
    idle = [rule.name for rule in rules if rule.effects]
    if idle and _PERFORM not in callers:
        yield Words(
            f"{listed(idle)}: a rule with effects needs the hook perform_effect. Write it (with @hookimpl).",
            f"{listed(idle)}: effects가 있는 규칙에는 perform_effect 훅이 필요합니다. "
            "@hookimpl을 붙여 구현해 주세요.",
        )
