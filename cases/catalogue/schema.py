"""The shape of the catalogue files in ``cases/data/catalogue``.

Pydantic checks each entry's own shape; what ties entries together (slugs that
must exist, questions that settle a split) is in ``catalogue.check``.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=600)]
Folded = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+( [a-z0-9]+)*$", max_length=60)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]  # "No" is one


class Strict(BaseModel):
    """Immutable and closed: a mistyped key is an error, not a silent extra."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class CaseKind(StrEnum):
    """What a case is; it settles who may see it, the clock, the words and the outcomes."""

    SERVICE_REQUEST = "service-request"
    REPORT = "report"
    ENQUIRY = "enquiry"
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    MEMBER_ENQUIRY = "member-enquiry"
    INFORMATION_REQUEST = "information-request"
    DATA_PROTECTION_COMPLAINT = "data-protection-complaint"
    SAFEGUARDING_CONCERN = "safeguarding-concern"
    CLAIM = "claim"


class Tier(StrEnum):
    """Who provides a service where two tiers share an area; a unitary provides all four."""

    COUNTY = "county"
    DISTRICT = "district"
    BOTH = "both"  # each tier has a part: the split question settles which
    COUNCIL = "council"  # the council that the matter is about, or that the person chose


class PlaceAbout(StrEnum):
    """The deciding place: whose position settles whose job it is."""

    THING = "thing"
    PROPERTY = "property"
    HOME = "home"
    CHILD_HOME = "child-home"
    EVENT = "event"
    PREMISES = "premises"
    ISSUER = "issuer"
    COUNCIL = "council"
    NONE = "none"


class Exactness(StrEnum):
    """How exact a deciding place the service needs before somebody can act on it."""

    PROPERTY = "property"
    STREET = "street"
    POSTCODE = "postcode"
    NONE = "none"


class QuestionType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long-text"
    YES_NO = "yes-no"  # answers are "yes" and "no"
    CHOICE = "choice"
    CHOICES = "choices"  # several may be ticked
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"


class Reporter(StrEnum):
    OPEN = "open"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Choice(Strict):
    value: Slug
    label: Label
    goes_to: (
        Annotated[str, StringConstraints(pattern=r"^(county|district|service:[a-z0-9-]+|agency:[a-z0-9-]+)$")] | None
    ) = None
    """What this answer means for whose job it is; none: it changes nothing."""
    urgent: bool = False


class Question(Strict):
    id: Slug
    ask: Sentence
    hint: Sentence | None = None
    type: QuestionType
    required: bool = True
    choices: tuple[Choice, ...] = ()
    when: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    """Asked only if each named earlier question has one of these answers."""

    @model_validator(mode="after")
    def _choices_belong_to_choice_questions(self) -> Question:
        wants = self.type in (QuestionType.CHOICE, QuestionType.CHOICES)
        if wants and len(self.choices) < 2:
            raise ValueError(f"question {self.id}: a choice needs at least two choices")
        if not wants and self.choices and self.type is not QuestionType.YES_NO:
            raise ValueError(f"question {self.id}: only choice, choices and yes-no take choices")
        if self.type is QuestionType.YES_NO and self.choices and {c.value for c in self.choices} != {"yes", "no"}:
            raise ValueError(f"question {self.id}: a yes-no question's choices are yes and no")
        return self


class AskFirst(Strict):
    """A question before the form: the stopping answer ends in advice instead of a case."""

    rule: Literal["ask"]
    id: Slug
    ask: Sentence
    hint: Sentence | None = None
    choices: tuple[Choice, ...] = ()  # none: yes and no
    stop_on: tuple[Slug, ...]
    say: Sentence  # what to do instead, shown on the stopping answer


class TellFirst(Strict):
    """A fact that saves a needless report, shown before the form."""

    rule: Literal["tell"]
    say: Sentence


class AlreadyReported(Strict):
    """Look for open cases of this service at the same street or postcode and offer to join them."""

    rule: Literal["already-reported"]
    within_days: Annotated[int, Field(ge=1, le=365)] = 30


CheckFirst = Annotated[AskFirst | TellFirst | AlreadyReported, Field(discriminator="rule")]


class DecidingPlace(Strict):
    about: PlaceAbout
    ask: Sentence | None = None  # "Where is the pothole?", "Where does the child live?"
    hint: Sentence | None = None
    exact: Exactness = Exactness.POSTCODE

    @model_validator(mode="after")
    def _asks_in_its_own_words(self) -> DecidingPlace:
        if self.about is not PlaceAbout.NONE and not self.ask:
            raise ValueError("a deciding place needs the words to ask for it")
        return self


class Target(Strict):
    """A promise to the person: exactly one of the three, counted by the owning authority's hours."""

    working_days: Annotated[int, Field(ge=1, le=260)] | None = None
    working_hours: Annotated[int, Field(ge=1, le=80)] | None = None
    hours: Annotated[int, Field(ge=1, le=168)] | None = None  # round the clock

    @model_validator(mode="after")
    def _is_exactly_one(self) -> Target:
        if sum(v is not None for v in (self.working_days, self.working_hours, self.hours)) != 1:
            raise ValueError("a target is one of working_days, working_hours or hours")
        return self

    def as_text(self) -> str:
        if self.working_days:
            return f"{self.working_days} working day{'s' if self.working_days > 1 else ''}"
        if self.working_hours:
            return f"{self.working_hours} working hour{'s' if self.working_hours > 1 else ''}"
        return f"{self.hours} hour{'s' if self.hours != 1 else ''}"

    @property
    def round_the_clock(self) -> timedelta | None:
        return timedelta(hours=self.hours) if self.hours else None


