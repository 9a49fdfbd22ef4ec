"""Runs the export to a webstore that takes files: the whole, when anything changed or it becomes old."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tillbridge import connections
from tillbridge.exports.run import Run
from tillbridge.exports.timing import AGAIN, backoff, is_old, left, next_at
from tillbridge.exports.whole import EMPTY, is_empty, tell_whole, ticket_answer, whole_accepted
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.words import Words
from tillbridge.troubles import Activity, begin

_REFUSED_FOR: Final = timedelta(days=1)
_CLEAR: Final = {"ticket": None, "refused_at": None, "en": None, "ko": None, "tries": 0}


@dataclass(slots=True)
class WholeRun(Run):
    """Tells the whole; one that is pending, or that was refused just as it is, is not told again."""

    def follow(self) -> bool:
        """Ask what became of the whole that is pending."""
        state = self.state
        if state.ticket is None or self.way.everything:
            return True
        answer = ticket_answer(self.context, self.connection, state)
        if answer is None:
            self.finish(due_at=self.context.clock.now() + AGAIN)
            return False
        self._keep(answer, seen=state.refused_seen)
        self.look_again()
        return True

    def doubt(self) -> Words | None:
        """Doubt a file without a product."""
        return EMPTY if is_empty(self.context, self.connection) else None

    def tell(self) -> None:
        """Tell the whole, if anything of it is due or it becomes old."""
        now, state = self.context.clock.now(), self.state
        with self.context.database.read() as database:
            count, _ = left(database, self.connection.id)
        if self._is_refused():
            self.result.trouble = Words(state.en or "", state.ko or state.en or "")
        elif count or is_old(self.connection, state, now):
            self.finish(refused_seen=state.seen)  # as far as this whole goes, if it is refused later
            receipt = tell_whole(self.context, self.connection, self.let_orders_come)
            self._keep(receipt, seen=state.seen, count=count)
            return
        self.finish(due_at=next_at(self.connection, state, now))

    def _is_refused(self) -> bool:
        """Whether the very whole that would be told was refused lately; by hand it is told all the same."""
        state, now = self.state, self.context.clock.now()
        if state.refused_at is None or not self.way.once or state.refused_seen != state.seen:
            return False
        return bool(state.refused_at <= now < state.refused_at + _REFUSED_FOR)

    def _keep(self, receipt: Receipt, *, seen: int | None, count: int = 0) -> None:
        """Note what became of a whole: of what was told up to the shelf's position `seen`."""
        now, outcome, values = self.context.clock.now(), receipt.outcome, dict[str, Any](_CLEAR)
        self.result.trouble = None
        if outcome is Outcome.ACCEPTED:
            count = whole_accepted(self.context, self.connection.id)
            self.finish(**values, told_at=now, whole_at=now)
            self.look_again()
            values = {"due_at": next_at(self.connection, self.state, now)}
        elif outcome is Outcome.PENDING:
            values |= {"ticket": receipt.ticket, "ticket_at": now, "due_at": now + AGAIN}
        elif outcome is Outcome.REFUSED:
            words = receipt.words or Words("", "")
            self.result.trouble = words
            begin(self.context, connections.subject(self.connection, Activity.EXPORT), Rejected(words))
            values |= {"refused_at": now, "refused_seen": seen, "en": words.en, "ko": words.ko}
            values["due_at"] = next_at(self.connection, self.state, now)
        else:
            tries = self.state.tries + 1
            values |= {"tries": tries, "due_at": now + backoff(tries)}
        self.result.told.count(outcome, count)
        self.result.told.count(Outcome.REFUSED, len(receipt.left_out))
        self.finish(**values)
