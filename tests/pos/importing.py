"""Files of a vendor for tests: written as their programs write them, and imported."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openpyxl import Workbook


def counts(report) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, len(report.refused)


def reasons(report) -> list[tuple[int, str, str]]:
    """Each refused line with its column and why."""
    return [(one.line_number, one.field, one.reason.en) for one in report.refused]


def notes(report) -> list[tuple[int, str, str]]:
    return [(one.line_number, one.field, one.reason.en) for one in report.notes]


@contextmanager
def workbook(path) -> Iterator[Any]:
    """Lend a sheet of a new workbook, and save it as it is then."""
    book = Workbook()
    yield book.active
    book.save(path)


def replace_part(path, name: str, content: bytes) -> None:
    """Put another part in the place of one of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in parts.items():
            archive.writestr(one, data)


_INLINE = re.compile(rb't="inlineStr"([^>]*)><is>(.*?)</is>')
_SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/></Types>'
)


def share_texts(path, *, prolog: bytes = b"") -> None:
    """Put a workbook's texts into a table of their own, as Excel does; openpyxl does not."""
    sheet = "xl/worksheets/sheet1.xml"
    texts: list[bytes] = []

    def number(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return b't="s"%b><v>%d</v>' % (found[1], len(texts) - 1)

    with zipfile.ZipFile(path) as archive:
        content, kinds = archive.read(sheet), archive.read("[Content_Types].xml")
    replace_part(path, sheet, _INLINE.sub(number, content))
    replace_part(path, "[Content_Types].xml", kinds.replace(b"</Types>", _SHARED))
    table = b"".join(b"<si>%b</si>" % text for text in texts)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    replace_part(path, "xl/sharedStrings.xml", prolog + b'<sst xmlns="%b">%b</sst>' % (space, table))
