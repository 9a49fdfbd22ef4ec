"""What Locally's statuses mean. Only "confirmed" is published; the others are proposed (see README.md)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from tillbridge.plugin import NotAnOrder, PayloadError, Standing, Words
from tillbridge_locally.damage import damaged

NOT_ORDERED: Final[Mapping[str, NotAnOrder]] = {
    "open": NotAnOrder(
        Words(en="The cart is not ordered yet.", ko="아직 주문하지 않은 장바구니입니다."),
    ),
    "abandoned": NotAnOrder(
        Words(en="The cart was given up before it was ordered.", ko="주문하지 않고 그만둔 장바구니입니다."),
    ),
    "test": NotAnOrder(
        Words(en="This is a test cart of Locally's.", ko="로컬리의 테스트 장바구니입니다."),
    ),
}

STANDINGS: Final[Mapping[str, Standing]] = {
    "ordered": Standing.OPEN,
    "partially_confirmed": Standing.OPEN,
    "confirmed": Standing.OPEN,
    "ready": Standing.OPEN,
    "picked_up": Standing.FULFILLED,
    "delivered": Standing.FULFILLED,
    "denied": Standing.CANCELLED,
    "cancelled": Standing.CANCELLED,
    "auto_cancelled": Standing.CANCELLED,
    "not_picked_up": Standing.CANCELLED,
    "refunded": Standing.REFUNDED,
}


class ItemStanding(StrEnum):
    """Whether an item is still bought."""

    STANDS = "stands"
    GONE = "gone"


ITEMS: Final[Mapping[str, ItemStanding]] = {
    "": ItemStanding.STANDS,
    "ordered": ItemStanding.STANDS,
    "confirmed": ItemStanding.STANDS,
    "ready": ItemStanding.STANDS,
    "picked_up": ItemStanding.STANDS,
    "denied": ItemStanding.GONE,
    "cancelled": ItemStanding.GONE,
    "refunded": ItemStanding.GONE,
}


class Held(StrEnum):
    """Whether the customer's card holds the money, or has given it."""

    YES = "yes"
    NO = "no"
    GIVEN_BACK = "given back"


# An ordered cart without the field has been through /cart/auth, which holds the money: hence "".
PAYMENTS: Final[Mapping[str, Held]] = {
    "": Held.YES,
    "authorized": Held.YES,
    "captured": Held.YES,
    "pending": Held.NO,
    "failed": Held.NO,
    "released": Held.NO,
    "refunded": Held.GIVEN_BACK,
}


def unknown(path: str, status: str, known: Iterable[str]) -> PayloadError:
    """Return the error for a status that nobody has told us the meaning of."""
    names = ", ".join(name for name in known if name)
    return damaged(
        path,
        Words(
            en=f'The status "{status[:40]}" is not known; known are: {names}.',
            ko=f'알 수 없는 상태 "{status[:40]}"입니다. 알려진 상태: {names}.',
        ),
    )
