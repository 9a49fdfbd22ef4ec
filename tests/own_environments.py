"""Makes environments of their own for programs that the tests run: `python tests/own_environments.py`.

Each file in `tests/environments/` is one, with what is installed there. `make setup` makes them all; a test
that needs one makes it where it is missing. None shares a package with tillbridge; nothing is shipped.
"""

import os
import shutil
import subprocess
import sys
import venv
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

# Where it is set (as .ci/run does), the tests that need one fail without it instead of being skipped.
REQUIRED = "TILLBRIDGE_TEST_OWN"
LISTS = Path(__file__).with_name("environments")
_SECONDS = 300


class NoEnvironmentError(Exception):
    """An environment is not there and cannot be made; the message says why."""


def python(name: str) -> Path:
    """Return the interpreter of an environment; make it where it is not there yet.

    Raises:
        NoEnvironmentError: what it needs cannot be installed.
    """
    wanted = LISTS / f"{name}.txt"
    folder = Path(sys.prefix) / f".{name}-{sha256(wanted.read_bytes()).hexdigest()[:12]}"
    interpreter = folder / "bin" / "python"
    with FileLock(f"{folder}.lock"):
        if not (folder / "whole").exists():
            _make(folder, interpreter, wanted)
    return interpreter


def _make(folder: Path, interpreter: Path, wanted: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder)
    # By our own pip: one of its own would take longer than all the rest.
    install = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "-qq"]
    try:
        ended = subprocess.run(
            [*install, "--disable-pip-version-check", "--requirement", str(wanted)],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise NoEnvironmentError(f"{wanted.name}: pip did not end within {_SECONDS} seconds") from error
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no reason"])[-1]
        raise NoEnvironmentError(f"{wanted.name} cannot be installed: {last}")
    (folder / "whole").touch()


if __name__ == "__main__":
    try:
        for one in sorted(LISTS.glob("*.txt")):
            python(one.stem)
    except NoEnvironmentError as error:
        # `make setup` goes on: whoever runs the tests without it is told there what is skipped.
        print(error, file=sys.stderr)  # noqa: T201  # the answer to who ran it
        sys.exit(1 if os.environ.get(REQUIRED) else 0)
