"""Keeps the columns that an act wrote as they were before it, as JSON, for whoever undoes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tillbridge.db import tables
from tillbridge.db.types import AnyRow, UtcDateTime


def remembered_columns(row: AnyRow, names: Iterable[str]) -> dict[str, Any]:
    """Return an order's columns as they stand, as JSON holds them."""
    before = {name: getattr(row, name) for name in sorted(names)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in before.items()
    }


def columns_to_restore(remembered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns with the values that they had; none of an act that an older program did."""
    columns: Mapping[str, Any] = remembered.get("columns", {})
    return {name: _read(name, value) for name, value in columns.items()}


def _read(name: str, value: Any) -> Any:
    moment = value is not None and isinstance(tables.orders.c[name].type, UtcDateTime)
    return datetime.fromisoformat(value) if moment else value
