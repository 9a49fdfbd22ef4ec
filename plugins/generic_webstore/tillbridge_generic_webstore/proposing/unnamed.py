"""Finds what no name tells, by its form and by what adds up; all of it is a guess, and written as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations
from typing import Any, Final

from tillbridge_generic_webstore.proposing import candidates, naming
from tillbridge_generic_webstore.proposing.adding import amounts_of
from tillbridge_generic_webstore.proposing.looking import Found
from tillbridge_generic_webstore.proposing.money import is_currency
from tillbridge_generic_webstore.proposing.times import is_time, time_form

_OTHERS: Final = (
    *("user", "buyer", "customer", "shop", "store", "parent", "session", "payment", "cart"),
    *(
        "coupon",
        "discount",
        "ship",
        "deliver",
        "dest",
        "recipient",
        "bill",
        "refund",
        "address",
        "invoice",
        "meta",
        "pay",
        "fulfil",
    ),
)
"""What other things than the order itself are called."""
_CHANGES: Final = ("chang", "mod", "updat", "touch", "edit", "last", "sync")
_PEOPLE: Final = frozenset(
    name for table in (naming.CUSTOMER, naming.ADDRESS) for _, names in table.values() for name in names
)
"""What is said of people: their numbers are no amounts."""
_FEW: Final = 6
"""How many fields are tried as the total."""
_STATES: Final = 4
"""How many fields are named that may say how an order stands."""
_LONGEST_WORD: Final = 30
_NEAR: Final = 2
_TOTALS: Final = ("total", "due", "payable", "topay")
_COUNTS: Final = ("count", "quantity", "qty", "number", "interval", "weight", "rate", "shipping")
"""What is called so is no total."""
_MANY: Final = 10_000
"""What is more is no quantity but a number of something."""

Objects = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that was found without its name.

    Attributes:
        field: which.
        why: what speaks for it, as the profile says it behind CHECK.
    """

    field: Found
    why: str


def own_id(fields: Sequence[Found]) -> Found | None:
    """Return a field of the order itself whose name ends in "id", and is no other thing's."""
    own = (one for one in fields if len(one.path) == 1 and one.name.endswith("id"))
    fit = (one for one in own if naming.is_name(one.value) and not any(word in one.name for word in _OTHERS))
    return next(fit, None)


def own_time(fields: Sequence[Found], updated: Found | None) -> Guess | None:
    """Return the first time of the order itself, where none has a name that tells."""
    own = [one for one in fields if is_own(one) and is_time(one.value)]
    others = [one for one in own if updated is None or one.path != updated.path]
    if not others:
        return None
    same_kind = all(time_form(one.value) == time_form(others[0].value) for one in others)
    found = min(others, key=lambda one: one.value) if same_kind else others[0]
    return Guess(found, "its first time; is it when the order was placed?")


def later_time(orders: Objects, fields: Sequence[Found], placed: Found | None) -> Guess | None:
    """Return a time of the order that is never before it was placed, and whose name speaks of a change."""
    if placed is None:
        return None
    for one in fields:
        if not is_own(one) or one == placed or not is_time(one.value):
            continue
        if not any(word in one.name for word in _CHANGES):
            continue
        pairs = [(value_at(order, placed), value_at(order, one)) for order in orders]
        both = [(before, after) for before, after in pairs if before is not None and after is not None]
        if all(type(before) is type(after) and after >= before for before, after in both):
            return Guess(one, "is it when the order changed?")
    return None


def is_own(one: Found) -> bool:
    """Say whether a field is said of the order itself, not of somebody or something in it."""
    above = "".join(one.path[:-1]).lower()
    return len(one.path) <= _NEAR and not any(word in above for word in _OTHERS)


def quantity_of(lines: Sequence[Objects], fields: Sequence[Found]) -> Guess | None:
    """Return how many of a line: what makes of one amount another, else the only count that it has."""
    every = [line for one in lines for line in one]
    counted = [one for one in fields if _is_count(every, one) and not candidates.counts(lines, one)]
    amounts = [
        one
        for one in fields
        if one not in counted and one.name not in candidates.PLACES and naming.is_amount(one.value)
    ]
    for one in counted:
        for price, whole in permutations(amounts, 2):
            if _makes(every, price, one, whole):
                return Guess(one, f"{price.expression} times it is {whole.expression}; is it the quantity?")
    return Guess(counted[0], "is it the quantity?") if len(counted) == 1 else None


