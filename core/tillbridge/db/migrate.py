"""Brings a database to this program's schema (Alembic), and says whether it is there."""

from dataclasses import dataclass
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tillbridge.db.database import Database
from tillbridge.model.errors import DatabaseUnready
from tillbridge.model.words import Words


@dataclass(frozen=True, slots=True)
class Revisions:
    """Where a database's schema stands beside this program's.

    Attributes:
        current: the database's, or None where it has no tables of tillbridge.
        newest: this program's.
        known: whether this program knows the database's.
    """

    current: str | None
    newest: str | None
    known: bool


def revisions(database: Database) -> Revisions:
    """Return where the schema stands; reads only."""
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    program = _program()
    return Revisions(current, program.newest, current in program.known)


def upgrade(url: str) -> None:
    """Make or upgrade the schema of the database at `url`; harmless where it is up to date."""
    database = Database(url)
    try:
        upgrade_database(database)
    finally:
        database.close()


def upgrade_database(database: Database) -> None:
    """Make or upgrade the schema; harmless where it is up to date.

    Raises:
        DatabaseUnready: the database was made by a newer program.
    """
    config = _config()
    with database.write("migration") as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        _refuse_unknown(current)
        if current == _program().newest:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Check that the schema is this program's.

    Raises:
        DatabaseUnready: it is missing, older or newer; the message says what to do.
    """
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    _refuse_unknown(current)
    if current is None:
        raise DatabaseUnready(
            Words(
                "This database has no tillbridge tables yet. Make them with `tillbridge init`.",
                "데이터베이스에 tillbridge 테이블이 없습니다. `tillbridge init`을 먼저 실행해 주세요.",
            )
        )
    if current != _program().newest:
        raise DatabaseUnready(
            Words(
                "This database is from an older tillbridge. Bring it up to date with `tillbridge init`.",
                "이전 버전의 데이터베이스입니다. `tillbridge init`으로 갱신해 주세요.",
            )
        )


def _refuse_unknown(current: str | None) -> None:
    if current is not None and current not in _program().known:
        raise DatabaseUnready(
            Words(
                f"This database is from a newer tillbridge (revision {current}). Update the program.",
                f"더 새로운 버전의 데이터베이스입니다(버전 {current}). 프로그램을 업데이트해 주세요.",
            )
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "tillbridge:db/migrations")
    return config


@dataclass(frozen=True, slots=True)
class _Program:
    """The revisions of this program."""

    newest: str | None
    known: frozenset[str]


@cache
def _program() -> _Program:
    """Read this program's revisions, once: every engine that is opened asks for them."""
    scripts = ScriptDirectory.from_config(_config())
    known = frozenset(script.revision for script in scripts.walk_revisions())
    return _Program(scripts.get_current_head(), known)
