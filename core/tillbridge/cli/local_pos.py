"""The built-in point of sale, for commands that keep its catalogue and customers."""

from typing import TYPE_CHECKING

from tillbridge.engine import Engine
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

if TYPE_CHECKING:
    from tillbridge.pos.embedded import EmbeddedPos


def embedded(engine: Engine) -> "EmbeddedPos":
    """Return the built-in point of sale.

    Raises:
        InputError: the host brings its own, which keeps its catalogue elsewhere.
    """
    # Only the commands that keep a catalogue load it.
    from tillbridge.pos.embedded import EmbeddedPos  # noqa: PLC0415  # see above

    if isinstance(engine.pos, EmbeddedPos):
        return engine.pos
    raise InputError(
        Words(
            "The point of sale is the host's own; its catalogue and stores are kept there.",
            "외부 POS를 사용 중입니다. 카탈로그와 매장은 해당 POS에서 관리해 주세요.",
        )
    )
