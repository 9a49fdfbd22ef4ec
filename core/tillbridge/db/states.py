"""The states of attempts and deliveries, as the tables hold them."""

from enum import StrEnum


class AttemptState(StrEnum):
    """Where an attempt to open a sale stands."""

    UNANSWERED = "unanswered"
    OPENED = "opened"
    REFUSED = "refused"
    VOIDED = "voided"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"  # never claimed, never sent
    CLAIMED = "claimed"  # a worker is at it
    RETRY = "retry"  # tried; to be sent again
    SENT = "sent"
    SUPERSEDED = "superseded"  # a later status made it needless
    WITHDRAWN = "withdrawn"  # undone before it was tried
    SET_ASIDE = "set_aside"  # refused, or tried too often: a person looks


OPEN_DELIVERIES = (DeliveryState.WAITING, DeliveryState.RETRY, DeliveryState.CLAIMED)


class RefundState(StrEnum):
    """What is known of money that an order's webstore may have to give back; "": nothing."""

    LOOK = "look"  # the sale was finished, or goods came back: it is to be looked at
    DUE = "due"  # the order came to nothing: all of it, where the webstore has charged
    UNSAID = "unsaid"  # the same, where nobody says what the webstore did about the money
    PART = "part"  # some of it
    RETURNED = "returned"  # the goods were sold, and all of their money is to go back
    DONE = "refunded"  # staff say that it was given back
    UNCHARGED = "uncharged"  # nothing is owed to it: goods went for money that it never took
    TOLD = "told"  # nothing is owed: it was told what went back here, or by the payment service


NOTHING_BACK = ("", RefundState.TOLD)
"""What an order's column says where nobody has anything to give back."""


class OfferState(StrEnum):
    """Where an offer stands that is not simply told or to be told ("")."""

    PLAIN = ""
    REFUSED = "refused"  # not told again until it changes
    PENDING = "pending"  # the webstore has it, and has not answered yet
    HELD = "held"  # too much of a change to be believed: a person looks
