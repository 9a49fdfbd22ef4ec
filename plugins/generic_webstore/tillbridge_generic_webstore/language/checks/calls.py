"""Checks each request of a profile: one method, and only what goes with it."""

import re
from typing import Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.connecting import Call, PartCall
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import OfferPush, StatusPush
from tillbridge_generic_webstore.language.walking import tables_of, texts_of

METHODS: Final = ("get", "post", "put", "patch", "delete", "graphql")
_KEYS: Final = re.compile(r"\{keys(:[^{}]*)?\}")
_KEY: Final = re.compile(r"\{key(:[^{}]*)?\}")


def check_calls(profile: Profile, mistakes: Mistakes) -> None:
    """Note what is wrong with any request."""
    for path, table in tables_of(profile):
        if not isinstance(table, Call):
            continue
        _check_method(path, table, mistakes)
        _check_content(path, table, mistakes)
        if isinstance(table, PartCall):
            _check_part(path, table, mistakes)
    if "order" in profile.orders.parts:
        mistakes.add(
            ("orders", "parts", "order"),
            Words(
                '"order" is the order itself; give the part another name',
                '"order"는 주문 자체입니다. 다른 이름을 써 주세요',
            ),
        )


def methods_of(call: Call) -> list[str]:
    """Return the methods that a call names."""
    return [key for key in METHODS if getattr(call, key) is not None]


def _check_method(path: Path, call: Call, mistakes: Mistakes) -> None:
    given = methods_of(call)
    if isinstance(call, PartCall):
        given += [key for key in ("path", "beside") if getattr(call, key) is not None]
    if len(given) > 1:
        mistakes.add(
            path,
            Words(
                f"{' and '.join(given)} stand together; a request has one of them",
                f"{', '.join(given)}이(가) 함께 있습니다. 요청에는 하나만 쓸 수 있습니다",
            ),
        )
    elif not given and not _may_have_none(call):
        mistakes.add(
            path,
            Words(
                f"names no request: one of {', '.join(METHODS)} is missing",
                f"요청이 없습니다. 다음 중 하나가 필요합니다: {', '.join(METHODS)}",
            ),
        )


def _may_have_none(call: Call) -> bool:
    if isinstance(call, StatusPush):
        return bool(call.steps) or call.use is not None
    return isinstance(call, OfferPush) and call.use is not None


def _check_content(path: Path, call: Call, mistakes: Mistakes) -> None:
    if call.variables is not None and call.graphql is None and not _may_have_none(call):
        mistakes.add(
            (*path, "variables"),
            Words(
                "variables go with graphql; elsewhere it is body or query",
                "variables는 graphql과 함께 씁니다. 그 밖에는 body 또는 query를 써 주세요",
            ),
        )
    if call.body is not None and call.form:
        mistakes.add(
            (*path, "form"),
            Words(
                "body and form stand together; a request has one of them",
                "body와 form이 함께 있습니다. 하나만 쓸 수 있습니다",
            ),
        )
    if call.get is not None and (call.body is not None or call.form):
        mistakes.add(
            (*path, "body" if call.body is not None else "form"),
            Words(
                "a get has no body; use query, or post",
                "get 요청에는 본문이 없습니다. query 또는 post를 써 주세요",
            ),
        )
    if call.graphql is not None and call.body is not None:
        mistakes.add(
            (*path, "body"),
            Words("graphql has variables in the place of a body", "graphql에는 body 대신 variables를 씁니다"),
        )


def _check_part(path: Path, part: PartCall, mistakes: Mistakes) -> None:
    if part.beside is not None:
        return
    texts = [text for _, _, text in texts_of(part)]
    many, one = any(map(_KEYS.search, texts)), any(map(_KEY.search, texts))
    if part.batch > 1 and not many:
        mistakes.add(
            (*path, "batch"),
            Words(
                "batch needs {keys}: where the keys of a batch go",
                "batch에는 키 묶음이 들어갈 {keys}가 필요합니다",
            ),
        )
    elif part.batch == 1 and many:
        mistakes.add(
            path,
            Words(
                "{keys} needs batch: how many keys go in one request",
                "{keys}에는 한 요청에 넣을 키 개수인 batch가 필요합니다",
            ),
        )
    elif not many and not one:
        mistakes.add(
            path,
            Words(
                "asks the same for every key: {key} stands nowhere in it",
                "{key}가 없어 모든 키에 같은 요청을 보냅니다",
            ),
        )
