"""Checks what a webstore is told, and what it tells by itself: repeats, receipts, signatures."""

from tillbridge.plugin import Words
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import Jwt, OfferPush, Repeat, StatusPush, Webhook
from tillbridge_generic_webstore.language.walking import tables_of


def check_telling(profile: Profile, mistakes: Mistakes) -> None:
    """Note what is wrong with pushes and webhooks."""
    if profile.push:
        for path, table in tables_of(profile.push, ("push",)):
            if isinstance(table, StatusPush | OfferPush):
                _check_repeat(path, table, mistakes)
        if profile.push.refunded is not None:
            _check_refund(profile.push.refunded, mistakes)
    if profile.webhook:
        _check_webhook(profile.webhook, mistakes)


def _check_repeat(path: Path, push: StatusPush | OfferPush, mistakes: Mistakes) -> None:
    if push.repeat is None and push.use is None:
        mistakes.add(
            path,
            Words(
                'no repeat: may this be sent twice? ("natural", { key = … }, { look = … })',
                'repeat가 없습니다. 두 번 보내도 되나요? ("natural", { key = … }, { look = … })',
            ),
        )
    if isinstance(push.repeat, Repeat) and (push.repeat.key is None) == (push.repeat.look is None):
        mistakes.add(
            (*path, "repeat"),
            Words(
                "needs key or look: one of them",
                "key와 look 중 하나가 필요합니다",
            ),
        )


def _check_refund(push: StatusPush, mistakes: Mistakes) -> None:
    """A refund that is told twice counts twice: no `natural` helps, unless its steps look first."""
    if push.use is not None:
        mistakes.add(
            ("push", "refunded", "use"),
            Words(
                "a refund is told by a call of its own",
                "환불은 자체 호출로 알려야 합니다",
            ),
        )
    looks = any(step.done is not None or step.unless is not None for step in push.steps)
    if push.repeat == "natural" and not looks:
        mistakes.add(
            ("push", "refunded", "repeat"),
            Words(
                "a refund is no state, and told twice it counts twice: { key = … }, { look = … }, or steps "
                "of which one looks (done, unless)",
                "환불은 상태가 아니므로 두 번 알리면 두 번 계산됩니다. { key = … }, { look = … } 또는 "
                "먼저 확인하는 단계(done, unless)가 필요합니다",
            ),
        )


def _check_webhook(webhook: Webhook, mistakes: Mistakes) -> None:
    path: Path = ("webhook",)
    given = [key for key in ("hmac", "jwt", "token") if getattr(webhook, key) is not None]
    if not given and not webhook.unsigned:
        mistakes.add(
            path,
            Words(
                "no signature: hmac, jwt or token; say unsigned = true if the webstore signs none",
                "서명이 없습니다. hmac, jwt 또는 token을 쓰고, 웹스토어가 "
                "서명하지 않으면 unsigned = true를 써 주세요",
            ),
        )
    signed = next((key for key in given if key != "token"), None)
    if signed is not None and webhook.unsigned:
        mistakes.add(
            (*path, "unsigned"),
            Words(
                f"{signed} stands beside it: it is signed or not",
                f"{signed}이(가) 함께 있습니다. 서명이 있거나 없거나 둘 중 하나여야 합니다",
            ),
        )
    if len(given) > 1:
        mistakes.add(
            path,
            Words(
                f"{' and '.join(given)} stand together; a webhook is signed in one way",
                f"{', '.join(given)}이(가) 함께 있습니다. 서명 방식은 하나만 쓸 수 있습니다",
            ),
        )
    if webhook.jwt is not None:
        _check_jwt(webhook.jwt, mistakes)
    if webhook.token is not None and not (webhook.token_header or webhook.token_query):
        mistakes.add(
            path,
            Words(
                "token needs token_header or token_query: where it comes",
                "token에는 오는 곳을 나타내는 token_header 또는 token_query가 필요합니다",
            ),
        )
    if webhook.order is None:
        mistakes.add(
            path,
            Words(
                "order is missing: where the order's ID is", "주문 ID가 있는 곳을 나타내는 order가 없습니다"
            ),
        )


def _check_jwt(jwt: Jwt, mistakes: Mistakes) -> None:
    path: Path = ("webhook", "jwt")
    is_shared = jwt.algorithm.startswith("HS")
    if (jwt.key is None) == (jwt.jwks is None) or (is_shared and jwt.jwks is not None):
        wanted = "key" if is_shared else "key or jwks"
        mistakes.add(
            path,
            Words(
                f"needs {wanted}, and no other: what {jwt.algorithm} is known by",
                f"{jwt.algorithm} 서명을 확인할 {wanted.replace(' or ', ' 또는 ')} 하나만 필요합니다",
            ),
        )
    for name in ("prefix", "body_hash"):
        if jwt.header is None and getattr(jwt, name):
            mistakes.add(
                (*path, name),
                Words(
                    "goes with header: without it the body is the token",
                    "header와 함께 씁니다. header가 없으면 본문이 토큰입니다",
                ),
            )
