"""An answer, and reading one without trusting it: bounded in size and in time, packed or not."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import httpx

from tillbridge.http.network import Deadline
from tillbridge.model.errors import Retryable
from tillbridge.model.words import Words

# zlib's own way to say: a gzip header, the largest window.
_GZIP: Final = zlib.MAX_WBITS | 16
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class HttpResponse:
    """A service's answer, read to its end; a `repr` shows neither headers nor content.

    Args:
        service: who answered.
        call: what was asked, such as "GET /orders": method and path, never the query.
        status: HTTP's number.
        headers: by name, upper and lower case alike.
        content: the body, unpacked.
    """

    service: str
    call: str
    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)

    def is_usable(self) -> bool:
        """Whether it is an answer to work with: 2xx, or 304 (nothing has changed)."""
        return httpx.codes.is_success(self.status) or self.status == httpx.codes.NOT_MODIFIED

    def json(self) -> Any:
        """Return the content as Python's own types; numbers with a fraction as `Decimal`, never float.

        Raises:
            Retryable: it is no JSON: cut off, or a page of words from something in between.
        """
        try:
            return json.loads(self.content, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            cause = ValueError(f"{type(error).__name__} at {getattr(error, 'pos', 'an unknown place')}")
        # The parser's error holds the whole answer in `doc`; only its kind and place go on.
        raise Retryable(
            Words(
                en=(
                    f"{self.service} answered {self.call} with something that is no complete JSON "
                    f"({len(self.content)} bytes). It will be asked again; if this stays, tell "
                    f"{self.service}."
                ),
                ko=(
                    f"{self.service}에서 보낸 {self.call} 응답이 온전한 JSON이 아닙니다"
                    f"({len(self.content)}바이트). 잠시 후 다시 요청합니다. 계속되면 "
                    f"{self.service} 측에 문의해 주세요."
                ),
            )
        ) from cause


class UnreadableError(Exception):
    """An answer was given up while it was read; `words` says why, `again` whether another try may help."""

    def __init__(self, words: Words, *, again: bool) -> None:
        super().__init__(words.en)
        self.words = words
        self.again = again


def read(response: httpx.Response, *, max_bytes: int, deadline: Deadline) -> bytes:
    """Return the body, unpacked; httpx's own unpacking knows no bound and takes a cut-off answer for whole.

    Raises:
        UnreadableError: too large, too slow, damaged, or packed in a way that was not asked for.
    """
    parts: list[bytes] = []
    size = 0
    for part in _unpacked(response, max_bytes):
        size += len(part)
        if size > max_bytes:
            raise _too_large(max_bytes)
        parts.append(part)
        if deadline.left() <= 0:
            raise UnreadableError(
                Words(
                    en=f"the answer was not complete after {deadline.seconds:g} seconds",
                    ko=f"{deadline.seconds:g}초가 지나도 응답이 끝나지 않았습니다",
                ),
                again=False,
            )
    return b"".join(parts)


def _unpacked(response: httpx.Response, max_bytes: int) -> Iterator[bytes]:
    # The stream itself, as an answer made by a test's transport has been "read" before it arrives here.
    assert isinstance(response.stream, httpx.SyncByteStream)
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing in {"", "identity"}:
        return iter(response.stream)
    if packing in {"gzip", "x-gzip"}:
        return _gunzip(iter(response.stream), max_bytes)
    raise UnreadableError(
        Words(
            en="the answer is packed in a way that was not asked for (only gzip was)",
            ko="요청하지 않은 방식으로 압축된 응답입니다(gzip만 요청했습니다)",
        ),
        again=False,
    )


def _gunzip(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    """Unpack in steps of at most `max_bytes` + 1, so that a small packet cannot fill the memory."""
    unpacker = zlib.decompressobj(_GZIP)
    begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacker.eof:  # a gzip body may be several, one after the other, and padded with zeros
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                unpacker = zlib.decompressobj(_GZIP)
            begun = True
            try:
                yield unpacker.decompress(rest, max_bytes + 1)
            except zlib.error as error:
                raise _damaged() from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if begun and not unpacker.eof:
        raise _damaged()


def _too_large(max_bytes: int) -> UnreadableError:
    limit = f"{max_bytes // _MIB} MiB" if max_bytes >= _MIB else f"{max_bytes} bytes"
    limit_ko = f"{max_bytes // _MIB}MiB" if max_bytes >= _MIB else f"{max_bytes}바이트"
    return UnreadableError(
        Words(
            en=f"the answer is larger than the {limit} allowed (ask for fewer at a time)",
            ko=f"응답이 허용 한도({limit_ko})보다 큽니다(한 번에 요청하는 양을 줄여 주세요)",
        ),
        again=False,
    )


def _damaged() -> UnreadableError:
    return UnreadableError(
        Words(
            en="the packed answer is damaged or cut off", ko="압축된 응답이 손상되었거나 중간에 끊겼습니다"
        ),
        again=True,
    )


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
