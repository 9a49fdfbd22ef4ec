"""How a file is to be read, where that should not be found out from the file itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tillbridge.pos.embedded.imports.reading.table import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """How a file is to be read; what is not said is found out from the file, and told in the report.

    Attributes:
        encoding: of a text file, as Python knows it ("cp949", "utf-16").
        delimiter: of a text file: one sign.
        sheet: of a spreadsheet, by its name.
        decimal: the sign before decimals in prices and quantities.
        mapping: what columns mean: by title the field's name, or "-" to leave it out. It is remembered.
        forget: whether what was remembered of earlier files is forgotten first.
        progress: hears how far the file is.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    decimal: Literal["", ".", ","] = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    forget: bool = False
    progress: Progress | None = None
