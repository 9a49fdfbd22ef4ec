"""How orders are asked for by their IDs: one at a time, or many at once where the webstore takes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from tillbridge.plugin import Connection, HttpRejected, Rejected, Retryable, Words
from tillbridge_generic_webstore.calling.answers import Answer, decode
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.grouping import Grouping
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.paging import cut
from tillbridge_generic_webstore.calling.rows import RowsPath
from tillbridge_generic_webstore.calling.since import Listed
from tillbridge_generic_webstore.calling.templates import whole
from tillbridge_generic_webstore.expressions import Expression, ValueFault
from tillbridge_generic_webstore.settings import public_values

PLACEHOLDERS: Final = frozenset({"id", "id_number"})
MANY: Final = frozenset({"ids", "id_numbers"})
_GONE: Final = frozenset({404, 410})
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True, kw_only=True)
class OneOrder:
    """How orders are asked for by their IDs.

    Attributes:
        title: the webstore's name.
        listed: reads the heads of orders.
        call: what asks for {id}, or for {ids}.
        rows: where the answer holds it.
        batch: how many orders one call takes.
        wrapped: under which name the rows together are the order; None: one row is.
        is_named: whether the list only names orders: what comes is then the order that was asked for.
        grouping: where rows are an order's lines: which of them are the order.
        gone_status: what says that there is none.
        gone_when: what says so over the order itself.
    """

    title: str
    listed: Listed
    call: CompiledCall
    rows: RowsPath
    batch: int = 1
    wrapped: str | None = None
    is_named: bool = False
    grouping: Grouping | None = None
    gone_status: frozenset[int] = _GONE
    gone_when: Expression | None = None

    def fetch(self, connection: Connection, order_id: str) -> Head:
        """Return the head of an order as it is now.

        Raises:
            Rejected: the webstore has no such order.
        """
        found = self._asked(connection, [order_id])[0]
        if found is None:
            raise Rejected(no_order(self.title, order_id))
        return found

    def fetch_all(self, connection: Connection, ids: Sequence[str]) -> dict[str, Head]:
        """Return the heads of orders by their IDs; what is refused, or is no more, is left out and logged."""
        found: dict[str, Head] = {}
        for at in range(0, len(ids), self.batch):
            found.update(self._some(connection, ids[at : at + self.batch]))
        return found

    def _some(self, connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Head]]:
        try:
            heads = self._asked(connection, ids)
        except Rejected as error:
            if len(ids) > 1:  # one that is refused does not take the others with it
                for one in ids:
                    yield from self._some(connection, [one])
                return
            connection.log.warning("Order %s was named and cannot be read: %s", ids[0], error.words.en)
            return
        for order_id, head in zip(ids, heads, strict=True):
            if head is not None:
                yield order_id, head
            else:
                connection.log.warning("Order %s was named and did not come.", order_id)

    def _asked(self, connection: Connection, ids: Sequence[str]) -> list[Head | None]:
        """Return the heads of orders, in the order of their IDs; None for one that there is not.

        Raises:
            Rejected: the call is refused; of one order: there is none.
        """
        values = {
            "id": ids[0],
            "id_number": whole(ids[0]),
            "ids": list(ids),
            "id_numbers": [whole(one) for one in ids],
        }
        try:
            answer = self.call.send(connection, values, repeatable=True)
        except HttpRejected as error:
            if error.status not in self.gone_status:
                raise
            raise Rejected(no_order(self.title, ids[0])) from error
        answer.checked()
        rows = self._rows(connection, answer, ids[0])
        if len(ids) == 1:
            return [self._head(connection, answer, rows, ids[0])]
        return [
            self._head(connection, answer, own, one) for one, own in self._allotted(connection, rows, ids)
        ]

    def _allotted(
        self, connection: Connection, rows: Sequence[bytes], ids: Sequence[str]
    ) -> Iterator[tuple[str, list[bytes]]]:
        """Give each order the rows that are its own."""
        own: dict[str | None, list[bytes]] = {}
        for head in self.listed.read_orders(connection, rows):
            own.setdefault(head.order_id, []).append(head.content)
        for one in ids:
            yield one, own.get(one, [])

    def _head(
        self, connection: Connection, answer: Answer, rows: Sequence[bytes], order_id: str
    ) -> Head | None:
        """Return the head of an order of the rows that answer it."""
        held = answer.content if self.listed.keeps_answers else b""
        content: bytes | None = None
        if self.wrapped is not None and rows:
            content = msgspec.json.encode({self.wrapped: [msgspec.Raw(row) for row in rows]})
            return Head(content, order_id, answer=held)
        if self.grouping is not None:
            content = self.grouping.of_order(rows, order_id)
        elif len(rows) == 1:
            content = rows[0]
        else:  # asked by a filter, as some webstores have it: only the very order counts
            own = [one for one in self.listed.read_orders(connection, rows) if one.order_id == order_id]
            content = own[0].content if len(own) == 1 else None
        if content is None or self._is_gone(connection, content):
            return None
        (head,) = self.listed.read_orders(connection, [content])
        return Head(content, order_id if self.is_named else head.order_id, head.at, held)

    def _rows(self, connection: Connection, answer: Answer, order_id: str) -> list[bytes]:
        try:
            return [] if answer.is_empty else cut(self.rows, answer)
        except Retryable as error:  # else it would be asked for ever
            if self._is_gone(connection, answer.content):
                raise Rejected(no_order(self.title, order_id)) from error
            raise

    def _is_gone(self, connection: Connection, content: bytes) -> bool:
        if self.gone_when is None:
            return False
        names = {"_settings": public_values(connection.settings)}
        try:
            return self.gone_when(decode(content), names) is True
        except (ValueError, ValueFault):
            return False  # what is damaged is kept and shown


def no_order(title: str, order_id: str) -> Words:
    """Say that a webstore has no such order."""
    shown = order_id[:_LONGEST_SHOWN]
    return Words(f"{title} has no order {shown}.", f"{title}에 {shown} 주문이 없습니다.")
