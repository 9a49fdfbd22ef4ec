"""How an order writes its amounts, read into exact numbers of major units and into money."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from tillbridge.plugin import Money, Words
from tillbridge_generic_webstore.expressions import Number, ReadMoney, ValueFault, read_number
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.expressions.numbers import EXACT
from tillbridge_generic_webstore.language.ordering import MoneyForm

_ONE: Final = Decimal(1)
_MOST_DECIMALS: Final = 9


class MoneyReader:
    """Reads amounts of one currency, as one profile says that they are written.

    Attributes:
        currency: the order's.
        exponent: how many decimals it has.
    """

    __slots__ = ("_form", "_read", "currency", "exponent")

    def __init__(self, form: MoneyForm, currency: str) -> None:
        self.currency = currency
        self.exponent = _decimals(currency)
        self._form = form
        self._read: ReadMoney = read_number if form.unit == "major" else self._minor

    def __call__(self, value: Any) -> Decimal | None:
        """Return an amount in major units; None where there is none.

        Raises:
            ValueFault: it is no number, or of another currency.
        """
        if type(value) is dict:
            return self._of_object(value)
        return value if type(value) is Number else self._read(value)

    def minor(self, value: Decimal) -> tuple[int, bool]:
        """Return an amount of major units in minor ones, rounded half up, and whether that changed it."""
        scaled = value.scaleb(self.exponent, EXACT)
        whole = int(scaled)
        if whole == scaled:
            return whole, False
        return int(scaled.quantize(_ONE, ROUND_HALF_UP, EXACT)), True

    def money(self, minor: int) -> Money:
        """Return minor units as money."""
        return Money(minor, self.currency)

    def _minor(self, value: Any) -> Decimal | None:
        number = read_number(value)
        return None if number is None else number.scaleb(-self._shift({}), EXACT)

    def _shift(self, given: dict[str, Any]) -> int:
        decimals = self._form.decimals
        if decimals is None:
            return self.exponent
        if isinstance(decimals, int):
            return decimals
        found = given.get(decimals)
        return found if type(found) is int and 0 <= found <= _MOST_DECIMALS else self.exponent

    def _of_object(self, given: dict[str, Any]) -> Decimal | None:
        form = self._form
        if form.amount is None:
            raise ValueFault(
                Words(
                    "it is an object; say in defaults.money where its amount is.",
                    "객체입니다. 금액이 어디에 있는지 defaults.money에 적어 주세요.",
                )
            )
        number = read_number(given.get(form.amount))
        if number is None:
            return None
        self._same_currency(given)
        if form.divisor is not None:
            divisor = read_number(given.get(form.divisor))
            if not divisor:
                raise ValueFault(
                    Words(
                        f'its "{form.divisor}" is {shown(given.get(form.divisor))}.',
                        f'"{form.divisor}" 값이 {shown(given.get(form.divisor))}입니다.',
                    )
                )
            return EXACT.divide(number, divisor)
        return number if form.unit == "major" else number.scaleb(-self._shift(given), EXACT)

    def _same_currency(self, given: dict[str, Any]) -> None:
        name = self._form.currency
        found = given.get(name) if name is not None else None
        if isinstance(found, str) and found.upper() != self.currency:
            raise ValueFault(
                Words(
                    f"it is in {found}, and the order in {self.currency}.",
                    f"{found} 금액인데 주문 통화는 {self.currency}입니다.",
                )
            )


@lru_cache(maxsize=512)
def _decimals(currency: str) -> int:
    return -int(Money(1, currency).decimal.as_tuple().exponent)


def money_readers(form: str | MoneyForm) -> Callable[[str], MoneyReader]:
    """Return what makes a reader for a currency: one each, made once.

    The function raises UnknownCurrency for a code that no currency has.
    """
    given = form if isinstance(form, MoneyForm) else MoneyForm(unit="minor" if form == "minor" else "major")
    made: dict[str, MoneyReader] = {}

    def reader(currency: str) -> MoneyReader:
        found = made.get(currency)
        if found is None:
            found = made[currency] = MoneyReader(given, currency)
        return found

    return reader
