"""Answers in XML, as the JSON values that they would be: elements are objects, texts are texts.

An element that comes several times is a list. Attributes stand beside the elements with an @ before them;
those of a namespace (`xlink:href`, `xsi:type`) and prefixes are left out. A text that keeps attributes is
`#text`.
What declares entities is not read.
"""

from typing import Any, Final
from xml.parsers.expat import ExpatError

import msgspec

_ATTRIBUTE: Final = "@"
_TEXT: Final = "#text"


def as_json(content: bytes) -> bytes:
    """Return an answer as JSON; one that is JSON already, or nothing, as it is.

    Raises:
        ValueError: it is no XML.
    """
    import xmltodict  # noqa: PLC0415  # loaded only where a webstore answers so

    if content.lstrip()[:1] != b"<":
        return content
    try:
        return msgspec.json.encode(xmltodict.parse(content, postprocessor=_named))
    except (ExpatError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _named(_path: Any, key: str, value: Any) -> tuple[str, Any] | None:
    prefix, colon, name = key.rpartition(":")
    if key.startswith(_ATTRIBUTE):
        return None if colon or key == "@xmlns" else (key, value)
    return (name if prefix else key), value
