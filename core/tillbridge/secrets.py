"""Secrets at rest: encrypted with a key that is not in the database."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import inspect, select

from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

KEY_VARIABLE = "TILLBRIDGE_KEY"


class SecretBox:
    """Encrypts a connection's secrets, and opens them for that connection only.

    Args:
        key: the key, or what finds it: asked at the first use, as most work needs no secret.
    """

    def __init__(self, key: str | Callable[[], str]) -> None:
        self._find = None if isinstance(key, str) else key
        self._kept = _fernet(key) if isinstance(key, str) else None

    @property
    def _fernet(self) -> Fernet:
        if self._kept is None:
            assert self._find is not None
            self._kept = _fernet(self._find())
        return self._kept

    def __repr__(self) -> str:
        return "SecretBox(…)"

    def seal(self, secrets: Mapping[str, str], *, owner: str) -> bytes:
        """Encrypt `secrets`; only the same `owner` can open them, so a copied row is worthless."""
        return self._fernet.encrypt(json.dumps({"owner": owner, "secrets": dict(secrets)}).encode())

    def open(self, sealed: bytes, *, owner: str) -> dict[str, str]:
        """Decrypt what `seal` made.

        Raises:
            InputError: the key is another one, or the row belongs to another connection.
        """
        try:
            content = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise InputError(
                Words(
                    f"The stored secrets cannot be read with this key. Set {KEY_VARIABLE} to the key "
                    "that was used when the connection was made, or give the secrets again with "
                    "`tillbridge connect … --replace`.",
                    "저장된 비밀 값을 이 키로 읽을 수 없습니다. "
                    f"연결할 때 사용한 키를 {KEY_VARIABLE}에 지정하거나 "
                    "`tillbridge connect … --replace`로 비밀 값을 다시 입력해 주세요.",
                )
            ) from None
        if content["owner"] != owner:
            raise InputError(
                Words(
                    "These secrets belong to another connection; give this one's again with "
                    "`tillbridge connect … --replace`.",
                    "다른 연결의 비밀 값입니다. `tillbridge connect … --replace`로 다시 입력해 주세요.",
                )
            )
        return dict(content["secrets"])


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise InputError(
            Words(
                f"{KEY_VARIABLE} is no key: 44 characters are needed, as `tillbridge init --show-new-key` "
                "makes.",
                f"{KEY_VARIABLE} 값이 올바른 키가 아닙니다. "
                "`tillbridge init --show-new-key`가 만드는 44자 키가 필요합니다.",
            )
        ) from None


def find_key(database: Database) -> str:
    """Return the key: from the environment, else from the file beside an SQLite database.

    The file is made at the first use, readable by its owner only.

    Raises:
        InputError: PostgreSQL without the environment variable, a file that others can read, or one
            that is gone though secrets were sealed with it.
    """
    if key := os.environ.get(KEY_VARIABLE):
        return key
    if not database.is_sqlite:
        raise InputError(
            Words(
                f"With PostgreSQL the key for secrets comes from {KEY_VARIABLE}; it is not set. "
                "Make one with `tillbridge init --show-new-key`.",
                f"PostgreSQL에서는 비밀 값의 키를 {KEY_VARIABLE}로 지정해야 합니다. "
                "`tillbridge init --show-new-key`로 만들 수 있습니다.",
            )
        )
    path = key_path(database)
    if not path.exists() and _holds_secrets(database):
        raise InputError(_lost(path))
    return _key_file(path)


def key_path(database: Database) -> Path:
    """Return where the key file of an SQLite database stands."""
    return Path(f"{database.url.database}.key")


def new_key() -> str:
    """Return a fresh key."""
    return Fernet.generate_key().decode()


def _holds_secrets(database: Database) -> bool:
    if not inspect(database.engine).has_table(tables.connections.name):
        return False
    with database.read() as reading:
        return reading.execute(select(tables.connections.c.id).limit(1)).first() is not None


def _lost(path: Path) -> Words:
    return Words(
        f"The key file {path} is missing; the connections' stored secrets can be read with that key only. "
        f"Put the file back, or set {KEY_VARIABLE} to the key. If it is lost for good, write the key that "
        f"`tillbridge init --show-new-key` prints into {path} (chmod 600), and give each connection its "
        "secrets again with `tillbridge connect … --replace`.",
        f"키 파일 {path}이(가) 없습니다. 연결에 저장된 비밀 값은 그 키로만 읽을 수 있습니다. "
        f"파일을 되돌려 놓거나 {KEY_VARIABLE}에 키를 지정해 주세요. 키를 완전히 잃었다면 "
        f"`tillbridge init --show-new-key`로 만든 키를 {path}에 저장하고(chmod 600), "
        "`tillbridge connect … --replace`로 각 연결의 비밀 값을 다시 입력해 주세요.",
    )


def _key_file(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise InputError(
                Words(
                    f"Others can read the key file {path}. Mend it with: chmod 600 {path}",
                    f"다른 사용자가 키 파일 {path}을(를) 읽을 수 있습니다. "
                    f"다음 명령으로 고쳐 주세요: chmod 600 {path}",
                )
            ) from None
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = new_key()
        file.write(key)
    return key
