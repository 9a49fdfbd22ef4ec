"""Puts a chunk of customer rows into the POS: finds whom each is about, and writes what is new."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from tillbridge.db.allot import allot
from tillbridge.db.pieces import pieces
from tillbridge.db.types import AnyRow
from tillbridge.model.identifiers import normalise_name
from tillbridge.model.orders import Address
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.imports.customer_rows import CustomerRow, email_key, owner_key
from tillbridge.pos.embedded.imports.notes import LineNote
from tillbridge.pos.embedded.imports.report import LineRefusal, Outcome
from tillbridge.pos.embedded.imports.running import Before
from tillbridge.pos.embedded.numbers import Letter, readable

_SOURCE: Final = "import"
_COLUMNS: Final = (
    "number",
    "name",
    "name_key",
    "first_name",
    "last_name",
    "company",
    "address",
    "include_in_mailings",
    "mailings_at",
    "mailings_source",
)
_NOBODY: Final[dict[str, Any]] = {
    "number": None,
    "name": "",
    "name_key": "",
    "first_name": "",
    "last_name": "",
    "company": "",
    "address": Address().model_dump_json(),
    "include_in_mailings": False,
    "mailings_at": None,
    "mailings_source": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """What holds for every row of a file."""

    name: str
    at: datetime


@dataclass(slots=True)
class _Known:
    """The customers that a chunk may be about, as they were before it."""

    rows: dict[int, AnyRow] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    by_email: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    emails: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    phones: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(slots=True)
class _Writes:
    """The rows of the tables that a chunk comes to."""

    new: list[CustomerRow] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    emails: list[dict[str, Any]] = field(default_factory=list)
    phones: list[dict[str, Any]] = field(default_factory=list)


def write_customers(
    database: Connection, rows: Sequence[CustomerRow], before: Before, *, file: CustomerFile
) -> Outcome:
    """Write a chunk with a fixed number of queries; see `import_customers` for the rules."""
    known = _known(database, rows)
    lines = before.lines_of(sorted(known.rows))
    outcome, writes = Outcome(), _Writes()
    for row in rows:
        try:
            number = _target(row, known, before, lines)
        except LineRefusal as refusal:
            outcome.refused.append(refusal.at(row.line))
            continue
        outcome.notes += [*row.notes, *_shared(row, number, known, before)]
        if number is None:
            writes.new.append(row)
            outcome.added += 1
            continue
        lines[number] = outcome.touched[f"={number}"] = row.line
        if _change(writes, known, number, row, file):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
    _add_new(database, writes, file)
    _write(database, writes, file)
    return outcome


# Finding


def _known(database: Connection, rows: Sequence[CustomerRow]) -> _Known:
    customers, emails, phones = tables.customers, tables.customer_emails, tables.customer_phones
    known = _Known()
    for piece in pieces(sorted({key for row in rows for key in row.emails})):
        for hit in database.execute(select(emails).where(emails.c.email_key.in_(piece))):
            known.by_email[hit.email_key].add(hit.customer_id)
    by_email = {number for numbers in known.by_email.values() for number in numbers}
    wanted: list[ColumnElement[bool]] = [customers.c.id.in_(piece) for piece in pieces(sorted(by_email))]
    numbers = sorted({row.number for row in rows if row.number})
    wanted += [customers.c.number.in_(piece) for piece in pieces(numbers)]
    for condition in wanted:
        for row in database.execute(select(customers).where(condition)):
            known.rows[row.id] = row
            if row.number:
                known.by_number[row.number] = row.id
    for ids in pieces(sorted(known.rows)):
        for hit in database.execute(select(emails).where(emails.c.customer_id.in_(ids))):
            known.emails[hit.customer_id].add(hit.email_key)
        for hit in database.execute(select(phones).where(phones.c.customer_id.in_(ids))):
            known.phones[hit.customer_id].add(hit.e164)
    return known


def _target(row: CustomerRow, known: _Known, before: Before, lines: Mapping[int, int]) -> int | None:
    """Return the customer that a row is about, or None for a new one."""
    number = known.by_number.get(row.number)
    if number is None:
        number = _by_email(row, known, before, lines)
    if number is None:
        if not (row.name or row.company):
            raise LineRefusal(
                Words("The customer is new, and the line has no name.", "새 고객인데 이름이 비어 있습니다."),
                field="name",
            )
        return None
    if number in lines:
        _, name, value = row.own_keys[0]
        raise LineRefusal(before.repeats(row.line, lines[number]), field=name, value=value)
    return number


def _by_email(row: CustomerRow, known: _Known, before: Before, lines: Mapping[int, int]) -> int | None:
    """Return the customer of a row's e-mails, if they lead to one; with a new number, to one who has none."""
    found: set[int] = set()
    for email in row.emails:
        first = before.keys.get(owner_key(email), row.line)
        if row.number and first < row.line:
            raise LineRefusal(before.repeats(row.line, first), field="email", value=email)
        if before.keys.get(email_key(email), row.line) == row.line:
            found |= known.by_email.get(email, set())
    if row.number:
        # One that an earlier line was about may have got its number there.
        found = {one for one in found if known.rows[one].number is None and one not in lines}
        return next(iter(found)) if len(found) == 1 else None
    if len(found) <= 1:
        return next(iter(found), None)
    named = ", ".join(_named(known.rows[number]) for number in sorted(found))
    raise LineRefusal(
        Words(
            f"The e-mail leads to several customers: {named}. Give the customer's number.",
            f"이메일에 해당하는 고객이 여러 명입니다: {named}. 고객 번호를 함께 적어 주세요.",
        ),
        field="email",
        value="; ".join(row.emails.values()),
    )


