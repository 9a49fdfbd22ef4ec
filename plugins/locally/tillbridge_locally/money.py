"""What Locally held, charged and gave back for an order, as its payload lists it (proposed contract).

Locally publishes that it charges a paid order once the store confirms it, and refunds; how an order lists
that (`cart.payments`: one movement for each act and item) is proposed, and stands here and in the sandbox
alone.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from pydantic import ValidationError

from tillbridge.plugin import (
    Money,
    PaidOrder,
    RefundState,
    TillbridgeError,
    WebPayment,
    WebPaymentState,
    WebRefund,
    sum_money,
)
from tillbridge_locally.damage import damaged, payload_error
from tillbridge_locally.mapping import PART
from tillbridge_locally.payload import read_json
from tillbridge_locally.settings import Settings
from tillbridge_locally.wire import Hash, Moment, Price, Wire

_TEST_KEY: Final = "test_"  # published: such a key sees test carts only
_PATH: Final = "cart.payments[{}].amount"


class _Kind(StrEnum):
    HELD = "held"
    CHARGED = "charged"
    RELEASED = "released"
    REFUNDED = "refunded"


class _Movement(Wire):
    id: Hash
    kind: _Kind
    amount: Price
    at: Moment


class _Cart(Wire):
    payments: tuple[_Movement, ...] = ()


class _Order(Wire):
    cart: _Cart


def payments_of(asked: PaidOrder, settings: Settings) -> list[WebPayment]:
    """Return what Locally did with the order's money, as one payment; none where it lists nothing.

    Raises:
        PayloadError: the list is damaged; it says where.
    """
    content = asked.raw.parts.get(PART) if asked.raw else None
    if content is None:
        return []
    try:
        moves = _Order.model_validate(read_json(content)).cart.payments
    except ValidationError as error:
        raise payload_error(error) from error
    live = not settings.api_token.get_secret_value().startswith(_TEST_KEY)
    return [_payment(asked, moves, live=live)] if moves else []


def _payment(asked: PaidOrder, moves: tuple[_Movement, ...], *, live: bool) -> WebPayment:
    currency = asked.order.currency
    amounts = [(one, _money(one.amount, currency, place)) for place, one in enumerate(moves)]
    total = {
        kind: sum_money((amount for one, amount in amounts if one.kind is kind), currency) for kind in _Kind
    }
    held = total[_Kind.HELD] - total[_Kind.CHARGED] - total[_Kind.RELEASED]
    if total[_Kind.CHARGED]:
        state = WebPaymentState.CAPTURED
    else:
        state = WebPaymentState.HELD if held else WebPaymentState.RELEASED
    return WebPayment.of(
        asked.order.id,
        state,
        {
            "authorised": held if state is WebPaymentState.HELD else total[_Kind.HELD],
            "captured": total[_Kind.CHARGED],
            "refunded": total[_Kind.REFUNDED],
        },
        currency,
        created_at=moves[0].at,
        live=live,
        order_id=asked.order.id,
        refunds=tuple(
            WebRefund(id=one.id, amount=amount, state=RefundState.DONE)
            for one, amount in amounts
            if one.kind is _Kind.REFUNDED
        ),
    )


def _money(amount: Decimal, currency: str, place: int) -> Money:
    try:
        return Money.exact(amount, currency)
    except TillbridgeError as error:
        raise damaged(_PATH.format(place), error.words) from error
