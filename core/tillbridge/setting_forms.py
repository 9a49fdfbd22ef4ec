"""Holds a setting against a form that people read in words, where a pattern says it to programs only."""

import re
from typing import Final

from pydantic import AfterValidator, SecretStr
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
