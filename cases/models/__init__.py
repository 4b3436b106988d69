"""Every table, one family a file. Importing this package is what fills ``Base.metadata``."""

from cases.models.audit import AuditEntry
from cases.models.authority import Authority, Office, Queue, Succession
from cases.models.case import (
    Case,
    CaseRole,
    CaseStatus,
    Event,
    EventKind,
    Handover,
    Outcome,
    RoleKind,
    TrackingCode,
    TriageDecision,
)
from cases.models.contact import (
    Channel,
    Contact,
    Matter,
    MatterCase,
    MatterOutcome,
    Openness,
    TextConversation,
)
from cases.models.draft import Draft
from cases.models.handover import (
    AnswerState,
    Arbitration,
    ArbitrationCause,
    CaseClock,
    ClockEnd,
    HandoverAnswer,
)
from cases.models.messages import (
    Fact,
    InboxItem,
    InboxState,
    Lease,
    Message,
    MessageReceipt,
    MessageState,
)
from cases.models.person import ContactPoint, ContactPointKind, Person, PersonKind
from cases.models.place import Address, Place, PlaceKind
from cases.models.reorganisation import PlanState, ReorganisationMove, ReorganisationPlan
from cases.models.rules import RuleChange, RuleState, RuleSubject
from cases.models.staff import Appointment, Attempt, Role, StaffUser
from cases.models.urgent import RotaPlace, StepKind, UrgentHandover, UrgentStage, UrgentStep
from cases.models.words import Words, WordsKind

__all__ = [
    "Address",
    "AnswerState",
    "Appointment",
    "Arbitration",
    "ArbitrationCause",
    "Attempt",
    "AuditEntry",
    "Authority",
    "Case",
    "CaseClock",
    "CaseRole",
    "CaseStatus",
    "Channel",
    "ClockEnd",
    "Contact",
    "ContactPoint",
    "ContactPointKind",
    "Draft",
    "Event",
    "EventKind",
    "Fact",
    "Handover",
    "HandoverAnswer",
    "InboxItem",
    "InboxState",
    "Lease",
    "Matter",
    "MatterCase",
    "MatterOutcome",
    "Message",
    "MessageReceipt",
    "MessageState",
    "Office",
    "Openness",
    "Outcome",
    "Person",
    "PersonKind",
    "Place",
    "PlaceKind",
    "PlanState",
    "Queue",
    "ReorganisationMove",
    "ReorganisationPlan",
    "Role",
    "RoleKind",
    "RotaPlace",
    "RuleChange",
    "RuleState",
    "RuleSubject",
    "StaffUser",
    "StepKind",
    "Succession",
    "TextConversation",
    "TrackingCode",
    "TriageDecision",
    "UrgentHandover",
    "UrgentStage",
    "UrgentStep",
    "Words",
    "WordsKind",
]
