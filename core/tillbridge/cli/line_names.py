"""How staff name an order's items: by their numbers as shown, or by the webstore's line IDs."""

from collections.abc import Sequence

from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.views import OrderView


def lines_named(order: OrderView, said: Sequence[str]) -> tuple[str, ...]:
    """Return the line IDs that are meant: "2" and "#2" are the second item as shown.

    Raises:
        NotFound: the order has no such item; those it has are named.
        InputError: it is the number of one item and the ID of another.
    """
    return tuple(dict.fromkeys(_line(order, one) for one in said))


def _line(order: OrderView, said: str) -> str:
    by_number = [line.line_id for place, line in enumerate(order.lines, start=1) if said == str(place)]
    by_place = [line.line_id for place, line in enumerate(order.lines, start=1) if said == f"#{place}"]
    by_id = [line.line_id for line in order.lines if line.line_id == said]
    found = dict.fromkeys(by_place or (*by_number, *by_id))
    if len(found) == 1:
        return next(iter(found))
    known = ", ".join(f"{place} {line.title}" for place, line in enumerate(order.lines, start=1)) or "-"
    if found:
        raise InputError(
            Words(
                f"{said!r} is the number of one item and the ID of another; say #{said} for the number. "
                f"There are: {known}.",
                f"{said!r}은(는) 한 항목의 번호이자 다른 항목의 ID입니다. 번호는 #{said}(으)로 적어 주세요. "
                f"있는 항목: {known}",
            )
        )
    raise NotFound(
        Words(
            f"Order {order.number} has no item {said!r}. It has: {known}.",
            f"주문 {order.number}에 {said!r} 항목이 없습니다. 있는 항목: {known}",
        )
    )
