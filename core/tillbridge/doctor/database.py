"""Looks at the database: whether it can be reached and relied on."""

from tillbridge.db.read_only import open_read_only
from tillbridge.doctor import postgresql, sqlite_file
from tillbridge.doctor.findings import Kind, Said, Standing
from tillbridge.doctor.site import Site
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

URL = Kind(
    code="database.url",
    standing=Standing.BROKEN,
    wrong=Words("{words}", "{words}"),
    means=Words(
        "Nothing works: no order arrives, and nothing can be looked up.",
        "아무것도 작동하지 않습니다. 주문이 들어오지 않고 조회도 할 수 없습니다.",
    ),
    remedy=Words(
        "Say where the database is: tillbridge doctor --database sqlite:///tillbridge.db",
        "데이터베이스 위치를 지정해 주세요: tillbridge doctor --database sqlite:///tillbridge.db",
    ),
)
DRIVER = Kind(
    code="database.driver",
    standing=Standing.BROKEN,
    wrong=Words(
        "What speaks with PostgreSQL is not installed: {module} is missing.",
        "PostgreSQL에 필요한 {module} 패키지가 설치되어 있지 않습니다.",
    ),
    means=URL.means,
    remedy=Words(
        "Install it: pip install 'tillbridge[postgres]'", "설치해 주세요: pip install 'tillbridge[postgres]'"
    ),
)


def check(site: Site) -> Said:
    """Open the database for reading, and look at it as its kind needs."""
    limits = site.limits
    try:
        database = open_read_only(
            site.url, patience=limits.connect_seconds, statement_seconds=limits.statement_seconds
        )
    except InputError as error:
        yield URL.found(words=error.words)
        return
    except ModuleNotFoundError as error:
        yield DRIVER.found(module=error.name or "psycopg")
        return
    if database.url.password:
        site.hide({"password": str(database.url.password)})
    look = sqlite_file.check if database.is_sqlite else postgresql.check
    yield from look(site, database)
