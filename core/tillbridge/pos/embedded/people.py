"""Searches for customers: by number, e-mail, phone, post code and name, close spellings too.

What fits exactly comes first. A close spelling is a suggestion for a person and never a match: two people may
differ by one letter.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, or_, select

from tillbridge.db.sets import among
from tillbridge.model.base import clean_text
from tillbridge.model.identifiers import normalise_email, normalise_name
from tillbridge.model.orders import Address
from tillbridge.phones import e164
from tillbridge.pos.cards import CustomerCard, CustomerQuery, FoundCustomer
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, number_of, readable

_NEAR_NAME: Final = 80  # of 100; one syllable of three in another spelling is still above it
_NEAR_EMAIL: Final = 90
_LAST_DIGITS: Final = 4
_SHORTEST_EMAIL: Final = 3


def search_customers(database: Connection, query: CustomerQuery, limit: int) -> Sequence[FoundCustomer]:
    """Return customers who fit any of a query, those who fit most of it first, close spellings last."""
    fitting: dict[int, list[str]] = {}
    for field, find in _EXACT.items():
        if said := clean_text(getattr(query, field)):
            for number in find(database, said, query.country):
                fitting.setdefault(number, []).append(field)
    order = sorted(fitting, key=lambda number: (-len(fitting[number]), number))
    near = _near(database, query, fitting) if len(order) < limit else {}
    chosen = [*order, *near][:limit]
    cards = customer_cards(database, chosen)
    return [
        FoundCustomer(cards[number], tuple(fitting.get(number) or (near[number],)), close=number in near)
        for number in chosen
        if number in cards
    ]


def customer_cards(database: Connection, numbers: Iterable[int]) -> dict[int, CustomerCard]:
    """Return customers by their numbers, in as many queries as there are tables."""
    table, emails, phones = tables.customers, tables.customer_emails, tables.customer_phones
    wanted = sorted(set(numbers))
    rows = database.execute(select(table).where(among(database, table.c.id, wanted))).all()
    mailed: dict[int, list[str]] = {}
    query = select(emails).where(among(database, emails.c.customer_id, wanted)).order_by(emails.c.email_key)
    for row in database.execute(query):
        mailed.setdefault(row.customer_id, []).append(row.email)
    called: dict[int, list[str]] = {}
    asked = select(phones).where(among(database, phones.c.customer_id, wanted)).order_by(phones.c.e164)
    for row in database.execute(asked):
        called.setdefault(row.customer_id, []).append(row.e164)
    return {
        row.id: CustomerCard(
            id=readable(Letter.CUSTOMER, row.id),
            name=row.name,
            number=row.number,
            company=row.company,
            emails=tuple(mailed.get(row.id, ())),
            phones=tuple(called.get(row.id, ())),
            address=Address.model_validate_json(row.address),
        )
        for row in rows
    }


def _of_number(database: Connection, said: str, _: str) -> Iterator[int]:
    table = tables.customers
    own = number_of(Letter.CUSTOMER, said.upper())
    query = select(table.c.id).where(or_(table.c.number == said, table.c.id == (own or 0)))
    yield from database.execute(query).scalars()


def _of_email(database: Connection, said: str, _: str) -> Iterator[int]:
    table = tables.customer_emails
    key = normalise_email(said)
    exact = table.c.email_key == key if key else None
    part = said.casefold()
    wanted = table.c.email_key.contains(part, autoescape=True) if len(part) >= _SHORTEST_EMAIL else exact
    if exact is not None:
        found = list(database.execute(select(table.c.customer_id).where(exact)).scalars())
        if found:
            yield from found
            return
    if wanted is not None:
        yield from database.execute(select(table.c.customer_id).where(wanted).distinct()).scalars()


def _of_phone(database: Connection, said: str, country: str) -> Iterator[int]:
    table = tables.customer_phones
    whole = e164(said, country)
    if whole:
        found = list(database.execute(select(table.c.customer_id).where(table.c.e164 == whole)).scalars())
        if found:
            yield from found
            return
    digits = "".join(sign for sign in said if sign.isdigit()).lstrip("0")
    if len(digits) >= _LAST_DIGITS:
        query = select(table.c.customer_id).where(table.c.e164.endswith(digits)).distinct()
        yield from database.execute(query).scalars()


def _of_postcode(database: Connection, said: str, _: str) -> Iterator[int]:
    table = tables.customers
    asked = "".join(said.split()).casefold()
    like = f'"postcode":"{said}"'
    rough: ColumnElement[bool] = or_(
        table.c.address.contains(like, autoescape=True),
        table.c.shipping_address.contains(like, autoescape=True),
    )
    query = select(table.c.id, table.c.address, table.c.shipping_address).where(rough)
    for row in database.execute(query):
        places = [Address.model_validate_json(text) for text in (row.address, row.shipping_address) if text]
        if any("".join(place.postcode.split()).casefold() == asked for place in places):
            yield row.id


def _of_name(database: Connection, said: str, _: str) -> Iterator[int]:
    """Yield those whose name has every word; written together or apart, as Korean names are."""
    table = tables.customers
    words = normalise_name(said.replace(",", " ")).split()
    fits = [table.c.name_key.contains(word, autoescape=True) for word in words]
    if not fits:
        return
    yield from database.execute(select(table.c.id).where(*fits).order_by(table.c.name_key)).scalars()


_Find = Callable[[Connection, str, str], Iterator[int]]
_EXACT: Final[Mapping[str, _Find]] = {
    "number": _of_number,
    "email": _of_email,
    "phone": _of_phone,
    "name": _of_name,
    "postcode": _of_postcode,
}


def _near(database: Connection, query: CustomerQuery, known: Mapping[int, object]) -> dict[int, str]:
    """Return customers who are spelt closely, the closest first, with the field that is."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # only this search needs it, and it takes a while to load

    found: dict[int, str] = {}
    if query.name:
        table = tables.customers
        rows = database.execute(select(table.c.id, table.c.name_key))
        names = {row.id: spelling(row.name_key) for row in rows if row.id not in known}
        for _, _, number in process.extract(
            spelling(query.name), names, scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR_NAME, limit=20
        ):
            found.setdefault(number, "name")
    email = normalise_email(query.email)
    if email:
        emails = tables.customer_emails
        keys = database.execute(select(emails.c.customer_id, emails.c.email_key))
        near = {row.customer_id: row.email_key for row in keys if row.customer_id not in known}
        for _, _, number in process.extract(
            email, near, scorer=fuzz.ratio, score_cutoff=_NEAR_EMAIL, limit=20
        ):
            found.setdefault(number, "email")
    return found


def spelling(name: str) -> str:
    """Return a name in the form whose letters are compared: Hangul in its parts, accents left out."""
    parts = unicodedata.normalize("NFD", normalise_name(name.replace(",", " ")))
    return "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")
