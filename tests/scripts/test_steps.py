"""The set-up's steps: skipped while nothing changed, done again when they were interrupted."""

from __future__ import annotations

from pathlib import Path

import pytest
from steps import SetUpError, Ticker, fingerprint, is_done, run, step


class Work:
    def __init__(self, fails: bool = False) -> None:
        self.done, self.fails = 0, fails

    def __call__(self, ticker: Ticker) -> None:
        if self.fails:
            raise SetUpError("no")
        self.done += 1


@pytest.fixture
def stamp(tmp_path: Path) -> Path:
    return tmp_path / "stamps" / "one"


def test_second_run_does_nothing(stamp: Path) -> None:
    work = Work()
    assert step("One", "a", True, stamp, work) is True
    assert step("One", "a", True, stamp, work) is False
    assert work.done == 1


@pytest.mark.parametrize(
    ("mark", "there"),
    [pytest.param("b", True, id="what it is made from changed"), pytest.param("a", False, id="the result is gone")],
)
def test_step_is_done_again(mark: str, there: bool, stamp: Path) -> None:
    work = Work()
    step("One", "a", True, stamp, work)
    step("One", mark, there, stamp, work)
    assert work.done == 2


def test_step_that_failed_is_not_taken_for_done(stamp: Path) -> None:
    step("One", "a", True, stamp, Work())
    with pytest.raises(SetUpError):
        step("One", "b", True, stamp, Work(fails=True))
    assert not is_done(stamp, "a")
    assert not is_done(stamp, "b")


def test_fingerprint_follows_names_and_contents(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("steps.ROOT", tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").write_text("1")
    first = fingerprint(tmp_path / "data")
    assert fingerprint(tmp_path / "data") == first
    (tmp_path / "data" / "a").write_text("2")
    assert (second := fingerprint(tmp_path / "data")) != first
    (tmp_path / "data" / "a").rename(tmp_path / "data" / "b")
    assert fingerprint(tmp_path / "data") not in (first, second)


def test_command_that_fails_shows_its_last_words_and_what_to_do() -> None:
    with pytest.raises(SetUpError, match=r"(?s)the disk is full.*Make room"):
        run(["sh", "-c", "echo the disk is full; exit 3"], "Make room.")
