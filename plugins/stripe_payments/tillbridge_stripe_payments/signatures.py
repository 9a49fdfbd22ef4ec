"""Stripe's signature of a webhook: whether Stripe made it with our secret, and when."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from tillbridge.plugin import Rejected, Words

HEADER: Final = "Stripe-Signature"
TOLERANCE: Final = timedelta(seconds=300)
"""How old a signature may be: what was listened to yesterday cannot be sent again."""
_SCHEME: Final = "v1"
_LATEST: Final = 253_402_300_799  # the last second that a date can name
_MISSING: Final = Words(
    f"This did not come from Stripe: it has no {HEADER} header.",
    f"Stripe에서 온 요청이 아닙니다. {HEADER} 헤더가 없습니다.",
)
_DAMAGED: Final = Words(
    f"This did not come from Stripe: its {HEADER} header cannot be read.",
    f"Stripe에서 온 요청이 아닙니다. {HEADER} 헤더를 읽을 수 없습니다.",
)
_WRONG: Final = Words(
    "The signature does not fit. Either this did not come from Stripe, or the connection has the signing "
    "secret of another endpoint: copy the one that Stripe shows for this address (it begins with whsec_).",
    "서명이 일치하지 않습니다. Stripe에서 온 요청이 아니거나, 연결에 다른 엔드포인트의 서명 비밀 키가 "
    "설정되어 있습니다. Stripe에서 이 주소에 표시되는 값(whsec_로 시작)을 복사해 주세요.",
)


def verify(header: str | None, body: bytes, *, secret: str, now: datetime) -> datetime:
    """Return when Stripe signed a webhook.

    Args:
        header: the request's `Stripe-Signature`; while a secret is changed it has one signature by each.
        body: as it came, byte for byte.
        secret: the endpoint's.
        now: UTC, by this computer's clock.

    Raises:
        Rejected: Stripe did not sign it with this secret, or signed it too long ago.
    """
    if not header:
        raise Rejected(_MISSING)
    stamp, signatures = _read(header)
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest().encode()
    # Each is compared whole, so that how long it takes tells nothing.
    if not any([hmac.compare_digest(signed, one) for one in signatures]):  # noqa: C419  # see above
        raise Rejected(_WRONG)
    made = datetime.fromtimestamp(stamp, UTC)
    if made < now - TOLERANCE:
        raise _late(made, now)
    return made


def _read(header: str) -> tuple[int, list[bytes]]:
    fields = list(_fields(header))
    stamps = [value for name, value in fields if name == "t"]
    signatures = [value.encode("ascii", "replace") for name, value in fields if name == _SCHEME]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdecimal()) or not signatures:
        raise Rejected(_DAMAGED)
    if len(stamps[0]) > len(str(_LATEST)) or int(stamps[0]) > _LATEST:
        raise Rejected(_DAMAGED)
    return int(stamps[0]), signatures


def _fields(header: str) -> Iterator[tuple[str, str]]:
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        yield name, value


def _late(made: datetime, now: datetime) -> Rejected:
    span = round((now - made).total_seconds())
    said, here = f"{made:%Y-%m-%d %H:%M:%S}", f"{now:%Y-%m-%d %H:%M:%S}"
    return Rejected(
        Words(
            f"Stripe signed this at {said} UTC, {span} seconds before this computer's {here} UTC; 300 are "
            "allowed. If Stripe sent it just now, this computer's clock is ahead: set it. If not, somebody "
            "sends an old one again.",
            f"Stripe의 서명 시각({said} UTC)이 이 컴퓨터의 시각({here} UTC)보다 {span}초 앞섭니다. 허용 "
            "범위는 300초입니다. 방금 보낸 것이라면 이 컴퓨터의 시계가 빠른 것이니 시각을 맞춰 주세요. "
            "그렇지 않다면 누군가 예전 요청을 다시 보낸 것입니다.",
        )
    )
