"""Says before an action that it cannot be undone afterwards, where that is known."""

from typing import Final

from tillbridge.fulfilment import Move
from tillbridge.guided.scenes import Scene
from tillbridge.model.status import Act, Effect
from tillbridge.model.words import Words

# What the point of sale does at once, and has no counter-act for (`tillbridge.sending.taking_back`).
_STAYS: Final = frozenset(
    {Effect.REMOVE_ITEMS, Effect.REMOVE_LINES, Effect.TAKE_OFF, Effect.FINISH_SALE, Effect.VOID_SALE}
)
_FINAL: Final = Words("This cannot be undone.", "이 작업은 되돌릴 수 없습니다.")
_WITH_ITS_SALE: Final = Words(
    "Once its sale is made, this cannot be undone.", "거래가 만들어지면 되돌릴 수 없습니다."
)


def final_words(move: Move, scene: Scene) -> Words | None:
    """Return what is said where a move cannot be undone once the point of sale has done its part.

    None: it can be undone for a while (until the webstore is told), or nothing of it has to be.
    """
    if move.act is Act.RELEASE:
        return _WITH_ITS_SALE
    at_sale = scene.row.sale_id is not None and not scene.closed_empty
    return _FINAL if at_sale and _STAYS.intersection(move.effects) else None
