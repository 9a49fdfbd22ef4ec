"""The only road to a service: retries, rate limit, deadlines and bounds, and no secret shown on the way."""

from tillbridge.http.bodies import Body
from tillbridge.http.client import HttpClient
from tillbridge.http.faults import HttpFailed, HttpRefused, HttpRejected
from tillbridge.http.reading import HttpResponse
from tillbridge.http.settings import HttpSettings, Signature
from tillbridge.http.tokens import Door, Kept, KeptInMemory, Token, TokenSource

__all__ = [
    "Body",
    "Door",
    "HttpClient",
    "HttpFailed",
    "HttpRefused",
    "HttpRejected",
    "HttpResponse",
    "HttpSettings",
    "Kept",
    "KeptInMemory",
    "Signature",
    "Token",
    "TokenSource",
]
