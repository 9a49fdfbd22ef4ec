"""Commands of the shop's flows: what may be done with an order now, and doing it step by step or at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from tillbridge.cli.contacting import contact_of, read_word
from tillbridge.cli.line_names import lines_named
from tillbridge.cli.ordering import OrderId
from tillbridge.cli.orders_as import Zones, order_data, status_text
from tillbridge.cli.outcomes import OUTCOME, read_outcome
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, REFUSAL, WHO, sign
from tillbridge.cli.when import read_ahead
from tillbridge.engine import Engine
from tillbridge.guided import Action, Doing
from tillbridge.model.contacts import Outcome
from tillbridge.model.errors import InputError, NotAllowed
from tillbridge.model.exchange import Decision
from tillbridge.model.status import Act
from tillbridge.model.words import Words
from tillbridge.orders.order_state import Signature
from tillbridge.pos.contract import SaleState
from tillbridge.pos.details import PAYMENT_WORDS, Payment
from tillbridge.views import OrderView

_Preview = Annotated[bool, typer.Option("--preview", help="Say what would happen, and do nothing.")]
_LONGEST_PLACE: Final = 200
_ANSWERS: Final = {
    Decision.ACCEPTED: Words("accepted", "수락"),
    Decision.REJECTED: Words("rejected", "거부"),
}
_Place = Annotated[str, typer.Option(help="Where the goods wait.")]
_Lines = Annotated[
    list[str] | None,
    typer.Option("--line", help="Only this item: its number as shown, or its ID; may come several times."),
]
_Details = Callable[[Engine, OrderView], Doing]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a command wishes of an order; `details` reads what needs the order or its store."""

    order: str
    details: _Details
    signature: Signature
    preview: bool


def actions(context: typer.Context, order_id: OrderId) -> None:
    """List what may be done with an order now, what will happen, and why the rest is not possible."""
    session = session_of(context)
    with session.engine() as engine:
        found = engine.actions(engine.order(order_id).id)
    if session.as_json:
        session.give([_data(one) for one in found])
        return
    for one in sorted(found, key=lambda action: not action.possible):
        _say(session, one)


def accept(
    context: typer.Context,
    order_id: OrderId,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Accept this item only, and reject the others; may come several times."),
    ] = None,
    preview: _Preview = False,
    reason: REFUSAL = "",
    who: WHO = "",
) -> None:
    """Accept an order, or some of its items and reject the others; the webstore is told."""
    _do(context, _Wish(order_id, _with_lines(Act.ACCEPT, only), sign(who, reason), preview))


def reject(  # noqa: PLR0913  # one option for each thing that is said of a rejection
    context: typer.Context,
    order_id: OrderId,
    *,
    line: _Lines = None,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Leave the sale to be cleared by hand.")] = False,
    preview: _Preview = False,
    reason: REFUSAL = "",
    who: WHO = "",
) -> None:
    """Reject an order or an item, with a reason; the webstore is told, the sale is emptied and closed."""
    act = Act.REJECT_ONLY if by_hand else Act.REJECT
    _do(context, _Wish(order_id, _with_lines(act, line), sign(who, reason), preview))


def cancel(  # noqa: PLR0913  # one option for each thing that is said of a cancellation
    context: typer.Context,
    order_id: OrderId,
    *,
    line: _Lines = None,
    outcome: OUTCOME = "",
    preview: _Preview = False,
    reason: REFUSAL = "",
    who: WHO = "",
) -> None:
    """Cancel an order with all that belongs to it, until it is Completed; or an accepted item of it."""

    def details(_: Engine, order: OrderView) -> Doing:
        ids = lines_named(order, line or ())
        return Doing(act=Act.CANCEL, line_ids=ids, resolution=read_outcome(outcome))

    _do(context, _Wish(order_id, details, sign(who, reason), preview))


