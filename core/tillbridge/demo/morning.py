"""A morning in the demonstration's shop: what its staff do with the orders that came in, told as it is done.

Nothing is made up: each line is told after the engine has done it, of orders that are really there. A chapter
for which the sandbox brought no order is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from babel.dates import format_datetime
from babel.numbers import format_currency

from tillbridge.demo.feeding import send
from tillbridge.demo.shop import STORE, Demo
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.money import Money
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.spans import lasting
from tillbridge.model.status import STATUS_WORDS, Act, Status
from tillbridge.model.words import Language, Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.receipts import as_page, as_text
from tillbridge.views import OrderView

RECEIPTS: Final = "receipts"
_JIEUN, _MINSU = "지은", "민수"
_SHELF: Final = "선반 3"
_LACKS: Final = (ReasonCode.CUSTOMER_UNKNOWN, ReasonCode.PRODUCT_UNKNOWN)
_LATE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story; a heading begins a chapter."""

    words: Words
    heading: bool = False


Story = Iterator[Line]


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where a morning is played.

    Attributes:
        folder: where receipts are written.
    """

    demo: Demo
    folder: Path

    def act(self, order: OrderView, who: str, act: Act, reason: str = "", **more: object) -> Status | None:
        """Let somebody do an action, and the webstore hear of it."""
        done = self.demo.engine.act(order.id, Doing(act=act, **more), Signature(who, reason))  # type: ignore[arg-type]  # the keywords are checked by the dataclass itself
        self.demo.engine.deliver()
        self.demo.engine.follow_till()
        assert done.trouble is None, done.trouble
        return self.demo.engine.order_by_id(order.id).status

    def stock(self, order: OrderView) -> int:
        """Return how many pieces there are of an order's first product."""
        return self.demo.on_hand(order.lines[0].product_id or "")

    def receipt(self, order: OrderView) -> Line:
        """Write an order's receipt, as text and as a page to print, and tell where it is."""
        made = self.demo.engine.receipt(order.id)
        place = self.folder / RECEIPTS
        place.mkdir(exist_ok=True)
        (place / f"{order.number}.txt").write_text(as_text(made, "ko"), "utf-8")
        (place / f"{order.number}.html").write_text(as_page(made, "ko"), "utf-8")
        where = f"{RECEIPTS}/{order.number}.txt, .html"
        return Line(Words(f"Receipt: {where}", f"거래 영수증: {where}"))


def morning(demo: Demo, folder: Path) -> Story:
    """Play the morning; each line is told once it has happened."""
    stage = _Stage(demo, folder)
    sold = [one for one in demo.engine.orders() if one.status is Status.NEW and one.decision is None]
    reserved = [one for one in sold if one.kind == "ropis"]
    paid = [one for one in sold if one.kind == "bopis"]
    for chapter, order in zip((_picked_up, _cancelled, _no_show), reserved, strict=False):
        yield from chapter(stage, order)
    for order in paid[:1]:
        yield from _paid(stage, order)
    for order in [one for one in reserved[3:] if len(one.lines) > 1][:1]:
        yield from _in_part(stage, order)
    yield from _repaired(stage)
    for order in reserved[:1]:
        yield from _fed(stage, order)
    yield from _overdue(stage)
    yield from _messages(stage)


def _fed(stage: _Stage, order: OrderView) -> Story:
    """Send the webstore its stock and prices, if it takes them as a file."""
    provider = stage.demo.provider
    if provider.exporting.by_files:
        title = provider.title
        yield Line(Words(f"Stock and prices go to {title}", f"{title}에 재고와 가격 전달"), heading=True)
        yield from (Line(words) for words in send(stage.demo, order))


def _heading(order: OrderView, what: Words) -> Line:
    title = order.lines[0].title
    return Line(
        Words(
            f"{what.en} {order.number} ({order.customer}, {title})",
            f"{what.ko} {order.number} ({order.customer}, {title})",
        ),
        heading=True,
    )


def _became(said: Words, status: Status | None) -> Line:
    """Tell what was done, and where the order stands since: its status in both languages."""
    known = STATUS_WORDS[status] if status else Words("-", "-")
    return Line(Words(f"{said.en} → {known.en} ({known.ko})", f"{said.ko} → {known.ko}"))


