"""Barcodes are real ones: their bars say the digits by the standard's own tables."""

import re

import pytest

from tillbridge.receipts.barcodes import as_svg, is_ean13, modules

# GS1 General Specifications, 5.2.1.2: the left patterns of odd parity; even and right ones follow from them.
ODD = [
    "0001101", "0011001", "0010011", "0111101", "0100011",
    "0110001", "0101111", "0111011", "0110111", "0001011",
]  # fmt: skip
RIGHT = [code.translate(str.maketrans("01", "10")) for code in ODD]
EVEN = [code[::-1] for code in RIGHT]
PARITY = [
    "OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO",
]  # fmt: skip


def scan(bars):
    """Read an EAN-13 as a scanner does."""
    assert ("101", "01010", "101") == (bars[:3], bars[45:50], bars[92:])
    left = [bars[3 + 7 * place : 10 + 7 * place] for place in range(6)]
    right = [bars[50 + 7 * place : 57 + 7 * place] for place in range(6)]
    parity = "".join("O" if code in ODD else "E" for code in left)
    digits = [(ODD if kind == "O" else EVEN).index(code) for kind, code in zip(parity, left, strict=True)]
    digits += [RIGHT.index(code) for code in right]
    return "".join(map(str, [PARITY.index(parity), *digits]))


@pytest.mark.row("S21")
@pytest.mark.parametrize("code", ["2900000000018", "4006381333931", "0727602259178"])
def test_the_bars_of_an_ean_say_its_digits(code):
    assert code == scan(modules(code))


def test_the_drawing_has_the_bars_between_their_quiet_zones():
    """Each dark module stands in its place, eleven modules from the left edge."""
    svg = as_svg("2900000000018")
    dark = [
        place
        for start, length in re.findall(r"M(\d+) 0h(\d+)v", svg)
        for place in range(int(start), int(start) + int(length))
    ]

    assert [11 + place for place, bar in enumerate(modules("2900000000018")) if bar == "1"] == dark
    assert 'viewBox="0 0 113 10"' in svg


@pytest.mark.parametrize("code", ["2900000000019", "29000000000", "S12", "２９００００００００１８"])
def test_what_is_no_ean_is_told_apart(code):
    """A wrong check digit, too few digits, letters, digits of another script."""
    assert not is_ean13(code)


def test_a_hosts_own_number_is_a_code_128():
    """Its start pattern B, and the stop pattern with its last bar."""
    bars = modules("S12")

    assert ("11010010000", "1100011101011") == (bars[:11], bars[-13:])
