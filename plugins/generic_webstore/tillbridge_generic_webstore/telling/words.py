"""What staff read where a webstore did not take what it was told."""

from typing import Any

from tillbridge.plugin import Outcome, Receipt, Words
from tillbridge_generic_webstore.telling.values import shown


def refused(words: Words) -> Receipt:
    """Return the receipt of what the webstore will not take."""
    return Receipt(Outcome.REFUSED, words)


def unknown(words: Words) -> Receipt:
    """Return the receipt of what is told again, since it is not known what became of it."""
    return Receipt(Outcome.UNKNOWN, words)


def says(title: str, said: str) -> Words:
    """Say what the webstore gave as the reason."""
    return Words(
        f'{title} did not take it. It said: "{said}"', f'{title}에서 거부했습니다. 응답 내용: "{said}"'
    )


def differs(title: str, sent: Any, echoed: Any) -> Words:
    """Say that the webstore answered well, and has something else than what was sent."""
    if echoed is None:
        return Words(
            f"{title} was sent {shown(sent)}, and does not say that it has it.",
            f"{title}에 {shown(sent)} 값을 보냈지만 반영되었는지 응답하지 않았습니다.",
        )
    return Words(
        f"{title} was sent {shown(sent)}, and has {shown(echoed)}.",
        f"{title}에 {shown(sent)} 값을 보냈지만 {shown(echoed)}(으)로 되어 있습니다.",
    )


def counted(title: str, answered: int, sent: int) -> Words:
    """Say that the webstore answered for another number of items than it was told of."""
    return Words(
        f"{title} answered for {answered} of {sent} items.",
        f"{title}에서 {sent}개 중 {answered}개만 응답했습니다.",
    )


def no_way(title: str) -> Words:
    """Say that none of the profile's ways is for this item."""
    return Words(
        f"The profile has no way to tell {title} of this item: no `when` holds for it.",
        f"이 항목을 {title}에 전달할 방법이 프로필에 없습니다. 맞는 `when`이 없습니다.",
    )


def silent(title: str, said: str) -> Words:
    """Say that the profile has no words for this; staff see to it in the webstore."""
    return Words(
        f"{title} cannot be told this ({said}): change the order there.",
        f"{title}에는 이 내용({said})을 알릴 수 없습니다. 웹스토어에서 직접 변경해 주세요.",
    )
