"""What one order says beside its list entry: who ordered, what was decided, and how to mend it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from rich.text import Text

from tillbridge.model.exchange import Decision, Said
from tillbridge.model.reasons import UNREAD, ReasonCode
from tillbridge.model.resolutions import RESOLUTION_WORDS
from tillbridge.model.status import LineState
from tillbridge.model.words import Language, Words
from tillbridge.payments.facts import PaymentView
from tillbridge.sending.telling import Told, ToldNews
from tillbridge.views import OrderView

_PLACE: Final = ("name", "company", "street", "postcode", "city", "region", "country", "phone")
_DECIDED: Final = {
    Decision.ACCEPTED: Words("Accepted", "수락"),
    Decision.REJECTED: Words("Rejected", "거부"),
}
_CUSTOMERS: Final = (ReasonCode.CUSTOMER_UNKNOWN, ReasonCode.CUSTOMER_AMBIGUOUS, ReasonCode.CUSTOMER_CONFLICT)
_DAMAGE: Final = (*UNREAD, ReasonCode.TOTALS_MISMATCH)
_PRODUCTS: Final = (ReasonCode.PRODUCT_UNKNOWN, ReasonCode.PRODUCT_AMBIGUOUS)


def customer_data(document: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return how the customer can be reached, as the order has it."""
    known = document or {}
    customer = known.get("customer") or {}
    return {
        "customer_email": customer.get("email"),
        "customer_phone": customer.get("phone"),
        "consent": customer.get("consent"),
        "shipping_address": known.get("shipping_address"),
    }


def customer_rows(document: Mapping[str, Any] | None) -> Iterator[tuple[Words, str]]:
    """Yield the same for people."""
    known = customer_data(document)
    yield Words("E-mail", "이메일"), known["customer_email"] or ""
    yield Words("Phone", "전화번호"), known["customer_phone"] or ""
    yield Words("Shipped to", "배송지"), _address(known["shipping_address"])
    consent = known["consent"] or {}
    yield Words("Mailings agreed", "수신 동의"), consent.get("source", "")


def _address(address: Mapping[str, Any] | None) -> str:
    said = [(address or {}).get(name) for name in _PLACE]
    parts = [" ".join(one) if isinstance(one, list) else one for one in said]
    return ", ".join(part for part in parts if part)


def handover_rows(order: OrderView, shown: Callable[[datetime], str]) -> Iterator[tuple[Words, str]]:
    """Yield what was noted of an order's way to its end; `shown` writes a moment."""
    handover = order.handover
    expected, until = handover.expected_at, handover.pick_up_until
    yield Words("Expected ready", "준비 예정"), shown(expected) if expected else ""
    yield Words("Holding place", "보관 장소"), handover.holding_place
    yield Words("Pick up until", "수령 기한"), shown(until) if until else ""
    check = f" ({handover.collected_check})" if handover.collected_check else ""
    yield Words("Collected by", "대리 수령"), f"{handover.collected_by}{check}"


def ended(order: OrderView) -> Words:
    """Return how a reservation ended, or nothing."""
    resolution = order.handover.resolution
    return RESOLUTION_WORDS[resolution] if resolution else Words("", "")


def decided(order: OrderView, told: Told | None) -> Words | None:
    """Return what was decided, and whether the webstore knows; None while nothing is."""
    if order.decision is None:
        return None
    words = _DECIDED[order.decision]
    if told is None:
        return words
    return Words(f"{words.en}; {told.words.en}", f"{words.ko} - {told.words.ko}")


def still_waits(order: OrderView, told: Told | None) -> Words | None:
    """Return what became of accepting an order that is not sold yet; None for any other."""
    words = decided(order, told)
    if order.decision is not Decision.ACCEPTED or order.barcode or not order.reasons or words is None:
        return None
    return Words(f"{words.en}. It still waits for:", f"{words.ko}. 아직 필요한 조치:")


def outdated(order: OrderView) -> Words:
    """Say of an order whose newest data could not be read that the rest was read before; else nothing."""
    if not order.outdated:
        return Words("", "")
    return Words(
        "What the webstore sent last could not be read. Items, customer and amounts are shown as they were "
        "read before.",
        "웹스토어에서 마지막으로 받은 데이터를 읽지 못했습니다. 항목, 고객, 금액은 이전에 읽은 내용입니다.",
    )


def for_support(order: OrderView, language: Language) -> Text:
    """Return what whoever set the connection up has to know of an order's reasons, one a line."""
    details = [reason.detail for reason in order.reasons if reason.detail]
    return Text("\n".join(one.say(language) for one in details), style="dim")


