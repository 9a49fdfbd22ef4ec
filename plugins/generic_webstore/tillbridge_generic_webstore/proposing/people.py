"""Finds who ordered, and where the goods and the bill go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge_generic_webstore.proposing import naming
from tillbridge_generic_webstore.proposing.looking import Found
from tillbridge_generic_webstore.proposing.names import joined

_ADDRESS_KEYS: Final = 3
_SURE: Final[Mapping[str, str]] = {}
_PLACES: Final = {
    "shipping_address": ("ship", "deliver", "recipient", "dest"),
    "billing_address": ("bill", "invoice"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the profile, the expression proposed for it, and what the payload has there.

    Attributes:
        guess: what is to be looked at, where no name tells that it is this; "" where one does.
    """

    key: str
    expression: str
    value: Any = None
    guess: str = ""


def entries_of(found: Mapping[str, Found | None], guesses: Mapping[str, str] = _SURE) -> Iterator[Entry]:
    """Yield what was found as entries of the profile; `guesses` say by key what is to be looked at."""
    for key, one in found.items():
        if one is not None:
            yield Entry(key, one.expression, one.value, guesses.get(key, ""))


def customer_of(fields: Sequence[Found]) -> dict[str, Found | None]:
    """Return who ordered: not what the shop, or the one who receives the parcel, is called."""
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


def addresses_of(fields: Sequence[Found]) -> Iterator[tuple[str, Sequence[Entry]]]:
    """Yield the addresses of an order, each under its name in the profile."""
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
    entries = list(entries_of(found))
    first, last = (naming.pick(group, naming.anything, [name]) for name in ("firstname", "lastname"))
    if found["name"] is None and first and last:
        entries.insert(0, Entry("name", f"words({first.expression}, {last.expression})"))
    return entries
