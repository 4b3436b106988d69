from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.phones import PhoneError, find_phone, read_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "e164", "takes_texts"),
    [
        ("07700 900123", "+447700900123", True),
        ("+44 7700 900 123", "+447700900123", True),
        ("0044 7700 900123", "+447700900123", True),
        ("+44 (0)7700 900123", "+447700900123", True),
        ("07700-900-123", "+447700900123", True),
        ("0115 496 0123", "+441154960123", False),
        ("(0115) 496 0123", "+441154960123", False),
        ("0800 111 999", "+44800111999", False),
        ("+1 202 555 0123", "+12025550123", True),
        ("+49 711 2345678", "+497112345678", False),
        ("+33 1 09 75 83 51", "+33109758351", False),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, e164: str, takes_texts: bool) -> None:
    phone = read_phone(typed)
    assert phone.e164 == e164
    assert phone.takes_texts is takes_texts
    assert phone.is_uk is e164.startswith("+44")


@pytest.mark.parametrize(
    "typed", ["", " ", "hello", "0770", "07700 900", "12345678901234567890", "999", "NG15 7AA", "0" * 5000, "+", "\x00"]
)
def test_what_is_no_number_gets_a_sentence_that_shows_one(typed: str) -> None:
    with pytest.raises(PhoneError, match="Enter a phone number"):
        read_phone(typed)
    assert find_phone(typed) is None


@given(st.text(max_size=80))
def test_no_text_is_a_fault(text: str) -> None:
    phone = find_phone(text)
    assert phone is None or phone.e164.startswith("+")


drama = st.one_of(
    st.integers(0, 999).map(lambda n: f"07700900{n:03d}"), st.integers(0, 999).map(lambda n: f"01154960{n:03d}")
)


@given(drama, st.lists(st.sampled_from(["", " ", "-", "  "]), min_size=11, max_size=11))
def test_spaces_and_dashes_do_not_matter(digits: str, marks: list[str]) -> None:
    typed = "".join(digit + mark for digit, mark in zip(digits, marks, strict=True))
    assert read_phone(typed).e164 == "+44" + digits[1:]


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_a_real_countrys_number_is_read_from_what_is_shown(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert read_phone(e164).e164 == e164
    assert read_phone(show_phone(e164)).e164 == e164


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+447700900123", "07700 900123"),
        ("+441154960123", "0115 496 0123"),
        ("+12025550123", "+1 202-555-0123"),
        ("60777", "60777"),
        ("NottsCC", "NottsCC"),
    ],
)
def test_numbers_are_shown_nationally_and_names_as_they_are(e164: str, shown: str) -> None:
    assert show_phone(e164) == shown
