"""The numbers that products and people are known by, read into one form without guessing.

Sources: GS1 General Specifications for widths, check digits, UPC-E (5.2.2.4.2) and restricted numbers
(2.1.11, 2.1.12 and the prefix lists, as biip 5 has them; coupons also as Google Merchant Center refuses
them). What is only probable is a repair, never an answer.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from tillbridge.model.words import Words


class IdentifierKind(StrEnum):
    """What a number is, and so how far it is known."""

    GTIN = "gtin"
    """The maker's barcode number (UPC, EAN, JAN), the same in every shop."""
    GTIN_REPAIRED = "gtin_repaired"
    """A GTIN that was damaged; the key under which a damaged and a repaired number meet."""
    VPN = "vpn"
    """A vendor's own part number; known within the vendor."""
    MPN = "mpn"
    """The maker's part number; known within the brand."""
    SKU = "sku"
    """The webstore's or the shop's own number."""


RepairCode = Literal[
    "leading_zero_lost",
    "check_digit_lost",
    "leading_zero_and_check_digit_lost",
    "upc_e",
    "upc_e_or_gtin_8",
]


@dataclass(frozen=True, slots=True)
class Repair:
    """One GTIN (14 digits) that a text may have been, and what would have happened to it."""

    gtin: str
    what: RepairCode


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says as a GTIN: an exact one, or repairs, or a refusal, or nothing at all.

    Attributes:
        gtin: canonical 14 digits with a right check digit, or None.
        repairs: GTINs it may have been; each counts only if it leads to exactly one product.
        raw: the text as it came, "" for None.
        refusal: why it is no key, for staff; None if it is one, or if nothing was given.
        restricted: it is whole, but a number for use within a company or region, or a coupon's or
            receipt's: two shops use the same one for different things, so it is no key.
    """

    gtin: str | None
    repairs: tuple[Repair, ...]
    raw: str
    refusal: Words | None = None
    restricted: bool = False


_WHOLE: Final = frozenset({12, 13, 14})
_ZEROS: Final = "0" * 14
# From the second of 14 digits on (the first is the packaging level). GTIN-13: 02, 04 and 2 restricted
# circulation, 05 and 981-984 and 99 coupons, 980 refund receipts, the rest of 98 given to nobody.
# Five zeros more make it a GTIN-8, whose own 0 and 2 are restricted.
_RESTRICTED: Final = ("02", "04", "05", "2", "98", "99", "000000", "000002")
# What systems write for "none"; hyphens and spaces are gone by then.
_NOTHING: Final = frozenset({"", "0", "n/a", "na", "none", "null"})
# Spaces (plain, no-break, full-width, zero-width, byte order mark) and hyphens of all kinds are left out;
# full-width digits, as in Korean and Japanese exports, are digits.
_CLEANING: Final = str.maketrans(
    dict.fromkeys("\u0020\u00a0\u3000\u200b\ufeff\u002d\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)
_SCIENTIFIC: Final = re.compile(r"\s*[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+\s*")
_SHOWN: Final = 40

# Why a text is refused; each begins with the text.
_SHORTENED: Final = Words(
    "is a barcode that a spreadsheet has shortened, and digits are lost. "
    "Format the column as text and export again.",
    "스프레드시트가 바코드를 지수 표기로 바꾸면서 숫자가 사라졌습니다. "
    "해당 열을 텍스트 서식으로 바꾼 뒤 다시 내보내 주세요.",
)
_NO_DIGITS: Final = Words(
    "is no barcode number: it has other characters than digits.",
    "숫자가 아닌 문자가 있어 바코드 번호로 읽을 수 없습니다.",
)
_ONLY_ZEROS: Final = Words(
    "has only zeros and names no product.", "0으로만 되어 있어 어떤 상품도 가리키지 않습니다."
)
_WRONG_WIDTH: Final = Words(
    "is no barcode number: those have 8, 12, 13 or 14 digits.",
    "바코드 번호는 8, 12, 13, 14자리여야 합니다.",
)
_WRONG_CHECK_DIGIT: Final = Words(
    "has a wrong digit: the last one, the check digit, does not fit the others.",
    "마지막 검증 숫자가 나머지 숫자와 맞지 않습니다. 잘못된 숫자가 있습니다.",
)
_FOR_OWN_USE: Final = Words(
    "is a number for use within a shop, or a coupon's: it does not tell the product.",
    "매장 내부용 번호이거나 쿠폰 번호이므로 상품을 구별하는 데 쓸 수 없습니다.",
)


def check_digit(digits: str) -> str:
    """Return the digit that makes `digits` a GTIN.

    Weights are 3 and 1 in turn, from the right (GS1 General Specifications, 7.9).

    Args:
        digits: ASCII digits, at least one: all of a GTIN but its last.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"a check digit is made of digits, not of {digits[:_SHOWN]!r}")
    values = [int(digit) for digit in reversed(digits)]
    return str(-(3 * sum(values[::2]) + sum(values[1::2])) % 10)