def _named(row: AnyRow) -> str:
    return f"{row.name} ({readable(Letter.CUSTOMER, row.id)})"


def _shared(row: CustomerRow, number: int | None, known: _Known, before: Before) -> list[LineNote]:
    """Note each e-mail that another customer has too, in the POS or on an earlier line."""
    notes = []
    for key, email in row.emails.items():
        first = before.keys.get(email_key(key), row.line)
        rivals = sorted(known.by_email.get(key, set()) - {number})
        if first < row.line:
            en, ko = f"the customer of line {first}", f"{first}번째 줄 고객"
        elif rivals:
            en = ko = ", ".join(_named(known.rows[rival]) for rival in rivals)
        else:
            continue
        words = Words(
            f"{email} is also an e-mail of {en}; it will match neither.",
            f"{email}: {ko}의 이메일이기도 하므로 고객을 자동으로 찾는 데 쓰지 않습니다.",
        )
        notes.append(LineNote(row.line, "email", email, words))
    return notes


# Changing


def _change(writes: _Writes, known: _Known, number: int, row: CustomerRow, file: CustomerFile) -> bool:
    """Note what a row changes of a customer who is there; return whether it is anything."""
    before = {name: getattr(known.rows[number], name) for name in _COLUMNS}
    after = {**before, **_columns(row, before, file)}
    if before != after:
        writes.changed[number] = after
    emails = _email_rows(row, number, known.emails[number])
    phones = _phone_rows(row, number, known.phones[number])
    writes.emails += emails
    writes.phones += phones
    return bool(before != after or emails or phones)


def _columns(row: CustomerRow, before: Mapping[str, Any], file: CustomerFile) -> dict[str, Any]:
    """Return the columns of which the row says something."""
    name = row.name or before["name"] or row.company
    said: dict[str, Any] = {"name": name, "name_key": normalise_name(name)}
    for column in ("number", "first_name", "last_name", "company"):
        if value := getattr(row, column):
            said[column] = value
    if row.address:
        said["address"] = row.address.model_dump_json()
    ticked = before["include_in_mailings"]
    if row.mailings and not ticked:
        said |= {
            "include_in_mailings": True,
            "mailings_at": file.at,
            "mailings_source": f"{_SOURCE} {file.name}",
        }
    # An order's consent outlives a file that was written before it.
    if row.mailings is False and ticked and before["mailings_source"].startswith(_SOURCE):
        said |= {"include_in_mailings": False, "mailings_at": None, "mailings_source": ""}
    return said


def _email_rows(row: CustomerRow, number: int, had: set[str]) -> list[dict[str, Any]]:
    return [
        {"customer_id": number, "email_key": key, "email": email}
        for key, email in row.emails.items()
        if key not in had
    ]


def _phone_rows(row: CustomerRow, number: int, had: set[str]) -> list[dict[str, Any]]:
    return [
        {"customer_id": number, "e164": key, "phone": phone}
        for key, phone in row.phones.items()
        if key not in had
    ]


def _add_new(database: Connection, writes: _Writes, file: CustomerFile) -> None:
    numbers = allot(database, tables.customers, len(writes.new))
    rows = []
    for number, row in zip(numbers, writes.new, strict=True):
        rows.append({"id": number, "changed_at": file.at, **_NOBODY, **_columns(row, _NOBODY, file)})
        writes.emails += _email_rows(row, number, set())
        writes.phones += _phone_rows(row, number, set())
    if rows:
        database.execute(insert(tables.customers), rows)


def _write(database: Connection, writes: _Writes, file: CustomerFile) -> None:
    customers = tables.customers
    if writes.changed:
        database.execute(
            update(customers)
            .where(customers.c.id == bindparam("the_id"))
            .values({**{name: bindparam(f"new_{name}") for name in _COLUMNS}, "changed_at": file.at}),
            [
                {"the_id": number, **{f"new_{name}": values[name] for name in _COLUMNS}}
                for number, values in sorted(writes.changed.items())
            ],
        )
    for table, rows in ((tables.customer_emails, writes.emails), (tables.customer_phones, writes.phones)):
        if rows:
            database.execute(insert(table), rows)
