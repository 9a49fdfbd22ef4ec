"""Tries how a list is asked by the orders' IDs: that it begins after the one asked from, and ascends."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tillbridge.plugin import Connection, Words
from tillbridge_generic_webstore.calling.by_ids import Ids, ascend, page_after
from tillbridge_generic_webstore.calling.lister import Lister
from tillbridge_generic_webstore.calling.since import times
from tillbridge_generic_webstore.findings import Fault, Finding, future, no_time, nothing
from tillbridge_generic_webstore.settings import setting_values

_SKEW: Final = timedelta(minutes=5)


def findings_of_ids(connection: Connection, lister: Lister, rule: Ids) -> Iterator[Finding]:
    """Yield what is wrong with a list that is asked by IDs, or worth knowing; two calls.

    Raises:
        ProviderError: the webstore is away, or refuses.
    """
    listed, title = lister.listed, lister.title
    first = rule.first.text(setting_values(connection.settings)) or ""
    page = page_after(listed, connection, first)
    heads = listed.page(connection, page)
    places = [place for head in heads if (place := rule.place_of(head)) is not None]
    if not places:
        yield no_id(title) if heads else nothing(title)
        return
    if not ascend(places):
        yield unsorted(title)
        return
    moments = list(times(heads))
    if listed.heads.has_time and not moments:
        yield no_time(title, "order.placed")
    elif moments and max(moments) > connection.now() + _SKEW:
        yield future(title)
    last = places[-1]
    behind = listed.page(connection, page_after(listed, connection, last))
    after = [place for head in behind if (place := rule.place_of(head)) is not None and place != last]
    if set(after) & set(places) or (after and not ascend([last, *after])):
        yield ignored(title, last)


def no_id(title: str) -> Finding:
    """Say that rows have no ID where it is looked for."""
    return Finding(
        Fault.NO_ID,
        Words(
            f"No order that {title} listed has an ID where the profile looks for it. Correct order.id, "
            "names, group_by or since.at.",
            f"{title}에서 받은 주문에 프로필이 지정한 ID가 없습니다. order.id, names, group_by 또는 "
            "since.at을 고쳐 주세요.",
        ),
    )


def unsorted(title: str) -> Finding:
    """Say that IDs do not ascend."""
    return Finding(
        Fault.UNSORTED,
        Words(
            f"Orders would be lost: {title} does not list orders by ascending IDs. Let the profile's query "
            "ask for that order.",
            f"주문이 누락될 수 있습니다. {title} 목록이 ID 오름차순이 아닙니다. 프로필의 query에서 정렬을 "
            "지정해 주세요.",
        ),
    )


def ignored(title: str, last: str) -> Finding:
    """Say that what was asked from makes no difference."""
    return Finding(
        Fault.IGNORED,
        Words(
            f"{title} ignores how its list is asked: asked for orders after {last}, it lists that and "
            "earlier ones. See whether the profile's query names the webstore's own parameter.",
            f"{title}에서 조회 조건을 무시합니다. {last} 다음 주문을 조회했는데 그 이전 주문이 왔습니다. "
            "프로필의 query에 적은 매개변수 이름이 맞는지 확인해 주세요.",
        ),
    )
