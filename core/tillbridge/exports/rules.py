"""How a connection is exported: how often, what is kept back, and what is not believed."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass
from sqlalchemy import select

from tillbridge import connections
from tillbridge.context import Context
from tillbridge.db import export_tables
from tillbridge.db.upsert import upsert
from tillbridge.exports.wanting import told_of
from tillbridge.model.errors import InputError
from tillbridge.model.offers import Buffers, Limits
from tillbridge.model.words import Words


class ExportRules(BaseModel):
    """What is kept back, and what is not believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    buffers: Buffers = Field(default_factory=Buffers)
    limits: Limits = Field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class ExportSettings:
    """How a connection is exported.

    Attributes:
        every: how often at least; None: only by hand.
        rules: what is kept back, and what is not believed.
    """

    every: timedelta | None = None
    rules: ExportRules = Field(default_factory=ExportRules)


_RULES: TypeAdapter[ExportRules] = TypeAdapter(ExportRules)


def export_settings(context: Context, name: str) -> ExportSettings:
    """Return how a connection is exported.

    Raises:
        NotFound: there is no connection of that name.
    """
    (row,) = connections.rows(context, name)
    table = export_tables.exports
    with context.database.read() as database:
        found = database.execute(select(table).where(table.c.connection_id == row.id)).first()
    return settings_of(found) if found else ExportSettings()


def settings_of(row: Any) -> ExportSettings:
    """Return the settings that a row of `export_tables.exports` holds."""
    every = timedelta(seconds=row.every_seconds) if row.every_seconds else None
    return ExportSettings(every=every, rules=rules_of(row.rules))


def rules_of(text: str) -> ExportRules:
    """Return the rules that `export_tables.exports` holds as text."""
    return _RULES.validate_json(text)


def set_export(context: Context, name: str, settings: ExportSettings) -> None:
    """Set how a connection is exported; everything is looked at anew by these rules.

    Raises:
        NotFound: there is no connection of that name.
        InputError: its provider takes neither stock nor prices, or a number makes no sense.
    """
    (row,) = connections.rows(context, name)
    provider = context.plugins.provider(row.provider)
    if not told_of(provider):
        raise InputError(
            Words(
                f"{provider.title} takes neither stock nor prices.",
                f"{provider.title}은(는) 재고와 가격을 받지 않습니다.",
            )
        )
    _require_sense(settings)
    values = {
        "connection_id": row.id,
        "every_seconds": int(settings.every.total_seconds()) if settings.every else 0,
        "rules": settings.rules.model_dump_json(),
        "seen": 0,
        "due_at": None,
        "refused_at": None,
    }
    context.database.unit(
        "export settings",
        lambda database: upsert(database, export_tables.exports, [values], keys=("connection_id",)),
    )


def _require_sense(settings: ExportSettings) -> None:
    buffers, limits = settings.rules.buffers, settings.rules.limits
    numbers = [buffers.every, *buffers.categories.values(), *buffers.products.values()]
    numbers += [limits.price_percent, limits.times, limits.pieces, limits.emptied_percent]
    if min(numbers) < 0:
        raise InputError(
            Words(
                f"{min(numbers)} makes no sense here; 0 is the least.",
                f"{min(numbers)}은(는) 사용할 수 없는 값입니다. 0 이상이어야 합니다.",
            )
        )
    if settings.every is not None and settings.every < timedelta(minutes=1):
        raise InputError(
            Words(
                "Stock and prices are passed on every minute at most; what changed goes out at once anyway.",
                "정기 전달 간격은 1분 이상이어야 합니다. 바뀐 내용은 바로 전달됩니다.",
            )
        )
