"""Looks at the tables: whether they are those of this program's version, and all there."""

from typing import Final

from sqlalchemy import inspect

from tillbridge.db import migrate
from tillbridge.doctor.findings import Kind, Said, Standing
from tillbridge.doctor.measures import some
from tillbridge.doctor.site import Site
from tillbridge.model.words import Words

_WAITS: Final = Words(
    "Every command refuses to work, so that nothing is damaged: no order arrives until it is mended.",
    "데이터가 손상되지 않도록 모든 명령이 거부됩니다. 고칠 때까지 주문이 들어오지 않습니다.",
)
NONE = Kind(
    code="migrations.none",
    standing=Standing.BROKEN,
    wrong=Words("The database has no tables of tillbridge.", "데이터베이스에 tillbridge 테이블이 없습니다."),
    means=_WAITS,
    remedy=Words(
        "If it is the right database, make them: tillbridge init. Else name another with --database.",
        "맞는 데이터베이스라면 테이블을 만들어 주세요: tillbridge init. 아니라면 --database로 지정해 주세요.",
    ),
)
OLDER = Kind(
    code="migrations.older",
    standing=Standing.BROKEN,
    wrong=Words(
        "The database is from an older tillbridge: it is at revision {current}, this program's is {newest}.",
        "이전 버전의 데이터베이스입니다: 데이터베이스 {current}, 프로그램 {newest}.",
    ),
    means=_WAITS,
    remedy=Words(
        "Keep a backup, and bring it up to date: tillbridge init",
        "백업을 보관한 뒤 갱신해 주세요: tillbridge init",
    ),
)
NEWER = Kind(
    code="migrations.newer",
    standing=Standing.BROKEN,
    wrong=Words(
        "The database is from a newer tillbridge: it is at revision {current}, and this program knows none "
        "after {newest}.",
        "더 새로운 버전의 데이터베이스입니다: 데이터베이스 {current}, 프로그램은 {newest}까지만 지원합니다.",
    ),
    means=_WAITS,
    remedy=Words(
        "Update this program: pip install --upgrade tillbridge",
        "프로그램을 업데이트해 주세요: pip install --upgrade tillbridge",
    ),
)
INCOMPLETE = Kind(
    code="migrations.incomplete",
    standing=Standing.BROKEN,
    wrong=Words(
        "{count:table is|tables are} missing, though the database says that it is up to date: {tables}.",
        "최신 버전으로 표시된 데이터베이스에 테이블 {count}개가 없습니다: {tables}.",
    ),
    means=Words(
        "A backup was brought back only in part, or tables were removed: orders and sales cannot be worked "
        "with.",
        "백업이 일부만 복원되었거나 테이블이 삭제되었습니다. 주문과 거래를 처리할 수 없습니다.",
    ),
    remedy=Words(
        "Bring the whole database back from a backup, and run: tillbridge doctor",
        "백업에서 데이터베이스 전체를 복원한 뒤 다시 확인해 주세요: tillbridge doctor",
    ),
)


def check(site: Site) -> Said:
    """Compare the schema with this program's."""
    database = site.readable()
    found = migrate.revisions(database)
    if found.current is None:
        yield NONE.found()
        return
    if found.current != found.newest:
        kind = OLDER if found.known else NEWER
        yield kind.found(current=found.current, newest=found.newest or "-")
        return
    with database.read() as reading:
        there = set(inspect(reading).get_table_names())
    missing = sorted(set(site.table_names()) - there)
    if missing:
        yield INCOMPLETE.found(count=len(missing), tables=some(missing))
        return
    site.current = True
    yield Words(f"revision {found.current}, the newest", f"버전 {found.current}(최신)")
