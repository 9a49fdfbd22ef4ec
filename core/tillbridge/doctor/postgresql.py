"""Looks at a PostgreSQL database: reachable, of a usable kind, safe when the power fails, and writable."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tillbridge.db.database import Database
from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.measures import size, some
from tillbridge.doctor.site import Site
from tillbridge.http.scrub import MASK
from tillbridge.model.words import Words

_OLDEST: Final = 10
_TEN_THOUSAND: Final = 10_000
_RIGHTS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_NOTHING: Final = Words(
    "Nothing works: no order arrives, and no sale can be made through tillbridge.",
    "아무것도 작동하지 않습니다. 주문이 들어오지 않고 tillbridge로 판매할 수 없습니다.",
)
AWAY = Kind(
    code="database.away",
    standing=Standing.BROKEN,
    wrong=Words(
        "The PostgreSQL server does not let us in: {detail}.",
        "PostgreSQL 서버에 연결할 수 없습니다: {detail}.",
    ),
    means=Words(
        "Nothing works until it answers. What is committed is safe; orders are fetched afterwards.",
        "서버가 응답할 때까지 아무것도 작동하지 않습니다. 저장된 내용은 안전하며, 주문은 나중에 가져옵니다.",
    ),
    remedy=Words(
        "See whether it is running (pg_isready -h {host} -p {port}), and whether host, port, name, user and "
        "password in --database or TILLBRIDGE_DATABASE are right.",
        "서버가 실행 중인지(pg_isready -h {host} -p {port}), --database 또는 TILLBRIDGE_DATABASE의 호스트, "
        "포트, 이름, 사용자, 비밀번호가 맞는지 확인해 주세요.",
    ),
)
ENCODING = Kind(
    code="database.encoding",
    standing=Standing.BROKEN,
    wrong=Words(
        "The database keeps text as {encoding}, not as UTF8.",
        "데이터베이스의 문자 인코딩이 UTF8이 아니라 {encoding}입니다.",
    ),
    means=Words(
        "Names and addresses in Korean are refused or damaged, and their orders with them.",
        "한글 이름과 주소가 거부되거나 깨지고, 해당 주문도 처리되지 않습니다.",
    ),
    remedy=Words(
        "Make a new database and move there: createdb --encoding=UTF8 --template=template0 NAME",
        "새 데이터베이스를 만들어 옮겨 주세요: createdb --encoding=UTF8 --template=template0 이름",
    ),
)
SERVER = Kind(
    code="database.server_version",
    standing=Standing.BROKEN,
    wrong=Words(
        "The PostgreSQL server is version {version}; {oldest} or newer is needed.",
        "PostgreSQL 서버 버전이 {version}입니다. {oldest} 이상이 필요합니다.",
    ),
    means=_NOTHING,
    remedy=Words("Update the server.", "서버를 업데이트해 주세요."),
)
UNSAFE = Kind(
    code="database.unsafe",
    standing=Standing.LOOK,
    wrong=Words(
        "The server does not wait for its disk: {settings} off.",
        "서버가 디스크 기록을 기다리지 않도록 설정되어 있습니다: {settings} 꺼짐.",
    ),
    means=Words(
        "A power failure can lose sales that were confirmed, or damage the whole database.",
        "정전이 나면 확인된 판매가 사라지거나 데이터베이스 전체가 손상될 수 있습니다.",
    ),
    remedy=Words(
        "Switch them on: ALTER SYSTEM SET {first} = on; SELECT pg_reload_conf();",
        "켜 주세요: ALTER SYSTEM SET {first} = on; SELECT pg_reload_conf();",
    ),
)
STANDBY = Kind(
    code="database.standby",
    standing=Standing.BROKEN,
    wrong=Words(
        "This PostgreSQL server is a standby: it can only be read.",
        "이 PostgreSQL 서버는 대기 서버이므로 읽기만 가능합니다.",
    ),
    means=Words("No order can be kept and no sale be made.", "주문을 저장하거나 판매할 수 없습니다."),
    remedy=Words(
        "Name the primary server in --database or TILLBRIDGE_DATABASE.",
        "--database 또는 TILLBRIDGE_DATABASE에 주 서버를 지정해 주세요.",
    ),
)
RIGHTS = Kind(
    code="database.rights",
    standing=Standing.BROKEN,
    wrong=Words(
        "The user {user} may not read and write {count} of the tables ({tables}).",
        "사용자 {user}에게 테이블 {count}개의 읽기·쓰기 권한이 없습니다({tables}).",
    ),
    means=Words("Orders cannot be kept, or sales cannot be made.", "주문을 저장하거나 판매할 수 없습니다."),
    remedy=Words(
        "Let the tables' owner give the rights: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
        'public TO "{user}"; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{user}";',
        "테이블 소유자가 권한을 주도록 해 주세요: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN "
        "SCHEMA "
        'public TO "{user}"; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{user}";',
    ),
)
_FACTS: Final = text(
    "SELECT current_setting('server_version_num')::int AS version,"
    " current_setting('server_encoding') AS encoding,"
    " current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,"
    " current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS standby,"
    " current_user::text AS me, pg_database_size(current_database()) AS bytes"
)
_MISSING_RIGHTS: Final = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE to_regclass(name) IS NOT NULL"
    " AND NOT (SELECT bool_and(has_table_privilege(to_regclass(name), one))"
    " FROM unnest(CAST(:rights AS text[])) AS one) ORDER BY name"
)


def check(site: Site, database: Database) -> Said:
    """Look at the server and the database."""
    try:
        with database.read() as reading:
            facts = reading.execute(_FACTS).one()
            asked = {"names": [f'"{name}"' for name in site.table_names()], "rights": list(_RIGHTS)}
            forbidden = [name.strip('"') for name in reading.execute(_MISSING_RIGHTS, asked).scalars()]
    except DBAPIError as error:
        yield _away(database, error)
        return
    site.database = database
    version = f"{facts.version // _TEN_THOUSAND}.{facts.version % _TEN_THOUSAND}"
    if facts.version // _TEN_THOUSAND < _OLDEST:
        yield SERVER.found(version=version, oldest=_OLDEST)
    if facts.encoding != "UTF8":
        yield ENCODING.found(encoding=facts.encoding)
    if facts.standby:
        yield STANDBY.found()
    if forbidden:
        yield RIGHTS.found(user=facts.me, count=len(forbidden), tables=some(forbidden))
    yield from _safety(facts)
    yield Words.of(f"PostgreSQL {version}, {size(facts.bytes)}")


def _safety(facts: Any) -> Said:
    off = [
        name for name in ("fsync", "full_page_writes", "synchronous_commit") if getattr(facts, name) == "off"
    ]
    if off:
        yield UNSAFE.found(settings=", ".join(off), first=off[0])


def _away(database: Database, error: DBAPIError) -> Finding:
    # The first line names the cause; what follows repeats it for each address, or the statement.
    cause = (str(error.orig).strip().splitlines() or ["?"])[0].rstrip(".")
    if database.url.password:
        cause = cause.replace(str(database.url.password), MASK)
    host = database.url.host or database.url.query.get("host") or "localhost"
    return AWAY.found(detail=cause, host=str(host), port=database.url.port or 5432)
