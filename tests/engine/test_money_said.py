"""What a webstore says it has done about a paid order's money decides whether cancelling is a refund."""

from collections.abc import Callable, Iterator

import pytest

from engine.tills import Till
from orders import HELMET, PUMP, line, order, won
from shop import STAFF, WITH_REASON
from tillbridge.engine import OrderQuery
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.messages import Cause
from tillbridge.model.orders import OrderKind, Standing, Tender, TenderKind, WebMoney
from tillbridge.model.status import Act, PaymentState, Status
from tillbridge.pos.details import ItemPick, Return, ReturnedItem

LINES = (line("h", gtin=HELMET), line("p", gtin=PUMP, price=20_000))
_MONEY = (Cause.REFUND, Cause.REFUND_UNSAID)


def offer(till: Till, money: WebMoney | None, *lines, standing: Standing = Standing.OPEN) -> None:
    """Let the webstore have A1 as it is now; it is paid as long as it stands."""
    lines = lines or LINES
    stands = standing in (Standing.OPEN, Standing.FULFILLED)
    card = Tender(kind=TenderKind.CARD, amount=won(sum(one.amount.gross.minor for one in lines)))
    paid = {"paid": stands, "tenders": (card,) if stands else ()}
    till.clock.advance(60)
    till.webstore.offer(order("A1", *lines, kind=OrderKind.BOPIS, standing=standing, money=money, **paid))
    till.engine.poll()


@pytest.fixture
def make(database_url: str, clock) -> Iterator[Callable[..., Till]]:
    """Make a shop with A1, a helmet and a pump for 70,000, of whose money the webstore says this."""
    made: list[Till] = []

    def bought(money: WebMoney | None, *lines) -> Till:
        till = Till(database_url, clock)
        made.append(till)
        offer(till, money, *lines)
        return till

    yield bought
    for till in made:
        till.engine.close()


def do(till: Till, act: Act, **more):
    return till.engine.act(1, Doing(act=act, **more), WITH_REASON)


def what(till: Till, act: Act, **more) -> list[str]:
    return [one.en for one in till.engine.preview_act(1, Doing(act=act, **more)).consequences]


def shown(till: Till) -> tuple[PaymentState, str, list[Cause]]:
    """Where the money is, how that is said, and the messages about it."""
    view = till.engine.payment_view(1)
    return view.state, view.words.en, [one.cause for one in till.engine.messages() if one.cause in _MONEY]


@pytest.mark.row("S20")
def test_rejecting_what_is_charged_already_is_a_refund_that_stands_until_the_webstore_has_made_it(make):
    till = make(WebMoney.CHARGED)
    assert (PaymentState.CHARGED, "charged by web", []) == shown(till)
    assert (
        "web has charged the customer ₩70,000: this is a refund. See that it is made there."
        == what(till, Act.REJECT)[0]
    )

    do(till, Act.REJECT)
    due = (PaymentState.REFUND_DUE, "₩70,000 to be refunded by web", [Cause.REFUND])
    assert due == shown(till)

    offer(till, None, standing=Standing.CANCELLED)
    assert due == shown(till)

    offer(till, WebMoney.CHARGED, standing=Standing.REFUNDED)
    assert (PaymentState.REFUNDED, "refunded by web", []) == shown(till)


@pytest.mark.row("S20")
def test_what_is_cancelled_at_the_webstore_and_refunded_there_is_not_due_any_more(make):
    """Its standing is the one of the two that is stronger: cancelled."""
    till = make(WebMoney.CHARGED)
    do(till, Act.REJECT)

    offer(till, WebMoney.REFUNDED, standing=Standing.CANCELLED)

    assert (PaymentState.REFUNDED, "refunded by web", []) == shown(till)


@pytest.mark.row("S20")
def test_what_is_archived_as_rejected_is_a_refund_too(make):
    till = make(WebMoney.CHARGED, LINES[0], line("x", gtin="00605284574539"))  # nobody knows it
    archive = {"answer": Decision.REJECTED}
    assert "this is a refund" in what(till, Act.ARCHIVE, **archive)[0]

    do(till, Act.ARCHIVE, **archive)

    assert (PaymentState.REFUND_DUE, [Cause.REFUND]) == (shown(till)[0], shown(till)[2])


@pytest.mark.row("S20")
def test_the_message_says_how_much_is_due_of_which_order_and_who_has_to_give_it_back(make):
    till = make(WebMoney.CHARGED)
    do(till, Act.CANCEL)

    (message,) = [one for one in till.engine.messages() if one.cause is Cause.REFUND]
    assert "For order A1 web has ₩70,000 to give back to the customer." == message.words.en
    assert "web에서 주문 A1의 고객에게 ₩70,000을 환불해야 합니다." == message.words.ko
    assert [won(70_000)] == [one.owed for one in message.orders]
    assert "tillbridge order refunded id:1" == message.action.command


