"""The command that corrects stock to what was counted."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from tillbridge.cli.local_pos import embedded
from tillbridge.cli.orders_as import quantity_data
from tillbridge.cli.session import session_of
from tillbridge.cli.signing import WHO, sign
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.embedded.counting import StockCount


def count(  # one option for each thing that makes a count
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="Its ID, barcode number (in any form), part number or SKU.")],
    pieces: Annotated[str, typer.Argument(help="How many are there.")],
    *,
    store: Annotated[str, typer.Option(help="The store's code; needed where there are several.")] = "",
    reason: Annotated[str, typer.Option(help="Why it was counted.")] = "",
    who: WHO = "",
) -> None:
    """Correct a product's stock to what was counted."""
    session = session_of(context)
    signature = sign(who, reason)
    with session.engine() as engine:
        pos = embedded(engine)
        found = pos.catalogue(code)
        if found is None:
            raise NotFound(Words(f"No product has the number {code!r}.", f"{code!r} 번호의 제품이 없습니다."))
        counted = StockCount(
            product_id=found.id,
            store=store or _only_store(engine),
            pieces=_pieces(pieces),
            who=signature.who,
            reason=signature.reason,
        )
        before = pos.count_stock(counted)
    data = {"product": found.id, "store": counted.store, "before": quantity_data(before)}
    if session.as_json:
        session.give(data | {"after": quantity_data(counted.pieces)})
        return
    said = f"{data['before']} → {quantity_data(counted.pieces)}"
    session.say(f"{found.description} ({found.id}), {counted.store}: {said}")


def _only_store(engine: Engine) -> str:
    stores = [store.code for store in engine.pos.stores()]
    if len(stores) == 1:
        return stores[0]
    raise InputError(
        Words(
            f"Say which store with --store. There are: {', '.join(stores) or '-'}.",
            f"--store로 매장을 지정해 주세요. 있는 매장: {', '.join(stores) or '-'}",
        )
    )


def _pieces(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InputError(Words(f"{text!r} is no number.", f"{text!r}은(는) 숫자가 아닙니다.")) from None
