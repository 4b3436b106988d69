"""References and PINs: never mistaken, never guessed in sequence, found in prose."""

from __future__ import annotations

from random import Random

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.postcodes.text import normalise
from cases.references import (
    find_references,
    is_nhs_number,
    is_reference,
    new_pin,
    new_reference,
    read_reference,
    show_reference,
    system_random,
)

references = st.integers(0, 2**32).map(lambda seed: new_reference(Random(seed)))
DASHES = st.sampled_from(["", " ", "-", "–", "—", ".", " - ", "  "])


@given(references)
def test_a_reference_is_ten_plain_digits_that_start_with_4_or_6(reference: str) -> None:
    assert len(reference) == 10 and reference.isascii() and reference.isdigit()
    assert reference[0] in "46"
    assert is_reference(reference)


@given(references)
def test_a_reference_is_never_an_nhs_number(reference: str) -> None:
    weighted = sum(int(digit) * (10 - at) for at, digit in enumerate(reference[:9]))
    assert (11 - weighted % 11) % 11 != int(reference[9])
    assert not is_nhs_number(reference)


@given(references)
def test_a_reference_is_never_a_uk_phone_number(reference: str) -> None:
    assert not phonenumbers.is_valid_number(phonenumbers.parse(reference, "GB"))
    assert list(phonenumbers.PhoneNumberMatcher(f"my case is {reference} thanks", "GB")) == []


@given(references)
def test_a_reference_is_never_a_postcode(reference: str) -> None:
    assert normalise(reference) is None
    assert normalise(show_reference(reference)) is None


@given(references, st.integers(0, 9), st.integers(1, 9))
def test_a_wrong_digit_is_found(reference: str, at: int, more: int) -> None:
    wrong = str((int(reference[at]) + more) % 10)
    assert not is_reference(reference[:at] + wrong + reference[at + 1 :])


@given(references, st.integers(0, 8))
def test_two_neighbours_swapped_are_found(reference: str, at: int) -> None:
    assume(reference[at] != reference[at + 1])
    assert not is_reference(reference[:at] + reference[at + 1] + reference[at] + reference[at + 2 :])


@given(references, st.lists(DASHES, min_size=11, max_size=11))
def test_a_reference_is_read_however_it_is_broken_up(reference: str, marks: list[str]) -> None:
    typed = "".join(mark + digit for mark, digit in zip(marks, reference, strict=False)) + marks[-1]
    assert read_reference(typed) == reference


@given(references)
def test_a_reference_shown_is_read_back(reference: str) -> None:
    assert read_reference(show_reference(reference)) == reference
    assert [len(part) for part in show_reference(reference).split("-")] == [4, 4, 2]


@given(st.text(max_size=30))
def test_no_text_is_a_fault(text: str) -> None:
    found = read_reference(text)
    assert found is None or is_reference(found)
    assert all(is_reference(reference) for reference in find_references(text))


@pytest.mark.parametrize(
    "text", ["", "471903625", "47190362580", "1719036258", "４７１９０３６２５８", "٤٧١٩٠٣٦٢٥٨", "4719-O362-58"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert read_reference(text) is None


@given(references, references)
def test_references_are_found_in_prose_in_order_and_once_each(first: str, second: str) -> None:
    assume(first != second)
    text = f"Status of {show_reference(first)}? And {second}, also {first}. Ring 0115 496 0123."
    assert find_references(text) == [first, second]


@pytest.mark.parametrize("before", ["ref:", "#", "REF ", "(", "STATUS", "status\n", "no. "])
@pytest.mark.parametrize("after", [".", ")", "?", " please", ", 3 weeks ago", "\n2 bins"])
def test_a_reference_is_found_beside_marks_and_words(before: str, after: str) -> None:
    reference = new_reference(Random(4))
    assert find_references(f"{before}{show_reference(reference)}{after}") == [reference]


def test_part_of_a_longer_number_is_no_reference() -> None:
    reference = new_reference(Random(4))
    assert (
        find_references(f"1{reference}") == find_references(f"{reference}1") == find_references(f"+{reference}") == []
    )


def test_references_do_not_follow_one_another() -> None:
    drawn = [new_reference(system_random()) for _ in range(500)]
    assert len(set(drawn)) == 500
    assert drawn != sorted(drawn)
    assert {reference[0] for reference in drawn} == {"4", "6"}


@given(st.integers(0, 2**32))
def test_a_pin_is_six_digits_with_its_noughts(seed: int) -> None:
    pin = new_pin(Random(seed))
    assert len(pin) == 6 and pin.isdigit()
