"""Says what may be done with an order now, why not, and what will happen; changes nothing."""

from collections.abc import Sequence
from dataclasses import replace

from tillbridge import wishes
from tillbridge.context import Context
from tillbridge.fulfilment import Move
from tillbridge.guided.changes import changes_of
from tillbridge.guided.planning import asks_of, choose
from tillbridge.guided.saying import consequences
from tillbridge.guided.scenes import Scene, scene_of
from tillbridge.guided.views import GUIDED, Action, Doing
from tillbridge.model.errors import NeedsAnswer, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import ACT_WORDS
from tillbridge.model.words import Words
from tillbridge.order_state import Signature, order_row

_NOBODY = Signature("", "")


def actions(context: Context, order_id: int) -> list[Action]:
    """Return every action with why it is not possible now, and what will happen.

    Raises:
        NotFound: there is no such order.
    """
    scene = scene_of(context, order_id)
    return [_look(context, scene, Doing(act=one)) for one in GUIDED]


def preview(context: Context, order_id: int, doing: Doing) -> Action:
    """Say what an action will do, with all that staff said of it.

    Raises:
        NotFound: there is no such order.
    """
    scene = scene_of(context, order_id)
    seen = _look(context, scene, doing)
    if not seen.possible:
        return seen
    try:
        changes_of(_choose(scene, doing), scene, doing, _NOBODY)
    except NotAllowed as refused:
        return _of(scene, doing, refused.words, seen.consequences)
    return seen


def _look(context: Context, scene: Scene, doing: Doing) -> Action:
    try:
        move = _choose(scene, doing)
        asked = [wishes.Question(act=one, axis=axis, line_ids=ids) for one, axis, ids in move.questions]
        wishes.hear_all(context, lambda database: order_row(database, scene.row.id), lambda _: asked)
    except NotAllowed as refused:
        return _of(scene, doing, refused.words, ())
    return _of(scene, doing, None, consequences(move, scene, doing))


def _choose(scene: Scene, doing: Doing) -> Move:
    """Return the move; where something is asked first, that of the first answer."""
    try:
        return choose(doing, scene, scene.row)
    except NeedsAnswer as question:
        answered = replace(doing, answer=Decision(question.answers[0]))
        return choose(answered, scene, scene.row)


def _of(scene: Scene, doing: Doing, why_not: Words | None, said: Sequence[Words]) -> Action:
    return Action(
        act=doing.act,
        title=ACT_WORDS[doing.act],
        why_not=why_not,
        consequences=tuple(said),
        asks=asks_of(doing.act, scene),
        revision=scene.row.revision,
    )
