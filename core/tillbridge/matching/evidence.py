"""What a match rests on: the rule, the keys, and what else competed. It is kept with the order."""

from tillbridge.model.base import Frozen


class Candidate(Frozen):
    """Something that a key led to."""

    id: str
    name: str


class Evidence(Frozen):
    """Why something was found, or was not.

    Attributes:
        rule: the rule that decided; None where none found anything.
        keys: the keys that led to the candidates, as "kind value".
        candidates: everything that they led to; exactly one is a match.
        asked: every key that was asked, of any rule.
    """

    rule: str | None = None
    keys: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def found(self) -> Candidate | None:
        """The one match, or None."""
        return self.candidates[0] if len(self.candidates) == 1 else None


class OrderMatch(Frozen):
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
