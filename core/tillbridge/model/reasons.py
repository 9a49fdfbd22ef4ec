"""Why an order could not be sold, or is put aside: each reason has a code, words, and its status."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from tillbridge.model.base import Frozen
from tillbridge.model.errors import PayloadError
from tillbridge.model.status import Status
from tillbridge.model.words import Words, printable


class ReasonCode(StrEnum):
    """What kind of reason it is; scripts may rely on the values."""

    PAYLOAD_DAMAGED = "payload_damaged"
    TOTALS_MISMATCH = "totals_mismatch"
    OTHER_CURRENCY = "other_currency"
    NO_STORE = "no_store"
    RESERVATIONS_ONLY = "reservations_only"
    POS_REFUSED = "pos_refused"
    POS_FAILED = "pos_failed"
    UNEXPECTED = "unexpected"
    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_AMBIGUOUS = "customer_ambiguous"
    CUSTOMER_CONFLICT = "customer_conflict"
    PRODUCT_UNKNOWN = "product_unknown"
    PRODUCT_AMBIGUOUS = "product_ambiguous"
    NOT_OPEN = "not_open"
    UNPAID = "unpaid"
    BEFORE_START = "before_start"
    NOT_AN_ORDER = "not_an_order"


UNREAD: Final = (ReasonCode.PAYLOAD_DAMAGED, ReasonCode.UNEXPECTED)
"""Of an order whose newest payload was not taken in: what is known of it came before, or is nothing."""
_ORDER_OF_STATUS = (
    Status.SALE_PROCESSING_FAILED,
    Status.CUSTOMER_ID_REQUIRED,
    Status.PRODUCT_MATCH_FAILED,
    Status.ARCHIVED,
)
_STATUS: Mapping[ReasonCode, Status] = {
    ReasonCode.PAYLOAD_DAMAGED: Status.SALE_PROCESSING_FAILED,
    ReasonCode.TOTALS_MISMATCH: Status.SALE_PROCESSING_FAILED,
    ReasonCode.OTHER_CURRENCY: Status.SALE_PROCESSING_FAILED,
    ReasonCode.NO_STORE: Status.SALE_PROCESSING_FAILED,
    ReasonCode.RESERVATIONS_ONLY: Status.SALE_PROCESSING_FAILED,
    ReasonCode.POS_REFUSED: Status.SALE_PROCESSING_FAILED,
    ReasonCode.POS_FAILED: Status.SALE_PROCESSING_FAILED,
    ReasonCode.UNEXPECTED: Status.SALE_PROCESSING_FAILED,
    ReasonCode.CUSTOMER_UNKNOWN: Status.CUSTOMER_ID_REQUIRED,
    ReasonCode.CUSTOMER_AMBIGUOUS: Status.CUSTOMER_ID_REQUIRED,
    ReasonCode.CUSTOMER_CONFLICT: Status.CUSTOMER_ID_REQUIRED,
    ReasonCode.PRODUCT_UNKNOWN: Status.PRODUCT_MATCH_FAILED,
    ReasonCode.PRODUCT_AMBIGUOUS: Status.PRODUCT_MATCH_FAILED,
    ReasonCode.NOT_OPEN: Status.ARCHIVED,
    ReasonCode.UNPAID: Status.ARCHIVED,
    ReasonCode.BEFORE_START: Status.ARCHIVED,
    ReasonCode.NOT_AN_ORDER: Status.ARCHIVED,
}


def _placed(path: str, text: str) -> str:
    return text if text.startswith(f"{path}:") else f"{path}: {text}"


class Reason(Frozen):
    """One reason why an order is not sold.

    Attributes:
        path: the payload's field, where one is at fault.
        line_id: the webstore's line, where one is concerned.
        detail_en: what whoever set the connection up has to know beside it; `detail_ko` in Korean.
    """

    code: ReasonCode
    en: str
    ko: str
    path: str | None = None
    line_id: str | None = None
    detail_en: str | None = None
    detail_ko: str | None = None

    @classmethod
    def of(
        cls, code: ReasonCode, words: Words | str, *, path: str | None = None, line_id: str | None = None
    ) -> "Reason":
        """Make a reason of its code and its words; those of damage begin with the damaged place."""
        said = Words.of(words)
        path = printable(path) if path is not None else None  # its names are the webstore's
        if path and code is ReasonCode.PAYLOAD_DAMAGED:
            said = Words(_placed(path, said.en), _placed(path, said.ko))
        return cls(code=code, en=said.en, ko=said.ko, path=path, line_id=line_id)

    @classmethod
    def of_damage(cls, error: PayloadError) -> "Reason":
        """Make the reason of a damaged payload: in plain words where it has them, the others beside them."""
        full = cls.of(ReasonCode.PAYLOAD_DAMAGED, error.words, path=error.path)
        if error.plain is None:
            return full
        plain = {"en": error.plain.en, "ko": error.plain.ko, "detail_en": full.en, "detail_ko": full.ko}
        return full.model_copy(update=plain)

    @property
    def words(self) -> Words:
        """What staff read."""
        return Words(self.en, self.ko)

    @property
    def detail(self) -> Words | None:
        """What whoever set the connection up has to know beside it, or None."""
        if self.detail_en is None:
            return None
        return Words(self.detail_en, self.detail_ko or self.detail_en)

    @property
    def status(self) -> Status:
        """The status that this reason alone gives."""
        return _STATUS[self.code]


def ordered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return reasons with the one first that names the status (`DESIGN.md`, invariant 5)."""
    return tuple(sorted(reasons, key=lambda reason: _ORDER_OF_STATUS.index(reason.status)))


def names_any(kept: str, codes: Iterable[ReasonCode]) -> bool:
    """Say whether reasons, as an order's row keeps them, have one of these codes."""
    return any(f'"{code}"' in kept for code in codes)
