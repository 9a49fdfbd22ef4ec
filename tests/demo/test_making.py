"""The demonstration's shop: its files are what the program makes, and hold what a demonstration needs."""

from collections import Counter
from itertools import chain

from payloads import ROOT
from tillbridge.demo.making import CUSTOMERS_FILE, VENDORS, customers, products, write_files
from tillbridge.model.identifiers import read_gtin

SHOP = ROOT / "core" / "tillbridge" / "demo" / "shop"
PRODUCTS = list(chain.from_iterable(products(vendor) for vendor in VENDORS))
CUSTOMERS = list(customers())


def test_the_files_are_what_the_program_makes(tmp_path):
    write_files(tmp_path)

    kept = {file.name: file.read_bytes() for file in SHOP.iterdir()}
    assert kept == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {CUSTOMERS_FILE, *(vendor.file for vendor in VENDORS)} == kept.keys()


def test_it_is_a_small_shop():
    assert 190 <= len(PRODUCTS) <= 210
    assert 30 == len(CUSTOMERS)


def test_every_barcode_is_whole_unrestricted_and_its_products_own():
    readings = [read_gtin(product["upc"]) for product in PRODUCTS]

    assert [] == [one.raw for one in readings if one.gtin is None or one.restricted]
    assert len(PRODUCTS) == len({one.gtin for one in readings})


def test_part_numbers_are_unique_within_a_vendor_and_shared_between_two():
    for vendor in VENDORS:
        numbers = [product["vpn"] for product in products(vendor)]
        assert len(numbers) == len(set(numbers))

    shared = [vpn for vpn, count in Counter(product["vpn"] for product in PRODUCTS).items() if count > 1]
    assert ["SL-100-01", "SL-100-02", "SL-100-03"] == sorted(shared)


def test_some_barcodes_begin_with_a_zero_that_webstores_lose():
    assert any(product["upc"].startswith("0") for product in PRODUCTS)


def test_everything_is_priced_and_in_stock():
    assert all(int(product["price"]) > int(product["cost"]) > 0 for product in PRODUCTS)
    assert all(int(product["stock"]) > 0 for product in PRODUCTS)


def test_one_couple_shares_an_address():
    addresses = Counter(customer["email"] for customer in CUSTOMERS)

    assert [2] == [count for count in addresses.values() if count > 1]
    assert all(address.endswith("@example.com") for address in addresses)
