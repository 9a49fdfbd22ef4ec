"""What went wrong, in the three kinds that the engine knows and in words that staff can act on."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx

from tillbridge.http.pace import retry_after
from tillbridge.http.reading import HttpResponse, UnreadableError
from tillbridge.http.scrub import Scrubber
from tillbridge.http.unreached import unreached, unsecured
from tillbridge.model.errors import Misconfigured, ProviderError, Rejected, Retryable
from tillbridge.model.spans import waiting
from tillbridge.model.words import Words

# 408 and 425 say that it was not done yet; the others are what a busy or broken server says.
_REPEATED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_BUSY: Final = frozenset({408, 425, 429})
_MOVED_FOR_GOOD: Final = frozenset({301, 308})
_TOLD: Final = 200
# The request never left this computer, so that even what must not happen twice may be tried again.
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HttpRejected(Rejected):
    """The service will not do this (a 4xx other than 401, 403, 408, 425, 429).

    Args:
        said: what happened, for staff.
        response: the whole answer, for the plugin's eyes; unlike `excerpt` it is not scrubbed.
        excerpt: what the answer says, at most 200 characters, without secrets and personal data.
    """

    def __init__(self, said: Words, *, response: HttpResponse, excerpt: str) -> None:
        super().__init__(said)
        self.status = response.status
        self.response = response
        self.excerpt = excerpt


class HttpRefused(Misconfigured):
    """The service refuses the credentials (401), or does not allow them to do this (403).

    Args:
        said: what happened, for staff.
        response: the whole answer, for the plugin's eyes: it is not scrubbed. Its status is in `status` too.
    """

    def __init__(self, said: Words, *, response: HttpResponse) -> None:
        super().__init__(said)
        self.status = response.status
        self.response = response


class HttpFailed(Retryable):
    """The service answered, and has not done it, or does not know: it is busy, or broken (429, 500, …).

    Args:
        said: what happened, for staff.
        until: as in `Retryable`.
        response: the whole answer, for the plugin's eyes: it is not scrubbed. Its status is in `status` too.
    """

    def __init__(self, said: Words, *, until: datetime | None, response: HttpResponse) -> None:
        super().__init__(said, until=until)
        self.status = response.status
        self.response = response


class HttpCause(Exception):
    """What httpx said, scrubbed: the `__cause__` of our errors in the place of httpx's own.

    Those hold the request with its URL, headers and body, and quote the service's bytes.
    """


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One failed attempt.

    Args:
        error: what the caller gets if it was the last.
        cause: where it came from, scrubbed.
        again: whether another try may help.
        unsent: whether the request certainly never reached the service.
        wait: seconds that the service wants to be left alone, if it said so.
    """

    error: ProviderError
    cause: HttpCause
    again: bool = False
    unsent: bool = False
    wait: float | None = None


