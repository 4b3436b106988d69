"""The forms of a plan's page. Shape only: what a rule forbids is said by the action."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovDateInput, GovTextArea
from wtforms import BooleanField, DateField, TextAreaField
from wtforms.validators import InputRequired, Length

LONGEST_REASON = 2_000


class _ReasonForm(FlaskForm):
    """``name`` tells the page which of its forms came back."""

    class Meta:
        csrf = False  # the application checks every form's token before its view runs

    name = ""
    reason = TextAreaField(
        "Why",
        description="Kept with the plan. Name the order, the decision or the meeting.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Say why, for whoever looks back at this"),
            Length(max=LONGEST_REASON, message="Write a shorter reason: at most 2,000 characters"),
        ],
    )


class DayField(DateField):
    """A day in three boxes; the widget breaks on any other number of them."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [*valuelist, "", "", ""][:3]
        super().process_formdata(self.raw_data if any(self.raw_data) else [])


class DayForm(_ReasonForm):
    name = "day"
    day = DayField(
        "The day it takes effect",
        description="At midnight as this day begins. Every other date in the plan moves by as many days.",
        format="%d %m %Y",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day it takes effect")],
    )
    confirmed = BooleanField(
        "I have checked the plan against the order that makes the change, or this is practice",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Confirm that you have checked the plan, because it is marked as a rehearsal")],
    )


class CallOffForm(_ReasonForm):
    name = "call-off"


class UndoForm(_ReasonForm):
    name = "undo"
