"""Looks at the key: where it comes from, who can read it, and whether it opens every stored secret."""

import os
from collections.abc import Generator, Sequence
from pathlib import Path
from shlex import quote
from typing import Final

from tillbridge.connections.files import secret_fields
from tillbridge.db.database import Database
from tillbridge.db.types import AnyRow
from tillbridge.doctor.findings import Finding, Kind, Said, Standing
from tillbridge.doctor.measures import some
from tillbridge.doctor.site import Site
from tillbridge.model.errors import InputError
from tillbridge.model.words import Words
from tillbridge.secrets import KEY_VARIABLE, SecretBox, key_path

_HOST: Final = Words("given by the host program", "호스트 프로그램에서 지정")
_SILENT: Final = Words(
    "Connections cannot sign in to their webstores: no orders arrive and no decisions are sent; sales at the "
    "till go on.",
    "연결이 웹스토어에 로그인할 수 없어 주문을 가져오거나 결정을 전송하지 못합니다. 매장 판매는 계속할 수 "
    "있습니다.",
)
LOST = Kind(
    code="key.lost",
    standing=Standing.BROKEN,
    wrong=Words(
        "There is no key, but {count:connection has|connections have} secrets sealed with one ({place}).",
        "연결 {count}개의 비밀 값이 암호화되어 있지만 키가 없습니다({place}).",
    ),
    means=_SILENT,
    remedy=Words(
        "Bring the key back to where it was read from, {place}, from a backup. If it is lost for good, make "
        "a new one: {anew} Then give each connection its secrets again ({names}), as in: {again}",
        "키가 있던 곳({place})에 백업에서 복원해 주세요. 완전히 잃었다면 새로 만든 뒤({anew}) 각 연결의 비밀 "
        "값을 다시 입력해 주세요({names}). 예: {again}",
    ),
)
UNSET = Kind(
    code="key.unset",
    standing=Standing.LOOK,
    wrong=Words(
        f"{KEY_VARIABLE} is not set; with PostgreSQL the key comes from nowhere else.",
        f"{KEY_VARIABLE}이(가) 설정되어 있지 않습니다. PostgreSQL에서는 다른 곳에서 키를 가져오지 않습니다.",
    ),
    means=Words("No webstore can be connected yet.", "아직 웹스토어를 연결할 수 없습니다."),
    remedy=Words(
        "Make a key, keep it in a safe place, and set it: tillbridge init --show-new-key",
        "키를 만들어 안전한 곳에 보관하고 지정해 주세요: tillbridge init --show-new-key",
    ),
)
MALFORMED = Kind(
    code="key.malformed",
    standing=Standing.BROKEN,
    wrong=Words(
        "What stands in {place} is no key: 44 characters are needed, {count} are there.",
        "{place}의 값이 올바른 키가 아닙니다: 44자가 필요하지만 {count}자입니다.",
    ),
    means=_SILENT,
    remedy=Words(
        "Bring the right key back into {place}; what `tillbridge init --show-new-key` prints is only for "
        "secrets "
        "that are given again.",
        "{place}에 올바른 키를 되돌려 놓아 주세요. `tillbridge init --show-new-key`로 만든 키는 비밀 값을 "
        "다시 "
        "입력할 때만 사용할 수 있습니다.",
    ),
)
WRONG = Kind(
    code="key.wrong",
    standing=Standing.BROKEN,
    wrong=Words(
        "The key from {place} does not open the secrets of {count} of {total:connection|connections}: "
        "{names}.",
        "{place}의 키로 연결 {total}개 중 {count}개의 비밀 값을 열 수 없습니다: {names}.",
    ),
    means=_SILENT,
    remedy=Words(
        f"Set {KEY_VARIABLE} to the key that they were sealed with, or give the secrets again: tillbridge "
        "connect "
        "PROVIDER --name {first} --replace --secret KEY=-",
        f"암호화할 때 사용한 키를 {KEY_VARIABLE}에 지정하거나 비밀 값을 다시 입력해 주세요: tillbridge "
        "connect "
        "PROVIDER --name {first} --replace --secret KEY=-",
    ),
)
OTHER_FITS = Kind(
    code="key.other_fits",
    standing=Standing.BROKEN,
    wrong=Words(
        f"The key in {KEY_VARIABLE} does not open the stored secrets, but the key file {{file}} would.",
        f"{KEY_VARIABLE}의 키로는 비밀 값을 열 수 없지만, 키 파일 {{file}}의 키로는 열 수 있습니다.",
    ),
    means=_SILENT,
    remedy=Words(f"Let the file count: unset {KEY_VARIABLE}", f"파일을 사용해 주세요: unset {KEY_VARIABLE}"),
)
OPEN = Kind(
    code="key.open",
    standing=Standing.BROKEN,
    wrong=Words(
        "Others can read the key file {file} (its mode is {mode}).",
        "다른 사용자가 키 파일 {file}을(를) 읽을 수 있습니다(권한 {mode}).",
    ),
    means=Words(
        "Whoever copies it and the database has the webstores' credentials; so tillbridge refuses to use it, "
        "and "
        "no orders arrive.",
        "키와 데이터베이스를 복사하면 웹스토어 인증 정보를 알아낼 수 있습니다. 그래서 tillbridge가 이 키를 "
        "사용하지 않으며, 주문이 들어오지 않습니다.",
    ),
    remedy=Words("Close it: chmod 600 {file}", "권한을 바꿔 주세요: chmod 600 {file}"),
)
OWNER = Kind(
    code="key.owner",
    standing=Standing.LOOK,
    wrong=Words(
        "The key file {file} belongs to user {owner}, the database to user {other}.",
        "키 파일 {file}의 소유자는 {owner}, 데이터베이스의 소유자는 {other}입니다.",
    ),
    means=Words(
        "Whoever runs tillbridge may be able to use only one of them: no orders would arrive.",
        "tillbridge를 실행하는 사용자가 둘 중 하나만 사용할 수 있으면 주문이 들어오지 않습니다.",
    ),
    remedy=Words(
        "Give both to the same user: chown {other} {file}", "같은 사용자로 바꿔 주세요: chown {other} {file}"
    ),
)
UNREADABLE = Kind(
    code="key.unreadable",
    standing=Standing.BROKEN,
    wrong=Words(
        "The key file {file} cannot be read ({fault}).", "키 파일 {file}을(를) 읽을 수 없습니다({fault})."
    ),
    means=_SILENT,
    remedy=Words(
        "Run tillbridge as the user whose file it is, or bring it back from a backup; see: ls -l {file}",
        "파일 소유자로 tillbridge를 실행하거나 백업에서 복원해 주세요. 확인: ls -l {file}",
    ),
)


