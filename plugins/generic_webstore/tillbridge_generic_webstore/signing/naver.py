"""Naver Commerce (SmartStore): a token is asked for with a signature that bcrypt makes of ID and time.

The client secret is itself a bcrypt salt; `client_id_timestamp` hashed with it, in base64, is the signature,
and holds for five minutes. Everything goes in the form: an application that puts it in the query is held to
one call an hour. A token lives three hours; asking again gives the same one while half an hour is left.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import bcrypt
from pydantic import SecretStr

from tillbridge.plugin import Door, Misconfigured, Token, Words
from tillbridge_generic_webstore.signing.credentials import Credentials
from tillbridge_generic_webstore.signing.oauth2 import ask

_TITLE: Final = "Naver SmartStore"
_BASE: Final = "https://api.commerce.naver.com/external"
_PATH: Final = "/v1/oauth2/token"
_LIFE: Final = timedelta(seconds=10_800)
_FORM: Final[dict[str, str | SecretStr]] = {"Content-Type": "application/x-www-form-urlencoded"}


def credentials(settings: Mapping[str, str]) -> Credentials:
    """Return what signs for a SmartStore.

    Args:
        settings: `client_id` and `client_secret`; `account_id` where the application is a solution's and acts
            for a seller; `url` for another address than Naver's own.
    """
    url = settings.get("url", _BASE).rstrip("/") + _PATH
    account = settings.get("account_id", "")

    def token(door: Door, _refused: Token | None) -> Token:
        timestamp = str(int(door.now().timestamp() * 1000))
        form = {
            "client_id": settings["client_id"],
            "timestamp": timestamp,
            "grant_type": "client_credentials",
            "client_secret_sign": sign(settings["client_id"], settings["client_secret"], timestamp),
            "type": "SELLER" if account else "SELF",
        }
        said = ask(door, _TITLE, url, ({**form, **({"account_id": account} if account else {})}, _FORM))
        life = timedelta(seconds=int(said["expires_in"])) if said.get("expires_in") else _LIFE
        return Token(
            headers={"Authorization": SecretStr(f"Bearer {said['access_token']}")},
            expires_at=door.now() + life,
        )

    return Credentials(token=token)


def sign(client_id: str, client_secret: str, timestamp: str) -> str:
    """Return the signature of a request for a token.

    Args:
        client_id: of the application.
        client_secret: a bcrypt salt.
        timestamp: milliseconds since 1970, as text.
    """
    try:
        hashed = bcrypt.hashpw(f"{client_id}_{timestamp}".encode(), client_secret.encode())
    except ValueError as error:
        raise Misconfigured(
            Words(
                f"{_TITLE}: the client secret is none; it begins with $2a$. Copy it again from the API "
                "center into the connection's settings.",
                f"{_TITLE}: 클라이언트 시크릿 형식이 아닙니다($2a$로 시작해야 합니다). API 센터에서 다시 "
                "복사하여 연결 설정에 입력해 주세요.",
            )
        ) from error
    return b64encode(hashed).decode()
