"""Whether an order is over: fulfilled, cancelled or refunded. Said without reading the rest of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tillbridge.plugin import PayloadError, RawOrder, Standing
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping.blanks import compile_blanks
from tillbridge_generic_webstore.mapping.fields import FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.mapper import compile_lets
from tillbridge_generic_webstore.mapping.payload import PART, read_order
from tillbridge_generic_webstore.mapping.standing import compile_standing

_OVER: Final = frozenset({Standing.FULFILLED, Standing.CANCELLED, Standing.REFUNDED})
IsOver = Callable[[bytes, Mapping[str, str]], bool]
"""Takes an order's bytes and the public settings; one that cannot be read is not over."""


def compile_over(profile: Profile) -> IsOver:
    """Return what says whether an order is over; what is wrong with the tables is told by the mapping."""
    compiler = FieldCompiler(Mistakes())
    lets = compile_lets(profile.order, compiler)
    standing, clear = compile_standing(profile, compiler), compile_blanks(profile.defaults.nothing)

    def is_over(content: bytes, settings: Mapping[str, str]) -> bool:
        try:
            order, _ = read_order(RawOrder(None, {PART: content}))
            order = order if clear is None else clear(order)
            names: dict[str, Any] = {"_order": order, "_parts": {}, "_settings": dict(settings)}
            scope = Scope(order, names)
            for name, field in lets:
                names[name] = field.get(scope)
            return standing(scope)[0] in _OVER
        except PayloadError:
            return False

    return is_over
