"""Writes recorded orders as files with a test beside them, and reads them again."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from tillbridge.plugin import NotAnOrder, PayloadError, RawOrder, WebOrder
from tillbridge_generic_webstore.compiled import CompiledProfile
from tillbridge_generic_webstore.finding import find_profile
from tillbridge_generic_webstore.trying.payloads import ORDER, read_payload
from tillbridge_generic_webstore.webstores import loaded

_TEST: Final = '''"""Orders of {title}, recorded {day}; people and secrets are replaced."""

from pathlib import Path

import pytest

from tillbridge_generic_webstore.recording.keeping import recorded

HERE = Path(__file__).parent
PROFILE = {profile}
SETTINGS = {settings}
EXPECTED = {{
{expected}
}}


@pytest.mark.parametrize("file", EXPECTED)
def test_an_order_becomes_what_it_was(file: str) -> None:
    assert recorded(PROFILE, HERE / file, SETTINGS) == EXPECTED[file]
'''


@dataclass(frozen=True, slots=True)
class Kept:
    """An order's files: the payload's name, what is in each, and what the order becomes."""

    name: str
    files: Mapping[str, bytes]
    outcome: str


def outcome(compiled: CompiledProfile, raw: RawOrder, settings: Mapping[str, str]) -> str:
    """Say in one line what an order becomes: "K-1001: open, 32000 KRW, 1 line"."""
    try:
        found = compiled.mapper.parse(raw, settings)
    except PayloadError as error:
        return f"cannot be read: {error.path}"
    if isinstance(found, NotAnOrder):
        return f"no order: {found.reason.en}"
    return _told(found)


def _told(order: WebOrder) -> str:
    lines = "1 line" if len(order.lines) == 1 else f"{len(order.lines)} lines"
    return f"{order.number}: {order.standing.value}, {order.total.decimal} {order.currency}, {lines}"


def recorded(profile: Path | str, payload: Path, settings: Mapping[str, str]) -> str:
    """Return what a recorded order becomes by a profile: its file, or a preset's name."""
    file = find_profile(str(profile))
    compiled = loaded(file.text, file.file)
    (raw,) = read_payload(payload, compiled, {}).orders
    return outcome(compiled, raw, settings)


def files_of(name: str, raw: RawOrder) -> Iterator[tuple[str, bytes]]:
    """Yield an order's files, as `profile try` finds them again."""
    for part, content in raw.parts.items():
        yield f"{name}.json" if part == ORDER else f"{name}.{part}.json", content


def keep(
    folder: Path, compiled: CompiledProfile, profile: str, kept: Sequence[Kept], settings: Mapping[str, str]
) -> Path:
    """Write the orders, and a test of them; return the test's file.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for one in kept:
        for name, content in one.files.items():
            (folder / name).write_bytes(content)
    stem = Path(profile).stem.replace("-", "_")
    test = folder / f"test_{stem}.py"
    path = Path(profile)
    where = f'HERE / "{os.path.relpath(path, folder)}"' if path.is_file() else json.dumps(profile)
    text = _TEST.format(
        title=compiled.profile.title,
        day=date.today().isoformat(),  # noqa: DTZ011  # the day where it is recorded
        profile=where,
        settings=json.dumps(dict(settings), ensure_ascii=False),
        expected="\n".join(
            f"    {json.dumps(one.name)}: {json.dumps(one.outcome, ensure_ascii=False)}," for one in kept
        ),
    )
    test.write_text(text, "utf-8")
    return test
