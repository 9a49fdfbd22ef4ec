"""JSON as a sandbox reads and writes it: amounts keep their own digits, and half a sign its escape."""

import json
import re
from decimal import Decimal
from secrets import token_hex
from typing import Any, Final

import msgspec
from starlette.responses import Response

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def answer(data: Any, status: int = 200) -> Response:
    """Return JSON; a Decimal is a number with its own digits, half a sign (a lone surrogate) an escape."""
    try:
        body = _ENCODER.encode(data)
    except UnicodeEncodeError:
        body = _escaped(data)
    return Response(body, status_code=status, media_type="application/json")


def read(body: bytes) -> Any:
    """Read a request's JSON without passing an amount through a float; nothing is an empty object.

    Raises:
        ValueError: it is no JSON.
    """
    return json.loads(body or b"{}", parse_float=Decimal)


def _escaped(data: Any) -> bytes:
    """Write JSON in ASCII, which says what UTF-8 cannot; an amount passes as a marked text."""
    mark = token_hex(8)
    written = json.dumps(
        data, default=lambda one: f"{mark}{one}" if isinstance(one, Decimal) else msgspec.to_builtins(one)
    )
    return re.sub(f'"{mark}([^"]*)"', r"\1", written).encode()
