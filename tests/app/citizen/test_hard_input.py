"""Long, odd and broken things that people type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app import wiring
from app.citizen.answers import AnswerError, Asked, read_answer
from cases.catalogue.schema import QuestionType
from cases.models.words import Words
from tests.app.citizen.visiting import HUCKNALL, Visitor, cases_in, rows_of


def test_ten_thousand_characters_with_emoji_are_kept_whole(app: Flask, visitor: Visitor) -> None:
    text = ("The bus stop flag has gone 🚌 " * 500)[:10_000].strip()
    visitor.go("/report/other")
    visitor.press(text=text)
    assert visitor.step == "place"
    visitor.press(postcode=HUCKNALL)
    visitor.answer_until("check", {})
    visitor.press()
    assert visitor.step == "sent"
    with app.app_context():
        from sqlalchemy import select

        from app.extensions import db

        assert text in db.session.scalars(select(Words.text)).all()


def test_one_character_too_many_is_refused_plainly_and_kept(visitor: Visitor) -> None:
    text = "x" * 10_001
    visitor.go("/report/other")
    visitor.press(text=text)
    assert visitor.page.status_code == 422
    assert "10,001 characters" in visitor.text
    assert text in visitor.page.text


def test_nul_bytes_and_lone_surrogates_do_no_harm(app: Flask, visitor: Visitor) -> None:
    visitor.go("/report/other")
    visitor.press(text="a lamp\x00 post is out in Hucknall")
    visitor.answer_until("check", {"place": {"way": "unknown"}})
    visitor.press()
    assert visitor.step == "sent"


def test_own_words_reach_a_queue_by_themselves(app: Flask, visitor: Visitor) -> None:
    visitor.go("/report/other")
    visitor.press(text="There is a huge pothole on my road")
    visitor.press(postcode=HUCKNALL)
    visitor.answer_until("check", {})
    visitor.press()
    assert [queue for _, queue in cases_in(app)] == ["nottinghamshire-highways"]


@pytest.mark.parametrize("words", ["qwertyuiop zxcvb", "asdf qwer zxcv", "lorem ipsum dolor sit amet", "???"])
def test_search_without_a_match_keeps_the_words_and_offers_to_ask(visitor: Visitor, words: str) -> None:
    visitor.go(f"/report?q={words.replace(' ', '+')}")
    assert f"We found nothing for “{words}”" in visitor.text
    assert f">{words}</textarea>" in visitor.page.text
    assert "Ask us anyway" in visitor.text


@pytest.mark.parametrize("words", ["qwertyuiop zxcvb", "asdf qwer zxcv", "lorem ipsum dolor sit amet"])
def test_nothing_is_suggested_for_words_that_mean_nothing(visitor: Visitor, words: str) -> None:
    visitor.go(f"/report/suggestions?q={words.replace(' ', '+')}")
    assert visitor.text == "0 suggestions"


def test_unknown_service_is_a_plain_page_with_a_search(visitor: Visitor) -> None:
    assert visitor.go("/report/unicorn-repair").status_code == 404
    assert "We do not know that service" in visitor.text


@pytest.fixture
def closed_pothole(app: Flask) -> Iterator[None]:
    """The catalogue as it is once nobody provides potholes any more; it is shared, so it is put back."""
    with app.app_context():
        catalogue = wiring.the_kit().catalogue
    before = catalogue.services
    ended = {"closed_on": date(2026, 11, 19), "instead": "pavement-damaged"}
    changed = {**before, "pothole": before["pothole"].model_copy(update=ended)}
    object.__setattr__(catalogue, "services", changed)
    yield
    object.__setattr__(catalogue, "services", before)


def test_service_that_closed_yesterday_says_so_and_names_what_took_its_place(
    visitor: Visitor, closed_pothole: None
) -> None:
    visitor.go("/report/pothole")
    assert "has ended" in visitor.text
    assert "Broken or uneven pavement" in visitor.text
    visitor.go("/report?q=pothole")
    assert 'href="/report/pothole"' not in visitor.page.text


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "12345", "phone number"),
        ("email", "not an address", "email address"),
        ("name", "n" * 300, "300 characters"),
    ],
)
def test_details_that_cannot_be_used_are_kept_and_explained(
    visitor: Visitor, field: str, typed: str, says: str
) -> None:
    visitor.go("/report/other")
    visitor.press(text="a question")
    visitor.press(way="unknown")
    assert visitor.step == "details"
    visitor.press(**{field: typed})
    assert visitor.page.status_code == 422
    assert says in visitor.text
    assert f'value="{typed}"' in visitor.page.text


def test_foreign_number_is_taken_with_its_country_code(visitor: Visitor) -> None:
    visitor.go("/report/other")
    visitor.press(text="a question")
    visitor.press(way="unknown")
    visitor.press(phone="+33 1 23 45 67 89")
    assert visitor.step == "safe-ways"


def test_nothing_is_safe_unless_it_was_ticked(app: Flask, visitor: Visitor) -> None:
    from cases.models.person import ContactPoint
    from tests.app.citizen.visiting import first_row

    visitor.go("/report/other")
    visitor.press(text="a pothole in Hucknall please")
    visitor.press(way="unknown")
    visitor.press(phone="07700 900123")
    visitor.press(ways=["call"])
    visitor.press()
    point = first_row(app, ContactPoint)
    assert (point.safe_call, point.safe_text, point.safe_voicemail) == (True, False, False)
    assert rows_of(app, ContactPoint) >= 1


def test_words_that_mean_danger_bring_advice_before_anything_else(app: Flask, visitor: Visitor) -> None:
    visitor.go("/report/other")
    visitor.press(text="There is a smell of gas in my kitchen")
    assert visitor.step == "danger"
    assert "0800 111 999" in visitor.text
    visitor.go("/report?q=smell+of+gas")
    assert "0800 111 999" in visitor.text


@pytest.mark.parametrize("part", ["day", "month", "year"])
def test_a_date_of_astronomic_size_is_no_date(part: str) -> None:
    asked = Asked("when", "When was it?", None, QuestionType.DATE, True, ())
    typed = {"answer-day": "1", "answer-month": "2", "answer-year": "2026", f"answer-{part}": "9" * 30}
    with pytest.raises(AnswerError, match="Enter a real date"):
        read_answer(asked, MultiDict(typed))