@pytest.mark.row("S20")
def test_where_the_webstore_never_says_that_it_refunded_staff_do_with_the_amount(make):
    till = make(WebMoney.CHARGED)
    do(till, Act.CANCEL)

    view = till.engine.refunded(1, STAFF)

    assert "₩70,000 refunded by web" == view.words.en
    assert (PaymentState.REFUNDED, "₩70,000 refunded by web", []) == shown(till)
    assert "Refunded by the webstore (₩70,000)." == till.engine.timeline(1)[-1].words.en


@pytest.mark.row("S20")
def test_rejecting_what_is_only_held_is_no_refund_and_asks_to_see_that_it_is_released(make):
    till = make(WebMoney.HELD)
    assert (PaymentState.HELD, "held by web, and not charged yet", []) == shown(till)
    assert (
        "web holds the money, and has not charged it: see there that it is released."
        == what(till, Act.REJECT)[0]
    )

    do(till, Act.REJECT)

    assert (
        PaymentState.RELEASED,
        "held by web, and not charged; see there that it is released",
        [],
    ) == shown(till)


def test_what_was_held_when_it_was_rejected_and_is_charged_all_the_same_is_due(make):
    till = make(WebMoney.HELD)
    do(till, Act.REJECT)

    offer(till, WebMoney.CHARGED)

    assert (PaymentState.REFUND_DUE, "₩70,000 to be refunded by web", [Cause.REFUND]) == shown(till)


def test_what_the_webstore_has_let_go_is_not_charged(make):
    till = make(WebMoney.HELD)
    do(till, Act.REJECT)

    offer(till, WebMoney.RELEASED, standing=Standing.CANCELLED)

    assert (PaymentState.RELEASED, "released by web; nothing is charged", []) == shown(till)


@pytest.mark.row("S20")
def test_where_nothing_is_said_nobody_guesses_and_staff_see_to_it_until_they_say_so(make):
    till = make(None)
    unsaid = "paid at web, which has not said whether it has charged the customer or only holds the money"
    assert (PaymentState.UNSAID, unsaid, []) == shown(till)
    assert "which has not said whether it has charged them" in what(till, Act.REJECT)[0]

    do(till, Act.REJECT)
    see = f"{unsaid}; see there that it is given back, or that none is taken"
    assert (PaymentState.PERHAPS_DUE, see, [Cause.REFUND_UNSAID]) == shown(till)

    till.engine.refunded(1, STAFF)
    assert (PaymentState.REFUNDED, []) == (shown(till)[0], shown(till)[2])


def test_where_the_webstore_says_it_after_the_rejection_it_is_known_from_then_on(make):
    till = make(None)
    do(till, Act.REJECT)

    offer(till, WebMoney.CHARGED)

    assert (PaymentState.REFUND_DUE, [Cause.REFUND]) == (shown(till)[0], shown(till)[2])


def test_that_the_money_moves_is_no_new_version_of_the_order(make):
    till = make(WebMoney.HELD)
    offer(till, WebMoney.CHARGED)

    assert PaymentState.CHARGED is till.engine.payment(1)
    assert [] == [one for one in till.engine.orders(OrderQuery()) if one.changed_after_sale]
    assert ["sale opened"] == [one.what for one in till.engine.timeline(1)]
    assert Status.NEW is till.engine.order("A1").status


def test_what_was_said_stands_where_the_webstore_says_nothing_any_more(make):
    till = make(WebMoney.CHARGED)
    offer(till, None)

    assert PaymentState.CHARGED is till.engine.payment(1)


def test_an_order_may_say_that_it_is_charged_on_acceptance(make):
    till = make(WebMoney.ON_ACCEPTANCE)
    held = "held by web, which charges it once the order is accepted"
    assert (PaymentState.HELD, held, []) == shown(till)
    assert "The webstore then charges the customer ₩70,000: cancelling later is a refund." in what(
        till, Act.ACCEPT
    )

    do(till, Act.ACCEPT)
    till.engine.deliver()
    assert (PaymentState.CHARGED, "charged by web", []) == shown(till)

    do(till, Act.CANCEL)
    assert (PaymentState.REFUND_DUE, [Cause.REFUND]) == (shown(till)[0], shown(till)[2])


@pytest.mark.row("S28")
def test_an_item_that_is_rejected_of_a_charged_order_is_owed_by_its_amount(make):
    till = make(WebMoney.CHARGED)
    assert (
        "web has charged the customer ₩20,000 for “item p”: this is a refund. See that it is made there."
        in what(till, Act.REJECT, line_ids=("p",))
    )

    do(till, Act.REJECT, line_ids=("p",))
    part = "₩20,000 of ₩70,000 to be refunded by web"
    assert (PaymentState.PART_REFUND_DUE, part, [Cause.REFUND]) == shown(till)

    do(till, Act.REJECT)
    assert (PaymentState.REFUND_DUE, "₩70,000 to be refunded by web", [Cause.REFUND]) == shown(till)


