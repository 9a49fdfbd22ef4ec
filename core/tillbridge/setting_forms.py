"""Holds a setting against a form that people read in words, where a pattern says it to programs only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import AfterValidator, BaseModel, SecretStr
from pydantic_core import PydanticCustomError

from tillbridge.model.words import Words

FORM_FAULT: Final = "setting_form"
"""The kind of fault by which pydantic tells of it; `form` in its context has the words."""


def of_form(pattern: str, form: Words) -> AfterValidator:
    """Return what goes into a setting's `Annotated`: the whole of its text or secret must fit the pattern.

    Args:
        pattern: a regular expression.
        form: what fits it, such as "acct_ and letters or digits": shown behind "must be".
    """
    fits = re.compile(pattern)

    def check(value: str | SecretStr) -> str | SecretStr:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if fits.fullmatch(text) is None:
            raise PydanticCustomError(FORM_FAULT, "is of another form", {"form": form})
        return value

    return AfterValidator(check)


@dataclass(frozen=True, slots=True)
class UsualForm:
    """A form that a setting usually has: another one is taken, and people are told.

    It goes into a setting's `Annotated`, at its outermost.

    Args:
        pattern: a regular expression that the whole text or secret usually fits.
        form: what fits it, such as "an access token, which begins with EAAA": shown behind "is usually".
    """

    pattern: str
    form: Words


def unusual(model: type[BaseModel], given: Mapping[str, str]) -> dict[str, Words]:
    """Return the settings that have not their usual form, each with that form.

    Args:
        model: the settings' model.
        given: settings and secrets, as text.
    """
    return {
        name: form.form
        for name, field in model.model_fields.items()
        for form in field.metadata
        if isinstance(form, UsualForm) and name in given and re.fullmatch(form.pattern, given[name]) is None
    }
