"""Compiles a profile's order tables into one function: an order's bytes into a web order."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from tillbridge.plugin import (
    MoneyError,
    NotAnOrder,
    OrderKind,
    PayloadError,
    RawOrder,
    Standing,
    TillbridgeError,
    WebOrder,
    Words,
)
from tillbridge_generic_webstore.expressions import MONEY, ValueFault
from tillbridge_generic_webstore.expressions.faults import shown
from tillbridge_generic_webstore.language.connecting import NoOrder
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.ordering import OrderFields
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping.blanks import compile_blanks
from tillbridge_generic_webstore.mapping.charged import compile_money
from tillbridge_generic_webstore.mapping.charges import ChargeReader, Extras, lines_as_extras
from tillbridge_generic_webstore.mapping.faults import ROOT, damaged
from tillbridge_generic_webstore.mapping.fields import ORDER_NAMES, Field, FieldCompiler, Places, Scope
from tillbridge_generic_webstore.mapping.lines import Line, LineReader
from tillbridge_generic_webstore.mapping.monies import MoneyReader, money_readers
from tillbridge_generic_webstore.mapping.payload import read_order
from tillbridge_generic_webstore.mapping.people import compile_address, compile_customer
from tillbridge_generic_webstore.mapping.standing import compile_standing
from tillbridge_generic_webstore.mapping.tenders import compile_paid, compile_tenders
from tillbridge_generic_webstore.mapping.times import TimeReader
from tillbridge_generic_webstore.mapping.totals import Sums, check_tax, check_total, sums_of, tolerance
from tillbridge_generic_webstore.mapping.zones import compile_zone

_KINDS: Final = frozenset(OrderKind)
_CODE: Final = re.compile("[A-Z]{3}")
# Webstores take lines, or the total, out of these as they like; that they are over must be seen all the same.
_OVER: Final = frozenset({Standing.CANCELLED, Standing.REFUNDED})
_TAKEN: Final = frozenset(name.removeprefix("_") for name in ORDER_NAMES)
ReadKind = Callable[[Scope], OrderKind]


class Mapper:
    """Turns one order's bytes into a web order, as a profile says; pure, and made once for a profile.

    Attributes:
        fields: every expression that it evaluates.
    """

    def __init__(self, profile: Profile, compiler: FieldCompiler) -> None:
        order = profile.order
        self._lets = compile_lets(order, compiler)
        self._no_orders = _compile_no_orders(profile.orders.not_an_order, compiler)
        self._clear = compile_blanks(profile.defaults.nothing)
        self._readers = money_readers(profile.defaults.money)
        time = profile.defaults.time
        self._times = TimeReader((time,) if isinstance(time, str) else time)
        self._zone = compile_zone(profile.defaults.zone, compiler)
        self._plain(order, compiler)
        self._standing = compile_standing(profile, compiler)
        self._kind = _compile_kind(order, compiler)
        self._paid = compile_paid(order, compiler)
        self._done = compile_money(order, compiler)
        self._tenders = compile_tenders(order, compiler)
        self._customer = compile_customer(
            order.customer, compiler, source=profile.title, read_time=self._moment
        )
        self._billing, self._shipping = (
            compile_address(getattr(order, name), ("order", name), compiler, profile.defaults)
            for name in ("billing_address", "shipping_address")
        )
        self._charges = [ChargeReader(one, at, compiler) for at, one in enumerate(order.charges)]
        self._lines = LineReader(profile.lines, compiler)
        self.fields: Sequence[Field] = compiler.fields

    def _plain(self, order: OrderFields, compiler: FieldCompiler) -> None:
        self._id, self._placed, self._currency, self._total = (
            compiler.field(("order", name), getattr(order, name))
            for name in ("id", "placed", "currency", "total")
        )
        self._number, self._updated, self._revision, self._total_tax, self._location, self._note = (
            compiler.maybe(("order", name), getattr(order, name))
            for name in ("number", "updated", "revision", "total_tax", "location", "note")
        )

    def parse(
        self, raw: RawOrder, settings: Mapping[str, str], *, held: bool = True
    ) -> WebOrder | NotAnOrder:
        """Return the order in tillbridge's words, or why it is none.

        Args:
            raw: the order's parts: "order", and one for each second call of the profile.
            settings: what the user filled in, without the secrets.
            held: whether its total and tax are held to their parts; False only to show what does not agree.

        Raises:
            PayloadError: what is damaged, with the profile's place and the payload's field.
        """
        order, parts = read_order(raw)
        if self._clear is not None:
            order, parts = self._clear(order), self._clear(parts)
        # Expressions look into plain dicts only, as JSON has them.
        names: dict[str, Any] = {"_order": order, "_parts": parts, "_settings": dict(settings)}
        scope = Scope(order, names)
        self._let(scope)
        for when, reason in self._no_orders:
            if when.holds(scope):
                return NotAnOrder(reason)
        try:
            return self._web_order(scope, held=held)
        except ValidationError as error:
            raise _invalid(error) from error
        except MoneyError as error:  # an amount, or a sum of them, that no money can be
            raise self._total.fault(scope, error.words) from error

    def _let(self, scope: Scope) -> None:
        for name, field in self._lets:
            scope.names[name] = field.get(scope)

    def _web_order(self, scope: Scope, *, held: bool) -> WebOrder:
        number = self._id.text(scope)
        if not number:
            raise self._id.missing(scope)
        reader = self._money(scope)
        names = scope.names
        names[MONEY] = reader
        self._let(scope)  # once more: only now it is known how amounts are written
        names["$zone"] = self._zone(scope)
        standing, said = self._standing(scope)
        kind = self._kind(scope)
        lines, extras, total = self._sums(scope, reader, is_over=standing in _OVER, held=held)
        currency = reader.currency
        paid = self._paid(scope, standing, kind)
        placed = self._moment(self._placed, scope)
        if placed is None:
            raise self._placed.missing(scope)
        rounded = extras.rounded + sum(line.sum.rounded for line in lines)
        return WebOrder(
            id=number,
            number=(self._number.text(scope) if self._number else "") or number,
            kind=kind,
            standing=standing,
            placed_at=placed,
            updated_at=self._moment(self._updated, scope) if self._updated else None,
            revision=self._whole(self._revision, scope) if self._revision else None,
            currency=currency,
            total=reader.money(total),
            lines=tuple(line.web_line(currency) for line in lines),
            customer=self._customer(scope),
            paid=paid,
            money=self._done(scope, paid) if paid or standing in _OVER else None,
            location=(self._location.text(scope) or None) if self._location else None,
            charges=extras.web_charges(currency),
            tip=reader.money(extras.tip) if extras.tip else None,
            rounding=reader.money(extras.rounding) if extras.rounding else None,
            rounded_amounts=rounded,
            discounts=extras.web_discounts(currency),
            tenders=self._tenders(scope, reader, total) if paid else (),
            billing_address=self._billing(scope),
            shipping_address=self._shipping(scope),
            webstore_status=said,
            note=self._note.text(scope) if self._note else "",
        )

    def _sums(
        self, scope: Scope, reader: MoneyReader, *, is_over: bool, held: bool
    ) -> tuple[list[Line], Extras, int]:
        """Return lines, extras and total, held against each other where the order can still be sold."""
        told = self._total.amount(scope)
        if told is None:
            raise self._total.missing(scope)
        total, total_rounded = reader.minor(told)
        lines, extras = self._lines.read(scope, reader, is_over=is_over), Extras()
        try:
            for charge in self._charges:
                charge.read(scope, reader, lines, extras)
        except PayloadError:
            self._lines.hold_there(scope, lines)
            raise
        products = lines_as_extras(lines, extras, reader.currency)
        sums = sums_of(total, int(total_rounded), products, extras)
        within = tolerance(sums, products, extras)
        if abs(extras.rounding) > within:
            extras.round_by_charge()
        if held and not is_over:
            if abs(sums.total - sums.parts) > within:
                self._lines.hold_there(scope, lines)
            self._hold(scope, reader, sums, within)
        extras.rounded += total_rounded
        return products, extras, total

    def _hold(self, scope: Scope, reader: MoneyReader, sums: Sums, within: int) -> None:
        check_total(self._total, scope, sums, reader, within)
        if self._total_tax and (tax := self._total_tax.amount(scope)) is not None:
            minor, tax_rounded = reader.minor(tax)
            check_tax(self._total_tax, scope, minor, sums, reader, within + tax_rounded)

    def _money(self, scope: Scope) -> MoneyReader:
        code = self._currency.text(scope)
        if not code:
            raise self._no_currency(scope)
        try:
            return self._readers(code.upper())
        except TillbridgeError as error:
            raise self._currency.fault(scope, error.words) from error

    def _no_currency(self, scope: Scope) -> PayloadError:
        source = self._currency.source
        if not _CODE.fullmatch(source):
            return self._currency.missing(scope)
        return self._currency.fault(
            scope,
            Words(
                f"there is no field {source}; for the currency itself write \"'{source}'\".",
                f"{source} 필드가 없습니다. 통화를 직접 적으려면 \"'{source}'\"로 써 주세요.",
            ),
        )

    def _moment(self, field: Field, scope: Scope) -> datetime | None:
        value = field.get(scope)
        try:
            return self._times.read(value, scope.names["$zone"])
        except ValueFault as fault:
            raise field.fault(scope, fault.words) from fault

    @staticmethod
    def _whole(field: Field, scope: Scope) -> int | None:
        number = field.number(scope)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise field.fault(
                scope,
                Words(
                    f"a whole number is expected; it is {number:f}.",
                    f"정수여야 합니다. 받은 값: {number:f}.",
                ),
            )
        return int(number)


def compile_mapping(profile: Profile, mistakes: Mistakes, places: Places | None = None) -> Mapper:
    """Return what turns the orders of a profile's webstore into web orders.

    Args:
        profile: as its file has it.
        mistakes: where to note what is wrong with the order's tables; nothing is raised for them.
        places: where in its file a place of the profile is ("shop.toml:17"); for messages about orders.
    """
    return Mapper(profile, FieldCompiler(mistakes, places))


def compile_lets(order: OrderFields, compiler: FieldCompiler) -> list[tuple[str, Field]]:
    """Return what is worked out first, by its name; each sees those before it, and all else sees them."""
    made = []
    for name, source in order.let.items():
        path = ("order", "let", name)
        if name in _TAKEN:
            compiler.mistakes.add(path, _taken(name))
            continue
        made.append((f"_{name}", compiler.field(path, source)))
        compiler.known |= {f"_{name}"}
        compiler.lets[f"_{name}"] = compiler.place(path)
    return made


def _taken(name: str) -> Words:
    return Words(
        f"_{name} is there already; give the value another name",
        f"_{name}은(는) 이미 있는 이름입니다. 다른 이름을 써 주세요",
    )


def _compile_no_orders(given: Sequence[NoOrder], compiler: FieldCompiler) -> list[tuple[Field, Words]]:
    return [
        (
            compiler.field(("orders", "not_an_order", at, "when"), one.when),
            Words(one.reason, one.reason_ko or one.reason),
        )
        for at, one in enumerate(given)
    ]


def _compile_kind(order: OrderFields, compiler: FieldCompiler) -> ReadKind:
    field = compiler.maybe(("order", "kind"), order.kind)
    otherwise = OrderKind(order.kind_else)
    if field is None:
        return lambda _: otherwise
    asked = field
    kinds = {value: OrderKind(word) for value, word in order.kinds.items()}

    def read(scope: Scope) -> OrderKind:
        said = asked.text(scope)
        found = kinds.get(said)
        if found is None:
            return OrderKind(said) if said in _KINDS else otherwise
        return found

    return read


def _invalid(error: ValidationError) -> PayloadError:
    """Say what no web order takes: an ID that no database holds, a quantity of ten decimals."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or ROOT
    value = shown(first["input"])
    return damaged(
        place, Words(f"{value} cannot be used: {first['msg']}.", f"{value}: 사용할 수 없는 값입니다.")
    )