def test_an_item_that_is_left_out_when_a_charged_order_is_accepted_is_owed(make):
    till = make(WebMoney.CHARGED)
    do(till, Act.ACCEPT, line_ids=("h",))

    assert (PaymentState.PART_REFUND_DUE, "₩20,000 of ₩70,000 to be refunded by web") == shown(till)[:2]


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (WebMoney.HELD, "web holds the money: see there that ₩20,000 less is charged, for “item p”."),
        (
            None,
            (
                "The customer paid at web, which has not said whether it has charged them: see there that "
                "₩20,000 for “item p” is given back, or not taken."
            ),
        ),
    ],
)
def test_rejecting_an_item_of_what_is_not_charged_says_what_to_see_to(make, money, said):
    assert said in what(make(money), Act.REJECT, line_ids=("p",))


def test_undoing_a_rejection_takes_what_was_due_back(make):
    till = make(WebMoney.CHARGED)
    do(till, Act.REJECT_ONLY)
    till.engine.undo(1, STAFF)

    view = till.engine.payment_view(1)
    assert (PaymentState.CHARGED, None) == (view.state, view.amounts)


@pytest.mark.row("S27")
def test_a_part_that_was_refunded_is_named_by_its_amount_and_another_return_by_its_own(make):
    till = make(WebMoney.CHARGED)
    do(till, Act.PICK_UP)
    first, second = [item.id for item in till.engine.sale(1).items]
    till.engine.take_back(1, Return(items=(ReturnedItem(item=second),)), STAFF)
    assert (PaymentState.PART_REFUND_DUE, "₩20,000 of ₩70,000 to be refunded by web") == shown(till)[:2]

    till.engine.refunded(1, STAFF)
    done = "₩20,000 of ₩70,000 refunded by web"
    assert (PaymentState.REFUNDED, done, []) == shown(till)
    assert "웹스토어" not in till.engine.payment_view(1).words.ko
    assert "web에서 ₩70,000 중 ₩20,000 환불됨" == till.engine.payment_view(1).words.ko

    till.engine.take_back(1, Return(items=(ReturnedItem(item=first),)), STAFF)
    assert (
        PaymentState.REFUND_DUE,
        "₩50,000 of ₩70,000 to be refunded by web",
        [Cause.REFUND],
    ) == shown(till)


@pytest.mark.row("S28")
def test_what_was_charged_and_is_not_taken_is_owed_by_its_amount(make):
    till = make(WebMoney.CHARGED)
    till.engine.remove_items(1, [ItemPick(web_line="p")], STAFF)
    do(till, Act.PICK_UP)

    assert (
        PaymentState.PART_REFUND_DUE,
        "₩20,000 of ₩70,000 to be refunded by web",
        [Cause.REFUND],
    ) == shown(till)


@pytest.mark.row("S23")
def test_goods_that_are_handed_over_for_money_that_is_only_held_ask_to_see_that_it_is_charged(make):
    till = make(WebMoney.HELD)
    assert "web holds the money, and has not charged it: see there that ₩70,000 is charged." in what(
        till, Act.PICK_UP
    )
    do(till, Act.PICK_UP)
    held = "recorded as an eCommerce payment; web only holds it as yet: see there that it is charged"
    assert (PaymentState.RECORDED, held, []) == shown(till)

    offer(till, WebMoney.CHARGED, standing=Standing.FULFILLED)

    assert (PaymentState.RECORDED, "recorded as an eCommerce payment", []) == shown(till)


@pytest.mark.row("S20")
@pytest.mark.parametrize(
    ("money", "state", "cause"),
    [
        (WebMoney.CHARGED, PaymentState.REFUND_DUE, Cause.REFUND),
        (None, PaymentState.PERHAPS_DUE, Cause.REFUND_UNSAID),
    ],
)
def test_a_sale_that_is_closed_without_items_leaves_the_money_to_be_given_back(make, money, state, cause):
    till = make(money)
    till.engine.remove_items(1, (), STAFF)
    till.engine.finish_sale(1, STAFF)
    till.engine.tick()

    assert (state, [cause]) == (shown(till)[0], shown(till)[2])


@pytest.mark.row("S23")
def test_a_cancelled_order_is_noted_by_the_name_of_its_webstore_and_not_as_stripe(make):
    till = make(WebMoney.CHARGED)
    do(till, Act.CANCEL)

    assert [(0, "web")] == [
        (one.payment.amount.minor, one.payment.card_type) for one in till.engine.sale(1).payments
    ]


def test_what_is_not_charged_is_not_given_back(make):
    with pytest.raises(NotAllowed, match="nothing to give back"):
        make(WebMoney.CHARGED).engine.refunded(1, STAFF)
