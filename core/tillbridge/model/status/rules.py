"""What a plugin adds to a transition: a guard that may veto with words, and effects of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tillbridge.model.exchange import Decision
from tillbridge.model.orders import WebOrder
from tillbridge.model.status.vocabulary import Act, Axis, Status
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A transition that is about to be made, as a plugin's rule sees it.

    Attributes:
        act: what it is called.
        axis: what it moves: the order, or some of its lines.
        connection: the connection's name.
        webstore_id: the webstore's order ID.
        status: the order's status before; None where nothing has judged it yet.
        decision: what was decided of the order before.
        order: the order as the webstore sent it last, or None where that cannot be read.
        line_ids: the webstore's line IDs that it concerns; none: the whole order.
        who: who acts.
        reason: why.
    """

    act: Act
    axis: Axis = Axis.ORDER
    connection: str
    webstore_id: str
    status: Status | None = None
    decision: Decision | None = None
    order: WebOrder | None = None
    line_ids: tuple[str, ...] = ()
    who: str = ""
    reason: str = ""


Objects = Callable[[Wish], Words | None]


def _no_objection(_: Wish) -> Words | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionRule:
    """What a plugin adds to some transitions.

    Attributes:
        name: unique among all plugins' rules; lower case.
        title: what staff call it.
        rank: rules are asked from the lowest rank on; the first veto is the one that staff read.
        acts: which transitions it is about.
        axis: of the order, or of its lines.
        objects: says why this must not be, or None. Pure: no I/O, no clock. It is asked of what staff
            wish; what the till or tillbridge itself finds done cannot be vetoed.
        effects: names of what is to happen with the transition; each becomes a delivery of its own, for
            which the plugin's hook `perform_effect` is called until it has answered.
    """

    name: str
    title: Words
    rank: int
    acts: frozenset[Act]
    axis: Axis = Axis.ORDER
    objects: Objects = field(default=_no_objection)
    effects: tuple[str, ...] = ()

    def concerns(self, act: Act, axis: Axis = Axis.ORDER) -> bool:
        """Say whether it is about this transition."""
        return axis is self.axis and act in self.acts
