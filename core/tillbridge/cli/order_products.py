"""Commands about products that orders lack: search, link a line to one, or add one."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer
from rich.text import Text

from tillbridge.cli.found import product_data, product_table
from tillbridge.cli.given import read_pairs
from tillbridge.cli.healed import said_healed
from tillbridge.cli.link_seen import link_data, link_words
from tillbridge.cli.orders_as import money_text
from tillbridge.cli.repairing import LineId, OrderId, line_of, tell_linked
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.money import Money, MoneyError
from tillbridge.model.words import Words
from tillbridge.pos.cards import NewProduct, ProductCard, ProductQuery
from tillbridge.repair import ProductProposal
from tillbridge.views import LineView, OrderView

product_app = typer.Typer(help="Look for products, and add them.", no_args_is_help=True)

_MOST = 20
_Text = Annotated[str, typer.Argument(metavar="[TEXT]", help="A number, or words of its description.")]
_Description = Annotated[str, typer.Option(help="What staff and receipts call it.")]
_Gtin = Annotated[str, typer.Option(help="Its UPC or other barcode number.")]
_Vpn = Annotated[
    list[str] | None, typer.Option("--vpn", metavar="VENDOR=NUMBER", help="A vendor's part number for it.")
]
_Mpn = Annotated[str, typer.Option(help="The maker's part number, with --brand.")]
_Brand = Annotated[str, typer.Option(help="The maker's name.")]
_Price = Annotated[str, typer.Option(help="What one sells for, in the store's currency.")]


def search_for_line(context: typer.Context, order_id: OrderId, line: LineId, text: _Text = "") -> None:
    """Look for a line's product: by its own numbers and title, or by what you say."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        found = engine.search_products(order.id, line_of(order, line).line_id, text)
    if session.as_json:
        asked = {"numbers": list(found.asked.numbers), "words": found.asked.words}
        session.give({"asked": asked, "found": [product_data(one) for one in found.found]})
        return
    if found.found:
        session.say(product_table(found.found, session.language))
    else:
        session.say(session.words("No product fits.", "해당하는 제품이 없습니다."))
    session.say(
        "",
        session.words(
            f'Link: tillbridge order product {order.id} "{line}" ID    Add: tillbridge order product '
            f'{order.id} "{line}" --create',
            f'연결: tillbridge order product {order.id} "{line}" 제품ID    추가: tillbridge order product '
            f'{order.id} "{line}" --create',
        ),
    )


