"""Phone numbers as people type them, in one form: E.164, by Google's library of numbering plans."""

import re

import phonenumbers

_LIKE_A_NUMBER = re.compile(r"^[\s+()/.\-0-9]*$")
_FEWEST = 3


def looks_like_number(typed: str) -> bool:
    """Whether somebody is typing a number rather than a name."""
    return bool(_LIKE_A_NUMBER.match(typed)) and sum(each.isdigit() for each in typed) >= _FEWEST


def normalised(typed: str, region: str) -> str | None:
    """The number as +4940123456; None where it is none yet. `region` is where it is dialled from (`DE`)."""
    try:
        parsed = phonenumbers.parse(typed, region or None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None  # one that only neighbours could dial is none for us
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def in_words(number: str) -> str:
    """A number with spaces where its country puts them; as it is where it is none."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
