"""Makes an environment for each peer when it is first needed: none shares a package with tillbridge."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks import report
from benchmarks.peers.known import Peer

ROOT: Final = Path(__file__).parents[2]
REQUIREMENTS: Final = Path(__file__).with_name("requirements")
_HOME: Final = ROOT / "benchmarks" / ".peers"
# Written last, with what was installed: without it, an environment was not finished or is of other releases.
_STAMP: Final = "installed.txt"


def python(peer: Peer) -> Path:
    """Return the interpreter of a peer's environment, which is made if it is not there or is out of date."""
    folder, requirements = _HOME / peer.name, REQUIREMENTS / f"{peer.name}.txt"
    interpreter = folder / "bin" / "python"
    stamp, wanted = folder / _STAMP, requirements.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return interpreter
    report.say(f"making an environment for {releases(peer)}")
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    install = [str(interpreter), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    done = subprocess.run(
        [*install, "--requirement", str(requirements)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{requirements.relative_to(ROOT)} cannot be installed:\n{done.stderr}")
    stamp.write_text(wanted, encoding="utf-8")
    return interpreter


def releases(peer: Peer) -> str:
    """Return what a peer's environment is asked to hold."""
    wanted = (REQUIREMENTS / f"{peer.name}.txt").read_text("utf-8").split()
    return ", ".join(one.replace("==", " ") for one in wanted)


def surroundings() -> Mapping[str, str]:
    """Return the environment's variables: our modules are found, and nobody is told."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return kept | {"PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1"}
