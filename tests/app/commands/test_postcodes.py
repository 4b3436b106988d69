"""``flask postcodes``, as an operator types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from cases.postcodes.build import build_from_folder
from cases.postcodes.entry import IndexInfo, Progress
from cases.postcodes.store import PostcodeStore
from tests.cases.postcodes.conftest import GOOD_ROWS, write_package

HEADING = "pcds,laua,ward,east1m,north1m,doterm"


@pytest.fixture
def runner(app: Flask, tmp_path: Path) -> FlaskCliRunner:
    folder = write_package(tmp_path / "package", GOOD_ROWS)

    def build_small(out: Path, progress: Progress) -> IndexInfo:
        return build_from_folder(folder, "1", out, progress)

    store = PostcodeStore(tmp_path / "home", tmp_path / "venv" / "postcodes-1.idx", build=build_small)
    app.extensions["postcodes"] = store
    return app.test_cli_runner()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    path = tmp_path / "ONSPD_FEB_2026_UK.csv"
    path.write_text(f"{HEADING}\nNG15 7AA,E06000018,E05012271,453446,349302,\nNONSENSE,,,,,\n")
    return path


def test_build_makes_the_index_once(runner: FlaskCliRunner) -> None:
    assert "Built: " in runner.invoke(args=["postcodes", "build"]).output
    assert "Already there: " in runner.invoke(args=["postcodes", "build"]).output


def test_load_is_used_at_once_keeps_the_rest_and_names_the_bad_rows(runner: FlaskCliRunner, newer: Path) -> None:
    before = runner.invoke(args=["postcodes", "lookup", "ng157aa"])
    result = runner.invoke(args=["postcodes", "load", str(newer)])
    assert result.exit_code == 0
    assert "10 postcodes" in result.output
    assert "9 of them are not in that file and come from ONS Postcode Directory 1." in result.output
    assert "1 × not a postcode" in result.output
    assert "ONSPD_FEB_2026_UK.csv, line 3: 'NONSENSE'" in result.output
    after = runner.invoke(args=["postcodes", "lookup", "ng157aa"])
    assert "NG15 7AA\nDistrict: E07000170\nWard: not known" in before.output
    assert "NG15 7AA\nDistrict: E06000018\nWard: E05012271" in after.output
    assert "In use: " in (info := runner.invoke(args=["postcodes", "info"]).output)
    assert "ONS Postcode Directory Feb 2026" in info


def test_load_of_mostly_bad_rows_is_refused_and_says_what_to_do(runner: FlaskCliRunner, newer: Path) -> None:
    with newer.open("a") as file:
        file.write("NONSENSE TOO,,,,,\n")
    result = runner.invoke(args=["postcodes", "load", str(newer)])
    assert result.exit_code == 1
    assert "--force" in result.output
    assert "E07000170" in runner.invoke(args=["postcodes", "lookup", "NG15 7AA"]).output


@pytest.mark.parametrize("name", ["not there.zip", "."])
def test_file_that_cannot_be_read_is_a_sentence_not_a_traceback(
    runner: FlaskCliRunner, tmp_path: Path, name: str
) -> None:
    result = runner.invoke(args=["postcodes", "load", str(tmp_path / name)])
    assert result.exit_code == 1
    assert "cannot be read" in result.output


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("je2 3ab", 0, "District: L99999999 (the Channel Islands)"),
        ("NG15 8AA", 0, "District: not known"),
        ("AB1 2CD", 1, "AB1 2CD is not known."),
        ("rubbish", 1, "That is not a postcode"),
        ("\x00", 1, "That is not a postcode"),
    ],
)
def test_lookup_says_what_is_known(runner: FlaskCliRunner, typed: str, status: int, words: str) -> None:
    result = runner.invoke(args=["postcodes", "lookup", typed])
    assert (result.exit_code, words in result.output) == (status, True)
