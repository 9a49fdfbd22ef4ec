"""Checks how orders and items are listed: paging, cursors, and how long things last."""

import re
from datetime import UTC, datetime
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.connecting import Listings, Orders
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.walking import texts_of

_DURATION: Final = re.compile(r"\d+(\.\d+)?[smhd]")
_NEEDED: Final = {"page": "page", "offset": "offset", "cursor": "cursor"}
_ANCHORED: Final = frozenset({"cursor", "next"})
_FORMATS: Final = frozenset({"epoch", "epoch_ms"})
_BY_CLOCK: Final = Words(
    'goes with a list that is read by the clock: since = { from = "clock" }',
    '시계를 기준으로 읽는 목록에만 쓸 수 있습니다: since = { from = "clock" }',
)
_NO_UNTIL: Final = Words(
    'from = "clock" needs {until} in the request: the end of what is asked for',
    'from = "clock"에는 요청에 조회 끝 시각인 {until}이(가) 필요합니다',
)
_SAMPLE: Final = datetime(2026, 3, 1, 9, 2, 3, tzinfo=UTC)


def check_lists(profile: Profile, mistakes: Mistakes) -> None:
    """Note what is wrong with lists of orders and items."""
    _check_paging(("orders",), profile.orders, mistakes)
    if profile.listings:
        _check_paging(("listings",), profile.listings, mistakes)
    _check_since(profile, mistakes)
    _check_spans(profile.orders, mistakes)
    _check_durations(profile, mistakes)
    one = profile.orders.one
    if one and one.gone and one.gone.status is None and one.gone.when is None:
        mistakes.add(
            ("orders", "one", "gone"),
            Words(
                "says nothing: status, when, or both", "내용이 없습니다. status, when 또는 둘 다 써 주세요"
            ),
        )


def _asks(table: Orders | Listings, name: str) -> bool:
    """Say whether the list's own request holds a placeholder; its parts and single orders do not count."""
    own = (text for path, _, text in texts_of(table) if path[0] not in ("parts", "one"))
    return any(f"{{{name}}}" in text for text in own)


def _check_paging(path: Path, table: Orders | Listings, mistakes: Mistakes) -> None:
    by, at = table.paging.by, (*path, "paging")
    needed = None if table.paging.values else _NEEDED.get(by)
    if needed and not _asks(table, needed):
        mistakes.add(
            at,
            Words(
                f'by = "{by}" needs {{{needed}}} in the request',
                f'by = "{by}"에는 요청에 {{{needed}}}이(가) 필요합니다',
            ),
        )
    if by in _ANCHORED and table.paging.at is None and not table.paging.values:
        mistakes.add(
            at,
            Words(
                f'by = "{by}" needs at: where the answer says how it goes on',
                f'by = "{by}"에는 다음 위치가 있는 곳을 나타내는 at이 필요합니다',
            ),
        )
    if by not in _ANCHORED and table.paging.at is not None:
        mistakes.add(
            (*at, "at"),
            Words(
                f'by = "{by}" does not look at it; by = "cursor" or "next" does',
                f'by = "{by}"에서는 쓰이지 않습니다. by = "cursor" 또는 "next"에서 씁니다',
            ),
        )
    if by == "since" and isinstance(table, Listings):
        mistakes.add(
            (*at, "by"),
            Words(
                'a list of items has no "since"; page, offset, link, cursor, next or none',
                '상품 목록에는 "since"를 쓸 수 없습니다. page, '
                "offset, link, cursor, next, none 중에서 골라 주세요",
            ),
        )


