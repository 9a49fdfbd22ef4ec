"""Whatever happens in a shop's day, in any sequence and killed anywhere: the shop's books are right.

Staff, customers, the webstore, the till, time and deaths of the program are drawn by hypothesis and done
with a real engine over SQLite with the built-in point of sale. After each step nothing may be that must
never be (`holds.at_once`), and the messages are those of their causes (`causes`); at the end of the day,
and now and then before, everything is drained and nothing may be left (`holds.at_rest`).

The usual run is the same every time. `TILLBRIDGE_LONG=1` makes it long, and different each time.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shop_day.causes import message_faults
from shop_day.day import Day, furnish
from shop_day.holds import at_once, at_rest
from shop_day.market import CHANGES, KINDS
from shop_day.staff import STAFF, Staff
from tillbridge.engine import Engine

LONG = os.environ.get("TILLBRIDGE_LONG") == "1"
EXAMPLES, STEPS = (2_000, 60) if LONG else (12, 25)
MOST_ORDERS = 6
RESTLESS = 8  # steps between two drains: each takes as long as several
HOUR = 3600.0
# What the timeline says where an order's status becomes this; of any other status it says something.
_TAKEN_BACK = {"undo", "un-archive"}
SIGNED = {
    "New": {"sale opened", *_TAKEN_BACK},
    "In Process": {"sale opened", "accept", "reserve", *_TAKEN_BACK},
    "Ready for Pickup": {"ready for pickup", "cancel", *_TAKEN_BACK},
    "Rejected": {"reject", "cancel", "reject, the sale by hand", "settled", "sale opened", *_TAKEN_BACK},
    "Completed": {"complete", *_TAKEN_BACK},
    "Archived": {"archive", "settled", "undo"},
}
WORK: dict[str, Callable[[Engine], object]] = {
    "tick": Engine.tick,
    "poll": Engine.poll,
    "settle": Engine.settle,
    "deliver": Engine.deliver,
    "follow the till": Engine.tend_till,
}


class AnyDay(RuleBasedStateMachine):
    """One day; see the module."""

    furnished: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.day = Day(Path(shutil.copyfile(self.furnished, Path(self.folder.name) / "shop.db")))
        self.before = self.day.books()
        self.steps = 0

    @initialize(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3))
    def morning(self, kinds):
        for kind in ("plain", *kinds):
            self.day.market.place(kind, self.day.clock.now())
        self.day.do(Engine.poll)

    # Customers and the webstore

    @precondition(lambda self: len(self.day.market.has) < MOST_ORDERS)
    @rule(kind=st.sampled_from(sorted(KINDS)), comes=st.booleans())
    def somebody_orders(self, kind, comes):
        self.day.market.place(kind, self.day.clock.now())
        if comes:
            self.day.do(Engine.poll)

    @rule(data=st.data(), change=st.sampled_from(CHANGES), comes=st.booleans())
    def an_order_changes(self, data, change, comes):
        self.day.clock.advance(60)
        self.day.market.change(data.draw(st.sampled_from(sorted(self.day.market.has))), change)
        if comes:
            self.day.do(Engine.poll)

    @rule(data=st.data(), first=st.sampled_from(CHANGES), then=st.sampled_from(CHANGES), comes=st.booleans())
    def an_order_changes_while_its_sale_is_made_anew(self, data, first, then, comes):
        """Between "make anew" and the answer for the new sale; another program may fetch that at once."""
        self.day.clock.advance(60)
        self.day.market.change(data.draw(st.sampled_from(sorted(self.day.market.has))), first)
        self.day.do(Engine.poll)

        def changes_again(name):
            self.day.market.change(name, then)
            if comes:
                self.day.poll_beside()

        Staff(self.day, data).make_anew(changes_again)

    @rule()
    def the_webstore_goes_down_or_comes_back(self):
        self.day.market.down = not self.day.market.down

    # The program, and time

    @rule(what=st.sampled_from(sorted(WORK)))
    def the_program_works(self, what):
        self.day.do(WORK[what])

    @rule(points=st.integers(1, 30))
    def the_program_will_die(self, points):
        self.day.left = points

    @rule(data=st.data(), points=st.integers(1, 8))
    def an_answer_to_what_staff_decided_is_lost(self, data, points):
        """The program dies while it tells of a decision; what was under way is told again after a while."""
        Staff(self.day, data).act()
        self.day.left = points
        self.day.do(Engine.deliver)
        self.day.left = None
        self.day.clock.advance(HOUR)
        self.day.do(Engine.tick)

    @rule(hours=st.sampled_from([0.1, 1.0, 3.0, 26.0]))
    def time_passes(self, hours):
        self.day.clock.advance(hours * HOUR)

    # Staff

    @rule(data=st.data())
    def staff_act(self, data):
        Staff(self.day, data).act()

    @rule(data=st.data())
    def staff_act_as_well(self, data):
        """They do so more often than anything else happens."""
        Staff(self.day, data).act()

    @rule(data=st.data())
    def staff_act_once_more(self, data):
        Staff(self.day, data).act()

    @rule(data=st.data(), what=st.sampled_from(["set_status", "undo", "undo_at_once"]))
    def staff_decide(self, data, what):
        getattr(Staff(self.day, data), what)()

    @rule(data=st.data())
    def staff_change_a_sale(self, data):
        Staff(self.day, data).counter()

    @rule(data=st.data())
    def staff_repair(self, data):
        Staff(self.day, data).repair()

    @rule(data=st.data())
    def staff_merge_twins(self, data):
        Staff(self.day, data).merge_or_unmerge()

    @rule(data=st.data(), what=st.sampled_from(["send_again", "leave_as_sold", "call", "finish_at_till"]))
    def staff_do_something_else(self, data, what):
        getattr(Staff(self.day, data), what)()

    @precondition(lambda self: self.steps > RESTLESS)
    @rule()
    def everything_comes_to_its_end(self):
        self._rest()

    # What must hold

    @invariant()
    def the_books_are_right(self):
        self.steps += 1
        now = self.day.books()
        assert [] == at_once(self.day, now)
        assert [] == message_faults(self.day, now)
        assert [] == _unsigned(self.before, now), "their status changed, and the timeline does not say so"
        self.before = now

    def teardown(self):
        try:
            self._rest()
        finally:
            self.day.close()
            self.folder.cleanup()

    def _rest(self):
        self.steps = 0
        self.day.left, self.day.market.down = None, False
        self.day.engine.heal(STAFF)
        self.day.rest()
        now = self.day.books()
        assert [] == [*at_once(self.day, now), *at_rest(self.day, now), *message_faults(self.day, now)]
        assert "connection down" not in {str(one.cause) for one in self.day.engine.messages()}


def _unsigned(before, now):
    """Return the orders whose status changed without an entry in their timeline that says how."""
    found = []
    for row in now.orders.values():
        old = before.orders.get(row.id)
        new = (now.entries.get(row.id, Counter()) - before.entries.get(row.id, Counter())).keys()
        if old is not None and old.status != row.status and not new & SIGNED.get(row.status, new):
            found.append((row.webstore_id, old.status, row.status, sorted(new)))
    return found


@pytest.fixture(scope="module")
def furnished(sqlite_template, tmp_path_factory):
    """A file with a shop in it that is about to open."""
    file = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("shop") / "shop.db"))
    furnish(file)
    return file


@pytest.mark.row("S5")
@pytest.mark.row("S20")
@pytest.mark.slow
@pytest.mark.timeout(36_000 if LONG else 600)
def test_whatever_happens_in_a_day_the_shops_books_are_right(furnished):
    machine = type("AnyDay", (AnyDay,), {"furnished": furnished})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=not LONG,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