def check(site: Site) -> Said:
    """Find the key without making one, and try it on every connection's secrets."""
    database = site.ready()
    rows = site.connections()
    site.sealed.update(row.name for row in rows)  # until a key has opened them
    file = key_path(database) if database.is_sqlite else None
    given = site.options.key or os.environ.get(KEY_VARIABLE) or None
    there = file is not None and (file.exists() or file.is_symlink())
    from_file = None
    if file is not None and there:
        from_file = yield from _in_file(file, database, used=given is None)
    key = given or from_file
    if key is not None:
        site.hide({"key": key, "file": from_file or ""})
        place = _HOST if site.options.key else Words.of(KEY_VARIABLE if given else str(file))
        yield from _with_key(site, key, place, rows)
    elif not there:
        yield from _without_key(site, file, rows)
    if given and from_file and site.sealed and _opens_all(from_file, rows):
        yield OTHER_FITS.found(file=str(file))


def _without_key(site: Site, file: Path | None, rows: Sequence[AnyRow]) -> Said:
    if rows:
        make = "tillbridge init --show-new-key"
        yield LOST.found(
            count=len(rows),
            place=str(file or KEY_VARIABLE),
            anew=f"(umask 077; {make} > {quote(str(file))})"
            if file
            else f'export {KEY_VARIABLE}="$({make})"',
            names=some(row.name for row in rows),
            again=_again(site, rows[0]),
        )
    elif file is None:
        yield UNSET.found()
    else:
        yield Words("none yet: the first connection makes it", "아직 없음(첫 연결 때 만들어집니다)")


def _again(site: Site, row: AnyRow) -> str:
    """Return the command that gives a connection its secrets again."""
    provider = site.loaded().providers.get(row.provider)
    names = sorted(secret_fields(provider)) if provider else ["KEY"]
    given = " ".join(f"--secret {name}=-" for name in names)
    return f"tillbridge connect {row.provider} --name {quote(row.name)} --replace {given}"


def _with_key(site: Site, key: str, place: Words, rows: Sequence[AnyRow]) -> Said:
    box = _box(key)
    if box is None:
        yield MALFORMED.found(place=place, count=len(key))
        return
    site.box = box
    opened = {row.name: found for row in rows if (found := _opened(box, row)) is not None}
    for secrets in opened.values():
        site.hide(secrets)
    site.sealed.difference_update(opened)
    shut = [row.name for row in rows if row.name in site.sealed]
    if shut:
        yield WRONG.found(place=place, count=len(shut), total=len(rows), names=some(shut), first=shut[0])
    yield place


def _opens_all(key: str, rows: Sequence[AnyRow]) -> bool:
    box = _box(key)
    return box is not None and all(_opened(box, row) is not None for row in rows)


def _opened(box: SecretBox, row: AnyRow) -> dict[str, str] | None:
    try:
        return box.open(row.secrets, owner=f"{row.provider}:{row.account_key}")
    except InputError:
        return None


def _box(key: str) -> SecretBox | None:
    try:
        return SecretBox(key)
    except InputError:
        return None


def _in_file(file: Path, database: Database, *, used: bool) -> Generator[Finding, None, str | None]:
    """Say what is wrong with the key file, and return what stands in it."""
    try:
        told = file.stat()
        content = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        if used:
            yield UNREADABLE.found(file=str(file), fault=type(error).__name__)
        return None
    if used and os.name == "posix":
        if told.st_mode & 0o077:
            yield OPEN.found(file=str(file), mode=f"{told.st_mode & 0o777:03o}")
        owner = Path(str(database.url.database)).stat().st_uid
        if told.st_uid != owner:
            yield OWNER.found(file=str(file), owner=_name(told.st_uid), other=_name(owner))
    return content


def _name(user: int) -> str:
    # Imported here: it is there on POSIX only.
    import pwd  # noqa: PLC0415  # see above

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
