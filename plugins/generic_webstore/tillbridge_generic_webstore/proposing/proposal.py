"""What a payload proposes: where its orders are, and which of their fields is what."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tillbridge_generic_webstore.proposing import meanings, naming
from tillbridge_generic_webstore.proposing.adding import Amounts, amounts_of
from tillbridge_generic_webstore.proposing.apart import LINES, apart_of
from tillbridge_generic_webstore.proposing.looking import (
    Found,
    fields_of,
    is_money,
    joined,
    lines_of,
    money_keys,
    number,
    orders_of,
    plain,
)

_ADDRESS_KEYS: Final = 3
_OTHERS: Final = ("user", "buyer", "customer", "shop", "store", "parent", "session", "payment", "cart")
_WRAPPED: Final = ("attributes",)
"""What JSON:API puts all fields of an object into."""
_PLACES: Final = {
    "shipping_address": ("ship", "deliver", "recipient"),
    "billing_address": ("bill", "invoice"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the profile, the expression proposed for it, and what the payload has there."""

    key: str
    expression: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Axis:
    """A field that says how an order stands, and what its values seem to mean (None: nobody can tell)."""

    of: str
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a payload proposes for a profile.

    Attributes:
        rows: where an answer holds its orders; "@" where the payload is one order alone.
        count: how many orders it holds.
        time: how times are written, as `defaults.time` says it.
        zoned: times carry their zone.
        money: `defaults.money`, as TOML.
        unsure_money: whole numbers only: major or minor units cannot be told.
        order, customer, lines: the fields that were found.
        addresses: by `shipping_address` and `billing_address`.
        standing: the axes of an order's standing.
        lines_from: where the lines are.
        part: the part that brings them, where they stand elsewhere: keys and values, as TOML writes them.
        unsure_part: where it brings them from is a guess.
        amounts: what adds up.
    """

    rows: str
    count: int
    time: str = "iso"
    zoned: bool = True
    money: str = '"major"'
    unsure_money: bool = False
    order: Sequence[Entry] = ()
    customer: Sequence[Entry] = ()
    addresses: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    standing: Sequence[Axis] = ()
    lines_from: str = ""
    part: Mapping[str, str] = field(default_factory=dict)
    unsure_part: bool = False
    lines: Sequence[Entry] = ()
    amounts: Amounts = field(default_factory=Amounts)

    def has(self, key: str) -> bool:
        """Say whether a field of the order was found."""
        return any(one.key == key for one in self.order)


def propose(payload: Any) -> Proposal | None:
    """Return what a payload proposes; None if there is no order in it."""
    sample, apart = orders_of(payload), None
    if sample is None:
        apart = apart_of(payload)
        sample = apart.sample if apart else None
    if sample is None:
        return None
    orders = list(sample.orders)
    fields = _merged(orders)
    found = {key: naming.pick(fields, fits, names) for key, (fits, names) in naming.ORDER.items()}
    found["id"] = found["id"] or _own_id(fields) or found["number"]
    found["placed"] = found["placed"] or _own_time(fields, found["updated"])
    lines_from, lines = (LINES, apart.lines) if apart else _lines(orders)
    line_fields = _merged([line for one in lines for line in one])
    items = {key: naming.pick(line_fields, fits, names) for key, (fits, names) in naming.LINE.items()}
    times = [naming.time_form(one.value) for key in ("placed", "updated") if (one := found[key])]
    money, unsure = _money([one for one in (found["total"], found["total_tax"]) if one])
    return Proposal(
        rows=sample.rows,
        count=len(orders),
        time=next((one.split(" ")[0] for one in times if one), "iso"),
        zoned="iso without zone" not in times,
        money=money,
        unsure_money=unsure,
        order=list(_entries(_with_currency(found))),
        customer=list(_entries(_customer(fields))),
        addresses=dict(_addresses(fields)),
        standing=list(_standing(orders, fields)),
        lines_from=lines_from,
        part=apart.part if apart else {},
        unsure_part=apart is not None and apart.is_guess,
        lines=list(_entries(items)),
        amounts=amounts_of(
            orders, lines, quantity=items["quantity"], total=found["total"], total_tax=found["total_tax"]
        ),
    )


def _own_id(fields: Sequence[Found]) -> Found | None:
    """Return a field of the order itself whose name ends in "id", and is no other thing's."""
    own = (one for one in fields if len(one.path) == 1 and one.name.endswith("id"))
    fit = (one for one in own if naming.is_name(one.value) and not any(word in one.name for word in _OTHERS))
    return next(fit, None)


def _own_time(fields: Sequence[Found], updated: Found | None) -> Found | None:
    """Return the first time of the order itself, where none has a name that tells."""
    own = (one for one in fields if len(one.path) == 1 and naming.is_time(one.value))
    return next((one for one in own if updated is None or one.path != updated.path), None)


