"""What a match rests on: the rule, the keys, and what else competed. It is kept with the order."""

from typing import Any

import msgspec


class Candidate(msgspec.Struct, frozen=True):
    """Something that a key led to."""

    id: str
    name: str


class Evidence(msgspec.Struct, frozen=True):
    """Why something was found, or was not.

    Attributes:
        rule: the rule that decided; None where none found anything.
        keys: the keys that led to the candidates, as "kind value".
        candidates: everything that they led to; exactly one is a match.
        asked: every key that was asked, up to the rank at which something was found.
    """

    rule: str | None = None
    keys: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def found(self) -> Candidate | None:
        """The one match, or None."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    def as_json(self) -> str:
        """Return it as it is kept."""
        return _WRITE(self).decode()

    @staticmethod
    def of_json(text: str) -> "Evidence":
        """Return what was kept."""
        return _READ(text)


_WRITE = msgspec.json.Encoder().encode
_READ = msgspec.json.Decoder(Evidence).decode


class OrderMatch(msgspec.Struct, frozen=True):
    """What matching found for one order.

    Attributes:
        customer: evidence for the customer; `conflict` is True where an earlier link and the
            e-mail lead to different customers.
        lines: evidence for each line, in the order's own sequence.
    """

    customer: Evidence
    conflict: bool
    lines: tuple[Evidence, ...]

    @property
    def complete(self) -> bool:
        """Whether the customer and every product are known."""
        return self.customer.found is not None and all(line.found for line in self.lines)
