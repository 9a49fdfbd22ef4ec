"""What a webstore has to give back of an order, in amounts, as the order's row keeps them."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Self

from tillbridge.model.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Amounts in minor units of the order's currency; all zero: nothing is owed, or nobody counted it.

    Attributes:
        lines: of items that staff took off it while its sale stood open.
        sale: of goods that came back, or were not taken, as the finished sale says it.
        rest: what was left, where the order came to nothing.
        done: what was given back by then, as staff say.
    """

    lines: int = 0
    sale: int = 0
    rest: int = 0
    done: int = 0

    @classmethod
    def read(cls, text: str | None) -> Self:
        """Return it from an order's column."""
        return cls(**json.loads(text)) if text else cls()

    def write(self) -> str | None:
        """Return it as the column holds it."""
        kept = {name: amount for name, amount in asdict(self).items() if amount}
        return json.dumps(kept) if kept else None

    @property
    def total(self) -> int:
        """What is to be given back in all, what was given back already with it."""
        return self.lines + self.sale + self.rest

    @property
    def due(self) -> int:
        """What is still to be given back."""
        return max(self.total - self.done, 0)

    def settled(self) -> Self:
        """Return it once staff say that all of it was given back."""
        return replace(self, done=max(self.total, self.done))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What is said of an order's refund.

    Attributes:
        due: what is still to be given back.
        done: what was given back, as staff say.
        paid: what the customer paid.
    """

    due: Money
    done: Money
    paid: Money
