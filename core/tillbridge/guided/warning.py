"""What is said before anything else of an action: what its order may be by now, other than it is known."""

from collections.abc import Iterator
from typing import Final

from tillbridge.fulfilment import Move
from tillbridge.guided.scenes import Scene
from tillbridge.model.status import Act
from tillbridge.model.words import Words

_GO_ON: Final = frozenset({Act.ACCEPT, Act.RESERVE, Act.READY, Act.PICK_UP, Act.COMPLETE})


def warnings(move: Move, scene: Scene) -> Iterator[Words]:
    """Say what the webstore changed since the sale was made, or that nobody can tell what it is now."""
    if scene.unread and (scene.row.sale_id is None or move.act in _GO_ON):
        yield from _unread(move, scene)
    if scene.changed is not None and move.act in _GO_ON:
        way = f"tillbridge order difference id:{scene.row.id}"
        yield Words(
            f"The webstore changed this order after its sale was made: {scene.changed.en}. See it first: "
            f"{way}",
            f"거래가 만들어진 뒤 웹스토어에서 변경된 주문입니다: {scene.changed.ko}. 먼저 확인해 주세요: "
            f"{way}",
        )


def _unread(move: Move, scene: Scene) -> Iterator[Words]:
    """Say what is to be seen at the webstore first, or that what follows goes by what was read before."""
    if scene.row.sale_id is not None:
        yield Words(
            "What the webstore sent last of this order could not be read: it may have been changed or "
            "cancelled there. See there first.",
            "웹스토어에서 마지막으로 받은 데이터를 읽지 못했습니다. 주문이 변경되거나 취소되었을 수 있으니 "
            "먼저 웹스토어에서 확인해 주세요.",
        )
    elif scene.order is not None:
        yield Words(
            "What the webstore sent last of this order could not be read: what is said here of items and "
            "money goes by what was read before.",
            "웹스토어에서 마지막으로 받은 데이터를 읽지 못했습니다. 여기 나온 항목과 금액은 이전에 읽은 "
            "내용입니다.",
        )
    elif move.act in _GO_ON:
        yield Words(
            "What the webstore sent of this order could not be read. See there first what was ordered.",
            "웹스토어에서 받은 주문 데이터를 읽지 못했습니다. 먼저 웹스토어에서 주문 내용을 확인해 주세요.",
        )
