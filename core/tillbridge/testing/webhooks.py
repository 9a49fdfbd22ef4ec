"""The webhooks that a sandbox sends: with retries, and what goes wrong with them on demand."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import msgspec

_PATIENCE: Final = 10.0
_GOOD: Final = range(200, 300)
_NAMES: Final = "url, token, waits, lost, doubled, disordered, wrong_token, slow"


class HooksError(ValueError):
    """What was given says nothing about webhooks; the message says what does."""


class Hooks(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Where webhooks go, and what happens to them on the way.

    Attributes:
        url: where they go; "": nowhere.
        token: what says that they are the service's own.
        waits: seconds before each further try of one that was not taken.
        lost: so many of the next are never sent.
        doubled: so many of the next are sent twice.
        disordered: so many of the next are held back until all are there, and sent newest first.
        wrong_token: so many of the next come with another token; below 0: all.
        slow: seconds before each of them.
    """

    url: str = ""
    token: str = ""
    waits: tuple[float, ...] = (0.1, 0.5, 2.0)
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    wrong_token: int = 0
    slow: float = 0.0


@dataclass(slots=True)
class Sent:
    """One event, and what each try of it was answered: a status, or 0 for none."""

    event: Mapping[str, Any]
    answers: list[int] = field(default_factory=list)
    lost: bool = False


class Sender:
    """Sends events, one after the other; what was not taken is tried again beside the others.

    Args:
        header: the header that the token stands in.
        token: the token, until it is changed.
        url: where they go, until that is changed.

    Attributes:
        hooks: how it is now.
        sent: what became of each event, in the sequence in which they happened.
    """

    def __init__(self, header: str, *, token: str = "", url: str = "") -> None:
        self._first = Hooks(token=token, url=url)
        self.hooks = msgspec.structs.replace(self._first)
        self.sent: list[Sent] = []
        self._header = header
        self._waiting: asyncio.Queue[Sent] = asyncio.Queue()
        self._held: list[Sent] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def set(self, data: Any) -> None:
        """Change what is named; the rest stays.

        Raises:
            HooksError: there is no such thing.
        """
        try:
            self.hooks = msgspec.convert(msgspec.structs.asdict(self.hooks) | dict(data), Hooks)
        except (msgspec.ValidationError, TypeError, ValueError) as error:
            raise HooksError(f"{error}. There are: {_NAMES}") from None
        if not self.hooks.disordered:
            self._let_go()

    def reset(self) -> None:
        """Be as at the start, and forget what was sent."""
        self.hooks = msgspec.structs.replace(self._first)
        self.sent.clear()
        self._held.clear()

    def send(self, event: Mapping[str, Any]) -> None:
        """Let an event happen; it is sent soon, if there is anywhere to send it."""
        if not self.hooks.url:
            return
        one = Sent(event)
        self.sent.append(one)
        if self.hooks.lost > 0:
            self.hooks.lost -= 1
            one.lost = True
        elif self.hooks.disordered > 0:
            self.hooks.disordered -= 1
            self._held.append(one)
            if not self.hooks.disordered:
                self._let_go()
        else:
            self._queue([one])

    def _let_go(self) -> None:
        """Send what was held back, the newest first."""
        self._queue(reversed(self._held))
        self._held.clear()

    def _queue(self, some: Any) -> None:
        for one in some:
            for _ in range(1 + self._is_doubled()):
                self._waiting.put_nowait(one)

    def _is_doubled(self) -> bool:
        if self.hooks.doubled <= 0:
            return False
        self.hooks.doubled -= 1
        return True

    async def run(self) -> None:
        """Send what happens, until it is cancelled."""
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
            while True:
                one = await self._waiting.get()
                await asyncio.sleep(self.hooks.slow)
                if not await self._try(client, one):
                    task = asyncio.create_task(self._again(client, one, self.hooks.waits))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _again(self, client: httpx.AsyncClient, one: Sent, waits: Sequence[float]) -> None:
        for seconds in waits:
            await asyncio.sleep(seconds)
            if await self._try(client, one):
                return

    async def _try(self, client: httpx.AsyncClient, one: Sent) -> bool:
        token = self.hooks.token
        if self.hooks.wrong_token:
            self.hooks.wrong_token -= 1
            token = f"not {token}"
        try:
            answer = await client.post(
                self.hooks.url, content=msgspec.json.encode(one.event), headers={self._header: token}
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            one.answers.append(0)
            return False
        one.answers.append(answer.status_code)
        return answer.status_code in _GOOD
