"""The embedded runtime: polls each connection when it is due, and tends it in between, until it is stopped.

Each connection is tended by a thread of its own, one at a time, so that a slow webstore holds up no
other; it is told of stock and prices by another, so that its orders go on meanwhile. Everything a thread
does is safe to be killed at any point; stopping only lets it finish first.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tillbridge.engine import ConnectionView, Engine
from tillbridge.events import Turn
from tillbridge.expiring import Expired
from tillbridge.exports import ExportWay
from tillbridge.intake import PollResult
from tillbridge.model.deadlines import Stage
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.exchange import Decision
from tillbridge.model.spans import lasting
from tillbridge.model.words import Words
from tillbridge.pos.contract import VendorFile
from tillbridge.runtime.hearing import Hearing
from tillbridge.watching import Watched
from tillbridge.webhooks import Heard

# How often what waits is looked for: staff who set a status see its effect as soon.
BEAT: Final = 2.0
# How long stopping waits for what is under way; a thread that takes longer ends with the process.
PATIENCE: Final = 10.0
_PRUNE_EVERY: Final = timedelta(hours=6)
_log = logging.getLogger("tillbridge.runtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something that the runner did, for a log: one line each.

    Attributes:
        what: "started", "polled", "trouble", "well again", "settled", "delivered", "exported", "completed",
            "listening", "heard", "file due", "answer due", "policy", "fault", "stopped".
        connection: whose it was, or None.
        data: numbers, for scripts.
    """

    at: datetime
    what: str
    words: Words
    connection: str | None = None
    data: Mapping[str, int] = field(default_factory=dict)


