"""Two days at a web shop, told so that they can be broken off anywhere and taken up again.

Orders come in every situation, some change, staff decide, the till finishes a sale. Every step looks
first whether it is done, as people do after a power cut; so however often the days are broken off, they
must end alike.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crash.outside import FileWebstore
from orders import PUMP, line, order
from tillbridge.engine import Engine
from tillbridge.model.exchange import Decision
from tillbridge.model.orders import Standing, WebCustomer, WebOrder
from tillbridge.model.status import FAILED, Status
from tillbridge.order_state import Signature
from tillbridge.pos.contract import SaleState

STRANGER = WebCustomer(id="w9", full_name="박하늘", email="new@example.com")
_ROUNDS = 500
_STAFF = Signature("지은", "손님과 통화함")


def run_days(engine: Engine, webstore: FileWebstore) -> None:
    """Run both days, or what is left of them, to their end."""
    webstore.reach(1, _first_day())
    _work_until(engine, _first_day_is_in)
    for name in ("PLAIN", "SECOND-THOUGHTS", "STRANGER"):
        _decide(engine, name, Status.IN_PROCESS)
    engine.deliver()
    webstore.reach(2, _second_day())
    _work_until(engine, _second_day_is_in)
    _decide(engine, "SECOND-THOUGHTS", Status.REJECTED)
    _mend_and_process(engine, "STRANGER")
    _make_anew(engine, "GROWS")
    _finish_at_till(engine, "PLAIN")
    engine.deliver()
    engine.tick()


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
    return bool(grown["lines"][0]["quantity"] == "3" and "NEWCOMER" in known and known["NEWCOMER"].barcode)


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


def _decide(engine: Engine, name: str, asked: Status) -> None:
    wanted = {Status.IN_PROCESS: Decision.ACCEPTED, Status.REJECTED: Decision.REJECTED}[asked]
    found = engine.order(name)
    # Who changed their mind has accepted before they reject; the accepting is not repeated then.
    if found.decision is None or (found.decision, wanted) == (Decision.ACCEPTED, Decision.REJECTED):
        engine.set_status(found.id, asked, _STAFF)


def _mend_and_process(engine: Engine, name: str) -> None:
    found = engine.order(name)
    if found.status in FAILED:
        engine.link_customer(found.id, "C2", _STAFF)


def _make_anew(engine: Engine, name: str) -> None:
    found = engine.order(name)
    if found.changed_after_sale and found.status is not Status.PROCESS_SALE:
        engine.set_status(found.id, Status.PROCESS_SALE, _STAFF)


def _finish_at_till(engine: Engine, name: str) -> None:
    pos: Any = engine.pos
    key = f"memory:shop:{name}"
    sale = pos.find_sales([key])[key]
    if sale.state is SaleState.OPEN:
        pos.finish_at_till(sale.sale_id)
