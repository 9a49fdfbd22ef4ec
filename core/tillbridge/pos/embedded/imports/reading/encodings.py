"""Tells in which encoding a text file is written, always the same for the same bytes, and decodes it.

A byte order mark decides. Without one, a file that is UTF-8 throughout is UTF-8, since no other encoding
looks so by chance. Else the letters decide: CP949 where they are its common Korean syllables, else
Windows-1252.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE: Final = ("utf-16-le", "utf-16-be")
# Of the first bytes of a text of mostly ASCII in UTF-16, every second one is zero.
_SAMPLE: Final = 4_096
_PIECE: Final = 1 << 20
_SURROGATES: Final = range(0xD800, 0xE000)
# Nearly every byte means something in Windows-1252; where some do not, it is something else.
_MOST: Final = 0.9


@dataclass(slots=True)
class _Counts:
    """How many lines have other letters than ASCII's, and how many make sense in an encoding."""

    all: int = 0
    utf_8: int = 0
    korean: int = 0
    western: int = 0


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file, with the encoding in which it is read."""

    path: Path
    encoding: str

    def lines(self) -> Iterator[str]:
        """Yield its lines; what cannot be decoded stands in them as surrogates: see `is_damaged`."""
        wide = self.encoding.replace("_", "-").startswith("utf-16")
        with self.path.open(
            encoding=self.encoding, errors="surrogatepass" if wide else "surrogateescape", newline=""
        ) as stream:
            try:
                yield from stream
            except UnicodeError as error:
                raise _wrong(self.path, self.encoding) from error


def is_damaged(line: str) -> bool:
    """Tell whether a part of a line could not be decoded."""
    return not line.isascii() and any(ord(sign) in _SURROGATES for sign in line)


def open_text(path: Path, wanted: str = "") -> TextFile:
    """Return a file with its encoding: the wanted one, or the one that its bytes tell.

    Raises:
        InputError: there is no such encoding, no encoding fits, or the file is no text.
    """
    if wanted:
        return TextFile(path, _known(wanted))
    with path.open("rb") as stream:
        start = stream.read(_SAMPLE)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return TextFile(path, name)
    if b"\0" in start:
        return TextFile(path, _wide(path, start))
    return TextFile(path, _by_letters(path))


def encoding_words(name: str) -> Words:
    """Return what people call an encoding."""
    plain = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(name, name.upper())
    more = {
        "cp949": Words("CP949 (Korean Windows)", "CP949(한국어 Windows)"),
        "cp1252": Words("Windows-1252 (Western European)", "Windows-1252(서유럽)"),
    }
    return more.get(name, Words.of(plain))


def _known(wanted: str) -> str:
    try:
        name = codecs.lookup(wanted.strip()).name
        "".encode(name)
    except (LookupError, UnicodeError):
        raise InputError(
            Words(
                f"--encoding {wanted!r} is no encoding; usual ones are utf-8, cp949, utf-16 and cp1252.",
                f"--encoding {wanted!r}은(는) 알 수 없는 인코딩입니다. 예: utf-8, cp949, utf-16, cp1252",
            )
        ) from None
    # A byte order mark is no part of the first title.
    return {"utf-8": "utf-8-sig", "euc_kr": "cp949"}.get(name, name)


def _wide(path: Path, start: bytes) -> str:
    zeros = [start[place::2].count(0) for place in (0, 1)]
    if max(zeros) < len(start) // 8:
        raise InputError(
            Words(
                f"{path.name} is neither a text file nor a spreadsheet that can be read. "
                "Save it as XLSX or as CSV (UTF-8).",
                f"{path.name}: 읽을 수 있는 텍스트나 스프레드시트가 아닙니다. "
                "XLSX 또는 CSV(UTF-8)로 저장해 주세요.",
            )
        )
    return _WIDE[0] if zeros[1] > zeros[0] else _WIDE[1]


def _by_letters(path: Path) -> str:
    counts = _Counts()
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                counts.all += 1
                counts.utf_8 += _fits(line, "utf-8")
                counts.korean += _is_korean(line)
                counts.western += _fits(line, "cp1252")
    # Letters of several bytes are not UTF-8 by chance; lines that are not are damaged ones.
    if counts.utf_8 * 2 > counts.all or not counts.all:
        return "utf-8"
    if counts.korean * 2 > counts.all:
        return "cp949"
    if counts.western >= counts.all * _MOST:
        return "cp1252"
    raise InputError(
        Words(
            f"The encoding of {path.name} cannot be told. Say it with --encoding, or save the file as "
            "CSV (UTF-8) or XLSX.",
            f"{path.name} 파일의 인코딩을 알 수 없습니다. --encoding으로 지정하거나, CSV(UTF-8) 또는 "
            "XLSX로 저장해 주세요.",
        )
    )


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_korean(line: bytes) -> bool:
    """Tell whether a line is CP949 and most of its other letters are Korean syllables or their company."""
    try:
        text = line.decode("cp949")
    except UnicodeDecodeError:
        return False
    letters = [sign for sign in text if not sign.isascii()]
    # Western letters in a row, read as CP949, are its rare syllables (no KS X 1001) and Chinese signs.
    usual = sum(_is_usual(sign) for sign in letters)
    return usual * 2 > len(letters)


def _is_usual(sign: str) -> bool:
    try:
        first, second = sign.encode("euc_kr")
    except (UnicodeEncodeError, ValueError):
        return False
    return 0xA1 <= first <= 0xC8 and second >= 0xA1  # noqa: PLR2004  # signs and syllables of KS X 1001


def _wrong(path: Path, encoding: str) -> InputError:
    return InputError(
        Words(
            f"{path.name} cannot be read as {encoding_words(encoding).en}. Say another one with --encoding.",
            f"{path.name} 파일을 {encoding_words(encoding).ko}(으)로 읽을 수 없습니다. "
            "--encoding으로 다른 인코딩을 지정해 주세요.",
        )
    )