class Faults:
    """Names the faults of one call.

    Args:
        service: who was asked.
        call: what was asked: method and path, without query and secrets.
        scrubber: what knows the secrets of this call.
    """

    def __init__(self, service: str, call: str, scrubber: Scrubber) -> None:
        self._service = service
        self._call = call
        self._scrubber = scrubber

    def of_answer(self, answer: HttpResponse, now: datetime, *, again: bool | None = None) -> Fault:
        """Judge an answer that is none to work with; `again` is as `HttpSettings.again` said of it."""
        status = answer.status
        cause = HttpCause(f"HTTP {status}")
        if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            return Fault(error=HttpRefused(self._refused(status), response=answer), cause=cause)
        broken = httpx.codes.is_server_error(status)
        if not (again or broken or status in _BUSY):
            excerpt = self._scrubber.excerpt(answer.content)
            words = self._rejected(status, excerpt)
            return Fault(error=HttpRejected(words, response=answer, excerpt=excerpt), cause=cause)
        wait = retry_after(answer.headers, now)
        until = None if wait is None else now + timedelta(seconds=wait)
        words = self._patient(self._broken(status) if broken else self._busy(status), wait)
        return Fault(
            error=HttpFailed(words, until=until, response=answer),
            cause=cause,
            again=status in _REPEATED if again is None else again,
            wait=wait,
        )

    def of_network(self, error: httpx.HTTPError, *, host: str, seconds_left: float) -> Fault:
        """Judge what kept an answer from arriving."""
        unsent = isinstance(error, _UNSENT)
        cause = HttpCause(f"{type(error).__name__}: {self._scrubber.clean(str(error))[:_TOLD]}")
        if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
            # h11 quotes the header that it refuses, key and all.
            return Fault(error=Misconfigured(self._unsendable()), cause=HttpCause(type(error).__name__))
        below = list(_chain(error))
        if any(isinstance(one, ssl.SSLError) for one in below):
            return Fault(error=Retryable(unsecured(self._service, self._call, host, below)), cause=cause)
        if seconds_left <= 0:
            words = self._late()
        elif any(isinstance(one, socket.gaierror) for one in below):
            words = self._unknown_host(host)
        elif isinstance(error, httpx.TimeoutException) and not unsent:
            words = self._silent()
        elif unsent:
            words = unreached(self._service, self._call, host, below)
        else:
            words = self._broken_off()
        return Fault(error=Retryable(words), cause=cause, again=True, unsent=unsent)

    def of_reading(self, error: UnreadableError) -> Fault:
        """Judge an answer that was given up while it was read."""
        words = Words(
            en=f"{self._service}, {self._call}: {error.words.en}. It will be asked again later.",
            ko=f"{self._service}({self._call}): {error.words.ko}. 나중에 다시 요청합니다.",
        )
        cause = HttpCause(f"{type(error).__name__}: {error}")
        return Fault(error=Retryable(words), cause=cause, again=error.again)

    def of_redirect(self, status: int, target: httpx.URL) -> Fault:
        """Judge a redirect to another host, which gets neither the request nor the credentials."""
        origin = f"{target.scheme}://{self._scrubber.literal(target.host)}"
        cause = HttpCause(f"HTTP {status} to {origin}")
        words = Words(
            en=(
                f"{self._service} sends {self._call} on to {origin} ({status}); credentials are "
                "not sent there. "
                "If that is the service's new address, enter it in the connection's settings."
            ),
            ko=(
                f"{self._service}에서 {self._call} 요청을 {origin} 주소로 돌려보냈습니다({status}). "
                "인증 정보는 그곳으로 보내지 않았습니다. 바뀐 주소가 맞다면 연결 설정에 입력해 주세요."
            ),
        )
        if status in _MOVED_FOR_GOOD:
            return Fault(error=Misconfigured(words), cause=cause)
        return Fault(error=Retryable(words), cause=cause)

    def of_rate(self, until: datetime) -> Fault:
        """Judge a call for which the agreed rate leaves no room within its deadline."""
        words = Words(
            en=(
                f"{self._service} is being asked as often as its rate limit allows; {self._call} "
                "has to wait. "
                "Nothing needs to be done."
            ),
            ko=(
                f"{self._service} 요청 한도에 도달하여 {self._call} 요청을 잠시 미룹니다. "
                "따로 조치하실 것은 없습니다."
            ),
        )
        return Fault(error=Retryable(words, until=until), cause=HttpCause("rate limit"), unsent=True)

    def _refused(self, status: int) -> Words:
        if status == httpx.codes.UNAUTHORIZED:
            return Words(
                en=(
                    f"{self._service} refused the credentials for {self._call} ({status}). "
                    "Enter the key or password again in the connection's settings."
                ),
                ko=(
                    f"{self._service}에서 인증 정보를 거부했습니다({self._call}, {status}). "
                    "연결 설정에서 키 또는 비밀번호를 다시 입력해 주세요."
                ),
            )
        return Words(
            en=(
                f"{self._service} does not allow these credentials to do {self._call} ({status}). "
                f"Give the key that permission at {self._service}, or enter another key in the "
                "connection's settings."
            ),
            ko=(
                f"{self._service}에서 현재 인증 정보로는 {self._call} 요청을 허용하지 않습니다({status}). "
                f"{self._service} 관리 화면에서 키에 권한을 주시거나, 연결 설정에 다른 키를 입력해 주세요."
            ),
        )

    def _rejected(self, status: int, excerpt: str) -> Words:
        heard_en = f' It said: "{excerpt}"' if excerpt else ""
        heard_ko = f' 응답 내용: "{excerpt}"' if excerpt else ""
        if status in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
            return Words(
                en=(
                    f"{self._service} does not have what {self._call} asks for ({status}). "
                    f"See whether it was deleted there.{heard_en}"
                ),
                ko=(
                    f"{self._service}에서 {self._call} 요청의 대상을 찾을 수 없습니다({status}). "
                    f"그쪽에서 삭제되었는지 확인해 주세요.{heard_ko}"
                ),
            )
        return Words(
            en=(
                f"{self._service} did not accept {self._call} ({status}). Somebody has to look at "
                f"it.{heard_en}"
            ),
            ko=(
                f"{self._service}에서 {self._call} 요청을 받아들이지 않았습니다({status}). 확인해 "
                f"주세요.{heard_ko}"
            ),
        )

    def _busy(self, status: int) -> Words:
        return Words(
            en=(
                f"{self._service} is busy and asks for patience at {self._call} ({status}). It "
                "will be asked again later."
            ),
            ko=(
                f"{self._service} 서버가 혼잡하여 {self._call} 요청을 미뤄 달라고 합니다({status}). "
                "나중에 다시 요청합니다."
            ),
        )

    def _broken(self, status: int) -> Words:
        return Words(
            en=(
                f"{self._service} has a fault of its own at {self._call} ({status}). It will be asked again; "
                f"if this lasts, tell {self._service}."
            ),
            ko=(
                f"{self._service} 서버에 문제가 있습니다({self._call}, {status}). 잠시 후 다시 요청합니다. "
                f"계속되면 {self._service} 측에 문의해 주세요."
            ),
        )

    @staticmethod
    def _patient(words: Words, wait: float | None) -> Words:
        """Add how long the service wants to be left alone, as far as that is heeded."""
        if wait is None:
            return words
        span = waiting(timedelta(seconds=wait))
        return Words(
            f"{words.en} It wants to be left alone for {span.en}.", f"{words.ko} 요청된 대기 시간: {span.ko}."
        )

    def _unsendable(self) -> Words:
        return Words(
            en=(
                f"{self._service}: {self._call} cannot be sent as HTTP. See whether the address and the keys "
                "in the connection's settings hold a line break or a foreign sign."
            ),
            ko=(
                f"{self._service}: {self._call} 요청을 보낼 수 없는 형식입니다. 연결 설정의 주소와 키에 "
                "줄바꿈이나 사용할 수 없는 문자가 있는지 확인해 주세요."
            ),
        )

    def _late(self) -> Words:
        return Words(
            en=(
                f"{self._service} did not finish answering {self._call} in the time allowed. It "
                "will be asked again later."
            ),
            ko=(
                f"{self._service}에서 정해진 시간 안에 {self._call} 응답을 마치지 못했습니다. "
                "나중에 다시 요청합니다."
            ),
        )

    def _unknown_host(self, host: str) -> Words:
        return Words(
            en=(
                f"{self._service}, {self._call}: the address {host} was not found. See whether the "
                "shop's internet "
                "works; if it does, check the address in the connection's settings."
            ),
            ko=(
                f"{self._service}({self._call}): {host} 주소를 찾지 못했습니다. 매장의 인터넷 "
                "연결을 확인하시고, "
                "이상이 없으면 연결 설정의 주소를 확인해 주세요."
            ),
        )

    def _silent(self) -> Words:
        return Words(
            en=f"{self._service} does not answer {self._call}. It will be asked again later.",
            ko=f"{self._service}에서 {self._call} 요청에 응답하지 않습니다. 나중에 다시 요청합니다.",
        )

    def _broken_off(self) -> Words:
        return Words(
            en=f"{self._service} broke off while {self._call} was under way. It will be asked again later.",
            ko=f"{self._service}: {self._call} 요청 중에 연결이 끊겼습니다. 나중에 다시 요청합니다.",
        )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what lies beneath it, each once."""
    seen: set[int] = set()
    below: BaseException | None = error
    while below is not None and id(below) not in seen:
        seen.add(id(below))
        yield below
        below = below.__cause__ or below.__context__
