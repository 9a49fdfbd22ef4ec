"""A column compared with a whole set of values, in one statement whose text never changes."""

import json
from collections.abc import Collection
from typing import Any, Final, Self

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    String,
    TypeDecorator,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Text, TypeEngine


def among(database: Connection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `values`, which may be very many; None equals nothing.

    All of them are one parameter: a JSON text on SQLite, an array on PostgreSQL. SQLAlchemy's `in_` makes
    one of each value and writes the statement anew for each number of them. A text holds neither NUL nor
    lone surrogates: PostgreSQL refuses them, as it does in a column.
    """
    kind, given = column.type, list(values)
    if isinstance(kind, TypeDecorator):
        stored = kind.dialect_impl(database.dialect).bind_processor(database.dialect)
        kind, given = kind.impl_instance, [stored(value) for value in given] if stored else given
    travelling = _JSON if database.dialect.name == "sqlite" else _array(kind)
    return _Among(column, BindParameter("among", given, type_=travelling, unique=True))


def _array(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the array that values travel in to PostgreSQL: of a width that cuts and refuses none."""
    if isinstance(kind, String):
        return _TEXTS
    return _INTEGERS if isinstance(kind, Integer) else ARRAY(kind)


class _JsonList(TypeDecorator[list[Any]]):
    """A list that travels as a JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str:  # noqa: ARG002  # SQLAlchemy's signature
        """Write the list."""
        return json.dumps(value)


_JSON: Final = _JsonList()
_TEXTS: Final = ARRAY(Text())
_INTEGERS: Final = ARRAY(BigInteger())


class _Among(ColumnElement[bool]):
    """What `among` returns; it costs a tenth of the same made of SQLAlchemy's own parts."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012  # SQLAlchemy's own way to say what a cache key is made of
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], values: BindParameter[Any]) -> None:
        self.column = column
        self.values = values

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002  # SQLAlchemy's signature
        """Stand as it is: SQLAlchemy would compare a condition with 1 on SQLite, which then uses no index."""
        return self


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    values = compiler.process(element.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # SQLAlchemy's own texts


@compiles(_Among)
def _elsewhere(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} = ANY ({compiler.process(element.values, **options)})"
