"""Who ordered, and the order's addresses."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from tillbridge.plugin import Address, Consent, WebCustomer
from tillbridge_generic_webstore.expressions.texts import is_missing, text
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.language.ordering import (
    AddressFields,
    ConsentField,
    CustomerFields,
    Defaults,
)
from tillbridge_generic_webstore.mapping.fields import Field, FieldCompiler, Scope

ReadTime = Callable[[Field, Scope], datetime | None]
ReadCustomer = Callable[[Scope], WebCustomer]
ReadAddress = Callable[[Scope], Address | None]

_NAMES: Final = ("first_name", "last_name", "company")
_PLAIN: Final = ("name", "company", "city", "region", "postcode", "phone")
_LINES: Final = ("line1", "line2", "line3")
_LETTERS: Final = 2


def compile_customer(
    fields: CustomerFields, compiler: FieldCompiler, *, source: str, read_time: ReadTime
) -> ReadCustomer:
    """Return what reads the customer; `source` is who heard of a consent to mailings."""
    path: Path = ("order", "customer")
    number = compiler.maybe((*path, "id"), fields.id)
    full = compiler.maybe((*path, "name"), fields.name)
    email = compiler.maybe((*path, "email"), fields.email)
    phone = compiler.maybe((*path, "phone"), fields.phone)
    names = [
        (name, compiler.field((*path, name), given))
        for name in _NAMES
        if (given := getattr(fields, name)) is not None
    ]
    consent = _consent(fields.consent, compiler, source, read_time)
    guests, relays, virtual = frozenset(fields.guest), fields.relays, fields.virtual_phones

    def read(scope: Scope) -> WebCustomer:
        found: dict[str, object] = {name: field.text(scope) for name, field in names}
        who = number.text(scope) if number else ""
        if who and who not in guests:
            found["id"] = who
        if full:
            found["full_name"] = full.text(scope)
        if email and (address := email.text(scope)):
            found["email"] = address
            if relays and address.casefold().endswith(relays):
                found["email_usable"] = False
        if phone and (called := phone.text(scope)):
            found["phone"] = called
            if virtual and called.replace("-", "").replace(" ", "").startswith(virtual):
                found["phone_usable"] = False
        if consent and (agreed := consent(scope)):
            found["consent"] = agreed
        return WebCustomer(**found)  # type: ignore[arg-type]  # pydantic checks each of them

    return read


def _consent(
    given: ConsentField | None, compiler: FieldCompiler, source: str, read_time: ReadTime
) -> Callable[[Scope], Consent | None] | None:
    if given is None:
        return None
    path: Path = ("order", "customer", "consent")
    asked = compiler.field((*path, "of"), given.of)
    when = compiler.maybe((*path, "at"), given.at)
    yes = frozenset(given.yes)

    def read(scope: Scope) -> Consent | None:
        # What is neither yes nor no is unknown, and an order never takes consent away: only yes counts.
        if text(asked.get(scope)) not in yes:
            return None
        return Consent(source=source, at=read_time(when, scope) if when else None)

    return read


def compile_address(
    fields: AddressFields | None, path: Path, compiler: FieldCompiler, defaults: Defaults
) -> ReadAddress:
    """Return what reads one address; None where the order has nothing of it."""
    if fields is None:
        return lambda _: None
    plain = [
        (name, compiler.field((*path, name), given))
        for name in _PLAIN
        if (given := getattr(fields, name)) is not None
    ]
    lines = [
        compiler.field((*path, name), given)
        for name in _LINES
        if (given := getattr(fields, name)) is not None
    ]
    country = compiler.maybe((*path, "country"), fields.country)
    home, known = defaults.country or "", defaults.countries

    def read(scope: Scope) -> Address | None:
        found: dict[str, object] = {name: field.text(scope) for name, field in plain}
        found["street"] = tuple(one for line in lines for one in _texts(line, scope))
        said = country.text(scope) if country else ""
        # A company or a telephone number alone is no place that a parcel could go to.
        if not any(found.get(name) for name in ("street", "city", "postcode", "name")):
            return None
        found["country"] = _country(said, known) or (home if not said else "")
        return Address(**found)  # type: ignore[arg-type]  # pydantic checks each of them

    return read


def _texts(field: Field, scope: Scope) -> list[str]:
    value = field.get(scope)
    if isinstance(value, list):  # Magento's street
        return [said.strip() for one in value if (said := text(one)) and said.strip()]
    return [] if is_missing(value) else [field.text(scope)]


def _country(said: str, known: Mapping[str, str]) -> str:
    """Return the two letters of a country; "" where the webstore calls it otherwise and nobody said how."""
    if said in known:
        return known[said].upper()
    if not (said.isascii() and said.isalpha()):
        return ""
    if len(said) == _LETTERS + 1:
        return _of_three(said.upper())
    return said.upper() if len(said) == _LETTERS else ""


def _of_three(code: str) -> str:
    """Return the two letters of a country that is written with its three (BRA); "" for no country."""
    from babel.core import get_global  # noqa: PLC0415  # few need it

    alike = [str(one) for one in get_global("territory_aliases").get(code, ()) if len(one) == _LETTERS]
    return alike[0] if len(alike) == 1 else ""
