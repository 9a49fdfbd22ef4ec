"""What the rules of a sale's changes share: what the POS knows, the sign of a change that is made, words."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tillbridge.model.base import clean_text
from tillbridge.model.money import Money
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.pos.contract import SaleChange, SaleState
from tillbridge.pos.details import SaleAction
from tillbridge.pos.embedded.sheets import Sheet

UNCLEAR: Final = Words("It was not said what to do.", "무엇을 할지 지정되지 않았습니다.")
OPEN: Final = (SaleState.OPEN, SaleState.EMPTIED)


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product as an added item needs it."""

    number: int
    description: str
    price: Money | None


@dataclass(frozen=True, slots=True)
class Counter:
    """What the POS knows of what a batch names: stores by code, products and customers by number."""

    stores: Mapping[str, Store]
    products: Mapping[int, KnownProduct]
    at: datetime
    customers: Collection[int] = ()


Rule = Callable[[Sheet, SaleChange, Counter], Words | None]


def done(sheet: Sheet, change: SaleChange) -> None:
    """Note that a change is made, with its reason as a comment."""
    sheet.changed = True
    sheet.revision += 1
    sheet.say(clean_text(change.reason), clean_text(change.who), again=change.action is SaleAction.COMMENT)
