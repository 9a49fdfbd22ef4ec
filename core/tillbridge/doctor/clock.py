"""Looks at the clock: beside the database server's, the webstores', and the times that are stored."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import func, select, text

from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.measures import lasting
from tillbridge.doctor.site import Site, UncheckedError
from tillbridge.model.words import Words

_LATE: Final = Words(
    "Accept-by times and the next polls are reckoned by this clock: an order may look early or late by as "
    "much, "
    "and be missed if it is more.",
    "수락 기한과 다음 확인 시각은 이 시계로 계산됩니다. 그만큼 주문이 이르거나 늦게 보이고, 차이가 크면 놓칠 "
    "수 "
    "있습니다.",
)
_SET: Final = Words(
    "Let the computer set its clock by the network: timedatectl set-ntp true",
    "컴퓨터 시계가 네트워크로 맞춰지도록 해 주세요: timedatectl set-ntp true",
)
SKEW_WEB = Kind(
    code="clock.webstore",
    standing=Standing.LOOK,
    wrong=Words(
        "This computer's clock is {span} {way} the webstore's of {name}.",
        "이 컴퓨터의 시계가 연결 {name}의 웹스토어보다 {span} {way}.",
    ),
    means=_LATE,
    remedy=_SET,
)
SKEW_WEB_GRAVE = Kind(
    code="clock.webstore_far",
    standing=Standing.BROKEN,
    wrong=SKEW_WEB.wrong,
    means=Words(
        "Orders can be missed (they are fetched from the time of the last poll on), accept-by times are "
        "wrong, and "
        "webstores may refuse us.",
        "지난 확인 시각을 기준으로 주문을 가져오므로 주문을 놓칠 수 있고, 수락 기한이 틀리며, 웹스토어가 "
        "접근을 "
        "거부할 수 있습니다.",
    ),
    remedy=_SET,
)
SKEW_DATABASE = Kind(
    code="clock.database",
    standing=Standing.LOOK,
    wrong=Words(
        "This computer's clock is {span} {way} the database server's.",
        "이 컴퓨터의 시계가 데이터베이스 서버보다 {span} {way}.",
    ),
    means=Words(
        "Several computers on this database do not agree on what is due: accept-by times differ by as much.",
        "같은 데이터베이스를 사용하는 컴퓨터마다 시각이 달라 수락 기한과 확인 시각이 어긋납니다.",
    ),
    remedy=_SET,
)
BEHIND = Kind(
    code="clock.behind",
    standing=Standing.BROKEN,
    wrong=Words(
        "This computer's clock ({now}) is {span} behind what is stored already ({newest}): it has jumped "
        "back, or "
        "was ahead.",
        "이 컴퓨터의 시계({now})가 이미 저장된 시각({newest})보다 {span} 느립니다. 시계가 뒤로 갔거나 전에 "
        "빨랐던 "
        "것입니다.",
    ),
    means=Words(
        "Polls that are due wait until the clock is there again, so orders do not arrive; accept-by times "
        "are wrong.",
        "시계가 그 시각에 이를 때까지 확인이 미뤄져 주문이 들어오지 않고, 수락 기한이 틀립니다.",
    ),
    remedy=Words(
        "See what time it is (date), and let the network set it: timedatectl set-ntp true. Then: tillbridge "
        "poll",
        "현재 시각을 확인하고(date) 네트워크로 맞춰 주세요: timedatectl set-ntp true. 그런 다음: tillbridge "
        "poll",
    ),
)
ZONE = Kind(
    code="clock.zone",
    standing=Standing.BROKEN,
    wrong=Words(
        "There is no time zone data for {zone}, where the store {store} is.",
        "매장 {store}의 시간대 {zone} 데이터가 없습니다.",
    ),
    means=Words(
        "Nothing of this store can be reckoned in its own time; no order of it is sold.",
        "이 매장의 시각을 계산할 수 없어 해당 매장의 주문이 판매 처리되지 않습니다.",
    ),
    remedy=Words("Install it: pip install --upgrade tzdata", "설치해 주세요: pip install --upgrade tzdata"),
)


def check(site: Site) -> Said:
    """Compare the clock with every other one that can be seen."""
    yield from _zones(site)
    for name, ahead in site.ahead.items():
        if abs(ahead) > site.limits.skew:
            kind = SKEW_WEB_GRAVE if abs(ahead) > site.limits.grave_skew else SKEW_WEB
            yield kind.found(name=name, span=lasting(ahead), way=_way(ahead))
    if site.ahead:
        names = ", ".join(site.ahead)
        yield Words(f"compared with {names}", f"{names}와(과) 비교함")
    try:
        database = site.ready()
    except UncheckedError:
        yield Words(f"{site.clock.now():%Y-%m-%d %H:%M:%S} UTC", f"{site.clock.now():%Y-%m-%d %H:%M:%S} UTC")
        return
    yield from _stored(site, database)


def _way(ahead: timedelta) -> Words:
    return Words("behind", "느립니다") if ahead > timedelta() else Words("ahead of", "빠릅니다")


def _stored(site: Site, database: Database) -> Iterator[Finding | Words]:
    """Compare with the database server's clock, and with what it has stored."""
    with database.read() as reading:
        newest = _newest(reading)
        server = None
        if not database.is_sqlite:
            before = site.clock.now()
            server = reading.execute(text("SELECT clock_timestamp()")).scalar_one() - before
    now = site.clock.now()
    if server is not None and abs(server) > site.limits.skew:
        yield SKEW_DATABASE.found(span=lasting(server), way=_way(server))
    if newest is not None and newest - now > site.limits.skew:
        yield BEHIND.found(
            now=f"{now:%Y-%m-%d %H:%M} UTC", newest=f"{newest:%Y-%m-%d %H:%M} UTC", span=lasting(newest - now)
        )
    yield Words.of(f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _newest(reading: DatabaseConnection) -> datetime | None:
    """Return the newest time that was written; of long tables the last row's, which an index leads to."""
    payloads, timeline, connections = tables.payloads, tables.timeline, tables.connections
    found = [
        reading.execute(select(payloads.c.ended_at).order_by(payloads.c.id.desc()).limit(1)).scalar(),
        reading.execute(select(timeline.c.at).order_by(timeline.c.id.desc()).limit(1)).scalar(),
        reading.execute(select(func.max(connections.c.polled_at))).scalar(),
        reading.execute(select(func.max(connections.c.created_at))).scalar(),
    ]
    return max((one for one in found if one is not None), default=None)


def _zones(site: Site) -> Iterator[Finding]:
    for store, zone in _places(site):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield ZONE.found(store=store, zone=zone)


def _places(site: Site) -> list[tuple[str, str]]:
    """Return each store and its zone; the built-in POS's as they are kept: it cannot read what it lacks."""
    if not site.embedded:
        return [(store.code, store.timezone) for store in site.stores or ()]
    try:
        database = site.ready()
    except UncheckedError:
        return []
    # A host with a POS of its own loads nothing of the built-in one.
    from tillbridge.pos.embedded import tables as till  # noqa: PLC0415  # see above

    with database.read() as reading:
        documents = [json.loads(one) for one in reading.execute(select(till.stores.c.document)).scalars()]
    return [(str(one["code"]), str(one["timezone"])) for one in documents]
