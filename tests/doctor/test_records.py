"""Rows that contradict each other, and work that waits for too long."""

from datetime import timedelta

from tillbridge.doctor import Standing
from tillbridge.model.errors import Rejected
from tillbridge.model.status import Status
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature

QUARTER = 16 * 60


def accept(patient) -> None:
    with patient.engine() as engine:
        engine.set_status(engine.order("A1").id, Status.IN_PROCESS, Signature("지은"))
        engine.deliver()


def test_stock_that_is_not_the_sum_of_its_movements_is_found(patient):
    patient.sell()
    patient.sql("UPDATE pos_stock SET on_hand_e4 = on_hand_e4 + 20000")

    found = patient.finding("records.stock")

    assert "For 1 product" in found.wrong.en
    assert "seoul P1 (+2)" in found.wrong.en


def test_movements_without_stock_are_found(patient):
    patient.sql("DELETE FROM pos_stock")

    assert "seoul P1 (-10)" in patient.finding("records.stock").wrong.en


def test_an_order_whose_sale_is_gone_is_found(patient):
    patient.sell()
    patient.sql("UPDATE orders SET barcode = '2900000009999'")

    assert (
        "1 order names a sale that the point of sale does not have: A1."
        in patient.finding("records.sale_gone").wrong.en
    )


def test_an_order_sold_by_no_attempt_is_found(patient):
    patient.sell()
    patient.sql("UPDATE orders SET sold_attempt = 7")

    assert "A1" in patient.finding("records.attempt_gone").wrong.en


def test_payloads_that_nobody_reads_are_counted(patient):
    patient.sell()
    patient.sql("UPDATE payloads SET handled = :no", no=False)
    patient.clock.advance(QUARTER)

    found = patient.finding("waiting.payloads")

    assert "Of web, 1 fetched order waits to be read, the oldest for 16 minutes." == found.wrong.en


def test_what_waits_for_a_moment_is_no_finding(patient):
    patient.sell()
    patient.sql("UPDATE payloads SET handled = :no", no=False)
    patient.sql("UPDATE attempts SET state = 'unanswered'")
    patient.sql("UPDATE orders SET sold_attempt = NULL, barcode = NULL")

    assert set() == patient.codes()


def test_an_unanswered_attempt_is_found(patient):
    patient.sell()
    patient.sql("UPDATE attempts SET state = 'unanswered'")
    patient.clock.advance(QUARTER)

    found = patient.finding("waiting.unanswered")

    assert "16 minutes: A1." in found.wrong.en
    assert Standing.BROKEN is found.standing


def test_a_claim_of_a_dead_worker_is_found(patient):
    patient.sell()
    accept(patient)
    claimed = patient.clock.now() - timedelta(hours=2)
    patient.sql(
        "UPDATE deliveries SET state = 'claimed', worker = 'dead', claimed_at = :at",
        at=claimed.replace(tzinfo=None).isoformat(" ") if patient.is_sqlite else claimed,
    )

    assert "2 hours: A1." in patient.finding("waiting.claimed").wrong.en


def test_a_decision_that_was_set_aside_is_found_until_it_is_settled(patient):
    def refuse(call):
        if call == "push_status":
            raise Rejected(Words("It is cancelled.", "취소된 주문입니다."))

    patient.sell()
    patient.webstore.before = refuse
    accept(patient)

    found = patient.finding("waiting.set_aside")
    assert "A1" in found.wrong.en
    assert "tillbridge order show id:1" in found.remedy.en

    patient.sql("UPDATE orders SET status = 'Archived'")
    assert "waiting.set_aside" not in patient.codes()
