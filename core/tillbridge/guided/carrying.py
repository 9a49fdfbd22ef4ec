"""What becomes of what a sale has beside its web order, where it is made anew: what goes on, what does not.

Money that was taken here stands where it is and keeps the old sale: what was paid in the drawer or by card is
not noted anew by a program.
"""

from collections.abc import Iterator

from tillbridge.fulfilment import Move
from tillbridge.guided.scenes import Scene
from tillbridge.model.drafts import CarriedOver, DraftItem
from tillbridge.model.errors import NotAllowed
from tillbridge.model.money import sum_money
from tillbridge.model.status import Effect
from tillbridge.model.words import Words
from tillbridge.pos.sales import SaleItem, SaleView


def require_no_money(move: Move, scene: Scene) -> None:
    """Refuse to make a sale anew for which money was taken here.

    Raises:
        NotAllowed: says how much, and what to do first.
    """
    if Effect.VOID_SALE not in move.effects or scene.sale is None or not scene.sale.balance.counter_paid:
        return
    paid = scene.sale.balance.counter_paid
    raise NotAllowed(
        Words(
            f"{paid} was paid here, and does not move to another sale by itself. Hand it back first "
            "(tillbridge sale pay --back), and take it again on the new sale.",
            f"매장에서 받은 {paid}은(는) 새 거래로 자동으로 옮겨지지 않습니다. 먼저 돌려주고"
            "(tillbridge sale pay --back) 새 거래에서 다시 받아 주세요.",
        )
    )


def carried_over(sale: SaleView) -> CarriedOver:
    """Return what goes on to the new sale: what was added at the counter, the comments, and kept open."""
    return CarriedOver(
        items=tuple(
            DraftItem(
                kind=item.kind,
                description=item.description,
                quantity=item.quantity,
                net=item.net,
                tax=item.tax,
                product_id=item.product_id,
            )
            for item in _added(sale)
        ),
        comments=tuple(sale.comments),
        kept_open=sale.kept_open,
    )


def becomes(scene: Scene) -> Iterator[Words]:
    """Say what of a sale is also on the one that is made in its place, and what is not."""
    sale = scene.sale
    if sale is None:
        return
    if here := _added(sale):
        english = ", ".join(f"{_count(item)} × “{item.description}” ({item.gross})" for item in here)
        korean = ", ".join(f"‘{item.description}’ {_count(item)}개({item.gross})" for item in here)
        yield Words(
            f"Added at the counter, and carried over to the new sale: {english}.",
            f"매장에서 추가된 항목은 새 거래로 옮깁니다: {korean}.",
        )
    if other := list(_otherwise(scene, sale)):
        names = Words(", ".join(f"“{one}”" for one in other), ", ".join(f"‘{one}’" for one in other))
        yield Words(
            f"Changed at the counter, and on the new sale as the webstore has it: {names.en}.",
            f"매장에서 변경된 항목은 새 거래에서 웹스토어의 내용으로 돌아갑니다: {names.ko}.",
        )
    if added := scene.to_decide:
        english = ", ".join(f"“{line.title}”" for line in added)
        korean = ", ".join(f"‘{line.title}’" for line in added)
        then = Words(" Accept or reject it then.", " 그다음 수락하거나 거부해 주세요.")
        then = then if scene.row.decision else Words("", "")  # else it is decided with the order
        yield Words(
            f"What the customer added is on the new sale: {english}.{then.en}",
            f"고객이 추가한 항목이 새 거래에 들어갑니다: {korean}.{then.ko}",
        )
    if paid := sale.balance.web_paid:
        yield Words(
            f"{paid} noted as an eCommerce payment goes with the old sale; it is noted anew at pick-up.",
            f"기존 거래에 등록된 이커머스 결제 {paid}은(는) 없어지며 수령 시 다시 등록합니다.",
        )


def _added(sale: SaleView) -> list[SaleItem]:
    return [item for item in sale.items if item.added and not item.removed]


def _otherwise(scene: Scene, sale: SaleView) -> Iterator[str]:
    """Yield the lines whose price or pieces were changed at the counter."""
    for line in scene.standing:
        mine = [item for item in sale.items if item.web_line == line.id]
        there = sum_money((item.gross for item in mine if not item.removed), sale.currency)
        if mine and there.minor != line.total_minor:
            yield line.title


def _count(item: SaleItem) -> str:
    return f"{item.quantity.normalize():f}"
