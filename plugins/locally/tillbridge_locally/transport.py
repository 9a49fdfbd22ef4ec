"""Every call to Locally. What Locally does not publish is here and nowhere else, marked *proposed*.

Published are the base address, the header `Locally-Api-Token`, the envelope `{"success", "data"}` with
`{"success": false, "msg", "error_code"}` for errors, and `GET /api/v2/cart/{hash}`. When Locally names its
own endpoints, this module and `sandbox/api.py` change, and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, NamedTuple, TypeVar

import msgspec

from tillbridge.plugin import (
    Connection,
    HttpResponse,
    Misconfigured,
    Rejected,
    Retryable,
    Standing,
    Words,
)
from tillbridge_locally.settings import settings_of
from tillbridge_locally.statuses import ITEMS, STANDINGS, ItemStanding

_LIST: Final = "/api/v2/orders"  # proposed
_CART: Final = "/api/v2/cart/{hash}"
_DECIDE: Final = "/api/v2/cart/{hash}/items/{item}/{verdict}"  # proposed
_RESOLUTION: Final = "/api/v2/cart/{hash}/resolution"  # proposed
_COMPANY: Final = "/api/v2/company/{company}"  # proposed

# Published error codes.
_NOT_AUTHORISED: Final = 1102
_COMES_BACK: Final = frozenset({1000, 1323})  # a fault of theirs; the payment processor is down

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Verdict(StrEnum):
    """What the store says about an item."""

    CONFIRM = "confirm"
    DENY = "deny"
    READY = "ready"


class Position(NamedTuple):
    """A place in Locally's list, which is ordered by time of change, then by hash."""

    updated_at: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of the list.

    Attributes:
        place: where it stands in the list; None if its head cannot be read.
        content: the order's bytes as they came; of an entry without a place, all there is.
    """

    place: Position | None
    content: bytes


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list.

    Attributes:
        server_time: Locally's clock when it answered.
        more: whether the list goes on after this page.
    """

    server_time: datetime
    more: bool
    entries: Sequence[ListEntry]


class CompanyStore(msgspec.Struct, frozen=True):
    """A store of the company, as Locally has it."""

    id: str
    name: str = ""
    currency: str = ""
    country: str = ""
    # Published as what shoppers see; whatever stands there must not hide the rest.
    display_dow: Any = None
    is_tmp_closed: Any = None


class Company(msgspec.Struct, frozen=True):
    """The company that the API key belongs to."""

    id: str
    name: str
    stores: tuple[CompanyStore, ...] = ()


class _Envelope(msgspec.Struct):
    success: bool
    data: msgspec.Raw = msgspec.Raw(b"null")
    msg: str | None = None
    error_code: int | None = None


class _Listed(msgspec.Struct):
    hash: str
    updated_at: Moment
    order: msgspec.Raw


class _List(msgspec.Struct):
    server_time: Moment
    more: bool
    orders: list[msgspec.Raw]


class _ItemId(msgspec.Struct):
    id: str | int
    status: str = ""


class _Items(msgspec.Struct):
    items: list[_ItemId]
    status: str = ""


class _Cart(msgspec.Struct):
    cart: _Items


