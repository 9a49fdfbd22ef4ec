"""What a shop enters to connect Locally, and how Locally is reached with it."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator

from tillbridge.plugin import Connection, HttpSettings, Money, Remitter, Words, of_form

# A page of whole carts: 200 of them with ten lines each stay below 1 MiB.
MAX_BYTES: Final = 16 * 1024 * 1024
MAX_PAGE: Final = 200
# Locally itself collects and remits sales tax there; everywhere else the store does.
_LOCALLY_REMITS: Final = frozenset({"US", "CA"})

Identifier = Annotated[
    str,
    of_form("[A-Za-z0-9_-]{1,64}", Words("letters, digits, _ and - only", "영문자, 숫자, _ , - 로만 된 값")),
]
_COUNTRY: Final = of_form("[A-Z]{2}", Words("two letters, such as KR", "영문 대문자 2자(예: KR)"))
_FEED: Final = of_form(
    "[A-Za-z0-9][A-Za-z0-9_-]{0,40}",
    Words(
        "letters, digits, _ and -, with a letter or digit first", "영문자나 숫자로 시작하고 _ , - 만 더한 값"
    ),
)


def _listed(value: Any) -> Any:
    """Take "12, 13" for a list: a command line has no other way to write one."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    """Take "8" for 8: a command line has no other way to write one."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


class Settings(BaseModel):
    """One company's account at Locally."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    company_id: Identifier = Field(
        description="Your company's number at Locally, as Locally Station shows it."
    )
    store_ids: Annotated[tuple[Identifier, ...], BeforeValidator(_listed)] = Field(
        default=(),
        description="Locally's store IDs whose orders are wanted, separated by commas; empty for all stores.",
    )
    api_token: SecretStr = Field(
        min_length=1,
        description="Your company's API key at Locally; one that begins with test_ sees test carts only.",
    )
    webhook_token: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="The token of Locally's webhooks, as Locally Station shows it, if they are wanted.",
    )
    currency: str = Field(
        description="The currency of carts that name none: ISO 4217, three letters, for example KRW.",
    )
    country: Annotated[str, _COUNTRY] = Field(
        description=(
            "The stores' country: ISO 3166, two letters, for example KR. In US and CA tax is added to "
            "prices and Locally remits it; elsewhere prices include it and the store remits it."
        ),
    )
    accept_hours: Annotated[Literal[4, 8], BeforeValidator(_whole)] = Field(
        default=4,
        description="Business hours in which Locally expects an order to be accepted or rejected: 4 or 8.",
    )
    reservations_only: bool = Field(
        default=False,
        description="Only reservations are agreed with Locally, as in Korea; a paid order is not sold.",
    )
    feed_name: Annotated[str, _FEED] = Field(
        default="inventory",
        description="How the inventory feed's files are called: inventory gives inventory-20301.csv.",
    )
    feed_combined: bool = Field(
        default=False,
        description="One inventory feed for all stores, with a column for the store; else one a store.",
    )
    base_url: str = Field(
        default="https://www.locally.com",
        description="Locally's address; another one only for a sandbox.",
    )
    page_size: int = Field(
        default=50, ge=1, le=MAX_PAGE, description="How many orders are asked for at a time."
    )
    overlap_seconds: int = Field(
        default=120,
        ge=0,
        le=86_400,
        description="How late an order may appear in Locally's list behind its own time stamp.",
    )

    @field_validator("currency", "country", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("currency")
    @classmethod
    def _known(cls, code: str) -> str:
        return Money.zero(code).currency

    @property
    def prices_include_tax(self) -> bool:
        """Whether prices in the stores' country are shown with their tax."""
        return self.country not in _LOCALLY_REMITS

    @property
    def remitter(self) -> Remitter:
        """Who pays the tax of an order to the state."""
        return Remitter.MARKETPLACE if self.country in _LOCALLY_REMITS else Remitter.STORE


def settings_of(connection: Connection) -> Settings:
    """Return the settings of a connection to Locally."""
    settings: Settings = connection.settings
    return settings


def account_key(settings: Settings) -> str:
    """Return the account that the settings belong to: the company, whatever its stores."""
    return settings.company_id


def http_settings(settings: Settings) -> HttpSettings:
    """Say how Locally is reached; its API key travels in a header, never in an address."""
    return HttpSettings(
        base_url=settings.base_url,
        service="Locally",
        headers={"Locally-Api-Token": settings.api_token},
        requests_per_second=10.0,
        max_bytes=MAX_BYTES,
    )
