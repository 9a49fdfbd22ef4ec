"""What trying a webstore's list of orders can find."""

from dataclasses import dataclass
from enum import StrEnum

from tillbridge.plugin import Words


class Fault(StrEnum):
    """What the probe can find; scripts may rely on the values."""

    IGNORED = "filter ignored"
    LATE = "zone: orders missing"
    EARLY = "zone: orders again"
    EXCLUSIVE = "exclusive"
    NO_OVERLAP = "exclusive without overlap"
    FEWER = "fewer at a time"
    PART = "perhaps not whole"
    NO_CURSOR = "no next page"
    UNSORTED = "not in order"
    FUTURE = "from the future"
    NO_TIME = "no time"
    NO_ID = "no ID"
    NOTHING = "nothing to try with"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found.

    Attributes:
        fault: which.
        words: what it means, and what to mend.
        is_grave: orders would be lost, or the list would be read in vain; else it is only worth knowing.
    """

    fault: Fault
    words: Words
    is_grave: bool = True


def future(title: str) -> Finding:
    """Say that times are read in the wrong zone."""
    return Finding(
        Fault.FUTURE,
        Words(
            f"Orders of {title} lie in the future: their times are read in the wrong zone. Correct "
            "defaults.zone.",
            f"{title} 주문의 시각이 미래입니다. 시간대를 잘못 읽고 있으니 defaults.zone을 고쳐 주세요.",
        ),
    )


def no_time(title: str, *fields: str) -> Finding:
    """Say that rows have no time where it is looked for, in one of these fields of the profile."""
    return Finding(
        Fault.NO_TIME,
        Words(
            f"No order that {title} listed has its time where the profile looks for it. Correct "
            f"{' or '.join(fields)}.",
            f"{title}에서 받은 주문에 프로필이 지정한 시각이 없습니다. {', '.join(fields)}을(를) "
            "고쳐 주세요.",
        ),
    )


def nothing(title: str) -> Finding:
    """Say that there is nothing to try with."""
    return Finding(
        Fault.NOTHING,
        Words(
            f"{title} has no order yet, so that nobody knows whether its list is asked rightly. "
            "Check "
            "again once it has one.",
            f"{title}에 아직 주문이 없어 목록 조회 방식이 맞는지 확인하지 못했습니다. 주문이 "
            "생기면 다시 "
            "확인해 주세요.",
        ),
        is_grave=False,
    )


def part(title: str, given: int, total: int) -> Finding:
    """Say that a list that is read whole counts more orders than its answer holds."""
    return Finding(
        Fault.PART,
        Words(
            f"{title}'s list counts {total} orders where the answer holds {given}, and the profile reads it "
            'whole (paging.by = "none"). If it goes on in pages, say how: orders would be lost.',
            f"{title} 목록에는 {total}건이 있다는데 응답에는 {given}건만 있고, 프로필은 목록을 한 번에 "
            '읽습니다(paging.by = "none"). 페이지로 나뉜 목록이면 paging을 지정해 주세요. 주문이 누락될 수 '
            "있습니다.",
        ),
        is_grave=False,
    )
