"""An SFTP server for sandboxes and tests: a real one (asyncssh), that goes wrong as it is told to."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncssh

from tillbridge.testing.door import HOST

_PATIENCE: Final = 10.0


@dataclass(slots=True)
class SftpFaults:
    """What goes wrong, until it is set back.

    Attributes:
        cut_after: bytes of a file after which the connection breaks; None: it holds.
        full_after: bytes of a file after which there is no room; None: there is.
        read_only: nothing may be written.
        no_sftp: who signs in gets no SFTP, from the next `open` on.
        mute: nothing is answered once somebody has signed in.
        in_one_step: False: a file cannot be renamed over another.
    """

    cut_after: int | None = None
    full_after: int | None = None
    read_only: bool = False
    no_sftp: bool = False
    mute: bool = False
    in_one_step: bool = True


@dataclass(slots=True)
class SftpServer:
    """Serves a folder to one user; `open` and `close` it in an event loop.

    Attributes:
        root: the folder; what a login sees as "/".
        user, password: who may sign in.
        authorized: a public key by which the user may, too, in OpenSSH's form.
        kinds: of its host keys, as "ssh-ed25519" and "ssh-rsa".
        faults: what goes wrong.
        landed: is told the name of each file that is whole and in its place.
        port: where it listens; 0 takes a free one, and keeps it.
    """

    root: Path
    user: str = "shop"
    password: str = "open-sesame"  # noqa: S105  # a test's
    authorized: str = ""
    kinds: tuple[str, ...] = ("ssh-ed25519",)
    faults: SftpFaults = field(default_factory=SftpFaults)
    landed: Callable[[str], None] = lambda _name: None
    port: int = 0
    _keys: list[asyncssh.SSHKey] = field(default_factory=list, repr=False)
    _server: asyncssh.SSHAcceptor | None = field(default=None, repr=False)
    _socket: socket.socket | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.new_keys()

    def new_keys(self) -> None:
        """Be another server than before, from the next `open` on."""
        self._keys = [asyncssh.generate_private_key(kind) for kind in self.kinds]

    @property
    def fingerprints(self) -> list[str]:
        """Return those of its host keys, in the order of `kinds`."""
        return [str(key.get_fingerprint()) for key in self._keys]

    def behave(self, **faults: Any) -> None:
        """Go wrong in these ways (`SftpFaults`), and in no other."""
        self.faults = SftpFaults(**faults)

    def reserve(self) -> None:
        """Take the port already, so that its number can be told before it is open."""
        if self._socket is None:
            self._socket = socket.create_server((HOST, self.port))
            self.port = self._socket.getsockname()[1]

    async def open(self) -> None:
        """Serve; nothing happens where it is open."""
        if self._server is not None:
            return
        self.reserve()
        taken, self._socket = self._socket, None
        self._server = await asyncssh.listen(
            sock=taken,
            server_factory=lambda: _Door(self),
            server_host_keys=self._keys,
            sftp_factory=None if self.faults.no_sftp else lambda channel: _Folder(channel, self),
            allow_scp=False,
            config=None,
        )

    async def close(self) -> None:
        """Refuse; nothing happens where it is closed."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None


class _Door(asyncssh.SSHServer):
    """Lets the one user in."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._server.user, self._server.password)

    def public_key_auth_supported(self) -> bool:
        return bool(self._server.authorized)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = asyncssh.import_public_key(self._server.authorized)
        return username == self._server.user and key.public_data == known.public_data


class _Folder(asyncssh.SFTPServer):
    """The folder that the user sees."""

    def __init__(self, channel: Any, server: SftpServer) -> None:
        super().__init__(channel, chroot=str(server.root).encode())
        self._channel = channel
        self._server = server

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if self._server.faults.mute:
            await asyncio.Event().wait()
        if self._server.faults.read_only and pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return super().open(path, pflags, attrs)

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        faults, end = self._server.faults, offset + len(data)
        if faults.cut_after is not None and end > faults.cut_after:
            self._channel.get_connection().abort()
            raise asyncssh.SFTPConnectionLost("cut off")
        if faults.full_after is not None and end > faults.full_after:
            raise asyncssh.SFTPFailure("No space left on device")
        return int(super().write(file_obj, offset, data))  # type: ignore[arg-type]  # asyncssh's own

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if not self._server.faults.in_one_step:
            raise asyncssh.SFTPOpUnsupported("Unsupported")
        super().posix_rename(oldpath, newpath)
        self._tell(newpath)

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        self._tell(newpath)

    def _tell(self, path: bytes) -> None:
        self._server.landed(path.decode().rpartition("/")[2])


class SftpThread:
    """An SFTP server in a thread of its own, for tests: it can be closed and opened again."""

    def __init__(self, server: SftpServer) -> None:
        self.server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def open(self) -> None:
        """Serve."""
        self._do(self.server.open())

    def close(self) -> None:
        """Refuse."""
        self._do(self.server.close())

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    @contextlib.contextmanager
    def running(self) -> Iterator["SftpThread"]:
        """Serve until the end of the block."""
        self._thread.start()
        try:
            self.open()
            yield self
        finally:
            self._do(self._end())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _end(self) -> None:
        """Close, and let nothing of it be left in the loop."""
        await self.server.close()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@contextlib.contextmanager
def serving_sftp(root: Path, **options: Any) -> Iterator[SftpThread]:
    """Serve a folder by SFTP on this computer, until the end of the block."""
    with SftpThread(SftpServer(root, **options)).running() as running:
        yield running
