"""Delivers files to an SFTP server whose host key was agreed to, each replaced in one step.

The only module that meets asyncssh. It is asynchronous: a session runs in a loop and a thread of its own, and
is over, whatever the server does, when its time is.
"""

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tillbridge.files import words
from tillbridge.files.keeping import Spooled
from tillbridge.files.places import SftpPlace
from tillbridge.files.settings import FilesSettings
from tillbridge.http.scrub import Scrubber
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.words import Words

if TYPE_CHECKING:
    import asyncssh

_Result = TypeVar("_Result")
_Kinds = type[Exception] | tuple[type[Exception], ...]
_Work = Callable[["asyncssh.SFTPClient"], Awaitable[_Result]]
# The kinds of host keys, best first. A server has several; the agreed fingerprint may be of any.
_KINDS: Final = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
_ALL: Final = tuple(name for kind in _KINDS for name in kind)
_CONNECT_SECONDS: Final = 20.0
_GRACE: Final = 2.0
_STALE: Final = 86_400


@dataclass(frozen=True, slots=True)
class SftpDelivery:
    """Writes beside the old file, sees whether all arrived, and renames it into the old one's place."""

    place: SftpPlace
    settings: FilesSettings

    def put(self, name: str, spooled: Spooled) -> None:
        """Replace a file, whole or not at all.

        Raises:
            Retryable: the server is away, too slow, or cannot write.
            Misconfigured: it refuses the user, or shows another host key than was agreed.
        """

        async def work(sftp: "asyncssh.SFTPClient") -> None:
            beside = self._path(f".{name}.{secrets.token_hex(6)}.part")
            try:
                await _write(sftp, beside, spooled)
                await self._require_whole(sftp, beside, spooled.size)
                await _replace(sftp, beside, self._path(name))
            except Exception:
                with contextlib.suppress(Exception):  # the connection may be gone
                    await sftp.remove(beside)
                raise
            await self._clear(sftp, name)

        self._session(work)

    def check(self, *, writing: bool) -> tuple[Words, ...]:
        """Sign in, and try whether the folder can be written; nothing stays. Without `writing`, only look.

        Raises:
            Retryable, Misconfigured: as `put`.
        """

        async def work(sftp: "asyncssh.SFTPClient") -> bool:
            await sftp.stat(self.place.folder or ".")
            if not writing:
                return True
            beside = self._path(f".check.{secrets.token_hex(6)}.part")
            async with sftp.open(beside, "wb"):
                pass
            renamed = f"{beside}.b"
            try:
                return await _in_one_step(sftp, beside, renamed)
            finally:
                for one in (beside, renamed):
                    if await sftp.exists(one):
                        await sftp.remove(one)

        in_one_step = self._session(work)
        notes = (words.goes_to(self.place.shown),)
        return notes if in_one_step else (*notes, words.not_in_one_step(self.place.shown))

    async def _require_whole(self, sftp: "asyncssh.SFTPClient", path: str, size: int) -> None:
        if (await sftp.stat(path)).size != size:  # some servers take what they have no room for
            raise words.failed_there(self.place.shown, "")

    @property
    def _server(self) -> str:
        return f"{self.place.host}:{self.place.port}"

    def _path(self, name: str) -> str:
        folder = self.place.folder
        return f"{folder}{'' if folder.endswith('/') else '/'}{name}" if folder else name

    async def _clear(self, sftp: "asyncssh.SFTPClient", name: str) -> None:
        """Take away what a connection that broke off left there a day ago, by the server's clock."""
        with contextlib.suppress(Exception):  # a server may forbid to list
            newest = (await sftp.stat(self._path(name))).mtime or 0
            for one in await sftp.glob(self._path(f".{name}.*.part")):
                if newest - ((await sftp.stat(one)).mtime or newest) > _STALE:
                    await sftp.remove(one)

    def _session(self, work: "_Work[_Result]") -> _Result:
        seconds = float(self.settings.files_seconds)
        with self._words(seconds):
            return _run(lambda: self._talk(work), seconds)

    async def _talk(self, work: "_Work[_Result]") -> _Result:
        connection = await self._connect()
        try:
            sftp = await connection.start_sftp_client()
            done = await work(sftp)
            sftp.exit()
            return done
        finally:
            # Not `close`: it would wait for a server that reads no more.
            connection.abort()

    async def _connect(self) -> "asyncssh.SSHClientConnection":
        """Sign in at the server with the agreed host key, whichever of its keys that is.

        Raises:
            HostKeyUnknown: it has none that was agreed.
        """
        import asyncssh  # noqa: PLC0415  # an extra, and 0.6 s to load

        agreed = self.settings.fingerprint
        first: tuple[str, str] | None = None
        for kinds in (_ALL, *_KINDS) if agreed else (_ALL,):
            seen = _Seen(agreed)
            try:
                return await asyncssh.connect(
                    self.place.host,
                    self.place.port,
                    client_factory=seen.client,
                    server_host_key_algs=kinds,
                    connect_timeout=min(_CONNECT_SECONDS, self.settings.files_seconds),
                    **self._rights(),
                )
            except asyncssh.HostKeyNotVerifiable:
                first = first or seen.shown
            except (asyncssh.DisconnectError, ConnectionError):
                if first is None or seen.agrees:
                    raise
                # It has no key of this kind, and hung up.
        kind, shown = first or ("", "")
        if agreed:
            raise words.host_key_changed(self._server, kind, (agreed, shown))
        raise words.host_key_unknown(self._server, kind, shown)

    def _rights(self) -> dict[str, Any]:
        """Return who signs in and how; nothing of this computer's own SSH is used."""
        import asyncssh  # noqa: PLC0415  # as above

        key, password = self.settings.files_key, self.settings.files_password
        keys = None
        if key:
            phrase = self.settings.files_passphrase
            try:
                # A key is kept without its last line end, and PEM wants it.
                text = f"{key.get_secret_value().strip()}\n"
                keys = [asyncssh.import_private_key(text, phrase.get_secret_value() if phrase else None)]
            except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
                raise words.bad_key() from None
        return {
            "username": self.place.user,
            "password": password.get_secret_value() if password else None,
            "client_keys": keys,
            "known_hosts": asyncssh.import_known_hosts(""),
            "preferred_auth": "publickey,keyboard-interactive,password",
            "config": None,
            "agent_path": None,
            "gss_host": None,
            "x509_trusted_certs": None,
        }

    @contextlib.contextmanager
    def _words(self, seconds: float) -> Iterator[None]:
        """Say what went wrong; what asyncssh says is scrubbed, or left out."""
        try:
            import asyncssh  # noqa: PLC0415  # as above
        except ImportError:
            raise words.not_installed() from None
        try:
            yield
        except TillbridgeError:
            raise
        except (asyncssh.Error, OSError, Late) as error:
            raise self._fault(error, seconds) from None

    def _fault(self, error: Exception, seconds: float) -> TillbridgeError:
        """Return what stands for an error of asyncssh's or the network's: the first kind that it is of."""
        import asyncssh  # noqa: PLC0415  # as above

        server, place = self._server, self.place.shown
        known: Sequence[tuple[_Kinds, Callable[[], TillbridgeError]]] = (
            ((TimeoutError, Late), lambda: words.late(server, seconds)),
            (asyncssh.ChannelOpenError, lambda: words.no_sftp(server, self.place.user)),
            (asyncssh.PermissionDenied, lambda: words.refused(server, self.place.user)),
            ((asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath), lambda: words.no_folder_there(place)),
            (asyncssh.SFTPPermissionDenied, lambda: words.unwritable_there(place)),
            ((asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection), lambda: words.broken_off(server)),
            (asyncssh.SFTPError, lambda: words.failed_there(place, self._heard(str(error)))),
            (socket.gaierror, lambda: words.unknown_host(server)),
            ((asyncssh.Error, ConnectionResetError, BrokenPipeError), lambda: words.broken_off(server)),
        )
        found = next((make for kinds, make in known if isinstance(error, kinds)), None)
        return found() if found else words.unreachable(server)

    def _heard(self, said: str) -> str:
        own = (self.settings.files_password, self.settings.files_passphrase, self.settings.files_key)
        return Scrubber([one.get_secret_value() for one in own if one]).excerpt(said.encode())


