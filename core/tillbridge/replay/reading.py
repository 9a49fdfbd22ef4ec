"""Reads a page of kept payloads with today's code, and says what would come of each. Writes nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import NotAnOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.reasons import Reason
from tillbridge.model.status import (
    UNSOLD,
    Act,
    OrderFacts,
    Status,
    Transition,
    replay_transition,
    system_transition,
)
from tillbridge.model.words import Words
from tillbridge.orders.order_state import facts_of
from tillbridge.orders.releasing import as_judged
from tillbridge.pos.guarded import PosAway
from tillbridge.replay.selecting import Page
from tillbridge.replay.views import FieldChange, ReplayAct, ReplayView, field_changes
from tillbridge.settle import bench, fault_reason, parse_payload, payloads, read_links
from tillbridge.settle.change import as_done_here
from tillbridge.settle.folding import Folded, Parse, fold, read_again
from tillbridge.settle.judge import Bench, judge

_OLDER = Words("A newer version of the order is known.", "이 주문의 더 새로운 데이터가 이미 있습니다.")
_UNREADABLE = Words(
    "The order has its sale; what cannot be read is not shown beside it.",
    "거래가 이미 있는 주문이며, 읽을 수 없는 데이터는 비교할 수 없습니다.",
)


@dataclass(frozen=True, slots=True)
class Read:
    """One kept payload as today's code reads it, with what is told of it."""

    view: ReplayView
    folded: Folded


def read_page(context: Context, connection: OpenConnection, page: Page) -> list[Read]:
    """Read, judge and compare a page of kept payloads with a fixed number of queries.

    Raises:
        PosAway: the POS answers nobody.
    """

    def parse(row: AnyRow) -> WebOrder | NotAnOrder:
        return parse_payload(context, connection, payloads.unpack(row.webstore_id, row.parts))

    again = [(row, _folded(page, row, parse)) for row in page.rows]
    judged = _judged(context, connection, [one for one in again if _may_be_sold(one[1])])
    return [
        Read(_Telling(connection.name, page, row, folded, judged.get(row.id)).view(), folded)
        for row, folded in again
    ]


def _folded(page: Page, row: AnyRow, parse: Parse) -> Folded:
    before = page.orders.get(row.webstore_id)
    if page.no_orders or before is None:
        return fold(row.webstore_id, before, [row], parse)
    return read_again(before, row, parse)


def _may_be_sold(folded: Folded) -> bool:
    return folded.before is None or isinstance(replay_transition(facts_of(folded.before)), Transition)


def _judged(
    context: Context, connection: OpenConnection, every: Sequence[tuple[AnyRow, Folded]]
) -> dict[int, tuple[Reason, ...]]:
    """Return why each readable order cannot be sold, by payload; an empty tuple says that it can."""
    found = [
        (row.id, as_judged(folded.order, folded.before)) for row, folded in every if folded.order is not None
    ]
    if not found:
        return {}
    orders = [order for _, order in found]
    with context.database.read() as database:
        links = read_links(database, connection.id, orders)
    judges = bench(context, connection, links)
    try:
        verdicts = judge(orders, judges)
    except Exception:  # noqa: BLE001  # whatever it is, it is one order's: as in settling
        return {number: _alone(context, order, judges) for number, order in found}
    return {number: verdict.reasons for (number, _), verdict in zip(found, verdicts, strict=True)}


