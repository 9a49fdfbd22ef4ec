"""Checks where an order's fields are: constants without quotes, tables that contradict themselves."""

import re
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.ordering import MoneyForm, MoneyTable, OrderFields, StandingTable
from tillbridge_generic_webstore.language.profile import Profile

_CODE: Final = re.compile(r"[A-Z]{3}")


def check_fields(profile: Profile, mistakes: Mistakes) -> None:
    """Note what is wrong with the fields of orders and lines."""
    _check_money(profile, mistakes)
    order = profile.order
    if _CODE.fullmatch(order.currency):
        mistakes.add(
            ("order", "currency"),
            Words(
                f"{order.currency} is read as the name of a field; "
                f"a constant stands in quotes: \"'{order.currency}'\"",
                f"{order.currency}은(는) 필드 이름으로 읽힙니다. "
                f"상수는 따옴표로 감싸 주세요: \"'{order.currency}'\"",
            ),
        )
    if order.kinds and order.kind is None:
        mistakes.add(
            ("order", "kinds"),
            Words(
                "kinds needs kind: which field says it", "kinds에는 어느 필드인지 나타내는 kind가 필요합니다"
            ),
        )
    _check_tables(order, mistakes)


def _check_money(profile: Profile, mistakes: Mistakes) -> None:
    money = profile.defaults.money
    if not isinstance(money, MoneyForm):
        return
    path: Path = ("defaults", "money")
    if money.amount is None and (money.currency or money.divisor):
        mistakes.add(
            path,
            Words(
                "amount is missing: the name of the amount within the object",
                "객체 안의 금액 이름인 amount가 없습니다",
            ),
        )
    if money.divisor and money.unit == "minor":
        mistakes.add(
            path,
            Words(
                'divisor says how many decimals there are; unit = "minor" does too',
                'divisor와 unit = "minor"는 둘 다 소수 자릿수를 나타냅니다. 하나만 써 주세요',
            ),
        )


def _check_tables(order: OrderFields, mistakes: Mistakes) -> None:
    tables: list[tuple[Path, StandingTable | MoneyTable]] = [
        (("order", "standing", place), table) for place, table in enumerate(order.standing)
    ]
    if isinstance(order.money, MoneyTable):
        tables.append((("order", "money"), order.money))
    for path, table in tables:
        if not isinstance(table.map, dict):
            continue
        for value in table.ignore:
            if value in table.map:
                mistakes.add(
                    (*path, "ignore"),
                    Words(
                        f'"{value}" is ignored here and mapped above to {table.map[value]}',
                        f'"{value}"은(는) 여기서 무시하면서 위에서 {table.map[value]}(으)로 지정했습니다',
                    ),
                )
