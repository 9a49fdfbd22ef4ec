"""Tells what is an amount: a number, a text of one, or an object with its currency."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tillbridge.plugin import Money, PayloadError, TillbridgeError, parse_decimal
from tillbridge_generic_webstore.proposing.names import plain

_CODE: Final = re.compile(r"[A-Z]{3}")
_AMOUNT_NAMES: Final = ("amount", "value", "centamount", "cents", "minor", "minorunits", "amt")
_CURRENCY_NAMES: Final = ("currency", "currencycode", "currencyiso", "cur", "ccy", "curr")
MINOR_NAMES: Final = frozenset({"centamount", "cents", "minor", "minorunits"})
"""What an amount is called that is in the smallest units for sure."""
_PAIR: Final = 2
_NO_AMOUNTS: Final = frozenset({"number", "no", "code", "count", "quantity", "qty", "position", "pos"})


def is_money(value: Any) -> bool:
    """Say whether an object is an amount with its currency."""
    return isinstance(value, dict) and money_keys(value) is not None


def money_keys(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the names of an amount and its currency within an object.

    Where their names do not tell, an object of nothing but a number and a currency's code is one too.
    """
    names = {plain(key): key for key in value}
    amount = next((names[one] for one in _AMOUNT_NAMES if one in names), None)
    currency = next((names[one] for one in _CURRENCY_NAMES if one in names), None)
    if (amount is None or currency is None) and len(value) == _PAIR:
        amount = next((key for key in value if _may_be_amount(key, value[key])), None)
        currency = next((key for key in value if is_currency(value[key])), None)
    if amount is None or currency is None or number(value[amount]) is None:
        return None
    return amount, currency


def _may_be_amount(key: str, value: Any) -> bool:
    name = plain(key)
    return not name.endswith("id") and name not in _NO_AMOUNTS and number(value) is not None


def is_currency(value: Any) -> bool:
    """Say whether a value is the code of a currency that is in use."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        return False
    try:
        return bool(Money.zero(value).currency)
    except TillbridgeError:
        return False


def number(value: Any) -> Decimal | None:
    """Return what a value comes to as a number; None for what is none."""
    if isinstance(value, dict):
        keys = money_keys(value)
        return number(value[keys[0]]) if keys else None
    try:
        return parse_decimal(value, path="")
    except PayloadError:
        return None