def _lines(orders: Sequence[Mapping[str, Any]]) -> tuple[str, list[list[Any]]]:
    """Return where orders hold their lines, and the lines of each."""
    path, _ = next(places for one in orders if (places := lines_of(one)))
    place = joined(path[:-1] if path[-1:] == ("[]",) else path)
    return place, [(lines_of(one) or ((), []))[1] for one in orders]


def _merged(objects: Sequence[Mapping[str, Any]]) -> list[Found]:
    """Return the fields of several objects, each with the first value that is no blank."""
    found: dict[tuple[str, ...], Found] = {}
    for one in objects:
        for each in fields_of(one):
            known = found.get(each.path)
            if known is None or known.value in (None, "", 0):
                found[each.path] = each
    return list(found.values())


def _entries(found: Mapping[str, Found | None]) -> Iterator[Entry]:
    for key, one in found.items():
        if one is not None:
            yield Entry(key, one.expression, one.value)


def _with_currency(found: Mapping[str, Found | None]) -> dict[str, Found | None]:
    """Take the currency from the total, where the order has none of its own."""
    made = dict(found)
    total = found["total"]
    if made["currency"] is None and total is not None and is_money(total.value):
        _, name = money_keys(total.value) or ("", "")
        made["currency"] = Found((*total.path, name), total.value[name])
    return made


def _customer(fields: Sequence[Found]) -> dict[str, Found | None]:
    """Find who ordered: not what the shop, or the one who receives the parcel, is called."""
    people = [
        one
        for one in fields
        if not any(word in joined(one.path).lower() for word in _PLACES["shipping_address"])
    ]
    found = {key: naming.pick(people, fits, names) for key, (fits, names) in naming.CUSTOMER.items()}
    for one in people:
        if found["id"] is None and one.path[-1] == "id" and "customer" in "".join(one.path[:-1]).lower():
            found["id"] = one
    if found["first_name"] or found["last_name"]:
        found["name"] = None
    return found


def _addresses(fields: Sequence[Found]) -> Iterator[tuple[str, Sequence[Entry]]]:
    groups: dict[tuple[str, ...], list[Found]] = {}
    for one in fields:
        groups.setdefault(one.path[:-1], []).append(one)
    for key, words in _PLACES.items():
        for path, group in groups.items():
            if not path or not any(word in joined(path).lower() for word in words):
                continue
            entries = _address(group)
            if len(entries) >= _ADDRESS_KEYS:
                yield key, entries
                break


def _address(group: Sequence[Found]) -> list[Entry]:
    found = {key: naming.pick(group, fits, names) for key, (fits, names) in naming.ADDRESS.items()}
    entries = list(_entries(found))
    first, last = (naming.pick(group, naming.anything, [name]) for name in ("firstname", "lastname"))
    if found["name"] is None and first and last:
        entries.insert(0, Entry("name", f"words({first.expression}, {last.expression})"))
    return entries


def _standing(orders: Sequence[Mapping[str, Any]], fields: Sequence[Found]) -> Iterator[Axis]:
    own = [one for one in fields if len(one.path) == 1 or one.path[:-1] == _WRAPPED]
    axes = [naming.pick(own, naming.anything, names) for names in meanings.STATES]
    for one in axes:
        if one is not None:
            seen = Counter(value for order in orders if not isinstance(value := _at(order, one), dict | list))
            told = {_value(value): _meaning(one, value) for value in seen}
            if one is axes[0] and axes[2] is not None:
                # Whether the goods have left is told by a field of its own.
                told = {value: None if word == "fulfilled" else word for value, word in told.items()}
            yield Axis(one.expression, told)


def _at(order: Mapping[str, Any], one: Found) -> Any:
    held: Any = order
    for step in one.path:
        held = held.get(step) if isinstance(held, dict) else None
    return held


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _meaning(one: Found, value: Any) -> str | None:
    if one.name in meanings.STATES[2]:
        return meanings.of_goods(_value(value))
    if one.name in meanings.STATES[1] and meanings.meaning(_value(value)) == "fulfilled":
        return "open"  # a payment that is complete
    return "open" if value is None else meanings.meaning(_value(value))


def _money(amounts: Sequence[Found]) -> tuple[str, bool]:
    """Return how money is written, and whether that is a guess."""
    values = [one.value for one in amounts]
    whole = all(isinstance(value, int) for value in values)
    for value in values:
        if isinstance(value, dict):
            amount, currency = money_keys(value) or ("", "")
            unit = "minor" if isinstance(value[amount], int) else "major"
            if more := _scale(value):
                return f'{{ {more}, amount = "{amount}", currency = "{currency}" }}', False
            return f'{{ unit = "{unit}", amount = "{amount}", currency = "{currency}" }}', unit == "minor"
    return ('"minor"' if whole and any(number(value) for value in values) else '"major"'), whole


def _scale(value: Mapping[str, Any]) -> str:
    """Return how an amount says itself what its number means; "" where it does not."""
    for key in value:
        if plain(key) == "divisor":
            return f'divisor = "{key}"'
        if plain(key) in ("fractiondigits", "decimals", "exponent"):
            return f'unit = "minor", decimals = "{key}"'
    return ""
