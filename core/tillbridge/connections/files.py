"""What a connection's settings say of its files, apart from what its provider asks for itself."""

import difflib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from tillbridge.connections.setting_faults import setting_faults
from tillbridge.context import Context
from tillbridge.db.database import Database
from tillbridge.db.types import AnyRow
from tillbridge.files import NAMES, Copies, Files, FilesSettings, open_files, place_in
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.provider import FilesUse, Provider

FOLDER_VARIABLE: Final = "TILLBRIDGE_FILES"


def fields_of(provider: Provider) -> dict[str, FieldInfo]:
    """Return every setting of a provider's connections: its own, and those of files where it delivers any."""
    if provider.files is FilesUse.NONE:
        return dict(provider.settings.model_fields)
    return {**provider.settings.model_fields, **FilesSettings.model_fields}


def described(field: FieldInfo) -> Words:
    """Return what a setting is; in Korean where its `json_schema_extra` says `description_ko`."""
    extra = field.json_schema_extra
    korean = extra.get("description_ko") if isinstance(extra, dict) else None
    said = field.description or ""
    return Words(said, str(korean or said))


def secret_fields(provider: Provider) -> set[str]:
    """Return the names of the settings that are secrets."""
    return {name for name, field in fields_of(provider).items() if _holds_secret(field.annotation)}


def _holds_secret(kind: Any) -> bool:
    """Whether a type is a secret, however deep: `Annotated[SecretStr, …] | None` is one too."""
    return kind is SecretStr or any(map(_holds_secret, get_args(kind)))


def unknown(provider: Provider, names: Sequence[str]) -> Words:
    """Say that a provider has no settings of these names, and which it has."""
    secrets = secret_fields(provider)
    plain = ", ".join(name for name in fields_of(provider) if name not in secrets)
    found = [difflib.get_close_matches(name, fields_of(provider), n=1) for name in names]
    near = ", ".join(dict.fromkeys(one for some in found for one in some))
    meant = Words(f" Did you mean {near}?", f" 혹시 {near}인가요?") if near else Words("", "")
    return Words(
        f"{provider.title} has no setting {', '.join(names)}.{meant.en} "
        f"Settings: {plain}. Secrets: {', '.join(sorted(secrets)) or '-'}.",
        f"{provider.title}에는 {', '.join(names)} 설정이 없습니다.{meant.ko} "
        f"설정: {plain}. 비밀 값: {', '.join(sorted(secrets)) or '-'}",
    )


def own(provider: Provider, given: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that the provider asks for itself."""
    if provider.files is FilesUse.NONE:
        return dict(given)
    return {name: value for name, value in given.items() if name not in NAMES}


def read_files(provider: Provider, given: Mapping[str, str]) -> FilesSettings:
    """Return what settings and secrets say of files; nowhere, for a provider that delivers none.

    Raises:
        InputError: they make no sense, or the provider cannot do without.
    """
    if provider.files is FilesUse.NONE:
        return FilesSettings()
    try:
        found = FilesSettings.model_validate({name: given[name] for name in given if name in NAMES})
    except ValidationError as error:
        raise InputError(setting_faults(provider.title, error, secret_fields(provider))) from None
    if place_in(found) is None and provider.files is FilesUse.REQUIRED:
        raise InputError(
            Words(
                f"{provider.title} takes files; say where they go with --files: a folder, "
                "sftp://user@host/folder or https://host/folder/.",
                f"{provider.title}은(는) 파일로 받습니다. --files로 보낼 위치를 지정해 주세요: 폴더, "
                "sftp://사용자@서버/폴더 또는 https://서버/폴더/",
            )
        )
    return found


def require_place(provider: Provider, row: AnyRow) -> None:
    """Refuse to export what goes by files of a connection (a row) that says nowhere.

    Raises:
        InputError: it says nowhere.
    """
    if not provider.exporting.by_files or json.loads(row.settings).get("files"):
        return
    way = f"tillbridge connect {row.provider} --name {row.name} --replace --files "
    raise InputError(
        Words(
            f"{provider.title} takes stock and prices as files, and {row.name} does not say where they go: "
            f"{way}sftp://user@host/folder (or a folder, or https://host/folder/).",
            f"{provider.title}은(는) 재고와 가격을 파일로 받지만 {row.name} 연결에 보낼 위치가 없습니다: "
            f"{way}sftp://사용자@서버/폴더 (또는 폴더, https://서버/폴더/)",
        )
    )


def open_for(context: Context, settings: FilesSettings, connection_id: int) -> Files | None:
    """Return what delivers a connection's files, or None where they go nowhere."""
    return open_files(settings, copies(context.database, connection_id, settings.files_kept), context.clock)


def copies(database: Database, connection_id: int, keep: int = 0) -> Copies:
    """Return the copies of what a connection was sent; `keep`: how many of each file stay."""
    return Copies(_folder(database) / f"{connection_id}", keep=keep)


def _folder(database: Database) -> Path:
    """Return where copies stand: where the environment says, else beside an SQLite file, else at home."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named).resolve()
    if database.is_sqlite:
        file = Path(str(database.url.database)).resolve()
        return file.with_name(f"{file.name}-files")
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "tillbridge" / f"{database.url.database}-files"
