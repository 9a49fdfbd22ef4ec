"""A connection's files in a folder, for the tests of plugins that deliver some."""

from pathlib import Path

from tillbridge.clock import Clock, SystemClock
from tillbridge.files import Copies, Files, FilesSettings, open_files


def files_in(folder: Path, clock: Clock | None = None) -> Files:
    """Return what `Connection.files` is for a connection whose files go to `folder`, which must be there."""
    files = open_files(
        FilesSettings(files=str(folder)), Copies(folder / ".copies", keep=0), clock or SystemClock()
    )
    assert files is not None
    return files