def _amount(amount: Money) -> Words:
    texts = [format_currency(amount.decimal, amount.currency, locale=language) for language in ("en", "ko")]
    return Words(*texts)


def _picked_up(stage: _Stage, order: OrderView) -> Story:
    yield _heading(order, Words("A reservation is picked up:", "예약 주문 수령:"))
    stage.act(order, _JIEUN, Act.RESERVE, holding_place=_SHELF)
    after = stage.act(order, _JIEUN, Act.READY)
    yield _became(
        Words(
            f"{_JIEUN} accepts it; the webstore is told, the goods wait on {_SHELF}, the sale stays open.",
            f"{_JIEUN}: 수락하고 웹스토어에 알림. 상품은 {_SHELF}에 두고 거래를 열어 둠.",
        ),
        after,
    )
    due = stage.demo.engine.due_at_pick_up(order.id)
    card = Payment(kind=PaymentKind.CARD, amount=due, card_type="BC")
    after = stage.act(order, _MINSU, Act.PICK_UP, payments=(card,))
    amount = _amount(due)
    yield _became(
        Words(
            f"{order.customer} comes and pays {amount.en} by card; {_MINSU} finishes the sale.",
            f"{order.customer} 고객이 카드로 {amount.ko} 결제. {_MINSU}: 판매 종료.",
        ),
        after,
    )
    yield stage.receipt(order)


def _paid(stage: _Stage, order: OrderView) -> Story:
    yield _heading(order, Words("A paid order:", "결제된 주문:"))
    after = stage.act(order, _JIEUN, Act.ACCEPT)
    yield _became(
        Words(
            f"{_JIEUN} accepts it; the webstore charges the customer now.",
            f"{_JIEUN}: 수락. 웹스토어에서 고객에게 청구함.",
        ),
        after,
    )
    after = stage.act(order, _MINSU, Act.PICK_UP, collected_by="김영희", collected_check="신분증")
    took = stage.demo.engine.sale(order.id).balance.web_paid
    amount = _amount(took)
    yield _became(
        Words(
            f"김영희 collects it (identity card checked); {amount.en} is noted as eCommerce payment.",
            f"김영희 대리 수령(신분증 확인). {amount.ko}을(를) 이커머스 결제로 등록.",
        ),
        after,
    )
    yield stage.receipt(order)


def _cancelled(stage: _Stage, order: OrderView) -> Story:
    yield _heading(order, Words("The customer calls and cancels", "고객이 전화로 취소:"))
    before = stage.stock(order)
    after = stage.act(order, _JIEUN, Act.CANCEL, reason="고객 변심")
    (payment,) = [one.payment for one in stage.demo.engine.sale(order.id).payments]
    amount = _amount(payment.amount)
    yield _became(
        Words(
            f"{_JIEUN} cancels: the webstore is told, the stock is back ({before} → {stage.stock(order)}), "
            f"an eCommerce payment of {amount.en} ({payment.card_type}) is noted.",
            f"{_JIEUN}: 취소. 웹스토어에 알리고 재고를 되돌림({before} → {stage.stock(order)}). "
            f"이커머스 결제 {amount.ko}({payment.card_type}) 등록.",
        ),
        after,
    )


def _no_show(stage: _Stage, order: OrderView) -> Story:
    yield _heading(order, Words("Nobody comes for", "미수령:"))
    stage.act(order, _JIEUN, Act.RESERVE, holding_place=_SHELF)
    stage.act(order, _JIEUN, Act.READY)
    before = stage.stock(order)
    called = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)
    after = stage.act(order, _MINSU, Act.NO_SHOW, reason="연락 두절", contact=called)
    yield _became(
        Words(
            f"{_MINSU} calls, nobody answers; the stock is back ({before} → {stage.stock(order)}), "
            "the outcome is noted: not picked up.",
            f"{_MINSU}: 전화했으나 응답 없음. 재고를 되돌리고({before} → {stage.stock(order)}) "
            "미수령으로 기록.",
        ),
        after,
    )


