"""Business hours that a webstore shows: proposed at a command's wish, and to stores that have none."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from tillbridge.cli.kept_dues import after_hours, say_kept
from tillbridge.cli.local_pos import embedded
from tillbridge.cli.session import Session
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotFound, PluginError, ProviderError
from tillbridge.model.hours import EXAMPLE
from tillbridge.model.stores import Store
from tillbridge.model.words import Words
from tillbridge.provider import Capability
from tillbridge.web_hours import HoursProposal


def show_proposal(session: Session, engine: Engine, code: str, name: str, *, save: bool) -> None:
    """Show what a connection's webstore says of a store's hours; with `save` let the store have them.

    Raises:
        NotFound: there is no such connection, or none of its webstore's locations is this store.
        InputError: the webstore tells none, or they cannot be read or be the store's.
    """
    found = {one.store.code: one for one in engine.hours_proposals(name)}
    if code not in found:
        known = ", ".join(found) or "-"
        raise NotFound(
            Words(
                f"The webstore of {name} shows no hours for the store {code}. It does for: {known}.",
                f"{name} 연결의 웹스토어에 {code} 매장의 영업시간이 없습니다. 있는 매장: {known}",
            )
        )
    one = found[code]
    for text in one.shown:
        session.say(f"  {text}")
    kept = _save(engine, one) if save else []
    for words in _said(one, saved=save):
        session.say(words.say(session.language))
    say_kept(session, code, kept)
    if session.as_json:
        session.give(proposal_data(one, saved=save))


def _save(engine: Engine, one: HoursProposal) -> list[str]:
    """Take the hours; return the orders whose due times stay."""
    hours = one.hours
    if hours is None:
        raise InputError(_unread(one))
    proposed = one.store.model_copy(update={"hours": hours})
    proposed.require_open(engine.context.clock.now())
    embedded(engine).change_store(one.store.code, lambda store: store.model_copy(update={"hours": hours}))
    return after_hours(engine, one.store.code)


def hours_at_connecting(session: Session, engine: Engine, name: str, provider: str) -> list[dict[str, Any]]:
    """Let stores without hours have those that a new connection's webstore shows; say what of the rest.

    Nothing here undoes the connection: what cannot be asked now is said, and can be asked again.
    """
    able = Capability.HOURS in engine.context.plugins.provider(provider).capabilities
    found: list[HoursProposal] = []
    if able:
        try:
            found = engine.hours_proposals(name)
        except (ProviderError, PluginError) as error:
            session.say(
                session.words(
                    f"Its business hours could not be asked for: {error.words.en}",
                    f"웹스토어의 영업시간을 확인하지 못했습니다: {error.words.ko}",
                )
            )
    data = []
    for one in found:
        saved = _take(engine, one)
        data.append(proposal_data(one, saved=saved))
        for words in _said(one, saved=saved):
            session.say(words.say(session.language))
    for store in _without_hours(engine, name):
        if store.code not in {one.store.code for one in found}:
            session.say(unknown_words(store.code).say(session.language))
    return data


def _take(engine: Engine, one: HoursProposal) -> bool:
    """Let a store that has no hours have these, where they can be its own; say whether it has."""
    if one.store.hours is not None or one.hours is None:
        return False
    with suppress(InputError):  # the point of sale is the host's own, or the store would never open
        _save(engine, one)
        return True
    return False


def _without_hours(engine: Engine, name: str) -> list[Store]:
    return [store for store in engine.stores_of(name) if store.hours is None]


def _said(one: HoursProposal, *, saved: bool) -> Iterator[Words]:
    code, week = one.store.code, one.week
    if not week:
        yield _unread(one)
    elif saved:
        yield Words(
            f"{code} has the webstore's business hours now: {week}. It tells no holidays: add “; PH off” if "
            "the store is closed on them.",
            f"{code} 매장의 영업시간을 웹스토어의 것으로 저장했습니다: {week}. 공휴일 정보는 없으니 "
            "공휴일에 쉬면 ‘; PH off’를 추가해 주세요.",
        )
    elif one.store.hours is None:
        yield Words(
            f'The webstore shows for {code}: {week}. To take them: tillbridge store hours {code} "{week}"',
            f"웹스토어에 표시된 {code} 매장 영업시간: {week}. "
            f'저장하려면: tillbridge store hours {code} "{week}"',
        )
    elif one.differs:
        yield Words(
            f"The webstore shows other business hours for {code}: {week}. The store has: "
            f"{one.store.hours.week}.",
            f"웹스토어에 표시된 {code} 매장의 영업시간({week})이 매장에 등록된 것({one.store.hours.week})과 "
            "다릅니다.",
        )
    else:
        yield Words(
            f"The webstore shows the hours that {code} has: {week}.",
            f"웹스토어의 영업시간이 {code} 매장과 같습니다: {week}.",
        )
    if one.closed:
        yield Words(
            f"The webstore shows {code} as closed for the time being. If it is: "
            f"tillbridge store close {code} --until DATE",
            f"웹스토어에 {code} 매장이 임시 휴업 중으로 표시되어 있습니다. 맞다면: "
            f"tillbridge store close {code} --until 날짜",
        )


def _unread(one: HoursProposal) -> Words:
    why = one.unread or Words("", "")
    code = one.store.code
    return Words(
        f"The webstore's business hours cannot be read: {why.en}. Say them: tillbridge store hours {code} "
        f'"{EXAMPLE}"',
        f"웹스토어의 영업시간을 읽을 수 없습니다: {why.ko}. 직접 입력해 주세요: "
        f'tillbridge store hours {code} "{EXAMPLE}"',
    )


def unknown_words(code: str) -> Words:
    """Say that a store's hours are not known, and what that means."""
    return Words(
        f"The business hours of {code} are not known, so no due time is counted for its orders: "
        f'tillbridge store hours {code} "{EXAMPLE}"',
        f"{code} 매장의 영업시간을 알 수 없어 주문의 수락 기한을 계산하지 않습니다: "
        f'tillbridge store hours {code} "{EXAMPLE}"',
    )


def proposal_data(one: HoursProposal, *, saved: bool) -> dict[str, Any]:
    """Return a proposal for scripts; `week` is null where it cannot be read."""
    return {
        "store": one.store.code,
        "week": one.week or None,
        "shown": list(one.shown),
        "closed": one.closed,
        "unread": one.unread.en if one.unread else None,
        "unread_ko": one.unread.ko if one.unread else None,
        "differs": one.differs,
        "saved": saved,
    }
