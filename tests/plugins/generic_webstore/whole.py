"""Orders of real payloads beside what was read from them by hand: how they are cut out, read and told."""

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from payloads import ORDERS
from tillbridge.plugin import ChargeKind, NotAnOrder, PayloadError, RawOrder, WebLine, WebOrder
from tillbridge_generic_webstore.language.loading import load_profile
from tillbridge_generic_webstore.mapping import Mapper

HERE = Path(__file__).parent
PRESETS = HERE.parents[2] / "plugins/generic_webstore/tillbridge_generic_webstore/presets"
_LINE = re.compile(r" \(\w+\.toml:\d+\)")  # where in the preset; no table depends on it


@dataclass(frozen=True)
class Expected:
    """One order of a payload file, and what is to come of it.

    Attributes:
        system: whose it is, and whose preset reads it.
        file: the payload's file.
        at: the keys and places that lead to it in the file.
        told: what the table says of it.
    """

    system: str
    file: str
    at: tuple[str | int, ...]
    told: dict[str, Any] = field(hash=False)

    @property
    def name(self) -> str:
        """What the test is called."""
        place = "".join(f".{one}" if isinstance(one, str) else f"[{one}]" for one in self.at)
        return f"{self.system}/{self.file}{place}{'+' if 'put_in' in self.told else ''}"

    @property
    def is_whole(self) -> bool:
        """Whether it becomes a web order."""
        return "number" in self.told

    def raw(self) -> RawOrder:
        """Return the order's bytes as they stand in the file, but for a template's marks."""
        content = cut((ORDERS / self.system / self.file).read_bytes(), self.at)
        marks = self.told.get("put_in", [])
        for old, new in zip(marks[::2], marks[1::2], strict=True):
            content = content.replace(old.encode(), new.encode())
        parts = {"order": content}
        for name, (file, *at) in self.told.get("parts", {}).items():
            parts[name] = cut((ORDERS / self.system / file).read_bytes(), tuple(at))
        return RawOrder(order_id=None, parts=parts)


def cut(content: bytes, at: tuple[str | int, ...]) -> bytes:
    """Cut one value out of JSON, byte for byte."""
    for step in at:
        if isinstance(step, str):
            content = bytes(msgspec.json.decode(content, type=dict[str, msgspec.Raw])[step])
        else:
            content = bytes(msgspec.json.decode(content, type=list[msgspec.Raw])[step])
    return content


def expected(system: str) -> list[Expected]:
    """Return what was read by hand from a system's payloads."""
    table = tomllib.loads((HERE / f"expected/{system}.toml").read_text("utf-8"))
    return [
        Expected(system, one.pop("file"), tuple(one.pop("at")), {**table.get("all", {}), **one})
        for one in table["order"]
    ]


def systems() -> list[str]:
    """Return the systems that have a table."""
    return sorted(file.stem for file in (HERE / "expected").glob("*.toml"))


@cache
def mapper(system: str) -> Mapper:
    """Return the mapper of a system's preset."""
    file = PRESETS / f"{system}.toml"
    return load_profile(file.read_text("utf-8"), file.name).mapper


def come_of(one: Expected) -> WebOrder | dict[str, Any]:
    """Return what comes of an order: the order, or in the words of the table why not."""
    try:
        read = mapper(one.system).parse(one.raw(), one.told.get("settings", {}))
    except PayloadError as error:
        return {"refused": _LINE.sub("", error.words.en)}
    return {"no_order": read.reason.en} if isinstance(read, NotAnOrder) else read


def told(order: WebOrder) -> dict[str, Any]:
    """Tell an order as the tables do."""
    person = order.customer
    charged = {
        kind: sum((one.amount.gross.decimal for one in order.charges if one.kind is kind), Decimal(0))
        for kind in ChargeKind
    }
    tax = sum((amount.tax.decimal for amount in order.amounts), Decimal(0))
    found: dict[str, Any] = {
        "number": order.number,
        "placed": f"{order.placed_at:%Y-%m-%dT%H:%M:%S}Z",
        "updated": f"{order.updated_at:%Y-%m-%dT%H:%M:%S}Z" if order.updated_at else "",
        "currency": order.currency,
        "standing": order.standing.value,
        "kind": order.kind.value,
        "paid": order.paid,
        "customer": [person.id or "", person.name, person.email or "", person.phone or ""],
        "lines": [_line(line) for line in order.lines],
        "shipping": charged[ChargeKind.SHIPPING],
        "fees": charged[ChargeKind.FEE],
        "tip": order.tip.decimal if order.tip else Decimal(0),
        "tax": tax,
        "total": order.total.decimal,
        "tenders": [[one.kind.value, one.amount.decimal] for one in order.tenders],
        "rounding": order.rounding.decimal if order.rounding else Decimal(0),
    }
    return {name: exact(value) for name, value in found.items()}


def _line(line: WebLine) -> list[Any]:
    known = [f"{one.kind.value} {one.value}" for one in line.identifiers]
    if line.listing:
        parent = f"{line.listing.parent_id}/" if line.listing.parent_id else ""
        known.append(f"product {parent}{line.listing.item_id}")
    discount = line.discount.decimal if line.discount else Decimal(0)
    amount = line.amount
    return [line.id, line.quantity, amount.gross.decimal, amount.tax.decimal, discount, ", ".join(known)]


def exact(value: Any) -> Any:
    """Return numbers as plain texts without needless zeros, so that a table may write 31.2 or 31.20."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, list):
        return [exact(one) for one in value]
    return value


def by_hand(one: Expected) -> dict[str, Any]:
    """Return what a table tells of a whole order, with what it leaves out: nothing, and no such charge."""
    nothing = {
        "shipping": "0",
        "fees": "0",
        "tip": "0",
        "tax": "0",
        "rounding": "0",
        "tenders": [],
        "updated": "",
    }
    amounts = ("shipping", "fees", "tip", "tax", "rounding", "total")
    wanted = {**nothing, **{name: one.told[name] for name in one.told if name not in _BESIDE}}
    for name in amounts:
        wanted[name] = exact(Decimal(wanted[name]))
    wanted["lines"] = [
        [line[0], *(exact(Decimal(n)) for n in line[1:5]), line[5]] for line in wanted["lines"]
    ]
    wanted["tenders"] = [[kind, exact(Decimal(amount))] for kind, amount in wanted["tenders"]]
    return wanted


_BESIDE = {"again", "why", "put_in", "settings", "parts"}


def report() -> str:
    """Return for each system how many of its orders are whole, are none, and are refused, and why those."""
    lines = [
        "| system | orders in the payloads | whole | no order | refused | why refused |",
        "|---|---|---|---|---|---|",
    ]
    for system in systems():
        orders = expected(system)
        first = [one for one in orders if not one.told.get("again")]
        whole = sum(1 for one in first if one.is_whole)
        none = sum(1 for one in first if "no_order" in one.told)
        let_in = sum(1 for one in orders if one.is_whole and one.told.get("again"))
        why = "; ".join(dict.fromkeys(one.told["why"] for one in first if "refused" in one.told))
        more = f" (and {let_in} of the test orders)" if let_in else ""
        lines.append(
            f"| {system} | {len(first)} | {whole}{more} | {none} | {len(first) - whole - none} | {why} |"
        )
    return "\n".join(lines) + "\n"
