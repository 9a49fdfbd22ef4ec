"""What a payload proposes: where its orders are, and which of their fields is what."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tillbridge_generic_webstore.calling.ending import total_of
from tillbridge_generic_webstore.calling.grouping import ROWS
from tillbridge_generic_webstore.proposing import meanings, naming, unnamed
from tillbridge_generic_webstore.proposing.adding import Amounts, amounts_of
from tillbridge_generic_webstore.proposing.apart import LINES, apart_of
from tillbridge_generic_webstore.proposing.flat import Flat, flat_of
from tillbridge_generic_webstore.proposing.looking import (
    Found,
    Onward,
    fields_of,
    lines_of,
    onward,
    orders_of,
    orders_without_quantity,
)
from tillbridge_generic_webstore.proposing.money import MINOR_NAMES, is_money, money_keys, number
from tillbridge_generic_webstore.proposing.names import joined, plain
from tillbridge_generic_webstore.proposing.people import Entry, addresses_of, customer_of, entries_of
from tillbridge_generic_webstore.proposing.times import asked_as, time_form

_WRAPPED: Final = ("attributes",)
"""What JSON:API puts all fields of an object into."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A field that says how an order stands, and what its values seem to mean (None: nobody can tell)."""

    of: str
    values: Mapping[str, str | None]
    every: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a payload proposes for a profile.

    Attributes:
        rows: where an answer holds its orders; "@" where the payload is one order alone.
        group_by: where its rows are the lines of orders: which field of a row names its order.
        count: how many orders it holds.
        onward: where the answer seems to say how its list goes on; None where it does not.
        total: how many orders the answer says that there are, where it holds fewer; else 0.
        time: how times are written, as `defaults.time` says it.
        zoned: times carry their zone.
        asked_as: how `since.format` writes such times; "" where the usual form does.
        money: `defaults.money`, as TOML.
        unsure_money: whole numbers only: major or minor units cannot be told.
        order, customer, lines: the fields that were found.
        addresses: by `shipping_address` and `billing_address`.
        standing: the axes of an order's standing.
        states: where there is none, fields that may be one.
        done: the field that says what was done about the money.
        lines_from: where the lines are.
        part: the part that brings them, where they stand elsewhere: keys and values, as TOML writes them.
        unsure_part: where it brings them from is a guess.
        amounts: what adds up.
    """

    rows: str
    count: int
    group_by: str = ""
    onward: Onward | None = None
    total: int = 0
    time: str = "iso"
    zoned: bool = True
    asked_as: str = ""
    money: str = '"major"'
    unsure_money: bool = False
    order: Sequence[Entry] = ()
    customer: Sequence[Entry] = ()
    addresses: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    standing: Sequence[Axis] = ()
    states: Sequence[str] = ()
    done: Axis | None = None
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
    flat, apart = flat_of(payload), None
    sample = flat.sample if flat else orders_of(payload)
    if sample is None:
        apart = apart_of(payload)
        if apart is None or apart.is_guess:
            sample = orders_without_quantity(payload)
        if sample is None and apart:
            sample = apart.sample
        elif sample:
            apart = None
    if sample is None:
        return None
    orders = list(sample.orders)
    lines_from, lines = (LINES, apart.lines) if apart else _lines(orders)
    fields, line_fields = _merged(orders), _merged([line for one in lines for line in one])
    named = _Named(orders, lines, fields, line_fields)
    found, items = named.order, named.lines
    found["id"] = flat.key if flat else found["id"]
    times = [time_form(one.value) for key in ("placed", "updated") if (one := found[key])]
    money, unsure = _money([one for one in (found["total"], found["total_tax"]) if one])
    standing = list(_standing_of_rows(flat) if flat else _standing(orders, fields))
    return Proposal(
        rows=sample.rows,
        group_by=flat.key.expression if flat else "",
        count=len(orders),
        onward=onward(payload) if sample.rows != "@" else None,
        total=total_of(payload, len(flat.rows) if flat else len(orders)) if sample.rows != "@" else 0,
        time=next((one.split(" ")[0] for one in times if one), "iso"),
        zoned="iso without zone" not in times,
        asked_as=next((asked_as(one.value) for key in ("updated", "placed") if (one := found[key])), ""),
        money=money,
        unsure_money=unsure,
        order=list(entries_of(_with_currency(found), named.guesses)),
        customer=list(entries_of(customer_of(fields))),
        addresses=dict(addresses_of(fields)),
        standing=standing,
        states=()
        if standing
        else unnamed.state_names(orders, fields, [one for one in found.values() if one]),
        done=_done(orders, fields),
        lines_from=lines_from,
        part=apart.part if apart else {},
        unsure_part=apart is not None and apart.is_guess,
        lines=list(entries_of(items, named.guesses)),
        amounts=amounts_of(
            orders, lines, quantity=items["quantity"], total=found["total"], total_tax=found["total_tax"]
        ),
    )


class _Named:
    """Which fields of orders and lines are what: by their names, else by their form, which is a guess."""

    def __init__(
        self,
        orders: Sequence[Mapping[str, Any]],
        lines: Sequence[Sequence[Mapping[str, Any]]],
        fields: Sequence[Found],
        line_fields: Sequence[Found],
    ) -> None:
        self.guesses: dict[str, str] = {}
        self.order = {key: naming.pick(fields, fits, names) for key, (fits, names) in naming.ORDER.items()}
        self.lines = {
            key: naming.pick(line_fields, fits, names) for key, (fits, names) in naming.LINE.items()
        }
        order, items = self.order, self.lines
        order["id"] = order["id"] or unnamed.own_id(fields) or order["number"]
        self._guess(order, "placed", lambda: unnamed.own_time(fields, order["updated"]))
        self._guess(order, "updated", lambda: unnamed.later_time(orders, fields, order["placed"]))
        self._guess(items, "gtin", lambda: unnamed.barcode_of(lines))
        self._guess(items, "quantity", lambda: unnamed.quantity_of(lines, line_fields))
        self._guess(
            order,
            "total",
            lambda: unnamed.total_of(orders, lines, fields, items["quantity"], order["total_tax"]),
        )

    def _guess(
        self, found: dict[str, Found | None], key: str, look: Callable[[], unnamed.Guess | None]
    ) -> None:
        """Look for a field by its form where no name tells which it is."""
        guess = look() if found[key] is None else None
        if guess is not None:
            found[key], self.guesses[key] = guess.field, guess.why


def _lines(orders: Sequence[Mapping[str, Any]]) -> tuple[str, list[list[Any]]]:
    """Return where orders hold their lines, and the lines of each."""
    found = [lines_of(one) for one in orders]
    if not any(found):
        found = [lines_of(one, counted=False) for one in orders]
    path, _ = next(places for places in found if places)
    place = joined(path[:-1] if path[-1:] == ("[]",) else path)
    return place, [places[1] if places else [] for places in found]


def _merged(objects: Sequence[Mapping[str, Any]]) -> list[Found]:
    """Return the fields of several objects, each with the first value that is no blank."""
    found: dict[tuple[str, ...], Found] = {}
    for one in objects:
        for each in fields_of(one):
            known = found.get(each.path)
            if known is None or known.value in (None, "", 0):
                found[each.path] = each
    return list(found.values())


def _with_currency(found: Mapping[str, Found | None]) -> dict[str, Found | None]:
    """Take the currency from the total, where the order has none of its own."""
    made = dict(found)
    total = found["total"]
    if made["currency"] is None and total is not None and is_money(total.value):
        _, name = money_keys(total.value) or ("", "")
        made["currency"] = Found((*total.path, name), total.value[name])
    return made


def _done(orders: Sequence[Mapping[str, Any]], fields: Sequence[Found]) -> Axis | None:
    """Return the field that says how an order's payment stands, where a word of it is known."""
    own = [one for one in fields if len(one.path) == 1 or one.path[:-1] == _WRAPPED]
    one = naming.pick(own, naming.anything, meanings.STATES[1])
    if one is None:
        return None
    values = [unnamed.value_at(order, one) for order in orders]
    seen = Counter(value for value in values if not isinstance(value, dict | list))
    told = {_value(value): "-" if value is None else meanings.of_money(_value(value)) for value in seen}
    return Axis(one.expression, told) if any(word not in (None, "-") for word in told.values()) else None


