"""Finds a file's header, and what its columns mean: by known titles, or as a vendor's own are mapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tillbridge.model.base import clean_text
from tillbridge.model.errors import InputError
from tillbridge.model.identifiers import normalise_name
from tillbridge.model.words import Words
from tillbridge.pos.embedded.imports.reading.fields import Field
from tillbridge.pos.embedded.imports.reading.table import RawRow

NOT_READ: Final = "-"
"""In the place of a field: the column is left out."""

# One known word may be chance; a title above the header has only one cell.
_SURE: Final = 2


def title_key(title: str) -> str:
    """Return the form in which titles are compared."""
    return normalise_name(title.replace("_", " ").replace("-", " "))


@dataclass(frozen=True, slots=True)
class TitleMapping:
    """What a vendor's own titles mean.

    Attributes:
        given: by title as it was written the field's name, or `NOT_READ`; said for this file.
        remembered: the same, from an earlier file.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)

    def all(self) -> dict[str, str]:
        """Return the meanings by title; what is given counts before what is remembered."""
        keys = {title_key(title) for title in self.given}
        kept = {title: name for title, name in self.remembered.items() if title_key(title) not in keys}
        return {**kept, **self.given}


@dataclass(frozen=True, slots=True)
class Header:
    """A file's header.

    Attributes:
        line: that it stands on.
        titles: as they stand.
        columns: the field of each, None where it is not read.
        mapped: the titles whose meaning was given or remembered, with the name of the field.
        vanished: remembered titles that the file does not have, with the name of the field.
        unknown: the titles that are not read and that nobody said to leave out.
    """

    line: int
    titles: Sequence[str]
    columns: Sequence[str | None]
    mapped: Mapping[str, str]
    vanished: Mapping[str, str]
    unknown: tuple[str, ...]


class Vocabulary:
    """The titles that are understood: the fields' own, and a vendor's.

    Args:
        fields: what a file may say.
        mapping: what the vendor's own titles mean.

    Raises:
        InputError: a title is mapped to a field that does not exist.
    """

    def __init__(self, fields: Sequence[Field], mapping: TitleMapping) -> None:
        self._fields = {one.name: one for one in fields}
        self._titles = {title: one for one in fields for title in one.titles}
        self._mapping = mapping
        self._mapped = {title_key(title): name for title, name in mapping.all().items()}
        _refuse_unknown(mapping.given.values(), fields)

    def score(self, rows: Sequence[RawRow]) -> tuple[int, int]:
        """Return how many titles of the header among these rows are understood, and how many there are."""
        row = self.find(rows)
        return (self._understood(row), len(row.values)) if row else (0, 0)

    def find(self, rows: Sequence[RawRow]) -> RawRow | None:
        """Return the header among a file's first rows: the one that is understood best.

        If none is, it is the first one with more than one cell: above it stands what the file is called.
        """
        best = max(rows, key=self._understood, default=None)
        if best is None or self._understood(best) >= _SURE:
            return best
        wide = (row for row in rows if sum(bool(value.strip()) for value in row.values) > 1)
        return next(wide, rows[0])

    def read(self, row: RawRow) -> Header:
        """Read a header.

        Raises:
            InputError: two columns say the same, or a title that was given is not there.
        """
        titles = [clean_text(title) for title in row.values]
        said = [self._said(title, number) for title, number in zip(titles, numbered(titles), strict=True)]
        self._refuse_absent(titles)
        names = [self._mapped.get(title_key(title)) for title in said]
        taken = {name for name in names if name}
        columns: list[str | None] = []
        for name, title in zip(names, titles, strict=True):
            known = self._titles.get(title_key(title))
            if name is not None:
                columns.append(name if name != NOT_READ else None)
            elif known and (known.several or known.name not in taken):
                columns.append(known.name)
            else:
                columns.append(None)
        self._refuse_doubles(titles, columns)
        there = _keys(titles)
        return Header(
            line=row.line,
            titles=titles,
            columns=columns,
            mapped={title: name for title, name in zip(said, names, strict=True) if name and title},
            vanished={
                title: name
                for title, name in self._mapping.all().items()
                if title_key(title) not in there and name != NOT_READ
            },
            unknown=tuple(
                title
                for title, name, column in zip(titles, names, columns, strict=True)
                if title and not name and column is None
            ),
        )

    def _said(self, title: str, number: str) -> str:
        """Return under which of its two titles a column's meaning is said, if it is."""
        return number if number and title_key(number) in self._mapped else title

    def _understood(self, row: RawRow) -> int:
        keys = (title_key(value) for value in row.values)
        return sum(key in self._titles or key in self._mapped for key in keys if key)

    def _refuse_absent(self, titles: Sequence[str]) -> None:
        keys = _keys(titles)
        remembered = {title_key(title) for title in self._mapping.remembered}
        for title in self._mapping.given:
            if title_key(title) not in {*keys, *remembered}:
                came = listed(titles)
                raise InputError(
                    Words(
                        f"--map names a column “{title}”, and the file has none. It has: {came}.",
                        f"--map에 지정한 “{title}” 열이 파일에 없습니다. 파일에 있는 열: {came}",
                    )
                )

    def _refuse_doubles(self, titles: Sequence[str], columns: Sequence[str | None]) -> None:
        first: dict[str, str] = {}
        for title, number, name in zip(titles, numbered(titles), columns, strict=True):
            if name is None or self._fields[name].several:
                continue
            if name in first:
                raise InputError(_doubled(first[name], title, number))
            first[name] = title


def numbered(titles: Sequence[str]) -> list[str]:
    """Return for each title that several columns have which of them it is ("price#2"), for others ""."""
    keys = [title_key(title) for title in titles]
    return [
        f"{title}#{keys[: place + 1].count(key)}" if key and keys.count(key) > 1 else ""
        for place, (title, key) in enumerate(zip(titles, keys, strict=True))
    ]


def _keys(titles: Sequence[str]) -> set[str]:
    """Return every title that a meaning may be said of, as titles are compared."""
    return {title_key(title) for title in (*titles, *numbered(titles))}


def _doubled(first: str, second: str, number: str) -> Words:
    en = ko = ""
    if number and title_key(first) == title_key(second):
        en, ko = f" (#{number.rpartition('#')[2]} is this one, #1 is the first)", "(#1은 첫 번째 열)"
    both, way = f"“{first}”, “{second}”", f'--map "{(number if en else "") or second}=-"'
    return Words(
        f"Two columns say the same: {both}. Leave one out, rename it, or say {way}{en}.",
        f"같은 뜻의 열이 두 개입니다: {both}. 하나를 지우거나 이름을 바꾸거나 {way}{ko}로 제외해 주세요.",
    )


def listed(titles: Iterable[str]) -> str:
    """Return titles in one line, those that are empty left out."""
    return ", ".join(title for title in titles if title)


def _refuse_unknown(names: Iterable[str], fields: Sequence[Field]) -> None:
    known = [one.name for one in fields]
    for name in names:
        if name not in known and name != NOT_READ:
            raise InputError(
                Words(
                    f"--map cannot mean {name!r}. A column may be: {', '.join(known)}; or - to leave it out.",
                    f"--map의 {name!r}은(는) 쓸 수 없습니다. 사용 가능: {', '.join(known)}, 제외하려면 -",
                )
            )
