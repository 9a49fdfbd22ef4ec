"""Says what an error is without what may be secret in it: an exception's own text may hold anything."""

import traceback
from pathlib import PurePath

from tillbridge.model.errors import TillbridgeError
from tillbridge.model.words import Words


def described(error: BaseException) -> Words:
    """Return an error's own words where they are meant to be read, else its kind and place only."""
    if isinstance(error, TillbridgeError):
        return Words(error.words.en.rstrip("."), error.words.ko.rstrip("."))
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return Words.of(f"{type(error).__name__}{place}")
