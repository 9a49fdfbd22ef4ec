"""What goes with a sale that is made anew: what was added, paid and noted since it was opened."""

from collections.abc import Iterator

from tillbridge.model.words import Words
from tillbridge.pos.sales import SaleItem, SaleView


def goes_with(sale: SaleView) -> Iterator[Words]:
    """Say what of a sale is not on the one that is made in its place."""
    added = [item for item in sale.items if item.added and not item.removed]
    if added:
        english = ", ".join(f"{_count(item)} × “{item.description}” ({item.gross})" for item in added)
        korean = ", ".join(f"‘{item.description}’ {_count(item)}개({item.gross})" for item in added)
        yield Words(
            f"Added at the counter, and not on the new sale: {english}. Add them again afterwards "
            "(tillbridge sale add).",
            f"매장에서 추가되어 새 거래에는 없는 항목: {korean}. 나중에 다시 추가해 주세요"
            "(tillbridge sale add).",
        )
    balance = sale.balance
    if balance.web_paid:
        yield Words(
            f"{balance.web_paid} noted as an eCommerce payment goes with the old sale; it is noted anew at "
            "pick-up.",
            f"기존 거래에 등록된 이커머스 결제 {balance.web_paid}은(는) 없어지며 수령 시 다시 등록합니다.",
        )
    if balance.counter_paid:
        yield Words(
            f"{balance.counter_paid} was paid here, so the point of sale keeps the old sale; hand it back "
            "first (tillbridge sale pay --back).",
            f"매장에서 {balance.counter_paid}을(를) 받은 거래는 POS에서 취소하지 않습니다. 먼저 돌려주세요"
            "(tillbridge sale pay --back).",
        )


def _count(item: SaleItem) -> str:
    return f"{item.quantity.normalize():f}"
