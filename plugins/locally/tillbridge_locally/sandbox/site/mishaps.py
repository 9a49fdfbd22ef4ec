"""What goes wrong on demand, as buttons: the same as the control door does, for a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from tillbridge.plugin import Words
from tillbridge.testing.faults import AnyFault, Cut, Drop, Slow, Status
from tillbridge.testing.webhooks import Sender
from tillbridge_locally.sandbox.quirks import Processor, Quirks
from tillbridge_locally.sandbox.site import texts
from tillbridge_locally.sandbox.site.layout import Reader
from tillbridge_locally.sandbox.world import World

_TIMES: Final = 3
_AHEAD: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Switch:
    """A quirk that a button switches on and off."""

    words: Words
    is_on: Callable[[Quirks], bool]
    turn: Callable[[Quirks, bool], Quirks]


_FAULTS: Final[dict[str, tuple[Words, AnyFault]]] = {
    "busy": (
        Words("429: too many requests, wait 30 seconds", "429: 요청이 너무 많음, 30초 대기"),
        Status(status=429, retry_after=30, times=_TIMES),
    ),
    "broken": (Words("500: a fault of its own", "500: 서버 오류"), Status(status=500, times=_TIMES)),
    "slow": (Words("Five seconds late", "5초 지연"), Slow(seconds=5.0, times=_TIMES)),
    "cut": (Words("The answer is cut off", "응답이 중간에 끊김"), Cut(length=200, times=_TIMES)),
    "unanswered": (
        Words("Done, but the answer is lost", "처리됐지만 응답이 유실됨"),
        Drop(when="after", times=_TIMES),
    ),
}
_SWITCHES: Final[dict[str, _Switch]] = {
    "repeats": _Switch(
        Words("Orders come twice", "같은 주문이 두 번 옴"),
        lambda now: now.repeats,
        lambda now, on: replace(now, repeats=on),
    ),
    "restless": _Switch(
        Words("Orders change while they are read", "읽는 동안 주문이 바뀌어 순서가 뒤섞임"),
        lambda now: now.restless > 0,
        lambda now, on: replace(now, restless=1 if on else 0),
    ),
    "key": _Switch(
        Words("The API key is revoked", "API 키가 취소됨"),
        lambda now: now.refuses_key,
        lambda now, on: replace(now, refuses_key=on),
    ),
    "clock": _Switch(
        Words("Its clock is five hours ahead", "시계가 5시간 빠름"),
        lambda now: now.hours_ahead != 0,
        lambda now, on: replace(now, hours_ahead=_AHEAD if on else 0.0),
    ),
    "declines": _Switch(
        Words("Every card is declined", "모든 카드가 거절됨"),
        lambda now: now.processor is Processor.DECLINES,
        lambda now, on: replace(now, processor=Processor.DECLINES if on else Processor.UP),
    ),
    "down": _Switch(
        Words("The payment processor is down", "결제 서비스가 멈춤"),
        lambda now: now.processor is Processor.DOWN,
        lambda now, on: replace(now, processor=Processor.DOWN if on else Processor.UP),
    ),
}


_WEBHOOKS: Final[dict[str, Words]] = {
    "lost": Words("Never sent", "전송되지 않음"),
    "doubled": Words("Sent twice", "두 번 전송됨"),
    "disordered": Words("Held back, then newest first", "모았다가 최신 순으로 전송됨"),
    "wrong_token": Words("With a wrong token", "잘못된 토큰으로 전송됨"),
}


class Mishaps:
    """The buttons.

    Args:
        world: what goes wrong.
        sender: the webhooks.
    """

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender

    def every(self, reader: Reader) -> str:
        """Return the buttons, each with how it stands."""
        faults = "".join(self._fault(reader, name) for name in _FAULTS)
        switches = "".join(self._switch(reader, name) for name in _SWITCHES)
        return (
            f'<p class="note">{reader.say(texts.FAULTS_SAY)}</p><form method="post" action="/faults">'
            f"<h3>{reader.say(texts.NEXT_THREE)}</h3><table>{faults}</table>"
            f"<h3>{reader.say(texts.NEXT_WEBHOOKS)}</h3>{self._webhooks(reader)}"
            f"<h3>{reader.say(texts.UNTIL_SWITCHED_OFF)}</h3><table>{switches}</table>"
            '<div class="acts"><button name="do" value="well">'
            f"{reader.say(texts.ALL_WELL)}</button></div></form>"
        )

    def do(self, name: str) -> None:
        """Do what a button says; what is none does nothing."""
        if name == "well":
            self._world.faults.clear()
            self._world.behave(Quirks())
            self._sender.set(dict.fromkeys(_WEBHOOKS, 0))
        elif name in _FAULTS:
            self._world.faults.add(_FAULTS[name][1])
        elif name in _WEBHOOKS:
            self._sender.set({name: _TIMES})
        elif switch := _SWITCHES.get(name):
            now = self._world.quirks
            self._world.behave(switch.turn(now, not switch.is_on(now)))

    def _fault(self, reader: Reader, name: str) -> str:
        words, fault = _FAULTS[name]
        count = self._world.faults.waiting().count(fault)
        state = reader.say(texts.WAITING, count=count) if count else ""
        return _row(reader.say(words), state, name, reader.say(texts.DO_IT))

    def _webhooks(self, reader: Reader) -> str:
        if not self._sender.hooks.url:
            return f'<p class="note">{reader.say(texts.NO_WEBHOOKS)}</p>'
        rows = []
        for name, words in _WEBHOOKS.items():
            count = getattr(self._sender.hooks, name)
            state = reader.say(texts.WAITING, count=count) if count else ""
            rows.append(_row(reader.say(words), state, name, reader.say(texts.DO_IT)))
        return f"<table>{''.join(rows)}</table>"

    def _switch(self, reader: Reader, name: str) -> str:
        switch = _SWITCHES[name]
        is_on = switch.is_on(self._world.quirks)
        state, turn = (texts.ON, texts.SWITCH_OFF) if is_on else (texts.OFF, texts.SWITCH_ON)
        return _row(reader.say(switch.words), reader.say(state), name, reader.say(turn))


def _row(words: str, state: str, name: str, button: str) -> str:
    return (
        f'<tr><td>{words}</td><td class="soft">{state}</td>'
        f'<td class="right"><button class="quiet" name="do" value="{name}">{button}</button></td></tr>'
    )
