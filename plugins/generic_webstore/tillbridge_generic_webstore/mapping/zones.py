"""The zone of times that carry none: named in the profile, or by a setting that the user filled in."""

import re
from collections.abc import Callable
from datetime import tzinfo
from typing import Final
from zoneinfo import available_timezones

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.mistakes import Path
from tillbridge_generic_webstore.mapping.faults import damaged
from tillbridge_generic_webstore.mapping.fields import FieldCompiler, Scope
from tillbridge_generic_webstore.mapping.times import zone_named

ReadZone = Callable[[Scope], tzinfo | None]
_PATH: Final[Path] = ("defaults", "zone")
_SETTING: Final = re.compile(r"\{(\w+)\}")


def compile_zone(given: str | None, compiler: FieldCompiler) -> ReadZone:
    """Return what tells the zone; None where the profile names none."""
    if given is None:
        return lambda _: None
    setting = _SETTING.fullmatch(given)
    if setting is None:
        zone = zone_named(given)
        if zone is None:
            compiler.mistakes.add(_PATH, _no_zone(given))
        return lambda _: zone
    name, place = setting[1], compiler.place(_PATH)

    def read(scope: Scope) -> tzinfo | None:
        wanted = scope.names["_settings"].get(name) or ""
        found = zone_named(wanted) if wanted else None
        if wanted and found is None:
            raise damaged(place, _no_zone(wanted))
        return found

    return read


def _no_zone(name: str) -> Words:
    near = sorted(zone for zone in available_timezones() if zone.endswith(f"/{name}"))
    meant = " / ".join(near[:3])
    return Words(
        f'"{name}" is no time zone ({f"{meant}?" if meant else "one is written as in Asia/Seoul or UTC"})',
        f'"{name}"은(는) 시간대가 아닙니다 ({f"{meant}?" if meant else "예: Asia/Seoul, UTC"})',
    )
