"""Triage by lines of JSON: the door that other programs rely on."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from cases.triage import Triage
from cases.triage.lines import answer_line
from tests.cases.places import ASHFIELD, CITY, COUNTY, IN_ASHFIELD, TODAY

PROJECT = Path(__file__).resolve().parents[3]
KEYS = ["service", "candidates", "authority", "queue", "outside", "place", "confidence", "urgent", "needs", "reasons"]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(triage: Triage) -> Ask:
    def ask(**line: Any) -> dict[str, Any]:
        answer = answer_line(triage, json.dumps({"id": 1, **line}), TODAY)
        assert answer is not None
        return answer

    return ask


def test_an_answer_has_exactly_the_agreed_keys_in_their_shapes(ask: Ask) -> None:
    answer = ask(id="a", service="pothole", postcode=IN_ASHFIELD)
    assert list(answer) == ["id", *KEYS, "also"]
    assert answer["id"] == "a"
    assert answer["service"] == {"lgsl": 557, "slug": "pothole", "name": "Pothole or broken road surface"}
    assert answer["candidates"][0] == {"lgsl": 557, "slug": "pothole", "score": 1.0}
    assert answer["authority"] == {"gss": COUNTY, "name": "Nottinghamshire County Council"}
    assert answer["queue"] == "nottinghamshire-highways"
    assert answer["outside"] is None
    assert answer["place"] == {"postcode": IN_ASHFIELD, "district": ASHFIELD}
    assert 0 <= answer["confidence"] <= 1
    assert answer["urgent"] is False
    assert answer["needs"] == []
    assert all(isinstance(reason, str) for reason in answer["reasons"]) and answer["reasons"]
    assert answer["also"] == []


def test_further_matters_have_the_same_keys(ask: Ask) -> None:
    answer = ask(text=f"my bin was not emptied and the street light is out on my road {IN_ASHFIELD}")
    assert [list(matter) for matter in answer["also"]] == [KEYS]
    slugs = {answer["service"]["slug"], answer["also"][0]["service"]["slug"]}
    assert slugs == {"missed-bin", "street-light-broken"}


def test_the_most_urgent_matter_stands_at_the_top(ask: Ask) -> None:
    answer = ask(text=f"my bin was not emptied and there is a manhole cover missing {IN_ASHFIELD}")
    assert answer["urgent"] is True
    assert answer["service"]["slug"] == "blocked-drain"


@pytest.mark.parametrize("service", [557, "557", " 557 ", "pothole", "Pothole"], ids=repr)
def test_a_service_is_given_as_number_numeric_string_or_slug(ask: Ask, service: object) -> None:
    assert ask(service=service, postcode=IN_ASHFIELD)["service"]["slug"] == "pothole"


@pytest.mark.parametrize("service", [0, -5, 99999, "99999", "no-such-service", "9" * 50, "５５７"], ids=repr)
def test_an_unknown_service_is_a_question_and_no_error(ask: Ask, service: object) -> None:
    answer = ask(service=service, postcode=IN_ASHFIELD)
    assert answer["service"] is None
    assert answer["needs"] == ["service"]
    assert any("No service is known as" in reason for reason in answer["reasons"])


def test_a_blank_service_counts_as_none_given(ask: Ask) -> None:
    assert ask(service=" ", text="hole in the road", postcode=IN_ASHFIELD)["service"]["slug"] == "pothole"


def test_true_and_false_answer_yes_no_questions(ask: Ask) -> None:
    assert ask(service="missed-bin", postcode=IN_ASHFIELD, answers={"on-time": True, "x": False})["queue"]


@pytest.mark.parametrize(
    "answers",
    [{"need": "somewhere-to-go"}, {"need": ["somewhere-to-go"]}, {"need": "somewhere-to-go", "other": None}],
    ids=["text", "list", "with-null"],
)
def test_answers_settle_a_split_service(ask: Ask, answers: object) -> None:
    answer = ask(service="domestic-abuse", postcode=IN_ASHFIELD, answers=answers)
    assert answer["authority"]["gss"] == ASHFIELD


@pytest.mark.parametrize("answers", [{"a": 1}, {"a": 1.5}, {"a": {"b": 1}}, {"a": [1, None, {}]}, {"": ""}], ids=repr)
def test_answers_of_any_type_do_no_harm(ask: Ask, answers: object) -> None:
    assert ask(service="pothole", postcode=IN_ASHFIELD, answers=answers)["authority"]["gss"] == COUNTY


@pytest.mark.parametrize("council", [CITY, "nottingham", f" {CITY} "], ids=repr)
def test_a_council_is_given_as_code_or_slug(ask: Ask, council: str) -> None:
    assert ask(service="complaint", council=council)["authority"]["gss"] == CITY


def test_the_day_settles_which_rules_apply(ask: Ask) -> None:
    before = ask(service="parking-fine", council="ashfield", on="2008-05-11")
    after = ask(service="parking-fine", council="ashfield", on="2008-05-12")
    assert (before["authority"]["gss"], after["authority"]["gss"]) == (ASHFIELD, COUNTY)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1]",
        '"text"',
        "12",
        "null",
        '{"id": 1',
        '{"id": NaN}',
        '{"id": 1e999}',
        '{"service": ' + "9" * 5000 + "}",
        "[" * 100_000,
        "x" * 1_000_001,
    ],
    ids=lambda line: line[:12],
)
def test_a_line_that_is_no_json_object_gives_an_error_without_an_id(triage: Triage, line: str) -> None:
    answer = answer_line(triage, line, TODAY)
    assert answer is not None
    assert list(answer) == ["id", "error"]
    assert answer["id"] is None
    assert answer["error"]


@pytest.mark.parametrize("value", [["pothole"], {"a": 1}, True, 1.5], ids=repr)
@pytest.mark.parametrize("key", ["text", "service", "postcode", "council", "channel", "on"])
def test_a_value_of_the_wrong_type_gives_an_error_that_names_the_key(ask: Ask, key: str, value: object) -> None:
    answer = ask(id="mine", **{key: value})
    assert list(answer) == ["id", "error"]
    assert answer["id"] == "mine"
    assert key in answer["error"]


@pytest.mark.parametrize(
    "line", [{"on": "21/11/2026"}, {"on": "2026-02-30"}, {"answers": ["a"]}, {"council": "atlantis"}], ids=str
)
def test_a_value_that_cannot_be_read_gives_an_error(ask: Ask, line: dict[str, Any]) -> None:
    answer = ask(**line)
    assert list(answer) == ["id", "error"]
    assert answer["id"] == 1


@pytest.mark.parametrize("line", ["", "\n", "   \r\n", "\t"], ids=repr)
def test_a_blank_line_has_no_answer(triage: Triage, line: str) -> None:
    assert answer_line(triage, line, TODAY) is None


def test_a_text_of_almost_a_million_characters_is_answered(ask: Ask) -> None:
    answer = ask(text="hole in the road " + "x" * 990_000, postcode=IN_ASHFIELD)
    assert answer["service"]["slug"] == "pothole"


def test_nul_and_half_characters_are_cleaned(ask: Ask) -> None:
    answer = ask(text="hole in\x00the road \ud800 outside", postcode=IN_ASHFIELD)
    json.dumps(answer).encode("utf-8")
    assert "error" not in answer


# --- the command ----------------------------------------------------------------------------------------------------

LINES: list[bytes] = [
    b'\xef\xbb\xbf{"id": 1, "service": "pothole", "postcode": "NG15 7AA"}',
    b"",
    b"rubbish",
    b'{"id": 3, "text": "hole in the road \xff\xfe", "postcode": "NG15 7AA"}',
    b"   ",
    b'{"id": 4, "service": 557, "postcode": "SW1A 1AA"}\r',
]


def check_answers(out: str) -> None:
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, 3, 4]
    assert list(answers[1]) == ["id", "error"]
    assert [answers[n]["authority"]["gss"] for n in (0, 2)] == [COUNTY, COUNTY]
    assert answers[3]["outside"]["agency"] == answers[3]["authority"]["name"]
    assert answers[3]["queue"] is None


@pytest.fixture
def triage_app(tmp_path: Path) -> Flask:
    return create_app(Settings.from_env({"SHIREHALL_HOME": str(tmp_path)}))


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_the_command_answers_in_order_and_goes_on_after_a_bad_line(triage_app: Flask, options: list[str]) -> None:
    result = triage_app.test_cli_runner().invoke(args=["triage", *options], input=io.BytesIO(b"\n".join(LINES)))
    assert result.exit_code == 0
    check_answers(result.stdout)


def test_the_command_answers_each_line_as_it_comes(tmp_path: Path) -> None:
    environ = {**os.environ, "SHIREHALL_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "triage"]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, cwd=PROJECT, env=environ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(LINES[0] + b"\n")
        process.stdin.flush()
        first = process.stdout.readline()
        rest, faults = process.communicate(b"\n".join(LINES[1:]), timeout=60)
    assert process.returncode == 0, faults.decode()
    check_answers((first + rest).decode())
