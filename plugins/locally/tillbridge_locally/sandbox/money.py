"""What Locally held, charged, released and refunded, item by item, as its payment processor would list it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from tillbridge_locally.sandbox.store import Entry, text, word


class Kind(StrEnum):
    """What was done with the customer's money."""

    HELD = "held"
    CHARGED = "charged"
    RELEASED = "released"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Movement:
    """One act of the payment processor for one item.

    Attributes:
        id: its own, unlike any other.
        amount: in major units, above 0.
    """

    id: str
    item: str
    kind: Kind
    amount: Decimal | int
    at: datetime

    def shown(self) -> dict[str, Any]:
        """Return it as the cart has it."""
        return {
            "id": self.id,
            "item": self.item,
            "kind": self.kind.value,
            "amount": self.amount,
            "at": text(self.at),
        }


_SECURED: Final = frozenset({"authorized", "captured", "released", "refunded"})
_GONE: Final = frozenset({"denied", "cancelled", "refunded"})
_CONFIRMED: Final = frozenset({"confirmed", "ready", "picked_up"})
_CALLED_OFF: Final = frozenset({"denied", "cancelled", "auto_cancelled", "refunded"})
_HANDED_OVER: Final = frozenset({"picked_up", "delivered"})


def follow(entry: Entry, *, tax_inside: bool, now: datetime) -> None:
    """Hold, charge, release and refund what an order's items have come to; a reservation has no money.

    The store's yes charges an item, its no releases it, or refunds it where it was charged.
    """
    cart = entry.cart
    if cart.get("for_hold") or word(cart.get("payment_status")) not in _SECURED:
        return
    for item, held, kept in _due(cart, entry.items(), tax_inside=tax_inside):
        _bring(entry, item, (held, kept), now)
    cart["payments"] = [one.shown() for one in entry.movements]
    cart["payment_status"] = _status(entry)


def sums(entry: Entry) -> dict[str, Decimal | int]:
    """Return what is held still, and what was charged, released and refunded altogether."""
    total: Counter[Kind] = Counter()
    for one in entry.movements:
        total[one.kind] += one.amount  # type: ignore[assignment]  # amounts of one currency, whole or not
    held = total[Kind.HELD] - total[Kind.CHARGED] - total[Kind.RELEASED]
    return {
        "held": held,
        "charged": total[Kind.CHARGED],
        "released": total[Kind.RELEASED],
        "refunded": total[Kind.REFUNDED],
    }


def _due(
    cart: dict[str, Any], items: Iterator[dict[str, Any]], *, tax_inside: bool
) -> Iterator[tuple[str, Decimal | int, Decimal | int]]:
    """Yield each item with what should be held, and what should be charged and not given back."""
    status = word(cart.get("status"))
    for item in items:
        state, amount = word(item.get("status")), _amount(item, tax_inside=tax_inside)
        if amount is None:
            continue
        if status in _CALLED_OFF or state in _GONE:
            yield str(item["id"]), 0, 0
        elif status in _HANDED_OVER or state in _CONFIRMED:
            yield str(item["id"]), 0, amount
        else:
            yield str(item["id"]), amount, 0


def _amount(item: dict[str, Any], *, tax_inside: bool) -> Decimal | int | None:
    """Return what an item costs, or None where its numbers are damaged."""
    numbers = [item.get(name) for name in ("price_per_unit", "tax_per_unit", "qty")]
    if not all(type(one) in {int, Decimal} for one in numbers):
        return None
    price, tax, quantity = numbers
    return (price if tax_inside else price + tax) * quantity  # type: ignore[operator,no-any-return]  # numbers, as was seen


def _bring(entry: Entry, item: str, due: tuple[Decimal | int, Decimal | int], now: datetime) -> None:
    """Write down what brings an item's money from where it is to where it should be."""
    due_held, due_kept = due

    def note(kind: Kind, amount: Decimal | int) -> None:
        if amount > 0:
            number = f"{entry.hash}-{len(entry.movements) + 1}"
            entry.movements.append(Movement(number, item, kind, amount, now))

    total = {kind: _total(entry, item, kind) for kind in Kind}
    held = total[Kind.HELD] - total[Kind.CHARGED] - total[Kind.RELEASED]
    kept = total[Kind.CHARGED] - total[Kind.REFUNDED]
    charge = max(0, due_kept - kept)
    note(Kind.HELD, charge - held)
    held = max(held, charge)
    note(Kind.CHARGED, charge)
    note(Kind.REFUNDED, kept - due_kept)
    note(Kind.RELEASED, held - charge - due_held)
    note(Kind.HELD, due_held - (held - charge))


def _total(entry: Entry, item: str, kind: Kind) -> Decimal | int:
    return sum(one.amount for one in entry.movements if (one.item, one.kind) == (item, kind))


def _status(entry: Entry) -> str:
    found = sums(entry)
    if found["charged"] > found["refunded"]:
        return "captured"
    if found["held"]:
        return "authorized"
    return "refunded" if found["refunded"] else "released"
