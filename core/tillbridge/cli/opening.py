"""Commands about business hours: what they are, and closures."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tillbridge.cli.given import read_pairs
from tillbridge.cli.kept_dues import after_hours, say_kept
from tillbridge.cli.local_pos import embedded
from tillbridge.cli.orders_as import time_text
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.web_hours import show_proposal
from tillbridge.cli.when import read_ahead
from tillbridge.engine import Engine
from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.holidays import UnknownCalendarError, holidays_of
from tillbridge.model.hours import EXAMPLE, Closure, Hours, HoursError
from tillbridge.model.hours_words import hours_words
from tillbridge.model.stores import Store
from tillbridge.model.words import Words

_SHOWN_AHEAD: Final = timedelta(days=60)
_PRUNED: Final = timedelta(days=30)
_CODE: Final = typer.Argument(metavar="CODE", help="The store's code.")


def hours(  # noqa: PLR0913  # one option for each thing that may be said of hours
    context: typer.Context,
    code: Annotated[str, _CODE],
    week: Annotated[str, typer.Argument(help=f'For example "{EXAMPLE}". Without it they are shown.')] = "",
    *,
    region: Annotated[
        str | None, typer.Option(help="For holidays that are not everywhere in the country, for example CA.")
    ] = None,
    special: Annotated[
        list[str], typer.Option(help="DATE=TIMES, as in 2026-12-24=10:00-15:00 or 2026-12-26=off.")
    ] = [],  # noqa: B006  # typer copies it
    usual: Annotated[list[str], typer.Option(help="DATE is no special day any more.")] = [],  # noqa: B006  # typer copies it
    connection: Annotated[
        str, typer.Option("--from", metavar="NAME", help="Show what this connection's webstore says instead.")
    ] = "",
    save: Annotated[bool, typer.Option("--save", help="With --from: let them be the store's.")] = False,
) -> None:
    """Show a store's business hours, or say what they are."""
    session = session_of(context)
    given = _Given(week, region, read_pairs(special, option="--special"), usual)
    if (save and not connection) or (connection and given.anything):
        raise InputError(
            Words(
                "--from shows what a webstore says, and --save takes that; nothing else is said with them.",
                "--from은 웹스토어의 영업시간을 보여 주고 --save는 그것을 저장합니다. "
                "다른 값과 함께 쓸 수 없습니다.",
            )
        )
    with session.engine() as engine:
        if connection:
            _store(engine, code)
            show_proposal(session, engine, code, connection, save=save)
            return
        store = _store(engine, code)
        if given.anything:
            store = embedded(engine).change_store(code, given.laid_over)
        kept = after_hours(engine, code) if given.anything else []
        now = engine.context.clock.now()
    if session.as_json:
        session.give(hours_data(store, now))
        return
    for words in _told(store, now, session):
        session.say(words)
    say_kept(session, code, kept)


class _Given:
    """What the command line says of a store's hours."""

    def __init__(self, week: str, region: str | None, special: dict[str, str], usual: Sequence[str]) -> None:
        self.week, self.region, self.special, self.usual = week, region, special, usual

    @property
    def anything(self) -> bool:
        """Whether anything is to be changed."""
        return bool(self.week or self.region is not None or self.special or self.usual)

    def laid_over(self, store: Store) -> Store:
        """Return the store with the hours that are given; what is not given stays.

        Raises:
            InputError: they cannot be read, or there is nothing to lay them over.
        """
        old = store.hours
        week = self.week or (old.week if old else "")
        if not week:
            raise InputError(
                Words(
                    f'The store\'s week is not known yet: tillbridge store hours {store.code} "{EXAMPLE}"',
                    f'요일별 영업시간을 먼저 입력해 주세요: tillbridge store hours {store.code} "{EXAMPLE}"',
                )
            )
        days = {
            one.day.isoformat(): {"times": one.times, "note": one.note}
            for one in (old.special if old else ())
        }
        days |= {day.strip(): {"times": times} for day, times in self.special.items()}
        for day in self.usual:
            if days.pop(day.strip(), None) is None:
                raise InputError(Words(f"{day} is no special day.", f"{day}은(는) 특별 영업일이 아닙니다."))
        region = self.region if self.region is not None else (old.region if old else "")
        try:
            made = Hours.model_validate(
                {
                    "week": week,
                    "region": region,
                    "special": [{"day": day, **known} for day, known in sorted(days.items())],
                    "closures": old.closures if old else (),
                }
            )
        except ValidationError as error:
            raise InputError(_refused(error)) from None
        return store.model_copy(update={"hours": made})


