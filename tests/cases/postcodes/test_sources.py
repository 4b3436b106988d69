"""Newer postcode files: both publishers' layouts, of any edition, in any condition."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.postcodes import tables
from cases.postcodes.entry import IndexInfo, Postcode, PostcodeFileError
from cases.postcodes.index import PostcodeIndex
from cases.postcodes.sources import load_file
from tests.cases.postcodes.conftest import silent

DIRECTORY = "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,oshlthau"
LATEST = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,ced25cd,lad25cd,lad25nm,wd25cd"
LOOKUP = "PCD,PCD2,PCDS,DOINTR,DOTERM,USERTYPE,OSEAST1M,OSNRTH1M,OSGRDIND,OA11,CTY,CED,LAUA,WARD"
NOTTINGHAM = ["E06000018", "E05012271"]


def full_postcodes(count: int) -> list[str]:
    letters = "ABDEFGHJLN"
    return [f"NG{n // 1000 + 1} {n // 100 % 10}{letters[n // 10 % 10]}{letters[n % 10]}" for n in range(count)]


def directory_row(postcode: str, district: str = "E06000018", east: str = "457000", ended: str = "") -> str:
    compact = postcode.replace(" ", "")
    return (
        f'"{compact:<7}","{postcode}","{postcode}","198001","{ended}","E10000024","E58001","{district}","E05012271",'
        f'"E04007891","0",{east},340000,"1","E18000005"'
    )


def latest_row(postcode: str) -> str:
    return (
        f"{postcode},{postcode},{postcode},198001,,0,457000,340000,1,E00,E99999999,E58,E06000018,Nottingham,E05012271"
    )


def lookup_row(postcode: str) -> str:
    return f"{postcode},{postcode},{postcode},198001,,0,457000,340000,1,E00,E99999999,E58,E06000018,E05012271"


def code_point_row(postcode: str, district: str = "E06000018", quality: int = 10) -> str:
    grid = "457000,340000" if quality != 90 else "0,0"
    return f'"{postcode.replace(" ", ""):<7}",{quality},{grid},"E92000001","","E18000005","","{district}","E05012271"'


def write_csv(path: Path, heading: str, rows: Iterable[str]) -> Path:
    path.write_text("\r\n".join([heading, *rows]) + "\r\n", encoding="utf-8-sig", newline="")
    return path


def write_zip(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def loaded(path: Path, force: bool = True, base: PostcodeIndex | None = None) -> PostcodeIndex:
    out = path.parent / "home" / "postcodes.idx"
    load_file(path, out, silent, force=force, base=base)
    return PostcodeIndex.open(out)


@pytest.mark.parametrize(
    ("heading", "row"),
    [(DIRECTORY, directory_row), (LATEST, latest_row), (LOOKUP, lookup_row), (DIRECTORY.upper(), directory_row)],
    ids=["before 2025", "since 2025", "lookup", "capitals"],
)
def test_directory_csv_of_any_edition_brings_districts_grid_references_and_wards(
    tmp_path: Path, heading: str, row: Callable[[str], str]
) -> None:
    postcodes = full_postcodes(1_500)
    index = loaded(write_csv(tmp_path / "ONSPD_FEB_2026_UK.csv", heading, map(row, reversed(postcodes))), force=False)
    assert len(index) == 1_500
    assert all(index.lookup(p) == Postcode(p, "E06000018", 457000, 340000, "E05012271") for p in postcodes)
    assert str(index.info.source) == "ONS Postcode Directory Feb 2026"
    assert index.info.has_wards
    assert not index.info.bad_rows


def test_directory_zip_uses_the_whole_file_once_and_not_the_parts_or_documents_beside_it(tmp_path: Path) -> None:
    postcodes = full_postcodes(1_200)
    csv = "\n".join([DIRECTORY, *map(directory_row, postcodes)])
    path = write_zip(
        tmp_path / "download.zip",
        {
            "Documents/LA_UA names and codes.csv": "LAD24CD,LAD24NM\nE06000018,Nottingham\n",
            "Data/multi_csv/ONSPD_FEB_2026_UK_NG.csv": csv,
            "Data/ONSPD_FEB_2026_UK.csv": csv,
            "User Guide/guide.pdf": "not text",
        },
    )
    index = loaded(path, force=False)
    assert len(index) == 1_200
    assert not index.info.bad_rows
    assert index.info.source.version == "Feb 2026"


def test_directory_zip_of_parts_only_uses_them_all(tmp_path: Path) -> None:
    first, second = full_postcodes(20)[:10], full_postcodes(20)[10:]
    parts = {
        f"Data/multi_csv/ONSPD_FEB_2026_UK_{n}.csv": "\n".join([DIRECTORY, *map(directory_row, part)])
        for n, part in enumerate((first, second))
    }
    assert len(loaded(write_zip(tmp_path / "parts.zip", parts))) == 20


def test_code_point_open_zip_is_read_without_headings_of_its_own(tmp_path: Path) -> None:
    headings = (
        "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nPostcode,Positional_quality_indicator,Eastings,Northings,Country_code,"
        "NHS_regional_HA_code,NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\n"
    )
    rows = [*map(code_point_row, full_postcodes(1_100)), code_point_row("NG9 9ZZ", "", 90)]
    path = write_zip(
        tmp_path / "codepo_gb.zip",
        {
            "Doc/Code-Point_Open_Column_Headers.csv": headings,
            "Doc/licence.txt": "…",
            "Doc/metadata.txt": "PRODUCT: Code-Point\nDATASET VERSION NUMBER: 2026.1.0\nCOPYRIGHT DATE: 20260120",
            "Data/CSV/ng.csv": "\r\n".join(rows),
            "Data/CSV/s.csv": code_point_row("S1 1AA"),
        },
    )
    index = loaded(path, force=False)
    assert len(index) == 1_102
    assert index.lookup("NG1 0AA") == Postcode("NG1 0AA", *["E06000018", 457000, 340000, "E05012271"])
    assert index.lookup("NG9 9ZZ") == Postcode("NG9 9ZZ", None, None, None, "E05012271")
    assert index.lookup("S1 1AA") is not None
    assert str(index.info.source) == "Code-Point Open 2026.1.0 of 2026-01-20"
    assert not index.info.bad_rows


def test_code_point_open_headings_in_another_order_are_followed(tmp_path: Path) -> None:
    members = {
        "Doc/Code-Point_Open_Column_Headers.csv": "Postcode,Admin_district_code,Eastings,Northings",
        "Data/CSV/ng.csv": "NG1 1AA,E06000018,457000,340000",
    }
    index = loaded(write_zip(tmp_path / "codepo.zip", members))
    assert index.lookup("NG1 1AA") == Postcode("NG1 1AA", "E06000018", 457000, 340000, None)


def test_what_a_file_lacks_is_kept_from_the_installed_package(tmp_path: Path, small: PostcodeIndex) -> None:
    rows = [*map(code_point_row, full_postcodes(5)), code_point_row("NG15 7AA", "E06000018")]
    path = write_zip(tmp_path / "codepo.zip", {"Data/CSV/ng.csv": "\n".join(rows)})
    index = loaded(path, base=small)
    hucknall, beside, jersey = index.lookup("NG15 7AA"), index.lookup("NG15 7AB"), index.lookup("JE2 3AB")
    assert hucknall is not None and (hucknall.district_gss, hucknall.ward_gss) == ("E06000018", "E05012271")
    assert beside == Postcode("NG15 7AB", "E07000170", 453279, 349511, None)
    assert jersey == Postcode("JE2 3AB", "L99999999", None, None, None)
    assert index.info.counts["kept_from_base"] == len(small) - 1
    assert index.info.source.base == "ONS Postcode Directory 1"


def test_retired_postcodes_are_kept_and_counted(tmp_path: Path) -> None:
    rows = [directory_row("NG1 1AA"), directory_row("NG1 1AB", ended="201912")]
    index = loaded(write_csv(tmp_path / "o.csv", DIRECTORY, rows))
    assert index.lookup("NG1 1AB") is not None
    assert index.info.counts["retired"] == 1


def test_channel_islands_and_codes_that_mean_none_are_told_apart(tmp_path: Path) -> None:
    rows = [directory_row("JE2 3AB", "L99999999", ""), directory_row("NG1 1AA", "E99999999")]
    index = loaded(write_csv(tmp_path / "o.csv", DIRECTORY, rows))
    jersey, none = index.lookup("JE2 3AB"), index.lookup("NG1 1AA")
    assert jersey is not None and jersey.district_gss == "L99999999"
    assert none is not None and none.district_gss is None


def test_bad_rows_are_named_by_reason_with_their_lines_and_stop_nothing(tmp_path: Path) -> None:
    rows = [
        directory_row("NG1 1AA"),
        directory_row("NONSENSE"),
        directory_row(""),
        "NG1 1AB,too,short",
        directory_row("NG1 1AC", district="Nottingham"),
        directory_row("NG1 1AD", east="far away"),
        directory_row("NG1 1AE", east="99999999"),
        directory_row("NG1 1AA", district="E07000170"),
        '"NG1 1AF' + "x" * 200_000,
        directory_row("NG1 1\u0661\u0661"),
        directory_row("NG1 1AG"),
        "",
        '"an open quotation mark, NG1 1AH',
        directory_row("NG1 1AJ"),
    ]
    index = loaded(write_csv(tmp_path / "o.csv", DIRECTORY, rows))
    kept = {entry.postcode for entry in index.iter_sector("NG1 1")}
    assert kept == {"NG1 1AA", "NG1 1AC", "NG1 1AD", "NG1 1AE", "NG1 1AG", "NG1 1AJ"}
    first = index.lookup("NG1 1AA")
    assert first is not None and first.district_gss == "E06000018"
    assert {reason.split(" (")[0]: count for reason, count in index.info.bad_rows.items()} == {
        "not a postcode": 2,
        "no postcode": 1,
        "too few columns": 3,
        "district code not understood": 1,
        "grid reference not understood": 2,
        "given twice": 1,
    }
    assert index.info.bad_examples["not a postcode (row left out)"][0] == "o.csv, line 3: 'NONSENSE'"


def test_mostly_bad_file_is_refused_unless_forced_and_leaves_the_index_in_use_alone(tmp_path: Path) -> None:
    rows = [directory_row(p) for p in full_postcodes(40)] + [directory_row(f"bad {n}") for n in range(41)]
    path = write_csv(tmp_path / "o.csv", DIRECTORY, rows)
    out = tmp_path / "postcodes.idx"
    out.write_bytes(b"the index in use")
    with pytest.raises(PostcodeFileError, match="only 40 good rows"):
        load_file(path, out, silent)
    assert out.read_bytes() == b"the index in use"
    load_file(path, out, silent, force=True)
    assert len(PostcodeIndex.open(out)) == 40


def test_file_of_mostly_bad_rows_is_refused(tmp_path: Path) -> None:
    rows = [directory_row(p) for p in full_postcodes(1_500)] + [directory_row(f"bad {n}") for n in range(2_000)]
    with pytest.raises(PostcodeFileError, match=r"2,000 left out.*not a postcode.*--force"):
        loaded(write_csv(tmp_path / "o.csv", DIRECTORY, rows), force=False)


def _encrypted(path: Path) -> None:
    write_zip(path, {"Data/ONSPD.csv": DIRECTORY + "\n" + directory_row("NG1 1AA")})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def _spoilt(path: Path) -> None:
    write_zip(path, {"Data/ONSPD.csv": "\n".join([DIRECTORY, *map(directory_row, full_postcodes(500))])})
    content = bytearray(path.read_bytes())
    content[100:400] = bytes(300)
    path.write_bytes(content)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("Data/ONSPD_UK.csv", "w") as member:
        for _ in range(80):
            member.write(b"\n" * 1024**2)


WRONG_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "not there": (lambda path: None, "cannot be read"),
    "a folder": (lambda path: path.mkdir(), "cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "no CSV file"),
    "noise": (lambda path: path.write_bytes(bytes(range(256)) * 100), "no CSV file"),
    "one endless line": (lambda path: path.write_bytes(b"x" * 10**6), "no CSV file"),
    "another CSV": (lambda path: path.write_text("name,phone\nA,B\n"), "no CSV file"),
    "UTF-16": (lambda path: path.write_text(DIRECTORY, encoding="utf-16"), "no postcode that can be read"),
    "headings only": (lambda path: path.write_text(DIRECTORY + "\n"), "no postcode that can be read"),
    "zip without CSV": (lambda path: write_zip(path, {"a.pdf": "x"}), "no CSV file"),
    "zip with empty CSV": (lambda path: write_zip(path, {"ng.csv": ""}), "no CSV file"),
    "code-point, empty": (lambda path: write_zip(path, {"Data/CSV/ng.csv": ""}), "no postcode that can be read"),
    "cut zip": (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(50)), "no CSV file"),
    "encrypted": (_encrypted, "damaged or protected"),
    "spoilt": (_spoilt, "damaged or protected"),
    "bomb": (_bomb, "far more than it should"),
}


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_wrong_file_is_refused_in_plain_words_and_nothing_is_written(tmp_path: Path, kind: str) -> None:
    path, out = tmp_path / "file.zip", tmp_path / "postcodes.idx"
    make, words = WRONG_FILES[kind]
    make(path)
    with pytest.raises(PostcodeFileError, match=words):
        load_file(path, out, silent, force=True)
    assert not out.exists()


def test_zip_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_MEMBERS", 3)
    with pytest.raises(PostcodeFileError, match="4 files"):
        loaded(write_zip(tmp_path / "many.zip", {f"{n}.csv": "" for n in range(4)}))


def test_progress_goes_up_to_the_end(tmp_path: Path, small: PostcodeIndex) -> None:
    told: list[int] = []
    path = write_csv(tmp_path / "o.csv", DIRECTORY, map(directory_row, full_postcodes(9_000)))
    info: IndexInfo = load_file(
        path, tmp_path / "i.idx", lambda done, total: told.append(done * 1000 // total), base=small
    )
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1000)
    assert len(told) > 4
    assert info.counts["rows_read"] == 9_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    lines=st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from('",\n\r\0NG1AE07'), max_size=80), max_size=8)
)
def test_no_text_in_a_file_breaks_the_load(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "o.csv"
    path.write_text("\n".join([DIRECTORY, directory_row("NG1 1AA"), *lines]), encoding="utf-8", newline="")
    index = loaded(path)
    assert index.lookup("NG1 1AA") is not None
