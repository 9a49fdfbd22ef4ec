"""Parts that need no call: rows that stand in the same answer as the list, and belong to orders by a key.

So does JSON:API it: the lines, customers and addresses of all orders of a page stand together in `included`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.heads import as_id
from tillbridge_generic_webstore.calling.rows import RowsError, RowsPath
from tillbridge_generic_webstore.expressions import Expression, ValueFault

Index = Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True)
class Beside:
    """Rows beside a list.

    Attributes:
        name: of the part.
        keys: the keys of an order, an expression over it.
        rows: where the answer has them.
        key: the key of such a row.
    """

    name: str
    keys: Expression
    rows: RowsPath
    key: Expression

    def index(self, answer: bytes) -> Index:
        """Return the rows of an answer by their keys; none where the answer leaves them out."""
        found: dict[str, tuple[bytes, ...]] = {}
        try:
            rows = self.rows.cut(answer)
        except RowsError:
            return found
        for row in rows:
            key = as_id(evaluated(self.key, row))
            if key is not None:
                found[key] = (*found.get(key, ()), row)
        return found

    def of_orders(
        self, keys: Sequence[Sequence[Any]], answers: Sequence[bytes]
    ) -> list[list[tuple[bytes, ...]]]:
        """Return, for each order, the rows of each of its keys; an answer is looked through once."""
        made: dict[int, Index] = {}
        found = []
        for mine, answer in zip(keys, answers, strict=True):
            index = made.get(id(answer))
            if index is None:
                index = made[id(answer)] = self.index(answer)
            found.append([index.get(str(key), ()) for key in mine])
        return found


def keys_of(keys: Expression, order: Any, held: Mapping[str, Any], names: Mapping[str, Any]) -> list[Any]:
    """Return the keys of an order, each once.

    Args:
        keys: the expression that yields them.
        order: its value.
        held: the parts that it has already.
        names: what else the expression may use.
    """
    try:
        found = keys(order, {**names, "_parts": held})
    except ValueFault:
        return []
    listed = found if isinstance(found, list) else [found]
    return list(dict.fromkeys(key for key in listed if as_id(key) is not None))


def evaluated(expression: Expression, content: bytes) -> Any:
    """Return what an expression says of a row; None where the row or the value is damaged."""
    try:
        return expression(decode(content))
    except (ValueError, ValueFault):
        return None
