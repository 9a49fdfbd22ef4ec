"""What Locally refuses, with its published codes [V]; which HTTP status goes with which is proposed."""

from typing import Final

from starlette.responses import Response

from tillbridge.plugin import Words
from tillbridge.testing.answers import answer

FATAL: Final = 1000
NO_ACCESS: Final = 1101
NOT_AUTHORISED: Final = 1102
PROCESSOR_DOWN: Final = 1323
ITEM_GONE: Final = 1327
CARD_DECLINED: Final = 1328
STORE_NOT_FOUND: Final = 1329
TAX_DIFFERS: Final = 1335

_STATUSES: Final = {
    FATAL: 400,
    NO_ACCESS: 403,
    NOT_AUTHORISED: 401,
    PROCESSOR_DOWN: 402,
    ITEM_GONE: 402,
    CARD_DECLINED: 402,
    STORE_NOT_FOUND: 404,
    TAX_DIFFERS: 400,
}


class Refusal(Exception):
    """Locally does not do it; the message is for the shopper.

    Args:
        code: one of the published codes.
        words: why, in a sentence; a plain text where no person reads it.
    """

    def __init__(self, code: int, words: Words | str) -> None:
        self.code = code
        self.words = Words.of(words)
        super().__init__(self.words.en)

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return _STATUSES[self.code]

    def response(self) -> Response:
        """Return it as Locally answers it."""
        return bad(self.status, self.words.en, self.code)


def good(data: object) -> Response:
    """Return data in Locally's envelope."""
    return answer({"success": True, "data": data})


def bad(status: int, msg: str, code: int) -> Response:
    """Return an error in Locally's envelope."""
    return answer({"success": False, "msg": msg, "error_code": code}, status)
