"""Replaces people and secrets in JSON, each value by the same stand-in wherever it stands.

Where people are is known from the profile's own fields, and from what webstores call such fields. Only the
texts (and telephone numbers) are replaced, in the bytes as they came: numbers stay as they were written.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from tillbridge_generic_webstore.calling.lister import ORDER_PART
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.proposing.names import plain
from tillbridge_generic_webstore.trying.reads import reads_of
from tillbridge_generic_webstore.trying.usage import ITEM, Trail

_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"(?P<key>\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?')
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST: Final = 4
_SHORTEST_BY_SYLLABLE: Final = 3
"""Of a shorter value only whole texts are replaced: it may be a part of any word. 김민수 is a whole name."""
_SYLLABLES: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name", "first_name", "last_name", "company"), "name"),
    **dict.fromkeys(("line1", "line2", "line3"), "street"),
    "email": "email",
    "phone": "phone",
    "city": "city",
    "postcode": "postcode",
    "note": "text",
}
_CALLED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("email", "emailaddress", "contactemail", "buyeremail"), "email"),
    **dict.fromkeys(("phone", "phonenumber", "telephone", "mobile", "fax", "cellphone"), "phone"),
    **dict.fromkeys(
        ("firstname", "lastname", "fullname", "recipientname", "givenname", "familyname"), "name"
    ),
    **dict.fromkeys(
        (
            "address1",
            "address2",
            "addressline1",
            "addressline2",
            "street",
            "street1",
            "street2",
            "streetline1",
        ),
        "street",
    ),
    **dict.fromkeys(("postcode", "postalcode", "zip", "zipcode"), "postcode"),
    **dict.fromkeys(("latitude", "longitude", "birthday", "dateofbirth", "dob"), "text"),
    **dict.fromkeys(
        ("ip", "ipaddress", "customeripaddress", "browserip", "useragent", "customeruseragent"), "text"
    ),
    **dict.fromkeys(
        (
            *(
                "token",
                "secret",
                "password",
                "accesstoken",
                "carttoken",
                "checkouttoken",
                "orderkey",
                "carthash",
            ),
            *("signature", "nonce", "apikey", "sessionhash", "paymenturl", "orderstatusurl"),
        ),
        "secret",
    ),
}
_PEOPLE: Final = ("customer", "buyer", "billing", "shipping", "address", "recipient", "person", "receiver")
_OF_PEOPLE: Final[Mapping[str, str]] = {
    "name": "name",
    "company": "name",
    "city": "city",
    "companyname": "name",
}
_FAKES: Final[Mapping[str, str]] = {
    "name": "Person {}",
    "email": "person{}@mail.example",
    "phone": "010-0000-{:04}",
    "street": "Street {}",
    "city": "City {}",
    "postcode": "{:05}",
    "text": "text {}",
    "secret": "secret-{}",
}


class Redactor:
    """Learns what is to be replaced, and replaces it.

    Args:
        profile: says where its orders have people.
        secrets: values that stand nowhere in what is kept.
    """

    def __init__(self, profile: Profile, secrets: Iterable[str]) -> None:
        self._places: dict[Trail, list[str]] = {}
        for trail, kind in _places(profile):
            self._places.setdefault(trail, []).append(kind)
        self._fakes: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._numbers: set[str] = set()
        for one in secrets:
            self._learn("secret", one)

    def learn_order(self, parts: Mapping[str, bytes]) -> None:
        """Look through what came of an order: it, and the rows of second calls by their names."""
        for name, content in parts.items():
            self.learn(msgspec.json.decode(content), () if name == ORDER_PART else (name,))

    def learn(self, payload: Any, trail: Trail = ()) -> None:
        """Look through a payload for what is to be replaced."""
        if isinstance(payload, dict):
            for key, value in payload.items():
                self.learn(value, (*trail, key))
        elif isinstance(payload, list):
            for value in payload:
                self.learn(value, (*trail, ITEM))
        elif isinstance(payload, str | int) and not isinstance(payload, bool):
            kind = _kind(self._places.get(trail, ()), str(payload)) or _called(trail)
            if kind and (isinstance(payload, str) or kind == "phone"):
                self._learn(kind, str(payload))
                self._numbers |= {str(payload)} if isinstance(payload, int) else set()
            for mail in _MAIL.findall(payload) if isinstance(payload, str) else ():
                self._learn("email", mail)

    def redact(self, content: bytes) -> bytes:
        """Return JSON with every value replaced that was learned."""
        return _TOKEN.sub(self._token, content.decode()).encode()

    def _learn(self, kind: str, value: str) -> None:
        # A house number may be a quantity, too; by itself it tells of nobody.
        small = kind != "secret" and len(value) <= _SHORTEST and value.isdigit()
        if value.strip() and value not in self._fakes and not small:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._fakes[value] = _FAKES[kind].format(self._counts[kind])

    def _token(self, match: re.Match[str]) -> str:
        token = match[0]
        if match["key"] is not None:
            return token
        if not token.startswith('"'):
            return "9" * len(token) if token in self._numbers else token
        text: str = json.loads(token)
        said = self._replaced(text)
        return token if said == text else json.dumps(said, ensure_ascii=False)

    def _replaced(self, text: str) -> str:
        if text in self._fakes:
            return self._fakes[text]
        for value in sorted(self._fakes, key=len, reverse=True):
            if len(value) >= _shortest(value) and value in text:
                text = text.replace(value, self._fakes[value])
        return text


def _shortest(value: str) -> int:
    return _SHORTEST_BY_SYLLABLE if _SYLLABLES.fullmatch(value) else _SHORTEST


_OF_MONEY: Final = ("charges", "tenders", "payment", "standing", "money")


def _places(profile: Profile) -> Iterator[tuple[Trail, str]]:
    """Yield the trails of the profile's fields that hold people."""
    for read in reads_of(profile):
        table, key = read.path[0], str(read.path[-1])
        person = table == "order" and (len(read.path) > len(("order", "note")) or key == "note")
        if person and key in _KINDS and read.path[1] not in _OF_MONEY:
            yield from ((trail[1:] if trail[0] == "_parts" else trail, _KINDS[key]) for trail in read.valued)


def _kind(kinds: Sequence[str], value: str) -> str | None:
    """Return what a value is, of what may stand at its place: an address and a number may share a list."""
    if _MAIL.fullmatch(value) and "email" in kinds:
        return "email"
    return next((one for one in kinds if one != "email"), next(iter(kinds), None))


def _called(trail: Trail) -> str | None:
    names = [plain(one) for one in trail if one != ITEM]
    if not names:
        return None
    around = "".join(names[:-1])
    if names[-1] in _OF_PEOPLE and any(word in around for word in _PEOPLE):
        return _OF_PEOPLE[names[-1]]
    return _CALLED.get(names[-1])
