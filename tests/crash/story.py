"""Three days at a web shop, told so that they can be broken off anywhere and taken up again.

Orders come in every situation, some change, staff decide, the till finishes a sale; on the third day the
webstore cancels one, and staff take four through the shop's flows. Every step looks first whether it is
done, as people do after a power cut; so however often the days are broken off, they must end alike.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

from crash.outside import FileWebstore
from orders import PUMP, line, order, won
from tillbridge.engine import Engine
from tillbridge.guided import Doing
from tillbridge.model.contacts import Channel, NewContact, Outcome
from tillbridge.model.errors import NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing, WebCustomer, WebOrder
from tillbridge.model.status import FAILED, Act, Status
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import NewItem, Payment, PaymentKind

STRANGER = WebCustomer(id="w9", full_name="박하늘", email="new@example.com")
FLOWS = {"DAMAGED": Act.RESERVE, "GROWS": Act.CANCEL, "UNPAID": Act.PICK_UP, "STRANGER": Act.NO_SHOW}
Step = Callable[[Engine, FileWebstore], object]
_ROUNDS = 500
_STAFF = Signature("지은", "손님과 통화함")
NOTE = "펌프 추가 판매"  # a comment of the sale's own: it goes on the next one
_CALLED = NewContact(channel=Channel.CALL, outcome=Outcome.NO_ANSWER)


def run_days(engine: Engine, webstore: FileWebstore, well: Callable[[int], bool] = lambda _: False) -> bool:
    """Run the days, or what is left of them, to their end; return whether it was ended before.

    Args:
        engine: whose shop it is.
        webstore: where the orders come from.
        well: hears the number of each step that is done; if it says so, the rest is not run.
    """
    for number, step in enumerate(_STEPS):
        step(engine, webstore)
        if well(number):
            return True
    return False


def _steps() -> Iterator[Step]:
    """Yield what happens, one after the other."""
    yield lambda _, webstore: webstore.reach(1, _first_day())
    yield lambda engine, _: _work_until(engine, _first_day_is_in)
    for accepted in ("PLAIN", "SECOND-THOUGHTS", "STRANGER"):
        yield partial(_decide, accepted, Status.IN_PROCESS)
    yield lambda engine, _: engine.deliver()
    yield lambda _, webstore: webstore.reach(2, _second_day())
    yield lambda engine, _: _work_until(engine, _second_day_is_in)
    yield partial(_decide, "SECOND-THOUGHTS", Status.REJECTED)
    yield partial(_mend_and_process, "STRANGER")
    yield partial(_add_at_counter, "GROWS")
    yield partial(_make_anew, "GROWS")
    yield partial(_reserve, "UNPAID")
    yield partial(_think_again, "UNPAID")
    yield partial(_finish_at_till, "PLAIN")
    yield lambda engine, _: engine.deliver()
    yield lambda engine, _: engine.tick()
    yield lambda _, webstore: webstore.reach(3, _third_day())
    yield lambda engine, _: _work_until(engine, _third_day_is_in)
    for name, act in FLOWS.items():
        yield partial(_flow, name, act)
    yield lambda engine, _: engine.tick()


def _work_until(engine: Engine, ready: Callable[[Engine], bool]) -> None:
    """Do what is due; again where another worker was at it, until it has come so far."""
    for _ in range(_ROUNDS):
        engine.tick()
        if ready(engine):
            return
    seen = [(one.webstore_id, one.status, one.barcode, one.sale_state) for one in engine.orders()]
    raise AssertionError(f"{ready.__name__} never came about: {seen}")


def _first_day_is_in(engine: Engine) -> bool:
    known = {one.webstore_id: one for one in engine.orders()}
    return "UNPAID" in known and all(known[name].barcode for name in ("PLAIN", "SECOND-THOUGHTS", "GROWS"))


def _second_day_is_in(engine: Engine) -> bool:
    known = {one.webstore_id: one for one in engine.orders()}
    grown = engine.document(known["GROWS"].id) or {}
    newcomer = known.get("NEWCOMER")
    came = newcomer is not None and (newcomer.barcode or newcomer.status is Status.ARCHIVED)
    return bool(grown["lines"][0]["quantity"] == "3" and came)


def _third_day_is_in(engine: Engine) -> bool:
    return engine.order("NEWCOMER").status is Status.ARCHIVED


def _bytes(one: WebOrder) -> tuple[str, bytes]:
    return one.id, one.model_dump_json().encode()


def _first_day() -> list[tuple[str, bytes]]:
    damaged_id, whole = _bytes(order("DAMAGED"))
    return [
        _bytes(order("PLAIN")),
        _bytes(order("SECOND-THOUGHTS", line("1"), line("2", gtin=PUMP, quantity=Decimal(2)))),
        _bytes(order("STRANGER", customer=STRANGER)),
        _bytes(order("UNLISTED", line("1", gtin="00605284574539"))),
        _bytes(order("GROWS")),
        _bytes(order("UNPAID", standing=Standing.UNPAID)),
        (damaged_id, whole.replace(b'"quantity":"1"', b'"quantity":"many"')),
        ("DRAFT", b'{"draft": true}'),
    ]


def _second_day() -> list[tuple[str, bytes]]:
    return [
        _bytes(order("GROWS", line("1", quantity=Decimal(3)))),
        _bytes(order("UNPAID")),
        _bytes(order("DAMAGED", line("1", quantity=Decimal(4)))),
        _bytes(order("NEWCOMER", line("1", gtin=PUMP))),
    ]


def _third_day() -> list[tuple[str, bytes]]:
    """Who came on the second day cancels before anybody accepted it."""
    return [_bytes(order("NEWCOMER", line("1", gtin=PUMP), standing=Standing.CANCELLED))]


def _flow(name: str, act: Act, engine: Engine, _: object) -> None:
    """Take an order through a flow of the shop; nothing is done again that is under way or done."""
    found = engine.order(name)
    if found.status is Status.COMPLETED or (act is Act.RESERVE and found.decision):
        return
    paid = act is Act.PICK_UP and engine.due_at_pick_up(found.id)
    doing = Doing(
        act=act,
        payments=(Payment(kind=PaymentKind.CASH, amount=paid),) if paid else (),
        contact=_CALLED if act is Act.NO_SHOW else None,
    )
    with suppress(NotAllowed):  # it is being finished since before
        engine.act(found.id, doing, _STAFF)


def _decide(name: str, asked: Status, engine: Engine, _: object) -> None:
    wanted = {Status.IN_PROCESS: Decision.ACCEPTED, Status.REJECTED: Decision.REJECTED}[asked]
    found = engine.order(name)
    # Who changed their mind has accepted before they reject; the accepting is not repeated then.
    if found.decision is None or (found.decision, wanted) == (Decision.ACCEPTED, Decision.REJECTED):
        engine.set_status(found.id, asked, _STAFF)


def _mend_and_process(name: str, engine: Engine, _: object) -> None:
    found = engine.order(name)
    if found.status in FAILED:
        engine.link_customer(found.id, "C2", _STAFF)


def _add_at_counter(name: str, engine: Engine, _: object) -> None:
    """Sell a pump with an order: it is on the sale that is made in the first one's place, too."""
    found = engine.order(name)
    engine.deliver()  # what was to be done at its sale is done first
    if found.status is Status.NEW and not any(item.added for item in engine.sale(found.id).items):
        pump = NewItem(product_id="P2", price=won(30_000), tax_rate=Decimal(0))
        engine.add_item(found.id, pump, Signature("지은", NOTE))


