"""Says in words what is wrong with how a command was written: what it lacks, and what may have been meant."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tillbridge import plugins
from tillbridge.connections.files import fields_of, secret_fields
from tillbridge.model.words import Words

_NEAR: Final = 0.7
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("decline", "deny", "refuse"), ("reject",)),
    **dict.fromkeys(("approve", "confirm"), ("accept",)),
    **dict.fromkeys(("collect", "collected", "complete"), ("pickup",)),
    **dict.fromkeys(("view", "display", "info", "get"), ("show",)),
    **dict.fromkeys(("ls", "all"), ("list",)),
    **dict.fromkeys(("create", "new"), ("add",)),
    **dict.fromkeys(("delete", "remove"), ("disconnect", "archive")),
    **dict.fromkeys(("sync", "fetch", "import"), ("poll",)),
}
"""What people write in the place of a command's name."""


def usage_words(error: Any) -> Words:
    """Return what typer's own error says, in both languages, with what helps.

    Args:
        error: its usage error; typer carries its kinds inside or beside itself, so none is named here.
    """
    message: str = error.format_message().strip()
    first = message.splitlines()[0] if message else ""
    for form, say in _FORMS:
        if found := form.match(first):
            return _with_help(say(found, error), error)
    # typer has shown a group's help already where its command is missing.
    said = message.rstrip(".") or "A command is missing"
    return _with_help(Words(f"{said}.", f"명령을 이해하지 못했습니다. {said}."), error)


def _with_help(words: Words, error: Any) -> Words:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "tillbridge"
    return Words(f"{words.en} See: {path} --help", f"{words.ko} 사용법: {path} --help")


def _negative(found: re.Match[str], _error: Any) -> Words:
    return Words(
        f"{found[1]} is below zero; amounts are written without a sign (--back hands money back).",
        f"{found[1]}: 0보다 작은 금액입니다. 부호 없이 입력해 주세요(돌려줄 때는 --back).",
    )


def _no_option(found: re.Match[str], error: Any) -> Words:
    command = getattr(getattr(error, "ctx", None), "command", None)
    known = [name for one in getattr(command, "params", ()) for name in one.opts if name.startswith("--")]
    meant = _meant(found[1], known)
    return Words(f"No such option: {found[1]}.{meant.en}", f"{found[1]}: 그런 옵션이 없습니다.{meant.ko}")


def _no_command(found: re.Match[str], error: Any) -> Words:
    command = getattr(getattr(error, "ctx", None), "command", None)
    known = list(getattr(command, "commands", ()))
    synonyms = [one for one in _SYNONYMS.get(found[1], ()) if one in known]
    meant = _asked(synonyms[0]) if synonyms else _meant(found[1], known)
    return Words(f"No such command {found[1]!r}.{meant.en}", f"{found[1]!r}: 그런 명령이 없습니다.{meant.ko}")


def _missing(found: re.Match[str], error: Any) -> Words:
    kind, name = found[1], found[2]
    what = {"option": "옵션이", "argument": "인수가"}.get(kind, "값이")
    needed = " ".join(_needed(getattr(error, "ctx", None)))
    return Words(
        f"Missing {kind} {name}. It needs: {needed}.", f"{name} {what} 빠졌습니다. 필요한 것: {needed}."
    )


def _needed(context: Any) -> Iterator[str]:
    """Yield what a command cannot be without; of `connect` also what the provider asks for."""
    for one in getattr(getattr(context, "command", None), "params", ()):
        if one.required:
            option = next((name for name in one.opts if name.startswith("--")), None)
            shown = (one.metavar or one.name or "").upper()
            yield f"{option} {shown}" if option else shown
    given = getattr(context, "params", {}).get("provider")
    provider = plugins.load().providers.get(given) if isinstance(given, str) else None
    if provider is not None:
        secret = secret_fields(provider)
        for name, field in fields_of(provider).items():
            if field.is_required():
                yield f"--secret {name}=env:NAME" if name in secret else f"--set {name}=…"


def _invalid(found: re.Match[str], _error: Any) -> Words:
    name, said = found[1], found[2].rstrip(".")
    for form, words in _VALUES:
        if fits := form.match(said):
            limit = fits[1] if fits.groups() else ""
            return Words(f"{name} {words.en}{limit}.", f"{name}: {limit}{words.ko}.")
    return Words(f"Invalid value for {name}: {said}.", f"{name}에 쓸 수 없는 값입니다: {said}.")


def _extra(found: re.Match[str], _error: Any) -> Words:
    return Words(f"{found[1]} is too much here.", f"{found[1]}: 여기에는 쓸 수 없습니다.")


def _without_value(found: re.Match[str], _error: Any) -> Words:
    return Words(f"{found[1]} needs a value.", f"{found[1]}에는 값이 필요합니다.")


def _with_value(found: re.Match[str], _error: Any) -> Words:
    return Words(f"{found[1]} takes no value.", f"{found[1]}에는 값을 쓸 수 없습니다.")


def _meant(name: str, known: list[str]) -> Words:
    near = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
    return _asked(near[0]) if near else Words("", "")


def _asked(name: str) -> Words:
    return Words(f" Did you mean {name}?", f" 혹시 {name}인가요?")


_VALUES: Final = (
    (re.compile("Input should be a valid integer"), Words("must be a whole number", "정수여야 합니다")),
    (re.compile("Input should be a valid number"), Words("must be a number", "숫자여야 합니다")),
    (
        re.compile(r"Input should be greater than or equal to (\S+)"),
        Words("must be at least ", " 이상이어야 합니다"),
    ),
    (
        re.compile(r"Input should be less than or equal to (\S+)"),
        Words("must be at most ", " 이하여야 합니다"),
    ),
)
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Any], Words]], ...]] = (
    (re.compile(r"No such option: (-[\d.,]+)$"), _negative),
    (re.compile(r"No such option: (\S+)"), _no_option),
    (re.compile(r"No such command '([^']*)'"), _no_command),
    (re.compile(r"Missing (option|argument|parameter) '?([^'.]+)'?\.?"), _missing),
    (re.compile(r"Invalid value for '?([^':]+)'?: (.+)"), _invalid),
    (re.compile(r"Got unexpected extra arguments? \((.+)\)"), _extra),
    (re.compile(r"Got unexpected extra argument\(s\) \((.+)\)"), _extra),
    (re.compile(r"Option '([^']+)' requires"), _without_value),
    (re.compile(r"Option '([^']+)' does not take a value"), _with_value),
)