def mend(order: OrderView) -> list[Words]:
    """Return how to mend what an unsold order waits for."""
    codes = {reason.code for reason in order.reasons}
    said = []
    if order.changed_after_sale:
        way = f"tillbridge order difference id:{order.id}"
        said.append(Words(f"See what the webstore changed: {way}", f"웹스토어에서 변경된 내용 보기: {way}"))
    if codes & set(_CUSTOMERS):
        said.append(
            Words(
                f"Find the customer: tillbridge order customers {order.id}",
                f"고객 확인: tillbridge order customers {order.id}",
            )
        )
    for place, line in enumerate(order.lines, start=1):
        stands = line.state not in (LineState.REJECTED, LineState.ADDED)
        if stands and line.product_id is None and codes & set(_PRODUCTS):
            said.append(
                Words(
                    f'Find the product of “{line.title}”: tillbridge order products {order.id} "#{place}"',
                    f'‘{line.title}’의 제품 확인: tillbridge order products {order.id} "#{place}"',
                )
            )
    if ReasonCode.TOTALS_MISMATCH in codes and not codes & set(UNREAD):
        way = f'tillbridge order release {order.id} --reason "…" --preview'
        said.append(Words(f"Sell it with an adjustment: {way}", f"차액을 조정해 판매: {way}"))
    if codes & set(_DAMAGE):
        said.append(
            Words(
                f"Its data is kept. Tell support the eCommerce order ID {order.webstore_id}; they get what "
                f"came with `tillbridge order payload {order.id} --out FILE`. "
                f"After a fix: tillbridge replay {order.id}",
                "데이터는 보관되어 있습니다. 지원 팀에 이커머스 주문 ID "
                f"{order.webstore_id}을(를) 알려 주세요. "
                f"받은 데이터: `tillbridge order payload {order.id} --out 파일`. "
                f"수정된 뒤: tillbridge replay {order.id}",
            )
        )
    return said


_PAYMENT: Final = ("payment", "payment_en", "payment_ko", "money", "refund_due_minor", "refunded_minor")


def payment_data(view: PaymentView | None) -> dict[str, Any]:
    """Return where the money is, what the webstore says of it, and what is to be given back, and was.

    Of an order that could never be read (None) nothing is known.
    """
    if view is None:
        return dict.fromkeys(_PAYMENT)
    amounts = view.amounts
    return {
        "payment": view.state.value,
        "payment_en": view.words.en,
        "payment_ko": view.words.ko,
        "money": view.money.value if view.money else None,
        "refund_due_minor": amounts.due.minor if amounts else None,
        "refunded_minor": amounts.done.minor if amounts else None,
    }


def decision_data(told: Told | None, news: Sequence[ToldNews]) -> dict[str, Any]:
    """Return how far the webstore knows of the decision, and of everything else."""
    return {
        "webstore_told": told.state.value if told else None,
        "webstore_news": [
            {
                "said": one.said.value,
                "lines": list(one.lines),
                "resolution": one.resolution.value if one.resolution else None,
                "refund_minor": one.refund.minor if one.refund else None,
                "state": one.told.state.value,
                "en": one.told.words.en,
                "ko": one.told.words.ko,
            }
            for one in news
        ],
    }


_SAID: Final = {
    Said.ACCEPTED: Words("accepted", "수락"),
    Said.REJECTED: Words("rejected", "거부"),
    Said.READY: Words("ready", "준비 완료"),
    Said.RESOLVED: Words("outcome", "예약 주문 결과"),
    Said.PICKED_UP: Words("picked up", "수령 완료"),
    Said.REFUNDED: Words("refunded", "환불"),
}


def news_rows(order: OrderView, news: Sequence[ToldNews]) -> Iterator[Words]:
    """Yield what the webstore is told beside the decision on the order as a whole."""
    numbers = {line.line_id: str(place) for place, line in enumerate(order.lines, start=1)}
    for one in news:
        if not one.lines and one.said in (Said.ACCEPTED, Said.REJECTED):
            continue
        which = ", ".join(numbers.get(line, line) for line in one.lines)
        about = Words(f" ({which})", f"({which})") if which else Words("", "")
        if one.refund is not None:
            about = Words(f" ({one.refund:en})", f"({one.refund:ko})")
        ended = RESOLUTION_WORDS[one.resolution] if one.resolution else None
        what = ended or _SAID[one.said]
        told = one.told.words
        yield Words(f"{what.en}{about.en}; {told.en}", f"{what.ko}{about.ko} - {told.ko}")


def why_none_data(why: Words | None) -> dict[str, Any]:
    """Return why an order that is to be answered has no due time; null where it has one or needs none."""
    return {"no_due_time": why.en if why else None, "no_due_time_ko": why.ko if why else None}