def reserve(  # noqa: PLR0913  # one option for each thing that is said of a reservation
    context: typer.Context,
    order_id: OrderId,
    *,
    expected: Annotated[
        str | None, typer.Option(help="When the goods are to be ready: 3d, 2026-11-16.")
    ] = None,
    place: _Place = "",
    channel: Annotated[str, typer.Option(help="A later date: how the customer heard of it: call, sms.")] = "",
    outcome: Annotated[str, typer.Option(help="What came of that: reached, agreed, sent.")] = "reached",
    preview: _Preview = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Accept a reservation and keep its sale open until it is picked up."""

    def details(engine: Engine, order: OrderView) -> Doing:
        moment = _ahead(engine, order, expected, "--expected")
        heard = contact_of(channel, outcome)
        return Doing(act=Act.RESERVE, expected_at=moment, holding_place=_read_place(place), contact=heard)

    _do(context, _Wish(order_id, details, sign(who, reason), preview))


def ready(  # noqa: PLR0913  # one option for each thing that is said of goods that wait
    context: typer.Context,
    order_id: OrderId,
    *,
    line: _Lines = None,
    place: _Place = "",
    until: Annotated[str | None, typer.Option(help="Until when they wait: 7d, 2026-11-16.")] = None,
    preview: _Preview = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Say that an order, or some of its items, is ready for pickup."""

    def details(engine: Engine, order: OrderView) -> Doing:
        moment = _ahead(engine, order, until, "--until")
        ids = lines_named(order, line or ())
        return Doing(act=Act.READY, line_ids=ids, holding_place=_read_place(place), pick_up_until=moment)

    _do(context, _Wish(order_id, details, sign(who, reason), preview))


def pick_up(  # noqa: PLR0913  # one option for each thing that is said of a pick-up
    context: typer.Context,
    order_id: OrderId,
    *,
    by: Annotated[
        str, typer.Option(help="How all that is due is paid now: cash, card, transfer, gift-card, other.")
    ] = "",
    card_type: Annotated[str, typer.Option(help="Of the card: BC, Visa, …")] = "",
    collected_by: Annotated[str, typer.Option(help="Who collects it, if it is somebody else.")] = "",
    checked: Annotated[str, typer.Option(help="How that was checked.")] = "",
    outcome: OUTCOME = "",
    preview: _Preview = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Hand an order over: note what is paid, finish the sale, complete the order."""

    def details(engine: Engine, order: OrderView) -> Doing:
        doing = Doing(
            act=Act.PICK_UP,
            collected_by=collected_by,
            collected_check=checked,
            resolution=read_outcome(outcome),
        )
        return replace(doing, payments=_payments(engine, order, by, card_type)) if by else doing

    _do(context, _Wish(order_id, details, sign(who, reason), preview))


def no_show(
    context: typer.Context,
    order_id: OrderId,
    *,
    channel: Annotated[str, typer.Option(help="How the customer was tried to be reached: call, sms.")] = "",
    preview: _Preview = False,
    reason: REFUSAL = "",
    who: WHO = "",
) -> None:
    """Give up a reservation that nobody picked up; its stock returns."""

    def details(_: Engine, __: OrderView) -> Doing:
        return Doing(act=Act.NO_SHOW, contact=contact_of(channel, Outcome.NO_ANSWER))

    _do(context, _Wish(order_id, details, sign(who, reason), preview))


def resolve(
    context: typer.Context,
    order_id: OrderId,
    outcome: Annotated[str, typer.Argument(help="As --outcome of `order cancel`.")],
    *,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Say how a reservation ended."""

    def details(_: Engine, __: OrderView) -> Doing:
        return Doing(act=Act.RESOLVE, resolution=read_outcome(outcome))

    _do(context, _Wish(order_id, details, sign(who, reason), preview=False))


def archive(
    context: typer.Context,
    order_id: OrderId,
    *,
    tell: Annotated[
        str, typer.Option(help="What the webstore is to hear of an undecided order: accepted or rejected.")
    ] = "",
    preview: _Preview = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Put an order aside; one that was neither accepted nor rejected needs --tell."""

    def details(_: Engine, __: OrderView) -> Doing:
        answer = read_word(tell, _ANSWERS, Words("answer", "답")) if tell else None
        return Doing(act=Act.ARCHIVE, answer=answer)

    _do(context, _Wish(order_id, details, sign(who, reason), preview))


def _whole(act: Act, what: str) -> Callable[..., None]:
    """Return the command of an act on a whole order of which nothing else is said; `what` is its help."""

    def run(
        context: typer.Context,
        order_id: OrderId,
        *,
        preview: _Preview = False,
        reason: REASON = "",
        who: WHO = "",
    ) -> None:
        _do(context, _Wish(order_id, lambda _, __: Doing(act=act), sign(who, reason), preview))

    run.__doc__ = what
    return run


def add_to(app: typer.Typer) -> None:
    """Add these commands to those of an order."""
    for name, function in _COMMANDS.items():
        app.command(name)(function)


_COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "actions": actions,
    "accept": accept,
    "reject": reject,
    "cancel": cancel,
    "reserve": reserve,
    "ready": ready,
    "pickup": pick_up,
    "no-show": no_show,
    "resolve": resolve,
    "archive": archive,
    "release": _whole(
        Act.RELEASE,
        "Sell an order whose sums do not agree, with an adjustment of the difference that says why.",
    ),
    "undo": _whole(Act.UNDO, "Undo the last step, while nothing of it was done that stays."),
}


def _with_lines(act: Act, said: Sequence[str] | None) -> _Details:
    return lambda _, order: Doing(act=act, line_ids=lines_named(order, said or ()))


def _do(context: typer.Context, wish: _Wish) -> None:
    session = session_of(context)
    with session.engine() as engine:
        order = engine.order(wish.order)
        doing = wish.details(engine, order)
        seen = engine.preview_act(order.id, doing)
        if wish.preview:
            session.give(_data(seen)) if session.as_json else _say(session, seen)
            return
        done = engine.act(order.id, replace(doing, seen=seen.revision), wish.signature)
        after = engine.order_by_id(order.id)
    if session.as_json:
        trouble = done.trouble.en if done.trouble else None
        session.give(order_data(after) | {"trouble": trouble})
        return
    session.say(Text.assemble(f"{order.number}: ", status_text(done.status, session.language)))
    if done.trouble:
        raise NotAllowed(
            Words(
                f"The point of sale refused a step: {done.trouble.en}",
                f"POS에서 거부한 단계가 있습니다: {done.trouble.ko}",
            )
        )
    for words in _led_to(seen, after):
        session.say(f"  {words.say(session.language)}")


def _led_to(seen: Action, after: OrderView) -> Sequence[Words]:
    """Say what came of an act; of a sale that is still open, or not heard of yet, what is to come."""
    if after.sale_state in (None, SaleState.OPEN):
        return seen.consequences
    return seen.led_to


def _read_place(place: str) -> str:
    """Return a holding place that fits a label.

    Raises:
        InputError: it is too long to be one.
    """
    if len(place) > _LONGEST_PLACE:
        raise InputError(
            Words(
                f"A holding place has {_LONGEST_PLACE} letters at most.",
                f"보관 장소는 {_LONGEST_PLACE}자까지 쓸 수 있습니다.",
            )
        )
    return place


def _ahead(engine: Engine, order: OrderView, text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    zone = Zones(engine.pos.stores()).of(order.store)
    return read_ahead(text, option=option, now=engine.context.clock.now(), zone=zone)


def _payments(engine: Engine, order: OrderView, by: str, card_type: str) -> tuple[Payment, ...]:
    """Return the payment of all that is due at the counter; what the webstore took is noted by itself."""
    kind = read_word(by, PAYMENT_WORDS, Words("kind of payment", "결제 수단"))
    due = engine.due_at_pick_up(order.id)
    return (Payment(kind=kind, amount=due, card_type=card_type),) if due else ()


def _data(action: Action) -> dict[str, Any]:
    return {
        "action": action.act.value,
        "possible": action.possible,
        "why_not": action.why_not.en if action.why_not else None,
        "why_not_ko": action.why_not.ko if action.why_not else None,
        "consequences": [one.en for one in action.consequences],
        "consequences_ko": [one.ko for one in action.consequences],
        "final": action.final.en if action.final else None,
        "final_ko": action.final.ko if action.final else None,
        "asks": [one.value for one in action.asks],
        "revision": action.revision,
    }


def _say(session: Session, action: Action) -> None:
    language = session.language
    title = action.title.say(language)
    if action.why_not:
        session.say(Text(f"{title}: {action.why_not.say(language)}", style="dim"))
        return
    session.say(Text(title, style="bold"))
    for words in (*action.consequences, *([action.final] if action.final else [])):
        session.say(f"  {words.say(language)}")
