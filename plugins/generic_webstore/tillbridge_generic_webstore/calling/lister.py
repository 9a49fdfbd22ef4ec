"""How a profile's orders come in: its lists and calls compiled, and the hooks that read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from tillbridge.plugin import (
    Connection,
    HttpRejected,
    OrderPage,
    RawOrder,
    Rejected,
    Retryable,
    WebOrder,
    Words,
)
from tillbridge_generic_webstore.calling.answers import Answer, decode
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.newest_first import Window, newest_first
from tillbridge_generic_webstore.calling.paging import cut
from tillbridge_generic_webstore.calling.parts import AnyPart, fetch_parts
from tillbridge_generic_webstore.calling.restarting import restarting
from tillbridge_generic_webstore.calling.rows import RowsPath
from tillbridge_generic_webstore.calling.since import Chunk, Listed
from tillbridge_generic_webstore.calling.spans import Spans, by_spans
from tillbridge_generic_webstore.calling.templates import Template, as_text, whole
from tillbridge_generic_webstore.calling.windows import one_pass
from tillbridge_generic_webstore.expressions import Expression, ValueFault
from tillbridge_generic_webstore.settings import public_values, setting_values

ORDER_PART: Final = "order"
_GONE: Final = frozenset({404, 410})
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True)
class OneOrder:
    """How one order is asked for.

    Attributes:
        call: what asks for {id}.
        rows: where the answer holds it.
        wrapped: under which name the rows together are the order; None: one row is.
        gone_status: what says that there is none.
        gone_when: what says so over the order itself.
    """

    call: CompiledCall
    rows: RowsPath
    wrapped: str | None = None
    gone_status: frozenset[int] = _GONE
    gone_when: Expression | None = None


@dataclass(frozen=True)
class CheckCall:
    """What tells whose account a connection is.

    Attributes:
        call: what asks.
        account: where the answer names it; None: the call alone proves that the credentials are good.
    """

    call: CompiledCall
    account: Expression | None


@dataclass(frozen=True)
class Lister:
    """What a profile says of reading orders.

    Attributes:
        listed: the list of orders.
        parts: the second calls.
        one: how one order is asked for; None where the profile does not say.
        window: of a list that shows the newest first and knows no filter.
        spans: of a list that is read by the clock.
        only_names: whether the list's rows only name orders.
        admin: an order's page in the webstore's admin.
        title: the webstore's name.
        check: what tells whose account it is.
    """

    listed: Listed
    parts: Sequence[AnyPart]
    one: OneOrder | None
    window: Window | None
    admin: Template | None
    title: str
    check: CheckCall | None = None
    spans: Spans | None = None
    only_names: bool = False
    addresses: frozenset[str] = field(default=frozenset())
    """Settings that are addresses themselves."""

    def pages(self, connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
        """Yield new and changed orders, as `fetch_orders` says."""
        for chunk in self._chunks(connection, cursor):
            yield OrderPage(orders=self.whole(connection, chunk.heads), cursor=chunk.cursor)

    def heads(self, connection: Connection) -> Iterator[Head]:
        """Yield what the list shows, from its beginning; what a second call brings is not asked for."""
        for chunk in self._chunks(connection, None):
            yield from chunk.heads

    def whole(self, connection: Connection, heads: Sequence[Head]) -> list[RawOrder]:
        """Return the orders that the list shows, with what second calls bring."""
        found = self._named(connection, heads) if self.only_names else heads
        return self._orders(connection, found)

    def fetch_one(self, connection: Connection, order_id: str) -> RawOrder:
        """Return one order as it is now.

        Raises:
            Rejected: the webstore has no such order, or the profile does not say how to ask for one.
        """
        (raw,) = self._orders(connection, [self._fetched(connection, order_id)])
        return raw

    def _fetched(self, connection: Connection, order_id: str) -> Head:
        """Return the head of an order that is asked for by its ID; raises as `fetch_one`."""
        if self.one is None:
            raise Rejected(_no_way(self.title))
        try:
            answer = self.one.call.send(
                connection, {"id": order_id, "id_number": whole(order_id)}, repeatable=True
            )
        except HttpRejected as error:
            if error.status not in self.one.gone_status:
                raise
            raise Rejected(_no_order(self.title, order_id)) from error
        (head,) = self._heads(connection, answer.checked(), order_id)
        return head

    def _named(self, connection: Connection, named: Sequence[Head]) -> list[Head]:
        """Return the orders that rows name, each once.

        One that is refused is kept as its row: it is shown that it could not be read, and stops no other.
        """
        found: dict[str, Head] = {}
        for head in named:
            order_id = head.order_id
            if order_id is None or order_id in found:
                continue
            try:
                found[order_id] = self._fetched(connection, order_id)
            except Rejected as error:
                connection.log.warning("Order %s was named and cannot be read: %s", order_id, error.words.en)
                found[order_id] = head
        return [*found.values(), *(head for head in named if head.order_id is None)]

    def _heads(self, connection: Connection, answer: Answer, order_id: str) -> list[Head]:
        """Return the head of the one order in an answer."""
        assert self.one is not None
        rows = self._rows(connection, answer, order_id)
        held = answer.content if self.listed.keeps_answers else b""
        if self.one.wrapped is not None and rows:
            content = msgspec.json.encode({self.one.wrapped: [msgspec.Raw(row) for row in rows]})
            return [Head(content, order_id, answer=held)]
        if len(rows) > 1:
            # Asked by a filter, as some webstores have it: only the very order counts.
            rows = [row for row in rows if self.listed.read(connection, [row])[0].order_id == order_id]
        if len(rows) != 1 or self._is_gone(connection, rows[0]):
            raise Rejected(_no_order(self.title, order_id))
        if self.only_names:
            return [Head(rows[0], order_id, answer=held)]
        return self.listed.read(connection, rows, answer.content)

    def _rows(self, connection: Connection, answer: Answer, order_id: str) -> list[bytes]:
        assert self.one is not None
        try:
            return [] if answer.is_empty else cut(self.one.rows, answer)
        except Retryable as error:  # else it would be asked for ever
            if self._is_gone(connection, answer.content):
                raise Rejected(_no_order(self.title, order_id)) from error
            raise

    def _is_gone(self, connection: Connection, content: bytes) -> bool:
        assert self.one is not None
        if self.one.gone_when is None:
            return False
        names = {"_settings": public_values(connection.settings)}
        try:
            return self.one.gone_when(decode(content), names) is True
        except (ValueError, ValueFault):
            return False  # what is damaged is kept and shown

    def account(self, connection: Connection) -> str | None:
        """Return whose account it is; None where the profile does not say.

        Raises:
            ProviderError: the webstore is away, or refuses.
        """
        if self.check is None:
            return None
        answer = self.check.call.send(connection, {}).checked()
        if self.check.account is None:
            return None
        found = self.check.account(answer.json, {"_settings": public_values(connection.settings)})
        return None if found is None else as_text(found)

    def admin_url(self, connection: Connection, order: WebOrder) -> str | None:
        """Return where staff see an order; None where the profile does not say."""
        if self.admin is None:
            return None
        values = {**setting_values(connection.settings), "id": order.id, "number": order.number}
        return self.admin.path(values, raw=self.addresses)

    def _chunks(self, connection: Connection, cursor: str | None) -> Iterator[Chunk]:
        if self.window is not None:
            return newest_first(self.listed, connection, cursor, self.window)
        if self.spans is not None:
            return by_spans(self.listed, connection, cursor, self.spans)
        if self.listed.pager.paging.by == "since":
            return restarting(self.listed, connection, cursor)
        return one_pass(self.listed, connection, cursor)

    def _orders(self, connection: Connection, heads: Sequence[Head]) -> list[RawOrder]:
        contents, answers = [head.content for head in heads], [head.answer for head in heads]
        parts = fetch_parts(connection, self.parts, contents, answers)
        return [
            RawOrder(order_id=head.order_id, parts={ORDER_PART: head.content, **more})
            for head, more in zip(heads, parts, strict=True)
        ]


def _no_order(title: str, order_id: str) -> Words:
    shown = order_id[:_LONGEST_SHOWN]
    return Words(f"{title} has no order {shown}.", f"{title}에 {shown} 주문이 없습니다.")


def _no_way(title: str) -> Words:
    return Words(
        f"The profile of {title} does not say how to ask for one order (orders.one).",
        f"{title} 프로필에 주문 하나를 조회하는 방법(orders.one)이 없습니다.",
    )
