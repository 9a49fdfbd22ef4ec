"""What is done about web payments: they are read, acted on, held together, and compared."""

from tillbridge.paying.looking import look_at
from tillbridge.paying.rounds import look_due
from tillbridge.paying.sending import send

__all__ = ["look_at", "look_due", "send"]
