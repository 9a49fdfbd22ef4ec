"""What is entered at set-up about where a connection's files go."""

import re
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tillbridge.files.places import Place, SftpPlace, WebPlace, place_of
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_FINGERPRINT: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


class FilesSettings(BaseModel):
    """Where a connection's files go, and by which rights; every name begins with "files".

    They stand among the connection's own settings, of every provider that delivers files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    files: str = Field(
        default="",
        description=(
            "Where its files go: a folder (/srv/feeds), sftp://user@host/folder or https://host/folder/; "
            "empty: nowhere."
        ),
    )
    files_host_key: str = Field(
        default="",
        description="The SFTP server's host key as its owner told you, SHA256:…; the first try shows it.",
    )
    files_method: Literal["PUT", "POST"] = Field(
        default="PUT", description="How files are uploaded by HTTPS: PUT below the address, or POST to it."
    )
    files_seconds: int = Field(
        default=120, ge=5, le=3600, description="Seconds within which a file must be delivered."
    )
    files_kept: int = Field(
        default=10, ge=0, le=1000, description="How many copies of what was sent are kept, of each file."
    )
    files_password: SecretStr | None = Field(
        default=None, description="The password for the user in the address (SFTP, HTTPS)."
    )
    files_key: SecretStr | None = Field(
        default=None, description="A private key in the place of the password (SFTP): files_key=@FILE."
    )
    files_passphrase: SecretStr | None = Field(default=None, description="What opens the private key.")
    files_token: SecretStr | None = Field(
        default=None, description="A token in the place of user and password (HTTPS)."
    )

    @property
    def fingerprint(self) -> str:
        """Return the agreed host key, in the form in which it is compared."""
        return self.files_host_key.rstrip("=")


NAMES: Final = frozenset(FilesSettings.model_fields)


def place_in(settings: FilesSettings) -> Place | None:
    """Return where files go, or None for nowhere.

    Raises:
        InputError: the address means nothing, or something that it needs is missing.
    """
    if settings.files_host_key and not _FINGERPRINT.fullmatch(settings.fingerprint):
        raise InputError(
            Words(
                "--set files_host_key must be a fingerprint: SHA256: and 43 characters, as "
                "`ssh-keygen -lf` shows it.",
                "--set files_host_key 값은 `ssh-keygen -lf`에 표시되는 SHA256: 뒤 43자 형식의 "
                "지문이어야 합니다.",
            )
        )
    if not settings.files:
        return None
    place = place_of(settings.files)
    if isinstance(place, SftpPlace) and not (settings.files_password or settings.files_key):
        raise InputError(
            Words(
                f"{place.shown} wants a password or a private key: --secret files_password=- or "
                "--secret files_key=@FILE.",
                f"{place.shown}에는 비밀번호나 개인 키가 필요합니다: --secret files_password=- 또는 "
                "--secret files_key=@파일",
            )
        )
    if isinstance(place, WebPlace) and settings.files_password and not place.user:
        raise InputError(
            Words(
                "The password files_password needs its user in the address: https://user@host/folder/.",
                "files_password를 쓰려면 주소에 사용자 이름이 필요합니다: https://사용자@서버/폴더/",
            )
        )
    return place
