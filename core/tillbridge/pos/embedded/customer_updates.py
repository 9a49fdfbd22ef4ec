"""What an order may change of its customer (MISSION S8): the shipping address, and consent that it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.drafts import SaleDraft
from tillbridge.model.orders import Address
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, number_of

_COLUMNS: Final = (
    "shipping_address",
    "shipping_ordered_at",
    "include_in_mailings",
    "mailings_at",
    "mailings_source",
    "consent_ordered_at",
)


@dataclass(slots=True)
class _Customer:
    row: AnyRow
    new: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        return self.new.get(name, getattr(self.row, name))

    def older_than(self, mark: str, moment: datetime) -> bool:
        seen = self.value(mark)
        return seen is None or bool(seen < moment)


def update_customers(
    database: Connection, drafts: Sequence[SaleDraft], updated: Mapping[str, bool], at: datetime
) -> None:
    """Apply the customer updates of orders that are being sold, each order's once.

    Args:
        database: in the transaction that opens the sales; the orders are locked.
        drafts: of the sales that are opened.
        updated: for each order key, whether its update was applied by an earlier attempt.
        at: now.
    """
    due = sorted(
        (draft for draft in drafts if not updated[draft.attempt.order_key]),
        key=lambda draft: draft.customer_update.ordered_at,
    )
    if not due:
        return
    customers = _locked(database, due)
    for draft in due:
        number = number_of(Letter.CUSTOMER, draft.customer_id)
        if number in customers:
            _apply(customers[number], draft)
    _write(database, customers, at)
    orders = tables.orders
    applied = among(database, orders.c.order_key, [draft.attempt.order_key for draft in due])
    database.execute(update(orders).where(applied).values(customer_updated=True))


def _locked(database: Connection, drafts: Sequence[SaleDraft]) -> dict[int, _Customer]:
    table = tables.customers
    numbers = {number_of(Letter.CUSTOMER, draft.customer_id) for draft in drafts if _says_anything(draft)}
    wanted = [number for number in numbers if number]
    if not wanted:
        return {}
    query = (
        select(table)
        .where(among(database, table.c.id, wanted))
        .order_by(table.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: _Customer(row) for row in database.execute(query)}


def _says_anything(draft: SaleDraft) -> bool:
    said = draft.customer_update
    return said.consent is not None or (said.shipping_address is not None and said.shipping_address.complete)


def _apply(customer: _Customer, draft: SaleDraft) -> None:
    said = draft.customer_update
    address, consent, ordered_at = said.shipping_address, said.consent, said.ordered_at
    if address and address.complete and customer.older_than("shipping_ordered_at", ordered_at):
        # Moved for an equal address as well: an older order that comes later must not win over it.
        customer.new["shipping_ordered_at"] = ordered_at
        if address != _shipping(customer):
            customer.new["shipping_address"] = address.model_dump_json()
    if consent and customer.older_than("consent_ordered_at", ordered_at):
        customer.new["consent_ordered_at"] = ordered_at
        if not customer.value("include_in_mailings"):
            customer.new |= {
                "include_in_mailings": True,
                "mailings_at": consent.at or ordered_at,
                "mailings_source": consent.source,
            }


def _shipping(customer: _Customer) -> Address:
    return Address.model_validate_json(customer.value("shipping_address") or customer.value("address"))


def _write(database: Connection, customers: Mapping[int, _Customer], at: datetime) -> None:
    table = tables.customers
    rows = [
        {"the_id": number, **{f"new_{name}": customer.value(name) for name in _COLUMNS}}
        for number, customer in sorted(customers.items())
        if customer.new
    ]
    if rows:
        database.execute(
            update(table)
            .where(table.c.id == bindparam("the_id"))
            .values({**{name: bindparam(f"new_{name}") for name in _COLUMNS}, "changed_at": at}),
            rows,
        )
