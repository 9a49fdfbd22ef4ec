"""Says whose account a connection reaches, and whether its key may do enough, before a shop relies on it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec

from tillbridge.plugin import Connection, ConnectionCheck, Misconfigured, Words
from tillbridge_stripe_payments import refusals, requests
from tillbridge_stripe_payments.objects import Account
from tillbridge_stripe_payments.permissions import PERMISSIONS, Permission, account_of
from tillbridge_stripe_payments.settings import STRIPE, Settings, settings_of
from tillbridge_stripe_payments.transport import Forbidden, Refused, Unreadable, ask

_UNKNOWN_KEY: Final = 401
_SKEW: Final = timedelta(seconds=60)


def check(connection: Connection) -> ConnectionCheck:
    """Ask Stripe whose account the key is of, and try every permission; nothing is changed by it.

    Raises:
        Misconfigured: something else answers; or the key is none, another account's, or may not do what
            nothing goes without.
        Retryable: Stripe is away.
    """
    settings = settings_of(connection)
    number, name = _account(connection)
    if number is not None and number != settings.account:
        raise Misconfigured(
            Words(
                f"This key belongs to the Stripe account {number}, not to {settings.account}. Enter the key "
                f"of {settings.account}, or correct account in the connection's settings.",
                f"이 키는 {settings.account}이(가) 아니라 {number} Stripe 계정의 키입니다. "
                f"{settings.account} 계정의 키를 입력하거나 연결 설정의 account를 고쳐 주세요.",
            )
        )
    lacking = list(_lacking(connection))
    needed = [one for one in lacking if one.needed]
    if needed:
        raise Misconfigured(_lacks(needed))
    shown = f"{name} ({settings.account})" if name else settings.account
    return ConnectionCheck(account=shown, notes=tuple(_notes(connection, settings, lacking, number)))


def _account(connection: Connection) -> tuple[str | None, str]:
    """Return the account's ID and its name, as far as the key may know them."""
    address = settings_of(connection).base_url
    try:
        account = ask(connection, requests.fetch_account(), Account)
    except (Refused, Unreadable) as error:
        # Stripe has this for every key, and its own address is vouched for by its certificate.
        if address.rstrip("/") == STRIPE or (isinstance(error, Refused) and error.code):
            raise
        raise Misconfigured(refusals.not_stripe(address)) from None
    except Forbidden as error:
        if error.status == _UNKNOWN_KEY:
            raise
        return account_of(error.error.message), ""
    named = account.settings.dashboard if account.settings else None
    business = account.business_profile
    return account.id, (named.display_name if named else None) or (business.name if business else None) or ""


def _lacking(connection: Connection) -> Iterator[Permission]:
    for name, probe in requests.probes().items():
        try:
            ask(connection, probe, msgspec.Raw)
        except Forbidden as error:
            if error.status == _UNKNOWN_KEY:
                raise
            yield PERMISSIONS[name]
        except Refused:
            pass  # it may, and there is nothing there


def _lacks(permissions: list[Permission]) -> Words:
    names = ", ".join(f"“{one.shown}”" for one in permissions)
    names_ko = ", ".join(f"‘{one.shown}’" for one in permissions)
    return Words(
        f"The restricted key lacks: {names}. At Stripe, open Developers, API keys, edit the key and give it "
        "that.",
        f"제한된 키에 다음 권한이 없습니다: {names_ko}. Stripe의 개발자 > API 키에서 키를 편집하여 권한을 "
        "추가해 주세요.",
    )


def _notes(
    connection: Connection, settings: Settings, lacking: list[Permission], number: str | None
) -> Iterator[Words]:
    if not settings.live:
        yield Words("This is a test key: no money moves.", "테스트 키입니다. 실제 금액은 이동하지 않습니다.")
    if settings.secret_key.get_secret_value().strip().startswith("sk_"):
        yield Words(
            "This key may do everything in the account. A restricted key (rk_…) with the permissions of the "
            "README is enough.",
            "이 키는 계정의 모든 작업을 할 수 있습니다. README에 적힌 권한만 가진 제한된 키(rk_…)로도 "
            "충분합니다.",
        )
    if number is None:
        yield Words(
            "Stripe did not say which account this key is of; compare it yourself.",
            "이 키가 어느 계정의 것인지 Stripe에서 알려 주지 않았습니다. 직접 확인해 주세요.",
        )
    for one in lacking:
        yield Words(
            f"The key lacks “{one.shown}”, {one.reason.en}.",
            f"키에 ‘{one.shown}’ 권한이 없습니다({one.reason.ko}).",
        )
    if settings.webhook_secret is None:
        yield Words(
            "There is no signing secret for webhooks: what happens at Stripe is seen some hours later, when "
            "payments are read again.",
            "웹훅 서명 비밀 키가 없습니다. Stripe의 변경 사항은 몇 시간 뒤 결제를 다시 확인할 때 반영됩니다.",
        )
    yield from _clock(connection)


def _clock(connection: Connection) -> Iterator[Words]:
    ahead = connection.http.service_ahead
    if ahead is None or abs(ahead) <= _SKEW:
        return
    span = round(abs(ahead).total_seconds())
    late, late_ko = ("behind", "느립니다") if ahead > timedelta() else ("ahead of", "빠릅니다")
    yield Words(
        f"This computer's clock is {span} seconds {late} Stripe's; webhooks are refused from 300 on. Set it.",
        f"이 컴퓨터의 시계가 Stripe보다 {span}초 {late_ko}. 300초를 넘으면 웹훅이 거부되니 시각을 맞춰 "
        "주세요.",
    )
