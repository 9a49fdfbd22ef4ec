"""How many waiting orders a repair let be processed again, in words."""

from tillbridge.model.words import Words


def said_healed(healed: int) -> Words:
    """Return how many waiting orders were processed again."""
    orders = "1 waiting order was" if healed == 1 else f"{healed} waiting orders were"
    return Words(f"{orders} processed again.", f"대기 중인 주문 {healed}건을 다시 처리했습니다.")