def _standing(orders: Sequence[Mapping[str, Any]], fields: Sequence[Found]) -> Iterator[Axis]:
    own = [one for one in fields if len(one.path) == 1 or one.path[:-1] == _WRAPPED]
    axes = [naming.pick(own, naming.anything, names) for names in meanings.STATES]
    if not any(axes):
        # Deeper down only a word can be it: an address has a state, too.
        deeper = [one for one in fields if unnamed.is_own(one) and unnamed.is_word(one.value)]
        axes[0] = naming.pick(deeper, naming.anything, meanings.STATES[0])
    for one in axes:
        if one is not None:
            values = [unnamed.value_at(order, one) for order in orders]
            seen = Counter(value for value in values if not isinstance(value, dict | list))
            told = {_value(value): _meaning(one, value) for value in seen}
            if one is axes[0] and axes[2] is not None:
                # Whether the goods have left is told by a field of its own.
                told = {value: None if word == "fulfilled" else word for value, word in told.items()}
            yield Axis(one.expression, told)


def _standing_of_rows(flat: Flat) -> Iterator[Axis]:
    """Yield how orders stand by their rows, each of which says it."""
    for one in _standing(flat.rows, _merged(flat.rows)):
        yield Axis(f"{ROWS}[].{one.of}", one.values, every=True)


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
            sure = unit == "major" or plain(amount) in MINOR_NAMES
            return f'{{ unit = "{unit}", amount = "{amount}", currency = "{currency}" }}', not sure
    return ('"minor"' if whole and any(number(value) for value in values) else '"major"'), whole


def _scale(value: Mapping[str, Any]) -> str:
    """Return how an amount says itself what its number means; "" where it does not."""
    for key in value:
        if plain(key) == "divisor":
            return f'divisor = "{key}"'
        if plain(key) in ("fractiondigits", "decimals", "exponent"):
            return f'unit = "minor", decimals = "{key}"'
    return ""
