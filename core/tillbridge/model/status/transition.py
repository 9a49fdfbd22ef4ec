"""One row of the order's own axis, and the statuses that belong together."""

from dataclasses import dataclass

from tillbridge.model.exchange import Decision
from tillbridge.model.status.guards import ANSWERED, NOT_CLOSING
from tillbridge.model.status.rows import Row, unmet
from tillbridge.model.status.vocabulary import Act, Actor, Axis, OrderFacts, Status
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Row[Status, OrderFacts]):
    """One row that moves an order's status.

    Attributes:
        asked: what staff choose; None where it is no choice of a status. It differs from `target` where
            the decision is kept and the repair goes on (an accepted order reaches In Process when its
            sale exists).
        decision: what is decided by it.
        while_unanswered: staff may decide while the POS has not answered; the status then follows
            with the answer.
    """

    asked: Status | None
    decision: Decision | None = None
    while_unanswered: bool = False

    @property
    def undoable(self) -> bool:
        """Whether staff may take this back: a decision, a hand-over step, what they do with an unsold one."""
        step = self.who is Actor.STAFF and self.act in _STEPS
        aside = self.act is Act.ARCHIVE and self.source in UNSOLD
        return self.decision is not None or step or aside or self.act is Act.RELEASE

    @property
    def answer(self) -> Decision | None:
        """What staff must have answered for this row: which of the two the webstore is to hear."""
        return self.decision if self.act is Act.ARCHIVE else None

    def refusal(self, facts: OrderFacts) -> Words | None:
        """Return why this row does not apply now, or None if it does."""
        always = () if self.while_unanswered else (ANSWERED,)
        if self.who is Actor.STAFF and self.act is not Act.UNDO:
            always = (*always, NOT_CLOSING)
        return unmet((*always, *self.guards), facts)


_STEPS = (Act.RESERVE, Act.READY, Act.PICK_UP, Act.NO_SHOW)
FAILED = (Status.CUSTOMER_ID_REQUIRED, Status.PRODUCT_MATCH_FAILED, Status.SALE_PROCESSING_FAILED)
UNSOLD = (*FAILED, Status.PROCESS_SALE)
SOLD = (Status.NEW, Status.IN_PROCESS, Status.READY_FOR_PICKUP)
OVER = (Status.REJECTED, Status.COMPLETED, Status.ARCHIVED)
CLOSED = (Status.COMPLETED, Status.ARCHIVED)
UNSETTLED: tuple[Status | None, ...] = (None, *UNSOLD, Status.ARCHIVED)


def order_row(
    act: Act, source: Status | None, target: Status | None, who: Actor, **more: object
) -> Transition:
    """Return a row; `asked` is its target unless it is said."""
    asked = more.pop("asked", target)
    return Transition(axis=Axis.ORDER, act=act, source=source, target=target, who=who, asked=asked, **more)  # type: ignore[arg-type]  # checked by the dataclass