def read_gtin(text: str | None, *, upc_e: bool = False) -> Reading:
    """Read a barcode number as it was written into its canonical form of 14 digits. Raises nothing.

    Spaces and hyphens are left out, wherever they stand. Then, if the check digit is right:

    - 12, 13 or 14 digits are exact and are padded with zeros; a packaging level (the first of 14)
      stays as it is. Scanners report the same symbol with and without its leading zero.
    - 8 digits are exact as GTIN-8, unless they are right as UPC-E too: then both are repairs. Right
      as UPC-E only is a repair, because the field did not say so.
    - with `upc_e`, 6, 7 or 8 digits of number system 0 or 1 are expanded.

    Repairs: 12 digits may be an EAN-13 without its check digit; 11 a UPC-A without its leading zero,
    or without its check digit; 10 one without two leading zeros, or without a zero and the check
    digit. A repair that would be restricted is left out. Other damage is refused, as is what a
    spreadsheet shortened to "7.27602E+11".
    Nothing given (None, "", "0", "N/A", "none", "null") is an empty reading without a refusal.

    Args:
        text: as it came.
        upc_e: the field says that it holds zero-suppressed UPCs.
    """
    raw = text or ""
    digits = raw if raw.isascii() and raw.isdigit() else raw.strip().translate(_CLEANING)
    if len(digits) in _WHOLE and digits.isascii() and digits.isdigit():
        gtin = digits.zfill(14)
        if _adds_up(gtin):
            return _read_whole(gtin, raw)
    return _read_other(digits, raw, upc_e=upc_e)


def _adds_up(gtin: str) -> bool:
    """Tell whether 14 digits have the right check digit."""
    codes = gtin.encode()
    # "0" is 48 in ASCII, and (7 * 3 + 7) * 48 ends in 4.
    return (3 * sum(codes[::2]) + sum(codes[1::2])) % 10 == 4  # noqa: PLR2004  # the line above says why


def _read_whole(gtin: str, raw: str) -> Reading:
    if not _is_restricted(gtin):
        return Reading(gtin, (), raw)
    if gtin == _ZEROS:
        return _refused(raw, _ONLY_ZEROS)
    return _refused(raw, _FOR_OWN_USE, restricted=True)


def _read_other(digits: str, raw: str, *, upc_e: bool) -> Reading:
    if digits.casefold() in _NOTHING:
        return Reading(None, (), raw)
    if not (digits.isascii() and digits.isdigit()):
        return _refused(raw, _SHORTENED if _SCIENTIFIC.fullmatch(raw) else _NO_DIGITS)
    if not digits.strip("0"):
        return _refused(raw, _ONLY_ZEROS)
    width = len(digits)
    read = (_TOLD_UPC_E.get(width) if upc_e else None) or _UNTOLD.get(width)
    if read is None:
        return _refused(raw, _WRONG_CHECK_DIGIT if width in _WHOLE else _WRONG_WIDTH)
    found = read(digits)
    if isinstance(found, str):
        return _read_whole(found, raw)
    repairs = tuple(repair for repair in found if not _is_restricted(repair.gtin))
    return Reading(None, repairs, raw) if repairs else _refused(raw, _WRONG_CHECK_DIGIT)


def _is_restricted(gtin: str) -> bool:
    return gtin.startswith(_RESTRICTED, 1)


def _refused(raw: str, why: Words, *, restricted: bool = False) -> Reading:
    shown = repr(raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]}…")
    return Reading(None, (), raw, Words(f"{shown} {why.en}", f"{shown}: {why.ko}"), restricted)


def _eight(digits: str) -> str | list[Repair]:
    gtin_8, expanded = digits.zfill(14), _expanded(digits)
    if not _adds_up(gtin_8):
        return [Repair(expanded, "upc_e")] if expanded else []
    if not expanded:
        return gtin_8
    return [Repair(gtin_8, "upc_e_or_gtin_8"), Repair(expanded, "upc_e_or_gtin_8")]


def _eight_upc_e(digits: str) -> str | list[Repair]:
    gtin_8 = digits.zfill(14)
    return _expanded(digits) or ([Repair(gtin_8, "upc_e_or_gtin_8")] if _adds_up(gtin_8) else [])


def _seven_upc_e(digits: str) -> str | list[Repair]:
    """Read number system and six digits, or six digits and the check digit; if both fit, neither is sure."""
    unchecked, unzeroed = _expanded(digits), _expanded(f"0{digits}")
    if not unzeroed:
        return unchecked or []
    lost_zero = Repair(unzeroed, "leading_zero_lost")
    return [lost_zero, Repair(unchecked, "check_digit_lost")] if unchecked else [lost_zero]


