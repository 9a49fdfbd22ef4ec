"""What becomes of orders: each a small script of what shopper and staff do, and what is to come of it.

A script goes on a step whenever it is its turn; it yields as long as it has to wait for something.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any, Final

from life.books import Book
from life.day import STAFF, Day, Script
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.money import Money
from tillbridge.model.status import Act, Status
from tillbridge.pos.cards import NewCustomer
from tillbridge.pos.details import Payment, PaymentKind

_CALLED: Final = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)


def _until(holds: Callable[[], bool]) -> Script:
    while not holds():
        yield


def _stands(day: Day, book: Book, status: Status) -> Script:
    """Wait until the order stands somewhere in the shop, as it is now."""

    def is_so() -> bool:
        view = day.view(book)
        return view is not None and view.status is status and not view.changed_after_sale

    yield from _until(is_so)


def _sold(day: Day, book: Book) -> Script:
    """Wait until the order is sold by itself."""
    book.status, book.sale = "New", "open"
    yield from _stands(day, book, Status.NEW)


def _as_new(_day: Day, book: Book) -> Script:
    """Wait for nothing: what is done next may come before the shop has seen the order, or after."""
    book.status, book.sale = "New", "open"
    yield from ()


def _lacks(day: Day, book: Book, status: Status) -> Script:
    book.status = status.value
    yield from _stands(day, book, status)


def _accept(day: Day, book: Book) -> Script:
    yield from day.act(book, Act.ACCEPT)
    book.accept()
    book.status = "In Process"


def _told(day: Day, book: Book) -> Script:
    """Wait until Locally believes what the book says."""
    yield from _until(lambda: day.locally[book.hash]["status"] == book.cart_status)


# Once an order is sold


def _leave(_day: Day, _book: Book) -> Script:
    yield


def _reject(day: Day, book: Book) -> Script:
    yield from day.act(book, Act.REJECT)
    book.reject("Rejected", "closed_empty")


def _cancel(day: Day, book: Book) -> Script:
    yield from day.act(book, Act.CANCEL)
    book.reject("Completed", "closed_empty")
    if not book.paid:
        book.end("customer_cancelled")


def _accept_some(day: Day, book: Book) -> Script:
    kept, *others = book.standing
    yield from day.act(book, Act.ACCEPT, line_ids=[kept.id])
    book.deny(others)
    book.accept()
    book.status = "In Process"


def _reject_one_first(day: Day, book: Book) -> Script:
    gone = book.standing[-1]
    yield from day.act(book, Act.REJECT, line_ids=[gone.id])
    book.deny([gone])
    yield from _accept(day, book)


def _get_ready(day: Day, book: Book) -> Script:
    yield from day.act(book, Act.RESERVE, holding_place="선반 3")
    book.accept()
    yield from day.act(book, Act.READY)
    book.ready(book.standing)
    book.status = "Ready for Pickup"


def _get_one_ready(day: Day, book: Book) -> Script:
    yield from _accept(day, book)
    yield from day.act(book, Act.READY, line_ids=[book.standing[0].id])
    book.ready(book.standing[:1])


def _told_or_not(day: Day, book: Book) -> Script:
    """Wait for that, or be too quick for it."""
    if book.chance.random() < 0.5:
        yield from _told(day, book)
    else:
        book.raced = True


def _hand_over(day: Day, book: Book) -> Script:
    yield from _get_ready(day, book)
    yield from _told_or_not(day, book)
    yield from _pick_up(day, book)


def _walk_in(day: Day, book: Book) -> Script:
    """The shopper is there before anybody decided."""
    yield from _pick_up(day, book)


def _pick_up(day: Day, book: Book) -> Script:
    due = [] if book.paid else [Payment(kind=PaymentKind.CARD, amount=Money(book.total, "KRW"))]
    yield from day.act(book, Act.PICK_UP, payments=due)
    if book.decision is None:
        book.accept()
    book.hand_over()


def _take_less(day: Day, book: Book) -> Script:
    """One item is cancelled after it was accepted and ready; the rest is handed over."""
    yield from _get_ready(day, book)
    yield from _told(day, book)
    gone = book.standing[0]
    yield from day.act(book, Act.CANCEL, line_ids=[gone.id])
    book.deny([gone])
    yield from _pick_up(day, book)


def _nobody_comes(day: Day, book: Book) -> Script:
    yield from _get_ready(day, book)
    yield from _told_or_not(day, book)
    yield from day.act(book, Act.NO_SHOW, contact=_CALLED)
    book.status, book.sale = "Completed", "closed_empty"
    for item in book.standing:
        item.in_shop = "not picked up"
    if not book.paid:
        book.end("not_picked_up")


def _cancel_accepted(day: Day, book: Book) -> Script:
    """Where it was too quick, Locally may hear of nothing but the rejection."""
    yield from _accept(day, book)
    yield from _told_or_not(day, book)
    yield from _cancel(day, book)


def _cancel_one(day: Day, book: Book) -> Script:
    yield from _accept(day, book)
    yield from _told(day, book)
    gone = book.standing[-1]
    yield from day.act(book, Act.CANCEL, line_ids=[gone.id])
    book.deny([gone])


def _shopper_cancels(day: Day, book: Book) -> Script:
    """Before anybody decided: it goes away by itself."""
    day.shoppers.cancel(book)
    book.status, book.sale = "Archived", "none"
    yield from _stands(day, book, Status.ARCHIVED)


def _shopper_cancels_accepted(day: Day, book: Book) -> Script:
    """The shopper cancels what was accepted; staff give the goods back to the shelf."""
    yield from _accept(day, book)
    yield from _told(day, book)
    day.shoppers.cancel(book)
    yield from _until(lambda: day.views[book.hash].changed_after_sale)
    yield from day.act(book, Act.CANCEL)
    book.decision, book.status, book.sale = "rejected", "Completed", "closed_empty"
    for item in book.items:
        item.in_shop = "rejected"
    if not book.paid:
        book.end("customer_cancelled")


def _shopper_edits(day: Day, book: Book) -> Script:
    item = book.chance.choice(book.standing)
    day.shoppers.edit(book, item, book.chance.choice([item.qty + 1, item.qty + 2]))
    yield from _as_edited(day, book)


def _shopper_takes_one_out(day: Day, book: Book) -> Script:
    day.shoppers.edit(book, book.standing[0], 0)
    yield from _as_edited(day, book)


def _as_edited(day: Day, book: Book) -> Script:
    """Where it was sold before, the sale is made anew; then it is accepted."""
    wanted = Money(book.total, "KRW")
    while (view := day.view(book)) is None or (view.total, view.changed_after_sale) != (wanted, False):
        if view is not None and view.changed_after_sale and view.status is Status.NEW:
            yield from day.act(book, Act.REMAKE_SALE)
        yield
    yield from _stands(day, book, Status.NEW)
    yield from _accept(day, book)


# Before it can be sold


def _find_customer(day: Day, book: Book) -> Script:
    yield from _lacks(day, book, Status.CUSTOMER_ID_REQUIRED)
    view = day.views[book.hash]
    if book.chance.random() < 0.5:
        day.engine.link_customer(view.id, "C1", STAFF)
    else:
        day.engine.create_customer(view.id, NewCustomer(name=view.customer), STAFF, anyway=True)
    yield from _sold(day, book)


def _find_product(day: Day, book: Book) -> Script:
    yield from _lacks(day, book, Status.PRODUCT_MATCH_FAILED)
    for item in book.standing:
        if item.product is None:
            item.product = book.chance.choice(list(day.products.values()))
            day.engine.link_product(day.views[book.hash].id, item.id, item.product, STAFF)
    yield from _sold(day, book)


def _reject_unknown(day: Day, book: Book) -> Script:
    yield from _lacks(day, book, Status.PRODUCT_MATCH_FAILED)
    gone = [item for item in book.standing if item.product is None]
    yield from day.act(book, Act.REJECT, line_ids=[item.id for item in gone])
    book.deny(gone)
    yield from _sold(day, book)


def _reject_known(day: Day, book: Book) -> Script:
    """One of the items that are known is rejected, and the order waits because of another."""
    yield from _lacks(day, book, Status.PRODUCT_MATCH_FAILED)
    gone = next(item for item in book.standing if item.product)
    yield from day.act(book, Act.REJECT, line_ids=[gone.id])
    book.deny([gone])
    yield from _stands(day, book, Status.PRODUCT_MATCH_FAILED)


def _accept_unsold(day: Day, book: Book, lacks: Status) -> Script:
    yield from _lacks(day, book, lacks)
    yield from day.act(book, Act.ACCEPT)
    book.accept()


def _reject_unsold(day: Day, book: Book, lacks: Status) -> Script:
    yield from _lacks(day, book, lacks)
    yield from day.act(book, Act.REJECT)
    book.reject("Rejected", "none")


def _cancelled_unsold(day: Day, book: Book, lacks: Status) -> Script:
    yield from _lacks(day, book, lacks)
    yield from _shopper_cancels(day, book)


_CUSTOMER, _PRODUCT = Status.CUSTOMER_ID_REQUIRED, Status.PRODUCT_MATCH_FAILED
Step = Callable[[Day, Book], Script]
ONE_OR_MORE: Final[Mapping[Step, int]] = {
    _leave: 2,
    _accept: 3,
    _reject: 3,
    _cancel: 3,
    _get_ready: 3,
    _hand_over: 4,
    _walk_in: 2,
    _nobody_comes: 3,
    _cancel_accepted: 5,
    _shopper_cancels_accepted: 4,
}
SEVERAL: Final[Mapping[Step, int]] = {
    _accept_some: 4,
    _reject_one_first: 3,
    _get_one_ready: 3,
    _take_less: 3,
    _cancel_one: 3,
}
AT_ONCE: Final[Mapping[Step, int]] = {_shopper_cancels: 3, _shopper_edits: 4, _shopper_takes_one_out: 3}
WAITING: Final[Mapping[Step, int]] = {
    partial(_lacks, status=_CUSTOMER): 2,
    partial(_accept_unsold, lacks=_CUSTOMER): 2,
    partial(_reject_unsold, lacks=_CUSTOMER): 2,
    partial(_cancelled_unsold, lacks=_CUSTOMER): 1,
    _find_customer: 4,
}
MIXED: Final[Mapping[Step, int]] = {
    partial(_lacks, status=_PRODUCT): 2,
    partial(_accept_unsold, lacks=_PRODUCT): 1,
    partial(_reject_unsold, lacks=_PRODUCT): 1,
    partial(_cancelled_unsold, lacks=_PRODUCT): 1,
    _find_product: 3,
    _reject_unknown: 3,
    _reject_known: 2,
}
_GO_ON: Final = (_find_customer, _find_product, _reject_unknown)


def draw(day: Day) -> tuple[Book, Script]:
    """Let somebody order, and return its book and the script of what is to become of it."""
    kind = day.chance.choices(["sold", "several", "at once", "stranger", "mixed"], [42, 22, 14, 11, 11])[0]
    if kind == "sold":
        return _open(day, [_sold, _pick(day, ONE_OR_MORE)], items=day.chance.choice([1, 1, 2, 3]))
    if kind == "several":
        return _open(day, [_sold, _pick(day, SEVERAL)], items=day.chance.choice([2, 3]))
    if kind == "at once":
        return _open(day, [_as_new, _pick(day, AT_ONCE)], items=day.chance.choice([2, 3]))
    first = _pick(day, WAITING if kind == "stranger" else MIXED)
    steps = [first, _pick(day, ONE_OR_MORE)] if first in _GO_ON else [first]
    if kind == "stranger":
        who = day.chance.choice(["stranger", "anon"])
        return _open(day, steps, items=day.chance.choice([1, 2]), who=who)
    return _open(day, steps, items=2, unknown=1)


def _open(day: Day, steps: Sequence[Step], **order: Any) -> tuple[Book, Script]:
    book = day.shoppers.order(**order)
    book.chance = Random(day.chance.random())
    book.fate = ", ".join(map(_named, steps))
    return book, _script(day, book, steps)


def _script(day: Day, book: Book, steps: Sequence[Step]) -> Script:
    for step in steps:
        yield from step(day, book)


def _pick(day: Day, steps: Mapping[Step, int]) -> Step:
    return day.chance.choices(list(steps), list(steps.values()))[0]


def _named(step: Step) -> str:
    if isinstance(step, partial):
        return f"{step.func.__name__} {step.keywords}"
    return step.__name__
