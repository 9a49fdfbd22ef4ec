"""Exports, merges and counts at once: whatever meets, the webstore ends up with what the shop has."""

import threading
from collections.abc import Callable

import pytest

from tillbridge.exports import ExportWay
from tillbridge.model.identifiers import check_digit
from tillbridge.model.offers import Exporting
from tillbridge.pos.embedded.merging import MergeOrder

pytestmark = pytest.mark.row("S15")
ROUNDS = 3


def gtin(number: int) -> str:
    digits = f"0400638{number:06d}"
    return digits + check_digit(digits)


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Do all of them at once, each in a thread; return what went wrong."""
    begin, faults = threading.Barrier(len(works)), list[BaseException]()

    def run(work):
        begin.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # the test's own thread tells of it
            faults.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_exports_without_the_lock_meet_merges_and_counts_and_end_right(make_front):
    """The connection's lock saves work, it is not the safety: two workers export the same here."""
    front = make_front(exporting=Exporting(batch=3))
    products = [front.add(f"물통 {number}", gtin(number), 3, 5_000) for number in range(8)]
    front.rule()
    workers = [front.another(lock_connections=False) for _ in range(2)]

    def export(engine):
        for _ in range(ROUNDS):
            (result,) = engine.export("web", ExportWay(everything=True))
            assert result.trouble is None, result.trouble.en

    kept, twin = products[:2]
    order = MergeOrder(kept=kept, merged=(twin,), who="지은", reason="중복", anyway=True)

    def merge():
        for _ in range(ROUNDS):
            front.pos.merge(order)
            front.pos.unmerge(twin, "지은")

    def count():
        for pieces in range(ROUNDS):
            for product in products[2:]:
                front.count(product, 10 + pieces)

    faults = at_once(*(lambda one=one: export(one) for one in workers), merge, count)
    for one in workers:
        one.close()
    front.export()

    assert [] == faults
    assert [3, 3, *[9 + ROUNDS] * 6] == [front.pieces(product) for product in products]
    assert [] == front.engine.export_items("web")
