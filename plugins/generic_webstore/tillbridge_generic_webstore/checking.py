"""Says whose account a connection is, and tries how its orders are asked for, before staff rely on it."""

from tillbridge.plugin import Connection, ConnectionCheck, Misconfigured, Words
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.probe import Fault, probe

_UNTOLD = frozenset({Fault.EXCLUSIVE})


def check(connection: Connection, compiled: CompiledProfile) -> ConnectionCheck:
    """Ask the webstore who it is, and for orders.

    Raises:
        Misconfigured: the credentials are refused, or the list is asked in a way that loses orders.
    """
    account = compiled.lister.account(connection) or compiled.reach.account_key(connection.settings)
    findings = probe(connection, compiled)
    grave = [one.words for one in findings if one.is_grave]
    if grave:
        raise Misconfigured(Words("\n".join(one.en for one in grave), "\n".join(one.ko for one in grave)))
    return ConnectionCheck(
        account=account, notes=tuple(one.words for one in findings if one.fault not in _UNTOLD)
    )
