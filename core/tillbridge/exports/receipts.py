"""Keeps what a webstore answered: what it shows now, what it refused and why, and what is told again when."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, case, func, null, select, update

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.states import OfferState
from tillbridge.db.types import AnyRow
from tillbridge.exports.timing import PENDING_FOR, backoff
from tillbridge.exports.wanting import has_pieces
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Offer
from tillbridge.model.words import Words
from tillbridge.provider import Capability

UNANSWERED: Final = Receipt(
    Outcome.UNKNOWN, Words("The webstore did not say.", "웹스토어에서 응답하지 않았습니다.")
)
_NEVER_SAID: Final = Receipt(
    Outcome.UNKNOWN,
    Words("The webstore never said what became of it.", "웹스토어에서 처리 결과를 알려 주지 않았습니다."),
)
_ITEMS: Final = export_tables.export_items
_KEYS: Final = and_(
    _ITEMS.c.connection_id == bindparam("the_connection"),
    _ITEMS.c.what == bindparam("the_what"),
    _ITEMS.c.location == bindparam("the_location"),
    _ITEMS.c.product_id == bindparam("the_product"),
)
_STATES: Final = {Outcome.REFUSED: OfferState.REFUSED, Outcome.PENDING: OfferState.PENDING}


class Answer(NamedTuple):
    """What was told of an item (a row of `export_items`), and what came back.

    Attributes:
        partly: it was refused, but the webstore may show some of it: of another item that is this product.
    """

    row: AnyRow
    text: str
    receipt: Receipt
    partly: bool = False


_WORST_FIRST: Final = (Outcome.UNKNOWN, Outcome.REFUSED, Outcome.PENDING, Outcome.ACCEPTED)


def worst(found: Sequence[tuple[Offer, Receipt]]) -> Receipt:
    """Return the receipt of a product that is several of the webstore's items, told one by one.

    Promises for several of them cannot be followed: such a product is told again.
    """
    outcome = next(one for one in _WORST_FIRST if any(receipt.outcome is one for _, receipt in found))
    theirs = [(offer, receipt) for offer, receipt in found if receipt.outcome is outcome]
    if outcome is Outcome.PENDING:
        return theirs[0][1] if len(theirs) == 1 else UNANSWERED
    said = [(offer.listing.id if offer.listing else offer.key, receipt.words) for offer, receipt in theirs]
    told = [(item, words) for item, words in said if words]
    words = Words(
        "; ".join(f"{item}: {one.en}" for item, one in told),
        "; ".join(f"{item}: {one.ko}" for item, one in told),
    )
    return Receipt(outcome, words if told else None)


def key_of(row: AnyRow) -> dict[str, Any]:
    """Return the values that name a row in a statement with `_KEYS`."""
    return {
        "the_connection": row.connection_id,
        "the_what": row.what,
        "the_location": row.location,
        "the_product": row.product_id,
    }


def note_sent(context: Context, texts: Sequence[tuple[AnyRow, str]]) -> None:
    """Note what is about to be told: from here on the webstore may show it, whether it answers or not."""
    news = [{**key_of(row), "told": text} for row, text in texts if row.sent != text]
    if news:
        change = update(_ITEMS).where(_KEYS).values(sent=bindparam("told"))
        context.database.unit("export.sent", lambda database: database.execute(change, news))


def put_behind(context: Context, rows: Sequence[AnyRow]) -> None:
    """Let these be told behind the others: a call with them failed."""
    values = [{**key_of(row), "at": context.clock.now()} for row in rows]
    change = update(_ITEMS).where(_KEYS).values(retry_at=bindparam("at"))
    context.database.unit("export.behind", lambda database: database.execute(change, values))


def keep(context: Context, answers: Sequence[Answer]) -> None:
    """Keep receipts; what should be shown otherwise by now than was told stays due."""
    if not answers:
        return
    now = context.clock.now()
    rows = [_answered(one) | {"at": now} for one in answers]
    target = func.coalesce(_ITEMS.c.part, _ITEMS.c.wanted)
    same = target == bindparam("told")
    values = {
        "sent": bindparam("open"),
        "shown": case((bindparam("accepted") == 1, bindparam("told")), else_=_ITEMS.c.shown),
        "state": case((same, bindparam("new_state")), else_=_ITEMS.c.state),
        "due": case((same, bindparam("again") == 1), else_=True),  # it has just been told something else
        "ticket": case((same, bindparam("new_ticket")), else_=_ITEMS.c.ticket),
        "en": case((same, bindparam("new_en")), else_=_ITEMS.c.en),
        "ko": case((same, bindparam("new_ko")), else_=_ITEMS.c.ko),
        "tries": bindparam("new_tries"),
        "retry_at": bindparam("retry"),
        "emptied_at": case(
            (bindparam("is_emptied") == 1, bindparam("at", type_=_ITEMS.c.changed_at.type)),
            (bindparam("is_filled") == 1, null()),
            else_=_ITEMS.c.emptied_at,
        ),
        "changed_at": bindparam("at", type_=_ITEMS.c.changed_at.type),
    }
    for row in rows:
        row["retry"] = now + backoff(row["new_tries"]) if row["new_tries"] else None
    change = update(_ITEMS).where(_KEYS).values(values)
    context.database.unit("export.receipts", lambda database: database.execute(change, rows))


def _answered(answer: Answer) -> dict[str, Any]:
    row, text, receipt, partly = answer
    in_part = row.part is not None  # the rest is held, and why stands there already
    words = Words(row.en, row.ko or row.en) if in_part and row.en else receipt.words
    state = _STATES.get(receipt.outcome, OfferState.PLAIN)
    if in_part and state is not OfferState.PENDING:
        state = OfferState.HELD
    accepted, unknown = receipt.outcome is Outcome.ACCEPTED, receipt.outcome is Outcome.UNKNOWN
    return {
        **key_of(row),
        "told": text,
        # What was refused is not shown, but what was told before it, and not answered, still may be.
        "open": row.sent if receipt.outcome is Outcome.REFUSED and not partly else text,
        "accepted": int(accepted),
        "again": int(unknown),
        "new_state": state.value,
        "new_ticket": receipt.ticket,
        "new_en": words.en if words else None,
        "new_ko": words.ko if words else None,
        "new_tries": row.tries + 1 if unknown else 0,
        "is_emptied": int(accepted and has_pieces(row.shown) and not has_pieces(text)),
        "is_filled": int(accepted and has_pieces(text)),
    }


# What is pending


def promised(connection: OpenConnection, receipt: Receipt) -> Receipt:
    """Return a receipt as it can be relied on: who cannot be asked later has promised nothing."""
    if receipt.outcome is not Outcome.PENDING:
        return receipt
    if receipt.ticket and Capability.EXPORT_CHECK in connection.provider.capabilities:
        return receipt
    return Receipt(Outcome.UNKNOWN, receipt.words or _NEVER_SAID.words)


def follow_pending(context: Context, connection: OpenConnection) -> list[Answer]:
    """Ask what became of the offers that were pending; keep and return what is known by now.

    Raises:
        ProviderError: the webstore is away.
    """
    pending = and_(
        _ITEMS.c.connection_id == connection.id,
        waiting.OFFER_STATE,
        _ITEMS.c.state == OfferState.PENDING,
    )
    with context.database.read() as database:
        rows = database.execute(select(_ITEMS).where(pending).order_by(*_ITEMS.primary_key)).all()
    if not rows:
        return []
    receipts = ask(context, connection, [row.ticket for row in rows if row.ticket])
    late = context.clock.now() - PENDING_FOR
    answers = [
        Answer(row, row.sent or "", receipts.get(row.ticket) or _NEVER_SAID)
        for row in rows
        if row.ticket in receipts or row.changed_at <= late or not row.ticket
    ]
    keep(context, answers)
    return answers


def ask(context: Context, connection: OpenConnection, tickets: Sequence[str]) -> dict[str, Receipt]:
    """Return what became of tickets, as far as the webstore says."""
    if not tickets or Capability.EXPORT_CHECK not in connection.provider.capabilities:
        return {}
    asked = list(dict.fromkeys(tickets))
    found = context.plugins.check_export(connection.provider.name, connection.guest, asked)
    known = (Outcome.ACCEPTED, Outcome.REFUSED)
    return {ticket: found[ticket] for ticket in asked if ticket in found and found[ticket].outcome in known}
