"""The forms of the case page. Shape only: what a rule forbids is said by the action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.casework.handover_words import REFUSAL_WORDS, VIEW_WORDS
from app.casework.words import OUTCOME_LABELS, REASON_WORDS, STATUS_WORDS
from cases.models.authority import Queue
from cases.models.case import Case, CaseStatus

Choices = Sequence[tuple[str, str]]
LONGEST_TEXT = 10_000
LONGEST_MESSAGE = 1_500  # ten text messages; an e-mail could be longer, but nobody reads that


class Version(NamedTuple):
    """What the form was opened on: the row's version, and the last event that its page showed."""

    version_id: int
    seq: int

    @classmethod
    def of(cls, case: Case) -> Version:
        return cls(case.version_id, case.last_event_seq)

    @classmethod
    def read(cls, text: str | None) -> Version | None:
        first, _, second = (text or "").partition(".")
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (first, second)):
            return None
        return cls(int(first), int(second))

    def __str__(self) -> str:
        return f"{self.version_id}.{self.seq}"


class CaseForm(FlaskForm):
    """``version`` makes a change by somebody else, since the page was opened, a conflict instead of a silent loss."""

    class Meta:
        csrf = False  # the application checks every form's token before its view runs

    name = ""
    version = HiddenField()

    def opened_on(self) -> Version | None:
        return Version.read(self.version.data)

    def open_on(self, case: Case) -> None:
        self.version.data = str(Version.of(case))


class NoteForm(CaseForm):
    name = "note"
    note = TextAreaField(
        "Note",
        description="Only staff see it.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Write the note before you save it."),
            Length(max=LONGEST_TEXT, message="Write a shorter note: at most 10,000 characters."),
        ],
    )


class MessageForm(CaseForm):
    name = "message"
    dedupe_key = HiddenField()
    message = TextAreaField(
        "Message",
        widget=GovTextArea(),
        validators=[
            InputRequired("Write the message before you send it."),
            Length(max=LONGEST_MESSAGE, message="Write a shorter message: at most 1,500 characters."),
        ],
    )


class StatusForm(CaseForm):
    name = "status"
    status = SelectField(
        "Status",
        widget=GovSelect(),
        choices=[
            SelectChoice(status.value, words)
            for status, words in STATUS_WORDS.items()
            if status is not CaseStatus.CLOSED
        ],
    )


class CloseForm(CaseForm):
    name = "close"
    outcome = RadioField(
        "How did it end?",
        widget=GovRadioInput(),
        choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOME_LABELS.items()],
        validators=[InputRequired("Choose how it ended.")],
        validate_choice=True,
    )
    reason = TextAreaField(
        "What should the customer know?",
        widget=GovTextArea(),
        validators=[Length(max=LONGEST_MESSAGE, message="Write less: at most 1,500 characters.")],
    )


class HandOverForm(CaseForm):
    name = "hand-over"
    queue = SelectField("Who should have it?", validators=[InputRequired("Choose the council and team.")])
    reason = RadioField(
        "Why?",
        widget=GovRadioInput(),
        choices=[SelectChoice(reason.value, words) for reason, words in REASON_WORDS.items()],
        validators=[InputRequired("Choose a reason.")],
    )
    words = TextAreaField(
        "What should they know?",
        description="The receiving team reads this, so that they need not ask you.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say why, so that the receiving council need not ask."),
            Length(max=LONGEST_TEXT, message="Write less: at most 10,000 characters."),
        ],
    )

    service = SelectField("What is it about after all?", validators=[Optional()])
    customer_view = RadioField(
        "What does the customer say to it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(view.value, words) for view, words in VIEW_WORDS.items()],
        validators=[Optional()],
    )

    def offer(self, queues: Sequence[Queue], services: Choices = ()) -> None:
        self.queue.choices = [SelectChoice(queue.slug, queue.name) for queue in queues]
        self.service.choices = [SelectChoice("", ""), *(SelectChoice(value, text) for value, text in services)]


class RefuseForm(CaseForm):
    name = "refuse"
    reason = RadioField(
        "Why?",
        widget=GovRadioInput(),
        choices=[SelectChoice(reason.value, words) for reason, words in REFUSAL_WORDS.items()],
        validators=[InputRequired("Choose a reason.")],
    )
    words = TextAreaField(
        "What should they know?",
        description="Whose job it is, if you know. The council that gets it back reads this.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say why, so that who gets it back need not ask."),
            Length(max=LONGEST_TEXT, message="Write less: at most 10,000 characters."),
        ],
    )


class DecideForm(CaseForm):
    """The arbiter names the council."""

    name = "decide"
    queue = SelectField(
        "Which council has to deal with it?", validators=[InputRequired("Choose the council and team.")]
    )
    words = TextAreaField(
        "Why?",
        description="Both councils read this.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say why, so that both councils understand it."),
            Length(max=LONGEST_TEXT, message="Write less: at most 10,000 characters."),
        ],
    )

    def offer(self, queues: Sequence[Queue]) -> None:
        self.queue.choices = [SelectChoice(queue.slug, queue.name) for queue in queues]


class SettleForm(CaseForm):
    """What would settle whose job it is: whatever of it has been found out."""

    name = "settle"
    answer = RadioField("Answer", widget=GovRadioInput(), choices=[], validators=[Optional()], validate_choice=True)
    where = StringField(
        "Where is it?",
        description="A postcode, or a street and town",
        widget=GovTextInput(),
        validators=[Length(max=300, message="Write less: at most 300 characters.")],
    )
    service = SelectField("What is it about?", validators=[Optional()])
    council = SelectField("Which council?", validators=[Optional()])

    def offer(self, answers: Choices, services: Choices, councils: Choices) -> None:
        none = SelectChoice("", "")
        self.answer.choices = [SelectChoice(value, text) for value, text in answers]
        self.service.choices = [none, *(SelectChoice(value, text) for value, text in services)]
        self.council.choices = [none, *(SelectChoice(value, text) for value, text in councils)]


class ButtonForm(CaseForm):
    """One button and nothing typed."""

    name = "button"
