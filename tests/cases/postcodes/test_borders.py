"""Which postcodes are marked as close to another district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from cases.postcodes.borders import ANYWHERE, IN_SHARED_SECTOR, REACH
from cases.postcodes.index import PostcodeIndex
from cases.postcodes.sources import load_file
from tests.cases.postcodes.conftest import PackageRow, reference_rows, silent

ASHFIELD, GEDLING, MANSFIELD = "E07000170", "E07000173", "E07000174"
MakeIndex = Callable[..., Path]


def rows(*places: tuple[str, str, float, float]) -> dict[str, list[PackageRow]]:
    return {places[0][0][0]: [tuple(place) for place in sorted(places)]}  # type: ignore[misc]


def opened(make_index: MakeIndex, *places: tuple[str, str, float, float]) -> PostcodeIndex:
    return PostcodeIndex.open(make_index(rows(*places)))


@pytest.mark.parametrize("metres, is_near", [(0, True), (ANYWHERE, True), (ANYWHERE + 1, False)])
def test_another_district_within_reach_is_marked_on_both_sides(
    make_index: MakeIndex, metres: int, is_near: bool
) -> None:
    far = 349999.0 + metres  # across the edge of a cell and of a band
    index = opened(make_index, ("NG157AA", ASHFIELD, 450000.0, 349999.0), ("NG158AA", GEDLING, 450000.0, far))
    ours, theirs = index.lookup("NG15 7AA"), index.lookup("NG15 8AA")
    assert ours is not None and theirs is not None
    assert (ours.near_border, theirs.near_border) == (((GEDLING,), (ASHFIELD,)) if is_near else ((), ()))


@pytest.mark.parametrize("metres, is_near", [(IN_SHARED_SECTOR, True), (IN_SHARED_SECTOR + 1, False)])
def test_a_sector_that_both_districts_share_reaches_further(make_index: MakeIndex, metres: int, is_near: bool) -> None:
    far = 450000.0 + metres
    index = opened(make_index, ("NG157AA", ASHFIELD, 450000.0, 350000.0), ("NG157AB", GEDLING, far, 350000.0))
    entry = index.lookup("NG15 7AA")
    assert entry is not None and bool(entry.near_border) is is_near


def test_several_neighbours_come_nearest_first(make_index: MakeIndex) -> None:
    index = opened(
        make_index,
        ("NG157AA", ASHFIELD, 450000.0, 350000.0),
        ("NG157AB", MANSFIELD, 450100.0, 350000.0),
        ("NG157AC", GEDLING, 450000.0, 350050.0),
    )
    entry = index.lookup("NG15 7AA")
    assert entry is not None and entry.near_border == (GEDLING, MANSFIELD)


def test_the_irish_grid_is_another_map(make_index: MakeIndex) -> None:
    letters = rows(("CH446AA", "E08000015", 330000.0, 370000.0)) | rows(("BT1 1AA", "N09000003", 330000.0, 370000.0))
    index = PostcodeIndex.open(make_index(letters))
    assert [entry.near_border for sector in index.sectors() for entry in index.iter_sector(sector)] == [(), ()]


def test_a_loaded_file_has_its_borders_marked_too(tmp_path: Path) -> None:
    file = tmp_path / "postcodes.csv"
    rows = ("pcds,oslaua,oseast1m,osnrth1m", "NG15 7AA,E07000170,450000,350000", "NG15 7AB,E07000173,450050,350000")
    file.write_text("\n".join(rows))
    load_file(file, tmp_path / "out.idx", silent)
    entry = PostcodeIndex.open(tmp_path / "out.idx").lookup("NG15 7AB")
    assert entry is not None and entry.near_border == (ASHFIELD,)


def test_sector_districts_are_given_most_of_its_postcodes_first(make_index: MakeIndex) -> None:
    index = opened(
        make_index,
        ("NG157AA", GEDLING, 450000.0, 350000.0),
        ("NG157AB", ASHFIELD, 450000.0, 360000.0),
        ("NG157AC", ASHFIELD, 450000.0, 370000.0),
    )
    assert index.sector_districts("NG15 7") == (ASHFIELD, GEDLING)
    assert index.sector_districts("NG15 9") == ()


def test_marks_agree_with_another_publishers_distances(whole: PostcodeIndex) -> None:
    """Of the postcodes that lie within reach there, all are marked here; ours are denser."""
    near = [row for row in reference_rows("postcodes_local.csv.gz") if row["near_other_district_m"]]
    close = [row for row in near if float(row["near_other_district_m"]) < ANYWHERE - 2]
    assert len(close) > 500
    missed = [
        row["postcode"]
        for row in close
        if (entry := whole.lookup(row["postcode"])) and row["near_other_district_gss"] not in entry.near_border
    ]
    assert len(missed) <= len(close) // 100, missed[:5]


def test_few_postcodes_of_the_partnership_are_marked(whole: PostcodeIndex) -> None:
    partnership = [row["postcode"] for row in reference_rows("postcodes_local.csv.gz") if row["partnership"]]
    marked = sum(bool(entry.near_border) for postcode in partnership if (entry := whole.lookup(postcode)))
    assert 0.01 < marked / len(partnership) < 0.04


def test_sectors_that_divide_agree_with_another_publishers(whole: PostcodeIndex) -> None:
    theirs: dict[str, dict[str, int]] = defaultdict(dict)
    for row in reference_rows("straddle_sectors.csv"):
        theirs[row["sector"]][row["district_gss"]] = int(row["postcodes"])
    lacking = [
        (sector, district)
        for sector, districts in theirs.items()
        for district in districts
        if district not in whole.sector_districts(sector)
    ]
    assert len(theirs) > 500
    assert lacking == []


def test_reach_is_no_further_than_what_was_measured() -> None:
    assert REACH == max(ANYWHERE, IN_SHARED_SECTOR) <= 250
