"""What can go wrong with files, in words that staff can act on, and in the kinds that the engine knows.

What may be well again by itself is `Retryable`; what would be tried in vain, or lock the account (a refused
password, another host key), is `Misconfigured`, which rests for an hour.
"""

import errno
from pathlib import Path
from typing import Final

from tillbridge.model.errors import Misconfigured, Retryable
from tillbridge.model.words import Words

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
_AGAIN: Final = Words("It is tried again by itself.", "자동으로 다시 시도합니다.")


class HostKeyUnknown(Misconfigured):
    """An SFTP server shows a host key that nobody agreed to; `fingerprint` is the one that it shows."""

    def __init__(self, said: Words, *, fingerprint: str) -> None:
        super().__init__(said)
        self.fingerprint = fingerprint


def is_full(error: OSError) -> bool:
    """Whether a disk or a quota is full."""
    return error.errno in _FULL


def _patient(en: str, ko: str) -> Words:
    return Words(f"{en} {_AGAIN.en}", f"{ko} {_AGAIN.ko}")


# On this computer


def no_room_here(folder: Path) -> Words:
    """The disk is full."""
    return _patient(
        f"There is no room left on the disk of {folder}: the file was not written, the one before stays. "
        "Make room there.",
        f"{folder} 폴더가 있는 디스크에 빈 공간이 없어 파일을 쓰지 못했습니다. 이전 파일은 그대로 있습니다. "
        "공간을 확보해 주세요.",
    )


def unwritable_here(folder: Path) -> Words:
    """It may not be written."""
    return _patient(
        f"The folder {folder} cannot be written: give the user who runs tillbridge the right to.",
        f"{folder} 폴더에 쓸 수 없습니다. tillbridge를 실행하는 사용자에게 쓰기 권한을 주세요.",
    )


def no_folder_here(folder: Path) -> Words:
    """It is not there."""
    return _patient(
        f"The folder {folder} is not there. Make it, or connect the drive that it is on; "
        "tillbridge makes no folder, so that nothing is written where a drive is missing.",
        f"{folder} 폴더가 없습니다. 폴더를 만들거나 해당 드라이브를 연결해 주세요. 드라이브가 없는 자리에 "
        "쓰지 않도록 tillbridge는 폴더를 만들지 않습니다.",
    )


# On an SFTP server


def unreachable(server: str) -> Retryable:
    """Nobody answers at the address."""
    return Retryable(
        _patient(
            f"The file server {server} cannot be reached. See whether the shop's internet works; if it does, "
            "check the address, or ask the server's owner.",
            f"파일 서버 {server}에 연결할 수 없습니다. 매장의 인터넷 연결을 확인하시고, 이상이 없으면 "
            "주소를 확인하거나 서버 관리자에게 문의해 주세요.",
        )
    )


def unknown_host(server: str) -> Retryable:
    """No such name."""
    return Retryable(
        _patient(
            f"The file server's address {server} was not found. See whether the shop's internet works; if it "
            "does, check the address of --files.",
            f"파일 서버 주소 {server}을(를) 찾지 못했습니다. 매장의 인터넷 연결을 확인하시고, 이상이 "
            "없으면 --files 주소를 확인해 주세요.",
        )
    )


def late(server: str, seconds: float) -> Retryable:
    """It took too long."""
    return Retryable(
        _patient(
            f"The file server {server} was not done within {seconds:g} seconds; what it had before stays. "
            "If the line is slow, allow more: --set files_seconds=600.",
            f"파일 서버 {server}에서 {seconds:g}초 안에 전송을 마치지 못했습니다. 이전 파일은 그대로 "
            "있습니다. 회선이 느리면 시간을 늘려 주세요: --set files_seconds=600",
        )
    )


def broken_off(server: str) -> Retryable:
    """The connection broke."""
    return Retryable(
        _patient(
            f"The connection to the file server {server} broke off; what it had before stays.",
            f"파일 서버 {server}와(과)의 연결이 끊겼습니다. 이전 파일은 그대로 있습니다.",
        )
    )


def host_key_unknown(server: str, kind: str, fingerprint: str) -> HostKeyUnknown:
    """Nobody has said yet which host key the server has."""
    return HostKeyUnknown(
        Words(
            f"The file server {server} shows the host key {fingerprint} ({kind}). Nothing was sent yet. "
            "Compare it with what the server's owner told you; if it is the same, agree to it with "
            f"--set files_host_key={fingerprint}",
            f"파일 서버 {server}의 호스트 키는 {fingerprint}({kind})입니다. 아직 아무것도 보내지 않았습니다. "
            "서버 관리자가 알려 준 값과 비교하여 같으면 "
            f"--set files_host_key={fingerprint}(으)로 확인해 주세요.",
        ),
        fingerprint=fingerprint,
    )


