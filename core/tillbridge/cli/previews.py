"""Says in words what a poll would do, before a connection is kept or while nothing is to be changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from tillbridge.intake import Preview
from tillbridge.model.status import Status
from tillbridge.model.words import Words

_OUTCOMES = (
    (Status.NEW, "{n} would be sold", "{n}건은 판매로 처리"),
    (Status.CUSTOMER_ID_REQUIRED, "{n} would wait for a customer", "{n}건은 고객 확인 필요"),
    (Status.PRODUCT_MATCH_FAILED, "{n} would wait for a product", "{n}건은 제품 확인 필요"),
)


def preview_words(seen: Preview, zone: ZoneInfo) -> list[Words]:
    """Return the preview as sentences."""
    return list(_sentences(seen, zone))


def preview_data(seen: Preview) -> dict[str, Any]:
    """Return the preview as data."""
    return {
        "fetched": seen.fetched,
        "would_be": {status.value: count for status, count in seen.statuses.items()},
        "damaged": seen.damaged,
        "earlier": seen.earlier,
        "oldest": seen.oldest.isoformat() if seen.oldest else None,
        "stopped": seen.stopped.en if seen.stopped else None,
        "trouble": seen.trouble.en if seen.trouble else None,
        "trouble_ko": seen.trouble.ko if seen.trouble else None,
    }


def _sentences(seen: Preview, zone: ZoneInfo) -> Iterator[Words]:
    failed = seen.damaged + seen.statuses.get(Status.SALE_PROCESSING_FAILED, 0)
    count = sum(number for status, number in seen.statuses.items() if status is not Status.ARCHIVED)
    count += seen.damaged
    if count:
        parts = [
            Words(en.format(n=number), ko.format(n=number))
            for status, en, ko in _OUTCOMES
            if (number := seen.statuses.get(status, 0))
        ]
        if failed:
            parts.append(
                Words(f"{failed} cannot be processed as they came", f"{failed}건은 데이터 문제로 처리 불가")
            )
        since = _since(seen.oldest, zone)
        yield Words(
            f"{_orders(count)}{since.en}: {', '.join(part.en for part in parts)}.",
            f"처리할 주문 {count}건{since.ko}: {', '.join(part.ko for part in parts)}.",
        )
    elif seen.fetched or not seen.trouble:
        yield Words("No open orders now.", "지금은 처리할 주문이 없습니다.")
    aside = seen.statuses.get(Status.ARCHIVED, 0) - seen.earlier
    if aside > 0:
        yield Words(
            f"Besides, {aside} closed or not paid yet would be put aside.",
            f"그 밖에 {aside}건은 이미 종료되었거나 결제 전이므로 보관됩니다.",
        )
    if seen.earlier > 0:
        yield Words(
            f"{seen.earlier} more open but older: take them with --orders-from.",
            f"더 오래된 미처리 주문 {seen.earlier}건도 가져오려면 --orders-from을 지정해 주세요.",
        )
    if seen.stopped:
        yield seen.stopped
    if seen.trouble:
        yield _broken_off(seen.fetched, seen.trouble)


def _broken_off(fetched: int, why: Words) -> Words:
    if not fetched:
        return Words(f"It could not be looked at: {why.en}", f"확인하지 못했습니다: {why.ko}")
    read = "1 order" if fetched == 1 else f"{fetched} orders"
    return Words(
        f"It broke off after {read}, so that there may be more: {why.en}",
        f"주문 {fetched}건까지 확인한 뒤 중단되어 주문이 더 있을 수 있습니다: {why.ko}",
    )


def _orders(count: int) -> str:
    return "1 open order" if count == 1 else f"{count} open orders"


def _since(oldest: datetime | None, zone: ZoneInfo) -> Words:
    if oldest is None:
        return Words("", "")
    day = oldest.astimezone(zone).date()
    return Words(
        f" since {format_date(day, 'EEEE, d MMMM', locale='en')}",
        f"({format_date(day, 'M월 d일 EEEE', locale='ko')}부터)",
    )
