"""Items taken ahead: in sequence, one at most, and never in the way of an end."""

import subprocess
import sys
import threading
from contextlib import closing

import pytest

from tillbridge.ahead import _Taker, ahead

# Nothing here takes long; a wait that lasts so long has failed.
LONG = 30

HANGS = """
import sys, threading
from tillbridge.ahead import ahead

hanging = threading.Event()

def pages():
    yield 1
    hanging.set()
    threading.Event().wait()

coming = ahead(pages())
print(next(coming))
hanging.wait()
{end}
"""


class Source:
    """Numbers, and what was done with them; `held` are given out when `go` is set."""

    def __init__(self, *numbers, held=(), fault=None):
        self.numbers, self.held, self.fault = numbers, held, fault
        self.takers = []
        self.asked, self.go, self.closed = threading.Event(), threading.Event(), threading.Event()
        self.closer = self.at_close = None

    def __iter__(self):
        try:
            for number in self.numbers:
                self.takers.append(threading.current_thread())
                if number in self.held:
                    self.asked.set()
                    assert self.go.wait(LONG)
                yield number
            if self.fault:
                raise self.fault
        finally:
            self.closer = threading.current_thread()
            self.closed.set()
            if self.at_close:
                raise self.at_close


def test_items_come_in_their_sequence():
    assert [1, 2, 3, 4] == list(ahead(iter(Source(1, 2, 3, 4))))


def test_no_item_at_all_is_none():
    assert [] == list(ahead(iter(Source())))


def test_an_item_that_is_none_is_an_item():
    assert [None, None] == list(ahead(iter([None, None])))


def test_the_first_item_is_taken_by_the_callers_own_thread():
    source = Source(1)
    next(ahead(iter(source)))

    assert threading.current_thread() is source.takers[0]


def test_where_nothing_is_done_with_an_item_the_next_is_taken_by_the_callers_own_thread():
    """An idle poll, of one empty page, must not cost a thread."""
    source = Source(0, 0, 5, 6)
    items = list(ahead(iter(source), is_work=bool))
    first, second, third, fourth = source.takers

    assert [0, 0, 5, 6] == items
    assert {threading.current_thread()} == {first, second, third}
    assert fourth is not first


def test_closing_after_an_item_that_is_no_work_closes_the_source():
    source = Source(0, 5)
    coming = ahead(iter(source), is_work=bool)
    next(coming)
    coming.close()

    assert source.closed.is_set()


def test_the_next_item_is_taken_while_one_is_worked_on():
    source = Source(1, 2, held=(2,))
    with closing(ahead(iter(source))) as coming:
        next(coming)

        assert source.asked.wait(LONG)
        source.go.set()
        assert 2 == next(coming)


def test_all_further_items_are_taken_by_one_daemon_thread():
    source = Source(1, 2, 3, 4)
    list(ahead(iter(source)))
    caller, taker, *others = source.takers

    assert taker is not caller
    assert taker.daemon
    assert {taker} == set(others)


def test_only_one_item_is_taken_ahead():
    """When the third is asked for, the first two are with the caller already."""
    source = Source(1, 2, 3, 4, held=(3,))
    with closing(ahead(iter(source))) as coming:
        assert [1, 2] == [next(coming), next(coming)]
        assert source.asked.wait(LONG)

        assert 3 == len(source.takers)
        source.go.set()


def test_what_taking_an_item_raises_comes_after_the_items_before_it():
    coming = ahead(iter(Source(1, 2, fault=KeyError("gone"))))

    assert [1, 2] == [next(coming), next(coming)]
    with pytest.raises(KeyError, match="gone"):
        next(coming)


def test_what_taking_the_first_item_raises_comes_at_once():
    with pytest.raises(KeyError, match="gone"):
        next(ahead(iter(Source(fault=KeyError("gone")))))


def test_what_is_no_exception_passes_too():
    """A kill or an interrupt is meant for whoever works on the items."""
    coming = ahead(iter(Source(1, fault=SystemExit(3))))
    next(coming)

    with pytest.raises(SystemExit):
        next(coming)


def test_closing_closes_an_idle_source_at_once():
    """It is idle for certain when the thread is at its work no more."""
    source = Source(1, 2)
    taker = _Taker(iter(source))
    taker.ask()
    taker.coming.result(LONG)
    taker.close()

    assert threading.current_thread() is source.closer


def test_closing_closes_the_source_whatever_it_does():
    source = Source(1, 2, 3)
    coming = ahead(iter(source))
    next(coming)
    coming.close()

    assert source.closed.wait(LONG)


def test_an_error_at_a_late_close_ends_nothing_and_is_logged(caplog):
    source = Source(1, 2, held=(2,))
    source.at_close = KeyError("gone")
    coming = ahead(iter(source))
    next(coming)
    assert source.asked.wait(LONG)
    coming.close()
    source.go.set()
    source.takers[1].join(LONG)

    assert "closing what was read ahead" in caplog.text


def test_closing_waits_for_no_item_and_its_thread_closes_the_source_afterwards():
    source = Source(1, 2, held=(2,))
    coming = ahead(iter(source))
    next(coming)
    assert source.asked.wait(LONG)
    coming.close()

    assert not source.closed.is_set()
    source.go.set()
    assert source.closed.wait(LONG)
    assert source.takers[1] is source.closer


def test_closing_ends_the_thread():
    source = Source(1, 2, held=(2,))
    coming = ahead(iter(source))
    next(coming)
    assert source.asked.wait(LONG)
    coming.close()
    source.go.set()
    source.takers[1].join(LONG)

    assert not source.takers[1].is_alive()


def test_reading_to_the_end_ends_the_thread():
    source = Source(1, 2)
    list(ahead(iter(source)))
    source.takers[1].join(LONG)

    assert not source.takers[1].is_alive()


def test_a_source_that_cannot_be_closed_needs_no_closing():
    coming = ahead(iter([1, 2, 3]))
    next(coming)
    coming.close()

    assert [] == list(coming)


@pytest.mark.parametrize(
    ("end", "code"),
    [("", 0), ("coming.close()", 0), ("sys.exit(4)", 4), ("raise KeyboardInterrupt", -2)],
    ids=["left open", "closed", "exits", "interrupted"],
)
def test_a_source_that_hangs_does_not_keep_its_process_alive(end, code):
    ended = subprocess.run(
        [sys.executable, "-c", HANGS.format(end=end)], capture_output=True, timeout=LONG, check=False
    )

    assert (code, b"1\n") == (ended.returncode, ended.stdout)
