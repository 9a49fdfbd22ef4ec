"""The command line. `main` is the program `tillbridge`; it imports the rest only when it is needed."""

import gc
import sys

from tillbridge import __version__


def main() -> None:
    """Run the command that the shell gives, and end with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"tillbridge {__version__}\n")
        return
    # The rest takes half a second to import: `--version` need not wait for it.
    from tillbridge.cli.running import run  # noqa: PLC0415

    collect_rarely()
    sys.exit(run(arguments))


def collect_rarely() -> None:
    """Let Python look for cyclic garbage less often: a page of orders makes many objects, and no cycles.

    A tenth of an import went into looking. Only for a process of our own: a host decides for itself.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
