"""Makes every check: each in a thread that is not waited for beyond its time, and none stopping another."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from tillbridge.doctor import (
    clock,
    connections,
    database,
    disk,
    key,
    migrations,
    plugins,
    pos,
    records,
    waiting,
)
from tillbridge.doctor.described import described
from tillbridge.doctor.findings import Diagnosis, Examined, Finding, Kind, Said, Standing, by_weight, worst
from tillbridge.doctor.site import Limits, Site, UncheckedError
from tillbridge.engine import Options
from tillbridge.http.scrub import Scrubber
from tillbridge.model.words import Words

_log = logging.getLogger("tillbridge.doctor")


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        run: yields what it finds; raises `UncheckedError` where it cannot be made.
    """

    name: str
    title: Words
    run: Callable[[Site], Said]


# In the sequence in which they need each other.
CHECKS: Final = (
    Check("plugins", Words("Plugins", "플러그인"), plugins.check),
    Check("disk", Words("Disk", "디스크"), disk.check),
    Check("database", Words("Database", "데이터베이스"), database.check),
    Check("migrations", Words("Tables", "테이블 버전"), migrations.check),
    Check("key", Words("Key", "암호화 키"), key.check),
    Check("pos", Words("Point of sale", "POS"), pos.check),
    Check("connections", Words("Connections", "연결"), connections.check),
    Check("clock", Words("Clock", "시계"), clock.check),
    Check("records", Words("Records", "데이터 일치"), records.check),
    Check("waiting", Words("Waiting work", "대기 작업"), waiting.check),
)
# What depends on what is no concern of the reader's.
_SHOWN: Final = (
    "key",
    "clock",
    "database",
    "migrations",
    "records",
    "waiting",
    "disk",
    "connections",
    "plugins",
    "pos",
)

LATE = Kind(
    code="doctor.late",
    standing=Standing.LOOK,
    wrong=Words(
        "The check “{title}” was not done after {seconds} seconds, and was given up.",
        "‘{title}’ 확인이 {seconds}초 안에 끝나지 않아 중단했습니다.",
    ),
    means=Words(
        "Whether all is well there is not known; what is slow for this check may be slow for the shop too.",
        "해당 부분의 상태를 알 수 없습니다. 여기서 느린 것은 매장 업무에서도 느릴 수 있습니다.",
    ),
    remedy=Words(
        "Run `tillbridge doctor` again when the computer is less busy; if it stays, report it.",
        "컴퓨터가 덜 바쁠 때 `tillbridge doctor`를 다시 실행해 주세요. 계속되면 알려 주세요.",
    ),
)
FAULT = Kind(
    code="doctor.fault",
    standing=Standing.LOOK,
    wrong=Words(
        "The check “{title}” itself failed unexpectedly: {fault}.",
        "‘{title}’ 확인 중 예상하지 못한 오류가 발생했습니다: {fault}.",
    ),
    means=Words(
        "Whether all is well there is not known; the other checks were made.",
        "해당 부분의 상태를 알 수 없습니다. 다른 확인은 모두 마쳤습니다.",
    ),
    remedy=Words(
        "Run `tillbridge doctor --debug` to see where it failed, and report it.",
        "`tillbridge doctor --debug`로 오류 위치를 확인하고 알려 주세요.",
    ),
)


def examine(
    database_url: str, options: Options | None = None, *, live: bool = True, limits: Limits | None = None
) -> Diagnosis:
    """Look at everything, and change nothing.

    Args:
        database_url: as for the engine; there may be no database there.
        options: what the host gives the engine in the place of the usual parts.
        live: ask each webstore whether it answers.
        limits: from when on something is worth saying.
    """
    site = Site(url=database_url, options=options or Options(), live=live, limits=limits or Limits())
    try:
        found = {check.name: _made(check, site) for check in CHECKS}
    finally:
        with suppress(Exception):  # a check that was given up may still use it
            if site.database is not None:
                site.database.close()
    scrubber = Scrubber(site.private)
    return Diagnosis(checks=[_scrubbed(found[name], scrubber) for name in _SHOWN])


@dataclass(slots=True)
class _Told:
    """What a check has said so far; what a late one says afterwards is not heard."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    unchecked: bool = False


def _made(check: Check, site: Site) -> Examined:
    told = _Told()
    began = time.monotonic()
    thread = threading.Thread(target=_run, args=(check, site, told), name=f"doctor {check.name}", daemon=True)
    thread.start()
    thread.join(site.limits.check_seconds)
    findings, notes = list(told.findings), list(told.notes)
    if thread.is_alive():
        findings.append(LATE.found(title=check.title, seconds=f"{site.limits.check_seconds:g}"))
    standing = worst([one.standing for one in findings])
    if told.unchecked and standing is Standing.GOOD:
        standing = Standing.UNCHECKED
    return Examined(
        name=check.name,
        title=check.title,
        standing=standing,
        findings=by_weight(findings),
        notes=notes,
        seconds=round(time.monotonic() - began, 3),
    )


def _run(check: Check, site: Site, told: _Told) -> None:
    try:
        for said in check.run(site):
            if isinstance(said, Finding):
                told.findings.append(said)
            else:
                told.notes.append(said)
    except UncheckedError as error:
        told.unchecked = True
        told.notes.append(error.words)
    # A host's POS and plugins may raise whatever they like, `SystemExit` too; nobody else would hear it.
    except BaseException as error:  # noqa: BLE001  # see above
        _log.warning("the check %s failed", check.name, exc_info=error)
        told.findings.append(FAULT.found(title=check.title, fault=described(error)))


def _scrubbed(one: Examined, scrubber: Scrubber) -> Examined:
    def clean(words: Words) -> Words:
        return Words(scrubber.literal(words.en), scrubber.literal(words.ko))

    findings: Sequence[Finding] = [
        replace(
            finding,
            wrong=clean(finding.wrong),
            means=clean(finding.means),
            remedy=clean(finding.remedy),
            figures={
                name: scrubber.literal(figure) if isinstance(figure, str) else figure
                for name, figure in finding.figures.items()
            },
        )
        for finding in one.findings
    ]
    return replace(one, findings=findings, notes=[clean(note) for note in one.notes])
