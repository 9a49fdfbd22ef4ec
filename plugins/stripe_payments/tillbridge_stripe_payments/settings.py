"""What a shop enters to connect Stripe, and how Stripe is reached with it."""

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from tillbridge.plugin import Connection, HttpResponse, HttpSettings, Misconfigured, Words, of_form
from tillbridge_stripe_payments.requests import API_VERSION

STRIPE: Final = "https://api.stripe.com"
_SHOULD_RETRY: Final = "Stripe-Should-Retry"
_SAID: Final = {"true": True, "false": False}
_CONFLICT: Final = 409
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500
# Stripe allows 25 a second and endpoint; a shop needs far less, and its webstore uses the same account.
_PER_SECOND: Final = 10.0
_MAX_BYTES: Final = 8 * 1024 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ACCOUNT: Final = of_form(
    "acct_[A-Za-z0-9]{1,40}", Words("acct_ and letters or digits", "acct_와 이어지는 영문자·숫자")
)
_SIGNING: Final = of_form(
    r"\s*whsec_\S+\s*",
    Words(
        "the endpoint's signing secret, which begins with whsec_",
        "whsec_로 시작하는 엔드포인트의 서명 비밀 키",
    ),
)
_MARK: Final = r"[A-Za-z0-9_.\- ]{1,40}"
_KEY: Final = of_form(
    _MARK,
    Words("up to 40 letters, digits, spaces and signs of _ . -", "영문자, 숫자, 공백, _ . - 로 된 40자 이하"),
)
_PAIR: Final = of_form(
    f"{_MARK}=.{{1,500}}",
    Words("key=value, such as site_url=https://shop.example", "key=value(예: site_url=https://shop.example)"),
)


class Settings(BaseModel):
    """One account at Stripe, in live or in test mode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: Annotated[str, _ACCOUNT] = Field(
        description="Your account's ID at Stripe: Settings, Account details; it begins with acct_.",
    )
    mode: Literal["live", "test"] = Field(
        description="live: real payments. test: to try things out; a live key is refused then.",
    )
    secret_key: SecretStr = Field(
        min_length=1,
        description=(
            "A restricted key of this account (rk_live_… or rk_test_…); the plugin's README lists its "
            "permissions."
        ),
    )
    webhook_secret: Annotated[SecretStr, _SIGNING] | None = Field(
        default=None,
        description="The signing secret of the webhook endpoint at Stripe (whsec_…), if webhooks are wanted.",
    )
    order_metadata: Annotated[str, _KEY] = Field(
        default="order_id",
        description="Under which metadata key the webstore notes its order on Stripe's payments.",
    )
    order_named_by: Literal["id", "number"] = Field(
        default="id",
        description="What stands there: the order's ID, or the number that customers see.",
    )
    shop_metadata: Annotated[str, _PAIR] | None = Field(
        default=None,
        description=(
            "Where several webstores use this account: what else a payment's metadata says for this one, as "
            "key=value, for example site_url=https://shop.example."
        ),
    )
    base_url: str = Field(default=STRIPE, description="Stripe's address; another one only for a sandbox.")

    @field_validator("account", "order_metadata", "base_url", mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @property
    def shop_mark(self) -> dict[str, str]:
        """What a payment's metadata says for this webstore beside its order."""
        name, _, value = (self.shop_metadata or "").partition("=")
        return {name: value} if name else {}

    @property
    def live(self) -> bool:
        """Whether money moves."""
        return self.mode == "live"


def settings_of(connection: Connection) -> Settings:
    """Return the settings of a connection to Stripe."""
    settings: Settings = connection.settings
    return settings


def account_key(settings: Settings) -> str:
    """Return what may be connected once: an account, live and test apart, and each of its webstores."""
    return ":".join(one for one in (settings.account, settings.mode, settings.shop_metadata) if one)


def http_settings(settings: Settings) -> HttpSettings:
    """Say how Stripe is reached; its key travels in a header, never in an address.

    Raises:
        Misconfigured: the key is none, or not of the connection's mode.
    """
    key = settings.secret_key.get_secret_value().strip()
    check_key(key, settings)
    _check_address(settings)
    secrets = [SecretStr(key)] + ([settings.webhook_secret] if settings.webhook_secret else [])
    return HttpSettings(
        base_url=settings.base_url,
        service="Stripe",
        headers={"Authorization": SecretStr(f"Bearer {key}"), "Stripe-Version": API_VERSION},
        secrets=secrets,
        requests_per_second=_PER_SECOND,
        max_bytes=_MAX_BYTES,
        again=again,
    )


def again(answer: HttpResponse) -> bool | None:
    """Say by Stripe's own rules whether the same may be tried again.

    Its header decides; without it, what met another call (409) and what broke (500 and above) is tried again,
    and what came too often (429) is not: whoever asks too often is not to ask more.
    """
    said = _SAID.get(answer.headers.get(_SHOULD_RETRY, "").strip().lower())
    if said is not None:
        return said
    if answer.status == _TOO_MANY:
        return False
    return True if answer.status == _CONFLICT or answer.status >= _SERVER_FAULT else None


def check_key(key: str, settings: Settings) -> None:
    """Hold a key against the connection's mode, without asking anybody.

    Raises:
        Misconfigured: it is no secret key, or one of the other mode.
    """
    kind, _, rest = key.partition("_")
    mode = rest.partition("_")[0]
    if kind not in ("sk", "rk") or mode not in ("live", "test"):
        raise Misconfigured(
            Words(
                "secret_key is no key that Stripe's API takes: it begins with rk_live_ or rk_test_ "
                "(restricted), or with sk_live_ or sk_test_. A key that begins with pk_ is for web pages.",
                "secret_key가 Stripe API 키가 아닙니다. rk_live_ 또는 rk_test_(제한된 키), sk_live_ 또는 "
                "sk_test_로 시작해야 합니다. pk_로 시작하는 키는 웹 페이지용입니다.",
            )
        )
    if mode == settings.mode:
        return
    if mode == "live":
        raise Misconfigured(
            Words(
                "This is a live key, and the connection is for trying things out (mode test): real cards "
                "would be charged. Enter a test key, or connect again with mode live.",
                "실결제 키인데 이 연결은 테스트용(mode test)입니다. 실제 카드로 결제될 수 있으므로 사용할 "
                "수 없습니다. 테스트 키를 입력하거나 mode live로 다시 연결해 주세요.",
            )
        )
    raise Misconfigured(
        Words(
            "This is a test key, and the connection is for real payments (mode live): it would see none of "
            "them. Enter a live key, or connect again with mode test.",
            "테스트 키인데 이 연결은 실결제용(mode live)입니다. 실제 결제가 보이지 않습니다. 실결제 키를 "
            "입력하거나 mode test로 다시 연결해 주세요.",
        )
    )


def _check_address(settings: Settings) -> None:
    """Let a live key go to Stripe and nowhere else, and a test key to this computer besides.

    Raises:
        Misconfigured: the address is another one.
    """
    if settings.base_url.rstrip("/") == STRIPE:
        return
    if settings.live or urlsplit(settings.base_url).hostname not in _LOOPBACK:
        raise Misconfigured(
            Words(
                f"base_url is not Stripe's address. Leave it out; another one than {STRIPE} is for test "
                "keys and a sandbox on this computer only.",
                f"base_url이 Stripe 주소가 아닙니다. 비워 두세요. {STRIPE} 이외의 주소는 테스트 키와 이 "
                "컴퓨터의 샌드박스에만 쓸 수 있습니다.",
            )
        )
