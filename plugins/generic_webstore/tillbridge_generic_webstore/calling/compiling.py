"""Makes the reading half of a profile when it is loaded; everything that is wrong with it is said at once."""

from datetime import timedelta
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.calling import paging, parts, since
from tillbridge_generic_webstore.calling.beside import Beside
from tillbridge_generic_webstore.calling.calls import Place, compile_call
from tillbridge_generic_webstore.calling.heads import Heads
from tillbridge_generic_webstore.calling.lister import CheckCall, Lister, OneOrder
from tillbridge_generic_webstore.calling.moments import read_span
from tillbridge_generic_webstore.calling.newest_first import Window
from tillbridge_generic_webstore.calling.paging import Pager, compile_following
from tillbridge_generic_webstore.calling.rows import compile_rows
from tillbridge_generic_webstore.calling.since import Listed, SinceRule
from tillbridge_generic_webstore.calling.spans import Spans
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.language.connecting import Gone, One, Orders, Since
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile

_LIST_NAMES: Final = paging.PLACEHOLDERS | since.PLACEHOLDERS


def compile_lister(profile: Profile, mistakes: Mistakes) -> Lister | None:
    """Compile what a profile says of reading orders; None where too much is wrong with it."""
    orders = profile.orders
    place = Place(profile, ("orders",), _LIST_NAMES | _more_names(orders), mistakes)
    call = compile_call(orders, place)
    _check_paging(orders, call.names, place)
    pager = Pager(
        call=call,
        rows=compile_rows(orders.rows, ("orders", "rows"), mistakes),
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
    window = _window(orders.since)
    one = None if orders.one is None else _one(orders.one, profile, mistakes)
    more = parts.compile_parts(orders.parts, Place(profile, ("orders", "parts"), (), mistakes))
    if heads is None:
        return None
    return Lister(
        only_names=orders.names is not None,
        listed=Listed(pager, heads, rule, keeps_answers=any(isinstance(one, Beside) for one in more)),
        parts=more,
        one=one,
        window=window,
        spans=_spans(orders),
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
    order = Place(profile, ("order",), (), Mistakes())  # what is wrong with them is told by who reads orders
    order_id = order.expression(profile.order.id, "id", names=("_settings",))
    if profile.orders.names is not None:
        order_id = place.expression(profile.orders.names, "names", names=("_settings",))
    rule = profile.orders.since
    at: Expression | None = None
    if rule.at is not None:
        at = place.expression(rule.at, "since", "at")
    elif rule.from_ != "clock":
        field = "updated" if rule.from_ == "updated" and rule.none is None else "placed"
        source = getattr(profile.order, field)
        at = order.expression(source, field, names=("_settings", "_parts"))
        if at is not None and at.uses:
            place.mistakes.add((*place.path, "since"), _not_in_the_row(field))
    return None if order_id is None else Heads(order_id, at, profile.defaults.time)


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


def _one(table: One, profile: Profile, mistakes: Mistakes) -> OneOrder:
    place = Place(profile, ("orders", "one"), ("id", "id_number"), mistakes)
    call = compile_call(table, place)
    gone = table.gone or Gone()
    statuses = {404, 410} if gone.status is None else {gone.status}
    return OneOrder(
        call=call,
        rows=compile_rows(table.rows, (*place.path, "rows"), mistakes),
        wrapped=table.as_,
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
    if orders.paging.by != "since":
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


def _none_by_since() -> Words:
    return Words(
        "paging by since needs a list that can be asked from a time on",
        "since 방식의 페이징에는 시각으로 조회할 수 있는 목록이 필요합니다",
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
