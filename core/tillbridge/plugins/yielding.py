"""Providers of a user's files give way: such a file may have the name of another plugin's provider by chance.

Only that provider is left out, whichever of the two plugins came first; everything else of both stays.
"""

from collections.abc import Iterator
from dataclasses import replace

from tillbridge.model.words import Words
from tillbridge.plugins.records import Adopted, PluginProblem

_OF_FILES = "provider_problems"
"""The hook that only a plugin has whose providers are made of its users' files."""


def give_way(made: Adopted, adopted: list[Adopted], *, is_own: bool) -> tuple[Adopted, list[PluginProblem]]:
    """Return a plugin without the providers that are left out of it, and what is to be said of that.

    Args:
        made: the plugin that comes in.
        adopted: those that are in; one that gives way is replaced in it.
        is_own: whether the one that comes in is tillbridge's own: a stranger takes no provider from a shop.
    """
    if _OF_FILES in made.callers:
        holders = {provider.name: one.name for one in adopted for provider in one.offer.providers}
        return _without(made, holders)
    problems: list[PluginProblem] = []
    for place, one in enumerate(adopted if is_own else ()):
        if _OF_FILES in one.callers:
            holders = {provider.name: made.name for provider in made.offer.providers}
            adopted[place], said = _without(one, holders)
            problems += said
    return made, problems


def _without(plugin: Adopted, holders: dict[str, str]) -> tuple[Adopted, list[PluginProblem]]:
    kept = tuple(one for one in plugin.offer.providers if one.name not in holders)
    if len(kept) == len(plugin.offer.providers):
        return plugin, []
    return replace(plugin, offer=replace(plugin.offer, providers=kept)), list(_said(plugin, holders))


def _said(plugin: Adopted, holders: dict[str, str]) -> Iterator[PluginProblem]:
    for provider in plugin.offer.providers:
        if provider.name in holders:
            holder = holders[provider.name]
            words = Words(
                f"{provider.title} ({provider.name}) cannot be connected: the plugin {holder!r} has a "
                "provider of that name. Give the profile's file another name.",
                f"{provider.title}({provider.name})에 연결할 수 없습니다. 플러그인 {holder!r}에 같은 이름의 "
                "제공자가 있습니다. 프로필 파일의 이름을 바꿔 주세요.",
            )
            yield PluginProblem(plugin.name, words, refused=False)
