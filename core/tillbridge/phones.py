"""Phone numbers in the one form in which they are compared."""

import phonenumbers


def e164(number: str | None, country: str) -> str | None:
    """Return a phone number in E.164 form, or None if it is none that could be dialled.

    Args:
        number: as it was written.
        country: ISO 3166 code of two letters, by which a number without a country code is read.
    """
    if not number:
        return None
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
