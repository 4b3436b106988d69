"""The whole country's index, built once for this virtual environment, and small ones made for a test."""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import msgpack
import pytest

from cases.postcodes.build import build_from_folder, built_in_path, ensure_built
from cases.postcodes.index import PostcodeIndex

REFERENCE_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
NAN = float("nan")
PackageRow = tuple[object, object, object, object]


def silent(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="session")
def whole() -> Iterator[PostcodeIndex]:
    path = built_in_path(Path(sys.prefix))
    ensure_built(path, silent)
    index = PostcodeIndex.open(path)
    yield index
    index.close()


def reference_rows(name: str) -> list[dict[str, str]]:
    """Rows of a reference file that may lie beside a clone of this repository."""
    path = REFERENCE_DATA / name
    if not path.exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{path} is not there, and REQUIRE_ALL=1")
        pytest.skip(f"{name} is not beside this clone")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(content.decode().splitlines()))


def write_package(folder: Path, letters: dict[str, list[PackageRow]]) -> Path:
    """Files as in the ONS package: one a letter, of columns, squeezed with brotli."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("pcd", "laua", "oseast1m", "osnrth1m")
    for letter, rows in letters.items():
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        packed = msgpack.packb({"columns": list(names), "data": columns})
        (folder / f"postcodes_{letter}.msgpack.br").write_bytes(brotli.compress(packed, quality=1))
    return folder


GOOD_ROWS: dict[str, list[PackageRow]] = {
    "J": [("JE2 3AB", "L99999999", NAN, NAN)],
    "I": [("IM1 1AA", "M99999999", NAN, NAN)],
    "N": [
        ("N1  0AA", "E09000019", 530626.0, 183961.0),
        ("N10 1AA", "E09000014", 528000.0, 190000.0),
        ("NG157AA", "E07000170", 453446.0, 349302.0),
        ("NG157AB", "E07000170", 453279.0, 349511.0),
        ("NG158AA", NAN, 453000.0, 349000.0),
        ("NPT 1AA", "W06000022", NAN, NAN),
    ],
    "S": [("SO140YN", "E06000045", 442211.0, 112184.0), ("SW1A1AA", "E09000033", 529090.0, 179645.0)],
}


@pytest.fixture
def make_index(tmp_path: Path) -> Callable[..., Path]:
    """Builds an index from made-up package rows and returns its path."""

    def make(letters: dict[str, list[PackageRow]] = GOOD_ROWS, name: str = "small.idx", version: str = "1") -> Path:
        folder = write_package(tmp_path / f"package of {name}", letters)
        build_from_folder(folder, version, tmp_path / name, silent)
        return tmp_path / name

    return make


@pytest.fixture
def small(make_index: Callable[..., Path]) -> PostcodeIndex:
    return PostcodeIndex.open(make_index())
