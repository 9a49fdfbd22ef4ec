"""A column compared with a whole set of values, in one statement whose text never changes."""

import json
from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import ARRAY, BindParameter, Boolean, ColumnElement, Connection, Dialect, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Text, TypeEngine


def among(database: Connection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `values`, which may be very many.

    All of them are one parameter: a JSON text on SQLite, an array on PostgreSQL. SQLAlchemy's `in_` makes
    one of each value and writes the statement anew for each number of them.
    """
    kind: TypeEngine[Any] = _JSON if database.dialect.name == "sqlite" else ARRAY(column.type)
    return _Among(column, BindParameter("among", list(values), type_=kind, unique=True))


class _JsonList(TypeDecorator[list[Any]]):
    """A list that travels as a JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str:  # noqa: ARG002  # SQLAlchemy's signature
        """Write the list."""
        return json.dumps(value)


_JSON = _JsonList()


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