class _Seen:
    """Which host key a server shows, and whether it is the agreed one."""

    def __init__(self, agreed: str) -> None:
        self._agreed = agreed
        self.shown: tuple[str, str] | None = None
        self.agrees = False

    def client(self) -> "asyncssh.SSHClient":
        import asyncssh  # noqa: PLC0415  # as above

        seen = self

        class Client(asyncssh.SSHClient):
            def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002  # asyncssh's own parameters
                shown = str(key.get_fingerprint()).rstrip("=")
                seen.shown = (key.get_algorithm(), shown)
                seen.agrees = shown == seen._agreed
                return seen.agrees

        return Client()


async def _write(sftp: "asyncssh.SFTPClient", path: str, spooled: Spooled) -> None:
    import asyncssh  # noqa: PLC0415  # as above

    async with sftp.open(path, "wb") as remote:
        for piece in spooled:
            await remote.write(piece)
        with contextlib.suppress(asyncssh.SFTPOpUnsupported):
            await remote.fsync()


async def _in_one_step(sftp: "asyncssh.SFTPClient", beside: str, target: str) -> bool:
    """Rename a file over another in one step, if the server knows how to; say whether it did."""
    import asyncssh  # noqa: PLC0415  # as above

    try:
        await sftp.posix_rename(beside, target)
    except asyncssh.SFTPOpUnsupported:
        return False
    return True


async def _replace(sftp: "asyncssh.SFTPClient", beside: str, target: str) -> None:
    """Put the new file in the old one's place: in one step where the server can."""
    if await _in_one_step(sftp, beside, target):
        return
    aside = f"{beside}.old"
    had = await sftp.exists(target)
    if had:
        await sftp.rename(target, aside)
    try:
        await sftp.rename(beside, target)
    except Exception:
        if had:
            await sftp.rename(aside, target)
        raise
    if had:
        await sftp.remove(aside)


def _run(make: Callable[[], Awaitable[_Result]], seconds: float) -> _Result:
    """Run it in a loop of its own; nothing but the look-up of a host's name goes on after `seconds`."""
    answer: Future[_Result] = Future()
    threading.Thread(target=_loop, args=(make, seconds, answer), name="tillbridge sftp", daemon=True).start()
    return answer.result(timeout=seconds + _GRACE)


def _loop(make: Callable[[], Awaitable[Any]], seconds: float, answer: "Future[Any]") -> None:
    loop = asyncio.new_event_loop()
    try:
        answer.set_result(loop.run_until_complete(asyncio.wait_for(make(), seconds)))
    except BaseException as error:  # noqa: BLE001  # it is raised where the result is awaited
        answer.set_exception(error)
    finally:
        with contextlib.suppress(Exception):
            left: Sequence[asyncio.Task[Any]] = list(asyncio.all_tasks(loop))
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
