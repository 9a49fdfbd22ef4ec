"""A barcode as SVG: EAN-13 where the digits are one, else Code 128."""

from itertools import groupby
from typing import Final

from barcode import EAN13, Code128

from tillbridge.model.identifiers import check_digit

_EAN_DIGITS: Final = 13
# GS1: at least so many light modules beside the bars, left and right; else scanners see no beginning.
_QUIET: Final = {"ean13": (11, 7), "code128": (10, 10)}
_MODULE_MM: Final = 0.33
_HEIGHT_MM: Final = 14


def modules(code: str) -> str:
    """Return the bars of a code, "1" dark and "0" light, without the quiet zones."""
    symbol = EAN13(code) if is_ean13(code) else Code128(code)
    built: list[str] = symbol.build()
    return built[0]


def is_ean13(code: str) -> bool:
    """Tell whether a code is thirteen digits with the right check digit."""
    plain = code.isascii() and code.isdigit() and len(code) == _EAN_DIGITS
    return plain and check_digit(code[:-1]) == code[-1]


def as_svg(code: str) -> str:
    """Return a code's barcode as an SVG element to stand in a page, in its printed size."""
    bars = modules(code)
    left, right = _QUIET["ean13" if is_ean13(code) else "code128"]
    wide = left + len(bars) + right
    path, place = [], left
    for dark, run in groupby(bars):
        length = len(list(run))
        if dark == "1":
            path.append(f"M{place} 0h{length}v10h-{length}z")
        place += length
    size = f'width="{wide * _MODULE_MM:.2f}mm" height="{_HEIGHT_MM}mm"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {wide} 10" '
        f'preserveAspectRatio="none" shape-rendering="crispEdges"><path d="{"".join(path)}"/></svg>'
    )
