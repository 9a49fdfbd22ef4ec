"""Calls that are taken one after the other: what one is answered may stand in the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tillbridge.plugin import Connection, HttpRejected, Rejected
from tillbridge_generic_webstore.calling.answers import Answer, short
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.templates import Template
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.expressions.texts import is_false
from tillbridge_generic_webstore.telling.values import is_same
from tillbridge_generic_webstore.telling.words import differs, says


class ConflictError(Exception):
    """The webstore has a newer version than the steps began with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledStep:
    """One call; the attributes are those of `language.pushing.Step`."""

    call: CompiledCall
    each: Expression | None = None
    let: Mapping[str, Expression] = field(default_factory=dict)
    done: Expression | None = None
    unless: Expression | None = None
    confirm: Expression | None = None
    equals: Template | None = None
    conflict: int | None = None
    holds: tuple[int, ...] = ()

    @property
    def reads(self) -> bool:
        """Whether the answer's body is looked at."""
        return bool(self.let or self.done or self.confirm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How far steps came.

    Attributes:
        done: what is wanted holds already: nothing further is to be said.
        kept: what their `let` kept.
    """

    done: bool
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How steps are taken.

    Attributes:
        title: the webstore's name.
        steps: the calls.
        repeatable: whether what was sent may be sent again at once, as nobody knows whether it arrived; None:
            as HTTP has it for the method.
        key_header: the header that carries the idempotency key, or "".
    """

    title: str
    steps: Sequence[CompiledStep]
    repeatable: bool | None = None
    key_header: str = ""

    def take(self, connection: Connection, values: Mapping[str, Any], names: Mapping[str, Any]) -> Taken:
        """Take the steps.

        Args:
            connection: whose webstore.
            values: what placeholders stand for.
            names: what expressions may name beside `_let`.

        Raises:
            ConflictError: the webstore has a newer version by now.
            Rejected: it refuses one of them, also within an answer of 2xx, or did something else.
            Retryable, Misconfigured: as the HTTP client does.
            ValueFault: an expression met what it cannot take.
        """
        kept: dict[str, Any] = {}
        for step in self.steps:
            names = {**names, "_let": kept}
            if step.unless is not None and not is_false(step.unless(kept, names)):
                continue
            for given in self._rounds(step, {**values, **kept}, names):
                answer = self._sent(connection, step, given)
                failure = None if answer is None else answer.failure
                if failure is not None:
                    raise Rejected(says(self.title, failure))
                if answer is None or not step.reads:
                    continue
                body = answer.json
                if step.done is not None and not is_false(step.done(body, names)):
                    return Taken(done=True, kept=kept)
                self._confirm(step, body, given, names)
                kept = kept | {name: _plain(one(body, names)) for name, one in step.let.items()}
        return Taken(done=False, kept=kept)

    @staticmethod
    def _rounds(
        step: CompiledStep, values: Mapping[str, Any], names: Mapping[str, Any]
    ) -> Sequence[Mapping[str, Any]]:
        """Return the values of each call that a step makes: one, or one for each of a list."""
        if step.each is None:
            return [values]
        found = step.each(names["_let"], names)
        listed = found if isinstance(found, list) else [] if is_false(found) else [found]
        return [{**values, "each": _plain(one)} for one in listed]

    def _confirm(
        self, step: CompiledStep, body: Any, values: Mapping[str, Any], names: Mapping[str, Any]
    ) -> None:
        if step.confirm is None or step.equals is None:
            return
        sent, has = step.equals.fill(values), step.confirm(body, names)
        if not is_same(sent, has):
            raise Rejected(differs(self.title, sent, short(has) if isinstance(has, dict | list) else has))

    def _sent(self, connection: Connection, step: CompiledStep, values: Mapping[str, Any]) -> Answer | None:
        """Send a call and return its answer; None where that is a status which says that it holds already."""
        headers = {self.key_header: str(values["key"])} if self.key_header else None
        try:
            return step.call.send(connection, values, repeatable=self.repeatable, headers=headers)
        except HttpRejected as error:
            if error.status == step.conflict:
                raise ConflictError from error
            if error.status in step.holds:
                return None
            raise


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: a function's number as a whole number, or as a Decimal."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else Decimal(value)