def _six_upc_e(digits: str) -> str | list[Repair]:
    return _expanded(f"0{digits}") or []


def _ten(digits: str) -> list[Repair]:
    return [*_unzeroed(digits), Repair(_completed(digits), "leading_zero_and_check_digit_lost")]


def _eleven(digits: str) -> list[Repair]:
    return [*_unzeroed(digits), Repair(_completed(digits), "check_digit_lost")]


def _twelve(digits: str) -> list[Repair]:
    return [Repair(_completed(digits), "check_digit_lost")]


# By the number of digits. A reader returns the exact GTIN, or repairs; none if no check digit is right.
_UNTOLD: Final[dict[int, Callable[[str], str | list[Repair]]]] = {
    8: _eight,
    10: _ten,
    11: _eleven,
    12: _twelve,
}
_TOLD_UPC_E: Final[dict[int, Callable[[str], str | list[Repair]]]] = {
    6: _six_upc_e,
    7: _seven_upc_e,
    8: _eight_upc_e,
}


def _unzeroed(digits: str) -> list[Repair]:
    gtin = digits.zfill(14)
    return [Repair(gtin, "leading_zero_lost")] if _adds_up(gtin) else []


def _completed(digits: str) -> str:
    return (digits + check_digit(digits)).zfill(14)


def _expanded(digits: str) -> str:
    """Return the GTIN of a UPC-E with number system, with or without check digit; "" if it is none."""
    system, body, last = digits[0], digits[1:7], digits[6]
    if last in "012":
        upc_a = f"{system}{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        upc_a = f"{system}{body[:3]}00000{body[3:5]}"
    elif last == "4":
        upc_a = f"{system}{body[:4]}00000{body[4]}"
    else:
        upc_a = f"{system}{body[:5]}0000{last}"
    gtin = _completed(upc_a)
    fits = system in "01" and digits[7:] in {"", gtin[-1]}
    return gtin if fits and not _is_restricted(gtin) else ""


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def normalise_part_number(text: str) -> str:
    """Return the form in which part numbers (VPN, MPN) are compared; "" if nothing is left.

    Compatibility forms (NFKC: full-width letters of Korean exports) and case are folded; spaces,
    hyphens, points and invisible characters go. Leading zeros stay: "0123" is not "123".
    """
    if _folded(text).strip() in _NOTHING:
        return ""
    kept = "".join(sign for sign in _folded(text) if not _is_layout(sign))
    # An accent that stood behind a space now belongs to the letter before it.
    return kept if kept.isascii() else unicodedata.normalize("NFKC", kept)


def _is_layout(sign: str) -> bool:
    return sign in ".-\N{MINUS SIGN}" or unicodedata.category(sign) in {"Zs", "Zl", "Zp", "Pd", "Cc", "Cf"}


def normalise_name(text: str) -> str:
    """Return the form in which names of vendors, brands and people are compared.

    Compatibility forms (NFKC) and case are folded, runs of white space become one space.
    """
    return " ".join(_folded(text).split())


# Masked ("j***@shop.example", "j…@"; NFKC makes … of dots), several addresses in one, or markup.
_NO_ADDRESS: Final = re.compile(r"""[\s*•●<>()\[\]\\,;:"\x00-\x1f\x7f\xad\u200b-\u200f\u2060\ufeff]|\.\.""")
_DOMAIN: Final = re.compile(r"(?:[^\W_]|-)+(?:\.(?:[^\W_]|-)+)+")
# Names that reach no mailbox, by which systems fill a required field (RFC 2606, 6761 and 6762).
_UNREACHABLE: Final = (".invalid", ".local", ".localhost")
_LONGEST_EMAIL: Final = 254


def normalise_email(text: str | None) -> str | None:
    """Return the form in which e-mail addresses are compared, or None if the address identifies nobody.

    Trimmed, NFKC, case folded. Plus-addresses and dots are kept: only some mail services ignore them.
    None for: missing; not of the form name@domain.tld; masked (`*`, bullets, dots in a row); under
    `.invalid`, `.local` or `.localhost`, where nobody receives mail.
    """
    if not text:
        return None
    folded = _folded(text).strip()
    name, at, domain = folded.partition("@")
    if not name or not at or len(folded) > _LONGEST_EMAIL or _NO_ADDRESS.search(folded):
        return None
    if name.startswith(".") or name.endswith(".") or not _DOMAIN.fullmatch(domain):
        return None
    return None if domain.endswith(_UNREACHABLE) else folded


_GUESTS: Final = frozenset({"", "0", "-1", "null", "none", "undefined", "guest", "anonymous"})


def is_guest_id(text: str | None) -> bool:
    """Tell whether a webstore's customer ID is one of those written for "no customer", in any case."""
    return text is None or text.strip().casefold() in _GUESTS
