"""The inventory feed: what Locally shows of each store's stock and prices, as a file that is replaced whole.

Published are the columns `upc,qty,price`, text UPCs with their check digit, and one file a store or one for
all with a column for the store. That column's name and place, the files' names and line ends are *proposed*.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from tillbridge.plugin import (
    Connection,
    Files,
    IdentifierKind,
    Misconfigured,
    Offer,
    Outcome,
    Receipt,
    Rejected,
    Retryable,
    Words,
)
from tillbridge_locally.settings import Settings, settings_of
from tillbridge_locally.transport import Transport

_HEADER: Final = "upc,qty,price"
_STORE_COLUMN: Final = "store_id"  # proposed
_LINES_AT_ONCE: Final = 500
_CARTON: Final = "0"  # what a number of a single piece begins with, of 14 digits

NO_FILES: Final = Words(
    en="Locally takes stock and prices as a file. Say where it goes: --files sftp://user@host/folder.",
    ko="로컬리는 재고와 가격을 파일로 받습니다. 보낼 위치를 지정해 주세요: --files sftp://사용자@서버/폴더",
)
_NO_UPC: Final = Words(
    en="It has no UPC or EAN, and Locally knows products by nothing else. Add its barcode.",
    ko="UPC·EAN 바코드가 없습니다. 로컬리는 바코드로만 제품을 구별하므로 바코드를 추가해 주세요.",
)
_NO_STORE: Final = Words(
    en="Its store is none of Locally's. Say which of Locally's it is: --location STORE_ID=CODE.",
    ko="로컬리와 연결되지 않은 매장입니다. 어느 로컬리 매장인지 지정해 주세요: --location 매장ID=코드",
)
NO_STORE_ID: Final = Words(
    en=(
        "A feed for all stores in one file has to name each: give Locally's store ID with "
        "--set store_ids=ID, or with --location ID=CODE for each store."
    ),
    ko=(
        "모든 매장을 한 파일로 보내려면 매장마다 로컬리 매장 ID가 필요합니다. --set store_ids=ID 또는 "
        "매장별로 --location ID=코드를 지정해 주세요."
    ),
)


def push_feed(connection: Connection, offers: Iterator[Offer]) -> Receipt:
    """Send the feed; what has no line in it is said of each.

    Raises:
        Misconfigured: the connection does not say where files go, or which store is which.
        ProviderError: as `Files.put` says; Locally has the file before then.
    """
    if connection.files is None:
        raise Misconfigured(NO_FILES)
    feed = _Feed(connection, settings_of(connection), _gone(connection))
    if feed.settings.feed_combined:
        feed.send_combined(connection.files, offers)
    else:
        feed.send_by_store(connection.files, offers)
    return Receipt(Outcome.ACCEPTED, left_out=feed.left_out)


def _gone(connection: Connection) -> frozenset[str]:
    """Return the stores that stock is sent for and that Locally does not have any more.

    Where Locally does not say, all are there: what is wrong at its door is told where orders are asked for.
    """
    if not connection.locations:
        return frozenset()
    try:
        known = {store.id for store in Transport(connection).company().stores}
    except (Misconfigured, Rejected, Retryable) as error:
        connection.log.info("%s: the stores were not looked at: %s", connection.name, error.words.en)
        return frozenset()
    return frozenset(connection.locations) - known if known else frozenset()


def upc_of(gtin: str) -> str | None:
    """Return a GTIN of 14 digits as Locally wants it: 12 digits, or 13 where they are needed.

    None for a carton's number: it names more than one piece.
    """
    if not gtin.startswith(_CARTON):
        return None
    return gtin.removeprefix("00") if gtin.startswith("00") else gtin[1:]


@dataclass(slots=True)
class _Feed:
    """One sending of the feed.

    Attributes:
        gone: stores that Locally does not have any more; they get no file.
        left_out: by `Offer.key`, why it has no line.
    """

    connection: Connection
    settings: Settings
    gone: frozenset[str]
    left_out: dict[str, Words] = field(default_factory=dict)

    def send_by_store(self, files: Files, offers: Iterable[Offer]) -> None:
        """Send a file for each store; one that has nothing to show gets a file without lines."""
        waiting = set(self.connection.locations or [""]) - self.gone
        for location, some in groupby(offers, key=lambda offer: offer.location):
            if location not in waiting:
                self._leave_out(location, some)
                continue
            waiting.remove(location)
            files.put(self._name(location), _chunks(_HEADER, self._lines(some)))
        for location in sorted(waiting):
            files.put(self._name(location), _chunks(_HEADER, ()))

    def send_combined(self, files: Files, offers: Iterable[Offer]) -> None:
        """Send one file for all stores."""
        if not self.connection.locations and not self._only_store():
            raise Misconfigured(NO_STORE_ID)
        header = f"{_HEADER},{_STORE_COLUMN}"
        files.put(f"{self.settings.feed_name}.csv", _chunks(header, self._with_store(offers)))

    def _with_store(self, offers: Iterable[Offer]) -> Iterator[str]:
        for location, some in groupby(offers, key=lambda offer: offer.location):
            store = location or self._only_store()
            if location in self.gone or (self.connection.locations and not location):
                self._leave_out(location, some)
                continue
            for line in self._lines(some):
                yield f"{line},{store}"

    def _leave_out(self, location: str, offers: Iterable[Offer]) -> None:
        why = _store_is_gone(location) if location in self.gone else _NO_STORE
        self.left_out |= {offer.key: why for offer in offers}

    def _name(self, location: str) -> str:
        store = location or self._only_store()
        return f"{self.settings.feed_name}-{store}.csv" if store else f"{self.settings.feed_name}.csv"

    def _only_store(self) -> str:
        """Return Locally's ID of the store where there is one store only; "" if it was not given."""
        ids = self.settings.store_ids
        return ids[0] if len(ids) == 1 else ""

    def _lines(self, offers: Iterable[Offer]) -> Iterator[str]:
        """Yield the lines of one store: a line for each number of a product, and no number twice."""
        seen: set[int] = set()
        for offer in offers:
            numbers, why = self._numbers(offer)
            new = [upc for upc in numbers if int(upc) not in seen]
            seen.update(int(upc) for upc in new)
            if not new:
                self.left_out[offer.key] = _twice(numbers[0]) if numbers else why
            price = "" if offer.price is None else f"{offer.price.decimal:f}"
            for upc in new:
                yield f"{upc},{max(offer.quantity or 0, 0)},{price}"

    def _numbers(self, offer: Offer) -> tuple[list[str], Words]:
        """Return an offer's UPCs, and why there is none."""
        if offer.price is not None and offer.price.currency != self.settings.currency:
            return [], _other_currency(offer.price.currency, self.settings.currency)
        gtins = [one.value for one in offer.identifiers if one.kind is IdentifierKind.GTIN]
        upcs = [upc for gtin in gtins if (upc := upc_of(gtin))]
        return upcs, _carton(gtins[0]) if gtins else _NO_UPC