def host_key_changed(server: str, kind: str, keys: tuple[str, str]) -> HostKeyUnknown:
    """The server is another one than the one that was agreed to; `keys` are the agreed and the shown one."""
    agreed, shown = keys
    return HostKeyUnknown(
        Words(
            f"The file server {server} shows another host key than the agreed one: {shown} ({kind}) in place "
            f"of {agreed}. Either its owner has changed the server, or somebody stands between; nothing was "
            "sent, no password either. Ask the owner for the fingerprint, by telephone; if it is the new "
            f"one: --set files_host_key={shown}",
            f"파일 서버 {server}의 호스트 키가 등록된 것과 다릅니다: {agreed} 대신 {shown}({kind}). 서버가 "
            "교체되었거나 누군가 중간에서 가로채고 있을 수 있습니다. 비밀번호를 포함해 아무것도 보내지 "
            "않았습니다. 서버 관리자에게 전화로 지문을 확인하고, 새 키가 맞으면 "
            f"--set files_host_key={shown}(으)로 등록해 주세요.",
        ),
        fingerprint=shown,
    )


def refused(server: str, user: str) -> Misconfigured:
    """The user may not come in."""
    return Misconfigured(
        Words(
            f"The file server {server} refused {user}: the password or the private key is wrong. Enter it "
            "again: --secret files_password=- or --secret files_key=@FILE.",
            f"파일 서버 {server}에서 {user} 접속을 거부했습니다. 비밀번호나 개인 키가 맞지 않습니다. "
            "다시 입력해 주세요: --secret files_password=- 또는 --secret files_key=@파일",
        )
    )


def no_sftp(server: str, user: str) -> Retryable:
    """The server has no SFTP for the user."""
    return Retryable(
        _patient(
            f"The file server {server} lets {user} in, but offers no SFTP. Ask the server's owner for it.",
            f"파일 서버 {server}에 {user}(으)로 접속했지만 SFTP를 사용할 수 없습니다. 서버 관리자에게 "
            "SFTP 사용 권한을 요청해 주세요.",
        )
    )


def bad_key() -> Misconfigured:
    """The private key is none."""
    return Misconfigured(
        Words(
            "The private key of files_key cannot be read: it is no OpenSSH or PEM key, or its passphrase "
            "(files_passphrase) is missing or wrong.",
            "files_key의 개인 키를 읽을 수 없습니다. OpenSSH 또는 PEM 형식이 아니거나, "
            "암호(files_passphrase)가 없거나 맞지 않습니다.",
        )
    )


def no_folder_there(place: str) -> Retryable:
    """The server has no such folder."""
    return Retryable(
        _patient(
            f"The file server has no folder {place}. Check --files, or ask the server's owner. "
            "A folder below the one that the login begins in is written sftp://user@host/~/folder.",
            f"파일 서버에 {place} 폴더가 없습니다. --files 주소를 확인하거나 서버 관리자에게 문의해 주세요. "
            "로그인 폴더 아래의 폴더는 sftp://사용자@서버/~/폴더로 씁니다.",
        )
    )


def unwritable_there(place: str) -> Retryable:
    """The user may not write there."""
    return Retryable(
        _patient(
            f"The file server does not let us write into {place}. Ask the server's owner for the right to.",
            f"파일 서버의 {place} 폴더에 쓸 권한이 없습니다. 서버 관리자에게 쓰기 권한을 요청해 주세요.",
        )
    )


def failed_there(place: str, said: str) -> Retryable:
    """The server could not write, for a reason of its own."""
    heard_en, heard_ko = (f' It said: "{said}".', f' 서버 응답: "{said}".') if said else ("", "")
    return Retryable(
        _patient(
            f"The file server could not write into {place}; what it had before stays. Often its disk is "
            f"full.{heard_en}",
            f"파일 서버가 {place}에 쓰지 못했습니다. 이전 파일은 그대로 있습니다. 디스크가 가득 찬 경우가 "
            f"많습니다.{heard_ko}",
        )
    )


def not_installed() -> Misconfigured:
    """What speaks SFTP is not there."""
    return Misconfigured(
        Words(
            "What speaks SFTP is not installed: pip install 'tillbridge[sftp]'",
            "SFTP 기능이 설치되어 있지 않습니다: pip install 'tillbridge[sftp]'",
        )
    )


# Notes of a check


def goes_to(place: str) -> Words:
    """Say where files go."""
    return Words(f"Files go to {place}.", f"파일 전송 위치: {place}")


def not_in_one_step(place: str) -> Words:
    """Say that the server cannot replace a file in one step."""
    return Words(
        f"{place} cannot replace a file in one step: for a moment, while a new one comes, there is none.",
        f"{place}은(는) 파일을 한 번에 바꿀 수 없어, 새 파일로 바뀌는 순간 잠시 파일이 없을 수 있습니다.",
    )


def untried(place: str) -> Words:
    """Say that writing could not be tried."""
    return Words(
        f"Whether {place} takes files shows with the first one.",
        f"{place}에서 파일을 받는지는 첫 파일을 보낼 때 확인됩니다.",
    )
