"""Installs Locally's own JavaScript SDK for the tests that shop with it: `python tests/node_sdk.py`.

`make setup` runs this where Node is. The packages are listed with the sums that they must have
(`plugins/locally/sdk/packages.json`), nothing of them is kept in the project, and no script of theirs is run.
"""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

# Where it is set (as .ci/run does), the tests that need Node fail without it instead of being skipped.
REQUIRED = "TILLBRIDGE_TEST_NODE"
PACKAGES = Path(__file__).parent / "plugins" / "locally" / "sdk" / "packages.json"
_SECONDS = 120


class NoNodeError(Exception):
    """The SDK is not there and cannot be installed; the message says why."""


def installed() -> Path:
    """Return the folder that holds the SDK in `node_modules`; install it where it is not there yet.

    Raises:
        NoNodeError: Node or npm is missing, no registry can be reached, or a package has another sum.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise NoNodeError(f"{program} is missing; Locally's JavaScript SDK needs Node 14 or newer")
    content = PACKAGES.read_bytes()
    folder = Path(sys.prefix) / f".locally-sdk-{sha256(content).hexdigest()[:12]}"
    with FileLock(f"{folder}.lock"):
        if not (folder / "whole").exists():
            _install(folder, json.loads(content))
    return folder


def _install(folder: Path, packages: dict[str, dict[str, str]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted = {name: package["version"] for name, package in packages.items()}
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}), "utf-8")
    options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        ended = subprocess.run(
            ["npm", "install", *options],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise NoNodeError(f"npm did not end within {_SECONDS} seconds") from error
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no reason"])[0]
        raise NoNodeError(f"npm could not install Locally's JavaScript SDK: {last}")
    _compare(folder, packages)
    (folder / "whole").touch()


def _compare(folder: Path, packages: dict[str, dict[str, str]]) -> None:
    """Hold what was installed against the list: every sum, and nothing else."""
    listed = json.loads((folder / "node_modules" / ".package-lock.json").read_text("utf-8"))["packages"]
    found = {path.removeprefix("node_modules/"): one["integrity"] for path, one in listed.items()}
    wanted = {name: package["integrity"] for name, package in packages.items()}
    if other := sorted(name for name, _ in found.items() ^ wanted.items()):
        raise NoNodeError(f"these packages are not those that are listed: {', '.join(dict.fromkeys(other))}")


if __name__ == "__main__":
    try:
        installed()
    except NoNodeError as error:
        # `make setup` goes on: whoever runs the tests without Node is told there what is skipped.
        print(f"Without Locally's JavaScript SDK: {error}", file=sys.stderr)  # noqa: T201  # the answer to who ran it
        sys.exit(1 if os.environ.get(REQUIRED) else 0)