def link(  # noqa: PLR0913  # what the line says may be corrected field by field
    context: typer.Context,
    order_id: OrderId,
    line: LineId,
    product: Annotated[str, typer.Argument(metavar="[PRODUCT]", help="The point of sale's ID of it.")] = "",
    *,
    create: Annotated[bool, typer.Option("--create", help="Add it from the line instead.")] = False,
    description: _Description = "",
    gtin: _Gtin = "",
    vpn: _Vpn = None,
    mpn: _Mpn = "",
    brand: _Brand = "",
    price: _Price = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Add it though another product has one of its numbers.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show the product beside the line.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Say which product a line is; every waiting order with that item is processed again."""
    session = session_of(context)
    if bool(product) is create:
        raise InputError(
            Words(
                "Say which product it is, or --create.",
                "제품 ID를 지정하거나 --create를 지정해 주세요.",
            )
        )
    if create and dry_run:
        raise InputError(
            Words(
                "--dry-run is for a product that is there; --create shows what it adds and asks first.",
                "--dry-run은 이미 있는 제품에만 사용할 수 있습니다. --create는 추가할 내용을 먼저 보여 주고 "
                "확인합니다.",
            )
        )
    signature = sign(who, reason)
    with session.engine() as engine:
        order = engine.order(order_id)
        chosen = line_of(order, line).line_id
        if not create:
            if _seen(session, engine, (order, line_of(order, line)), product, dry_run=dry_run):
                healed = engine.link_product(order.id, chosen, product, signature)
                tell_linked(session, engine, order.id, chosen, healed)
            return
        proposal = engine.propose_product(order.id, chosen)
        given = _given(engine, description, gtin, vpn, (mpn, brand, price))
        wanted = replace(proposal.product, **given)
        if not yes and session.interactive:
            _look(session, wanted, proposal)
            if not typer.confirm(session.words("Add this product?", "이 제품을 추가할까요?")):
                raise typer.Exit(1)
        made, healed = engine.create_product(order.id, chosen, wanted, signature, anyway=anyway)
        session.say(_added(session, wanted.description, made))
        tell_linked(session, engine, order.id, chosen, healed)


def _seen(
    session: Session, engine: Engine, of: tuple[OrderView, LineView], product: str, *, dry_run: bool
) -> bool:
    """Show the product beside the line; return whether it is to be linked now."""
    order, line = of
    card = engine.product_card(product)
    if dry_run and session.as_json:
        session.give(link_data(line, card or ProductCard(id=product, description="")))
    elif card is not None and not session.as_json:
        session.say(link_words(order, line, card).say(session.language))
    return not dry_run


def _added(session: Session, description: str, made: str) -> str:
    return session.words(f"{description} is {made} now.", f"{description} 제품을 {made}(으)로 추가했습니다.")


@product_app.command("search")
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="A number in any form, or words of its description.")],
) -> None:
    """Look for products: by UPC or GTIN, VPN, MPN, SKU, then by description."""
    session = session_of(context)
    with session.engine() as engine:
        found = engine.context.pos.search_products(ProductQuery.of(text), _MOST)
    if session.as_json:
        session.give([product_data(one) for one in found])
    elif found:
        session.say(product_table(found, session.language))
    else:
        session.say(session.words("No product fits.", "해당하는 제품이 없습니다."))


@product_app.command("add")
def add(  # noqa: PLR0913  # one option for each thing that a product has
    context: typer.Context,
    description: Annotated[str, typer.Argument(help="What staff and receipts call it.")],
    *,
    gtin: _Gtin = "",
    vpn: _Vpn = None,
    mpn: _Mpn = "",
    brand: _Brand = "",
    price: _Price = "",
    on_hand: Annotated[
        list[str] | None, typer.Option("--on-hand", metavar="STORE=PIECES", help="What a store has of it.")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Add it though another product has one of its numbers.")
    ] = False,
    who: WHO = "",
) -> None:
    """Add a product; every waiting order that it was lacking for is processed again."""
    session = session_of(context)
    with session.engine() as engine:
        given = _given(engine, description, gtin, vpn, (mpn, brand, price))
        pieces = {
            store: _quantity(said) for store, said in read_pairs(on_hand or (), option="--on-hand").items()
        }
        wanted = NewProduct(**given, on_hand=pieces)
        if not anyway:
            engine.refuse_the_same(wanted)
        made = engine.context.pos.add_product(wanted)
        healed = engine.heal(sign(who, ""))
    if session.as_json:
        session.give({"id": made, "healed": healed})
        return
    session.say(
        _added(session, description, made),
        said_healed(healed).say(session.language),
    )


def _given(
    engine: Engine,
    description: str,
    gtin: str,
    vpn: list[str] | None,
    more: tuple[str, str, str],
) -> dict[str, Any]:
    """Return what was said of a product; what was not is left out."""
    mpn, brand, price = more
    said = {
        "description": description,
        "gtin": gtin,
        "vpns": read_pairs(vpn or (), option="--vpn"),
        "mpn": mpn,
        "brand": brand,
        "price": _money(engine, price) if price else None,
    }
    return {name: value for name, value in said.items() if value}


def _money(engine: Engine, said: str) -> Money:
    try:
        return Money.exact(Decimal(said), engine.pos.stores()[0].currency)
    except (InvalidOperation, MoneyError) as error:
        raise InputError(
            Words(f"{said!r} is no price.", f"{said!r}: 가격으로 사용할 수 없습니다.")
        ) from error


def _quantity(said: str) -> Decimal:
    try:
        return Decimal(said)
    except InvalidOperation as error:
        raise InputError(
            Words(f"{said!r} is no quantity.", f"{said!r}: 수량으로 사용할 수 없습니다.")
        ) from error


def _look(session: Session, wanted: NewProduct, proposal: ProductProposal) -> None:
    """Show what is to be added, what is left out of it, and what is similar."""
    numbers = [
        wanted.gtin,
        *(f"{vendor} {vpn}" for vendor, vpn in wanted.vpns.items()),
        wanted.mpn,
        wanted.sku,
    ]
    shown = ", ".join(number for number in numbers if number)
    session.say(
        Text(wanted.description, style="bold"),
        f"{shown or '-'}  {wanted.brand}  {money_text(wanted.price, session.language)}",
    )
    for words in proposal.notes:
        session.say(Text(words.say(session.language), style="yellow"))
    if proposal.similar:
        session.say("", session.words("Already there:", "이미 등록된 비슷한 제품:"))
        session.say(product_table(proposal.similar, session.language))


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about one order."""
    app.command("products")(search_for_line)
    app.command("product")(link)
