"""Data files are read plainly, and what is wrong is named by file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from cases.yaml_lines import DataFileError, DataFilesError, load_yaml, validate_entries


class Ask(BaseModel):
    rule: Literal["ask"]
    ask: str
    stop: int


class Tell(BaseModel):
    rule: Literal["tell"]
    say: str


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slug: str
    size: int = 1
    rules: tuple[Annotated[Ask | Tell, Field(discriminator="rule")], ...] = ()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "things.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("true", True),
        ("false", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        ("01159155555", "01159155555"),
        ("10:30", "10:30"),
        ("1974-04-01", "1974-04-01"),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
    ],
)
def test_a_plain_word_is_read_as_it_is_written(tmp_path: Path, text: str, value: object) -> None:
    data, _ = load_yaml(written(tmp_path, f"a: {text}\n"))
    assert data == {"a": value}


def test_words_as_keys_stay_words(tmp_path: Path) -> None:
    data, _ = load_yaml(written(tmp_path, "when: {injured: [yes, no]}\nno: off\n"))
    assert data == {"when": {"injured": ["yes", "no"]}, "no": "off"}


def test_lines_of_places_in_the_file(tmp_path: Path) -> None:
    _, line_of = load_yaml(
        written(tmp_path, "# a comment\n- slug: a\n  rules:\n    - rule: ask\n      ask: Why?\n- b\n")
    )
    places = [(), (0,), (0, "slug"), (0, "rules"), (0, "rules", 0), (1,)]
    assert [line_of(where) for where in places] == [2, 2, 2, 3, 4, 6]


def test_a_missing_field_is_named_at_the_entry_that_lacks_it(tmp_path: Path) -> None:
    path = written(tmp_path, "- slug: a\n\n- size: 2\n")
    with pytest.raises(DataFilesError) as caught:
        validate_entries(path, Entry)
    assert [(error.line, error.message) for error in caught.value.errors] == [(3, "slug: Field required")]


def test_all_faults_of_a_file_are_told_at_once_with_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, "- slug: a\n  size: big\n- slug: b\n  colour: red\n")
    with pytest.raises(DataFilesError) as caught:
        validate_entries(path, Entry)
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{path}:2: a: size: ")
    assert second.startswith(f"{path}:4: b: colour: ")


def test_the_name_of_a_union_member_does_not_lead_to_a_key_of_the_same_name(tmp_path: Path) -> None:
    path = written(tmp_path, "- slug: a\n  rules:\n    - rule: ask\n      ask: Why?\n      stop: now\n")
    with pytest.raises(DataFilesError) as caught:
        validate_entries(path, Entry)
    assert [error.line for error in caught.value.errors] == [5]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: [1\nc: 2\n", 3), ("a: 1\nb: 2\na: 3\n", 3), ("a: 1\n--- \nb: 2\n", 2), ("a: \x07\n", 1)],
    ids=["broken", "key twice", "two documents", "control character"],
)
def test_what_is_not_plain_yaml_is_named_by_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(DataFileError) as caught:
        load_yaml(written(tmp_path, text))
    assert caught.value.line == line


def test_a_missing_file_is_an_error_of_that_file(tmp_path: Path) -> None:
    with pytest.raises(DataFilesError, match=r"nowhere\.yaml:1: cannot be read"):
        validate_entries(tmp_path / "nowhere.yaml", Entry)


def test_a_file_may_be_one_entry_and_an_empty_list_is_no_entries(tmp_path: Path) -> None:
    assert validate_entries(written(tmp_path, "slug: a\n"), Entry, many=False) == [Entry(slug="a")]
    assert validate_entries(written(tmp_path, "# nothing yet\n"), Entry) == []
    with pytest.raises(DataFilesError, match="must be a list"):
        validate_entries(written(tmp_path, "slug: a\n"), Entry)


def test_a_field_missing_inside_is_not_looked_for_outside(tmp_path: Path) -> None:
    _, line_of = load_yaml(written(tmp_path, "- ask: Why?\n  place:\n    about: thing\n"))
    assert line_of((0, "place", "ask")) == 2
