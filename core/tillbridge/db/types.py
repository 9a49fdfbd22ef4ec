"""Column types that come back as they went in, on both databases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import DateTime, Dialect, Row, String, TypeDecorator

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of whatever was selected; its columns are read by name."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and returned with its zone; SQLite's own type would drop it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone and store the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def plain_quantity(value: Decimal) -> str:
    """Return a quantity as `Quantity` stores it: plain digits, never an exponent."""
    return format(value.normalize(), "f")


class Quantity(TypeDecorator[Decimal]):
    """A decimal number of up to four places, stored as text: SQLite's NUMERIC is a float."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Store plain digits, never an exponent."""
        return None if value is None else plain_quantity(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the number as it was."""
        return None if value is None else Decimal(value)