def _chunks(header: str, lines: Iterable[str]) -> Iterator[bytes]:
    """Yield a file's bytes: UTF-8 without a mark at its beginning, a line feed after each line."""
    some = [header]
    for line in lines:
        some.append(line)
        if len(some) >= _LINES_AT_ONCE:
            yield _written(some)
            some.clear()
    if some:
        yield _written(some)


def _written(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _store_is_gone(location: str) -> Words:
    return Words(
        en=(
            f"Locally has no store {location} any more, so nothing is sent for it. See Locally Station, or "
            "correct --location."
        ),
        ko=(
            f"로컬리에 {location} 매장이 더 이상 없어 보내지 않습니다. 로컬리 스테이션을 확인하거나 "
            "--location을 고쳐 주세요."
        ),
    )


def _twice(upc: str) -> Words:
    return Words(
        en=f"Another product has its UPC {upc}. Make one of them: tillbridge product duplicates",
        ko=f"다른 제품의 UPC({upc})와 같습니다. 하나로 합쳐 주세요: tillbridge product duplicates",
    )


def _carton(gtin: str) -> Words:
    return Words(
        en=f"Its number {gtin} is a carton's. Add the barcode of a single piece.",
        ko=f"{gtin}은(는) 묶음 상자의 번호입니다. 낱개 바코드를 추가해 주세요.",
    )


def _other_currency(price: str, feed: str) -> Words:
    return Words(
        en=f"Its price is in {price}, and Locally's feed is in {feed}.",
        ko=f"가격이 {price}(으)로 되어 있지만 로컬리에는 {feed}(으)로 보냅니다.",
    )
