"""Verify Customer: look for an order's customer, and add them from the order where the shop has none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tillbridge.context import Context
from tillbridge.model.errors import NotAllowed
from tillbridge.model.identifiers import normalise_email
from tillbridge.model.orders import Address, WebOrder
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.phones import e164
from tillbridge.pos.cards import CustomerQuery, FoundCustomer, NewCustomer
from tillbridge.repair.linking import link_customer
from tillbridge.repair.orders import order_and_store
from tillbridge.repair.typing_errors import typing_errors

FIELDS: Final = ("name", "email", "phone", "postcode")
_SIMILAR: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSearch:
    """What a search for an order's customer came to.

    Attributes:
        said: everything that the order says to look for: one click away.
        asked: what was looked for; the order's name unless something else was asked.
        found: who fits, close spellings last.
    """

    said: CustomerQuery
    asked: CustomerQuery
    found: Sequence[FoundCustomer]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerProposal:
    """The customer that an order would add.

    Attributes:
        errors: what may have been typed wrongly, in words.
        similar: who is there already and may be the same person.
    """

    customer: NewCustomer
    errors: Sequence[Words]
    similar: Sequence[FoundCustomer]


def search_customers(
    context: Context, order_id: int, query: CustomerQuery | None = None, *, limit: int = 20
) -> CustomerSearch:
    """Look for an order's customer: by the order's name, or by what is asked.

    Raises:
        NotFound: there is no such order.
        NotAllowed: nothing readable came of it yet; or the point of sale searches by itself.
    """
    order, store = order_and_store(context, order_id)
    said = _said(order, store)
    first = next((name for name in FIELDS if getattr(said, name)), "name")
    asked = query or CustomerQuery(**{first: getattr(said, first)})
    asked = replace(asked, country=said.country)
    found = [] if asked.empty else context.pos.search_customers(asked, limit)
    return CustomerSearch(said=said, asked=asked, found=found)


def propose_customer(context: Context, order_id: int) -> CustomerProposal:
    """Return the customer that an order would add, with what to look at before it is done.

    Raises:
        NotFound: there is no such order.
        NotAllowed: nothing readable came of it yet; or the point of sale searches by itself.
    """
    order, store = order_and_store(context, order_id)
    country = store.country if store else ""
    address = _address(order, store)
    query = replace(_said(order, store), postcode="")
    similar = [] if query.empty else context.pos.search_customers(query, _SIMILAR)
    return CustomerProposal(
        customer=_new(order, address, country),
        errors=tuple(typing_errors(order.customer, address, country)),
        similar=similar,
    )


def create_customer(
    context: Context,
    order_id: int,
    customer: NewCustomer,
    signature: Signature,
    *,
    anyway: bool = False,
) -> tuple[str, int]:
    """Add a customer and link the order to them; return the ID and how many waiting orders it heals.

    Should the program die in between, the customer is there and is found as the same one.

    Args:
        context: the engine's parts.
        order_id: whose customer it is.
        customer: as proposed, or as staff corrected it.
        signature: who adds them, and why.
        anyway: also where somebody is there with the same e-mail or phone.

    Raises:
        NotFound: there is no such order.
        NotAllowed: somebody is there already who is the same; or the point of sale adds by itself.
        InputError: the customer has no name, or an e-mail or phone cannot be read.
    """
    _, store = order_and_store(context, order_id)
    if not anyway:
        _refuse_the_same(context, customer, store)
    customer_id = context.pos.add_customer(customer)
    context.probe("after pos add_customer")
    return customer_id, link_customer(context, order_id, customer_id, signature)


def _refuse_the_same(context: Context, customer: NewCustomer, store: Store | None) -> None:
    """Refuse to add a customer whose e-mail or phone somebody has."""
    country = customer.address.country or (store.country if store else "")
    for field, values in (("email", customer.emails), ("phone", customer.phones)):
        for value in values:
            query = CustomerQuery(**{field: value}, country=country)
            same = [one for one in context.pos.search_customers(query, 1) if not one.close]
            if same:
                card = same[0].card
                raise NotAllowed(
                    Words(
                        f"{card.name} ({card.id}) has {value} already: select them, or add another anyway.",
                        f"{card.name}({card.id}) 고객이 이미 {value}을(를) 사용합니다. "
                        "해당 고객을 선택하거나, 그래도 새로 만들 수 있습니다.",
                    )
                )


def _said(order: WebOrder, store: Store | None) -> CustomerQuery:
    customer, address = order.customer, _address(order, store)
    return CustomerQuery(
        name=customer.name,
        email=customer.email if customer.email and customer.email_usable else "",
        phone=customer.phone if customer.phone and customer.phone_usable else "",
        postcode=address.postcode,
        country=address.country or (store.country if store else ""),
    )


def _address(order: WebOrder, store: Store | None) -> Address:
    """Return the customer's own address: the store's, usual with pick-up, is none."""
    for address in (order.billing_address, order.shipping_address):
        own = store.address.postcode if store else ""
        if address is not None and (address.street or address.postcode) and address.postcode != own:
            return address
    return Address()


def _new(order: WebOrder, address: Address, country: str) -> NewCustomer:
    customer = order.customer
    email = customer.email if customer.email_usable and normalise_email(customer.email) else None
    phone = customer.phone if customer.phone_usable else None
    readable = phone if e164(phone, address.country or country) else None
    return NewCustomer(
        name=customer.name,
        emails=(email,) if email else (),
        phones=(readable,) if readable else (),
        address=address,
    )
