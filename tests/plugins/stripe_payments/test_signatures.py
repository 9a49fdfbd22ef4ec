"""Only what Stripe signed with our secret, and lately, is taken: as by Stripe's own package, both ways."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import SignatureVerificationError, WebhookSignature

from tillbridge.plugin import Rejected
from tillbridge_stripe_payments.signatures import verify

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STAMP = 1_772_413_200
SECRET = "whsec_4f1c0a7e2b9d"
BODY = b'{"id": "evt_1", "object": "event"}'


def signature(body: bytes = BODY, *, secret: str = SECRET, stamp: int = STAMP) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def header(body: bytes = BODY, *, secret: str = SECRET, stamp: int = STAMP) -> str:
    return f"t={stamp},v1={signature(body, secret=secret, stamp=stamp)},v0=0000"


def test_what_stripe_signed_is_taken() -> None:
    assert verify(header(), BODY, secret=SECRET, now=NOW) == NOW


def test_while_a_secret_is_changed_either_signature_does() -> None:
    both = f"t={STAMP},v1={signature(secret='whsec_old')},v1={signature()}"

    assert verify(both, BODY, secret=SECRET, now=NOW) == NOW
    assert verify(both, BODY, secret="whsec_old", now=NOW) == NOW


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (None, "it has no Stripe-Signature header"),
        ("", "it has no Stripe-Signature header"),
        ("v1=abc", "cannot be read"),
        (f"t={STAMP}", "cannot be read"),
        (f"t=soon,v1={'0' * 64}", "cannot be read"),
        (f"t=９９,v1={'0' * 64}", "cannot be read"),
        (f"t={'9' * 30},v1={'0' * 64}", "cannot be read"),
        (f"t={STAMP},t={STAMP},v1={'0' * 64}", "cannot be read"),
        (f"t={STAMP},v1={'0' * 64}", "does not fit"),
        (f"t={STAMP},v1=é", "does not fit"),
        (header(secret="whsec_other"), "signing secret of another endpoint"),
        (header(b"{}"), "does not fit"),
        (f"t={STAMP},v0={signature()}", "cannot be read"),
        (f"t={STAMP + 1},v1={signature()}", "does not fit"),
    ],
)
def test_what_stripe_did_not_sign_is_refused(sent: str | None, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        verify(sent, BODY, secret=SECRET, now=NOW)


def test_an_old_one_is_refused_with_both_clocks() -> None:
    with pytest.raises(Rejected) as refused:
        verify(header(), BODY, secret=SECRET, now=NOW + timedelta(seconds=301))

    assert "at 2026-03-02 01:00:00 UTC, 301 seconds before this computer's 2026-03-02 01:05:01" in str(
        refused.value
    )


def test_one_that_is_just_within_the_tolerance_is_taken() -> None:
    assert verify(header(), BODY, secret=SECRET, now=NOW + timedelta(seconds=300)) == NOW


def test_one_from_the_future_is_taken_as_stripes_own_package_does() -> None:
    early = NOW - timedelta(hours=1)

    assert verify(header(), BODY, secret=SECRET, now=early) == NOW


@given(body=st.text(max_size=300), secret=st.from_regex(r"whsec_[!-~]{0,30}"))
def test_what_we_hold_for_signed_stripes_own_package_does_too(body: str, secret: str) -> None:
    sent = header(body.encode(), secret=secret)

    assert verify(sent, body.encode(), secret=secret, now=NOW) == NOW
    assert WebhookSignature.verify_header(body.encode(), sent, secret, tolerance=None)


@given(body=st.text(max_size=300))
def test_what_stripes_own_package_signs_we_take(body: str) -> None:
    signed = WebhookSignature._compute_signature(f"{STAMP}.{body}", SECRET)

    assert verify(f"t={STAMP},v1={signed}", body.encode(), secret=SECRET, now=NOW) == NOW


@given(
    sent=st.one_of(
        st.text(max_size=100), st.from_regex(r"(t|v0|v1)=[0-9a-f]{0,64}(,(t|v1)=[0-9a-f]{0,64}){0,3}")
    )
)
def test_what_stripes_own_package_refuses_we_refuse(sent: str) -> None:
    # Of a signature with foreign letters it says so by a TypeError.
    with pytest.raises((SignatureVerificationError, TypeError)):
        WebhookSignature.verify_header(BODY, sent, SECRET, tolerance=None)
    with pytest.raises(Rejected):
        verify(sent, BODY, secret=SECRET, now=NOW)