def _alone(context: Context, order: WebOrder, judges: Bench) -> tuple[Reason, ...]:
    try:
        return judge([order], judges)[0].reasons
    except Exception as error:  # noqa: BLE001  # whatever it is, it is this order's
        if isinstance(error, PosAway):
            context.pos.stores()  # raises if the POS answers nobody; else it cannot answer this order
        return (fault_reason(error),)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Puts together what is told of one kept payload.

    Attributes:
        judged: why it cannot be sold; None where it was not asked.
    """

    connection: str
    page: Page
    row: AnyRow
    folded: Folded
    judged: tuple[Reason, ...] | None

    def view(self) -> ReplayView:
        """Return what is told."""
        before = self.folded.before
        now, then = self._reasons_now(), self._reasons_then()
        act, why_not = self._no_order_act() if self.page.no_orders else self._order_act(now, then)
        facts = self._facts()
        return ReplayView(
            payload_id=self.row.id,
            order_id=before.id if before else None,
            connection=self.connection,
            webstore_id=self.row.webstore_id,
            number=before.number if before else self.row.webstore_id,
            status=facts.status,
            status_then=self._status_then(facts, then),
            reasons=then,
            reasons_gone=tuple(one for one in now if one not in then),
            reasons_new=tuple(one for one in then if one not in now),
            fields=self._fields(),
            no_order=self._no_order(),
            act=act,
            why_not=why_not,
            changed_after_sale=bool(before and facts.has_sale and self._changed(before)),
        )

    def _changed(self, before: AnyRow) -> bool:
        if self.folded.content_hash in (before.sold_hash, before.kept_hash):
            return False
        return self.folded.order is None or not as_done_here(self.folded.order, before)

    def _facts(self) -> OrderFacts:
        before = self.folded.before
        return OrderFacts(status=None) if before is None else facts_of(before)

    def _reasons_now(self) -> tuple[Reason, ...]:
        before = self.folded.before
        return tuple(Reason.model_validate(one) for one in json.loads(before.reasons)) if before else ()

    def _reasons_then(self) -> tuple[Reason, ...]:
        if self.folded.damage is not None:
            return (self.folded.damage,)
        if self.judged is not None:
            return self.judged
        reread = self.folded.order is not None and self._facts().has_sale
        return () if reread else self._reasons_now()

    def _status_then(self, facts: OrderFacts, then: Sequence[Reason]) -> Status | None:
        if not _may_be_sold(self.folded) or (self.judged is None and self.folded.damage is None):
            return facts.status
        if then:
            return then[0].status
        wanted = (Status.NEW, Status.IN_PROCESS, Status.REJECTED)
        return system_transition(Act.OPEN_SALE, facts, wanted).target

    def _fields(self) -> tuple[FieldChange, ...]:
        before, order = self.folded.before, self.folded.order
        if before is None or order is None:
            return ()
        # It is no content, and is kept beside the versions.
        told = order.money is not None and order.money != before.money
        money = (FieldChange("money", before.money, order.money),) if told else ()
        if not self.folded.versions:
            return money
        document = self.page.documents.get(before.id)
        known = json.loads(document) if document else None
        return (*field_changes(known, order.model_dump(mode="json")), *money)

    def _no_order(self) -> Words | None:
        return self.folded.not_orders.get(self.row.id)

    def _no_order_act(self) -> tuple[ReplayAct, Words | None]:
        said = self._no_order()
        if said is not None:
            return (ReplayAct.NOTHING if said.en == self.row.not_an_order else ReplayAct.QUEUE), None
        if self.folded.damage is not None or self.folded.order is not None:
            return ReplayAct.QUEUE, None
        return ReplayAct.NOTHING, _OLDER

    def _order_act(self, now: Sequence[Reason], then: Sequence[Reason]) -> tuple[ReplayAct, Words | None]:
        facts = self._facts()
        move = replay_transition(facts)
        if isinstance(move, Transition):
            same = facts.status is self._status_then(facts, then) and now == then and not self._fields()
            return (ReplayAct.NOTHING if same else ReplayAct.PROCESS), None
        if facts.has_sale and not facts.unanswered and facts.status not in UNSOLD:
            if self.folded.order is None:
                return ReplayAct.NOTHING, _UNREADABLE
            return (ReplayAct.COMPARE if self._fields() or now else ReplayAct.NOTHING), move
        return ReplayAct.NOTHING, move
