"""How a webstore's requests are signed: each kind of `[connect.auth]`, and those that a package provides."""

from tillbridge_generic_webstore.signing.credentials import Credentials, Signer
from tillbridge_generic_webstore.signing.kinds import compile_auth

__all__ = ["Credentials", "Signer", "compile_auth"]
