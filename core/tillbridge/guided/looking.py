"""Says what may be done with an order now, why not, and what will happen; changes nothing."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from tillbridge.context import Context
from tillbridge.fulfilment import Move
from tillbridge.guided.changes import changes_of
from tillbridge.guided.consequences import Consequence, both_forms
from tillbridge.guided.finality import final_words
from tillbridge.guided.hearing import require_heard
from tillbridge.guided.naming import titles
from tillbridge.guided.planning import asks_of, choose
from tillbridge.guided.saying import consequences
from tillbridge.guided.scenes import Scene, scene_of
from tillbridge.guided.undoing import undo_action
from tillbridge.guided.views import GUIDED, Action, Doing
from tillbridge.model.errors import NeedsAnswer, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import ACT_WORDS, Act, Status
from tillbridge.model.status.guards import NOTHING_TO_SAY
from tillbridge.model.words import Words
from tillbridge.orders import wishes
from tillbridge.orders.order_state import Signature, order_row
from tillbridge.pos.guarded import PosAway
from tillbridge.views import OrderView

_NOBODY = Signature("", "")
_ANSWERS = {
    Decision.ACCEPTED: Words("accepted", "수락"),
    Decision.REJECTED: Words("rejected", "거부"),
}

_OF_LINES: Final = {Act.CANCEL: Words("Cancel", "취소")}


def actions(context: Context, order_id: int) -> list[Action]:
    """Return every action with why it is not possible now, and what will happen.

    Raises:
        NotFound: there is no such order.
    """
    scene = scene_of(context, order_id)
    found = [_look(context, scene, Doing(act=one)) for one in GUIDED]
    return [*found, undo_action(context, order_id)]


def preview(context: Context, order_id: int, doing: Doing) -> Action:
    """Say what an action will do, with all that staff said of it.

    Raises:
        NotFound: there is no such order.
    """
    if doing.act is Act.UNDO:
        return undo_action(context, order_id)
    scene = scene_of(context, order_id)
    seen = _look(context, scene, doing)
    if not seen.possible:
        return seen
    try:
        changes_of(_choose(scene, doing)[0], scene, doing, _NOBODY)
        with context.database.read() as database:
            require_heard(database, scene.row, doing)
    except NotAllowed as refused:
        return replace(seen, why_not=refused.words)
    return seen


def seen_at_its_sale(context: Context, order: OrderView) -> OrderView:
    """Return an order without the statuses that its sale keeps staff from choosing, and with why.

    That is so of a sale that is to be made anew: money was taken for it here, say. Of a point of sale that
    does not answer nobody knows.
    """
    if Status.PROCESS_SALE not in order.choices or order.sale_state is None:
        return order
    with suppress(PosAway):
        scene = scene_of(context, order.id)
        try:
            choose(Doing(act=Act.REMAKE_SALE), scene, scene.row)
        except NotAllowed as refused:
            left = tuple(one for one in order.choices if one is not Status.PROCESS_SALE)
            return replace(order, choices=left, not_now={Status.PROCESS_SALE: refused.words})
    return order


def _look(context: Context, scene: Scene, doing: Doing) -> Action:
    try:
        move, answers = _choose(scene, doing)
        asked = [wishes.Question(act=one, axis=axis, line_ids=ids) for one, axis, ids in move.questions]
        wishes.hear_all(context, lambda database: order_row(database, scene.row.id), lambda _: asked)
    except NotAllowed as refused:
        return _of(scene, doing, refused.words, ())
    if len(answers) > 1:
        return _of(scene, doing, None, both_forms(_either(scene, doing, answers)))
    seen = _of(scene, doing, None, consequences(move, scene, doing))
    return replace(seen, final=final_words(move, scene))


def _choose(scene: Scene, doing: Doing) -> tuple[Move, Sequence[Decision]]:
    """Return the move, and the answers from which staff choose first; the move is that of the first one."""
    try:
        return choose(doing, scene, scene.row), ()
    except NeedsAnswer as question:
        answers = [Decision(one) for one in question.answers]
        return choose(replace(doing, answer=answers[0]), scene, scene.row), answers


def _either(scene: Scene, doing: Doing, answers: Sequence[Decision]) -> list[Words]:
    """Say what each answer leads to."""
    said = [NOTHING_TO_SAY.otherwise]
    for answer in answers:
        answered = replace(doing, answer=answer)
        follows = consequences(choose(answered, scene, scene.row), scene, answered)
        name = _ANSWERS[answer]
        said += [Words(f"{name.en}: {one.ahead.en}", f"{name.ko}: {one.ahead.ko}") for one in follows]
    return said


def _title(scene: Scene, doing: Doing) -> Words:
    """Return what an act is called; one on some items names them: “Cancel the order” would mislead."""
    if not doing.line_ids:
        return ACT_WORDS[doing.act]
    title, names = _OF_LINES.get(doing.act, ACT_WORDS[doing.act]), titles(scene, doing.line_ids)
    return Words(f"{title.en}: {names.en}", f"{title.ko}: {names.ko}")


def _of(scene: Scene, doing: Doing, why_not: Words | None, said: Sequence[Consequence]) -> Action:
    return Action(
        act=doing.act,
        title=_title(scene, doing),
        why_not=why_not,
        consequences=tuple(one.ahead for one in said),
        led_to=tuple(words for one in said for words in one.done),
        asks=asks_of(doing.act, scene),
        revision=scene.row.revision,
    )
