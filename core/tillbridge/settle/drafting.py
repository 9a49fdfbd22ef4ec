"""Makes the draft of a sale from an order and its match: complete, with tax as the order had it."""

from collections.abc import Iterator
from decimal import Decimal

from tillbridge.model.drafts import AttemptKey, CustomerUpdate, DraftItem, ItemKind, SaleDraft
from tillbridge.model.money import Money
from tillbridge.model.orders import Address, ChargeKind, WebCustomer, WebOrder
from tillbridge.model.stores import Store
from tillbridge.settle.judge import Verdict

_CHARGES = {ChargeKind.SHIPPING: ItemKind.SHIPPING, ChargeKind.FEE: ItemKind.FEE}


def draft_sale(verdict: Verdict, attempt: AttemptKey, *, source: str) -> SaleDraft:
    """Return the sale that a sellable order becomes.

    Args:
        verdict: with its customer and every product found.
        attempt: the key by which the POS keeps its answer.
        source: the connection's name, for the sale's comment.
    """
    order, store, customer = verdict.order, verdict.store, verdict.match.customer.found
    if store is None or customer is None or not verdict.sellable:
        raise ValueError("only a sellable order becomes a sale")
    note = f"\n{order.note}" if order.note else ""
    return SaleDraft(
        attempt=attempt,
        store=store.code,
        customer_id=customer.id,
        kind=order.kind,
        currency=order.currency,
        total=order.sale_total,
        items=tuple(_items(verdict)),
        customer_update=CustomerUpdate(
            ordered_at=order.placed_at,
            shipping_address=_shipping_address(order, store),
            consent=order.customer.consent,
        ),
        comment=f"{source} {order.number}{note}",
        placed_at=order.placed_at,
    )


def _items(verdict: Verdict) -> Iterator[DraftItem]:
    order = verdict.order
    for line, evidence in zip(order.lines, verdict.match.lines, strict=True):
        yield DraftItem(
            kind=ItemKind.PRODUCT,
            description=line.title,
            quantity=line.quantity,
            net=line.amount.net,
            tax=line.amount.store_tax,
            product_id=evidence.found.id if evidence.found else None,
            web_line_id=line.id,
        )
    for charge in order.charges:
        yield DraftItem(
            kind=_CHARGES[charge.kind],
            description=charge.title,
            quantity=Decimal(1),
            net=charge.amount.net,
            tax=charge.amount.store_tax,
        )
    for kind, money in ((ItemKind.TIP, order.tip), (ItemKind.ROUNDING, order.rounding)):
        if money and money.minor:
            yield DraftItem(
                kind=kind,
                description=kind.value,
                quantity=Decimal(1),
                net=money,
                tax=Money(0, money.currency),
            )


def _shipping_address(order: WebOrder, store: Store) -> Address | None:
    """Return the address that the customer's is updated to, or None (MISSION S8).

    A missing or incomplete one and the store's own, usual with pick-up, update nothing.
    """
    address = order.shipping_address
    if address is None or not address.complete or _place(address) == _place(store.address):
        return None
    return _named_as_written(address, order.customer)


def _named_as_written(address: Address, customer: WebCustomer) -> Address:
    """Return an address in the customer's own name with the name as it is written: in Korean, family first.

    The order itself keeps what its plugin read: another reading would make every known order a changed one.
    """
    by_parts = f"{customer.first_name} {customer.last_name}".strip()
    if customer.full_name and address.name == by_parts:
        return address.model_copy(update={"name": customer.full_name})
    return address


def _place(address: Address) -> tuple[str, str]:
    return (
        "".join(address.postcode.split()).casefold(),
        "".join("".join(address.street).split()).casefold(),
    )
