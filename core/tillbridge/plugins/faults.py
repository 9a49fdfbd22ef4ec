"""Puts an error that a plugin must not raise into words: plugin, hook, kind and place, never its values.

An exception's own text may hold a customer's data, or an address with a key in it; it stays in
`__cause__`, for those who debug the plugin.
"""

import traceback

import pydantic

from tillbridge.model.errors import PluginError, TillbridgeError
from tillbridge.model.words import Words

_SHOWN = 3
_OURS = ("tillbridge.plugins.", "pluggy.")


def plugin_fault(plugin: str, hook: str, error: BaseException) -> PluginError:
    """Return the error that stands for `error`, which a plugin's hook should not have raised."""
    what = _kind(error)
    place = _place(error)
    return PluginError(
        Words(
            f"The plugin {plugin!r} failed in {hook}: {what.en}{place}. "
            "This is a fault of the plugin; please tell its maker.",
            f"플러그인 {plugin!r}의 {hook} 처리 중 오류가 발생했습니다: {what.ko}{place}. "
            "플러그인 자체의 문제이니 개발사에 알려 주세요.",
        )
    )


def wrong_answer(plugin: str, hook: str, given: Words, allowed: str) -> PluginError:
    """Return the error for a hook that answers what it must not."""
    return PluginError(
        Words(
            f"The plugin {plugin!r} failed in {hook}: it returned {given.en}; allowed is {allowed}. "
            "This is a fault of the plugin; please tell its maker.",
            f"플러그인 {plugin!r}의 {hook} 반환값이 잘못되었습니다: {given.ko}. 허용되는 값: {allowed}. "
            "플러그인 자체의 문제이니 개발사에 알려 주세요.",
        )
    )


def _kind(error: BaseException) -> Words:
    name = type(error).__name__
    if isinstance(error, TillbridgeError):  # its words are meant to be read
        return Words(f"{name}, {error.words.en.rstrip('.')}", f"{name}, {error.words.ko.rstrip('.')}")
    if isinstance(error, pydantic.ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        told = [f"{'.'.join(map(str, one['loc'])) or error.title} ({one['type']})" for one in found[:_SHOWN]]
        return Words.of(f"{name}, {', '.join(told)}")
    return Words.of(name)


def _place(error: BaseException) -> str:
    """Return the line that it came from, the deepest one in the plugin's own package."""
    frames = [
        (str(frame.f_globals.get("__name__", "")), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    plugin_frames = [one for one in frames if one[0] and not one[0].startswith(_OURS)]
    if not plugin_frames:
        return ""
    package = plugin_frames[0][0].partition(".")[0]
    module, line = [one for one in plugin_frames if one[0].partition(".")[0] == package][-1]
    return f" ({module}:{line})"
