"""The shop's flows by command."""

import pytest


@pytest.fixture
def sold(shop, lately):
    """A shop with one reservation, A1, that is sold and New."""
    shop.webstore.offer(lately("A1"))
    shop.connect()
    shop("poll")
    return shop


def test_the_actions_are_listed_with_what_they_do_and_why_not(sold):
    listed = sold("order", "actions", "A1", "--lang", "ko").text

    assert "주문 취소" in listed
    assert "거래의 모든 항목을 삭제하고 재고를 되돌립니다." in listed
    found = {one["action"]: one for one in sold("order", "actions", "A1", "--json").data}
    assert (True, ["reason", "resolution"]) == (found["cancel"]["possible"], found["cancel"]["asks"])
    assert "not possible for an order that is New" in found["no-show"]["why_not"]


def test_of_an_order_that_is_accepted_it_is_said_that_it_is_already(sold):
    sold("order", "accept", "A1")

    again = sold("order", "accept", "A1")

    assert (3, True) == (again.code, "The order is accepted already." in again.err)
    assert "이미 수락된 주문입니다." in sold("order", "accept", "A1", "--lang", "ko").err


def test_that_nothing_is_to_be_refunded_is_said(sold):
    refused = sold("order", "refunded", "A1")

    assert (1, True) == (min(refused.code, 1), "nothing to give back" in refused.err)


def test_what_was_paid_at_a_pick_up_is_said_as_noted_and_not_as_to_be_paid(sold):
    sold("order", "accept", "A1")
    before = sold("order", "pickup", "A1", "--by", "card", "--card-type", "BC", "--preview").text
    assert "is to be paid here" in before

    done = sold("order", "pickup", "A1", "--by", "card", "--card-type", "BC").text

    assert "was noted as paid here: card (BC)." in done
    assert "is to be paid" not in done


def test_what_was_paid_at_a_pick_up_is_said_as_noted_in_korean(sold):
    sold("order", "accept", "A1")

    done = sold("order", "pickup", "A1", "--by", "cash", "--lang", "ko").text

    assert "등록했습니다: 현금." in done
    assert "받습니다" not in done
    assert "판매를 종료했습니다." in done


def test_what_a_cancellation_did_to_the_sale_is_said_as_done_in_korean(sold):
    done = sold("order", "cancel", "A1", "--reason", "품절", "--outcome", "out-of-stock", "--lang", "ko").text

    assert "거래의 모든 항목을 삭제하고 재고를 되돌렸습니다." in done
    assert "되돌립니다" not in done


def test_before_what_cannot_be_undone_it_is_said(sold):
    assert "This cannot be undone." in sold("order", "cancel", "A1", "--preview").text
    assert "이 작업은 되돌릴 수 없습니다." in sold("order", "cancel", "A1", "--preview", "--lang", "ko").text
    assert "cannot be undone" not in sold("order", "accept", "A1", "--preview").text
    assert "This cannot be undone." == sold("order", "reject", "A1", "--preview", "--json").data["final"]


def test_after_it_that_is_not_said_any_more(sold):
    assert "undone" not in sold("order", "cancel", "A1", "--reason", "품절").text


@pytest.mark.row("S20")
def test_an_order_is_cancelled_by_one_command_after_a_preview(sold):
    preview = sold("order", "cancel", "A1", "--preview").text
    assert "All items are removed from the sale" in preview
    assert "New" == sold("order", "show", "A1", "--json").data["status"]

    answer = sold("order", "cancel", "A1", "--reason", "품절", "--outcome", "out-of-stock", "--json")

    assert ("Completed", "out_of_stock", None) == (
        answer.data["status"],
        answer.data["resolution"],
        answer.data["trouble"],
    )


@pytest.mark.row("S21")
@pytest.mark.row("S22")
def test_a_reservation_is_reserved_made_ready_and_picked_up(sold):
    sold("order", "reserve", "A1", "--expected", "3d", "--place", "선반 3")
    sold("order", "ready", "A1", "--until", "7d")
    assert "선반 3" in sold("order", "show", "A1", "--lang", "ko").text

    unpaid = sold("order", "pickup", "A1")
    assert (3, True) == (unpaid.code, "is still to be paid" in unpaid.err)

    done = sold("order", "pickup", "A1", "--by", "card", "--card-type", "BC")
    assert "Completed" in done.text
    assert "picked up and paid" in sold("order", "show", "A1").text


def test_a_reservation_that_nobody_picks_up_is_given_up(sold):
    sold("order", "reserve", "A1")
    refused = sold("order", "no-show", "A1", "--reason", "미수령").err
    assert "Contact the customer first" in refused
    assert "call no-answer" in refused
    assert "--channel call" in refused
    assert "reached" not in refused

    answer = sold("order", "no-show", "A1", "--reason", "미수령", "--channel", "call", "--json")

    assert ("Completed", "not_picked_up") == (answer.data["status"], answer.data["resolution"])
    changed = sold("order", "resolve", "A1", "bought-other", "--json")
    assert "bought_other" == changed.data["resolution"]


def test_a_rejection_by_hand_leaves_the_sale_open(sold):
    sold("order", "reject", "A1", "--by-hand", "--reason", "품절")

    assert "open" == sold("sale", "show", "A1", "--json").data["state"]
    assert 0 == sold("order", "archive", "A1").code
    assert "Rejected" == sold("order", "unarchive", "A1", "--json").data["status"]


def test_there_may_be_nothing_to_send_again(sold):
    assert {"sent_again": 0} == sold("order", "send-again", "A1", "--json").data


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--place", "x" * 201), "200 letters at most"),
        (("--expected", ""), "no time that lies ahead"),
        (("--expected", "99999d"), "two years at most"),
    ],
)
def test_what_cannot_be_noted_of_a_reservation_is_told_and_nothing_is_accepted(sold, arguments, why):
    answer = sold("order", "reserve", "A1", *arguments)

    assert (2, True) == (answer.code, why in answer.err)
    assert "new" == sold("order", "show", "A1", "--json").data["status"].lower()


def test_what_the_webstore_is_to_hear_is_asked_in_the_words_of_staff(sold):
    answer = sold("order", "archive", "A1", "--tell", "maybe", "--lang", "ko")

    assert (2, True) == (answer.code, "없는 답입니다. 있는 답: 수락 / 거부" in answer.err)
