"""What stands on a receipt, in both languages, as text of 48 columns and as a page."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from orders import won
from tillbridge.model.drafts import AttemptKey, ItemKind
from tillbridge.model.orders import Address, OrderKind
from tillbridge.model.stores import Store
from tillbridge.pos.details import Payment, PaymentKind
from tillbridge.pos.sales import (
    PaymentTaken,
    ReturnedLine,
    ReturnTaken,
    SaleFacts,
    SaleItem,
    SaleState,
    SaleView,
)
from tillbridge.receipts import About, as_page, as_text, make_receipt
from tillbridge.receipts.text import width, wrapped

OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STORE = Store(
    code="MAPO",
    name="바람길 자전거 마포점",
    timezone="Asia/Seoul",
    currency="KRW",
    country="KR",
    address=Address(street=("성미산로 28",), city="서울", postcode="03980", country="KR"),
)
ABOUT = About(number="W-1001", customer="김민수")


def item(number, description, gross, **more):
    tax = gross // 11
    values = {"quantity": Decimal(1), "net": won(gross - tax), "tax": won(tax), **more}
    return SaleItem(id=number, kind=ItemKind.PRODUCT, product_id="P1", description=description, **values)


def sale(*payments, state=SaleState.OPEN, **more):
    items = more.pop("items", [item("1", "헬멧 L", 11_000), item("2", "Pump", 5_500, removed=True)])
    values = {
        "facts": SaleFacts("S1", "2900000000018", AttemptKey(order_key="A", number=1), state),
        "revision": 1,
        "kind": OrderKind.ROPIS,
        "store": "MAPO",
        "customer_id": "C1",
        "currency": "KRW",
        "web_total": won(16_500),
        "items": items,
        "payments": [PaymentTaken(one, OPENED, "지은") for one in payments],
        "opened_at": OPENED,
        "changed_at": datetime(2026, 3, 3, 2, 30, tzinfo=UTC),
    }
    return SaleView(**{**values, **more})


CASH = Payment(kind=PaymentKind.CASH, amount=won(4_000))
STRIPE = Payment(kind=PaymentKind.ECOMMERCE, amount=won(7_000), card_type="Stripe")


@pytest.mark.row("S21")
def test_the_text_of_an_open_sale_in_korean():
    """Every line by hand; a Korean letter takes two columns."""
    text = as_text(make_receipt(sale(CASH, kept_open="토요일 수령"), STORE, ABOUT), "ko")

    assert text.split("\n") == [
        "              바람길 자전거 마포점",
        "                  성미산로 28",
        "                   03980 서울",
        "",
        "                  거래 영수증",
        "",
        "주문: W-1001",
        "고객: 김민수",
        "시각: 2026-03-02 10:00",
        "열어두기: 토요일 수령",
        "-" * 48,
        "헬멧 L",
        "  × 1                                    ₩11,000",
        "-" * 48,
        "합계                                     ₩11,000",
        "포함된 세금                               ₩1,000",
        "현금                                      ₩4,000",
        "받을 금액                                 ₩7,000",
        "",
        "결제 완료 전: 결제 증빙이 아닙니다",
        "",
        "                 2900000000018",
        "",
    ]


@pytest.mark.row("S22")
def test_the_text_of_a_finished_sale_in_english():
    """The time is when it was finished, and nothing is due."""
    done = make_receipt(sale(CASH, STRIPE, state=SaleState.FINISHED), STORE, ABOUT)
    lines = as_text(done, "en").split("\n")

    assert [
        "Time: 2026-03-03 11:30",
        "Total                                    ₩11,000",
        "Tax in it                                 ₩1,000",
        "Cash                                      ₩4,000",
        "eCommerce payment Stripe                  ₩7,000",
    ] == [line for line in lines if line.startswith(("Time", "To", "Tax", "Cash", "eC"))]
    assert not any("Due" in line or "proof" in line for line in lines)


def test_money_that_the_webstore_gives_back_stands_on_it():
    paid = Payment(kind=PaymentKind.ECOMMERCE, amount=won(16_500))
    text = as_text(make_receipt(sale(paid), STORE, ABOUT), "en")

    assert "Refund due                                ₩5,500" in text.split("\n")


@pytest.mark.row("S27")
def test_what_came_back_stands_below_with_its_money():
    line = ReturnedLine(item="1", quantity=Decimal(1), net=won(10_000), tax=won(1_000), to_stock=True)
    refund = replace(CASH, amount=won(11_000))
    taken = ReturnTaken(items=[line], refunds=[refund], reason="", at=OPENED, who="지은")
    text = as_text(make_receipt(sale(state=SaleState.FINISHED, returns=[taken]), STORE, ABOUT), "ko")

    assert [
        "반품: 헬멧 L × 1                        -₩11,000",
        "현금                                    -₩11,000",
    ] == text.split("\n")[-5:-3]


def test_no_line_is_wider_than_the_paper():
    """A long Korean name without a space is broken anywhere, an English one between its words."""
    long = item("1", "가" * 60 + " " + "very long description of a thing " * 3, 11_000)
    text = as_text(make_receipt(sale(items=[long]), STORE, ABOUT), "ko")

    assert 48 >= max(width(line) for line in text.split("\n"))
    assert ["가가가", "가가 a", "bc def", "g"] == wrapped("가가가가가 a bc def g", 6)


class Reader(HTMLParser):
    """Collects a page's texts and elements."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.elements = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.row("S21")
def test_the_page_says_the_same_and_bears_the_barcode():
    reader = Reader(as_page(make_receipt(sale(CASH), STORE, ABOUT), "ko"))

    for text in ("바람길 자전거 마포점", "거래 영수증", "헬멧 L", "₩11,000", "₩7,000", "2900000000018"):
        assert text in reader.texts
    assert {"svg", "path"} <= set(reader.elements)


def test_nothing_from_outside_is_markup_in_the_page():
    about = replace(ABOUT, customer="<script>alert(1)</script>")
    made = make_receipt(sale(items=[item("1", "<b>&", 11_000)]), STORE, about)
    reader = Reader(as_page(made, "en"))

    assert not {"script", "b", "img", "link"} & set(reader.elements)
    assert "<b>&" in reader.texts


@pytest.mark.parametrize("state", [SaleState.EMPTIED, SaleState.CLOSED_EMPTY])
def test_the_receipt_of_a_sale_that_came_to_nothing_says_nothing_of_money_due(state):
    emptied = sale(state=state, items=[item("1", "헬멧 L", 11_000, removed=True)])

    assert [] == make_receipt(emptied, STORE, ABOUT).notes
