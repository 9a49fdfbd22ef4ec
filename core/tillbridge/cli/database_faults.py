"""Says in words why a database cannot be used, and what to do; no statement and no data are repeated."""

from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tillbridge.model.words import Words

# What the SQLite library says -> what it means; {file} is the database.
_SQLITE: Final[tuple[tuple[str, Words], ...]] = (
    (
        "unable to open database file",
        Words(
            "The database {file} cannot be opened or made. See whether its folder exists, and whether you "
            "may read and write there.",
            "데이터베이스 {file}을(를) 열거나 만들 수 없습니다. 폴더가 있는지, 읽고 쓸 권한이 있는지 "
            "확인해 주세요.",
        ),
    ),
    (
        "readonly database",
        Words(
            "The database {file} cannot be written. See whether you may write the file and its folder.",
            "데이터베이스 {file}에 쓸 수 없습니다. 파일과 폴더의 쓰기 권한을 확인해 주세요.",
        ),
    ),
    (
        "locked",
        Words(
            "The database {file} is busy: another program holds it. Try again when that has ended.",
            "다른 프로그램에서 데이터베이스 {file}을(를) 사용 중입니다. 잠시 후 다시 시도해 주세요.",
        ),
    ),
    (
        "full",
        Words(
            "The disk with the database {file} is full. Make room and try again.",
            "데이터베이스 {file}이(가) 있는 디스크가 가득 찼습니다. 공간을 확보한 뒤 다시 시도해 주세요.",
        ),
    ),
    (
        "not a database",
        Words(
            "{file} is no tillbridge database. Say with --database or TILLBRIDGE_DATABASE where yours is.",
            "{file}은(는) tillbridge 데이터베이스가 아닙니다. --database 또는 TILLBRIDGE_DATABASE로 "
            "위치를 지정해 주세요.",
        ),
    ),
    (
        "malformed",
        Words(
            "The database {file} is damaged. Bring it back from a backup.",
            "데이터베이스 {file}이(가) 손상되었습니다. 백업에서 복원해 주세요.",
        ),
    ),
    (
        "disk i/o error",
        Words(
            "The disk does not read or write the database {file}. See whether the disk is well and has room.",
            "디스크에서 데이터베이스 {file}을(를) 읽거나 쓰지 못했습니다. 디스크 상태와 남은 공간을 "
            "확인해 주세요.",
        ),
    ),
)


def database_fault(error: DBAPIError, url: str) -> Words:
    """Return why the database at `url` cannot be used."""
    # The first line names the cause; what follows repeats the statement and its data.
    cause = (str(error.orig).strip().splitlines() or ["?"])[0]
    try:
        parsed = make_url(url)
    except ArgumentError:
        return _other(cause)
    if parsed.get_backend_name() == "sqlite":
        file = parsed.database or "?"
        for sign, words in _SQLITE:
            if sign in cause.lower():
                return Words(words.en.format(file=file), words.ko.format(file=file))
        return _other(cause)
    if getattr(error.orig, "sqlstate", None) is None:
        return Words(
            f"The PostgreSQL server does not answer as it should: {cause.rstrip('.')}. See whether it is "
            "running, and whether host, port, name, user and password in --database or "
            "TILLBRIDGE_DATABASE are right.",
            f"PostgreSQL 서버에 연결할 수 없습니다: {cause.rstrip('.')}. 서버가 실행 중인지, --database "
            "또는 TILLBRIDGE_DATABASE의 호스트, 포트, 이름, 사용자, 비밀번호가 맞는지 확인해 주세요.",
        )
    return _other(cause)


def _other(cause: str) -> Words:
    return Words(f"The database cannot be used: {cause}", f"데이터베이스를 사용할 수 없습니다: {cause}")
