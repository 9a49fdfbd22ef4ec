"""Asks a plugin's match rules for keys: holds the answers to the contract, translates what they raise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.errors import PluginError
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Words
from tillbridge.plugins.faults import plugin_fault, wrong_answer
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, ProductKey

_Rule = TypeVar("_Rule", CustomerMatchRule, ProductMatchRule)
_MADE: Final[Mapping[type, tuple[type, type[StrEnum]]]] = MappingProxyType(
    {CustomerMatchRule: (CustomerKey, CustomerKeyKind), ProductMatchRule: (ProductKey, IdentifierKind)}
)


def held(plugin: str, rule: _Rule) -> _Rule:
    """Return a plugin's rule with `keys` that return keys, or raise PluginError in the plugin's name."""
    return replace(rule, keys=_Keys(plugin, rule, *_MADE[type(rule)]))


@dataclass(frozen=True, slots=True)
class _Keys:
    """What makes the keys of a plugin's rule.

    Attributes:
        made: the class of its keys.
        kinds: what their first field is one of; the others are texts.
    """

    plugin: str
    rule: Any
    made: type[Any]
    kinds: type[StrEnum]

    def __call__(self, *subject: Any) -> tuple[Any, ...]:
        """Return the keys of an order or a line."""
        try:
            answer = self.rule.keys(*subject)
            keys = tuple(answer) if isinstance(answer, Iterable) else None
        except Exception as error:
            raise plugin_fault(self.plugin, self._named, error) from error
        if keys is None:
            raise self._wrong(Words.of(type(answer).__name__))
        for key in keys:
            if fault := self._fault(key):
                raise self._wrong(fault)
        return keys

    @property
    def _named(self) -> str:
        return f"{self.rule.name}.keys"

    def _wrong(self, given: Words) -> PluginError:
        return wrong_answer(self.plugin, self._named, given, f"Iterable[{self.made.__name__}]")

    def _fault(self, key: Any) -> Words | None:
        made, kinds = self.made.__name__, self.kinds.__name__
        if not isinstance(key, self.made):
            given = type(key).__name__
            return Words(f"{given} in place of a {made}", f"{made} 대신 {given}")
        if not isinstance(key.kind, self.kinds):
            given = type(key.kind).__name__
            return Words(
                f"a {made} whose kind is {given}, not one of {kinds}",
                f"{made}의 kind가 {given}임({kinds} 값이어야 함)",
            )
        for name, text in zip(key._fields[1:], key[1:], strict=True):
            if not isinstance(text, str):
                given = type(text).__name__
                return Words(
                    f"a {made} whose {name} is {given}, not a text",
                    f"{made}의 {name}이(가) {given}임(문자열이어야 함)",
                )
        return None
