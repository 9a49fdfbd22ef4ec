"""The places where files can go, and the addresses that name them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_SFTP_PORT: Final = 22
_HOME: Final = "/~/"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_DRIVE: Final = 1


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder that this computer can write to."""

    path: Path

    @property
    def shown(self) -> str:
        """Return what staff see of it."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class SftpPlace:
    """A folder of an SFTP server; without a leading "/" it is below the one that a login begins in."""

    host: str
    port: int
    user: str
    folder: str

    @property
    def shown(self) -> str:
        """Return what staff see of it."""
        port = "" if self.port == _SFTP_PORT else f":{self.port}"
        folder = self.folder if self.folder.startswith("/") else f"{_HOME}{self.folder}"
        return f"sftp://{self.user}@{self.host}{port}{folder if self.folder else ''}"


@dataclass(frozen=True, slots=True)
class WebPlace:
    """An address that takes uploads; `user` is whose password goes along, "" for none."""

    url: str
    user: str
    host: str

    @property
    def shown(self) -> str:
        """Return what staff see of it."""
        return self.url


Place = FolderPlace | SftpPlace | WebPlace


def place_of(text: str) -> Place:
    """Return what an address means.

    Raises:
        InputError: it means nothing, or holds a password. What came is not repeated: it may hold a secret.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _strange() from None
    if parts.scheme == "file" or len(parts.scheme) <= _DRIVE:  # "C:\feeds" has a scheme of one letter
        return _folder(text, parts)
    if parts.password is not None:
        raise InputError(
            Words(
                "The password must not stand in the address of --files: give it with "
                "--secret files_password=-, so that no history keeps it.",
                "--files 주소에는 비밀번호를 쓸 수 없습니다. 기록에 남지 않도록 "
                "--secret files_password=-로 입력해 주세요.",
            )
        )
    if parts.query or parts.fragment or not parts.hostname:
        raise _strange()
    if parts.scheme == "sftp":
        return _sftp(parts, port or _SFTP_PORT)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return WebPlace(url, unquote(parts.username or ""), parts.hostname)
    raise _strange()


def _folder(text: str, parts: SplitResult) -> FolderPlace:
    if parts.scheme == "file" and parts.netloc not in {"", "localhost"}:
        raise _strange()
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(text).expanduser()
    if not path.is_absolute():
        raise InputError(
            Words(
                "The folder of --files must be given in full, from the root on: /srv/feeds.",
                "--files 폴더는 /srv/feeds처럼 전체 경로로 지정해 주세요.",
            )
        )
    return FolderPlace(path)


def _sftp(parts: SplitResult, port: int) -> SftpPlace:
    if not parts.username:
        raise InputError(
            Words(
                "The address of --files must say who signs in: sftp://user@host/folder.",
                "--files 주소에 로그인할 사용자를 지정해 주세요: sftp://사용자@서버/폴더",
            )
        )
    folder = unquote(parts.path)
    if folder.startswith(_HOME):
        folder = folder.removeprefix(_HOME)
    elif folder != "/":
        folder = folder.rstrip("/")
    return SftpPlace(
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username),
        folder=folder.rstrip("/") or folder,
    )


def _strange() -> InputError:
    return InputError(
        Words(
            "--files must be a folder (/srv/feeds), sftp://user@host/folder, or https://host/folder/ "
            "(http only for this computer).",
            "--files는 폴더(/srv/feeds), sftp://사용자@서버/폴더, https://서버/폴더/ 중 하나여야 합니다"
            "(http는 이 컴퓨터에만 사용 가능).",
        )
    )
