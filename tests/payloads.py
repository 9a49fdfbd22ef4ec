"""Real order payloads, read in place; where their folder is absent, tests skip and are counted."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDERS = Path(os.environ.get("TILLBRIDGE_ORDER_PAYLOADS") or ROOT / "../shared/data/orders").resolve()
ABSENT = "../shared/data/orders is absent"


def payload_files(system: str | None = None, *, suffix: str = ".json") -> list[Path]:
    """List the payload files of one system, or of all, to parametrise a test with.

    Where the folder is absent the list holds one parameter that skips its test:
    `@pytest.mark.parametrize("file", payload_files("shopify"), ids=payload_name)`.
    """
    if not ORDERS.is_dir():
        # pytest takes a ParameterSet wherever it takes a value; callers only hand the list on.
        return [pytest.param(ORDERS, marks=pytest.mark.skip(reason=ABSENT))]  # type: ignore[list-item]
    files = sorted((ORDERS / (system or "")).rglob(f"*{suffix}"))
    if not files:
        known = sorted(path.name for path in ORDERS.iterdir() if path.is_dir())
        raise LookupError(f"{ORDERS} has no {suffix} payloads of {system!r}; its systems are {known}")
    return files


def payload_name(file: Path) -> str:
    """Name a payload as a test's parameter: `shopify/01-order.json`."""
    return f"{file.parent.name}/{file.name}"
