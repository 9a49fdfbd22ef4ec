"""What `run` prints: each event once, on the standard output; what it does not print itself on the other."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from tillbridge.cli import working
from tillbridge.model.errors import Retryable
from tillbridge.runtime.embedded import RunEvent, Runner


@pytest.fixture
def until(monkeypatch) -> Callable[[str], None]:
    """Lets `run` end by itself after an event of a kind."""

    def end(what: str) -> None:
        class Ending(Runner):
            def __init__(self, *values: Any, on_event: Callable[[RunEvent], None], **more: Any) -> None:
                def tell(event: RunEvent) -> None:
                    on_event(event)
                    if event.what == what:
                        self.stop.set()

                super().__init__(*values, on_event=tell, **more)

        monkeypatch.setattr(working, "Runner", Ending)

    return end


@pytest.fixture
def away(shop, lately):
    """A connected shop whose webstore is away."""

    def fail(call):
        if call == "fetch_orders":
            raise Retryable("The webstore is away.")

    shop.connect()
    shop.webstore.offer(lately("A1"))
    shop.webstore.before = fail
    return shop


def test_a_trouble_is_printed_once(away, until):
    until("trouble")

    answer = away("run")

    assert (1, "") == (answer.out.count("The webstore is away."), answer.err)


def test_a_trouble_is_one_event_for_scripts(away, until):
    until("trouble")

    answer = away("run", "--json")

    events = [json.loads(line)["event"] for line in answer.out.splitlines()]
    assert (["started", "trouble", "stopped"], "") == (events, answer.err)


def test_a_fault_that_nobody_foresaw_is_printed_once_and_without_a_traceback(away, until):
    def fail(call):
        if call == "fetch_orders":
            raise ZeroDivisionError

    away.webstore.before = fail
    until("trouble")

    answer = away("run")

    assert (1, "") == (answer.out.count("ZeroDivisionError"), answer.err)


def test_with_debug_the_log_stands_beside_the_events(away, until):
    until("trouble")

    answer = away("run", "--debug")

    assert "web: The webstore is away." in answer.err


def test_what_is_no_event_is_seen_in_the_log(away, until):
    def fail(call):
        if call == "fetch_orders":
            logging.getLogger("tillbridge.plugins").warning("An observer failed.")
            raise Retryable("The webstore is away.")

    away.webstore.before = fail
    until("trouble")

    assert "An observer failed.\n" == away("run").err
