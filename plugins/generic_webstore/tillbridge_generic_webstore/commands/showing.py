"""Shows people what an order becomes: a table of its fields, its sum, and what was not understood."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from tillbridge.plugin import CommandLine, WebOrder, Words
from tillbridge_generic_webstore.finding import ProfileFile
from tillbridge_generic_webstore.trying import Absent, Row, Tried

_UNREAD: Final = 40
_FAILED: Final = 5
"""How many orders that cannot be read are shown in full, however few were asked for ..."""
_LINES: Final = 20
"""... and of how many more the fault alone."""
_PIECES: Final[Mapping[str, Words]] = {
    "shipping": Words("shipping", "배송비"),
    "fee": Words("fee", "수수료"),
    "tip": Words("tip", "팁"),
    "rounding": Words("rounding", "반올림"),
}


def say_all(line: CommandLine, file: ProfileFile, tried: Sequence[Tried], most: int) -> None:
    """Show orders: those that cannot be read first, whatever `most` says; then what is left of it."""
    failed = [one for one in tried if one.error]
    whole = failed[: max(most, _FAILED)]
    faults = failed[len(whole) : len(whole) + _LINES]
    others = [one for one in tried if not one.error][: max(most - len(whole), 0)]
    for one in (*whole, *others):
        say_order(line, file, one, len(tried))
    for one in faults:
        line.say(Text(_fault(line, one), style="red"))
    hidden = len(tried) - len(whole) - len(faults) - len(others)
    if hidden and tried:
        line.say("")
        line.say(
            line.words(
                f"{hidden} more {'is' if hidden == 1 else 'are'} not shown: --most {len(tried)} shows all.",
                f"{hidden}건은 표시하지 않았습니다. 모두 보려면 --most {len(tried)}을(를) 써 주세요.",
            )
        )


def _fault(line: CommandLine, tried: Tried) -> str:
    assert tried.error is not None
    return f"{tried.place}: {tried.error.words.say(line.language)}"


def say_order(line: CommandLine, file: ProfileFile, tried: Tried, count: int) -> None:
    """Show one order of several."""
    line.say("")
    if count > 1:
        line.say(line.words(f"Order {tried.place} of {count}:", f"주문 {tried.place}/{count}:"))
    if tried.error:
        line.say(Text(tried.error.words.say(line.language), style="red"))
    if tried.reason:
        said = tried.reason.say(line.language)
        line.say(line.words(f"Not an order: {said}", f"주문이 아닙니다: {said}"))
    if tried.shown:
        line.say(_table(line, file, tried.rows))
        line.say(_sum(line, tried.shown))
    _say_absent(line, file, tried.absent)
    if tried.unread:
        rest = len(tried.unread) - _UNREAD
        more = line.words(f", and {rest} more", f" 외 {rest}개") if rest > 0 else ""
        unread = ", ".join(tried.unread[:_UNREAD]) + more
        line.say(line.words(f"Not used of the payload: {unread}", f"페이로드에서 쓰지 않은 값: {unread}"))


def _say_absent(line: CommandLine, file: ProfileFile, absent: Sequence[Absent]) -> None:
    """Name what found nothing: a likely slip with its line; what an order may be without in one sentence."""
    slips = [one for one in absent if one.near or not one.optional]
    for one in slips:
        near = line.words(f"; the payload has {one.near}", f" (페이로드에는 {one.near})") if one.near else ""
        line.say(
            line.words(
                f'{file.file}:{one.line} {one.path}: nothing there for "{one.expression}"{near}',
                f'{file.file}:{one.line} {one.path}: "{one.expression}"에 해당하는 값이 없습니다{near}',
            )
        )
    without = ", ".join(f"{one.path} ({one.line})" for one in absent if one not in slips)
    if without:
        line.say(
            line.words(
                f"This order has none of these, and need not: {without}",
                f"이 주문에 없는 선택 항목(없어도 됩니다): {without}",
            )
        )


def _table(line: CommandLine, file: ProfileFile, rows: Sequence[Row]) -> Table:
    table = Table(
        line.words("Field", "필드"),
        line.words("Becomes", "값"),
        file.file,
        line.words("In the payload", "페이로드"),
    )
    for row in rows:
        source = f"{row.line}: {row.expression}" if row.expression else f"{row.line}: {row.path}"
        table.add_row(Text(row.field), Text(row.value), Text(source), Text(", ".join(row.payload)))
    return table


def _sum(line: CommandLine, order: WebOrder) -> str:
    """Say how the total comes about, or that it does not."""
    zero = 0 * order.total.decimal
    pieces = [
        (line.words("lines", "품목"), sum((one.amount.gross.decimal for one in order.lines), start=zero))
    ]
    pieces += [(_piece(line, one.kind.value), one.amount.gross.decimal) for one in order.charges]
    pieces += [
        (_piece(line, name), money.decimal)
        for name, money in (("tip", order.tip), ("rounding", order.rounding))
        if money
    ]
    total = sum((amount for _, amount in pieces), start=zero)
    sign = "=" if total == order.total.decimal else "≠"
    said = " + ".join(f"{name} {amount}" for name, amount in pieces)
    return f"{order.total.decimal} {order.currency} {sign} {said}" + ("" if sign == "=" else f" = {total}")


def _piece(line: CommandLine, name: str) -> str:
    return _PIECES[name].say(line.language)
