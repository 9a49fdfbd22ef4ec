"""The causes that are the webhooks': requests that are refused, and new orders of which none told."""

from collections.abc import Iterator

from tillbridge.context import Context
from tillbridge.messages.sayings import ACTIONS
from tillbridge.model.messages import Action, Cause, Message
from tillbridge.model.words import Words
from tillbridge.webhooks import WebhookState, webhook_states


def of_webhooks(context: Context) -> Iterator[Message]:
    """Yield what is wrong with each connection's webhooks."""
    known = ACTIONS[Cause.WEBHOOK]
    for state in webhook_states(context.database):
        if state.is_refused or state.is_silent:
            yield Message(
                cause=Cause.WEBHOOK,
                key=f"{Cause.WEBHOOK}:{state.connection}",
                words=webhook_words(state),
                count=1,
                action=Action(known.words, known.command.format(state.connection)),
                since=state.heard_at or state.opened_at,
            )


def webhook_words(state: WebhookState) -> Words:
    """Say what is wrong with a connection's webhooks."""
    name = state.connection
    if state.is_refused:
        why = state.why or Words("", "")
        return Words(
            f"{name}: {state.refused} webhooks were refused since the last good one. {why.en}".rstrip(),
            f"{name}: 마지막 정상 웹훅 이후 {state.refused}건을 거부했습니다. {why.ko}".rstrip(),
        )
    return Words(
        f"{name}: no webhook told of the last {state.missed} new orders; they seem not to arrive.",
        f"{name}: 최근 신규 주문 {state.missed}건의 웹훅이 오지 않았습니다. "
        "웹훅이 도착하지 않는 것 같습니다.",
    )