class Runner:
    """Runs an engine's work until it is stopped.

    Args:
        engine: whose connections are tended.
        on_event: hears each event, from any thread, one at a time.
        stop: ends the run when it is set.
        wait: holds the runner for some seconds or until `stop` is set; a test's moves its clock.
        beat: seconds between two looks at what is due.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        on_event: Callable[[RunEvent], None] = lambda _: None,
        stop: threading.Event | None = None,
        wait: Callable[[float], object] | None = None,
        beat: float = BEAT,
    ) -> None:
        self.engine = engine
        self.stop = stop or threading.Event()
        self._on_event = on_event
        self._wait = wait or self.stop.wait
        self._beat = beat
        self._clock = engine.context.clock
        self._working: dict[str, threading.Thread] = {}
        self._faults: dict[tuple[str | None, str], datetime] = {}
        self._files: set[str] = set()
        self._warned: dict[int, Stage] = {}
        self._telling = threading.Lock()
        self._hearing = Hearing(self._fetch_heard)
        self._exporting = Hearing(self._export)
        self._pruned: datetime | None = None

    def run(self) -> None:
        """Tend every connection, beat after beat, until `stop` is set."""
        known = [one.name for one in self.engine.connections() if one.enabled]
        names = ", ".join(known) or "-"
        self._tell("started", Words(f"Running: {names}", f"실행 중: {names}"))
        listeners = self.engine.context.listeners
        listeners.append(self._turned)
        try:
            while not self.stop.is_set():
                self._look()
                self._wait(self._beat)
        finally:
            self._finish()
            listeners.remove(self._turned)

    def heard(self, name: str) -> None:
        """Fetch what a webhook has just named, without waiting for the next beat; from any thread."""
        self._hearing.wake(name)

    def tend(self, name: str, *, due: bool) -> None:
        """Do what one connection needs now: poll it if it is due, else settle; then deliver."""
        if due:
            (result,) = self.engine.poll(name)
            self._tell_poll(result)
        else:
            counts = self.engine.settle(name)
            if any((numbers := _numbers(counts)).values()):
                self._tell("settled", _counted(numbers), name, numbers)
        if answered := self.engine.deliver(name):
            many = "delivery" if answered == 1 else "deliveries"
            words = Words(f"{answered} {many} answered", f"전송 응답 {answered}건")
            self._tell("delivered", words, name, {"answered": answered})

    def _export(self, name: str) -> None:
        """Tell a webstore of stock and prices; what goes wrong is told as a trouble."""
        part = "export"
        try:
            (result,) = self.engine.export(name, ExportWay(once=True))
        except Exception as error:  # noqa: BLE001  # one connection's failure must not end the others' work
            self._tell_fault(name, error, part)
            return
        self._forget_fault(name, part)
        numbers = {key: getattr(result.told, key) for key in _OFFERS}
        if any(numbers.values()):
            self._tell("exported", _offers_words(numbers), name, numbers)

    def _fetch_heard(self, name: str) -> None:
        """Fetch what webhooks named; what goes wrong is told, and tried again by a later beat."""
        part = "webhooks"
        try:
            for one in self.engine.fetch_heard(name):
                self._tell_heard(one)
        except Exception as error:  # noqa: BLE001  # what is kept waits; the next beat tries again
            self._tell_fault(name, error, part)
        else:
            self._forget_fault(name, part)

    def _tell_heard(self, one: Heard) -> None:
        numbers = {"fetched": one.fetched, **_numbers(one.counts)}
        if one.fetched:
            self._tell("heard", _counted(numbers), one.connection, numbers)

    def _look_at_webhooks(self) -> None:
        """Fetch what waits from before, or for its next try; from time to time forget what is old."""
        self._hearing.wake_all(self.engine.webhooks_wanted())
        now = self._clock.now()
        if self._pruned is None or not timedelta() <= now - self._pruned < _PRUNE_EVERY:
            self._pruned = now
            self.engine.prune_webhooks()

    def _turned(self, turn: Turn) -> None:
        """Tell of what stopped working, and of what works again, as the engine found it."""
        self._tell("well again" if turn.well else "trouble", turn.words, turn.connection)

    def _look(self) -> None:
        """Start a thread for each connection that has none at work."""
        self._working = {name: thread for name, thread in self._working.items() if thread.is_alive()}
        try:
            self._follow_till()
            found = self.engine.connections()
        except Exception as error:  # noqa: BLE001  # the database may be away for a while; the next beat tries again
            self._tell_fault(None, error)
            return
        self._forget_fault(None)
        self._look_at_files()
        self._alone("webhooks", self._look_at_webhooks)
        self._alone("deadlines", self._watch_deadlines)
        self._alone("pick-ups", self._expire_pick_ups)
        exports: set[str] = set()
        at_work = self._exporting.threads()  # seen first: what is due now is not what one of these is at
        self._alone("exports", lambda: exports.update(self.engine.exports_due()))
        for one in found:
            if one.enabled and one.name not in self._working and not self.stop.is_set():
                args = (one, one.name in exports - at_work.keys())
                thread = threading.Thread(target=self._safely, args=args, name=one.name, daemon=True)
                self._working[one.name] = thread
                thread.start()

    def _alone(self, part: str, work: Callable[[], object]) -> None:
        """Do a part of a beat; a fault of it is told once, and holds up nothing else."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  # whatever it is, the connections are tended
            self._tell_fault(None, error, part)
        else:
            self._forget_fault(None, part)

    def _safely(self, one: ConnectionView, export: bool) -> None:  # noqa: FBT001  # a thread's argument
        try:
            self.tend(one.name, due=one.is_due(self._clock.now()))
            if export:
                self._exporting.wake(one.name)  # its orders were seen to: they go on while it is told
        except Exception as error:  # noqa: BLE001  # one connection's failure must not end the others' work
            self._tell_fault(one.name, error)
        else:
            self._forget_fault(one.name)

    def _follow_till(self) -> None:
        if completed := self.engine.tend_till():
            many = "order" if completed == 1 else "orders"
            words = Words(f"{completed} {many} completed at the till", f"매장에서 완료된 주문 {completed}건")
            self._tell("completed", words, None, {"completed": completed})

    def _look_at_files(self) -> None:
        """Tell of each vendor's product file once when it is due; importing it ends the reminder."""
        try:
            due = {f"file {one.vendor} {one.due_at}": one for one in self.engine.files_due()}
        except Exception as error:  # noqa: BLE001  # a till that is away is told of where it is followed
            _log.debug("product files that are due", exc_info=error)
            return
        for key in due.keys() - self._files:  # its age grows; it is the same reminder
            self._tell("file due", file_due_words(due[key], self._clock.now()))
        self._files = set(due)

    def _watch_deadlines(self) -> None:
        """Warn of each due time once at each stage of it, and tell what a policy has decided."""
        for one in self.engine.watch_deadlines():
            numbers, stage = {"order": one.order_id}, one.due.stage
            if one.decided:
                self._warned.pop(one.order_id, None)
                self._tell("policy", policy_words(one), one.connection, numbers)
            elif stage.is_warning and self._warned.get(one.order_id) is not stage:
                self._warned[one.order_id] = stage
                self._tell("answer due", answer_due_words(one), one.connection, numbers)

    def _expire_pick_ups(self) -> None:
        """Tell what a policy has made of orders that nobody picked up."""
        for one in self.engine.expire_pick_ups():
            self._tell("policy", no_show_words(one), one.connection, {"order": one.order_id})

    def _finish(self) -> None:
        """Let what is under way end, for a while: a long poll ends after the page at hand."""
        ends = self._clock.monotonic() + PATIENCE
        self.engine.context.stopping.set()
        for woken in (self._hearing, self._exporting):
            woken.end()
        threads = [
            *self._working.items(),
            *self._hearing.threads().items(),
            *self._exporting.threads().items(),
        ]
        for _, thread in threads:
            thread.join(max(0.0, ends - self._clock.monotonic()))
        self.engine.context.stopping.clear()
        late = sorted({name for name, thread in threads if thread.is_alive()})
        if late:
            names = ", ".join(late)
            words = Words(
                f"Stopped while {names} was still at work; it goes on where it was at the next start.",
                f"{names} 작업 중에 종료했습니다. 다음 실행 때 이어서 처리합니다.",
            )
        else:
            words = Words("Stopped.", "종료했습니다.")
        self._tell("stopped", words)

    def _tell_poll(self, result: PollResult) -> None:
        if result.busy or result.trouble:
            return
        numbers = {"fetched": result.fetched, **_numbers(result.counts)}
        self._tell("polled", _counted(numbers), result.connection, numbers)

    def _tell_fault(self, name: str | None, error: Exception, part: str = "") -> None:
        said = error.words if isinstance(error, TillbridgeError) else Words.of(type(error).__name__)
        words = Words(
            f"Not done, tried again soon: {said.en}", f"처리하지 못했습니다. 곧 다시 시도합니다: {said.ko}"
        )
        # The database may be what is away, so that this one is remembered here, and told once as well.
        first = (name, part) not in self._faults
        self._faults.setdefault((name, part), self._clock.now())
        level = logging.WARNING if first else logging.DEBUG
        _log.log(level, "%s: %s", name or part or "tillbridge", words.en, exc_info=error)
        if first:
            self._tell("fault", words, name)

    def _forget_fault(self, name: str | None, part: str = "") -> None:
        since = self._faults.pop((name, part), None)
        if since is None:
            return
        span = lasting(self._clock.now() - since)
        words = Words(f"It works again, after {span.en}.", f"다시 정상입니다({span.ko} 만에 복구).")
        _log.info("%s: %s", name or part or "tillbridge", words.en)
        self._tell("well again", words, name)

    def _tell(
        self, what: str, words: Words, name: str | None = None, data: Mapping[str, int] | None = None
    ) -> None:
        event = RunEvent(at=self._clock.now(), what=what, words=words, connection=name, data=data or {})
        with self._telling:
            self._on_event(event)


