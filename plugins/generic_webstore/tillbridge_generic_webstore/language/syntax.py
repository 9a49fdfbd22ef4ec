"""Says in words why a text is no TOML, with the line: `tomllib` says it in a parser's words."""

import re
import tomllib
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.mistakes import Mistake

_AT: Final = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z")
_ONE_LINE: Final = Words(
    "a table in braces must stay on one line; write it as a table of its own, [name], to spread it",
    "중괄호 테이블은 한 줄에 써야 합니다. 여러 줄로 쓰려면 [이름] 테이블로 작성해 주세요",
)
_TWICE: Final = Words("this key or table is there already", "이미 있는 키 또는 테이블입니다")
_OPEN: Final = Words(
    "a list is not closed: a ] or a comma is missing",
    "목록이 닫히지 않았습니다. ] 또는 쉼표가 빠졌습니다",
)
_CLOSED: Final = Words(
    "this table was made complete in braces or by dots above; nothing can be added to it here",
    "위에서 중괄호나 점으로 이미 완성한 테이블이므로 여기서 추가할 수 없습니다",
)
_ESCAPE: Final = Words(
    "a backslash in double quotes begins an escape; write the text in single quotes",
    "큰따옴표 안의 역슬래시는 이스케이프로 해석됩니다. 작은따옴표로 감싸 주세요",
)
_UNQUOTED: Final = Words(
    "the value cannot be read; texts stand in quotes",
    "값을 읽을 수 없습니다. 문자열은 따옴표로 감싸 주세요",
)
_SAID: Final[tuple[tuple[str, Words], ...]] = (
    ("Unclosed array", _OPEN),
    (
        "Unclosed inline table",
        Words(
            "a table in braces is not closed: a } or a comma is missing, or it does not stay on one line",
            "중괄호 테이블이 닫히지 않았습니다. } 또는 쉼표가 빠졌거나 한 줄에 쓰지 않았습니다",
        ),
    ),
    ("Cannot overwrite a value", _TWICE),
    ("Cannot declare", _TWICE),
    ("Duplicate inline table key", _TWICE),
    ("Cannot mutate immutable namespace", _CLOSED),
    ("Cannot redefine namespace", _CLOSED),
    (
        "Expected '=' after a key",
        Words("a = is missing after the key", "키 뒤에 =가 없습니다"),
    ),
    (
        "Expected ']' at the end of a table",
        Words("a table's name is not closed by ]", "테이블 이름이 ]로 닫히지 않았습니다"),
    ),
    (
        "Expected ']]' at the end of an array",
        Words("a list's name is not closed by ]]", "목록 이름이 ]]로 닫히지 않았습니다"),
    ),
    (
        "Expected newline or end of document",
        Words(
            "something follows the value on its line; a list is written in [ ]",
            "값 뒤에 다른 내용이 있습니다. 목록은 [ ] 안에 써 주세요",
        ),
    ),
    ("Invalid initial character for a key", Words("a key cannot begin so", "키를 이렇게 시작할 수 없습니다")),
    ("Invalid statement", Words("a key or a [table] was expected", "키 또는 [테이블]이 와야 합니다")),
    ("Unescaped", _ESCAPE),
    ("Invalid hex value", _ESCAPE),
    ("Escaped character", _ESCAPE),
    ("Unterminated string", Words("a text is not closed", "문자열이 닫히지 않았습니다")),
    (
        "Expected",
        Words("a text is not closed by its quotes", "문자열의 닫는 따옴표가 없습니다"),
    ),
    (
        "Illegal character",
        Words(
            "a text does not end on its line; close it, or write it between three quotes",
            "문자열이 같은 줄에서 끝나지 않습니다. 따옴표를 닫거나 따옴표 세 개로 감싸 주세요",
        ),
    ),
    ("Invalid date", Words("there is no such date", "없는 날짜입니다")),
    ("Invalid value", _UNQUOTED),
)


def syntax_mistake(text: str, error: tomllib.TOMLDecodeError) -> Mistake:
    """Return what is wrong with the syntax, and in which line."""
    said = str(error)
    at = _AT.search(said)
    lines = text.replace("\r\n", "\n").split("\n")
    number = int(at["line"]) if at and at["line"] else len(text.rstrip().split("\n"))
    column = int(at["column"]) if at and at["column"] else 0
    words = next((words for start, words in _SAID if said.startswith(start)), None)
    if words is None:
        plain = said[: at.start()] if at else said
        words = Words(f"this is no TOML: {plain}", f"TOML 형식이 아닙니다: {plain}")
    if words is _UNQUOTED and not column:
        words = _OPEN  # the file ends within it
    line = lines[number - 1] if number <= len(lines) else ""
    if _breaks_braces(said, line, column):
        words = _ONE_LINE
    return Mistake((), words, number)


def _breaks_braces(said: str, line: str, column: int) -> bool:
    """Say whether a table in braces goes on in the next line, which is the usual mistake."""
    ends = column > len(line)
    begun = line.count("{") > line.count("}")
    return begun and ends and said.startswith(("Invalid initial", "Unclosed inline", "Expected '='"))
