"""What each expression of a profile reads of a payload: its trails, from the place where it is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import jmespath

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.kinds import Kind
from tillbridge_generic_webstore.language.mistakes import Mistake, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.walking import texts_of
from tillbridge_generic_webstore.trying.usage import ITEM, PROJECTIONS, Reading, Trails

_TOP: Final[Trails] = frozenset({()})


@dataclass(frozen=True, slots=True)
class Read:
    """An expression over an order or a line.

    Attributes:
        path: its keys in the profile.
        source: its text.
        trails: what it reads.
        valued: what of that may be in its value; the rest is only compared.
        uses: what of that it needs as a whole: of a value that is worked out first only what chooses it, for
            others say what of it they need.
    """

    path: Path
    source: str
    trails: Trails
    valued: Trails
    uses: Trails

    @property
    def place(self) -> str:
        """Its place, as people write it."""
        return Mistake(self.path, Words("", "")).place


def reads_of(profile: Profile) -> Iterator[Read]:
    """Yield every expression that says something of an order, with what it reads."""
    scopes = _Scopes(profile)
    for path, kind, source in texts_of(profile):
        if kind is Kind.EXPRESSION and _is_of_orders(path):
            reading = Reading(scopes.of(path), scopes.names)
            trails, yielded = reading.of(source)
            uses = trails - yielded if path[:2] == ("order", "let") else trails
            yield Read(path, source, trails, reading.valued, uses)


def _is_of_orders(path: Path) -> bool:
    if path[0] == "orders":
        return path[1] == "not_an_order" or (path[1] == "parts" and path[3] == "for")
    return path[0] in ("order", "lines")


class _Scopes:
    """From where the expressions of each table are asked."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self.names: Mapping[str, Trails] = {"_order": _TOP}
        for name, source in profile.order.let.items():  # each sees those before it
            self.names = {**self.names, f"_{name}": self._value(source)}
        joins = profile.lines.join
        rows = {f"_{name}": self._rows(join.from_, _TOP) for name, join in joins.items()}
        self.names = {**self.names, **rows}
        self._lines = self._rows(profile.lines.from_, _TOP)

    def of(self, path: Path) -> Trails:
        """Return where the expression at a path of the profile is asked."""
        if path[0] == "lines" and path[1:] != ("from",):
            if path[1] == "join" and path[-1] != "on":
                return self.names[f"_{path[2]}"] if path[-1] == "key" else _TOP
            return self._lines
        if path[:2] in (("order", "charges"), ("order", "tenders")) and path[-1] != "each":
            tables = self._profile.order.charges if path[1] == "charges" else self._profile.order.tenders
            each = tables[int(path[2])].each
            return self._rows(each, _TOP) if each else _TOP
        return _TOP

    def _value(self, source: str) -> Trails:
        """Return the places of what an expression yields: of a list the list, not each that is in it."""
        _, yielded = Reading(_TOP, self.names).of(source)
        if jmespath.compile(source).parsed["type"] not in PROJECTIONS:
            return yielded
        return frozenset(trail[:-1] if trail[-1:] == (ITEM,) else trail for trail in yielded)

    def _rows(self, source: str, scope: Trails) -> Trails:
        """Return the places of the list that an expression yields."""
        _, yielded = Reading(scope, self.names).of(source)
        return frozenset(trail if trail[-1:] == (ITEM,) else (*trail, ITEM) for trail in yielded)
