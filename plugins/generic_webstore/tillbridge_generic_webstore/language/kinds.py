"""What the values of a profile are: expressions, templates, paths of rows; each marked, so all are found.

The mark stands in the field's type. Whoever compiles a profile goes through the marked fields and need not
know in which table each of them stands.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """What a text of a profile means."""

    EXPRESSION = "expression"  # over an order, a line or an answer: JMESPath's grammar, our functions
    TEMPLATE = "template"  # text with {placeholders}
    ROWS = "rows"  # where an answer holds its rows: names, [], @
    ZONE = "zone"  # a time zone's name, or a template that yields one


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a field's type."""

    kind: Kind


Expression = Annotated[str, Field(min_length=1), Mark(Kind.EXPRESSION)]
Template = Annotated[str, Mark(Kind.TEMPLATE)]
Rows = Annotated[str, Mark(Kind.ROWS)]
Zone = Annotated[str, Mark(Kind.ZONE)]
Tree = Annotated[Any, Mark(Kind.TEMPLATE)]
"""JSON as TOML writes it; its texts are templates. A text that is one placeholder keeps the value's type."""


class Part(BaseModel):
    """A table of a profile: a key that nobody knows is a mistake, and is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")
