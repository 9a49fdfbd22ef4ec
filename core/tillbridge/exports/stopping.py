"""Ends a long export soon and cleanly while the program stops: what was done stays."""

from typing import Final

from tillbridge.context import Context
from tillbridge.model.errors import Retryable
from tillbridge.model.words import Words

_STOPPING: Final = Words("tillbridge is stopping.", "tillbridge를 종료하는 중입니다.")


class Stopped(Retryable):
    """The program ends. A provider that is reading offers lets it pass, as every `Retryable`."""

    def __init__(self) -> None:
        super().__init__(_STOPPING)


def go_on(context: Context) -> None:
    """Go on, unless the program ends.

    Raises:
        Stopped: it does.
    """
    if context.stopping.is_set():
        raise Stopped
