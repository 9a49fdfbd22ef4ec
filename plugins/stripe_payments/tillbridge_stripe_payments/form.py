"""What Stripe is sent: a form, with names in brackets for what stands inside something else."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]
Params = Mapping[str, Value]


def pairs(params: Params) -> list[tuple[str, str]]:
    """Return parameters flat: {"metadata": {"a": "b"}, "expand": ["c"]} as metadata[a]=b, expand[]=c."""
    return [pair for name, value in params.items() for pair in _flat(name, value)]


def encoded(params: Params) -> bytes:
    """Return parameters as a form's bytes."""
    return urlencode(pairs(params)).encode("ascii")


def query(params: Params) -> dict[str, str | list[str]]:
    """Return parameters as the query of an address; a name that comes twice has a list."""
    found: dict[str, list[str]] = {}
    for name, value in pairs(params):
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _flat(name: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _flat(f"{name}[{inner}]", one)
    elif isinstance(value, str):
        yield name, value
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, int):
        yield name, str(value)
    else:
        for one in value:
            yield from _flat(f"{name}[]", one)
