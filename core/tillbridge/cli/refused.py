"""What is said of what was given for a connection: where it looks wrong, and how it is given anew."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tillbridge.cli.session import Session
from tillbridge.connections.files import secret_fields
from tillbridge.http import HttpRefused
from tillbridge.model.errors import Misconfigured
from tillbridge.model.words import Words
from tillbridge.provider import Provider
from tillbridge.setting_forms import unusual


@contextmanager
def giving_anew(provider: Provider) -> Iterator[None]:
    """Say by which options credentials are given, where a service refuses those of a command line.

    Raises:
        Misconfigured: they were refused within.
    """
    try:
        yield
    except HttpRefused as error:
        names = [name for name in provider.settings.model_fields if name in secret_fields(provider)]
        if not names:
            raise
        options = ", ".join(f"--secret {name}=-" for name in names)
        call, status = error.response.call, error.response.status
        raise Misconfigured(
            Words(
                f"{provider.title} refused the credentials for {call} ({status}). No connection is kept yet: "
                f"give the right ones ({options}), or give the key that permission at {provider.title}.",
                f"{provider.title}에서 인증 정보를 거부했습니다({call}, {status}). 아직 저장된 연결이 "
                f"없습니다. 올바른 값을 다시 지정하시거나({options}) {provider.title} 관리 화면에서 "
                "키에 권한을 주세요.",
            )
        ) from error


def say_unusual(session: Session, provider: Provider, given: Mapping[str, str]) -> None:
    """Say which settings have not the form that they usually have; they are tried all the same."""
    secret = secret_fields(provider)
    for name, form in unusual(provider.settings, given).items():
        option = f"--secret {name}" if name in secret else f"--set {name}"
        session.say(
            session.words(
                f"{option} is usually {form.en}; what was given is not. It is tried all the same.",
                f"{option}: 보통 {form.ko}인데 입력한 값은 형식이 다릅니다. 그대로 시험해 봅니다.",
            )
        )
