"""A form being filled in: the draft, the service that it is about, and what is known so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for

from app.citizen.place import UNKNOWN, place_given
from app.citizen.visitor import remember_form, token_hash, visitor_hash, visitor_secret
from app.clock import now
from app.extensions import db
from app.wiring import the_kit
from cases.actions.drafts import begin_draft, find_draft, keep_in_draft
from cases.actions.given import PlaceGiven
from cases.catalogue.schema import PlaceAbout, Service
from cases.local_day import london_day
from cases.models.draft import Draft
from cases.triage.asking import OPEN_STRETCH
from cases.triage.decision import Answer, Decision, Enquiry

PRIVATE = "private"  # stands for the name of a sensitive service in addresses, which browsers remember
OTHER = "other"  # asked in one's own words


@dataclass
class Filling:
    """``data`` is changed with :meth:`keep` only; the caller commits."""

    draft: Draft
    token: str
    service: Service | None

    @property
    def data(self) -> Mapping[str, Any]:
        return self.draft.data

    @property
    def is_sensitive(self) -> bool:
        return bool(self.service and self.service.sensitive)

    @property
    def segment(self) -> str:
        return segment_of(self.service)

    @property
    def title(self) -> str:
        """What the pages call it; a sensitive service is not named."""
        if self.service is None:
            return "Ask us"
        return "Private help" if self.is_sensitive else self.service.title

    @property
    def answers(self) -> dict[str, Answer]:
        return {k: tuple(v) if isinstance(v, list) else v for k, v in self.data.get("answers", {}).items()}

    @property
    def place(self) -> dict[str, Any]:
        return dict(self.data.get("place") or {})

    @property
    def asks_council(self) -> bool:
        """Whether the deciding place is a council and not a spot on the map."""
        return self.service is not None and self.service.place.about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER)

    @cached_property
    def today(self) -> date:
        return london_day(now())

    def keep(self, **parts: Any) -> None:
        """Change some parts of what is known; None takes a part away."""
        data = {k: v for k, v in {**self.draft.data, **parts}.items() if v is not None}
        keep_in_draft(self.draft, data, now(), sensitive=self.is_sensitive)
        self.__dict__.pop("doubtful", None)

    def keep_answer(self, question_id: str, answer: Answer) -> None:
        kept = list(answer) if isinstance(answer, tuple) else answer
        self.keep(answers={**self.data.get("answers", {}), question_id: kept})

    def url(self, step: str) -> str:
        return url_for("citizen.form_step", segment=self.segment, token=self.token, step=step)

    def enquiry(self, answers: Mapping[str, Answer] | None = None) -> Enquiry:
        return self._enquiry(place_given(self.place), self.answers if answers is None else answers)

    def _enquiry(self, given: PlaceGiven | None, answers: Mapping[str, Answer]) -> Enquiry:
        return Enquiry(
            on=self.today,
            text=str(self.data.get("text", "")),
            service=self.service.slug if self.service else None,
            postcode=given.postcode if given else None,
            district=given.district if given else None,
            council=self.council,
            answers=answers,
            channel="web",
            place_said=", ".join(p for p in (given.street, given.said) if p) if given else "",
        )

    @cached_property
    def doubtful(self) -> Decision | None:
        """The decision that waits for the area of the place, as if it had not been asked; None when that is settled."""
        place = {k: v for k, v in self.place.items() if k != "area"}
        if not place or place.get("way") == UNKNOWN or place.get("district"):
            return None
        decided = the_kit().triage.decide(self._enquiry(place_given(place), self.answers))
        return next((d for d in decided if _waits_for_area(d)), None)

    @property
    def needs_area(self) -> bool:
        """Whether which council's area it is in would change whose job it is."""
        return self.doubtful is not None

    @property
    def council(self) -> str | None:
        """GSS code of the council that was chosen, if one was."""
        chosen = self.data.get("council") or {}
        found: str | None = chosen.get("gss")
        return found

    def decide(self, answers: Mapping[str, Answer] | None = None) -> Decision:
        return the_kit().triage.best(self.enquiry(answers))


def _waits_for_area(decision: Decision) -> bool:
    if not decision.needs or decision.rule == OPEN_STRETCH:
        return False
    is_placed = decision.place is not None and decision.place.district is not None
    return decision.needs[0] in ("place", "address") or (decision.needs[0] in ("council", "service") and not is_placed)


def segment_of(service: Service | None) -> str:
    if service is None:
        return OTHER
    return PRIVATE if service.sensitive else service.slug


def begin_filling(service: Service | None, data: dict[str, Any] | None = None) -> Filling:
    """A new form for this visitor; the caller commits."""
    token = the_kit().sealer.new_token()
    sensitive = bool(service and service.sensitive)
    visitor_secret()
    hashed = visitor_hash()
    assert hashed is not None
    slug = service.slug if service else None
    draft = begin_draft(db.session, token_hash(token), hashed, slug, data or {}, now(), sensitive=sensitive)
    if service and not sensitive:
        remember_form(service.slug, token)
    return Filling(draft, token, service)


def find_filling(token: str) -> Filling | None:
    """The form with this address, if it is this visitor's and still kept."""
    visitor = visitor_hash()
    if visitor is None:
        return None
    draft = find_draft(db.session, token_hash(token), visitor, now(), to_change=request.method == "POST")
    if draft is None:
        return None
    service = the_kit().service(draft.service_slug)
    if draft.service_slug and service is None:
        return None  # the service has left the catalogue
    return Filling(draft, token, service)
