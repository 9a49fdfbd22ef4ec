"""A payment delivery that staff let try anew: planned anew, but what was asked for before is not forgotten.

Nobody may have heard what became of an earlier step. So its key goes on with the delivery, and what the
service shows of it then is taken off before anything is asked for once more.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from tillbridge.db.types import AnyRow
from tillbridge.model.payments import RefundState, WebPayment
from tillbridge.payments.planning import Step, is_done

STEPS: Final = TypeAdapter(list[Step])
_GIVEN: Final = "given"
_ASKED: Final = "asked"
_AGAIN: Final = "-again"


def step_key(delivery_key: str, place: int, epoch: int) -> str:
    """Return a step's idempotency key: of the order, the action, the attempt, and the step."""
    return f"{delivery_key}-{place}-{epoch}"


def anew(row: AnyRow) -> dict[str, Any]:
    """Return the new key and body of a delivery to a payment service that was set aside."""
    body = json.loads(row.body)
    steps = STEPS.validate_python(body.pop("steps", []))
    body.pop("steps_at", None)
    body[_GIVEN] = body.get(_GIVEN, 0) + sum(one.minor for one in steps if one.done)
    body[_ASKED] = [
        *body.get(_ASKED, ()),
        *(_asked(row.key, place, one) for place, one in enumerate(steps) if not one.done),
    ]
    stem, _, again = row.key.partition(_AGAIN)
    return {"key": f"{stem}{_AGAIN}{int(again or 0) + 1}", "body": json.dumps(body)}


def _asked(key: str, place: int, step: Step) -> dict[str, Any]:
    keys = [step_key(key, place, epoch) for epoch in range(step.epoch + 1)]
    return {"step": STEPS.dump_python([step], mode="json")[0], "keys": keys}


def read_asked(body: Mapping[str, Any], payments: Sequence[WebPayment]) -> tuple[dict[str, Any], list[Step]]:
    """Return a delivery's body as it is known now, and what of earlier tries was done without being heard of.

    Args:
        body: of the delivery.
        payments: the order's, as their service has them now.
    """
    known = {one.id: one for one in payments}
    found, rest = [], []
    for one in body.get(_ASKED, ()):
        (step,) = STEPS.validate_python([one["step"]])
        payment = known.get(step.payment)
        if payment is not None and any(_arrived(step, payment, key) for key in one["keys"]):
            found.append(step)
        else:
            rest.append(one)
    if not found:
        return dict(body), []
    given = body.get(_GIVEN, 0) + sum(step.minor for step in found)
    return {**body, _GIVEN: given, _ASKED: rest}, found


def given_before(body: Mapping[str, Any]) -> int:
    """Return what earlier tries of a refund gave back, in minor units."""
    return int(body.get(_GIVEN, 0))


def _arrived(step: Step, payment: WebPayment, key: str) -> bool:
    made = payment.refund_of(key)
    if made is not None and made.state is RefundState.FAILED:
        return False
    return is_done(step, payment, key)
