"""What is asked for, where, and whose job it is. Pure: data in, :class:`Decision` out."""

from cases.triage.decision import DecidedPlace, Decision, Enquiry, Outside, SignpostTo
from cases.triage.engine import Triage
from cases.understanding.candidate import Candidate

__all__ = ["Candidate", "DecidedPlace", "Decision", "Enquiry", "Outside", "SignpostTo", "Triage"]
