"""The shop in which django-oscar sells: its settings, and its goods and customers, made once for all runs."""

import csv
import sys
from decimal import Decimal
from pathlib import Path
from typing import Final

import django
import oscar
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from oscar import defaults

COUNTRY: Final = "KR"
_CURRENCY: Final = "KRW"
_BATCH: Final = 1_000


def configure(database: Path) -> None:
    """Set Django up as a small shop's, on a SQLite file of which what is committed is on the disk."""
    options = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    own = {name: getattr(defaults, name) for name in dir(defaults) if name.isupper()}
    settings.configure(
        **own
        | {
            "INSTALLED_APPS": oscar.INSTALLED_APPS,
            "DATABASES": {
                "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": options}
            },
            "HAYSTACK_CONNECTIONS": {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
            "OSCAR_DEFAULT_CURRENCY": _CURRENCY,
            "PHONENUMBER_DEFAULT_REGION": COUNTRY,
            "SITE_ID": 1,
            "SECRET_KEY": "only measured",
            "USE_TZ": True,
            "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
        }
    )
    django.setup()


def _make(files: Path) -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        _make_products(_rows(files / "products.csv"))
        _make_customers(_rows(files / "customers.csv"))
    connection.close()


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _make_products(rows: list[dict[str, str]]) -> None:
    # Here: Django's models need its settings.
    from oscar.core.loading import get_model  # noqa: PLC0415  # as said above

    product, stock = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Part", track_stock=True)
    partner = get_model("partner", "Partner").objects.create(name="Hanbit")
    made = product.objects.bulk_create(
        [
            product(upc=row["upc"], title=row["description"], slug=row["vpn"].lower(), product_class=kind)
            for row in rows
        ],
        batch_size=_BATCH,
    )
    stock.objects.bulk_create(
        [
            stock(
                product=one,
                partner=partner,
                partner_sku=row["vpn"],
                price_currency=_CURRENCY,
                price=Decimal(row["price"]),
                num_in_stock=int(row["stock"]),
            )
            for one, row in zip(made, rows, strict=True)
        ],
        batch_size=_BATCH,
    )


def _make_customers(rows: list[dict[str, str]]) -> None:
    # Here: Django's models need its settings.
    from django.contrib.auth.models import User  # noqa: PLC0415  # as said above
    from oscar.core.loading import get_model  # noqa: PLC0415  # as said above

    get_model("address", "Country").objects.create(
        iso_3166_1_a2=COUNTRY, printable_name="Korea", name="Korea", is_shipping_country=True
    )
    User.objects.bulk_create(
        # The address is the name too: that is what Django has an index of.
        [User(username=row["email"], email=row["email"], last_name=row["name"]) for row in rows],
        batch_size=_BATCH,
    )


if __name__ == "__main__":
    configure(Path(sys.argv[1]))
    _make(Path(sys.argv[2]))
