"""Shows people what an order becomes: a table of its fields, its sum, and what was not understood."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from tillbridge.plugin import CommandLine, WebOrder, Words
from tillbridge_generic_webstore.finding import ProfileFile
from tillbridge_generic_webstore.trying import Absent, Row, Tried

_UNREAD: Final = 40
_PIECES: Final[Mapping[str, Words]] = {
    "shipping": Words("shipping", "배송비"),
    "fee": Words("fee", "수수료"),
    "tip": Words("tip", "팁"),
    "rounding": Words("rounding", "반올림"),
}


def say_order(line: CommandLine, file: ProfileFile, tried: Tried) -> None:
    """Show one order."""
    line.say("")
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