def _numbers(counts: Any) -> dict[str, int]:
    return {name: getattr(counts, name) for name in ("new", "changed", "sold", "waiting", "failed")}


def answer_due_words(one: Watched) -> Words:
    """Ask for an order to be accepted or rejected."""
    left = one.due.words
    return Words(
        f"Order {one.number} must be accepted or rejected: {left.en}.",
        f"주문 {one.number}을(를) 수락하거나 거부해 주세요: {left.ko}",
    )


def policy_words(one: Watched) -> Words:
    """Say what a policy decided."""
    done = _DECIDED[one.decided or Decision.ACCEPTED]
    return Words(
        f"Order {one.number} was not answered in time, and was {done.en} by the connection's policy.",
        f"주문 {one.number}을(를) 기한 내에 응답하지 않아 연결 설정에 따라 자동으로 {done.ko}했습니다.",
    )


def no_show_words(one: Expired) -> Words:
    """Say what a policy made of an order that nobody picked up in time."""
    if one.left is not None:
        return Words(
            f"Order {one.number} was not picked up in time; it is left to you: {one.left.en}.",
            f"주문 {one.number}의 수령 기한이 지났습니다. 직접 처리해 주세요: {one.left.ko}",
        )
    return Words(
        f"Order {one.number} was not picked up in time; the connection's policy closed it as a no-show.",
        f"주문 {one.number}의 수령 기한이 지나 연결 설정에 따라 자동으로 미수령 처리했습니다.",
    )


_DECIDED: Final = {
    Decision.ACCEPTED: Words("accepted", "수락"),
    Decision.REJECTED: Words("rejected", "거부"),
}


def file_due_words(file: VendorFile, now: datetime) -> Words:
    """Ask for a vendor's next product file; `imported_at` and `every_days` are there."""
    return Words(
        f"{file.vendor}'s product file is {file.age_days(now)} days old and expected every "
        f"{file.every_days}: import the next one.",
        f"{file.vendor}의 제품 파일을 가져온 지 {file.age_days(now)}일이 지났습니다({file.every_days}일마다 "
        "필요). 새 파일을 가져와 주세요.",
    )


_OFFERS: Final = {
    "accepted": Words("told", "전달"),
    "refused": Words("refused", "거부"),
    "pending": Words("pending", "대기"),
    "unknown": Words("without an answer", "응답 없음"),
}


def _offers_words(numbers: Mapping[str, int]) -> Words:
    said = _listed({name: count for name, count in numbers.items() if count}, _OFFERS)
    return Words(f"stock and prices: {said.en}", f"재고·가격: {said.ko}")


_PARTS: Final = {
    "fetched": Words("fetched", "가져옴"),
    "new": Words("new", "신규"),
    "changed": Words("changed", "변경"),
    "sold": Words("sold", "판매"),
    "waiting": Words("waiting for a person", "확인 대기"),
    "failed": Words("failed", "실패"),
}


def _counted(numbers: Mapping[str, int]) -> Words:
    return _listed({name: count for name, count in numbers.items() if count or name == "fetched"}, _PARTS)


def _listed(numbers: Mapping[str, int], titles: Mapping[str, Words]) -> Words:
    return Words(
        ", ".join(f"{count} {titles[name].en}" for name, count in numbers.items()),
        ", ".join(f"{titles[name].ko} {count}건" for name, count in numbers.items()),
    )
