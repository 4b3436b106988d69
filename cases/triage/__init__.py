"""What is asked for, where, and whose job it is. Pure: data in, :class:`Decision` out."""

from cases.triage.decision import Candidate, DecidedPlace, Decision, Enquiry, Outside, SignpostTo
from cases.triage.engine import Triage

__all__ = ["Candidate", "DecidedPlace", "Decision", "Enquiry", "Outside", "SignpostTo", "Triage"]
