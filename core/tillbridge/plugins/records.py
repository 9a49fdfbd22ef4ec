"""What loading leaves behind: the plugins that came in, and the problems that were found."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.status.rules import TransitionRule
from tillbridge.model.words import Words
from tillbridge.provider import Provider

Probe = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """Something that is wrong with a plugin.

    Attributes:
        plugin: the name it is registered under.
        words: what is wrong, and what is allowed.
        refused: the plugin is not loaded; False for what is only worth knowing.
    """

    plugin: str
    words: Words
    refused: bool = True


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin that came in, with the version of the distribution that brought it ("" if unknown)."""

    name: str
    version: str
    providers: tuple[Provider, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a plugin offers beside its hooks."""

    providers: tuple[Provider, ...] = ()
    customer_rules: tuple[CustomerMatchRule, ...] = ()
    product_rules: tuple[ProductMatchRule, ...] = ()
    transition_rules: tuple[TransitionRule, ...] = ()
    problems: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A checked plugin, ready to be called.

    Attributes:
        plugin: the module or object itself.
        callers: pluggy's caller of each hook that it implements; it reaches this plugin only.
    """

    name: str
    version: str
    plugin: object
    callers: Mapping[str, Callable[..., Any]]
    offer: Offer


class RefusedError(Exception):
    """A plugin cannot be taken in; `faults` are all the reasons that were found."""

    def __init__(self, faults: Iterable[Words]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.en for fault in self.faults))


def did_you_mean(name: str, known: Iterable[str]) -> Words:
    """Return a question that names the nearest of `known`, or nothing if none is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    if not near:
        return Words("", "")
    return Words(f" Did you mean {near[0]!r}?", f" 혹시 {near[0]!r}인가요?")


def listed(names: Iterable[str]) -> str:
    """Return names in one line, or a dash for none."""
    return ", ".join(names) or "-"
