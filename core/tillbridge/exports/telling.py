"""Tells a webstore what it should show: changes in batches, each with its receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, or_

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import export_tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.exports.offering import Telling, tellings, text_of, with_shelf
from tillbridge.exports.receipts import UNANSWERED, Answer, keep, note_sent, promised, put_behind, worst
from tillbridge.exports.results import Told
from tillbridge.exports.stopping import go_on
from tillbridge.exports.timing import LONGEST_WAIT
from tillbridge.exports.wanting import What, told_of
from tillbridge.model.errors import PluginError, Rejected, Retryable, TillbridgeError
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.offers import Offer
from tillbridge.plugins.calling import OfferHook

_HOOKS: Final[Mapping[What, OfferHook]] = {
    What.STOCK: "push_inventory",
    What.BOTH: "push_inventory",
    What.PRICE: "push_prices",
}
_ACCEPTED: Final = Receipt(Outcome.ACCEPTED)
_ITEMS: Final = export_tables.export_items.c
# So many calls that fail one after the other are the webstore's fault, and no single offer's.
_AWAY: Final = 5


class _Failed(NamedTuple):
    """A batch whose call failed, and how many calls had been answered by then."""

    what: What
    rows: Sequence[AnyRow]
    error: Exception
    answered: int

    @property
    def is_suspect(self) -> bool:
        """Whether each of these failed before while others passed."""
        return all(row.tries for row in self.rows)


@dataclass(slots=True)
class Batches:
    """One run of telling what changed: each batch's receipts are kept before the next is sent.

    A call that fails (`Retryable`, or a fault of the plugin) does not end the run while others pass: it is
    taken apart at the end, so that of its offers only the guilty ones rest.

    Attributes:
        told: what came of it.
        by_hand: what rests, as it was not answered, is told too.
        ends: by the monotonic clock, when to stop although there is more.
        answered: how many calls were answered.
        failures: how many calls failed one after the other.
    """

    context: Context
    connection: OpenConnection
    told: Told
    ends: float
    by_hand: bool = False
    answered: int = 0
    failures: int = 0
    _failed: list[_Failed] = field(default_factory=list)
    _behind: set[tuple[str, str, str]] = field(default_factory=set)

    def run(self) -> bool:
        """Tell what is due; return whether that was all, and not the time was up.

        Raises:
            ProviderError: the webstore is away; what it accepted before stays accepted, the rest is due.
            PluginError: the plugin failed.
            Stopped: the program ends.
        """
        fresh, behind = _ITEMS.retry_at.is_(None), self._rested()
        for what in told_of(self.connection.provider):
            if not (self._pass(what, fresh) and self._pass(what, behind)):
                return False
        for one in self._failed:
            self._take_apart(one)
        return True

    def _rested(self) -> ColumnElement[bool]:
        """Return which offers are told behind the others: a call with them failed before, or they rested."""
        if self.by_hand:
            return _ITEMS.retry_at.is_not(None)
        now = self.context.clock.now()
        too_far = now + LONGEST_WAIT  # from before the clock was set back
        rested = or_(_ITEMS.retry_at <= now, _ITEMS.retry_at > too_far)
        return and_(_ITEMS.retry_at.is_not(None), or_(_ITEMS.tries == 0, rested))

    def _pass(self, what: What, which: ColumnElement[bool]) -> bool:
        """Tell these offers, each once, whatever comes of it."""
        while rows := self._due(what, which):
            try:
                self._tell(what, rows)
            except (Retryable, PluginError) as error:
                self._fail(_Failed(what, rows, error, self.answered))
            go_on(self.context)
            if self.context.clock.monotonic() >= self.ends:
                return False
        return True

    def _due(self, what: What, which: ColumnElement[bool]) -> Sequence[AnyRow]:
        mine = and_(_ITEMS.connection_id == self.connection.id, _ITEMS.what == what.value, waiting.OFFER_DUE)
        query = with_shelf().where(mine, which).order_by(_ITEMS.retry_at, _ITEMS.location, _ITEMS.product_id)
        with self.context.database.read() as database:
            rows = database.execute(query.limit(self.connection.provider.exporting.batch)).all()
        # What was told in this run and is due still has the latest time to be told again, so it comes last.
        return [row for row in rows if _key(row) not in self._behind]

    def _fail(self, one: _Failed) -> None:
        """Put a batch aside whose call failed; give up where the webstore is away."""
        put_behind(self.context, one.rows)
        self._behind |= {_key(row) for row in one.rows}
        until = one.error.until if isinstance(one.error, Retryable) else None
        most = _AWAY if self.answered or one.is_suspect else 2
        if until is not None or self.failures >= most:
            raise one.error
        self._failed.append(one)

    def _take_apart(self, one: _Failed) -> None:
        """Find the offers for which a call failed: they rest, and the others are told."""
        if self.failures >= _AWAY:
            raise one.error
        if len(one.rows) == 1:
            self._blame(one)
            return
        half = len(one.rows) // 2
        failed = []
        for part in (one.rows[:half], one.rows[half:]):
            try:
                self._tell(one.what, part)
            except (Retryable, PluginError) as error:
                failed.append(one._replace(rows=part, error=error))
            go_on(self.context)
        if len(failed) > 1 and not self.answered and not one.is_suspect:
            raise one.error
        for part_of in failed:
            self._take_apart(part_of)

    def _blame(self, one: _Failed) -> None:
        """Let an offer rest that fails while others pass; else it is the webstore that is away."""
        (row,) = one.rows
        failed_before = bool(self.answered) and row.retry_at is not None
        if self.answered == one.answered and not failed_before and not one.is_suspect:
            raise one.error
        words = one.error.words if isinstance(one.error, TillbridgeError) else None
        self._keep([Answer(row, text_of(row), Receipt(Outcome.UNKNOWN, words))])

    def _tell(self, what: What, rows: Sequence[AnyRow]) -> None:
        told = tellings(self.context, self.connection, what, rows)
        self._keep([Answer(one.row, one.text, _ACCEPTED) for one in told if not one.offers], count=False)
        receipts = self._push(what, [gone for one in told for gone in one.gone])
        unheard = [one for one in told if any(_is_open(receipts, gone) for gone in one.gone)]
        # While it is not known whether the old number was heard, the new one waits: both are told again.
        self._keep([Answer(one.row, one.row.sent or one.row.shown or "", UNANSWERED) for one in unheard])
        loud = [one for one in told if one.offers and one not in unheard]
        if not loud:
            return
        note_sent(self.context, [(one.row, one.text) for one in loud])
        receipts = self._push(what, [offer for one in loud for offer in one.offers])
        self._keep([self._answer(one, receipts) for one in loud])

    def _answer(self, one: Telling, receipts: Mapping[str, Receipt]) -> Answer:
        """Return what became of a product: of several items of it, of the one that fared worst."""
        found = [
            (offer, promised(self.connection, receipts.get(offer.key, UNANSWERED))) for offer in one.offers
        ]
        if len(found) == 1:
            return Answer(one.row, one.text, found[0][1])
        return Answer(one.row, one.text, worst(found), partly=True)

    def _keep(self, answers: Sequence[Answer], *, count: bool = True) -> None:
        keep(self.context, answers)
        unknown = (one.row for one in answers if one.receipt.outcome is Outcome.UNKNOWN)
        self._behind |= {_key(row) for row in unknown}
        for one in answers if count else ():
            self.told.count(one.receipt.outcome)

    def _push(self, what: What, offers: Sequence[Offer]) -> Mapping[str, Receipt]:
        """Push offers; of a call that is refused they go one by one, so that only the guilty one fails."""
        connection = self.connection
        most = connection.provider.exporting.batch
        if len(offers) > most:  # a product that is listed more than once has an offer for each item
            halves = (offers[:most], offers[most:])
            return {key: receipt for some in halves for key, receipt in self._push(what, some).items()}
        if not offers:
            return {}
        try:
            receipts = self.context.plugins.push_offers(
                connection.provider.name, _HOOKS[what], connection.guest, offers
            )
        except Rejected as error:
            if len(offers) == 1:
                return {offers[0].key: Receipt(Outcome.REFUSED, error.words)}
        except (Retryable, PluginError):
            self.failures += 1
            raise
        else:
            self.answered, self.failures = self.answered + 1, 0
            return receipts
        found: dict[str, Receipt] = {}
        for offer in offers:
            found |= self._push(what, [offer])
        return found


def _key(row: AnyRow) -> tuple[str, str, str]:
    return row.what, row.location, row.product_id


def _is_open(receipts: Mapping[str, Receipt], offer: Offer) -> bool:
    return receipts.get(offer.key, UNANSWERED).outcome is Outcome.UNKNOWN