def _reserve(name: str, engine: Engine, _: object) -> None:
    found = engine.order(name)
    if found.status is Status.NEW and not _was(Act.RESERVE, found.id, engine):
        engine.act(found.id, Doing(act=Act.RESERVE), _STAFF)


def _think_again(name: str, engine: Engine, _: object) -> None:
    """Undo the reservation; where the webstore has heard of it, the sale is kept open no longer."""
    found = engine.order(name)
    if _was(Act.UNDO, found.id, engine) or not engine.sale(found.id).kept_open:
        return
    try:
        engine.undo(found.id, _STAFF)
    except NotAllowed:
        engine.release_sale(found.id, _STAFF)


def _was(act: Act, order_id: int, engine: Engine) -> bool:
    return any(entry.what == act for entry in engine.timeline(order_id))


def _make_anew(name: str, engine: Engine, _: object) -> None:
    found = engine.order(name)
    if found.changed_after_sale and found.status is not Status.PROCESS_SALE:
        engine.set_status(found.id, Status.PROCESS_SALE, _STAFF)


def _finish_at_till(name: str, engine: Engine, _: object) -> None:
    pos: Any = engine.pos
    key = f"memory:shop:{name}"
    sale = pos.find_sales([key])[key]
    if sale.state is SaleState.OPEN:
        pos.finish_at_till(sale.sale_id)


_STEPS = tuple(_steps())