def _check_since(profile: Profile, mistakes: Mistakes) -> None:
    orders, since = profile.orders, profile.orders.since
    path: Path = ("orders", "since")
    asked = _asks(orders, "since")
    if since.none is None and not asked:
        mistakes.add(
            ("orders",),
            Words(
                "nothing asks for what is new: put {since} into "
                "the request, or, where the webstore has no such "
                'filter and lists the newest first, say since = { none = "stop at known" }',
                "새 주문만 요청하지 않습니다. 요청에 {since}를 넣거나, 그런 필터가 없고 최신순 목록이라면 "
                'since = { none = "stop at known" }을 써 주세요',
            ),
        )
    if since.none is not None and asked:
        mistakes.add(
            (*path, "none"),
            Words(
                "{since} stands in the request: the list is filtered or not, both cannot be",
                "요청에 {since}가 있습니다. 필터가 있거나 없거나 둘 중 하나만 가능합니다",
            ),
        )
    if (
        asked
        and since.from_ == "updated"
        and profile.order.updated is None
        and not (since.header or since.at)
    ):
        mistakes.add(
            ("order",),
            Words(
                'updated is missing: the list is asked by it; or since = { from = "placed" }',
                "updated가 없습니다. 목록을 요청하는 기준입니다. "
                '또는 since = { from = "placed" }를 써 주세요',
            ),
        )
    moves = since.from_ == "updated" and since.sorted and not (since.header or since.none)
    if asked and moves and orders.paging.by in ("page", "offset"):
        mistakes.add(
            ("orders", "paging"),
            Words(
                f'by = "{orders.paging.by}" over a list sorted by '
                "its update time loses orders that change while "
                'it is read: by = "since"',
                f'수정 시각순 목록을 by = "{orders.paging.by}"로 '
                '읽으면 읽는 동안 바뀐 주문이 빠집니다: by = "since"',
            ),
        )
    if since.format is not None and not _is_format(since.format):
        mistakes.add(
            (*path, "format"),
            Words(
                f'"{since.format}" writes no time: such as %Y-%m-%dT%H:%M:%SZ, epoch or epoch_ms',
                f'"{since.format}"은(는) 시각 형식이 아닙니다. 예: %Y-%m-%dT%H:%M:%SZ, epoch, epoch_ms',
            ),
        )


def _check_spans(orders: Orders, mistakes: Mistakes) -> None:
    """Note what goes with a list that is asked by the clock only, and what such a list lacks."""
    given: list[tuple[Path, bool]] = [
        (("orders", "since", "most"), orders.since.most is not None),
        (("orders", "passes"), bool(orders.passes)),
        (("orders", "paging", "most"), orders.paging.most is not None),
    ]
    if orders.since.from_ != "clock":
        for path, is_given in given:
            if is_given:
                mistakes.add(path, _BY_CLOCK)
    elif not _asks(orders, "until"):
        mistakes.add(("orders", "since", "from"), _NO_UNTIL)


def _is_format(text: str) -> bool:
    if text in _FORMATS:
        return True
    try:
        return "%" in text and _SAMPLE.strftime(text) != text
    except ValueError:
        return False


def _check_durations(profile: Profile, mistakes: Mistakes) -> None:
    """Note lengths of time that cannot be read."""
    given: list[tuple[Path, str | None]] = [
        (("orders", "since", "overlap"), profile.orders.since.overlap),
        (("orders", "since", "most"), profile.orders.since.most),
        (("orders", "since", "window"), profile.orders.since.window),
        (("orders", "since", "every"), profile.orders.since.every),
    ]
    given += [(("orders", "parts", name, "cache"), part.cache) for name, part in profile.orders.parts.items()]
    if profile.listings:
        given += [
            (("listings", "parts", name, "cache"), part.cache)
            for name, part in profile.listings.parts.items()
        ]
    auth = profile.connect.auth
    if auth and auth.login:
        given.append((("connect", "auth", "login", "lasts"), auth.login.lasts))
    if profile.push:
        given += [(("push", "refresh"), profile.push.refresh), (("push", "expires"), profile.push.expires)]
    if profile.webhook and profile.webhook.hmac:
        given.append((("webhook", "hmac", "tolerance"), profile.webhook.hmac.tolerance))
    if profile.webhook and profile.webhook.jwt:
        given.append((("webhook", "jwt", "tolerance"), profile.webhook.jwt.tolerance))
    for path, text in given:
        if text is not None and not _DURATION.fullmatch(text):
            mistakes.add(
                path,
                Words(
                    f'"{text}" is no length of time: such as 2s, 5m, 1h or 30d',
                    f'"{text}"은(는) 기간이 아닙니다. 예: 2s, 5m, 1h, 30d',
                ),
            )
