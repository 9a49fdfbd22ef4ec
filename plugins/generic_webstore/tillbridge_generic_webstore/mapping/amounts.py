"""What a line or a charge costs: two of net, tax and gross, or one amount and a flag or a rate."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from tillbridge.plugin import Amount, Money, Remitter, Tax, Words
from tillbridge_generic_webstore.expressions.numbers import EXACT
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.ordering import AmountFields
from tillbridge_generic_webstore.mapping.fields import Field, FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.monies import MoneyReader

_PARTS: Final = ("net", "tax", "gross")
_ONE: Final = Decimal(1)
_ZERO: Final = Decimal(0)


@dataclass(slots=True)
class Sum:
    """An amount in minor units while an order is put together; discounts may still be spread over it.

    Attributes:
        gross: what the customer pays.
        tax: of that, the tax.
        included: whether the price that customers see has its tax in it.
        theirs: of the tax, what the marketplace remits.
        rounded: how many numbers had to be rounded to a minor unit.
        rate: by which the tax was worked out of the amount; None: the webstore said it.
    """

    gross: int
    tax: int
    included: bool
    theirs: int = 0
    rounded: int = 0
    rate: Decimal | None = None

    @property
    def net(self) -> int:
        """What is left without the tax."""
        return self.gross - self.tax

    def add(self, other: "Sum") -> None:
        """Put another one to it."""
        self.gross += other.gross
        self.tax += other.tax
        self.theirs += other.theirs
        self.rounded += other.rounded
        if other.rate != self.rate:
            self.rate = None

    def change(self, price: int, tax: int) -> None:
        """Change it by a part of an order's discount, and by the part of that discount's tax.

        A tax that the webstore has said stays as it is, since it was said after the discount; one that was
        worked out is worked out anew.
        """
        if self.rate is None or tax:
            self.gross += price
            self.tax += tax
        elif self.included:
            self.gross += price
            self.tax = _whole(EXACT.divide(self.gross * self.rate, 1 + self.rate))
        else:
            net = self.net + price
            self.tax = _whole(net * self.rate)
            self.gross = net + self.tax

    def amount(self, currency: str) -> Amount:
        """Return it in tillbridge's words."""
        taxes = []
        if own := self.tax - self.theirs:
            taxes.append(Tax(amount=Money(own, currency)))
        if self.theirs:
            taxes.append(Tax(amount=Money(self.theirs, currency), remitter=Remitter.MARKETPLACE))
        return Amount(net=Money(self.net, currency), taxes=tuple(taxes), tax_included=self.included)


def _whole(value: Decimal) -> int:
    return int(value.quantize(_ONE, ROUND_HALF_UP, EXACT))


