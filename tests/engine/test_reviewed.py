"""What an adversarial review of the engine found, each as a test that failed before it was mended."""

from contextlib import ExitStack

from tillbridge.model.orders import WebCustomer

STRANGER = WebCustomer(id="w9", full_name="이영희", email="nobody@example.com")


def test_many_held_locks_leave_work_its_connections(shop):
    locks = shop.engine.context.locks
    with ExitStack() as held:
        got = [held.enter_context(locks.attempt(f"lock {number}")) for number in range(20)]

        assert all(got)
        assert shop.engine.orders() == []
