"""Every error of tillbridge, grouped by what the engine does next.

TillbridgeError
├── ProviderError            a provider's hook could not do its work
│   ├── Retryable            try again later, at `until` if the service said when
│   ├── Rejected             this order or item will never pass; a person looks at it
│   │   └── PayloadError     the order's payload is damaged, at `path`
│   └── Misconfigured        stop this connection; the message says what to mend
├── InputError               what came in (a command, a file, a setting) cannot be used
├── NotAllowed               the status table does not allow this now; the message says why
│   └── NeedsAnswer          it does, once staff say what the webstore is to hear
├── NotFound                 no such order, product, connection, store
├── PluginError              a plugin breaks the contract; it is named and not loaded
└── DatabaseUnready          the database is missing, newer or older than this program
"""

from collections.abc import Sequence
from datetime import datetime

from tillbridge.model.words import Words


class TillbridgeError(Exception):
    """Something that staff or integrators must read; `words` says it in every language."""

    def __init__(self, said: Words | str) -> None:
        self.words = Words.of(said)
        super().__init__(self.words.en)


class ProviderError(TillbridgeError):
    """A provider's hook could not do its work."""


class Retryable(ProviderError):
    """The other side is away or busy: the same call may succeed later.

    Args:
        said: what happened, for staff.
        until: UTC time before which asking again is useless, or None if unknown.
    """

    def __init__(self, said: Words | str, *, until: datetime | None = None) -> None:
        super().__init__(said)
        self.until = until


class Rejected(ProviderError):
    """The other side will never accept this; a person has to look at it."""


class PayloadError(Rejected):
    """A payload is damaged.

    Attributes:
        words: what is wrong, for whoever can mend it.
        path: where, in the payload's own names ("cart.items[2].qty").
        plain: the same as staff read it with the order, where `words` name what only a maker of profiles or
            plugins knows; None: `words` are for them too.
    """

    def __init__(self, said: Words | str, *, path: str, plain: Words | None = None) -> None:
        super().__init__(said)
        self.path = path
        self.plain = plain


class Misconfigured(ProviderError):
    """The connection's settings or credentials are wrong; nothing more is asked until they are mended."""


class InputError(TillbridgeError):
    """What was given cannot be used; the message names what came, what is allowed and where to mend it."""


class NotAllowed(TillbridgeError):
    """The status table does not allow this now; the message says why."""


class NeedsAnswer(NotAllowed):
    """The table allows it once staff answer a question; `answers` are what they may say."""

    def __init__(self, said: Words | str, *, answers: Sequence[str]) -> None:
        super().__init__(said)
        self.answers = tuple(answers)


class NotFound(TillbridgeError):
    """There is no such thing under that name or number."""


class PluginError(TillbridgeError):
    """A plugin breaks the contract of `tillbridge.hookspecs`."""


class DatabaseUnready(TillbridgeError):
    """The database is missing, or was made by another version of this program."""