def _is_count(lines: Objects, field: Found) -> bool:
    """Say whether a field is a whole number above 0 of every line, and is called nothing else."""
    if field.name.endswith("id") or field.name in candidates.PLACES or isinstance(field.value, dict):
        return False
    if any(word in field.name for word in ("price", "tax", "amount", "cents", "total", "weight", "rate")):
        return False
    values = [candidates.at(line, field) for line in lines]
    return bool(values) and all(one is not None and 0 < one < _MANY and one % 1 == 0 for one in values)


def _makes(lines: Objects, price: Found, times: Found, whole: Found) -> bool:
    """Say whether one amount times a count is another, in every line, and not only because it is 1."""
    found = [tuple(candidates.at(line, one) for one in (price, times, whole)) for line in lines]
    rows = [(one, count, product) for one, count, product in found if None not in (one, count, product)]
    return (
        len(rows) == len(lines)
        and any(count != 1 for _, count, _ in rows)
        and all((one or 0) * (count or 0) == product for one, count, product in rows)
    )


def total_of(
    orders: Objects,
    lines: Sequence[Objects],
    fields: Sequence[Found],
    quantity: Found | None,
    total_tax: Found | None,
) -> Guess | None:
    """Return an amount of the order to which its lines add up in every order; else one that is called so."""
    near = [one for one in fields if len(one.path) <= _NEAR and _is_total(one) and _sum(orders, one)]
    tried = sorted(near, key=lambda one: -_sum(orders, one))
    for one in tried[:_FEW]:
        made = amounts_of(orders, lines, quantity=quantity, total=one, total_tax=total_tax)
        if made.looked and made.agreed == made.looked:
            return Guess(one, "the lines add up to it; is it the total?")
    named = (one for one in tried if any(word in one.name for word in _TOTALS) and "net" not in one.name)
    called = next(named, None)
    return Guess(called, "is it the total?") if called else None


def _is_total(field: Found) -> bool:
    return (
        naming.is_amount(field.value)
        and not is_time(field.value)
        and not field.name.endswith("id")
        and field.name not in candidates.PLACES
        and field.name not in _PEOPLE
        and not any(word in field.name for word in _COUNTS)
    )


def _sum(orders: Objects, field: Found) -> Decimal:
    return sum((candidates.at(order, field) or Decimal(0) for order in orders), start=Decimal(0))


def state_names(orders: Objects, fields: Sequence[Found], taken: Sequence[Found]) -> list[str]:
    """Return fields of the order itself that may say how it stands: a word, of which there are few."""
    known = {one.path for one in taken}
    found = []
    for one in fields:
        words = [value_at(order, one) for order in orders]
        if len(one.path) > 1 or one.path in known or not all(map(is_word, words)):
            continue
        if len(set(words)) < len(words) or len(words) == 1:
            found.append(one.expression)
    return found[:_STATES]


def is_word(value: Any) -> bool:
    """Say whether a value is a word, as states are: no sentence, no number, no code of a currency."""
    if not isinstance(value, str) or not 1 < len(value) <= _LONGEST_WORD:
        return False
    return "".join(value.split()).replace("_", "").replace("-", "").isalpha() and not is_currency(value)


def barcode_of(lines: Sequence[Objects]) -> Guess | None:
    """Return the first of a list of barcodes that lines have."""
    for line in (line for one in lines for line in one):
        for path, values in _texts_of(line):
            if values and all(naming.is_barcode(one) for one in values):
                return Guess(Found((*path, "[0]"), values[0]), "the first of several; is it the barcode?")
    return None


def _texts_of(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield the lists of texts and numbers within an object."""
    for key, one in value.items() if isinstance(value, dict) else ():
        if isinstance(one, dict) and len(path) < _NEAR:
            yield from _texts_of(one, (*path, key))
        elif isinstance(one, list) and not any(isinstance(each, dict | list) for each in one):
            yield (*path, key), one


def value_at(held: Any, one: Found) -> Any:
    """Return what an object has at a field's path; None where it has nothing there."""
    for step in one.path:
        held = held.get(step) if isinstance(held, dict) else None
    return held
