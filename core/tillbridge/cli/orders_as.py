"""Orders as data for scripts, and as rows and sentences for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency
from rich.table import Table
from rich.text import Text

from tillbridge.model.contacts import CHANNEL_WORDS, OUTCOME_WORDS, Contact
from tillbridge.model.deadlines import Stage
from tillbridge.model.handover import Handover
from tillbridge.model.money import Money
from tillbridge.model.reasons import Reason
from tillbridge.model.status import FAILED, STATUS_WORDS, Status
from tillbridge.model.stores import Store
from tillbridge.model.words import Language, Words
from tillbridge.orders.timeline import TimelineView
from tillbridge.views import LineView, OrderView, ShortLine

KINDS = {
    "bopis": Words("BOPIS", "구매"),
    "ropis": Words("ROPIS", "예약"),
    "shipping": Words("shipping", "배송"),
}
# Without the year: what staff look at is days old; 24 hours align in a list.
_TIMES: Final[dict[Language, str]] = {"en": "d MMM HH:mm", "ko": "M월 d일 HH:mm"}
_UNSETTLED = Words("not settled yet", "처리 전")
_STYLES = {
    Status.NEW: "green",
    Status.PROCESS_SALE: "cyan",
    Status.ARCHIVED: "dim",
    Status.COMPLETED: "dim",
} | dict.fromkeys(FAILED, "yellow")

_STAGE_STYLES = {
    Stage.THREE_QUARTERS: "yellow",
    Stage.LAST_MINUTES: "bold yellow",
    Stage.OVERDUE: "bold red",
}


class Zones:
    """What is shown of an order by its store: moments in its zone, due times by its hours."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = {store.code: store for store in stores}
        self._first = stores[0].zone if stores else ZoneInfo("UTC")

    def of(self, store: str | None) -> ZoneInfo:
        """Return a store's zone; the default store's where the order has none yet."""
        found = self._stores.get(store or "")
        return found.zone if found else self._first

    def due(self, order: OrderView, language: Language) -> Text:
        """Return an order's due time as people read it: when, and how much business time is left."""
        if order.due is None:
            return Text("")
        left = order.due.words_at(self._stores.get(order.store or ""))
        said = f"{time_text(order.due.at, self.of(order.store), language)} ({left.say(language)})"
        return Text(said, style=_STAGE_STYLES.get(order.due.stage, ""))


def due_data(order: OrderView) -> dict[str, Any]:
    """Return by when an order must be answered; all null where it need not be, or that is not known."""
    due = order.due
    return {
        "accept_by": due.at.isoformat() if due else None,
        "accept_stage": due.stage.value if due else None,
        "accept_seconds_left": int(due.left.total_seconds()) if due else None,
        "accept_hours": due.by.hours if due else None,
    }


def order_data(order: OrderView) -> dict[str, Any]:
    """Return what scripts may rely on. Sentences are in English, with Korean beside them."""
    return {
        "id": order.id,
        "connection": order.connection,
        "webstore_id": order.webstore_id,
        "number": order.number,
        "kind": order.kind,
        "standing": order.standing,
        "status": order.status.value if order.status else None,
        "reason": order.reasons[0].en if order.reasons else None,
        "reason_ko": order.reasons[0].ko if order.reasons else None,
        "reasons": [reason.en for reason in order.reasons],
        "reasons_ko": [reason.ko for reason in order.reasons],
        "why": [reason_data(reason) for reason in order.reasons],
        "customer": order.customer_id,
        "customer_name": order.customer,
        "barcode": order.barcode,
        "store": order.store,
        "currency": order.total.currency if order.total else None,
        "total_minor": order.total.minor if order.total else None,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        **due_data(order),
        "conflict": order.conflict,
        "changed_after_sale": order.changed_after_sale,
        "outdated": order.outdated,
        "revision": order.revision,
        **_handover_data(order.handover),
        "short": [{"line": line.line_id, "missing": quantity_data(line.missing)} for line in order.short],
        "last_contact": contact_data(order.last_contact) if order.last_contact else None,
        "lines": [_line_data(line) for line in order.lines],
    }


def _handover_data(handover: Handover) -> dict[str, Any]:
    expected, until = handover.expected_at, handover.pick_up_until
    return {
        "expected_at": expected.isoformat() if expected else None,
        "holding_place": handover.holding_place,
        "pick_up_until": until.isoformat() if until else None,
        "collected_by": handover.collected_by,
        "collected_check": handover.collected_check,
        "resolution": handover.resolution.value if handover.resolution else None,
    }


def contact_data(contact: Contact) -> dict[str, Any]:
    """Return one entry of the contact log."""
    return {
        "at": contact.at.isoformat(),
        "who": contact.who,
        "channel": contact.channel.value,
        "outcome": contact.outcome.value,
        "person": contact.person,
        "note": contact.note,
        "again_at": contact.again_at.isoformat() if contact.again_at else None,
    }


def reason_data(reason: Reason) -> dict[str, Any]:
    """Return one reason; `path` is the payload's field at fault, `detail` what is for the maker, or null."""
    return {
        "code": reason.code.value,
        "path": reason.path,
        "line": reason.line_id,
        "en": reason.en,
        "ko": reason.ko,
        "detail": reason.detail_en,
        "detail_ko": reason.detail_ko,
    }