def _refused(error: ValidationError) -> Words:
    said = [_fault(one) for one in error.errors(include_url=False)]
    return Words(
        f"These are no business hours. {'; '.join(one.en for one in said)}.",
        f"영업시간을 읽을 수 없습니다. {'; '.join(one.ko for one in said)}.",
    )


def hours_fault(one: ErrorDetails) -> Words | None:
    """Return what is wrong with business hours in our own words; None where it is something else."""
    found = one.get("ctx", {}).get("error")
    return found.words if isinstance(found, HoursError) else None


def _fault(one: ErrorDetails) -> Words:
    # Whatever else pydantic finds here is a day of the calendar.
    return hours_fault(one) or Words(
        f"“{one['input']}” is no day; an example is 2026-12-24",
        f"‘{one['input']}’은(는) 날짜가 아닙니다. 예: 2026-12-24",
    )


def close(
    context: typer.Context,
    code: Annotated[str, _CODE],
    *,
    until: Annotated[str, typer.Option(help="15:00, 2h, 3d, a date or a time: when it opens again.")],
    start: Annotated[str, typer.Option("--from", help="When it closes; by default now.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Close a store for a while, whatever its hours say."""
    session = session_of(context)
    with session.engine() as engine:
        now, zone = engine.context.clock.now(), _store(engine, code).zone
        begin = read_ahead(start, option="--from", now=now, zone=zone) if start else now
        end = read_ahead(until, option="--until", now=now, zone=zone)
        if end <= begin:
            raise InputError(Words("--until lies before --from.", "--until이 --from보다 앞섭니다."))
        closure = Closure(start=begin, until=end, reason=reason)
        store = embedded(engine).change_store(code, lambda one: _closed(one, closure, now))
        kept = after_hours(engine, code)
    moment = time_text(closure.until, zone, session.language)
    session.say(
        session.words(
            f"{store.code} is closed until {moment}.", f"{store.code} 매장을 {moment}까지 닫습니다."
        )
    )
    say_kept(session, code, kept)
    if session.as_json:
        session.give(hours_data(store, now))


def reopen(context: typer.Context, code: Annotated[str, _CODE]) -> None:
    """End a store's closures, those to come too."""
    session = session_of(context)
    with session.engine() as engine:
        _store(engine, code)
        now = engine.context.clock.now()
        store = embedded(engine).change_store(code, lambda one: _reopened(one, now))
        kept = after_hours(engine, code)
    session.say(
        session.words(
            f"{store.code} is not closed any more.", f"{store.code} 매장의 임시 휴업을 해제했습니다."
        )
    )
    say_kept(session, code, kept)
    if session.as_json:
        session.give(hours_data(store, now))


def _closed(store: Store, closure: Closure, now: datetime) -> Store:
    hours = _known(store)
    kept = tuple(one for one in hours.closures if one.until > now - _PRUNED)
    return store.model_copy(update={"hours": hours.model_copy(update={"closures": (*kept, closure)})})


def _reopened(store: Store, now: datetime) -> Store:
    hours = _known(store)
    over = tuple(
        one.model_copy(update={"until": min(one.until, now)}) for one in hours.closures if one.start < now
    )
    return store.model_copy(update={"hours": hours.model_copy(update={"closures": over})})


def _known(store: Store) -> Hours:
    if store.hours is not None:
        return store.hours
    raise InputError(
        Words(
            f"The business hours of {store.code} are not known: tillbridge store hours {store.code} HOURS",
            f"{store.code}의 영업시간을 먼저 입력해 주세요: tillbridge store hours {store.code} 영업시간",
        )
    )


def _store(engine: Engine, code: str) -> Store:
    stores = {store.code: store for store in engine.pos.stores()}
    if code in stores:
        return stores[code]
    known = ", ".join(stores) or "-"
    raise NotFound(
        Words(f"There is no store {code}. There are: {known}.", f"{code} 매장이 없습니다. 있는 매장: {known}")
    )


def hours_data(store: Store, now: datetime) -> dict[str, Any]:
    """Return a store's hours for scripts; `week` is null where they are unknown."""
    known = store.hours
    span = next(store.open_spans(now), None)
    is_open = span is not None and span.start <= now
    return {
        "store": store.code,
        "week": known.week if known else None,
        "region": known.region if known else "",
        "special": [one.model_dump(mode="json") for one in known.special] if known else [],
        "closures": [one.model_dump(mode="json") for one in known.closures] if known else [],
        "holidays": [
            {
                "day": day.isoformat(),
                "times": known.holiday_times if known else None,
                "en": name.en,
                "ko": name.ko,
            }
            for day, name in _holidays(store, now)
        ],
        "open": is_open if known else None,
        "opens_at": span.start.isoformat() if span and not is_open else None,
        "closes_at": span.end.isoformat() if span and is_open else None,
    }


def _holidays(store: Store, now: datetime) -> list[tuple[date, Words]]:
    """Return the public holidays that are near, where the hours say anything of them."""
    if store.hours is None or store.hours.holiday_times is None:
        return []
    today = now.astimezone(store.zone).date()
    found: dict[date, Words] = {}
    with suppress(UnknownCalendarError):
        for year in (today.year, (today + _SHOWN_AHEAD).year):
            found |= holidays_of(store.country, store.hours.region, year)
    return [(day, name) for day, name in sorted(found.items()) if today <= day <= today + _SHOWN_AHEAD]


def _told(store: Store, now: datetime, session: Session) -> list[str]:
    known, language = store.hours, session.language
    if known is None:
        return [
            session.words(
                f"The business hours of {store.code} are not known: no due time is counted for its orders.",
                f"{store.code} 매장의 영업시간을 알 수 없어 주문의 수락 기한을 계산하지 않습니다.",
            )
        ]
    week = hours_words(known.week).say(language)
    said = [f"{store.code}: {week}" + (f" ({known.region})" if known.region else "")]
    said += [
        f"  {one.day}  {hours_words(one.times).say(language)}  {one.note}".rstrip() for one in known.special
    ]
    for shut in known.closures:
        begin, end = time_text(shut.start, store.zone, language), time_text(shut.until, store.zone, language)
        closed = session.words(f"  closed {begin} - {end}", f"  휴업 {begin} - {end}")
        said.append(f"{closed}  {shut.reason}".rstrip())
    holiday = hours_words(known.holiday_times or "").say(language)
    said += [f"  {day}  {holiday}  {name.say(language)}" for day, name in _holidays(store, now)]
    span = next(store.open_spans(now), None)
    if span is not None and span.start <= now:
        end = time_text(span.end, store.zone, language)
        said.append(session.words(f"Open now, until {end}.", f"영업 중, {end}까지."))
    elif span is not None:
        begin = time_text(span.start, store.zone, language)
        said.append(session.words(f"Closed now; opens {begin}.", f"영업 종료, {begin}에 엽니다."))
    return said


STORE_COMMANDS: Final[dict[str, Callable[..., None]]] = {"hours": hours, "close": close, "reopen": reopen}