class Transport:
    """Asks Locally on behalf of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._http = connection.http
        self._settings = settings_of(connection)

    def list_after(self, position: Position) -> ListPage:
        """Return the orders that changed after `position`, the oldest change first (proposed)."""
        params: dict[str, Any] = {
            "company_id": self._settings.company_id,
            "after_updated_at": position.updated_at.isoformat(),
            "after_hash": position.hash,
            "limit": self._settings.page_size,
        }
        if self._settings.store_ids:
            params["store_id"] = list(self._settings.store_ids)
        response = self._http.get(_LIST, params=params)
        page = _read(_data(response), _List, response)
        if _in_other_letters(page.orders):
            raise _other_letters(response)
        return ListPage(page.server_time, page.more, [_entry(one) for one in page.orders])

    def cart(self, order_hash: str) -> bytes:
        """Return one order's bytes. The address is built from the hash, never taken from a message."""
        return bytes(_data(self._http.get(_CART.format(hash=order_hash))))

    def item_ids(self, order_hash: str) -> tuple[str, ...]:
        """Return the IDs of an order's items that are still bought; of all of them where none is."""
        response = self._http.get(_CART.format(hash=order_hash))
        items = _read(_data(response), _Cart, response).cart.items
        bought = [item for item in items if ITEMS.get(item.status) is not ItemStanding.GONE]
        return tuple(str(item.id) for item in bought or items)

    def is_called_off(self, order_hash: str) -> bool:
        """Say whether an order is cancelled, denied or refunded as a whole."""
        response = self._http.get(_CART.format(hash=order_hash))
        status = _read(_data(response), _Cart, response).cart.status
        return STANDINGS.get(status) in {Standing.CANCELLED, Standing.REFUNDED}

    def decide(self, order_hash: str, *, item: str, verdict: Verdict, message: str, key: str) -> None:
        """Confirm or deny one item, or say that it is ready (proposed); saying it again changes nothing."""
        path = _DECIDE.format(hash=order_hash, item=item, verdict=verdict)
        _data(self._http.post(path, json={"message": message}, idempotency_key=key))

    def resolve(self, order_hash: str, *, resolution: str, key: str) -> None:
        """Say how a reservation ended (proposed); a later one takes the place of the one before."""
        path = _RESOLUTION.format(hash=order_hash)
        _data(self._http.post(path, json={"resolution": resolution}, idempotency_key=key))

    def company(self) -> Company:
        """Return the company that the settings name (proposed)."""
        response = self._http.get(_COMPANY.format(company=self._settings.company_id))
        return _read(_data(response), Company, response)


def _entry(raw: msgspec.Raw) -> ListEntry:
    """Read an entry's head; one that is damaged must not stop its page."""
    try:
        listed = msgspec.json.decode(raw, type=_Listed)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ListEntry(place=None, content=bytes(raw))
    return ListEntry(place=Position(listed.updated_at, listed.hash), content=bytes(listed.order))


def _in_other_letters(orders: Sequence[msgspec.Raw]) -> bool:
    """Say whether a whole list is not in UTF-8, rather than one damaged order in it.

    A damaged order is kept and shown. A list in other letters is asked for again: kept, each of its orders
    would wait for a person, and be passed over when Locally writes UTF-8 again.
    """
    foreign = [text for one in orders if not (text := bytes(one)).isascii()]
    return len(foreign) > 1 and not any(_is_utf8(text) for text in foreign)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _other_letters(response: HttpResponse) -> Retryable:
    return Retryable(
        Words(
            en=(
                f"Locally's answer to {response.call} cannot be read: it is not written in UTF-8. "
                "It is asked again later; if this lasts, tell Locally."
            ),
            ko=(
                f"로컬리의 {response.call} 응답을 읽을 수 없습니다. 문자 인코딩이 UTF-8이 아닙니다. "
                "나중에 다시 요청합니다. 계속되면 로컬리에 문의해 주세요."
            ),
        )
    )


def _data(response: HttpResponse) -> msgspec.Raw:
    """Take the answer out of its envelope.

    Raises:
        Misconfigured: the key may not do this. Retryable: a fault of Locally's. Rejected: it says no.
    """
    envelope = _read(response.content, _Envelope, response)
    if envelope.success:
        return envelope.data
    said = f"{envelope.msg or 'no reason'} ({envelope.error_code or 'no code'})"
    words = Words(
        en=f"Locally did not do {response.call}: {said}.",
        ko=f"로컬리에서 {response.call} 요청을 처리하지 않았습니다: {said}.",
    )
    if envelope.error_code == _NOT_AUTHORISED:
        raise Misconfigured(
            Words(
                en=f"{words.en} Enter the API key again in the connection's settings.",
                ko=f"{words.ko} 연결 설정에서 API 키를 다시 입력해 주세요.",
            )
        )
    if envelope.error_code in _COMES_BACK:
        raise Retryable(words)
    raise Rejected(words)


def _read(content: bytes | msgspec.Raw, kind: type[_Struct], response: HttpResponse) -> _Struct:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Retryable(
            Words(
                en=(
                    f"Locally's answer to {response.call} cannot be read: it is cut off, or not what "
                    f"was asked for ({len(response.content)} bytes). It is asked again later."
                ),
                ko=(
                    f"로컬리의 {response.call} 응답을 읽을 수 없습니다. 중간에 끊겼거나 요청한 내용이 "
                    f"아닙니다({len(response.content)}바이트). 나중에 다시 요청합니다."
                ),
            )
        ) from error