def _line_data(line: LineView) -> dict[str, Any]:
    return {
        "id": line.line_id,
        "state": line.state.value,
        "sku": line.sku,
        "gtin": line.gtin,
        "quantity": quantity_data(line.quantity),
        "total_minor": line.total_minor,
        "product": line.product_id,
        "title": line.title,
        "description": line.product,
    }


def detail_data(order: OrderView, timeline: Iterable[TimelineView], admin_url: str | None) -> dict[str, Any]:
    """Return one order with everything that is known of it."""
    data = order_data(order)
    for known, line in zip(data["lines"], order.lines, strict=True):
        known["evidence"] = line.evidence.as_data()
    return data | {
        "decision": order.decision.value if order.decision else None,
        "choices": [status.value for status in order.choices],
        "not_now": [
            {"status": status.value, "en": words.en, "ko": words.ko}
            for status, words in order.not_now.items()
        ],
        "admin_url": admin_url,
        "customer_evidence": order.customer_evidence.as_data() if order.customer_evidence else None,
        "timeline": [
            {
                "at": one.at.isoformat(),
                "who": one.who,
                "what": one.what,
                "en": one.words.en,
                "ko": one.words.ko,
            }
            for one in timeline
        ],
    }


def quantity_data(quantity: Decimal) -> int | str:
    """Return a whole number as one, anything else as text: JSON's own fractions are not exact."""
    return int(quantity) if quantity == int(quantity) else format(quantity.normalize(), "f")


def status_text(status: Status | None, language: Language) -> Text:
    """Return a status as staff read it."""
    words = STATUS_WORDS[status] if status else _UNSETTLED
    return Text(words.say(language), style=_STYLES.get(status, "") if status else "dim")


def money_text(money: Money | None, language: Language) -> str:
    """Return an amount as it is written in the language."""
    return format_currency(money.decimal, money.currency, locale=language) if money is not None else ""


def time_text(moment: datetime | None, zone: ZoneInfo, language: Language) -> str:
    """Return a time in a store's zone, as it is written in the language."""
    if moment is None:
        return ""
    return format_datetime(moment, _TIMES[language], tzinfo=zone, locale=language)


def contact_text(contact: Contact | None, zone: ZoneInfo, language: Language) -> str:
    """Return a contact in one line: when, how, what came of it, and when to call again."""
    if contact is None:
        return ""
    how, outcome = CHANNEL_WORDS[contact.channel], OUTCOME_WORDS[contact.outcome]
    said = f"{time_text(contact.at, zone, language)} {how.say(language)}: {outcome.say(language)}"
    if contact.again_at is None:
        return said
    again = time_text(contact.again_at, zone, language)
    return said + Words(f"; again {again}", f", 다시 연락 {again}").say(language)


def why(order: OrderView, language: Language) -> str:
    """Return every reason, and what else staff must see, one a line."""
    said = [reason.words for reason in order.reasons]
    if order.conflict:
        said.append(Words("Rejected, but sold at the till.", "거부된 주문이지만 매장에서 판매되었습니다."))
    said += [short_words(line) for line in order.short]
    if order.changed_after_sale:
        said.append(
            Words(
                "Changed by the webstore after its sale.",
                "거래가 만들어진 뒤 웹스토어에서 주문이 변경되었습니다.",
            )
        )
    return "\n".join(words.say(language) for words in said)


def short_words(line: ShortLine) -> Words:
    """Return what is missing for a line: the product, and what the webstore calls it, if that is another."""
    missing = quantity_data(line.missing)
    name = f"{line.product or line.title} ({line.product_id})" if line.product_id else line.title
    other = line.product and line.product != line.title
    sold_as = Words(f", sold as “{line.title}”", f"(주문 항목: {line.title})") if other else Words("", "")
    return Words(f"Short: {missing} × {name}{sold_as.en}.", f"재고 부족: {name} {missing}개{sold_as.ko}.")


def order_table(orders: Sequence[OrderView], zones: Zones, language: Language) -> Table:
    """Return the eCommerce Sales list as a table."""
    headings = (
        Words("ID", "ID"),
        Words("Order", "주문"),
        Words("Placed", "주문 시각"),
        Words("Kind", "유형"),
        Words("Customer", "고객"),
        Words("Total", "합계"),
        Words("Status", "상태"),
        Words("Barcode", "판매 바코드"),
        Words("Why", "사유"),
    )
    contacted = any(order.last_contact for order in orders)
    timed = any(order.due for order in orders)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        right = place in (0, 5)
        table.add_column(
            heading.say(language),
            justify="right" if right else "left",
            no_wrap=place in (0, 2, 5, 6, 7),
            ratio=None,
        )
    if contacted:
        table.add_column(Words("Last contact", "최근 연락").say(language))
    if timed:
        table.add_column(Words("Answer by", "수락 기한").say(language))
    for order in orders:
        kind = KINDS.get(order.kind or "", Words.of(order.kind or ""))
        zone = zones.of(order.store)
        table.add_row(
            str(order.id),
            Text(order.number),
            time_text(order.placed_at, zone, language),
            kind.say(language),
            Text(order.customer),
            money_text(order.total, language),
            status_text(order.status, language),
            Text(order.barcode or ""),
            Text(why(order, language)),
            *([Text(contact_text(order.last_contact, zone, language))] if contacted else []),
            *([zones.due(order, language)] if timed else []),
        )
    return table
