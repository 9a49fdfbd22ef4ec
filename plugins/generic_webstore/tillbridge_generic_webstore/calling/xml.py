"""Answers in XML, as the JSON values that they would be: elements are objects, texts are texts.

An element that comes several times is a list. Attributes stand beside the elements with an @ before them;
those of a namespace (`xlink:href`, `xsi:type`) and prefixes are left out. A text that keeps attributes is
`#text`.
What declares entities is not read.
"""

import codecs
import re
from typing import Any, Final
from xml.parsers.expat import ExpatError

import msgspec

_ATTRIBUTE: Final = "@"
_TEXT: Final = "#text"
_DECLARED: Final = re.compile(rb"""\A<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']""")
_BYTES_OF_TWO: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KOREAN: Final = frozenset({"euc_kr"})
"""What is called so may hold the signs that Windows added to it."""


def as_json(content: bytes) -> bytes:
    """Return an answer as JSON; one that is JSON already, or nothing, as it is.

    Raises:
        ValueError: it is no XML.
    """
    import xmltodict  # noqa: PLC0415  # loaded only where a webstore answers so

    text = _in_utf_8(content).lstrip()
    if text[:1] != b"<":
        return content
    try:
        return msgspec.json.encode(xmltodict.parse(text, encoding="utf-8", postprocessor=_named))
    except (ExpatError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _in_utf_8(content: bytes) -> bytes:
    """Return an answer in UTF-8, without the mark before it; expat reads no letters of several bytes else.

    Raises:
        ValueError: it is not written as it says.
    """
    if content.startswith(_BYTES_OF_TWO):
        return content.decode("utf-16").encode()
    content = content.removeprefix(codecs.BOM_UTF8)
    found = _DECLARED.match(content.lstrip()[:300])
    if found is None:
        return content
    try:
        name = codecs.lookup(found[1].decode()).name.replace("-", "_")
        if name.startswith(("utf", "ucs")):  # its declaration can be read byte by byte: it is UTF-8
            return content
        return content.decode("cp949" if name in _KOREAN else name).encode()
    except LookupError as error:
        raise ValueError(str(error)) from error


def _named(_path: Any, key: str, value: Any) -> tuple[str, Any] | None:
    prefix, colon, name = key.rpartition(":")
    if key.startswith(_ATTRIBUTE):
        return None if colon or key == "@xmlns" else (key, value)
    return (name if prefix else key), value
