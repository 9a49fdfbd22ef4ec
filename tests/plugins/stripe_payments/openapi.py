"""Stripe's own description of its API, and whether a request is one that it describes."""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tillbridge_stripe_payments.requests import Request

FILE = Path(__file__).parents[4] / "shared" / "data" / "stripe-openapi-2023-08-16.json.gz"
Schema = Mapping[str, Any]


@cache
def description() -> Mapping[str, Any]:
    with gzip.open(FILE) as file:
        read: Mapping[str, Any] = json.load(file)
    return read


def faults(request: Request) -> list[str]:
    """Return what of a request Stripe does not describe; nothing where it describes all of it."""
    try:
        described = description()["paths"][request.pattern][request.method.lower()]
    except KeyError:
        return [f"{request.method} {request.pattern} is not described"]
    if request.method == "POST":
        content = described["requestBody"]["content"]
        if "application/x-www-form-urlencoded" not in content:
            return ["it takes no form"]
        return list(_faults(content["application/x-www-form-urlencoded"]["schema"], request.params, "body"))
    taken = {one["name"]: one for one in described["parameters"] if one["in"] == "query"}
    schema = {
        "type": "object",
        "properties": {name: one["schema"] for name, one in taken.items()},
        "required": [name for name, one in taken.items() if one.get("required")],
        "additionalProperties": False,
    }
    return list(_faults(schema, request.params, "query"))


def described_fields(name: str) -> frozenset[str]:
    """Return the fields that an object has by Stripe's description."""
    return frozenset(description()["components"]["schemas"][name]["properties"])


def _faults(schema: Schema, value: Any, path: str) -> Iterator[str]:
    if "anyOf" in schema:
        tried = [list(_faults(one, value, path)) for one in schema["anyOf"]]
        if all(tried):
            yield min(tried, key=len)[0]
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
        return
    kind = schema["type"]
    kinds = {"integer": int, "string": str, "boolean": bool, "array": list, "object": Mapping}
    fits = isinstance(value, kinds[kind]) and not (kind == "integer" and isinstance(value, bool))
    if not fits:
        yield f"{path}: {value!r} is no {kind}"
    elif kind == "string" and len(value) > schema.get("maxLength", 5000):
        yield f"{path}: longer than {schema['maxLength']}"
    elif kind == "array":
        for place, one in enumerate(value):
            yield from _faults(schema["items"], one, f"{path}[{place}]")
    elif kind == "object":
        yield from _object_faults(schema, value, path)


def _object_faults(schema: Schema, value: Mapping[str, Any], path: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    more = schema.get("additionalProperties", not properties)
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, one in value.items():
        if name in properties:
            yield from _faults(properties[name], one, f"{path}.{name}")
        elif isinstance(more, Mapping):
            yield from _faults(more, one, f"{path}.{name}")
        elif not more:
            yield f"{path}.{name} is unknown"
