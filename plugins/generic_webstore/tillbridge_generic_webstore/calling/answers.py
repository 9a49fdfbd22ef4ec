"""What a webstore answered: bytes, JSON where it is asked for, and the failure that hides in a 200."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import msgspec

from tillbridge.plugin import HttpResponse, Retryable, Words
from tillbridge_generic_webstore.calling.xml import as_json
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.expressions.decoding import decode_exactly
from tillbridge_generic_webstore.expressions.texts import is_false

_LONGEST: Final = 200


@dataclass(frozen=True)
class Answer:
    """An answer of 2xx.

    Attributes:
        response: as the HTTP client gave it.
        error: the profile's expression that says what failed in it, if anything.
        names: the underscore names that the expression may use.
        is_xml: whether the webstore answers in XML.
    """

    response: HttpResponse
    error: Expression | None = None
    names: Mapping[str, Any] = field(default_factory=dict)
    is_xml: bool = False

    @cached_property
    def content(self) -> bytes:
        """The body; of XML the JSON that it would be.

        Raises:
            Retryable: it is no XML where that is expected.
        """
        if not self.is_xml:
            return self.response.content
        try:
            return as_json(self.response.content)
        except ValueError as error:
            raise Retryable(_no_xml(self.response)) from error

    @property
    def is_empty(self) -> bool:
        """Whether there is no body at all."""
        return not self.content.strip()

    @cached_property
    def json(self) -> Any:
        """The body's value: numbers are int and Decimal; None for no body.

        Raises:
            Retryable: it is no JSON.
        """
        if self.is_empty:
            return None
        try:
            return decode(self.content)
        except ValueError:
            return self.response.json()  # says what is wrong in words

    @property
    def failure(self) -> str | None:
        """What the webstore says has failed although the answer is a 2xx; None where nothing has."""
        if self.error is None:
            return None
        said = self.error(self.json, self.names)
        if is_false(said):
            return None
        return short(said)

    def checked(self) -> "Answer":
        """Return the answer itself.

        Raises:
            Retryable: it says that it failed.
        """
        if (failure := self.failure) is None:
            return self
        service, call = self.response.service, self.response.call
        raise Retryable(
            Words(
                f"{service} answered {call} with a failure: {failure}. It is asked again later.",
                f"{service}에서 {call} 요청에 오류를 응답했습니다: {failure}. 나중에 다시 요청합니다.",
            )
        )


def _no_xml(response: HttpResponse) -> Words:
    service, call, size = response.service, response.call, len(response.content)
    return Words(
        f"{service} answered {call} with something that is no complete XML ({size} bytes). It is asked again "
        "later.",
        f"{service}에서 {call} 요청에 온전한 XML이 아닌 응답을 보냈습니다({size}바이트). 나중에 다시 "
        "요청합니다.",
    )


def decode(content: bytes) -> Any:
    """Return JSON's value; numbers are int and Decimal, never float.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return decode_exactly(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error


def short(said: Any) -> str:
    """Return what was said as a text of at most 200 signs."""
    text = said if isinstance(said, str) else msgspec.json.encode(said).decode()
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
