"""The engine's methods about what staff must see."""

from tillbridge import messages
from tillbridge.engine.parts import Parts
from tillbridge.model.messages import Message, MessageCounts


class Noticing(Parts):
    """Messages, found by their causes each time they are asked for."""

    def messages(self) -> list[Message]:
        """Return what staff must see now, the most urgent first; each goes with its cause."""
        return messages.find_messages(self.context)

    def counts(self) -> MessageCounts:
        """Return the numbers of the eCommerce tile."""
        return messages.find_counts(self.context)
