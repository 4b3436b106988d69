"""Phone numbers: kept as E.164, shown nationally."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
LONGEST = 60


class PhoneError(ValueError):
    """What was typed is no phone number; ``str()`` is fit to show beside the field."""


@dataclass(frozen=True)
class Phone:
    e164: str
    is_uk: bool
    takes_texts: bool

    def shown(self) -> str:
        return show_phone(self.e164)


def read_phone(text: str) -> Phone:
    """Parse a number as typed in the UK; foreign numbers need their ``+`` and country code.

    Raises :class:`PhoneError`.
    """
    if len(text) > LONGEST:
        raise PhoneError("Enter a phone number, like 0115 496 0123")
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise PhoneError("Enter a phone number, like 0115 496 0123 or 07700 900123") from None
    national = phonenumbers.is_valid_number(number) or _is_drama_number(number)
    if not national:
        raise PhoneError("Enter a phone number that can be rung, with all its digits")
    kind = phonenumbers.number_type(number)
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        is_uk=number.country_code == 44,
        takes_texts=kind in _MOBILE or _is_drama_mobile(number),
    )


def find_phone(text: str) -> Phone | None:
    try:
        return read_phone(text)
    except PhoneError:
        return None


def show_phone(e164: str) -> str:
    """National form for the UK, international for the rest; the text itself when it is no number (a short code)."""
    try:
        number = phonenumbers.parse(e164, "GB")
    except phonenumbers.NumberParseException:
        return e164
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, shape.NATIONAL if number.country_code == 44 else shape.INTERNATIONAL)


def _is_drama_number(number: phonenumbers.PhoneNumber) -> bool:
    """Ofcom keeps these ranges for drama; a demonstration needs them to pass."""
    national = str(number.national_number)
    is_landline = number.country_code == 44 and national.startswith("115496") and len(national) == 10
    return is_landline or _is_drama_mobile(number)


def _is_drama_mobile(number: phonenumbers.PhoneNumber) -> bool:
    national = str(number.national_number)
    return number.country_code == 44 and national.startswith("7700900") and len(national) == 10