class Window(Strict):
    """How soon after, and until how long after, the event a report is useful."""

    opens_after_hours: Annotated[int, Field(ge=0)] = 0
    closes_after_days: Annotated[int, Field(ge=1)] | None = None
    say: Sentence


class Charge(Strict):
    say: Sentence
    path: Annotated[str, StringConstraints(pattern=r"^/\S*$")] | None = None  # under the authority's own web address


class Service(Strict):
    """One council service as the public and the triage know it."""

    slug: Slug
    lgsl: Annotated[int, Field(ge=1, le=99999)] | None = None
    also_lgsl: tuple[Annotated[int, Field(ge=1, le=99999)], ...] = ()
    title: Annotated[str, StringConstraints(min_length=3, max_length=80)]
    kind: CaseKind
    topic: Slug  # where the public browses for it: topics.yaml
    team: Slug  # the queue at the responsible authority: teams.yaml
    covers: Sentence
    words: Annotated[tuple[Annotated[str, StringConstraints(min_length=2, max_length=80)], ...], Field(min_length=6)]
    tier: Tier
    split: Slug | None = None  # id of the question whose answers settle a service of both tiers
    place: DecidingPlace
    reporters: Annotated[tuple[Reporter, ...], Field(min_length=1)] = (Reporter.OPEN,)
    sensitive: bool = False
    contact: Literal["none", "optional", "required"] = "optional"
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    check_first: tuple[CheckFirst, ...] = ()
    target: Target
    urgent_target: Target | None = None
    danger: Sentence | None = None
    next: Sentence
    could_be: tuple[Annotated[str, StringConstraints(pattern=r"^(agency:)?[a-z0-9-]+$")], ...] = ()
    needs_council_homes: bool = False  # only where the responsible council owns homes
    complete: bool = False
    window: Window | None = None
    exclusions: tuple[Sentence, ...] = ()
    charge: Charge | None = None
    assisted: Sentence | None = None
    script: Annotated[tuple[Sentence, ...], Field(max_length=5)] = ()
    closed_on: date | None = None  # the first day on which no council provides it any more
    instead: Slug | None = None  # the service that took its place

    def is_provided(self, on: date) -> bool:
        return self.closed_on is None or on < self.closed_on

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)


class Agency(Strict):
    """A body that is not one of the partnership's councils, and that a person is sent on to."""

    slug: Slug
    name: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    does: Sentence
    words: Annotated[tuple[str, ...], Field(min_length=3)]
    how: Sentence  # how to reach it, fit to be read out
    phone: str | None = None
    web: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    emergency: bool = False
    only_with: tuple[str, ...] = ()
    """Words (as they are after normalising) one of which must be said before words alone lead here."""
    area: tuple[Annotated[str, StringConstraints(pattern=r"^(everywhere|[A-Z]\d{8}|some:[A-Z]\d{8})$")], ...]
    """GSS codes it covers; "some:" a part of that district only; "everywhere"."""
    source: Sentence
    checked: str | None = None  # ISO date somebody last checked; none: nobody has


class Topic(Strict):
    slug: Slug
    title: str
    about: Sentence


class Team(Strict):
    slug: Slug
    title: str
    things: str  # plural, for "… in Ashfield are looked after by …"
    about: Sentence


class UrgentSign(Strict):
    """Words that mean danger, what to say at once, and where the matter goes."""

    id: Slug
    words: Annotated[tuple[str, ...], Field(min_length=3)]
    tell: Sentence
    service: Slug | None = None
    agency: Slug | None = None


class PlaceName(Strict):
    """A town, suburb or village and the district or districts it lies in, the likeliest first.

    ``also``: other ways to write it. ``is_word``: also an ordinary word, so it counts only with a capital letter.
    """

    name: str
    also: tuple[str, ...] = ()
    districts: Annotated[tuple[str, ...], Field(min_length=1)]
    is_word: bool = False


class RoadKind(StrEnum):
    MOTORWAY = "motorway"
    TRUNK = "trunk"  # a national road wholly
    PART_TRUNK = "part-trunk"  # a national road on one stretch, a council's on the rest
    LOCAL = "local"


class Road(Strict):
    """A numbered road and the districts it passes through; for one that is national in part, how to tell where."""

    road: Annotated[str, StringConstraints(pattern=r"^[ABM][1-9]\d{0,3}(\(M\))?$")]
    kind: RoadKind
    districts: Annotated[tuple[str, ...], Field(min_length=1)]
    trunk_at: tuple[Folded, ...] = ()  # words in lower case that name the national stretch
    local_at: tuple[Folded, ...] = ()  # and the council's
    ask: Sentence | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _asks_for_its_stretch(self) -> Road:
        if (self.kind is RoadKind.PART_TRUNK) != bool(self.ask):
            raise ValueError("a road that is national in part asks for the stretch, and no other does")
        if self.kind is not RoadKind.PART_TRUNK and (self.trunk_at or self.local_at):
            raise ValueError("only a road that is national in part has stretches")
        return self
