"""Fixtures of the files' tests: a real SFTP server, a real folder, a real web server, and what delivers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tillbridge.files import Copies, FilesSettings, open_files
from tillbridge.testing.clock import FrozenClock
from tillbridge.testing.sftp import SftpFaults, SftpThread, serving_sftp


@pytest.fixture(scope="module")
def sftp_thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpThread]:
    """An SFTP server for a module's tests."""
    root = tmp_path_factory.mktemp("sftp")
    with serving_sftp(root, kinds=("ssh-ed25519", "ssh-rsa")) as running:
        yield running


@pytest.fixture
def sftp(sftp_thread: SftpThread) -> Iterator[SftpThread]:
    """The SFTP server, with an empty folder "in", and well."""
    server = sftp_thread.server
    server.faults = SftpFaults()
    folder = server.root / "in"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    yield sftp_thread
    sftp_thread.close()
    server.faults = SftpFaults()
    sftp_thread.open()


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """Where copies are kept."""
    return tmp_path / "copies"


@pytest.fixture
def deliver(copies: Path, clock: FrozenClock) -> Any:
    """A function that opens what delivers by settings."""

    def opened(keep: int = 10, **settings: Any) -> Any:
        return open_files(FilesSettings.model_validate(settings), Copies(copies, keep=keep), clock)

    return opened


@pytest.fixture
def by_sftp(sftp: SftpThread, deliver: Any) -> Any:
    """A function that opens what delivers to the SFTP server, with changed settings if a test wants them."""
    server = sftp.server

    def opened(**settings: Any) -> Any:
        usual = {
            "files": f"sftp://shop@127.0.0.1:{server.port}/in",
            "files_host_key": server.fingerprints[0],
            "files_password": server.password,
        }
        return deliver(**{**usual, **settings})

    return opened
