"""What a webstore lists, by its profile: its items, or their variants, with the numbers they are known by.

A row that cannot be read is left out and logged: one damaged item never hides the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from tillbridge.plugin import (
    Connection,
    IdentifierKind,
    LineIdentifier,
    Listing,
    ListingPage,
    Money,
)
from tillbridge_generic_webstore.calling import paging
from tillbridge_generic_webstore.calling.answers import decode
from tillbridge_generic_webstore.calling.calls import Place, compile_call
from tillbridge_generic_webstore.calling.heads import as_id
from tillbridge_generic_webstore.calling.paging import ListPage, Pager, compile_following
from tillbridge_generic_webstore.calling.parts import AnyPart, compile_parts, fetch_parts
from tillbridge_generic_webstore.calling.templates import as_text
from tillbridge_generic_webstore.expressions import (
    MONEY,
    Expression,
    Number,
    ReadMoney,
    ValueFault,
    read_number,
)
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping.blanks import Clear, compile_blanks
from tillbridge_generic_webstore.mapping.monies import money_readers
from tillbridge_generic_webstore.settings import public_values

_TEXTS: Final = ("title", "vendor", "brand")
_NUMBERS: Final[Mapping[str, IdentifierKind]] = {
    "gtin": IdentifierKind.GTIN,
    "mpn": IdentifierKind.MPN,
    "sku": IdentifierKind.SKU,
}
_FIELDS: Final = ("id", "parent_id", *_TEXTS, *_NUMBERS, "price", "quantity", "active")
_NAMES: Final = ("_settings", "_parts", "_parent")
_NOTHING: Final[tuple[Any, ...]] = (None, False, "", [], {})


@dataclass(frozen=True)
class ListingReader:
    """What a profile says of reading items.

    Attributes:
        pager: asks for the list's pages.
        parts: the second calls.
        variants: where an item holds its variants.
        skip: items that are none.
        fields: by name, where an item has each.
        extra: what else is kept of an item.
        reads: by currency, how amounts are written.
        clear: puts null where the webstore writes something for nothing; None: it does not.
    """

    pager: Pager
    parts: Sequence[AnyPart]
    variants: Expression | None
    skip: Sequence[Expression]
    fields: Mapping[str, Expression]
    extra: Mapping[str, Expression]
    reads: Any
    clear: Clear | None = None

    def pages(self, connection: Connection, cursor: str | None) -> Iterator[ListingPage]:
        """Yield everything that the webstore lists; a list of numbered pages can be read on from any of them.

        Raises:
            ProviderError: as any call.
        """
        start = int(cursor) if cursor and cursor.isdecimal() else 0
        for number, page in enumerate(self.pager.pages(connection, {}, start), start=start + 1):
            listings = list(self._listings(connection, page))
            yield ListingPage(listings, str(number) if self.pager.is_counted else None)

    def _listings(self, connection: Connection, page: ListPage) -> Iterator[Listing]:
        currency = connection.store(None).currency
        names = {"_settings": public_values(connection.settings), MONEY: self.reads(currency)}
        answers = [page.answer.content] * len(page.rows)
        found = fetch_parts(connection, self.parts, page.rows, answers)
        for row, parts in zip(page.rows, found, strict=True):
            try:
                item = self._value(row)
                held = {name: self._value(content) for name, content in parts.items()}
            except ValueError:
                connection.log.warning("an item of %s is damaged and was left out", connection.name)
                continue
            scope = {**names, "_parts": held}
            for value, parent in self._variants(item, scope):
                made = self._made(connection, value, {**scope, "_parent": parent})
                if made is not None:
                    yield made

    def _value(self, content: bytes) -> Any:
        value = decode(content)
        return value if self.clear is None else self.clear(value)

    def _variants(self, item: Any, names: Mapping[str, Any]) -> list[tuple[Any, Any]]:
        """Return an item's variants, each with the item; or the item itself, where it has none."""
        try:
            found = self.variants(item, names) if self.variants else None
        except ValueFault:
            found = None
        return [(one, item) for one in found] if isinstance(found, list) and found else [(item, None)]

    def _made(self, connection: Connection, value: Any, names: Mapping[str, Any]) -> Listing | None:
        try:
            if any(one(value, names) not in _NOTHING for one in self.skip):
                return None
            given = {name: one(value, names) for name, one in self.fields.items()}
            extra = {name: one(value, names) for name, one in self.extra.items()}
            return _listing(given, extra, names[MONEY], connection)
        except (ValueFault, ValidationError, ValueError) as error:
            connection.log.warning("an item of %s was left out: %s", connection.name, type(error).__name__)
            return None


def _listing(
    given: Mapping[str, Any], extra: Mapping[str, Any], reads: ReadMoney, connection: Connection
) -> Listing:
    price, quantity = given.get("price"), given.get("quantity")
    # What a function worked out is in major units already, and is no plain Decimal.
    amount = None if price is None else price if type(price) is Number else reads(price)
    pieces = read_number(quantity)
    active = given.get("active")
    return Listing(
        id=as_id(given.get("id")) or "",
        parent_id=as_id(given.get("parent_id")),
        identifiers=tuple(_identifiers(given)),
        title=_text(given.get("title")) or "",
        vendor=_text(given.get("vendor")),
        brand=_text(given.get("brand")),
        price=None if amount is None else Money.rounded(Decimal(amount), connection.store(None).currency),
        quantity=None if pieces is None else int(pieces),
        active="active" not in given or active not in _NOTHING,
        extra={name: text for name, value in extra.items() if (text := _text(value))},
    )


def _identifiers(given: Mapping[str, Any]) -> Iterator[LineIdentifier]:
    for name, kind in _NUMBERS.items():
        found = given.get(name)
        for value in found if isinstance(found, list) else [found]:
            if text := _text(value):
                yield LineIdentifier(kind=kind, value=text)


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, dict | list) else as_text(value).strip() or None


def compile_listings(profile: Profile, mistakes: Mistakes) -> ListingReader | None:
    """Compile what a profile says of reading items; None where it says nothing.

    What is wrong is added to `mistakes`.
    """
    table = profile.listings
    if table is None:
        return None
    place = Place(profile, ("listings",), paging.PLACEHOLDERS, mistakes)
    given = {name: getattr(table, name) for name in _FIELDS}
    extra = {name: place.expression(one, "extra", name, names=_NAMES) for name, one in table.extra.items()}
    fields = {name: place.expression(one, name, names=_NAMES) for name, one in given.items()}
    skip = [place.expression(one, "skip", at, names=_NAMES) for at, one in enumerate(table.skip)]
    return ListingReader(
        pager=Pager(
            call=compile_call(table, place),
            rows=place.rows(table.rows, "rows"),
            paging=table.paging,
            at=place.expression(table.paging.at, "paging", "at", names=("_settings",)),
            empty_status=table.empty_status,
            following=compile_following(table.paging, place),
            of_items=True,
        ),
        parts=compile_parts(table.parts, Place(profile, ("listings", "parts"), (), mistakes)),
        variants=place.expression(table.variants, "variants", names=("_settings", "_parts")),
        skip=[one for one in skip if one is not None],
        fields={name: one for name, one in fields.items() if one is not None},
        extra={name: one for name, one in extra.items() if one is not None},
        reads=money_readers(profile.defaults.money),
        clear=compile_blanks(profile.defaults.nothing),
    )
