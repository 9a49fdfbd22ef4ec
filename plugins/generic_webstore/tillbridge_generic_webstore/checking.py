"""Says whose account a connection is, and tries how its orders are asked for, before staff rely on it."""

from collections.abc import Sequence
from typing import Final

from tillbridge.plugin import Connection, ConnectionCheck, HttpRejected, Misconfigured, Words
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.probe import Fault, Finding, probe
from tillbridge_generic_webstore.settings import public_values

_UNTOLD: Final = frozenset({Fault.EXCLUSIVE})
_NOT_THERE: Final = frozenset({404, 405, 410})


def check(connection: Connection, compiled: CompiledProfile) -> ConnectionCheck:
    """Ask the webstore who it is, and for orders.

    Raises:
        Misconfigured: no webstore of this kind is there, the credentials are refused, or the list is asked
            in a way that loses orders.
    """
    try:
        account, findings = _asked(connection, compiled)
    except HttpRejected as error:
        if error.status not in _NOT_THERE:
            raise
        missing = _nobody(connection, compiled, error)
    else:
        return _judged(account, findings)
    raise Misconfigured(missing)


def _asked(connection: Connection, compiled: CompiledProfile) -> tuple[str, Sequence[Finding]]:
    account = compiled.lister.account(connection) or compiled.reach.account_key(connection.settings)
    return account, probe(connection, compiled)


def _judged(account: str, findings: Sequence[Finding]) -> ConnectionCheck:
    grave = [one.words for one in findings if one.is_grave]
    if grave:
        raise Misconfigured(Words("\n".join(one.en for one in grave), "\n".join(one.ko for one in grave)))
    return ConnectionCheck(
        account=account, notes=tuple(one.words for one in findings if one.fault not in _UNTOLD)
    )


def _nobody(connection: Connection, compiled: CompiledProfile, error: HttpRejected) -> Words:
    """Say that what the profile asks for is not at this address: nothing can have been deleted there yet."""
    reach = compiled.reach
    # A secret in an address is not shown.
    address = (reach.base.text(public_values(connection.settings)) or "").rstrip("/")
    at_en, at_ko = (f" at {address}", f"{address}에서 ") if address else (" there", "")
    asked = f"{error.response.call}: {error.status}"
    return Words(
        f"No API of {reach.title} answers{at_en} ({asked}). See whether the address in the connection's "
        "settings is right, with the folder in which the webstore may be; whether its API is switched on; "
        "and whether its web server passes such addresses on (in WordPress: permalinks other than Plain).",
        f"{at_ko}{reach.title} API가 응답하지 않습니다({asked}). 연결 설정의 주소가 맞는지(하위 폴더가 "
        "있으면 포함), API가 켜져 있는지, 웹 서버가 이런 주소를 전달하는지(WordPress: 고유주소가 '기본'이 "
        "아니어야 함) 확인해 주세요.",
    )
