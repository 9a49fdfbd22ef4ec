"""The only road to a service: retries, rate limit, deadlines and bounds, and no secret shown on the way."""

from tillbridge.http.bodies import Body
from tillbridge.http.client import HttpClient
from tillbridge.http.faults import HttpRefused, HttpRejected
from tillbridge.http.reading import HttpResponse
from tillbridge.http.settings import HttpSettings

__all__ = ["Body", "HttpClient", "HttpRefused", "HttpRejected", "HttpResponse", "HttpSettings"]
