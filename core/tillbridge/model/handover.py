"""What staff note of an order's way into the customer's hands."""

from dataclasses import dataclass
from datetime import datetime

from tillbridge.model.resolutions import Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What staff note of an order's way into the customer's hands.

    Attributes:
        expected_at: UTC; when the goods are to be ready.
        holding_place: where they wait.
        pick_up_until: UTC; until when they wait.
        collected_by: who collected them, where it was somebody else.
        collected_check: how that was checked.
        resolution: how a reservation ended.
    """

    expected_at: datetime | None = None
    holding_place: str = ""
    pick_up_until: datetime | None = None
    collected_by: str = ""
    collected_check: str = ""
    resolution: Resolution | None = None
