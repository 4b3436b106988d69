"""Which index a running site uses, and how it changes over to a new one."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cases.postcodes import build
from cases.postcodes.build import build_from_folder
from cases.postcodes.entry import IndexInfo, Progress
from cases.postcodes.store import PostcodeStore
from tests.cases.postcodes.conftest import GOOD_ROWS, NAN, PackageRow, write_package

MakeIndex = Callable[..., Path]
NEWER: dict[str, list[PackageRow]] = {"N": [("NG157AA", "E06000018", 453446.0, 349302.0)]}


class Ticks:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return self.seconds


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def build_small(tmp_path: Path) -> Callable[[Path, Progress], IndexInfo]:
    folder = write_package(tmp_path / "package", GOOD_ROWS)
    return lambda out, progress: build_from_folder(folder, "1", out, progress)


def district(store: PostcodeStore, postcode: str = "NG15 7AA") -> str | None:
    entry = store.lookup(postcode)
    return entry.district_gss if entry else None


def put(new: Path, home: Path) -> None:
    shutil.copy(new, home / "new")
    (home / "new").replace(home / "postcodes.idx")


def test_index_is_built_on_the_first_look_when_there_is_none(
    home: Path, tmp_path: Path, build_small: build.Build
) -> None:
    store = PostcodeStore(home, tmp_path / "venv" / "postcodes-1.idx", build=build_small)
    assert not store.built_in_path.exists()
    assert district(store) == "E07000170"
    assert store.built_in_path.exists()
    assert (len(store), store.info.source.version) == (10, "1")


def test_loaded_index_wins_and_when_taken_away_the_built_one_serves(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index())
    assert district(store) == "E07000170"
    put(make_index(NEWER, "newer.idx"), home)
    assert district(store) == "E06000018"
    assert store.lookup("JE2 3AB") is None
    (home / "postcodes.idx").unlink()
    assert district(store) == "E07000170"


def test_reader_in_flight_keeps_its_index_through_a_replacement(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index())
    in_flight = store.current()
    half_read = in_flight.iter_sector("NG15 7")
    assert next(half_read).postcode == "NG15 7AA"
    put(make_index(NEWER, "newer.idx"), home)
    assert district(store) == "E06000018"
    assert next(half_read).district_gss == "E07000170"
    entry = in_flight.lookup("NG15 7AA")
    assert entry is not None and entry.district_gss == "E07000170"


def test_file_system_is_looked_at_only_now_and_then(home: Path, make_index: MakeIndex) -> None:
    ticks = Ticks()
    store = PostcodeStore(home, make_index(), monotonic=ticks, check_seconds=2)
    assert district(store) == "E07000170"
    put(make_index(NEWER, "newer.idx"), home)
    ticks.seconds = 1.9
    assert district(store) == "E07000170"
    ticks.seconds = 2.0
    assert district(store) == "E06000018"


def test_damaged_loaded_index_is_left_out_until_it_is_replaced(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index())
    (home / "postcodes.idx").write_bytes(b"not an index")
    assert district(store) == "E07000170"
    assert store.current() is store.current()
    put(make_index(NEWER, "newer.idx"), home)
    assert district(store) == "E06000018"


def test_damaged_built_index_is_built_again(home: Path, tmp_path: Path, build_small: build.Build) -> None:
    path = tmp_path / "postcodes-1.idx"
    path.write_bytes(b"of another version")
    assert district(PostcodeStore(home, path, build=build_small)) == "E07000170"


def test_built_index_taken_away_while_in_use_still_answers(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index())
    assert district(store) == "E07000170"
    store.built_in_path.unlink()
    assert district(store) == "E07000170"


def test_index_goes_into_the_home_folder_when_the_environment_may_not_be_written(
    home: Path, tmp_path: Path, make_index: MakeIndex, build_small: build.Build
) -> None:
    not_ours = tmp_path / "not ours" / "postcodes-1.idx"

    def build_or_fail(out: Path, progress: Progress) -> IndexInfo:
        if out == not_ours:
            raise PermissionError(13, "Permission denied")
        return build_small(out, progress)

    store = PostcodeStore(home, not_ours, build=build_or_fail)
    assert district(store) == "E07000170"
    assert store.built_in_path == home / "postcodes-1.idx"


def test_threads_read_right_answers_while_the_file_is_replaced_again_and_again(
    home: Path, make_index: MakeIndex
) -> None:
    both = [make_index(), make_index(NEWER, "newer.idx")]
    store = PostcodeStore(home, both[0])
    stop, wrong = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            found = district(store)
            if found not in ("E07000170", "E06000018"):
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(60):
        put(both[turn % 2], home)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert district(store) == "E06000018"


def test_threads_that_start_at_once_build_once(home: Path, tmp_path: Path, build_small: build.Build) -> None:
    built: list[Path] = []

    def noted(out: Path, progress: Progress) -> IndexInfo:
        built.append(out)
        return build_small(out, progress)

    stores = [PostcodeStore(home, tmp_path / "venv" / "postcodes-1.idx", build=noted) for _ in range(2)]
    threads = [threading.Thread(target=district, args=(store,)) for store in stores for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1


def test_lookup_through_the_store_takes_less_than_ten_microseconds(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index(), monotonic=time.monotonic)
    store.lookup("NG15 7AA")

    def seconds_each() -> float:
        began = time.process_time()
        for _ in range(5_000):
            store.lookup("NG15 7AA")
        return (time.process_time() - began) / 5_000

    assert min(seconds_each() for _ in range(5)) < 10e-6


def test_index_without_grid_or_district_is_kept_as_not_known(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index({"Y": [("YO1 0AA", NAN, NAN, NAN)]}, "yo.idx"))
    entry = store.lookup("YO1 0AA")
    assert entry is not None and entry[1:] == (None, None, None, None, ())


def test_forked_child_reads_the_same_index(home: Path, make_index: MakeIndex) -> None:
    store = PostcodeStore(home, make_index())
    assert district(store) == "E07000170"
    child = os.fork()
    if child == 0:
        os._exit(0 if district(store) == "E07000170" else 1)
    assert os.waitpid(child, 0)[1] == 0
