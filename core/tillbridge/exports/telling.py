"""Tells a webstore what it should show: changes in batches, each with its receipt."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, case, select, tuple_, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.wanting import GONE, What, believed, numbers_of, read, told_of
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Limits, Offer
from tillbridge.model.orders import LineIdentifier
from tillbridge.model.words import Words
from tillbridge.plugins.calling import OfferHook
from tillbridge.provider import Capability

_HOOKS: Final[Mapping[What, OfferHook]] = {
    What.STOCK: "push_inventory",
    What.BOTH: "push_inventory",
    What.PRICE: "push_prices",
}
_UNANSWERED: Final = Receipt(
    Outcome.UNKNOWN, Words("The webstore did not say.", "웹스토어에서 응답하지 않았습니다.")
)
STREAMED: Final = 1000
_ITEMS: Final = export_tables.export_items.c
_KEYS: Final = and_(
    _ITEMS.connection_id == bindparam("the_connection"),
    _ITEMS.what == bindparam("the_what"),
    _ITEMS.location == bindparam("the_location"),
    _ITEMS.product_id == bindparam("the_product"),
)


@dataclass(slots=True)
class Told:
    """What came of telling, in offers."""

    accepted: int = 0
    refused: int = 0
    pending: int = 0
    unknown: int = 0

    def count(self, outcome: Outcome, many: int = 1) -> None:
        """Count what was answered."""
        name = outcome.value
        setattr(self, name, getattr(self, name) + many)


@dataclass(frozen=True, slots=True)
class Telling:
    """One run of telling: by which limits, and what came of it."""

    limits: Limits
    told: Told

    def text(self, row: AnyRow) -> str:
        """Return what is told of an item: what is held of it stays as the webstore shows it."""
        if row.state != OfferState.HELD:
            return str(row.wanted)
        return believed(What(row.what), row.shown, row.wanted, self.limits)


def tell_changes(context: Context, connection: OpenConnection, telling: Telling) -> None:
    """Tell what is due, batch by batch; each batch's receipts are kept before the next is sent.

    Raises:
        ProviderError: the webstore is away; what it accepted before stays accepted, the rest is due.
    """
    for what in told_of(connection.provider):
        after = ("", "")
        while rows := _due(context, connection, what, after):
            after = (rows[-1].location, rows[-1].product_id)
            _tell(context, connection, what, rows, telling)


def _due(
    context: Context, connection: OpenConnection, what: What, after: tuple[str, str]
) -> Sequence[AnyRow]:
    items = export_tables.export_items
    later = tuple_(items.c.location, items.c.product_id) > tuple_(*after)
    mine = and_(items.c.connection_id == connection.id, items.c.what == what.value, waiting.OFFER_DUE)
    query = with_shelf().where(mine, later).order_by(items.c.location, items.c.product_id)
    with context.database.read() as database:
        return database.execute(query.limit(connection.provider.exporting.batch)).all()


def with_shelf() -> Any:
    """Return the query of items with what the shelf says of their products."""
    items, shelf = export_tables.export_items, export_tables.shelf
    same = and_(shelf.c.store == items.c.store, shelf.c.product_id == items.c.product_id)
    return select(items, shelf.c.title, shelf.c.identifiers).join(shelf, same)


def _tell(
    context: Context, connection: OpenConnection, what: What, rows: Sequence[AnyRow], telling: Telling
) -> None:
    texts = [(row, telling.text(row)) for row in rows]
    taken = _taken(context, [row for row, text in texts if text == GONE])
    both = [(one, offer_of(connection, what, one, taken if one[1] == GONE else ())) for one in texts]
    # A price that is to be shown no more is none that could be told: the stock says it. And what is gone,
    # and has no number of its own any more, is shown by nobody.
    silent = [one for one, offer in both if (what is What.PRICE and one[1] == GONE) or not offer.identifiers]
    if silent:
        _keep(context, [(row, text, Receipt(Outcome.ACCEPTED)) for row, text in silent])
    loud = [one for one, _ in both if one not in silent]
    if not loud:
        return
    offers = [offer for one, offer in both if one in loud]
    context.database.unit("export.sent", lambda database: note_sent(database, loud))
    receipts = _push(context, connection, what, offers)
    answers = [
        (row, text, receipts.get(offer.key, _UNANSWERED))
        for (row, text), offer in zip(loud, offers, strict=True)
    ]
    _keep(context, answers)
    for *_, receipt in answers:
        telling.told.count(receipt.outcome)


_Number = tuple[str, str, str]


def _taken(context: Context, gone: Sequence[AnyRow]) -> set[_Number]:
    """Return by store the numbers of what is gone that another product carries: that one is not gone."""
    numbers = {(row.store, kind.value, value) for row in gone for kind, value in numbers_of(row.identifiers)}
    if not numbers:
        return set()
    shelf, found = export_tables.shelf, set()
    query = select(shelf.c.store, shelf.c.product_id, shelf.c.identifiers).where(
        shelf.c.store.in_({store for store, *_ in numbers}), shelf.c.published
    )
    own = {(row.store, row.product_id) for row in gone}
    with context.database.read() as database:
        for row in database.execute(query.execution_options(yield_per=STREAMED)):
            if (row.store, row.product_id) not in own:
                carried = ((row.store, kind.value, value) for kind, value in numbers_of(row.identifiers))
                found |= numbers.intersection(carried)
    return found


def note_sent(database: Connection, texts: Sequence[tuple[AnyRow, str]]) -> None:
    """Note what is about to be told: from here on the webstore may show it, whether it answers or not."""
    table = export_tables.export_items
    news = [{**_key_of(row), "told": text} for row, text in texts if row.sent != text]
    if news:
        database.execute(update(table).where(_KEYS).values(sent=bindparam("told")), news)


def _key_of(row: AnyRow) -> dict[str, Any]:
    return {
        "the_connection": row.connection_id,
        "the_what": row.what,
        "the_location": row.location,
        "the_product": row.product_id,
    }


def _push(
    context: Context, connection: OpenConnection, what: What, offers: Sequence[Offer]
) -> Mapping[str, Receipt]:
    """Push a batch; one that is refused as a whole goes offer by offer, so that only the guilty one fails."""
    hook, provider, guest = _HOOKS[what], connection.provider.name, connection.guest
    try:
        return context.plugins.push_offers(provider, hook, guest, offers)
    except Rejected as error:
        if len(offers) == 1:
            return {offers[0].key: Receipt(Outcome.REFUSED, error.words)}
    found: dict[str, Receipt] = {}
    for offer in offers:
        found |= _push(context, connection, what, [offer])
    return found


def _keep(context: Context, answers: Sequence[tuple[AnyRow, str, Receipt]]) -> None:
    table, now = export_tables.export_items, context.clock.now()
    rows = [_answered(row, text, receipt) | {"at": now} for row, text, receipt in answers]
    changed = table.c.wanted != bindparam("judged")  # what it should show changed while it was told
    statement = (
        update(table)
        .where(_KEYS)
        .values(
            sent=bindparam("open"),
            shown=case((bindparam("accepted") == 1, bindparam("told")), else_=table.c.shown),
            state=case((changed, OfferState.PLAIN.value), else_=bindparam("new_state")),
            due=case((changed, True), else_=bindparam("again") == 1),
            ticket=bindparam("new_ticket"),
            en=bindparam("new_en"),
            ko=bindparam("new_ko"),
            changed_at=bindparam("at"),
        )
    )
    context.database.unit("export.receipts", lambda database: database.execute(statement, rows))


_STATES: Final = {Outcome.REFUSED: OfferState.REFUSED, Outcome.PENDING: OfferState.PENDING}


def _answered(row: AnyRow, text: str, receipt: Receipt) -> dict[str, Any]:
    in_part = text != row.wanted  # the rest is held, and why stands there already
    words = Words(row.en, row.ko or row.en) if in_part and row.en else receipt.words
    state = _STATES.get(receipt.outcome, OfferState.PLAIN)
    if in_part and state is not OfferState.PENDING:
        state = OfferState.HELD
    return {
        **_key_of(row),
        "told": text,
        "judged": row.wanted,
        # What was refused is not shown, but what was told before it, and not answered, still may be.
        "open": row.sent if receipt.outcome is Outcome.REFUSED else text,
        "accepted": int(receipt.outcome is Outcome.ACCEPTED),
        "again": int(receipt.outcome is Outcome.UNKNOWN),
        "new_state": state.value,
        "new_ticket": receipt.ticket,
        "new_en": words.en if words else None,
        "new_ko": words.ko if words else None,
    }


def offer_of(
    connection: OpenConnection, what: What, told: tuple[AnyRow, str], taken: Container[_Number] = ()
) -> Offer:
    """Return an item as a text tells it, without those numbers of it that others carry."""
    row, text = told
    quantity, price = read(what, text)
    return Offer(
        key=f"{row.location}/{row.product_id}",
        location=row.location,
        # What is gone since its location is another store now is told as of that one.
        store=connection.stores.get(row.location) or connection.stores[""],
        product_id=row.product_id,
        title=row.title,
        identifiers=tuple(
            LineIdentifier(kind=kind, value=value)
            for kind, value in numbers_of(row.identifiers)
            if (row.store, kind.value, value) not in taken
        ),
        quantity=quantity,
        price=price,
    )


# What was pending


def follow_pending(context: Context, connection: OpenConnection, told: Told) -> None:
    """Ask what became of the offers that were pending.

    Raises:
        ProviderError: the webstore is away.
    """
    if Capability.EXPORT_CHECK not in connection.provider.capabilities:
        return
    items = export_tables.export_items
    pending = and_(
        items.c.connection_id == connection.id,
        waiting.OFFER_STATE,
        items.c.state == OfferState.PENDING,
        items.c.ticket.is_not(None),
    )
    with context.database.read() as database:
        rows = database.execute(select(items).where(pending).order_by(items.c.ticket)).all()
    if not rows:
        return
    tickets = list(dict.fromkeys(row.ticket for row in rows))
    receipts = context.plugins.check_export(connection.provider.name, connection.guest, tickets)
    found = [(row, row.sent or "", receipts[row.ticket]) for row in rows if row.ticket in receipts]
    answers = [one for one in found if one[2].outcome in (Outcome.ACCEPTED, Outcome.REFUSED)]
    _keep(context, answers)
    for *_, receipt in answers:
        told.count(receipt.outcome)
