"""Reads one row of a customer file: who it is about, and what it says of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.model.identifiers import normalise_email
from tillbridge.model.orders import Address
from tillbridge.model.words import Words
from tillbridge.phones import e164
from tillbridge.pos.embedded.imports.notes import LineNote
from tillbridge.pos.embedded.imports.reading.fields import SheetRow
from tillbridge.pos.embedded.imports.report import Key, LineRefusal
from tillbridge.pos.embedded.imports.values import checked_key, read_yes_no

_COUNTRY_LETTERS = 2
_NONE = frozenset({"n/a", "na", "none", "null", "-", "0", "없음"})
_ADDRESS = ("street", "city", "region", "postcode", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """What a row says of a customer; "", None and nothing where it says nothing.

    Attributes:
        emails: by the form that is compared, as they are written.
        phones: by their E.164 form, as they are written.
        mailings: whether to include them in mailings.
        own_keys: the customer's number; without it the e-mails.
        other_keys: the e-mails of a row that has a number: customers may share those.
        notes: what there is to know about it if it is taken.
    """

    line: int
    number: str
    name: str
    first_name: str
    last_name: str
    company: str
    emails: dict[str, str]
    phones: dict[str, str]
    address: Address | None
    mailings: bool | None
    own_keys: Sequence[Key]
    other_keys: Sequence[str]
    notes: Sequence[LineNote]


def number_key(number: str) -> str:
    """Return the key of a customer's number among the keys of a file."""
    return f"number:{number}"


def email_key(email: str) -> str:
    """Return the key of an e-mail among the keys of a file."""
    return f"email:{email}"


def owner_key(email: str) -> str:
    """Return the key of an e-mail that alone says whom its row is about."""
    return f"only:{email}"


def read_customer(row: SheetRow, *, country: str) -> CustomerRow:
    """Read a row.

    Args:
        row: of the file.
        country: of two letters, by which phones are read where the row names no country.

    Raises:
        LineRefusal: neither a number nor a usable e-mail says who it is about, or a value cannot be read.
    """
    notes: list[LineNote] = []
    number = checked_key(row.get("number"), field="number")
    emails = _emails(row, notes)
    if not number and not emails:
        raise LineRefusal(
            Words(
                "The line has neither a customer number nor an e-mail address that can be used.",
                "고객 번호와 사용할 수 있는 이메일이 모두 없습니다.",
            )
        )
    own_country = _country(row, notes)
    first, last = row.get("first"), row.get("last")
    return CustomerRow(
        line=row.line,
        number=number,
        name=row.get("name") or f"{first} {last}".strip(),
        first_name=first,
        last_name=last,
        company=row.get("company"),
        emails=emails,
        phones=_phones(row, own_country or country, notes),
        address=_address(row, own_country),
        mailings=read_yes_no(row.get("include_in_mailings"), field="include_in_mailings"),
        own_keys=[Key(number_key(number), "number", number)]
        if number
        else [Key(email_key(key), "email", email) for key, email in emails.items()],
        other_keys=[email_key(key) for key in emails] if number else [owner_key(key) for key in emails],
        notes=notes,
    )


def _emails(row: SheetRow, notes: list[LineNote]) -> dict[str, str]:
    found: dict[str, str] = {}
    for email in _listed(row, "email"):
        key = normalise_email(email)
        if key:
            found.setdefault(key, email)
            continue
        words = Words(
            f"{email!r} is no e-mail address that reaches anybody; it is left out.",
            f"{email!r}: 사용할 수 없는 이메일 주소라서 제외했습니다.",
        )
        notes.append(LineNote(row.line, "email", email, words))
    return found


def _phones(row: SheetRow, country: str, notes: list[LineNote]) -> dict[str, str]:
    found: dict[str, str] = {}
    for phone in _listed(row, "phone"):
        number = e164(phone, country)
        if number:
            found.setdefault(number, phone)
            continue
        words = Words(
            f"{phone!r} is no telephone number; it is left out.",
            f"{phone!r}: 전화번호로 읽을 수 없어 제외했습니다.",
        )
        notes.append(LineNote(row.line, "phone", phone, words))
    return found


def _listed(row: SheetRow, field: str) -> list[str]:
    """Return the values of cells that may hold several, without those that say "none"."""
    values = (value.strip() for cell in row.all(field) for value in cell.replace(",", ";").split(";"))
    return [value for value in values if value and value.casefold() not in _NONE]


def _country(row: SheetRow, notes: list[LineNote]) -> str:
    country = row.get("country")
    code = country.upper()
    if not country or (len(code) == _COUNTRY_LETTERS and code.isascii() and code.isalpha()):
        return code
    words = Words(
        f"{country!r} is no country code of two letters, as in KR; it is left out.",
        f"{country!r}: KR과 같은 두 글자 국가 코드가 아니라서 제외했습니다.",
    )
    notes.append(LineNote(row.line, "country", country, words))
    return ""


def _address(row: SheetRow, country: str) -> Address | None:
    if not any(row.all(field) for field in _ADDRESS):
        return None
    return Address(
        street=tuple(row.all("street")),
        city=row.get("city"),
        region=row.get("region"),
        postcode=row.get("postcode"),
        country=country,
    )
