"""Checks lists whose rows are no whole orders: those that only name them, or hold one line each."""

import re
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.connecting import One, Orders
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.walking import texts_of

_IDS: Final = re.compile(r"\{id(s|_numbers)(:[^{}]*)?\}")
_AS_PAGES: Final = frozenset({"page", "offset"})


def check_rows(profile: Profile, mistakes: Mistakes) -> None:
    """Note what lists of names, of lines and by IDs lack."""
    orders = profile.orders
    if orders.names is not None and orders.one is None:
        mistakes.add(
            ("orders", "names"),
            Words(
                "a list that only names orders needs one: how each is asked for",
                "주문 번호만 있는 목록에는 주문 하나를 조회하는 one이 필요합니다",
            ),
        )
    if orders.group_by is not None:
        _check_groups(orders, mistakes)
    if orders.since.from_ == "id":
        _check_ids(orders, mistakes)
    if orders.one is not None:
        _check_batch(orders.one, mistakes)


def _check_groups(orders: Orders, mistakes: Mistakes) -> None:
    path: Path = ("orders", "group_by")
    if orders.names is not None:
        mistakes.add(
            path,
            Words(
                "names and group_by stand together; a list names orders, or holds their lines",
                "names와 group_by가 함께 있습니다. 주문 번호 목록이거나 품목 행 목록이거나 하나여야 합니다",
            ),
        )
    if not orders.shows_whole:
        if orders.one is None:
            mistakes.add(
                path,
                Words(
                    "a list that is asked by when rows change shows some of an order's rows: add one, how "
                    "the whole order is asked for",
                    "행의 변경 시각으로 조회하면 주문의 일부 행만 옵니다. 주문 전체를 조회하는 one을 "
                    "추가해 주세요",
                ),
            )
        return
    if orders.paging.by == "since":
        mistakes.add(
            ("orders", "paging", "by"),
            Words(
                "with group_by a list is read on to an order's last row, which "
                '"since" does not: page, offset, link, cursor, next or none',
                'group_by를 쓰면 주문의 마지막 행까지 이어 읽으므로 "since"를 쓸 수 없습니다. page, offset, '
                "link, cursor, next, none 중에서 골라 주세요",
            ),
        )
    for name, part in orders.parts.items():
        if part.beside is not None:
            mistakes.add(
                ("orders", "parts", name, "beside"),
                Words(
                    "with group_by an order may come in two answers, and what is beside it in one of them",
                    "group_by를 쓰면 한 주문이 두 응답에 걸쳐 올 수 있어 beside를 쓸 수 없습니다",
                ),
            )


def _check_ids(orders: Orders, mistakes: Mistakes) -> None:
    if orders.paging.by in _AS_PAGES:
        mistakes.add(
            ("orders", "paging", "by"),
            Words(
                'a list that is asked by IDs goes on after the last one: by = "since"',
                'ID로 조회하는 목록은 마지막 ID 다음부터 이어 읽습니다: by = "since"',
            ),
        )
    if orders.since.header is not None:
        mistakes.add(
            ("orders", "since", "header"),
            Words(
                "a list that is asked by IDs needs no clock",
                "ID로 조회하는 목록에는 시각이 필요하지 않습니다",
            ),
        )


def _check_batch(one: One, mistakes: Mistakes) -> None:
    path: Path = ("orders", "one")
    many = any(_IDS.search(text) for where, _, text in texts_of(one) if where[0] != "gone")
    if one.batch > 1 and not many:
        mistakes.add(
            (*path, "batch"),
            Words(
                "batch needs {ids}: where the IDs of several orders go",
                "batch에는 주문 ID 여러 개가 들어갈 {ids}가 필요합니다",
            ),
        )
    elif one.batch == 1 and many:
        mistakes.add(
            path,
            Words(
                "{ids} needs batch: how many orders go in one request",
                "{ids}에는 한 요청에 넣을 주문 수인 batch가 필요합니다",
            ),
        )
    if one.batch > 1 and one.as_ is not None:
        mistakes.add(
            (*path, "as"),
            Words(
                "the rows of several orders cannot be one; say group_by, or leave batch out",
                "여러 주문의 행을 하나로 묶을 수 없습니다. group_by를 쓰거나 batch를 빼 주세요",
            ),
        )
