"""Writes docs/status.md from the status table: `python -m tillbridge.model.status_docs > docs/status.md`."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tillbridge.model.status import (
    LINE_ROWS,
    LINE_WORDS,
    ORDER_ROWS,
    PAYMENT_ROWS,
    PAYMENT_STATE_WORDS,
    STATUS_WORDS,
    UNSOLD,
    Act,
    Row,
    Status,
    Transition,
)
from tillbridge.model.words import Words

_START: Final = "[*]"
_UNSOLD: Final = "UNSOLD"
_UNJUDGED: Final = "(not judged yet)"

_HEAD: Final = """\
# Status

Where a web order stands with staff, where each of its lines stands, and where the money for it is. This
page is made from the table in `tillbridge.model.status`, which alone decides what may follow what:

    python -m tillbridge.model.status_docs > docs/status.md
"""

_DIAGRAM_HEAD: Final = """\
## The way of an order

The four statuses of an order that waits for its sale stand in one box. *Undo* is not drawn: it leads
back to the status before.
"""

_TABLE_HEAD: Final = """\
## Every row

"Refused with" is what staff read where the row does not apply now. Unless "while waiting" says yes,
a row does not apply either while the point of sale owes an answer for this order.
Where an order is archived that was neither accepted nor rejected, staff are asked which of the two the
webstore is to hear: one row each.
Where an act leads to "(stays)", the decision is kept, and the status follows when the sale exists.
"""

_LINES_HEAD: Final = """\
## Lines

Each line of an order stands by itself. Rows of `staff` are what they do with some of an order's lines;
rows of `tillbridge` are what an order's own act makes of those of its lines that stand. What staff said of a
line alone is kept; everything else follows from the order.
"""

_MONEY_HEAD: Final = """\
## Payment

Where the money for an order is. It is kept nowhere: it follows from how the order was paid, from what its
webstore does on acceptance, and from what became of the order.
"""


def diagram() -> str:
    """Return the table as a mermaid state diagram; the four statuses without a sale are one state."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_titles(members)}" as {node}' for node, members in _nodes().items()]
    edges: dict[tuple[str, str], dict[str, None]] = {}
    for row in ORDER_ROWS:
        if row.target is not None:
            edge = (_node(row.source), _node(row.target))
            edges.setdefault(edge, {})[f"{row.act} ({row.who})"] = None
    lines += [f"    {source} --> {target} : {', '.join(acts)}" for (source, target), acts in edges.items()]
    return "\n".join(lines) + "\n"


def rows_table() -> str:
    """Return the table in Markdown; rows that differ only in where they start are one."""
    merged: dict[tuple[str, ...], list[str]] = {}
    for row in ORDER_ROWS:
        merged.setdefault(_cells(row), []).append(_title(row.source))
    lines = [
        "| act | who | from | to | queues | reason | while waiting | refused with |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (act, who, *rest), sources in merged.items():
        lines.append(f"| {' | '.join((act, who, '<br>'.join(sources), *rest))} |")
    return "\n".join(lines) + "\n"


def other_table(rows: Iterable[Row[Any, Any]]) -> str:
    """Return the rows of another axis; those that differ only in where they start are one."""
    merged: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        merged.setdefault(_other_cells(row), []).append(row.source.value if row.source else "-")
    lines = ["| act | who | from | to | queues | reason | refused with |", "|---|---|---|---|---|---|---|"]
    for (act, who, *rest), sources in merged.items():
        lines.append(f"| {' | '.join((act, who, '<br>'.join(sources), *rest))} |")
    return "\n".join(lines) + "\n"


def words_table(title: str, words: Mapping[Any, Words]) -> str:
    """Return every state of an axis in both languages."""
    lines = [f"| {title} | Korean |", "|---|---|"]
    lines += [f"| {one.en} | {one.ko} |" for one in words.values()]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return docs/status.md as a whole."""
    drawn = f"```mermaid\n{diagram()}```\n"
    parts = (
        _HEAD,
        words_table("status", STATUS_WORDS),
        _DIAGRAM_HEAD,
        drawn,
        _TABLE_HEAD,
        rows_table(),
        _LINES_HEAD,
        words_table("line", LINE_WORDS),
        other_table(LINE_ROWS),
        _MONEY_HEAD,
        words_table("payment", PAYMENT_STATE_WORDS),
        other_table(PAYMENT_ROWS),
    )
    return "\n".join(parts)


def _nodes() -> dict[str, tuple[Status, ...]]:
    nodes: dict[str, tuple[Status, ...]] = {_UNSOLD: UNSOLD}
    nodes |= {status.name: (status,) for status in Status if status not in UNSOLD}
    return nodes


def _node(status: Status | None) -> str:
    if status is None:
        return _START
    return _UNSOLD if status in UNSOLD else status.name


def _titles(statuses: Iterable[Status]) -> str:
    return "<br/>".join(statuses)


def _title(status: Status | None) -> str:
    return _UNJUDGED if status is None else status.value


def _cells(row: Transition) -> tuple[str, ...]:
    refusals = [guard.otherwise.en for guard in row.guards]
    return (
        row.act.value,
        row.who.value,
        _result(row),
        ", ".join(row.effects) or "-",
        "required" if row.reason_required else "-",
        "yes" if row.while_unanswered else "no",
        "<br>".join(refusals) or "-",
    )


def _other_cells(row: Row[Any, Any]) -> tuple[str, ...]:
    refusals = [guard.otherwise.en for guard in row.guards]
    return (
        row.act.value,
        row.who.value,
        row.target.value if row.target else "-",
        ", ".join(row.effects) or "-",
        "required" if row.reason_required else "-",
        "<br>".join(refusals) or "-",
    )


def _result(row: Transition) -> str:
    if row.act is Act.UNDO:
        return "(the status before)"
    if row.act is Act.ACCEPT and row.source is row.target:
        return "(stays)"
    return _title(row.target)


if __name__ == "__main__":
    sys.stdout.write(page())
