"""Before a connection is kept: whose account it is, and whether its key may do enough."""

from datetime import timedelta

import httpx
import pytest

import tillbridge_stripe_payments as plugin
from plugins.stripe_payments.double import ALL, Stripe
from plugins.stripe_payments.samples import Connect, connected
from tillbridge.plugin import Connection, Misconfigured
from tillbridge.testing.clock import FrozenClock


def notes(connection: Connection) -> str:
    return " ".join(str(one) for one in plugin.check_connection(connection).notes)


def test_a_restricted_key_with_the_listed_permissions_is_enough(
    connection: Connection, stripe: Stripe
) -> None:
    stripe.allowed = set(ALL)

    checked = plugin.check_connection(connection)

    assert (checked.account, [str(one) for one in checked.notes]) == (
        "acct_1",
        ["This is a test key: no money moves."],
    )


def test_the_accounts_name_is_shown_where_the_key_may_know_it(connection: Connection, stripe: Stripe) -> None:
    stripe.allowed = {*ALL, "connected_account_read"}

    assert plugin.check_connection(connection).account == "한울자전거 (acct_1)"


@pytest.mark.parametrize("allowed", [set(ALL), {*ALL, "connected_account_read"}])
def test_a_key_of_another_account_is_refused(connect: Connect, stripe: Stripe, allowed: set[str]) -> None:
    stripe.allowed = allowed

    with pytest.raises(Misconfigured, match="belongs to the Stripe account acct_1, not to acct_2"):
        plugin.check_connection(connect(account="acct_2"))


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ("payment_intent_write", "“PaymentIntents: Write”"),
        ("charge_write", "“Charges and Refunds: Write”"),
    ],
)
def test_a_key_that_may_not_do_what_is_needed_is_refused(
    connection: Connection, stripe: Stripe, lacking: str, named: str
) -> None:
    stripe.allowed = set(ALL) - {lacking}

    with pytest.raises(Misconfigured, match=f"The restricted key lacks: {named}"):
        plugin.check_connection(connection)


def test_what_only_reconciling_needs_is_a_note(connection: Connection, stripe: Stripe) -> None:
    stripe.allowed = set(ALL) - {"payout_read", "balance_transaction_source_read"}

    told = notes(connection)

    assert (
        "The key lacks “Balance Transaction Sources: Read”, to compare a day with Stripe's own list." in told
    )
    assert "The key lacks “Payouts: Read”" in told


def test_a_wrong_key_is_refused(connect: Connect) -> None:
    with pytest.raises(Misconfigured, match="does not know this key"):
        plugin.check_connection(connect(secret_key="rk_test_wrong"))


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_that_is_not_stripes_names_the_address(clock: FrozenClock, status: int) -> None:
    page = httpx.MockTransport(lambda _: httpx.Response(status, html="<h1>Welcome</h1>"))

    with (
        connected(clock, transport=page, base_url="http://127.0.0.1:8000") as connection,
        pytest.raises(
            Misconfigured, match=r"What answers at http://127\.0\.0\.1:8000 is not Stripe\. Check base_url"
        ),
    ):
        plugin.check_connection(connection)


def test_checking_changes_nothing(connection: Connection, stripe: Stripe) -> None:
    stripe.ledger.pay(89_000)
    plugin.check_connection(connection)

    assert (
        [one["status"] for one in stripe.ledger.intents.values()],
        stripe.ledger.refunds,
        stripe.seen,
    ) == (
        ["requires_capture"],
        {},
        [],
    )


def test_missing_webhooks_are_a_note(connect: Connect) -> None:
    assert "There is no signing secret for webhooks" in notes(connect(webhook_secret=None))


def test_a_clock_that_is_wrong_is_a_note(connection: Connection, stripe: Stripe, clock: FrozenClock) -> None:
    stripe.ledger._now = lambda: clock.now() + timedelta(minutes=10)

    assert "This computer's clock is 600 seconds behind Stripe's" in notes(connection)
