"""The one table that rules status: who may move what from where to where, and what follows.

The engine asks this table before it changes a status; the offered choices, the documentation's
diagram and the tests are made from it. Nothing else compares statuses.
"""

from tillbridge.model.status.asking import (
    act_transition,
    choices,
    replay_transition,
    rows,
    staff_transition,
    system_transition,
    unarchive_transition,
)
from tillbridge.model.status.guards import ANSWERED, HAS_SALE, IS_RESERVATION, UNTRIED, WITH_GOODS
from tillbridge.model.status.line_rows import (
    LINE_ROWS,
    NOT_ON_SALE,
    LineFacts,
    LineTransition,
    line_transition,
)
from tillbridge.model.status.lines import LINE_WORDS, LineState, state_of_line
from tillbridge.model.status.order_rows import ORDER_ROWS
from tillbridge.model.status.payment_rows import (
    PAYMENT_ROWS,
    PAYMENT_STATE_WORDS,
    PaymentFacts,
    PaymentRow,
    PaymentState,
    Recorded,
    payment_after,
    payment_state,
)
from tillbridge.model.status.rows import Guard, Row
from tillbridge.model.status.rules import TransitionRule, Wish
from tillbridge.model.status.transition import (
    CLOSED,
    FAILED,
    OVER,
    SOLD,
    UNSETTLED,
    UNSOLD,
    Transition,
)
from tillbridge.model.status.vocabulary import (
    ACT_WORDS,
    EFFECT_DONE,
    EFFECT_WORDS,
    STATUS_WORDS,
    Act,
    Actor,
    Axis,
    Effect,
    OrderFacts,
    Status,
)

__all__ = [
    "ACT_WORDS",
    "ANSWERED",
    "CLOSED",
    "EFFECT_DONE",
    "EFFECT_WORDS",
    "FAILED",
    "HAS_SALE",
    "IS_RESERVATION",
    "LINE_ROWS",
    "LINE_WORDS",
    "NOT_ON_SALE",
    "ORDER_ROWS",
    "OVER",
    "PAYMENT_ROWS",
    "PAYMENT_STATE_WORDS",
    "SOLD",
    "STATUS_WORDS",
    "UNSETTLED",
    "UNSOLD",
    "UNTRIED",
    "WITH_GOODS",
    "Act",
    "Actor",
    "Axis",
    "Effect",
    "Guard",
    "LineFacts",
    "LineState",
    "LineTransition",
    "OrderFacts",
    "PaymentFacts",
    "PaymentRow",
    "PaymentState",
    "Recorded",
    "Row",
    "Status",
    "Transition",
    "TransitionRule",
    "Wish",
    "act_transition",
    "choices",
    "line_transition",
    "payment_after",
    "payment_state",
    "replay_transition",
    "rows",
    "staff_transition",
    "state_of_line",
    "system_transition",
    "unarchive_transition",
]
