"""The index file: what it answers, how fast, and what it refuses to open."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.postcodes.entry import Postcode, PostcodeFileError
from cases.postcodes.index import PostcodeIndex
from tests.cases.postcodes.conftest import reference_rows

MICROSECOND = 1e-6


def test_entry_holds_district_and_grid_reference_and_no_guessed_ward(small: PostcodeIndex) -> None:
    assert small.lookup("NG15 7AA") == Postcode("NG15 7AA", "E07000170", 453446, 349302, None)


@pytest.mark.parametrize("typed", ["ng157aa", "NG15  7AA", "ng15-7aa", "NGI5 7AA"])
def test_other_ways_of_writing_it_are_found_too(small: PostcodeIndex, typed: str) -> None:
    found = small.lookup(typed)
    assert found is not None and found.postcode == "NG15 7AA"


@pytest.mark.parametrize(
    "typed", ["NG15 7AC", "NG15 9AA", "AB1 2CD", "", "AA", "NG15 7a\u0130", "\x00", "\ud800", "x" * 10**6]
)
def test_what_is_not_there_is_none(small: PostcodeIndex, typed: str) -> None:
    assert small.lookup(typed) is None


def test_channel_islands_and_isle_of_man_keep_their_pseudo_district(small: PostcodeIndex) -> None:
    assert small.lookup("JE2 3AB") == Postcode("JE2 3AB", "L99999999", None, None, None)
    assert small.lookup("IM1 1AA") == Postcode("IM1 1AA", "M99999999", None, None, None)


def test_sector_gives_its_postcodes_in_order_and_its_districts(small: PostcodeIndex) -> None:
    assert [entry.postcode for entry in small.iter_sector("NG15 7")] == ["NG15 7AA", "NG15 7AB"]
    assert small.district_counts("NG15 7") == {"E07000170": 2}
    assert small.district_counts("NG15 8") == {None: 1}
    assert list(small.iter_sector("ZZ1 1")) == []


def test_info_counts_what_is_kept(small: PostcodeIndex) -> None:
    assert len(small) == 10
    assert small.info.counts["without_district"] == 1
    assert small.info.counts["outside_uk"] == 2
    assert small.info.counts["without_grid_reference"] == 3
    assert (small.info.source.version, small.info.has_wards) == ("1", False)


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=30))
def test_lookup_survives_any_text(whole: PostcodeIndex, text: str) -> None:
    found = whole.lookup(text)
    assert found is None or whole.lookup(found.postcode) == found


def test_every_row_of_the_whole_country_can_be_looked_up_in_order(whole: PostcodeIndex) -> None:
    sectors = list(whole.sectors())
    assert len(set(sectors)) == len(sectors)
    assert sum(sum(whole.district_counts(sector).values()) for sector in sectors) == len(whole)
    for sector in random.Random(7).sample(sectors, 200):
        entries = list(whole.iter_sector(sector))
        assert [entry.postcode for entry in entries] == sorted({entry.postcode for entry in entries})
        assert all(whole.lookup(entry.postcode) == entry for entry in entries)


def test_whole_country_has_its_known_size_and_its_islands(whole: PostcodeIndex) -> None:
    assert len(whole) > 2_600_000
    jersey, man, belfast = whole.lookup("JE2 3AB"), whole.lookup("IM1 1AA"), whole.lookup("BT1 5GS")
    assert jersey is not None and jersey.district_gss == "L99999999"
    assert man is not None and man.district_gss == "M99999999"
    assert belfast is not None and belfast.district_gss == "N09000003"
    assert whole.info.counts["without_district"] > 10_000


def test_lookup_takes_less_than_ten_microseconds(whole: PostcodeIndex) -> None:
    sectors = random.Random(1).sample(list(whole.sectors()), 200)
    postcodes = [entry.postcode for sector in sectors for entry in whole.iter_sector(sector)]
    random.Random(2).shuffle(postcodes)
    best = min(_seconds_each(whole, postcodes) for _ in range(5))
    assert best < 10 * MICROSECOND


def _seconds_each(index: PostcodeIndex, postcodes: list[str]) -> float:
    began = time.process_time()
    for postcode in postcodes:
        index.lookup(postcode)
    return (time.process_time() - began) / len(postcodes)


def test_every_partnership_postcode_lies_in_the_district_of_the_reference_data(whole: PostcodeIndex) -> None:
    rows = [row for row in reference_rows("postcodes_local.csv.gz") if row["partnership"]]
    assert len(rows) > 60_000
    wrong = [row["postcode"] for row in rows if not _agrees(whole.lookup(row["postcode"]), row)]
    assert wrong == []


def _agrees(entry: Postcode | None, row: dict[str, str]) -> bool:
    return entry is not None and entry.district_gss == (row["district_gss"] or entry.district_gss)


def test_nearly_every_retired_postcode_is_known(whole: PostcodeIndex) -> None:
    rows = [row for row in reference_rows("postcodes_retired_local.csv") if row["partnership"]]
    known = [row for row in rows if whole.lookup(row["postcode"]) is not None]
    assert len(known) > 0.99 * len(rows)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"PK\x03\x04" + content, id="another kind of file"),
        pytest.param(lambda content: content[:7] + b"\x63" + content[8:], id="another version"),
        pytest.param(_cut, id="cut short"),
        pytest.param(lambda content: content + b"\0" * 64, id="too long"),
        pytest.param(lambda content: content[:20] + b"\xff" * 40 + content[60:], id="spoilt header"),
        pytest.param(lambda content: content[:10], id="only its beginning"),
    ],
)
def test_damaged_index_is_refused_in_plain_words(
    make_index: Callable[..., Path], spoil: Callable[[bytes], bytes]
) -> None:
    path = make_index()
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(PostcodeFileError, match="index"):
        PostcodeIndex.open(path)
