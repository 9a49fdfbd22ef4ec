"""The currencies of ISO 4217 that are in force, each with the number of decimals of its amounts.

Source: ISO 4217 list one as of 2026 (XCG for ANG, ZWG for ZWL; BGN, CUC, HRK and SLL withdrawn).
Metals, SDR and other units that have no minor unit, testing (XTS) and "none" (XXX) are no money of a shop.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tillbridge.model.errors import InputError
from tillbridge.model.words import Words

_CODES: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
        "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
        "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
        "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
        "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
        "USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

EXPONENTS: Final[Mapping[str, int]] = MappingProxyType(
    {code: decimals for decimals, codes in _CODES.items() for code in codes.split()}
)
"""Each currency in force, and how many decimals its amounts have: USD 2, KRW 0, KWD 3."""

_SHOWN: Final = 20


class UnknownCurrency(InputError, ValueError):
    """No currency in force has this code.

    It is a `ValueError` too, so that a pydantic validator reports it with its field.
    """


def exponent(code: str) -> int:
    """Return how many decimals amounts in a currency have.

    Args:
        code: three capital letters of ISO 4217, as in "KRW".

    Raises:
        UnknownCurrency: the code is none, is not in force, or is in small letters; an `InputError`.
    """
    found = EXPONENTS.get(code)
    if found is None:
        shown = f"{code!r:.{_SHOWN}}"
        raise UnknownCurrency(
            Words(
                f"{shown} is no currency in use; a code of ISO 4217 is expected, as in USD or KRW.",
                f"{shown}: 현재 쓰이는 통화 코드가 아닙니다. USD, KRW와 같은 ISO 4217 코드를 입력해 주세요.",
            )
        )
    return found
