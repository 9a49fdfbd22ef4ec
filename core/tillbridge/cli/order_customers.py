"""Commands that verify an order's customer: search, select, or create from the order."""

from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.text import Text

from tillbridge.cli.found import customer_data, customer_table
from tillbridge.cli.repairing import OrderId, tell_healed
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.cards import CustomerQuery, NewCustomer
from tillbridge.repair import CustomerProposal, CustomerSearch
from tillbridge.views import OrderView

_BY = ("name", "email", "phone", "postcode")


def search(  # noqa: PLR0913  # one option for each thing that a customer may be looked for by
    context: typer.Context,
    order_id: OrderId,
    *,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="By what the order says: name, email, phone, postcode; may come again."),
    ] = None,
    name: Annotated[str, typer.Option(help="Another name; close spellings come last.")] = "",
    email: Annotated[str, typer.Option(help="Another e-mail, or a part of it.")] = "",
    phone: Annotated[str, typer.Option(help="Another phone number, or its last digits.")] = "",
    postcode: Annotated[str, typer.Option(help="Another post code.")] = "",
    number: Annotated[str, typer.Option(help="The shop's customer number.")] = "",
) -> None:
    """Look for an order's customer: by its name, or by what you say."""
    session = session_of(context)
    given = CustomerQuery(name=name, email=email, phone=phone, postcode=postcode, number=number)
    with session.engine() as engine:
        order = engine.order(order_id)
        found = engine.search_customers(order.id, None if given.empty and not by else given)
        if by:
            asked = replace(given, **{field: getattr(found.said, field) for field in _fields(by)})
            found = engine.search_customers(order.id, asked)
    _show(session, order, found)


def _fields(by: list[str]) -> list[str]:
    unknown = [one for one in by if one not in _BY]
    if unknown:
        allowed = ", ".join(_BY)
        raise InputError(
            Words(
                f"--by {unknown[0]!r} is not known: {allowed}.",
                f"--by {unknown[0]!r}은(는) 지원하지 않습니다: {allowed}",
            )
        )
    return by


def _show(session: Session, order: OrderView, found: CustomerSearch) -> None:
    if session.as_json:
        session.give(
            {
                "said": _query_data(found.said),
                "asked": _query_data(found.asked),
                "found": [customer_data(one) for one in found.found],
            }
        )
        return
    if found.found:
        session.say(customer_table(found.found, session.language))
    else:
        session.say(session.words("Nobody fits.", "해당하는 고객이 없습니다."))
    session.say(
        "",
        session.words(
            f"Select: tillbridge order customer {order.id} ID    Create: tillbridge order customer "
            f"{order.id} --create",
            f"선택: tillbridge order customer {order.id} 고객ID    새로 만들기: tillbridge order customer "
            f"{order.id} --create",
        ),
    )


def _query_data(query: CustomerQuery) -> dict[str, str]:
    return {field: getattr(query, field) for field in (*_BY, "number")}


def verify(  # noqa: PLR0913  # what the order says may be corrected field by field
    context: typer.Context,
    order_id: OrderId,
    customer: Annotated[
        str, typer.Argument(metavar="[CUSTOMER]", help="The point of sale's ID of them.")
    ] = "",
    *,
    create: Annotated[bool, typer.Option("--create", help="Add them from the order instead.")] = False,
    name: Annotated[str, typer.Option(help="Of a new one, where the order's is wrong.")] = "",
    email: Annotated[str, typer.Option(help="As --name.")] = "",
    phone: Annotated[str, typer.Option(help="As --name.")] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Add them though somebody has that e-mail or phone.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Say who ordered; every waiting order of the same customer at the webstore is processed again."""
    session = session_of(context)
    if bool(customer) is create:
        raise InputError(
            Words(
                "Say which customer it is, or --create.",
                "고객 ID를 지정하거나 --create를 지정해 주세요.",
            )
        )
    signature = sign(who, reason)
    with session.engine() as engine:
        order = engine.order(order_id)
        if not create:
            healed = engine.link_customer(order.id, customer, signature)
            _tell_moved(session, order, customer)
            tell_healed(session, engine, order.id, healed)
            return
        proposal = engine.propose_customer(order.id)
        wanted = _corrected(proposal.customer, name, email, phone)
        if not yes and session.interactive:
            _look(session, wanted, proposal)
            if not typer.confirm(session.words("Add this customer?", "이 고객을 추가할까요?")):
                raise typer.Exit(1)
        _create(session, engine, order, wanted, signature, anyway=anyway)


def _create(  # what a command hands on
    session: Session,
    engine: Engine,
    order: OrderView,
    wanted: NewCustomer,
    signature: Signature,
    *,
    anyway: bool,
) -> None:
    made, healed = engine.create_customer(order.id, wanted, signature, anyway=anyway)
    session.say(
        session.words(f"{wanted.name} is {made} now.", f"{wanted.name} 고객을 {made}(으)로 추가했습니다.")
    )
    tell_healed(session, engine, order.id, healed)


def _tell_moved(session: Session, order: OrderView, customer: str) -> None:
    """Say what became of a sale that was another customer's."""
    before = order.customer_id
    if session.as_json or not order.barcode or before in (None, customer):
        return
    session.say(
        session.words(
            f"The sale was {before}'s and is {customer}'s now. What the order brought to {before} (shipping "
            "address, mailings) stays there: look at both pages.",
            f"거래 고객을 {before}에서 {customer}(으)로 바꿨습니다. 주문으로 {before}에 반영된 내용(배송 "
            "주소, 연락망)은 그대로 남습니다. 두 고객의 정보를 확인해 주세요.",
        )
    )


def _corrected(customer: NewCustomer, name: str, email: str, phone: str) -> NewCustomer:
    changes: dict[str, Any] = {"name": name} if name else {}
    if email:
        changes["emails"] = (email,)
    if phone:
        changes["phones"] = (phone,)
    return replace(customer, **changes)


def _look(session: Session, wanted: NewCustomer, proposal: CustomerProposal) -> None:
    """Show what is to be added, what may be typed wrongly, and who is similar."""
    place = wanted.address
    where = " ".join(part for part in (place.postcode, place.city, *place.street) if part)
    session.say(
        Text(wanted.name, style="bold"), ", ".join((*wanted.emails, *wanted.phones)) or "-", where or "-"
    )
    for words in proposal.errors:
        session.say(Text(words.say(session.language), style="yellow"))
    if proposal.similar:
        session.say("", session.words("Already there:", "이미 등록된 비슷한 고객:"))
        session.say(customer_table(proposal.similar, session.language))


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about one order."""
    app.command("customers")(search)
    app.command("customer")(verify)
