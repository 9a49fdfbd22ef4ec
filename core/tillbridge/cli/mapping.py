"""Asks a person at a terminal, once for each vendor, what the columns of a file mean."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import typer
from rich.table import Table
from rich.text import Text

from tillbridge.cli.file_reports import mapping_words
from tillbridge.cli.session import Session
from tillbridge.model.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tillbridge.pos.embedded.imports import FileOptions
    from tillbridge.pos.embedded.imports.reading.sheet import Sheet

Needs = Sequence[Sequence[str]]
"""Groups of fields; a file needs one field of each."""

PRODUCT_NEEDS: Final[Needs] = (("vpn", "gtin", "sku"), ("description",))
CUSTOMER_NEEDS: Final[Needs] = (("number", "email"), ("name", "first", "last", "company"))
_PRODUCTS: Final[Mapping[str, Words]] = {
    "vpn": Words("the vendor's part number", "공급업체 부품 번호"),
    "gtin": Words("the barcode (UPC, EAN)", "바코드(UPC, EAN)"),
    "sku": Words("the vendor's item code", "상품 코드(SKU)"),
    "description": Words("the product's name", "제품명"),
    "price": Words("the shop's price", "판매가"),
    "cost": Words("what the shop pays", "원가"),
    "brand": Words("the brand", "브랜드"),
    "mpn": Words("the maker's part number", "제조사 부품 번호"),
    "on_hand": Words("pieces in stock", "재고 수량"),
}
_CUSTOMERS: Final[Mapping[str, Words]] = {
    "number": Words("the customer's number", "고객 번호"),
    "email": Words("the e-mail", "이메일"),
    "name": Words("the whole name", "이름"),
    "first": Words("the first name", "이름(성 제외)"),
    "last": Words("the family name", "성"),
    "company": Words("the company", "회사"),
    "phone": Words("the telephone", "전화번호"),
    "street": Words("the street", "주소"),
    "city": Words("the city", "도시"),
    "postcode": Words("the post code", "우편번호"),
}


def ask_products(
    session: Session,
    options: "FileOptions",
    look: "Callable[[FileOptions], AbstractContextManager[Sheet]]",
) -> "FileOptions":
    """Return the options with what a person says of a product file's columns, if anybody is asked."""
    return _ask(session, options, look, needs=PRODUCT_NEEDS, fields=_PRODUCTS)


def ask_customers(
    session: Session,
    options: "FileOptions",
    look: "Callable[[FileOptions], AbstractContextManager[Sheet]]",
) -> "FileOptions":
    """Return the options with what a person says of a customer file's columns."""
    return _ask(session, options, look, needs=CUSTOMER_NEEDS, fields=_CUSTOMERS)


def _ask(
    session: Session,
    options: "FileOptions",
    look: "Callable[[FileOptions], AbstractContextManager[Sheet]]",
    *,
    needs: Needs,
    fields: Mapping[str, Words],
) -> "FileOptions":
    if not session.interactive:
        return options
    with look(options) as sheet:
        if not _is_wanting(sheet, needs):
            return options
        said = _answers(session, sheet, needs, fields)
    gone = {title: "-" for title, name in sheet.header.vanished.items() if name not in said.values()}
    session.say(mapping_words(said).say(session.language))
    session.say(
        session.words("It is remembered for the next file.", "다음 파일부터는 묻지 않고 이대로 읽습니다.")
    )
    return replace(options, mapping={**gone, **options.mapping, **said})


def _is_wanting(sheet: "Sheet", needs: Needs) -> bool:
    lost = any(name not in sheet.header.columns for name in sheet.header.vanished.values())
    return lost or not all(any(sheet.has(name) for name in group) for group in needs)


def _answers(session: Session, sheet: "Sheet", needs: Needs, fields: Mapping[str, Words]) -> dict[str, str]:
    titles = [title for title in dict.fromkeys(sheet.header.titles) if title]
    session.say(_columns(session, sheet, titles))
    for title, name in sheet.header.vanished.items():
        session.say(
            session.words(
                f"The column “{title}”, which was {name}, is no longer in the file.",
                f"{name}(으)로 읽던 “{title}” 열이 파일에 없습니다.",
            )
        )
    session.say(
        session.words(
            "Which column is it? Type its number; Enter if there is none.",
            "몇 번 열인가요? 번호를 입력해 주세요. 없으면 Enter를 누르세요.",
        )
    )
    said: dict[str, str] = {}
    for group in _in_order(needs, fields):
        open_names = [name for name in group if not sheet.has(name)]
        is_needed = group in needs and len(open_names) == len(group)
        while open_names:
            for name in open_names:
                if title := _choice(session, name, fields[name], titles, said):
                    said[title] = name
            if not is_needed or any(name in group for name in said.values()):
                break
            names = " / ".join(fields[name].say(session.language) for name in group)
            session.say(session.words(f"One of these is needed: {names}.", f"하나는 꼭 필요합니다: {names}"))
    return said


def _in_order(needs: Needs, fields: Mapping[str, Words]) -> Iterator[Sequence[str]]:
    """Yield the groups that are needed, then each other field."""
    yield from needs
    needed = {name for group in needs for name in group}
    yield from ((name,) for name in fields if name not in needed)


def _choice(session: Session, name: str, words: Words, titles: Sequence[str], said: Mapping[str, str]) -> str:
    """Return the title that a person chooses for a field; "" for none."""
    while True:
        answer = str(
            typer.prompt(f"{words.say(session.language)} ({name})", default="", show_default=False)
        ).strip()
        if not answer:
            return ""
        place = int(answer) - 1 if answer.isascii() and answer.isdigit() else -1
        title = (
            titles[place] if 0 <= place < len(titles) else next((one for one in titles if one == answer), "")
        )
        if title and title not in said:
            return title
        session.say(
            session.words(
                f"Type a number from 1 to {len(titles)} that is still free, or Enter.",
                f"1부터 {len(titles)}까지 아직 쓰지 않은 번호를 입력하거나 Enter를 누르세요.",
            )
        )


def _columns(session: Session, sheet: "Sheet", titles: Sequence[str]) -> Table:
    samples = sheet.samples()
    read = dict(zip(sheet.header.titles, sheet.header.columns, strict=True))
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("#", justify="right")
    table.add_column(session.words("Column", "열"))
    table.add_column(session.words("Read as", "읽는 항목"))
    table.add_column(session.words("Examples", "예"))
    for place, title in enumerate(titles, start=1):
        table.add_row(str(place), Text(title), read.get(title) or "", Text(" · ".join(samples[title])))
    return table
