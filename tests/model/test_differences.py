"""What differs between two states of a web order, in words."""

from decimal import Decimal

from orders import HELMET, PUMP, line, order, won
from tillbridge.model.differences import differences, in_short
from tillbridge.model.orders import Address, Standing, Tender, TenderKind, WebCustomer
from tillbridge.model.words import Words

SOLD = order("A1", line("1", title="헬멧"), line("2", gtin=PUMP, title="펌프", price=30_000))


def told(before, after):
    """Each difference as path, before and after, in English."""
    return [
        (one.path, one.before.en if one.before else None, one.after.en if one.after else None)
        for one in differences(before, after)
    ]


def test_an_order_that_is_the_same_has_no_differences():
    assert () == differences(SOLD, SOLD)


def test_a_line_that_is_new_and_one_that_is_gone_are_shown_with_what_they_are():
    now = order("A1", line("1", title="헬멧"), line("3", title="벨", price=5_000))

    assert [
        ("lines[2]", f"1 × 펌프 ({PUMP}), ₩30,000", None),
        ("lines[3]", None, f"1 × 벨 ({HELMET}), ₩5,000"),
        ("total", "₩80,000", "₩55,000"),
    ] == told(SOLD, now)


def test_another_quantity_is_shown_before_and_after():
    now = order("A1", line("1", title="헬멧", quantity=Decimal(2)), *SOLD.lines[1:])

    assert [
        ("lines[1]", f"1 × 헬멧 ({HELMET}), ₩50,000", f"2 × 헬멧 ({HELMET}), ₩100,000"),
        ("total", "₩80,000", "₩130,000"),
    ] == told(SOLD, now)


def test_a_cancellation_is_shown_first_and_in_both_languages():
    now = SOLD.model_copy(update={"standing": Standing.CANCELLED, "note": "취소 요청"})

    first, second = differences(SOLD, now)
    assert ("standing", Words("open", "진행 중"), Words("cancelled", "취소됨")) == (
        first.path,
        first.before,
        first.after,
    )
    assert ("note", None) == (second.path, second.before)


def test_what_was_paid_or_given_back_is_shown_as_a_sum():
    held = (Tender(kind=TenderKind.CARD, amount=won(80_000)),)
    before = SOLD.model_copy(update={"tenders": held, "paid": True})
    left = (*held, Tender(kind=TenderKind.CARD, amount=won(-30_000), title="refund"))

    assert [("tenders", "₩80,000", "₩50,000")] == told(before, before.model_copy(update={"tenders": left}))


def test_an_address_and_a_customers_data_are_shown():
    customer = WebCustomer(id="w1", full_name="김민수", email="new@example.com")
    address = Address(street=("월드컵로 1",), city="서울", postcode="04001", country="KR")
    now = SOLD.model_copy(update={"customer": customer, "shipping_address": address})

    assert [
        ("customer.email", "minsu@example.com", "new@example.com"),
        ("shipping_address", None, "월드컵로 1, 04001, 서울, KR"),
    ] == told(SOLD, now)


def test_in_short_a_line_that_came_and_one_that_went_name_themselves():
    now = order("A1", line("1", title="헬멧", quantity=Decimal(2)), line("3", title="벨", price=5_000))

    assert Words(
        f"1 × 헬멧 ({HELMET}), ₩50,000 → 2 × 헬멧 ({HELMET}), ₩100,000; "
        f"− 1 × 펌프 ({PUMP}), ₩30,000; + 1 × 벨 ({HELMET}), ₩5,000; Total: ₩80,000 → ₩105,000",
        f"1 × 헬멧 ({HELMET}), ₩50,000 → 2 × 헬멧 ({HELMET}), ₩100,000; "
        f"− 1 × 펌프 ({PUMP}), ₩30,000; + 1 × 벨 ({HELMET}), ₩5,000; 합계: ₩80,000 → ₩105,000",
    ) == in_short(differences(SOLD, now))


def test_in_short_nothing_is_longer_than_a_few_lines_of_a_screen():
    lines = [line(str(number), title="자전거 " * 100) for number in range(50)]

    said = in_short(differences(SOLD, order("A1", *lines))) or Words("", "")

    assert 0 < len(said.en) < 800
    assert "and 47 more" in said.en
    assert "외 47건" in said.ko


def test_in_short_what_was_not_there_is_a_dash():
    now = SOLD.model_copy(update={"note": "문 앞에"})

    assert Words("Note: - → 문 앞에", "메모: - → 문 앞에") == in_short(differences(SOLD, now))
    assert in_short(()) is None
