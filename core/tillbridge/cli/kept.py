"""What is said of a connection that was just kept, and what comes next."""

from tillbridge.model.words import Words
from tillbridge.provider import Provider


def kept_words(provider: Provider, name: str, *, change: bool) -> Words:
    """Return what staff read once a connection is made or changed, by what it is for."""
    if not provider.brings_orders:
        return _payments(name, change=change)
    if change:
        return Words(
            f"{name} is changed; it is polled anew with the next `tillbridge poll`, or by `tillbridge run`.",
            f"{name} 연결을 변경했습니다. 다음 `tillbridge poll` 또는 `tillbridge run`에서 다시 확인합니다.",
        )
    return Words(
        f"{name} is connected. Bring its orders in with `tillbridge poll`, "
        "or leave `tillbridge run` running.",
        f"{name} 연결을 저장했습니다. `tillbridge poll`로 주문을 가져오거나 "
        "`tillbridge run`을 실행해 두세요.",
    )


def _payments(name: str, *, change: bool) -> Words:
    if change:
        return Words(f"{name} is changed.", f"{name} 연결을 변경했습니다.")
    return Words(
        f"{name} is connected. Name it as you connect the webstore (`--payments {name}`); of one that is "
        f"connected say: `tillbridge connection payments WEBSTORE --by {name}`.",
        f"{name} 연결을 저장했습니다. 웹스토어를 연결할 때 `--payments {name}` 옵션으로 지정해 주세요. 이미 "
        f"연결된 웹스토어라면: `tillbridge connection payments 웹스토어 --by {name}`",
    )
