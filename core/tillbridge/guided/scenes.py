"""An order as a guided action is planned on: its row, its lines, its content, its sale, its webstore."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from tillbridge.context import Context
from tillbridge.db.types import AnyRow
from tillbridge.differences import difference
from tillbridge.model.differences import in_short
from tillbridge.model.money import Money
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import WebPayment
from tillbridge.model.status import LineState, PaymentFacts, state_of_line
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.orders import line_states, wishes
from tillbridge.orders.order_state import facts_of, order_row
from tillbridge.orders.refunds import shown_sale
from tillbridge.payments.asking import refunded_in_favour
from tillbridge.payments.facts import payment_facts
from tillbridge.payments.known import payments_of
from tillbridge.pos.contract import SaleState, SaleView
from tillbridge.pos.guarded import PosAway
from tillbridge.provider import Capability, Provider
from tillbridge.sending.deliveries import pos_waits


@dataclass(frozen=True, slots=True)
class SceneLine:
    """One line of an order as staff see it.

    Attributes:
        total_minor: its gross, in the order's currency.
    """

    id: str
    title: str
    total_minor: int
    state: LineState

    @property
    def stands(self) -> bool:
        """Whether it is still to be handed over."""
        return self.state not in (LineState.REJECTED, LineState.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An order as it is planned on.

    Attributes:
        order: as the webstore sent it last, without what staff rejected and what came after the sale; None
            where that cannot be read.
        sale: as the POS has it; None where there is none, or where the POS does not show it.
        provider: of its webstore.
        store: where it is sold; None: the POS does not say now.
        payment: what says where the money for it is.
        pos_waits: the POS has not done yet what was chosen before: its sale is not as it will be.
        changed: what the webstore changed since the sale was made, in short, while nobody has decided on it.
        web_payments: what is known of its payments at the payment service that serves it.
        favour: what of them staff had refunded beside what came back: the sale is paid by it all the same.
        now: UTC; when it was looked at.
    """

    row: AnyRow
    order: WebOrder | None
    lines: Sequence[SceneLine]
    sale: SaleView | None
    provider: Provider
    store: Store | None
    payment: PaymentFacts
    pos_waits: bool
    changed: Words | None = None
    web_payments: Sequence[WebPayment] = ()
    favour: int = 0
    now: datetime

    @property
    def hears(self) -> bool:
        """Whether the webstore can be told of decisions at all."""
        return Capability.STATUS in self.provider.capabilities

    @property
    def paid_online(self) -> bool:
        """Whether the webstore or its payment service holds or took the money."""
        return self.payment.paid_online or (self.order is not None and self.order.paid)

    @property
    def unread(self) -> bool:
        """Whether what the webstore sent last could not be read: all that is known came before."""
        return facts_of(self.row).unread

    @property
    def served(self) -> bool:
        """Whether a payment service serves the order's webstore."""
        return self.row.paid_by is not None

    @property
    def to_decide(self) -> list[SceneLine]:
        """The lines that the customer added to an accepted or sold order, and nobody has decided."""
        joined = line_states.to_decide(self.row.line_states)
        return [line for line in self.lines if line.id in joined]

    @property
    def closed_empty(self) -> bool:
        """Whether its sale was closed without items: nothing is left to be done with it."""
        return bool(self.row.sale_state == SaleState.CLOSED_EMPTY)

    def amount_of(self, line_ids: Collection[str]) -> Money:
        """Return what these lines come to."""
        currency = self.order.currency if self.order else self.row.currency
        return Money(sum(one.total_minor for one in self.lines if one.id in line_ids), currency)

    @property
    def standing(self) -> list[SceneLine]:
        """The lines that staff have not rejected."""
        return [line for line in self.lines if line.stands]


def _store(context: Context, code: str | None) -> Store | None:
    with suppress(PosAway):
        return next((one for one in context.pos.stores() if one.code == code), None)
    return None


def scene_of(context: Context, order_id: int) -> Scene:
    """Read an order and its sale, outside of any transaction of ours.

    Raises:
        NotFound: there is no such order.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        order = wishes.newest(database, order_id)
        every = line_states.lines_of(database, [order_id])[order_id]
        provider = context.plugins.provider(row.provider)
        now = context.clock.now()
        payment = payment_facts(database, row, provider, now)
        served = row.paid_by is not None
        paid = payments_of(database, [order_id])[order_id] if served else []
        favour = refunded_in_favour(database, order_id) if served else 0
        waits = pos_waits(database, order_id)
    sale = shown_sale(context, row)
    said, facts = line_states.read(row.line_states), facts_of(row)
    differs = difference(context, order_id) if facts.changed_after_sale else None
    return Scene(
        row=row,
        order=order.without_lines(line_states.not_sold(row.line_states)) if order else None,
        lines=[
            SceneLine(line.id, line.title, line.total_minor, state_of_line(said.get(line.id), facts))
            for line in every
        ],
        sale=sale,
        provider=provider,
        store=_store(context, row.store),
        payment=payment,
        pos_waits=waits,
        changed=in_short(differs.changes) if differs else None,
        web_payments=paid,
        favour=favour,
        now=now,
    )
