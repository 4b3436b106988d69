"""The forms for following a case: shape only, so that an answer tells nothing of which references there are."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field, StringField
from wtforms.validators import InputRequired, ValidationError

from cases.actions.tracking import is_code
from cases.references import read_reference


def _digits(text: str | None) -> str:
    return re.sub(r"[\s\-.]", "", text or "")


class ReferenceForm(FlaskForm):
    reference = StringField(
        "Reference",
        description="Ten digits, like 4719-0362-58",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your reference")],
    )

    def validate_reference(self, field: Field) -> None:
        if read_reference(field.data or "") is None:
            raise ValidationError("Check the reference: it has ten digits, like 4719-0362-58, and one may be wrong")

    def digits(self) -> str:
        """The ten digits, once the form is valid."""
        return read_reference(self.reference.data or "") or ""


class PinForm(ReferenceForm):
    pin = StringField(
        "PIN",
        description="Six digits. You were given it with the reference",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your PIN")],
    )

    def validate_pin(self, field: Field) -> None:
        if not is_code(_digits(field.data)):
            raise ValidationError("The PIN is six digits, like 082 417")

    def pin_digits(self) -> str:
        return _digits(self.pin.data)


class CodeForm(FlaskForm):
    code = StringField(
        "Code",
        description="Six digits",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code from the text message")],
    )

    def validate_code(self, field: Field) -> None:
        if not is_code(_digits(field.data)):
            raise ValidationError("The code is six digits")

    def code_digits(self) -> str:
        return _digits(self.code.data)