def _in_part(stage: _Stage, order: OrderView) -> Story:
    yield _heading(order, Words("Only a part of it is there:", "일부만 수락:"))
    first, *others = order.lines
    after = stage.act(order, _JIEUN, Act.ACCEPT, reason="품절", line_ids=(first.line_id,))
    gone = ", ".join(one.title for one in others)
    yield _became(
        Words(
            f"{_JIEUN} accepts {first.title} and rejects {gone}: out of stock.",
            f"{_JIEUN}: {first.title} 수락, {gone} 거부(품절).",
        ),
        after,
    )


def _repaired(stage: _Stage) -> Story:
    """Add an order's customer and link another's product; each heals whatever waits for it."""
    engine = stage.demo.engine
    waiting = engine.orders()
    nobody, nothing = (_first(waiting, code) for code in _LACKS)
    if order := nobody:
        yield _heading(order, Words("Who is this?", "고객 확인:"))
        proposal = engine.propose_customer(order.id)
        made, healed = engine.create_customer(order.id, proposal.customer, Signature(_JIEUN))
        more = healed - 1 + engine.heal(Signature(_JIEUN))
        engine.settle()
        yield _became(
            Words(
                f"{_JIEUN} adds {order.customer} from the order ({made}); "
                f"{more} other waiting {'order was' if more == 1 else 'orders were'} looked at again.",
                f"{_JIEUN}: 주문에서 {order.customer} 고객 추가({made}). "
                f"대기 중이던 다른 주문 {more}건도 다시 처리.",
            ),
            engine.order_by_id(order.id).status,
        )
    if nothing:
        yield from _linked(stage, nothing)


def _linked(stage: _Stage, order: OrderView) -> Story:
    engine = stage.demo.engine
    line = next(one for one in order.lines if one.product_id is None)
    found = engine.search_products(order.id, line.line_id).found
    if not found:
        return
    yield _heading(order, Words("Which product is this?", "제품 확인:"))
    card = found[0].card
    engine.link_product(order.id, line.line_id, card.id, Signature(_JIEUN))
    yield _became(
        Words(
            f"No barcode fits; {_JIEUN} finds it by name and links it to {card.id}, for later orders too.",
            f"{_JIEUN}: 맞는 바코드가 없어 이름으로 찾아 {card.id}에 연결. 이후 주문에도 적용.",
        ),
        engine.order_by_id(order.id).status,
    )


def _first(orders: Sequence[OrderView], code: ReasonCode) -> OrderView | None:
    """Return the first order that lacks this and nothing else."""
    return next((one for one in orders if {reason.code for reason in one.reasons} == {code}), None)


def _overdue(stage: _Stage) -> Story:
    """Put the shop's clock forward to when the first order is overdue, and say so: nobody wants to wait."""
    engine = stage.demo.engine
    due = min((one.due.at for one in engine.orders() if one.due), default=None)
    if due is None:
        return
    passed = max(timedelta(), due + _LATE - stage.demo.clock.now())
    stage.demo.clock.forward(passed)
    yield Line(
        Words("Nobody has answered the others", "아직 응답하지 않은 주문"),
        heading=True,
    )
    span = lasting(passed)
    shown = Words(*(_moment(stage, language) for language in ("en", "ko")))
    yield Line(
        Words(
            f"The shop's clock alone is put forward by {span.en}, to {shown.en}, so that you need not wait.",
            f"기다리지 않도록 매장의 시계만 {span.ko} 앞으로 돌려 {shown.ko}에 맞췄습니다.",
        )
    )


def _moment(stage: _Stage, language: Language) -> str:
    form = "d MMM HH:mm" if language == "en" else "M월 d일 HH:mm"
    return format_datetime(stage.demo.clock.now(), form, tzinfo=STORE.zone, locale=language)


def _messages(stage: _Stage) -> Story:
    """Tell what staff must see now, the most urgent first, each with what mends it."""
    engine = stage.demo.engine
    counts, found = engine.counts(), engine.messages()
    yield Line(
        Words(
            f"Messages: {counts.to_act} orders need somebody",
            f"메시지: 처리가 필요한 주문 {counts.to_act}건",
        ),
        heading=True,
    )
    for one in found:
        yield Line(one.words)
        act = one.action
        yield Line(Words(f"  → {act.words.en} {act.command}", f"  → {act.words.ko} {act.command}"))
