"""What is asked of the user for a profile: a settings model made of its `[settings]`, and its values."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, cast

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, create_model

from tillbridge.plugin import Money, UsualForm, Words, of_form
from tillbridge_generic_webstore.language.connecting import Setting
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping.times import zone_named

_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s")
_NEVER: Final = "(?!)"
_NO_ADDRESS: Final = Words(
    "an address like https://shop.example, without user name, ? and #",
    "https://shop.example 같은 주소(사용자 이름, ?, # 없이)",
)
_NO_ZONE: Final = Words("a time zone's name, like Asia/Seoul", "Asia/Seoul 같은 시간대 이름")


class ProfileSettings(BaseModel):
    """The settings of a connection by a profile."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    webstore: ClassVar[Any] = None
    """The webstore that they are of: what a hook finds its profile by."""


def settings_model(name: str, profile: Profile) -> type[ProfileSettings]:
    """Make the settings model of a profile: secrets are SecretStr, each field says what it is."""
    fields: dict[str, Any] = {key: _field(one) for key, one in profile.settings.items()}
    made: type[ProfileSettings] = create_model(
        f"Settings_{name.replace('-', '_')}", __base__=ProfileSettings, **fields
    )
    made.__doc__ = f"One account at {profile.title}."
    return made


def setting_values(settings: BaseModel) -> dict[str, Any]:
    """Return the settings' values by name; secrets are SecretStr."""
    return {name: getattr(settings, name) for name in type(settings).model_fields}


def public_values(settings: BaseModel) -> dict[str, str]:
    """Return the settings that are not secret, as text: what expressions may see."""
    found = setting_values(settings).items()
    return {
        name: str(value) for name, value in found if value is not None and not isinstance(value, SecretStr)
    }


def secret_values(settings: BaseModel) -> list[SecretStr]:
    """Return the settings that no text may show."""
    return [value for value in setting_values(settings).values() if isinstance(value, SecretStr)]


def _field(setting: Setting) -> tuple[Any, Any]:
    kind: Any = SecretStr if setting.secret else _kind(setting)
    fits = Words(setting.fits, setting.fits_ko or setting.fits)
    if setting.pattern is not None:
        kind = Annotated[kind, of_form(setting.pattern, fits)]
    korean = _sentences(setting.ask_ko or setting.ask, setting.find_ko or setting.find)
    described = Field(
        description=_sentences(setting.ask, setting.find), json_schema_extra={"description_ko": korean}
    )
    if setting.secret:
        kind = Annotated[kind, Field(min_length=1)]
    may_lack = setting.optional and setting.default is None
    kind = Annotated[kind | None, described] if may_lack else Annotated[kind, described]
    if setting.usual is not None:
        kind = Annotated[kind, UsualForm(setting.usual, fits)]
    if setting.default is not None:
        default = SecretStr(setting.default) if setting.secret else setting.default
        return kind, Field(default=default, validate_default=True)
    return kind, None if may_lack else ...


def _kind(setting: Setting) -> Any:
    if setting.kind == "choice":
        return Literal[setting.choices]
    if setting.kind == "number":
        return Decimal
    if setting.kind == "text":
        return Annotated[str, Field(min_length=1)]
    return Annotated[str, AfterValidator(_CHECKS[setting.kind])]


def _url(text: str) -> str:
    address = text if _URL.match(text) else f"https://{text}"
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        url = httpx.URL()
    if not url.host or url.userinfo or url.query or url.fragment or _SPACE.search(address):
        _refuse(text, _NO_ADDRESS)
    return str(url).rstrip("/")


def _currency(text: str) -> str:
    return Money.zero(text.upper()).currency


def _zone(text: str) -> str:
    if zone_named(text) is None:
        _refuse(text, _NO_ZONE)
    return text


def _refuse(text: str, fits: Words) -> None:
    """Say what would fit, as for a pattern that nothing fits."""
    check = cast("Callable[[str], str]", of_form(_NEVER, fits).func)
    check(text)


_CHECKS: Final[dict[str, Callable[[str], str]]] = {"url": _url, "currency": _currency, "zone": _zone}


def _sentences(*texts: str) -> str:
    return " ".join(filter(None, map(_sentence, texts)))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
