"""What a webstore lists: its own items, by which orders will name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from tillbridge.model.base import Frozen, Name, Text
from tillbridge.model.money import Money
from tillbridge.model.orders import LineIdentifier


class Listing(Frozen):
    """One item that a webstore sells: a variant, where its products have variants."""

    id: Name = Field(min_length=1)
    """As `ListingRef.item_id` of an order's line names it."""
    parent_id: Name | None = None
    """The product that it is a variant of."""
    identifiers: tuple[LineIdentifier, ...] = ()
    """Its numbers, as they are written there."""
    title: Text = ""
    vendor: Text | None = None
    brand: Text | None = None
    price: Money | None = None
    """As the webstore shows it; None: it does not say."""
    quantity: int | None = None
    """Pieces that it shows; None: it does not say."""
    active: bool = True
    """Whether it can be ordered."""
    extra: dict[Name, Name] = Field(default_factory=dict)
    """What else its provider needs to name it when it is told of it, such as the number of its stock."""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of what a webstore lists.

    Attributes:
        listings: the page's items; one that came before is harmless.
        cursor: where reading may go on that is cut off after this page, or None where it cannot.
    """

    listings: Sequence[Listing]
    cursor: str | None = None


class ListingFault(StrEnum):
    """What is wrong with an item that a webstore lists, or should list; scripts may rely on the values."""

    UNMATCHED = "unmatched"  # its numbers lead to no product: an order of it would wait for a person
    SEVERAL = "several"  # they lead to several products
    TWICE = "twice"  # another item of the webstore is the same product
    NOT_LISTED = "not listed"  # it is published, and the webstore does not list it
    REFUSED = "refused"  # the webstore refused what it was told of it
    SHARED = "shared"  # another product of the store has the same barcode
