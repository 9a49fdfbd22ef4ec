"""The only road to a service: retries, rate limit, deadlines and bounds, and no secret shown on the way."""

from tillbridge.http.client import HttpClient
from tillbridge.http.faults import HttpRejected
from tillbridge.http.reading import HttpResponse
from tillbridge.http.settings import HttpSettings

__all__ = ["HttpClient", "HttpRejected", "HttpResponse", "HttpSettings"]
