"""`profile new`: a first profile, proposed from a payload."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from tillbridge.plugin import CommandLine, InputError, Words, command_line
from tillbridge_generic_webstore.calling.xml import as_json
from tillbridge_generic_webstore.commands.checking import guesses_of
from tillbridge_generic_webstore.finding import unreadable
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.proposing.proposal import Proposal, propose
from tillbridge_generic_webstore.proposing.writing import About, Auth, write_profile

_AUTHS: Final[tuple[str, ...]] = get_args(Auth)
_NAMED: Final = frozenset({"header", "query"})
_DEFAULTS: Final = {"base": "/", "path": "orders", "since": "-", "page": "-", "size": "-", "auth": "bearer"}
_QUESTIONS: Final = {
    "payload": Words("A file with orders of the webstore", "웹스토어의 주문이 담긴 파일"),
    "title": Words("The webstore's name", "웹스토어 이름"),
    "base": Words("What follows the shop's address", "매장 주소 뒤의 경로"),
    "path": Words("Where orders are listed, below that", "그 아래의 주문 목록 경로"),
    "auth": Words(f"How requests are signed ({', '.join(_AUTHS)})", f"인증 방식({', '.join(_AUTHS)})"),
    "auth-name": Words("The header or parameter that carries the key", "키를 담는 헤더 또는 매개변수"),
    "since": Words(
        "The parameter that asks for what changed since a time (- for none)",
        "변경 시각 이후를 요청하는 매개변수(없으면 -)",
    ),
    "page": Words(
        "The parameter for the page's number, or for the offset (- for none)",
        "페이지 번호 또는 시작 위치(offset) 매개변수(없으면 -)",
    ),
    "size": Words("The parameter for how many a page holds (- for none)", "페이지 크기 매개변수(없으면 -)"),
}


def new(  # noqa: PLR0913  # one option for each thing that no payload tells
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The profile to write: profiles/shop.toml.")],
    *,
    payload: Annotated[
        Path | None,
        typer.Option("--payload", help="An answer of the webstore with orders, or one order: JSON, XML."),
    ] = None,
    title: Annotated[str, typer.Option(help="The webstore's name.")] = "",
    base: Annotated[str, typer.Option(help="What follows the shop's address: /api/v1/.")] = "",
    path: Annotated[str, typer.Option(help="Where orders are listed, below that.")] = "",
    auth: Annotated[str, typer.Option(help=f"How requests are signed: {', '.join(_AUTHS)}.")] = "",
    auth_name: Annotated[str, typer.Option(help="The header or parameter that carries the key.")] = "",
    since: Annotated[
        str, typer.Option(help="The parameter that asks for what changed since a time; - for none.")
    ] = "",
    page: Annotated[
        str, typer.Option(help="The parameter for the page's number, or for the offset; - for none.")
    ] = "",
    size: Annotated[str, typer.Option(help="The parameter for how many a page holds; - for none.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Propose a profile from a payload: fields by their names, amounts by what adds up; then mend it."""
    line = command_line(context)
    if file.exists() and not force:
        raise InputError(
            Words(
                f"{file} is there already; say --force to write over it.",
                f"{file} 파일이 이미 있습니다. 덮어쓰려면 --force를 써 주세요.",
            )
        )
    payload = payload or Path(_ask(line, "payload", "", ""))
    found, is_xml = _proposed(payload)
    given = {"base": base, "path": path, "since": since, "page": page, "size": size, "auth": auth}
    said = {name: _ask(line, name, text, _DEFAULTS[name]) for name, text in given.items()}
    signed = _auth(said["auth"])
    about = About(
        title=_ask(line, "title", title, file.stem.replace("_", " ").title()),
        base=said["base"],
        path=said["path"],
        auth=signed,
        auth_name=_ask(line, "auth-name", auth_name, "X-Api-Key") if signed in _NAMED else "",
        since=said["since"].strip("-"),
        page=said["page"].strip("-"),
        size=said["size"].strip("-"),
        sample=payload.name,
        is_xml=is_xml,
        guessed=frozenset()
        if line.interactive
        else frozenset(name for name, text in given.items() if not text),
    )
    text = write_profile(about, found)
    load_profile(text, str(file))  # what is proposed has no mistake
    _write(file, text)
    _say(line, _Written(file, payload, found, len(list(guesses_of(text)))))


def _ask(line: CommandLine, option: str, given: str, default: str) -> str:
    """Return what was given, else ask for it where somebody can be asked."""
    question = _QUESTIONS[option]
    if given:
        return given
    if line.interactive:
        return str(typer.prompt(question.say(line.language), default=default or None)).strip()
    if default:
        return default
    raise InputError(
        Words(f"Say --{option}: {question.en}.", f"--{option}을(를) 지정해 주세요: {question.ko}.")
    )


def _auth(given: str) -> Auth:
    for one in get_args(Auth):
        if one == given:
            found: Auth = one
            return found
    raise InputError(
        Words(
            f"--auth {given} is not known: {', '.join(_AUTHS)}.",
            f"--auth {given}은(는) 없는 방식입니다: {', '.join(_AUTHS)}.",
        )
    )


def _proposed(path: Path) -> tuple[Proposal, bool]:
    """Return what a file proposes, and whether it is XML."""
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        is_xml = content.lstrip()[:1] == b"<"
        data = json.loads(as_json(content), parse_float=Decimal)
    except FileNotFoundError as error:
        raise unreadable(path, error) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            Words(
                f"{path} cannot be read as JSON or XML ({type(error).__name__}).",
                f"{path} 파일을 JSON이나 XML로 읽을 수 없습니다({type(error).__name__}).",
            )
        ) from error
    found = propose(data)
    if found is None:
        raise InputError(
            Words(
                f"There is no order in {path}: nothing with lines, each with its quantity, and nothing with "
                "a total, a currency, a time and a number.",
                f"{path} 파일에 주문이 없습니다. 수량이 있는 품목 목록도, 총액·통화·시각·번호가 있는 항목도 "
                "찾지 못했습니다.",
            )
        )
    return found, is_xml


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(
            Words(
                f"{file} cannot be written ({type(error).__name__}).",
                f"{file} 파일을 쓸 수 없습니다({type(error).__name__}).",
            )
        ) from error


@dataclass(frozen=True, slots=True)
class _Written:
    """A proposal that was written, and in how many of its lines it is a guess."""

    file: Path
    payload: Path
    found: Proposal
    guesses: int


def _say(line: CommandLine, written: _Written) -> None:
    file, found, amounts = written.file, written.found, written.found.amounts
    if line.as_json:
        data: dict[str, Any] = {
            "file": str(file),
            "orders": found.count,
            "rows": found.rows,
            "adds_up": amounts.agreed,
            "looked": amounts.looked,
            "guesses": written.guesses,
        }
        line.give(data)
    says = "line says" if written.guesses == 1 else "lines say"
    line.say(
        line.words(
            f"Written: {file}. The amounts add up in {amounts.agreed} of {amounts.looked} orders. "
            f"{written.guesses} {says} CHECK: look at each, and try it: "
            f"tillbridge profile try {file} {written.payload}",
            f"저장했습니다: {file}. 주문 {amounts.looked}건 중 {amounts.agreed}건의 금액이 맞습니다. "
            f"CHECK가 {written.guesses}곳에 있습니다. 확인하고 시험해 보세요: "
            f"tillbridge profile try {file} {written.payload}",
        )
    )


COMMANDS: Final[dict[str, Callable[..., None]]] = {"new": new}
