"""What needs that the customer heard of it, or that somebody tried: a later date, a no-show (MISSION S29)."""

from datetime import timedelta

from sqlalchemy import Connection, func, select

from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.guided.views import Doing
from tillbridge.model.contacts import TOLD, Outcome
from tillbridge.model.errors import NotAllowed
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.orders.contacts import contact_since


def require_heard(database: Connection, row: AnyRow, doing: Doing) -> None:
    """Refuse an action that needs a contact with the customer, unless there was one or it comes with it.

    A no-show needs that somebody tried to reach them; a delay, that they know since they were told the date
    that is put off now.

    Raises:
        NotAllowed: says how to write it down.
    """
    said = doing.contact
    if doing.act is Act.NO_SHOW and said is None:
        if contact_since(database, row.id, outcomes=tuple(Outcome)) is None:
            raise NotAllowed(_nobody_tried(row.id))
    elif is_delay(row, doing) and (said is None or said.outcome not in TOLD):
        timeline = tables.timeline
        last = select(func.max(timeline.c.at)).where(
            timeline.c.order_id == row.id, timeline.c.what == Act.RESERVE.value
        )
        moment = database.execute(last).scalar()
        # The contact that came with the last date bears its very moment.
        if contact_since(database, row.id, moment and moment + timedelta(microseconds=1)) is None:
            raise NotAllowed(_delayed(row.id))


def _nobody_tried(order_id: int) -> Words:
    """Say how a try is written down; what is copied must not note a talk that never was."""
    way = f"tillbridge order contact id:{order_id} call no-answer"
    return Words(
        "Contact the customer first, and write it down with the no-show (--channel call) or by itself, as it "
        f"went: {way}",
        "먼저 고객에게 연락하고 미수령 처리와 함께(--channel call) 또는 따로 연락 결과대로 기록해 주세요: "
        f"{way}",
    )


def _delayed(order_id: int) -> Words:
    way = f"tillbridge order contact id:{order_id} call reached"
    return Words(
        "The customer was told an earlier date. Contact the customer first, and write it down with the date "
        f"(--channel call) or by itself: {way}",
        "고객에게 더 이른 날짜를 알렸습니다. 먼저 고객에게 연락하고 날짜와 함께(--channel call) 또는 따로 "
        f"기록해 주세요: {way}",
    )


def is_delay(row: AnyRow, doing: Doing) -> bool:
    """Say whether goods are to be ready later than their customer was told."""
    return bool(row.expected_at and doing.expected_at and doing.expected_at > row.expected_at)
