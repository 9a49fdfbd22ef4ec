"""Commands of a web order's sale at the counter: items, prices, payments, keeping open, finishing."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from tillbridge.cli.contacting import contact_of, read_word
from tillbridge.cli.local_pos import embedded
from tillbridge.cli.ordering import OrderId
from tillbridge.cli.orders_as import Zones, money_text, time_text
from tillbridge.cli.outcomes import OUTCOME, finished_words, read_outcome
from tillbridge.cli.payload_out import write_new
from tillbridge.cli.returns_as import return_lines
from tillbridge.cli.sales_as import STATE_WORDS, balance_table, item_table, sale_data
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.counter import Acted, Progress
from tillbridge.counter.plans import amount_of
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.details import (
    PAYMENT_WORDS,
    ItemPick,
    NewItem,
    NewPrice,
    Payment,
    PaymentKind,
    Return,
    ReturnedItem,
)
from tillbridge.pos.sales import ReturnTaken, SaleView

sale_app = typer.Typer(help="An order's sale at the counter.", no_args_is_help=True)

_Why = Annotated[str, typer.Option(help="Why; it stands in the timeline and in the sale's comments.")]
_ITEM = "Its number in `sale show`."


@sale_app.command("show")
def show(context: typer.Context, order_id: OrderId) -> None:
    """Show the sale of an order: items, payments, what is due, comments."""
    session = session_of(context)
    with session.engine() as engine:
        sale = engine.sale(engine.order(order_id).id)
        zone = Zones(engine.pos.stores()).of(sale.store)
    if session.as_json:
        session.give(sale_data(sale))
        return
    _say(session, sale)
    language = session.language
    for text in return_lines(sale, lambda moment: time_text(moment, zone, language), language):
        session.say(text)


@sale_app.command("add")
def add(  # noqa: PLR0913  # one option for each thing that is said of an item
    context: typer.Context,
    order_id: OrderId,
    product: Annotated[str, typer.Argument(help="Its ID, GTIN, VPN, SKU or MPN.")],
    *,
    quantity: Annotated[str, typer.Option(help="How many.")] = "1",
    price: Annotated[str, typer.Option(help="Of one, as on the shelf; by default the catalogue's.")] = "",
    tax_rate: Annotated[str, typer.Option(help="In percent; by default the store's.")] = "",
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Add a product that the customer takes as well; its stock moves with it."""
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(order_id)
        found = embedded(engine).catalogue(product)
        if found is None:
            raise NotFound(
                Words(f"There is no product {product!r}.", f"제품 {product!r}을(를) 찾을 수 없습니다.")
            )
        item = NewItem(
            product_id=found.id,
            quantity=_number(quantity, "--quantity"),
            price=amount_of(_number(price, "--price"), engine.sale(order.id)) if price else None,
            tax_rate=_number(tax_rate, "--tax-rate") if tax_rate else None,
        )
        done = engine.add_item(order.id, item, sign(who, reason), name=found.description)
    _tell(session, done)


