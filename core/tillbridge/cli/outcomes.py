"""How a reservation ended: as staff say it in a command, and as they are told of it."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from tillbridge.cli.contacting import read_word
from tillbridge.model.resolutions import RESOLUTION_WORDS, Resolution
from tillbridge.model.status import STATUS_WORDS
from tillbridge.model.words import Words
from tillbridge.views import OrderView

OUTCOME = Annotated[
    str,
    typer.Option(
        help="How the reservation ended: picked-up, bought-other, not-picked-up, out-of-stock, "
        "customer-cancelled, no-order."
    ),
]
_CALLED: Final = Words("outcome of a reservation", "예약 주문 결과")


def read_outcome(text: str) -> Resolution | None:
    """Return the outcome that is meant; None where nothing is said.

    Raises:
        InputError: it is none of them; it names them.
    """
    return Resolution(read_word(text, RESOLUTION_WORDS, _CALLED)) if text else None


def finished_words(order: OrderView) -> Iterator[Words]:
    """Say what became of an order by the end of its sale."""
    status, ended = order.status, order.handover.resolution
    if status is None:
        return
    now = STATUS_WORDS[status]
    yield Words(f"The order is {now.en}.", f"주문 상태: {now.ko}")
    if ended:
        said, command = RESOLUTION_WORDS[ended], f"tillbridge order resolve id:{order.id} …"
        yield Words(
            f"Outcome of the reservation: {said.en}. If it is another: {command}",
            f"예약 주문 결과: {said.ko}. 다르면 바꿔 주세요: {command}",
        )
