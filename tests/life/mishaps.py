"""What goes wrong in a day at Locally: at its door, with its webhooks, its keys, and its feed's server."""

from typing import Any, Final

from life.day import Day

_DOOR: Final = "/api/v2"
_FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "status", "status": 429, "retry_after": 2},
    {"kind": "status", "status": 429, "retry_after": 40},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503},
    {"kind": "drop", "when": "before"},
    {"kind": "drop", "when": "during"},
    {"kind": "drop", "when": "after"},
    {"kind": "cut"},
    {"kind": "page"},
    {"kind": "slow", "seconds": 0.05},
)
_HOUR: Final = 3700.0


def something(day: Day) -> None:
    """Let something go wrong, or nothing."""
    weights = [6, 4, 1, 1, 1]
    day.chance.choices((_door, _webhooks, _key, _feed_server, _nothing), weights)[0](day)


def _nothing(_: Day) -> None:
    pass


def _door(day: Day) -> None:
    """The next requests are spoilt, each in its own way."""
    chosen = day.chance.choices(_FAULTS, k=day.chance.randint(1, 4))
    faults = [{**one, "path": _DOOR, "times": day.chance.randint(1, 3)} for one in chosen]
    day.sandbox.do("POST", "/sandbox/faults", {"faults": faults})


def _webhooks(day: Day) -> None:
    """Some of the next webhooks are lost, sent twice, out of order, or with a wrong token."""
    what = day.chance.choice(["lost", "doubled", "disordered", "wrong_token"])
    day.sandbox.hook(**{what: day.chance.randint(1, 5)})


def _key(day: Day) -> None:
    """The key is refused for a while; the shop looks again after an hour."""
    day.sandbox.behave(refuses_key=True)

    def back() -> None:
        day.sandbox.behave()
        day.pass_(_HOUR)

    day.later(back)


def _feed_server(day: Day) -> None:
    """The feed's server is away, or breaks off."""
    how = day.chance.choice([{"open": False}, {"cut_after": 100}, {"full_after": 50}])
    day.sandbox.do("PUT", "/sandbox/sftp", how)
    day.later(lambda: day.sandbox.do("PUT", "/sandbox/sftp", {}))


def recover(day: Day) -> None:
    """Let everything be well."""
    day.sandbox.recover()
    day.sandbox.hook(lost=0, doubled=0, disordered=0, wrong_token=0)
    day.sandbox.do("PUT", "/sandbox/sftp", {})
    day.pass_(_HOUR)
