"""Makes the reading half of a profile when it is loaded; everything that is wrong with it is said at once."""

from datetime import timedelta
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.calling import one_order, paging, parts, since
from tillbridge_generic_webstore.calling.beside import Beside
from tillbridge_generic_webstore.calling.by_ids import Ids
from tillbridge_generic_webstore.calling.calls import Place, compile_call
from tillbridge_generic_webstore.calling.grouping import Grouping
from tillbridge_generic_webstore.calling.heads import Heads, RowReading
from tillbridge_generic_webstore.calling.known import Again
from tillbridge_generic_webstore.calling.lister import CheckCall, Lister
from tillbridge_generic_webstore.calling.moments import read_span
from tillbridge_generic_webstore.calling.newest_first import Window
from tillbridge_generic_webstore.calling.one_order import OneOrder
from tillbridge_generic_webstore.calling.paging import Pager, compile_following
from tillbridge_generic_webstore.calling.since import Listed, SinceRule
from tillbridge_generic_webstore.calling.spans import Spans
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.language.connecting import Gone, One, Orders, Since
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping import compile_over
from tillbridge_generic_webstore.settings import public_values

_LIST_NAMES: Final = paging.PLACEHOLDERS | since.PLACEHOLDERS


def compile_lister(profile: Profile, mistakes: Mistakes) -> Lister | None:
    """Compile what a profile says of reading orders; None where too much is wrong with it."""
    orders = profile.orders
    place = Place(profile, ("orders",), _LIST_NAMES | _more_names(orders), mistakes)
    call = compile_call(orders, place)
    _check_paging(orders, call.names, place)
    pager = Pager(
        call=call,
        rows=place.rows(orders.rows, "rows"),
        paging=orders.paging,
        at=place.expression(orders.paging.at, "paging", "at", names=("_settings",)),
        empty_status=orders.empty_status,
        empty=orders.empty,
        empty_when=place.expression(orders.empty_when, "empty_when"),
        values=_next_values(orders, place),
        following=compile_following(orders.paging, place),
    )
    heads = _heads(profile, place)
    rule = _rule(profile, place)
    ids = _ids(profile, place)
    more = parts.compile_parts(orders.parts, Place(profile, ("orders", "parts"), (), mistakes))
    if heads is None:
        return None
    grouping = _grouping(profile, place)
    listed = Listed(
        pager,
        heads,
        rule,
        _whole_heads(profile),
        keeps_answers=any(isinstance(one, Beside) for one in more),
        grouping=grouping if orders.shows_whole else None,
    )
    return Lister(
        only_names=orders.only_names,
        grouping=grouping,
        listed=listed,
        parts=more,
        one=None if orders.one is None else _one(orders.one, listed, grouping, place),
        window=_window(orders.since),
        spans=_spans(orders),
        ids=ids,
        is_over=_again(profile).is_over if orders.only_names else None,
        again=_again(profile) if _is_by_placed(orders.since) else None,
        admin=_admin(profile, mistakes),
        title=profile.title,
        check=_check(profile, mistakes),
        addresses=frozenset(name for name, one in profile.settings.items() if one.kind == "url"),
    )


def _more_names(orders: Orders) -> frozenset[str]:
    """Return the placeholders that this list has beside the usual ones."""
    return frozenset(name for one in orders.passes for name in one) | frozenset(orders.paging.values)


def _next_values(orders: Orders, place: Place) -> dict[str, Expression]:
    made = {
        name: place.expression(one, "paging", "values", name) for name, one in orders.paging.values.items()
    }
    return {name: one for name, one in made.items() if one is not None}


def _spans(orders: Orders) -> Spans | None:
    """Return how a list is read by the clock; None where its rows say when they changed."""
    if orders.since.from_ != "clock":
        return None
    most = orders.since.most
    return Spans(most=None if most is None else read_span(most), passes=orders.passes or ({},))


def _heads(profile: Profile, place: Place) -> Heads | None:
    """Return what reads the list's rows; what they are asked by must stand in them."""
    orders, rule = profile.orders, profile.orders.since
    if orders.names is not None:
        order_id = place.expression(orders.names, "names", names=("_settings",))
    elif orders.group_by is not None:
        order_id = place.expression(orders.group_by, "group_by", names=("_settings",))
    else:
        order_id = _of_order(profile, profile.order.id)
        if order_id is not None and order_id.uses - {"_settings"}:
            place.mistakes.add(("order", "id"), _no_id_in_the_row())
    at: Expression | None = None
    if rule.from_ == "id":
        at = None if orders.only_names else _placed(profile)
    elif rule.at is not None:
        at = place.expression(rule.at, "since", "at")
    elif rule.from_ != "clock":
        field = "updated" if rule.from_ == "updated" and rule.none is None else "placed"
        at = _of_order(profile, getattr(profile.order, field))
        if at is not None and at.uses:
            place.mistakes.add((*place.path, "since"), _not_in_the_row(field))
    return None if order_id is None else Heads(order_id, at, profile.defaults.time)


def _whole_heads(profile: Profile) -> Heads:
    """Return what reads the heads of whole orders, whatever the list's rows are."""
    order_id = _of_order(profile, profile.orders.group_by or profile.order.id)
    return Heads(
        None if order_id is None or order_id.uses else order_id, _placed(profile), profile.defaults.time
    )


