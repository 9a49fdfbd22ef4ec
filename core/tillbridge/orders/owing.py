"""What of a finished sale its webstore has to give back, and how much: by what it did about the money."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState, RefundState
from tillbridge.db.types import AnyRow
from tillbridge.model.exchange import Said
from tillbridge.model.money import Money, sum_money
from tillbridge.model.orders import WebMoney
from tillbridge.orders import line_states, wishes
from tillbridge.payments.facts import charges_on_acceptance, web_money
from tillbridge.payments.owed import Owed
from tillbridge.pos.contract import SaleState, SaleView
from tillbridge.pos.details import PaymentKind
from tillbridge.sending.deliveries import Destination


@dataclass(frozen=True, slots=True)
class Charge:
    """What an order's webstore did about the money.

    Attributes:
        possible: it charges for the order's acceptance.
        made: it has charged, or does so by now.
        said: anybody says what it did.
        paid: the order is paid, as its webstore sent it last.
    """

    possible: bool
    made: bool
    said: bool
    paid: bool


def charges_of(context: Context, database: Connection, found: Sequence[AnyRow]) -> Mapping[int, Charge]:
    """Return what these orders' webstores did about the money, by the orders' IDs."""
    providers = context.plugins.providers
    chargeable = {row.id for row in found if charges_on_acceptance(row, providers.get(row.provider))}
    charged = _charged(database, chargeable)
    empty = [row.id for row in found if row.sale_state == SaleState.CLOSED_EMPTY]
    newest = wishes.newest_of(database, empty) if empty else {}
    paid = {number for number, order in newest.items() if order.paid}
    return {
        row.id: Charge(
            possible=row.id in chargeable,
            made=row.id in charged or web_money(row) in (WebMoney.CHARGED, WebMoney.REFUNDED),
            said=row.id in chargeable or web_money(row) is not None,
            paid=row.id in paid,
        )
        for row in found
    }


def _charged(database: Connection, ids: Collection[int]) -> Collection[int]:
    """Return those of these orders that their webstores charge, or have charged."""
    table = tables.deliveries
    query = select(table.c.order_id).where(
        among(database, table.c.order_id, sorted(ids)),
        table.c.destination == Destination.WEBSTORE,
        table.c.action == Said.ACCEPTED,
        table.c.state.not_in((DeliveryState.SET_ASIDE, DeliveryState.WITHDRAWN)),
    )
    return set(database.execute(query).scalars()) if ids else ()


def how_much(sale: SaleView | None, row: AnyRow, charge: Charge) -> tuple[str, Owed]:
    """Return what is owed of a sale, and by whom, as the order's column says it; and how much.

    Of one that is not shown nothing is owed by the webstore; that it was paid here nobody can say.
    """
    before = Owed.read(row.owed)
    if sale is None:
        gone = row.sale_state == SaleState.FINISHED and charge.possible and not charge.made
        return (RefundState.UNCHARGED.value if gone else ""), before
    if sale.facts.state is SaleState.CLOSED_EMPTY:
        return _of_empty(row, charge, before)
    if sale.facts.state is not SaleState.FINISHED:
        return "", before
    return _of_finished(sale, row, charge, before)


def _of_empty(row: AnyRow, charge: Charge, before: Owed) -> tuple[str, Owed]:
    """Return what is owed of an order whose sale was closed without items: all of it, if it was charged."""
    if not charge.paid and not charge.made:
        return "", before
    state = RefundState.DUE if charge.said else RefundState.UNSAID
    return state.value, replace(before, rest=max(row.total_minor or 0, 0))


def _of_finished(sale: SaleView, row: AnyRow, charge: Charge, before: Owed) -> tuple[str, Owed]:
    back = back_of(sale)
    gone = line_states.rejected(row.line_states)
    rejected = sum_money((item.gross for item in sale.items if item.web_line in gone), sale.currency)
    noted = sale.balance.web_paid
    if charge.possible and not charge.made:
        return (RefundState.UNCHARGED.value if (noted - back).minor > 0 else ""), before
    untaken = (sale.web_total - rejected - noted).minor if charge.made else 0
    owed = replace(before, sale=max(back.minor, 0) + max(untaken, 0))
    if not owed.total:
        return "", owed
    if owed.done and not owed.due:
        return RefundState.DONE.value, owed
    whole = back.minor > 0 and back >= noted
    return (RefundState.RETURNED if whole else RefundState.PART).value, owed


def back_of(sale: SaleView) -> Money:
    """Return what of the webstore's money is to go back for goods that came back."""
    returned = (
        one.amount for taken in sale.returns for one in taken.refunds if one.kind is PaymentKind.ECOMMERCE
    )
    return sum_money(returned, sale.currency)