@sale_app.command("remove")
def remove(  # noqa: PLR0913  # one option for each thing that is said of items
    context: typer.Context,
    order_id: OrderId,
    items: Annotated[list[str] | None, typer.Argument(metavar="[ITEM]...", help=_ITEM)] = None,
    *,
    quantity: Annotated[str, typer.Option(help="How many of one item; by default all.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Remove every item.")] = False,
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Remove items; their stock returns."""
    session = session_of(context)
    named = items or []
    if bool(named) is everything or (quantity and len(named) != 1):
        raise InputError(
            Words(
                "Name items, or give --all; --quantity goes with one item.",
                "삭제할 항목을 지정하거나 --all을 붙여 주세요. --quantity는 항목 하나에만 쓸 수 있습니다.",
            )
        )
    count = _number(quantity, "--quantity") if quantity else None
    picks = [ItemPick(item=one, quantity=count) for one in named]
    with session.engine() as engine:
        done = engine.remove_items(engine.order(order_id).id, picks, sign(who, reason))
    _tell(session, done)


@sale_app.command("price")
def price(  # noqa: PLR0913  # one option for each thing that is said of a price and its contact
    context: typer.Context,
    order_id: OrderId,
    item: Annotated[str, typer.Argument(help=_ITEM)],
    amount: Annotated[str, typer.Argument(help="What all its pieces cost, tax included.")],
    *,
    channel: Annotated[str, typer.Option(help="How the customer was told: call, sms, email.")] = "",
    outcome: Annotated[str, typer.Option(help="What they said: agreed, reached, sent.")] = "agreed",
    note: Annotated[str, typer.Option(help="What was said.")] = "",
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Change an item's price, which the customer is told of first: --channel writes that down with it."""
    session = session_of(context)
    contact = contact_of(channel, outcome, note)
    with session.engine() as engine:
        order = engine.order(order_id)
        gross = amount_of(_number(amount, "AMOUNT"), engine.sale(order.id))
        wanted = NewPrice(pick=ItemPick(item=item), gross=gross)
        done = engine.change_price(order.id, wanted, sign(who, reason), contact)
    _tell(session, done)


@sale_app.command("comment")
def comment(
    context: typer.Context,
    order_id: OrderId,
    text: Annotated[str, typer.Argument(help="What to write.")],
    *,
    who: WHO = "",
) -> None:
    """Add a comment to the sale."""
    session = session_of(context)
    with session.engine() as engine:
        done = engine.comment_sale(engine.order(order_id).id, sign(who, text))
    _tell(session, done)


@sale_app.command("pay")
def pay(  # noqa: PLR0913  # one option for each thing that is said of a payment
    context: typer.Context,
    order_id: OrderId,
    amount: Annotated[str, typer.Argument(help="How much; by default all that is due.")] = "",
    *,
    by: Annotated[str, typer.Option(help="cash, card, transfer, gift-card, other or ecommerce.")] = "cash",
    card_type: Annotated[str, typer.Option(help="Of a card or an eCommerce payment: Stripe, BC, …")] = "",
    back: Annotated[bool, typer.Option("--back", help="Hand it back.")] = False,
    reference: Annotated[str, typer.Option(help="The other side's number of it.")] = "",
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Note a payment; several kinds may pay one sale. An eCommerce payment may be 0."""
    session = session_of(context)
    kind = read_word(by, PAYMENT_WORDS, Words("kind of payment", "결제 수단"))
    with session.engine() as engine:
        order = engine.order(order_id)
        sale = engine.sale(order.id)
        given = amount_of(_number(amount, "AMOUNT"), sale) if amount else sale.balance.due
        given = -given if back and amount else given
        payment = Payment(kind=kind, amount=given, card_type=card_type, reference=reference)
        done = engine.pay(order.id, payment, sign(who, reason))
    _tell(session, done)


@sale_app.command("keep")
def keep(
    context: typer.Context,
    order_id: OrderId,
    *,
    no_longer: Annotated[bool, typer.Option("--no-longer", help="Take it back.")] = False,
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Keep the sale open until the goods are picked up; finishing it needs a reason then."""
    session = session_of(context)
    with session.engine() as engine:
        act = engine.release_sale if no_longer else engine.keep_open
        done = act(engine.order(order_id).id, sign(who, reason))
    _tell(session, done)


@sale_app.command("finish")
def finish(
    context: typer.Context,
    order_id: OrderId,
    *,
    outcome: OUTCOME = "",
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Finish as a sale, once it is paid in full; one without items is closed. The order follows.

    A reservation whose goods are on the sale is picked up, unless --outcome says otherwise.
    """
    session = session_of(context)
    ended = read_outcome(outcome)
    with session.engine() as engine:
        order = engine.order(order_id)
        done = engine.finish_sale(order.id, sign(who, reason), ended)
        after = engine.order_by_id(order.id)
    _tell(session, done)
    if not session.as_json and done.progress is Progress.DONE:
        for words in finished_words(after):
            session.say(words.say(session.language))


@sale_app.command("return")
def take_back(  # noqa: PLR0913  # one option for each thing that is said of a return
    context: typer.Context,
    order_id: OrderId,
    items: Annotated[list[str], typer.Argument(metavar="ITEM...", help=_ITEM)],
    *,
    quantity: Annotated[str, typer.Option(help="How many of one item; by default all.")] = "",
    not_to_stock: Annotated[bool, typer.Option("--not-to-stock", help="They cannot be sold again.")] = False,
    reason: _Why = "",
    who: WHO = "",
) -> None:
    """Take items of a finished sale back; their money goes back the way it came."""
    session = session_of(context)
    if quantity and len(items) != 1:
        raise InputError(
            Words("--quantity goes with one item.", "--quantity는 항목 하나에만 쓸 수 있습니다.")
        )
    count = _number(quantity, "--quantity") if quantity else None
    backs = tuple(ReturnedItem(item=one, quantity=count, to_stock=not not_to_stock) for one in items)
    with session.engine() as engine:
        order = engine.order(order_id)
        done = engine.take_back(order.id, Return(items=backs), sign(who, reason))
    _tell(session, done)
    if not session.as_json and done.sale.returns:
        _say_refunds(session, done.sale.returns[-1], order.connection)


def _say_refunds(session: Session, taken: ReturnTaken, webstore: str) -> None:
    for refund in taken.refunds:
        amount, kind = money_text(refund.amount, session.language), PAYMENT_WORDS[refund.kind]
        card = f" {refund.card_type}" if refund.card_type else ""
        if refund.kind is PaymentKind.ECOMMERCE:
            by = Words("The webstore", "웹스토어")
            if refund.card_type == webstore:  # so is noted what it took itself
                by, card = Words.of(webstore), ""
            said = session.words(
                f"{by.en} has to give back {amount}{card}; hand out no cash for it.",
                f"{by.ko}에서 {amount}{card}을(를) 환불해야 합니다. 현금으로 내주지 마세요.",
            )
        else:
            said = session.words(f"Hand back {amount}: {kind.en}{card}.", f"환불: {amount}, {kind.ko}{card}.")
        session.say(said)


@sale_app.command("receipt")
def receipt(
    context: typer.Context,
    order_id: OrderId,
    *,
    out: Annotated[
        Path | None, typer.Option(help="A new file: NAME.html to print, or NAME.txt; else it is shown.")
    ] = None,
) -> None:
    """Write the receipt for 80 mm paper, with the sale's barcode: as text, or as a page to print."""
    # Only receipts load the barcodes.
    from tillbridge.receipts import as_page, as_text  # noqa: PLC0415  # see above

    session = session_of(context)
    with session.engine() as engine:
        made = engine.receipt(engine.order(order_id).id)
    text, page = as_text(made, session.language), as_page(made, session.language)
    if session.as_json:
        session.give({"barcode": made.barcode, "text": text, "html": page})
    if out is None:
        session.say(text)
        return
    write_new(out, (page if out.suffix.casefold() in (".html", ".htm") else text).encode())
    session.say(session.words(f"Written to {out}.", f"{out}에 저장했습니다."))


def _tell(session: Session, done: Acted) -> None:
    if session.as_json:
        session.give({"progress": done.progress.value, **sale_data(done.sale)})
        return
    if done.progress is Progress.QUEUED:
        session.say(
            session.words(
                "The point of sale has not answered yet; it is done as soon as it does.",
                "POS가 아직 응답하지 않았습니다. 응답하는 대로 처리됩니다.",
            )
        )
    _say(session, done.sale)


def _say(session: Session, sale: SaleView) -> None:
    language = session.language
    state = STATE_WORDS[sale.facts.state].say(language)
    kept = (
        f"  {session.words('kept open', '열어두기')}: {sale.kept_open}" if sale.kept_open is not None else ""
    )
    session.say(f"{sale.facts.sale_id}  {sale.facts.barcode}  {state}{kept}", "")
    session.say(item_table(sale, language), "", balance_table(sale, language))
    for comment_ in sale.comments:
        session.say(f"“{comment_}”")


def _number(text: str, what: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise InputError(Words(f"{what}: {text!r} is no number.", f"{what}: {text!r}은(는) 숫자가 아닙니다."))
    return value
