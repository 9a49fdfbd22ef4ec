"""What is said where no connection could be made: who could see to it depends on where the address is."""

import ipaddress
import ssl
from collections.abc import Sequence
from typing import Final

import httpx

from tillbridge.model.words import Words

_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
"""What OpenSSL says of an answer that is no TLS at all."""


def unsecured(service: str, call: str, host: str, causes: Sequence[BaseException]) -> Words:
    """Say that no secure connection could be made: there is none, or its certificate is not trusted."""
    if any(isinstance(one, ssl.SSLError) and getattr(one, "reason", "") in _NO_TLS for one in causes):
        return Words(
            f"{service}, {call}: {host} answers, but not by https. If it is reached by plain http, as in the "
            "shop's own network, enter its address with http:// in the connection's settings.",
            f"{service}({call}): {host} 서버가 응답하지만 https가 아닙니다. 매장 내부 네트워크처럼 http로 "
            "접속하는 서버라면 연결 설정의 주소를 http://로 시작하도록 입력해 주세요.",
        )
    return Words(
        f"{service}, {call}: no secure connection to {host}; its certificate was not accepted. "
        f"See whether this computer's date is right; if it is, tell {service}.",
        f"{service}({call}): {host} 서버와 보안 연결을 맺지 못했습니다. 인증서를 확인할 수 없습니다. "
        f"이 컴퓨터의 날짜가 맞는지 확인하시고, 맞다면 {service} 측에 문의해 주세요.",
    )


def unreached(service: str, call: str, host: str, causes: Sequence[BaseException]) -> Words:
    """Say that nobody could be asked at an address, and what to look at.

    Args:
        service: who was to be asked.
        call: what was to be asked.
        host: the address, with its port where that is not the usual one.
        causes: the error, and what lies beneath it.
    """
    begun_en, begun_ko = f"{service}, {call}: {host} cannot be reached", f"{service}({call}): {host} 서버에 "
    if any(isinstance(one, ConnectionRefusedError) for one in causes):
        return Words(
            f"{begun_en}: it is there, and takes no connection. See whether the program that should answer "
            "is running, and whether the address and port in the connection's settings are right; it will be "
            "tried again.",
            f"{begun_ko}연결할 수 없습니다. 컴퓨터는 응답하지만 연결을 받지 않습니다. 서버 프로그램이 실행 "
            "중인지, 연결 설정의 주소와 포트가 맞는지 확인해 주세요. 잠시 후 다시 시도합니다.",
        )
    if is_near(host):
        return Words(
            f"{begun_en}. It is an address in the shop's own network: see whether that computer is on, and "
            "whether the address in the connection's settings is right; it will be tried again.",
            f"{begun_ko}연결할 수 없습니다. 매장 내부 네트워크의 주소입니다. 해당 컴퓨터가 켜져 있는지, 연결 "
            "설정의 주소가 맞는지 확인해 주세요. 잠시 후 다시 시도합니다.",
        )
    return Words(
        f"{begun_en}. See whether the shop's internet works; it will be tried again.",
        f"{begun_ko}연결할 수 없습니다. 매장의 인터넷 연결을 확인해 주세요. 잠시 후 다시 시도합니다.",
    )


def named(url: httpx.URL) -> str:
    """Return where an address leads, as people know it: its host, and its port unless it is the usual."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if url.port is None else f"{host}:{url.port}"


def is_near(host: str) -> bool:
    """Say whether an address is this computer's, or of the shop's own network: no internet leads there."""
    try:
        name = httpx.URL(f"http://{host}").host
    except httpx.InvalidURL:
        return False
    if name == "localhost" or name.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_private or address.is_link_local
