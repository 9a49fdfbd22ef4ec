"""How a profile's orders come in: its lists and calls compiled, and the hooks that read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tillbridge.plugin import Connection, OrderPage, RawOrder, Rejected, WebOrder, Words
from tillbridge_generic_webstore.calling.by_ids import Ids, by_ids
from tillbridge_generic_webstore.calling.by_placed import by_placed
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.grouping import Grouping
from tillbridge_generic_webstore.calling.heads import Head
from tillbridge_generic_webstore.calling.known import Again, IsOver
from tillbridge_generic_webstore.calling.newest_first import Named, Window, newest_first
from tillbridge_generic_webstore.calling.one_order import OneOrder
from tillbridge_generic_webstore.calling.parts import AnyPart, fetch_parts
from tillbridge_generic_webstore.calling.restarting import restarting
from tillbridge_generic_webstore.calling.since import Chunk, Listed
from tillbridge_generic_webstore.calling.spans import Spans, by_spans
from tillbridge_generic_webstore.calling.templates import Template, as_text
from tillbridge_generic_webstore.calling.windows import one_pass
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.settings import public_values, setting_values

ORDER_PART: Final = "order"


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
        ids: of a list that is read by the orders' IDs.
        again: of a list that is read by when orders were placed: how changes are found.
        is_over: where rows only name orders: whether one can change no more.
        grouping: where rows are an order's lines: which are one order.
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
    ids: Ids | None = None
    again: Again | None = None
    is_over: IsOver | None = None
    grouping: Grouping | None = None
    only_names: bool = False
    addresses: frozenset[str] = field(default=frozenset())
    """Settings that are addresses themselves."""

    def pages(self, connection: Connection, cursor: str | None) -> Iterator[OrderPage]:
        """Yield new and changed orders, as `fetch_orders` says."""
        chunks = self._chunks(connection, cursor)
        if self.listed.grouping is not None:  # only its end shows that no more rows of an order come
            chunks = iter(list(chunks))
        for chunk in chunks:
            # Where changes are looked for, orders that are only named have been asked for there.
            is_whole = self.ids is not None or self.again is not None or self.window is not None
            orders = (self._orders if is_whole else self.whole)(connection, chunk.heads)
            yield OrderPage(orders=orders, cursor=chunk.cursor)

    def heads(self, connection: Connection) -> Iterator[Head]:
        """Yield what the list shows, from its beginning; what a second call brings is not asked for."""
        for chunk in self._chunks(connection, None, only_rows=True):
            yield from chunk.heads

    def whole(self, connection: Connection, heads: Sequence[Head]) -> list[RawOrder]:
        """Return the orders that the list shows, with what second calls bring."""
        return self._orders(connection, self._named(connection, heads) if self.only_names else heads)

    def fetch_one(self, connection: Connection, order_id: str) -> RawOrder:
        """Return one order as it is now.

        Raises:
            Rejected: the webstore has no such order, or the profile does not say how to ask for one.
        """
        if self.one is None:
            raise Rejected(_no_way(self.title))
        (raw,) = self._orders(connection, [self.one.fetch(connection, order_id)])
        return raw

    def _named(self, connection: Connection, named: Sequence[Head]) -> list[Head]:
        """Return the orders that rows name, each once.

        One that is refused is kept as its row: it is shown that it could not be read, and stops no other.
        """
        assert self.one is not None
        rows: dict[str, Head] = {}
        for head in named:
            if head.order_id is not None:
                rows.setdefault(head.order_id, head)
        found = self.one.fetch_all(connection, list(rows))
        whole = [found.get(order_id, row) for order_id, row in rows.items()]
        return [*whole, *(head for head in named if head.order_id is None)]

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

    def _chunks(
        self, connection: Connection, cursor: str | None, *, only_rows: bool = False
    ) -> Iterator[Chunk]:
        if self.spans is not None:
            return by_spans(self.listed, connection, cursor, self.spans)
        asks = self.one is not None and self.only_names and not only_rows
        fetch = self.one.fetch_all if self.one is not None and asks else None
        if self.window is not None:
            named = Named(fetch, self.is_over) if fetch and self.is_over else None
            return newest_first(self.listed, connection, cursor, self.window, named)
        if self.ids is not None:
            return by_ids(self.listed, connection, cursor, self.ids, fetch)
        if self.again is not None:
            return by_placed(self.listed, connection, cursor, self.again, fetch)
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


def _no_way(title: str) -> Words:
    return Words(
        f"The profile of {title} does not say how to ask for one order (orders.one).",
        f"{title} 프로필에 주문 하나를 조회하는 방법(orders.one)이 없습니다.",
    )