class AmountField:
    """Reads one amount as a table of a profile has it.

    Attributes:
        says_tax: whether the table says anything of tax.
    """

    def __init__(
        self, fields: AmountFields, path: Path, compiler: FieldCompiler, names: frozenset[str]
    ) -> None:
        def maybe(name: str) -> Field | None:
            return compiler.maybe((*path, name), getattr(fields, name), names)

        self._net, self._tax, self._gross = (maybe(name) for name in _PARTS)
        self._one, self._includes = maybe("amount"), maybe("includes_tax")
        self._rate, self._theirs = maybe("tax_rate"), maybe("marketplace_tax")
        self.fields = [one for one in (self._gross, self._one, self._net, self._tax) if one is not None]
        self.says_tax = any(
            one is not None for one in (self._tax, self._gross, self._includes, self._rate)
        ) or (self._net is not None and self._gross is not None)

    @property
    def first(self) -> Field:
        """The field that messages about the whole amount name."""
        return self.fields[0]

    def read(self, scope: Scope, reader: MoneyReader) -> Sum | None:
        """Return the amount; None where nothing of it is there."""
        exact = self._exact(scope)
        if exact is None:
            return None
        gross, tax, included = exact
        theirs = self._theirs.amount(scope) if self._theirs else None
        gross_minor, gross_rounded = reader.minor(gross)
        tax_minor, tax_rounded = reader.minor(tax) if tax else (0, False)
        theirs_minor = reader.minor(theirs)[0] if theirs else 0
        rounded = gross_rounded + tax_rounded
        return Sum(gross_minor, tax_minor, included, theirs_minor, rounded, self._used_rate(scope))

    def _used_rate(self, scope: Scope) -> Decimal | None:
        """Return the rate where the tax came by it."""
        if self._rate is None or (self._tax is not None and self._tax.amount(scope) is not None):
            return None
        return self._rate.number(scope)

    def _exact(self, scope: Scope) -> tuple[Decimal, Decimal, bool] | None:
        """Return gross and tax as the payload has them, and whether the price has its tax in it."""
        tax = self._tax.amount(scope) if self._tax else None
        if self._one:
            return self._by_flag(scope, self._one.amount(scope), tax)
        net = self._net.amount(scope) if self._net else None
        gross = self._gross.amount(scope) if self._gross else None
        if gross is None and net is None:
            return None
        included = self._included(scope, default=self._net is None)
        if gross is None:
            assert net is not None  # see above
            if tax is None and self._rate:
                tax = self._of_net(scope, net)
            return EXACT.add(net, tax or _ZERO), tax or _ZERO, included
        if net is not None and tax is not None and EXACT.add(net, tax) != gross:
            raise self._contradiction(scope, net, tax, gross)
        if tax is None:
            tax = EXACT.subtract(gross, net) if net is not None else self._of_gross(scope, gross)
        return gross, tax, included

    def _by_flag(
        self, scope: Scope, amount: Decimal | None, tax: Decimal | None
    ) -> tuple[Decimal, Decimal, bool] | None:
        if amount is None:
            return None
        included = self._included(scope, default=True)
        if included:
            return amount, tax if tax is not None else self._of_gross(scope, amount), True
        if tax is None:
            tax = self._of_net(scope, amount)
        return EXACT.add(amount, tax), tax, False

    def _included(self, scope: Scope, *, default: bool) -> bool:
        return self._includes.holds(scope) if self._includes else default

    def _of_net(self, scope: Scope, net: Decimal) -> Decimal:
        rate = self._rate.number(scope) if self._rate else None
        return EXACT.multiply(net, rate) if rate else _ZERO

    def _of_gross(self, scope: Scope, gross: Decimal) -> Decimal:
        rate = self._rate.number(scope) if self._rate else None
        if not rate:
            return _ZERO
        return EXACT.divide(EXACT.multiply(gross, rate), EXACT.add(_ONE, rate))

    def _contradiction(self, scope: Scope, net: Decimal, tax: Decimal, gross: Decimal) -> Exception:
        return self.first.fault(
            scope,
            Words(
                f"net {net:f} and tax {tax:f} are {EXACT.add(net, tax):f}, but gross is {gross:f}.",
                f"순액 {net:f}과 세금 {tax:f}의 합은 {EXACT.add(net, tax):f}인데 총액은 {gross:f}입니다.",
            ),
        )


def check_amount(fields: AmountFields, path: Path, compiler: FieldCompiler, *, single: bool) -> None:
    """Note what is wrong with how a table says an amount.

    Args:
        fields: the table.
        path: where it stands.
        compiler: has the mistakes.
        single: whether one number is enough: a tip, a discount.
    """
    given = [name for name in _PARTS if getattr(fields, name) is not None]
    words: Words | None = None
    if fields.amount is not None:
        if "net" in given or "gross" in given:
            words = Words(
                "say amount, or net and gross, not both", "amount와 net·gross를 함께 쓸 수 없습니다"
            )
        elif fields.includes_tax is None and not single:
            words = Words(
                "amount alone says nothing of tax: add includes_tax",
                "amount만으로는 세금을 알 수 없습니다. includes_tax를 추가해 주세요",
            )
    elif "net" not in given and "gross" not in given:
        words = Words(
            "there is no amount: say net and tax, net and gross, gross and tax, or amount and includes_tax",
            "금액이 없습니다. net과 tax, net과 gross, gross와 tax, 또는 amount와 includes_tax를 적어 주세요",
        )
    elif given == ["net"] and fields.tax_rate is None and not single:
        words = Words(
            "net alone says nothing of tax: add tax, gross or tax_rate",
            "net만으로는 세금을 알 수 없습니다. tax, gross 또는 tax_rate를 추가해 주세요",
        )
    if words:
        compiler.mistakes.add(path, words)
