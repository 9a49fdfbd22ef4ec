"""Says whose account a connection is, before staff rely on it."""

from collections.abc import Iterator
from typing import Final

from tillbridge.plugin import Connection, ConnectionCheck, HttpRejected, Misconfigured, Words
from tillbridge_locally.feed import NO_STORE_ID
from tillbridge_locally.settings import Settings, settings_of
from tillbridge_locally.transport import Company, Transport

_TEST_KEY: Final = "test_"
_NOT_FOUND: Final = 404


def check(connection: Connection) -> ConnectionCheck:
    """Ask Locally for the company and hold the settings against it.

    Raises:
        Misconfigured: the key is refused, or the settings name what Locally does not have.
    """
    settings = settings_of(connection)
    try:
        company = Transport(connection).company()
    except HttpRejected as error:
        if error.status != _NOT_FOUND:
            raise
        raise Misconfigured(
            Words(
                en=(
                    f"Locally has no company {settings.company_id}. "
                    "Correct company_id in the connection's settings."
                ),
                ko=f"로컬리에 {settings.company_id} 회사가 없습니다. 연결 설정의 company_id를 확인해 주세요.",
            )
        ) from error
    _stores_exist(settings, company)
    if connection.files is not None:
        _feed_has_its_stores(connection, company)
    return ConnectionCheck(account=f"{company.name} ({company.id})", notes=tuple(_notes(settings, company)))


def _stores_exist(settings: Settings, company: Company) -> None:
    known = {store.id for store in company.stores}
    unknown = [one for one in settings.store_ids if one not in known]
    if unknown:
        raise Misconfigured(
            Words(
                en=(
                    f"{company.name} has no store {', '.join(unknown)} at Locally; it has: "
                    f"{', '.join(sorted(known))}. Correct store_ids in the connection's settings."
                ),
                ko=(
                    f"로컬리의 {company.name}에 {', '.join(unknown)} 매장이 없습니다. 등록된 매장: "
                    f"{', '.join(sorted(known))}. 연결 설정의 store_ids를 확인해 주세요."
                ),
            )
        )


def _feed_has_its_stores(connection: Connection, company: Company) -> None:
    """Refuse a feed of which Locally could not tell which store it is of.

    Raises:
        Misconfigured: a location is none of the company's stores, or nobody said which of them is which.
    """
    settings, known = settings_of(connection), {store.id for store in company.stores}
    unknown = [one for one in connection.locations if one not in known]
    if unknown:
        raise Misconfigured(
            Words(
                en=(
                    f"{company.name} has no store {', '.join(unknown)} at Locally, so its stock could not be "
                    f"sent; it has: {', '.join(sorted(known))}. Correct --location."
                ),
                ko=(
                    f"로컬리의 {company.name}에 {', '.join(unknown)} 매장이 없어 재고를 보낼 수 없습니다. "
                    f"등록된 매장: {', '.join(sorted(known))}. --location을 확인해 주세요."
                ),
            )
        )
    if not connection.locations and len(settings.store_ids or known) > 1:
        raise Misconfigured(
            Words(
                en=(
                    f"{company.name} has several stores at Locally ({', '.join(sorted(known))}), and each "
                    "has its own stock: say which store is which with --location ID=CODE."
                ),
                ko=(
                    f"로컬리의 {company.name}에 매장이 여러 개입니다({', '.join(sorted(known))}). "
                    "재고는 매장별로 보내므로 --location ID=코드로 매장을 지정해 주세요."
                ),
            )
        )
    if settings.feed_combined and not connection.locations and not settings.store_ids:
        raise Misconfigured(NO_STORE_ID)


def _notes(settings: Settings, company: Company) -> Iterator[Words]:
    if settings.api_token.get_secret_value().startswith(_TEST_KEY):
        yield Words(
            en="This is a test key: it sees test carts only.",
            ko="테스트 키입니다. 테스트 장바구니만 보입니다.",
        )
    wanted = [store for store in company.stores if not settings.store_ids or store.id in settings.store_ids]
    for store in wanted:
        for setting, ours, theirs in (
            ("currency", settings.currency, store.currency),
            ("country", settings.country, store.country),
        ):
            if theirs and theirs != ours:
                named = store.name or store.id
                yield Words(
                    en=f"{setting} is set to {ours}, but Locally has {theirs} for {named}.",
                    ko=f"{setting} 설정은 {ours}인데 로컬리에는 {named} 매장이 {theirs}(으)로 되어 있습니다.",
                )
