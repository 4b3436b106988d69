"""What comes back from outside as a row's id."""

from __future__ import annotations

import pytest

from cases.row_ids import LARGEST, read_row_id


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "٣", "x", str(LARGEST + 1), "9" * 5_000])
def test_what_no_row_can_have_is_no_id(text: str) -> None:
    assert read_row_id(text) is None


def test_the_largest_id_is_read() -> None:
    assert read_row_id(str(LARGEST)) == LARGEST