def _of_order(profile: Profile, source: str | None) -> Expression | None:
    """Return an expression over an order; what is wrong with it is told by who reads orders."""
    names = ("_settings", "_parts", *(f"_{name}" for name in profile.order.let))
    return Place(profile, ("order",), (), Mistakes()).expression(source, names=names)


def _placed(profile: Profile) -> Expression | None:
    """Return when an order was placed; None where the order alone does not say."""
    at = _of_order(profile, profile.order.placed)
    return None if at is None or at.uses else at


def _grouping(profile: Profile, place: Place) -> Grouping | None:
    orders = profile.orders
    if orders.group_by is None:
        return None
    key = place.quiet().expression(orders.group_by, "group_by", names=("_settings",))
    at: Expression | None = None  # the newest first are asked by no time
    if orders.since.at is not None:
        at = place.quiet().expression(orders.since.at, "since", "at")
    elif orders.since.none is None:
        at = _placed(profile)
    return None if key is None else Grouping(RowReading(key), None if at is None else RowReading(at))


def _ids(profile: Profile, place: Place) -> Ids | None:
    """Return how a list is read by IDs; None where it is not."""
    table = profile.orders.since
    if table.from_ != "id":
        return None
    at = place.expression(table.at, "since", "at")
    return Ids(
        again=_again(profile),
        first=Place(profile, ("orders", "since"), (), place.mistakes).template(table.first, "first"),
        place=None if at is None else RowReading(at),
    )


def _again(profile: Profile) -> Again:
    """Return how changes are found that the list does not know."""
    table, is_over = profile.orders.since, compile_over(profile)
    return Again(
        back=read_span(table.window) or timedelta(),
        every=read_span(table.every) or timedelta(),
        is_over=lambda connection, content: is_over(content, public_values(connection.settings)),
    )


def _is_by_placed(table: Since) -> bool:
    """Whether a list is read by when orders were placed."""
    return table.from_ == "placed" and table.none is None and table.header is None


def _rule(profile: Profile, place: Place) -> SinceRule:
    table = profile.orders.since
    row_zone = profile.defaults.zone
    return SinceRule(
        overlap=read_span(table.overlap) or timedelta(),
        form=table.format,
        zone=place.template(table.zone, "since", "zone"),
        row_zone=None if row_zone is None else _quiet(profile).template(row_zone, "zone"),
        sorted=table.sorted,
        header=table.header,
    )


def _quiet(profile: Profile) -> Place:
    """Return the place of the defaults, whose mistakes are told by who reads orders."""
    return Place(profile, ("defaults",), (), Mistakes())


def _window(table: Since) -> Window | None:
    if table.none is None:
        return None
    return Window(read_span(table.window) or timedelta(), read_span(table.every) or timedelta())


def _one(table: One, listed: Listed, grouping: Grouping | None, orders: Place) -> OneOrder:
    names = one_order.PLACEHOLDERS | (one_order.MANY if table.batch > 1 else frozenset())
    place = Place(orders.profile, ("orders", "one"), names, orders.mistakes)
    gone = table.gone or Gone()
    statuses = {404, 410} if gone.status is None else {gone.status}
    return OneOrder(
        title=orders.profile.title,
        listed=listed,
        call=compile_call(table, place),
        rows=place.rows(table.rows, "rows"),
        batch=table.batch,
        wrapped=table.as_,
        is_named=orders.profile.orders.only_names,
        grouping=grouping,
        gone_status=frozenset(statuses),
        gone_when=place.expression(gone.when, "gone", "when", names=("_settings",)),
    )


def _admin(profile: Profile, mistakes: Mistakes) -> Template | None:
    if profile.connect.admin is None:
        return None
    return Place(profile, ("connect",), ("id", "number"), mistakes).template(profile.connect.admin, "admin")


def _check(profile: Profile, mistakes: Mistakes) -> CheckCall | None:
    table = profile.connect.check
    if table is None:
        return None
    place = Place(profile, ("connect", "check"), (), mistakes)
    return CheckCall(
        compile_call(table, place), place.expression(table.account, "account", names=("_settings",))
    )


def _check_paging(orders: Orders, names: frozenset[str], place: Place) -> None:
    if orders.paging.by != "since" or orders.since.from_ == "id":
        return
    if not names & {"page", "offset"}:
        place.mistakes.add((*place.path, "paging"), _no_page())
    if not orders.since.sorted or orders.since.none is not None:
        place.mistakes.add((*place.path, "paging"), _unsorted())


def _not_in_the_row(field: str) -> Words:
    return Words(
        f"order.{field} is not read from the row alone: say in since.at where a row of the list has its time",
        f"order.{field}은(는) 목록의 행만으로 읽을 수 없습니다. 행의 시각 위치를 since.at에 적어 주세요",
    )


def _no_id_in_the_row() -> Words:
    return Words(
        "is not read from the row alone, which must say which order it is; say a path of the row, or names",
        "목록의 행만으로 읽을 수 없습니다. 어느 주문인지 행에서 알 수 있도록 행의 경로나 names를 적어 주세요",
    )


def _unsorted() -> Words:
    return Words(
        "paging by since needs a list that is sorted by its time of change, the oldest first",
        "since 방식의 페이징에는 변경 시각이 오래된 순으로 정렬된 목록이 필요합니다",
    )


def _no_page() -> Words:
    return Words(
        'by = "since" needs {page} or {offset} in the request: a whole page may share one second',
        'by = "since"에는 요청에 {page} 또는 {offset}이(가) 필요합니다. 한 페이지 전체가 같은 '
        "초일 수 있습니다",
    )
