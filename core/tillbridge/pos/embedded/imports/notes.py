"""What there is to say about one line of a file."""

from dataclasses import dataclass

from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True)
class LineNote:
    """Something to know about a line that was taken.

    Attributes:
        line_number: in the file, from 1; of a row that spans lines, the first.
        field: in a report the title of the value's column as the file has it; until then what it was read
            as ("gtin", "price"); "" for the whole line.
        value: as it stands in the file.
        reason: what there is to know.
    """

    line_number: int
    field: str
    value: str
    reason: Words


@dataclass(frozen=True, slots=True)
class RefusedLine(LineNote):
    """A line of which nothing was taken; `reason` says why."""
