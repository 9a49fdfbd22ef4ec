"""Tells a webstore what became of an order: one call, or several steps of which each may look first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tillbridge.plugin import Connection, Outcome, Receipt, Rejected, Retryable, StatusDelivery, Words
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.templates import Template, whole
from tillbridge_generic_webstore.expressions import Expression, ValueFault
from tillbridge_generic_webstore.language.ordering import MoneyForm
from tillbridge_generic_webstore.telling.steps import ConflictError, Walk
from tillbridge_generic_webstore.telling.values import written
from tillbridge_generic_webstore.telling.words import refused

NAMES: Final = frozenset(
    {"order_id", "order_id_number", "key", "said", "status", "reason", "resolution", "line_ids", "now"}
)
"""The placeholders of every status."""
REFUND_NAMES: Final = NAMES | {"amount", "amount_text", "amount_number", "amount_minor", "currency"}
"""The placeholders of a refund."""
_ACCEPTED: Final = Receipt(Outcome.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the webstore is asked whether it was told before."""

    call: CompiledCall
    at: Expression
    has: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How one thing is told of an order.

    Attributes:
        walk: one call, or several.
        word: what {status} stands for.
        look: what is asked before anything is sent.
        money: how the webstore writes amounts.
    """

    walk: Walk
    word: str | None
    look: Look | None = None
    money: str | MoneyForm = "major"

    def tell(self, connection: Connection, delivery: StatusDelivery) -> Receipt:
        """Tell it, and return the receipt.

        Raises:
            Retryable: the webstore is away, or the order changes as fast as it is told of.
            Misconfigured: it refuses the credentials.
        """
        values = _values(connection, delivery, self.word) | _amounts(delivery, self.money)
        try:
            if self.look is not None and self._was_told(connection, self.look, values):
                return _ACCEPTED
            try:
                self.walk.take(connection, values, {"_told": values})
            except ConflictError:
                self.walk.take(connection, values, {"_told": values})
        except ConflictError:
            raise Retryable(_busy(self.walk.title)) from None
        except (Rejected, ValueFault) as error:
            return refused(error.words)
        return _ACCEPTED

    def _was_told(self, connection: Connection, look: Look, values: Mapping[str, Any]) -> bool:
        found = look.at(look.call.send(connection, values).json)
        mark = look.has.text(values) or ""
        texts = found if isinstance(found, list) else [found]
        return bool(mark) and any(mark in text for text in texts if isinstance(text, str))


def _values(connection: Connection, delivery: StatusDelivery, word: str | None) -> dict[str, Any]:
    return {
        "order_id": delivery.order_id,
        "order_id_number": whole(delivery.order_id),
        "key": delivery.key,
        "said": delivery.said.value,
        "status": word,
        "reason": delivery.reason or None,
        "resolution": delivery.resolution.value if delivery.resolution else None,
        "line_ids": list(delivery.line_ids) or None,
        "now": connection.now().isoformat().replace("+00:00", "Z"),
    }


def _amounts(delivery: StatusDelivery, form: str | MoneyForm) -> dict[str, Any]:
    """Return what the placeholders of a refund stand for."""
    if delivery.refund is None:
        return {}
    return {
        "amount": written(delivery.refund, form),
        "amount_text": f"{delivery.refund.decimal:f}",
        "amount_number": delivery.refund.decimal,
        "amount_minor": delivery.refund.minor,
        "currency": delivery.refund.currency,
    }


def _busy(title: str) -> Words:
    return Words(
        f"{title} has changed the order again while it was told of it. It is told again later.",
        f"{title}에서 알리는 동안 주문이 다시 바뀌었습니다. 나중에 다시 알립니다.",
    )
