"""`profile try`: a payload beside the orders it becomes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from tillbridge.plugin import CommandLine, InputError, Words, command_line
from tillbridge_generic_webstore.commands.living import Given, Sample, live, look, sample, say_sample
from tillbridge_generic_webstore.commands.showing import say_all
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.finding import ProfileFile, find_profile
from tillbridge_generic_webstore.probe import Finding
from tillbridge_generic_webstore.settings import public_values
from tillbridge_generic_webstore.trying import Tried, read_payload, try_all
from tillbridge_generic_webstore.webstores import loaded

_SHOWN: Final = 5
_LOOKED_AT: Final = 50
"""How many orders of a live webstore are looked at, where no more are to be shown."""
_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a live webstore was asked for: how it lists, and what of its list was looked at."""

    findings: Sequence[Finding] = ()
    listed: Sample | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing would be lost."""
        trouble = self.listed.trouble if self.listed else None
        return trouble is None and not any(one.is_grave for one in self.findings)


def try_(  # noqa: PLR0913  # one option for each thing that may be said
    context: typer.Context,
    profile: Annotated[str, typer.Argument(metavar="PROFILE", help="A file, or a profile's name.")],
    payloads: Annotated[
        list[Path],
        typer.Argument(metavar="[PAYLOAD...]", help="Answers of the webstore, or single orders: JSON."),
    ] = [],  # noqa: B006  # typer copies it
    *,
    part: Annotated[list[str], typer.Option("--part", help="NAME=FILE: the rows of a second call.")] = [],  # noqa: B006  # typer copies it
    is_live: Annotated[
        bool, typer.Option("--live", help="Try how the webstore is asked, and its orders.")
    ] = False,
    connection: Annotated[
        str, typer.Option("--connection", help="With --live: a connection's settings are used.")
    ] = "",
    settings: Annotated[list[str], typer.Option("--set", help="key=value; may come several times.")] = [],  # noqa: B006  # typer copies it
    secrets: Annotated[
        list[str], typer.Option("--secret", help="With --live: key=env:NAME, key=@FILE or key=-.")
    ] = [],  # noqa: B006  # typer copies it
    most: Annotated[
        int,
        typer.Option("--most", help="How many orders are shown in full; those that fail go first.", min=0),
    ] = _SHOWN,
) -> None:
    """Show what the orders of a payload become: each field with its value, its expression and its source."""
    line = command_line(context)
    file = find_profile(profile)
    compiled = loaded(file.text, file.file)
    if not payloads and not is_live:
        raise InputError(Words("Name a payload, or say --live.", "페이로드를 지정하거나 --live를 써 주세요."))
    given = {} if is_live else _settings(compiled, settings)
    parts = {name: Path(path) for name, path in _pairs(part, "--part").items()}
    tried: list[tuple[str, Tried]] = []
    asked = _Asked()
    if is_live:
        with live(line, file, compiled, Given(connection, settings, secrets)) as opened:
            findings = look(line, opened, compiled)
            listed = sample(opened, compiled, max(most, _LOOKED_AT), counted=_COUNTED)
            given = public_values(opened.settings)
        asked = _Asked(findings, listed)
        say_sample(line, listed)
        tried += [("", one) for one in try_all(compiled, listed.orders, given, {})]
        say_all(line, file, [one for _, one in tried], most)
    for path in payloads:
        found = read_payload(path, compiled, parts)
        _say_found(line, path, found.rows, len(found.orders), found.absent)
        results = try_all(compiled, found.orders, given, found.broken)
        say_all(line, file, results, most)
        tried += [(str(path), one) for one in results]
    _end(line, file, tried, asked)


def _say_found(line: CommandLine, path: Path, rows: str, count: int, absent: Sequence[str]) -> None:
    if rows == "@":
        line.say(line.words(f"{path}: one order.", f"{path}: 주문 1건."))
    else:
        orders = "order" if count == 1 else "orders"
        line.say(
            line.words(f'{path}: {count} {orders} at "{rows}".', f'{path}: "{rows}"에서 주문 {count}건.')
        )
    for name in absent:
        line.say(
            line.words(
                f"The part {name} was not given (--part {name}=FILE, or {path.stem}.{name}.json beside it).",
                f"{name} 부분이 없습니다(--part {name}=파일 또는 같은 폴더의 {path.stem}.{name}.json).",
            )
        )


def _end(
    line: CommandLine,
    file: ProfileFile,
    tried: Sequence[tuple[str, Tried]],
    asked: _Asked,
) -> None:
    """Sum up, and end with 1 where an order could not be read, or would be lost."""
    whole = sum(one.order is not None for _, one in tried)
    none = sum(one.reason is not None for _, one in tried)
    damaged = sum(one.error is not None for _, one in tried)
    if line.as_json:
        line.give(
            {
                "profile": file.file,
                "whole": whole,
                "not_orders": none,
                "damaged": damaged,
                "findings": [_found(one) for one in asked.findings],
                "listed": _listed(asked.listed) if asked.listed else None,
                "orders": [{"file": path, **_data(one)} for path, one in tried],
            }
        )
    line.say(
        line.words(
            f"Whole: {whole}; no orders: {none}; cannot be read: {damaged}.",
            f"정상 주문 {whole}건, 주문이 아닌 것 {none}건, 읽을 수 없는 것 {damaged}건.",
        )
    )
    if damaged or not asked.is_well:
        raise typer.Exit(1)


def _found(finding: Finding) -> dict[str, Any]:
    words = finding.words
    return {"fault": finding.fault.value, "grave": finding.is_grave, "en": words.en, "ko": words.ko}


def _listed(listed: Sample) -> dict[str, Any]:
    trouble = listed.trouble
    return {
        "count": listed.count,
        "ended": listed.ended,
        "looked_at": len(listed.orders),
        "trouble": {"en": trouble.en, "ko": trouble.ko} if trouble else None,
    }


def _data(tried: Tried) -> dict[str, Any]:
    return {
        "place": tried.place,
        "order": tried.order.id if tried.order else None,
        "not_an_order": {"en": tried.reason.en, "ko": tried.reason.ko} if tried.reason else None,
        "error": _error(tried),
        "fields": [
            {
                "field": row.field,
                "value": row.value,
                "path": row.path,
                "line": row.line,
                "expression": row.expression,
                "payload": list(row.payload),
            }
            for row in tried.rows
        ],
        "absent": [
            {
                "path": one.path,
                "line": one.line,
                "expression": one.expression,
                "near": one.near or None,
                "optional": one.optional,
            }
            for one in tried.absent
        ],
        "not_used": list(tried.unread),
    }


def _error(tried: Tried) -> dict[str, str] | None:
    if tried.error is None:
        return None
    return {"en": tried.error.words.en, "ko": tried.error.words.ko, "path": tried.error.path}


def _settings(compiled: CompiledProfile, given: Sequence[str]) -> Mapping[str, str]:
    """Return the settings that expressions see: what was given, else the defaults."""
    said = _pairs(given, "--set")
    known = compiled.profile.settings
    strange = [name for name in said if name not in known or known[name].secret]
    if strange:
        listed = ", ".join(name for name, one in known.items() if not one.secret) or "-"
        raise InputError(
            Words(
                f"The profile has no open setting {', '.join(strange)} ({listed}).",
                f"프로필에 {', '.join(strange)} 설정이 없습니다(있는 설정: {listed}).",
            )
        )
    return {name: one.default for name, one in known.items() if one.default is not None} | said


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    pairs = dict(_split(given, option))
    if len(pairs) < len(given):
        raise InputError(Words(f"{option} names one twice.", f"{option}에 같은 이름이 두 번 있습니다."))
    return pairs


def _split(given: Sequence[str], option: str) -> Iterator[tuple[str, str]]:
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(
                Words(f"{option} needs NAME=VALUE.", f"{option}은(는) 이름=값 형식으로 지정해 주세요.")
            )
        yield name.strip(), value


COMMANDS: Final[dict[str, Callable[..., None]]] = {"try": try_}
