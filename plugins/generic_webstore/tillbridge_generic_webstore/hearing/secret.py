"""What is said where a connection lacks the secret by which a webstore's webhooks are known."""

from tillbridge.plugin import Words
from tillbridge_generic_webstore.calling.templates import Template


def no_secret(title: str, key: Template, *, from_file: bool = False) -> Words:
    """Say which settings are missing, and how to enter them; `from_file`: they may be many lines long."""
    names = ", ".join(sorted(key.names)) or "-"
    or_file, or_file_ko = (
        (f", or --secret {names}=@FILE", f" 또는 --secret {names}=@파일") if from_file else ("", "")
    )
    return Words(
        f"{title} sends webhooks, but the connection has no {names} to know them by. Enter what {title} "
        f"shows: --secret {names}=-{or_file}",
        f"{title}에서 웹훅을 보내지만 연결에 확인용 {names}이(가) 없습니다. {title}에 표시된 값을 "
        f"입력해 주세요: --secret {names}=-{or_file_ko}",
    )
