"""A small shop on the real django-oscar with django-oscar-api: `webshop.py FILE` makes a database and serves.

It runs in an environment of its own and knows nothing of tillbridge. Beside oscar's own addresses there is
/staff/, which does what staff do in oscar's dashboard and its API cannot: it sets an order's status.
"""

# ruff: noqa: PLC0415  # what is imported in functions needs Django's settings, or what they have set up

import json
import os
import sys
import threading
from decimal import Decimal
from pathlib import Path
from socketserver import ThreadingMixIn
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

GOODS = (
    # GTIN, the partner's number, title, price, pieces
    ("4006381333931", "HEL-1", "Helmet", "50.00", 10),
    ("8801234567893", "PUM-1", "Pump", "24.90", 20),
    ("7612345678900", "BEL-1", "Bell", "9.95", 30),
)
STAFF, PASSWORD = "staff", "staff-password-1"


class _NoMigrations(dict[str, Any]):
    """Says of every app that it has no migrations."""

    def get(self, _name: object, _default: object = None) -> None:
        return None

    def __contains__(self, _name: object) -> bool:
        return True

    def __getitem__(self, _name: object) -> None:
        return None


def configure(database: Path) -> None:
    """Set Django up as a small shop's."""
    import oscar
    from oscar import defaults

    own = {name: getattr(defaults, name) for name in dir(defaults) if name.isupper()}
    settings.configure(
        **own
        | {
            "ALLOWED_HOSTS": ["127.0.0.1"],
            "AUTHENTICATION_BACKENDS": [
                "oscar.apps.customer.auth_backends.EmailBackend",
                "django.contrib.auth.backends.ModelBackend",
            ],
            "DATABASES": {
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": database,
                    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
                }
            },
            "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
            "HAYSTACK_CONNECTIONS": {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
            "INSTALLED_APPS": [*oscar.INSTALLED_APPS, "rest_framework", "oscarapi"],
            # Tables are made as the models are now: a minute's history of migrations is nothing to us.
            "MIGRATION_MODULES": _NoMigrations(),
            "MIDDLEWARE": [
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware",
                "oscarapi.middleware.ApiBasketMiddleWare",
            ],
            # The hash of a password takes half a second else, at each request that brings it.
            "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
            "OSCAR_ALLOW_ANON_CHECKOUT": True,
            "OSCAR_DEFAULT_CURRENCY": "EUR",
            "OSCAR_INITIAL_ORDER_STATUS": "new",
            "OSCARAPI_INITIAL_ORDER_STATUS": "new",
            "OSCAR_ORDER_STATUS_PIPELINE": {
                "new": ("Being processed", "Cancelled"),
                "Being processed": ("Complete", "Cancelled"),
                "Complete": (),
                "Cancelled": (),
            },
            "OSCARAPI_BLOCK_ADMIN_API_ACCESS": False,
            "REST_FRAMEWORK": {
                "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
                "PAGE_SIZE": 100,
            },
            "ROOT_URLCONF": "shop_urls",
            "SECRET_KEY": "only for tests",
            "SITE_ID": 1,
            "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            "USE_TZ": True,
        }
    )
    sys.modules["shop_urls"] = _urls()
    django.setup()


def _urls() -> ModuleType:
    """Return the shop's addresses; they are made once Django is set up."""

    class Urls(ModuleType):
        def __getattr__(self, name: str) -> Any:
            if name != "urlpatterns":
                raise AttributeError(name)
            from django.apps import apps
            from django.urls import include, path

            made = [
                path("api/", include("oscarapi.urls")),
                path("staff/status/", _set_status),
                path("i18n/", include("django.conf.urls.i18n")),
                path("", include(apps.get_app_config("oscar").urls[0])),
            ]
            self.urlpatterns = made
            return made

    return Urls("shop_urls")


def _set_status(request: Any) -> Any:
    """Do what staff do in the dashboard: set an order's status, along the shop's pipeline."""
    from django.http import JsonResponse
    from oscar.core.loading import get_class, get_model

    given = json.loads(request.body)
    order = get_model("order", "Order").objects.get(number=given["number"])
    get_class("order.processing", "EventHandler")().handle_order_status_change(order, given["status"])
    if given["status"] == "Cancelled":
        for line in order.lines.all():
            line.cancel_allocation(line.quantity)
    return JsonResponse({"status": order.status})


def make() -> None:
    """Make the tables, the goods and a member of staff."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oscar.core.loading import get_model

    call_command("migrate", run_syncdb=True, verbosity=0)
    country = get_model("address", "Country")
    country.objects.create(iso_3166_1_a2="KR", printable_name="Korea", name="Korea", is_shipping_country=True)
    User.objects.create_superuser(STAFF, "staff@shop.example", PASSWORD)
    kind = get_model("catalogue", "ProductClass").objects.create(name="Part", track_stock=True)
    partner = get_model("partner", "Partner").objects.create(name="Hanbit")
    for gtin, number, title, price, pieces in GOODS:
        product = get_model("catalogue", "Product").objects.create(upc=gtin, title=title, product_class=kind)
        get_model("partner", "StockRecord").objects.create(
            product=product,
            partner=partner,
            partner_sku=number,
            price_currency="EUR",
            price=Decimal(price),
            num_in_stock=pieces,
        )


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


def serve() -> None:
    """Serve the shop on a free port; the first line that is printed is the port."""
    from django.core.handlers.wsgi import WSGIHandler

    with make_server("127.0.0.1", 0, WSGIHandler(), _Server, _Silent) as server:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


def _end_with_parent() -> None:
    """End when the tests' process closes our input, however it ended."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    configure(Path(sys.argv[1]))
    make()
    serve()
