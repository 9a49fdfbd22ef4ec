"""What differs between two states of one web order, in words. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tillbridge.model.money import Money, sum_money
from tillbridge.model.orders import Address, OrderKind, Standing, WebLine, WebOrder
from tillbridge.model.words import Words

STANDING_WORDS: Final = {
    Standing.UNPAID: Words("unpaid", "미결제"),
    Standing.OPEN: Words("open", "진행 중"),
    Standing.FULFILLED: Words("handed over", "전달 완료"),
    Standing.CANCELLED: Words("cancelled", "취소됨"),
    Standing.REFUNDED: Words("refunded", "환불됨"),
}
_KIND_WORDS: Final = {
    OrderKind.BOPIS: Words("BOPIS", "구매"),
    OrderKind.ROPIS: Words("ROPIS", "예약"),
    OrderKind.SHIPPING: Words("shipping", "배송"),
}
_PAID: Final = {True: Words("paid", "결제됨"), False: Words("not paid", "미결제")}


class OnCancellation(StrEnum):
    """What a connection does by itself with an order that is cancelled before anybody accepted it."""

    CLOSE = "close"  # its sale is made void, and it is put aside
    ASK = "ask"  # staff decide


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise now.

    Attributes:
        path: the web order's field, a line as in "lines[ID]".
        label: what it is called.
        before: None for what was not there.
        after: None for what is there no longer.
    """

    path: str
    label: Words
    before: Words | None
    after: Words | None


Shown = Callable[[WebOrder], Words | None]
_TOLD: Final = 4
_WIDTH: Final = 80


def differences(before: WebOrder, after: WebOrder) -> tuple[Difference, ...]:
    """Return what differs: the standing first, then lines, amounts, customer and addresses."""
    return (*_fields(before, after, _FIRST), *_lines(before, after), *_fields(before, after, _REST))


def in_short(changes: Sequence[Difference]) -> Words | None:
    """Return the first differences in one line, each cut; None where there are none."""
    if not changes:
        return None
    said = [_in_short(one) for one in changes[:_TOLD]]
    if left := len(changes) - len(said):
        said.append(Words(f"and {left} more", f"외 {left}건"))
    return Words("; ".join(one.en for one in said), "; ".join(one.ko for one in said))


def _in_short(one: Difference) -> Words:
    """Say one difference: a line names itself, and says that it came or went."""
    if one.path.startswith("lines["):
        if one.before is None or one.after is None:
            sign, line = ("+", one.after) if one.before is None else ("−", one.before)
            return Words(f"{sign} {_cut(line.en)}", f"{sign} {_cut(line.ko)}") if line else Words("", "")
        pairs = ((one.before.en, one.after.en), (one.before.ko, one.after.ko))
        return Words(*(f"{_cut(before)} → {_cut(after)}" for before, after in pairs))
    before, after = (words or Words("-", "-") for words in (one.before, one.after))
    return Words(
        f"{one.label.en}: {_cut(before.en)} → {_cut(after.en)}",
        f"{one.label.ko}: {_cut(before.ko)} → {_cut(after.ko)}",
    )


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _fields(
    before: WebOrder, after: WebOrder, fields: tuple[tuple[str, Words, Shown], ...]
) -> Iterator[Difference]:
    for path, label, shown in fields:
        was, now = shown(before), shown(after)
        if was != now:
            yield Difference(path, label, was, now)


def _lines(before: WebOrder, after: WebOrder) -> Iterator[Difference]:
    was, now = ({line.id: line for line in order.lines} for order in (before, after))
    for number in {**was, **now}:
        texts = [_line(some.get(number)) for some in (was, now)]
        if texts[0] != texts[1]:
            title = (now.get(number) or was[number]).title
            yield Difference(f"lines[{number}]", Words.of(title), *texts)


def _line(line: WebLine | None) -> Words | None:
    if line is None:
        return None
    numbers = " ".join(one.value for one in line.identifiers)
    options = f", {line.options}" if line.options else ""
    pieces = format(line.quantity.normalize(), "f")
    return Words.of(f"{pieces} × {line.title}{options} ({numbers or '-'}), {line.amount.gross}")


def _text(text: object) -> Words | None:
    return Words.of(f"{text}") if text else None


def _address(address: Address | None) -> Words | None:
    if address is None:
        return None
    parts = (
        address.name,
        address.company,
        " ".join(address.street),
        address.postcode,
        address.city,
        address.region,
        address.country,
        address.phone,
    )
    return _text(", ".join(part for part in parts if part))


def _charges(order: WebOrder) -> Words | None:
    return _text(", ".join(f"{one.title or one.kind.value} {one.amount.gross}" for one in order.charges))


def _tendered(order: WebOrder) -> Money:
    return sum_money((one.amount for one in order.tenders), order.currency)


_FIRST: Final[tuple[tuple[str, Words, Shown], ...]] = (
    ("standing", Words("At the webstore", "웹스토어 상태"), lambda order: STANDING_WORDS[order.standing]),
    ("kind", Words("Kind", "유형"), lambda order: _KIND_WORDS[order.kind]),
)
_REST: Final[tuple[tuple[str, Words, Shown], ...]] = (
    ("charges", Words("Shipping and fees", "배송비와 수수료"), _charges),
    (
        "discounts",
        Words("Discounts", "할인"),
        lambda order: _text(
            ", ".join(f"{one.title or one.code or '-'} {one.amount}" for one in order.discounts)
        ),
    ),
    ("tip", Words("Tip", "팁"), lambda order: _text(order.tip)),
    ("total", Words("Total", "합계"), lambda order: _text(order.total)),
    ("paid", Words("Payment", "결제"), lambda order: _PAID[order.paid]),
    ("tenders", Words("Paid or held", "결제 또는 승인 금액"), lambda order: _text(_tendered(order))),
    ("customer.name", Words("Customer", "고객"), lambda order: _text(order.customer.name)),
    ("customer.email", Words("E-mail", "이메일"), lambda order: _text(order.customer.email)),
    ("customer.phone", Words("Phone", "전화"), lambda order: _text(order.customer.phone)),
    ("shipping_address", Words("Shipped to", "배송지"), lambda order: _address(order.shipping_address)),
    ("billing_address", Words("Billed to", "청구지"), lambda order: _address(order.billing_address)),
    ("location", Words("Location", "위치"), lambda order: _text(order.location)),
    ("note", Words("Note", "메모"), lambda order: _text(order.note)),
)
