"""Twilio's words for a message's fate, in ours."""

from __future__ import annotations

from cases.models.messages import MessageState

_STATES = {
    "accepted": MessageState.SENT,  # the provider has it: that is our "sent"
    "scheduled": MessageState.SENT,
    "queued": MessageState.SENT,
    "sending": MessageState.SENT,
    "sent": MessageState.SENT,
    "partially_delivered": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}

OPTED_OUT = "21610"
_TRY_AGAIN = frozenset({"20429", "21611", "30001", "30022"})
_OURS_TO_MEND = frozenset({"20003", "20005", "30002"})  # the account, not the message, is at fault

_WORDS = {
    "20003": "The provider did not accept our account details.",
    "20429": "The provider asked us to slow down.",
    "21211": "That is not a phone number that can be texted.",
    "21408": "Texts to that country are switched off.",
    "21608": "The provider's trial account may not text that number.",
    "21610": "They have told us to stop texting them.",
    "21611": "Too many texts are waiting to go from our number.",
    "21612": "That number cannot be reached from ours.",
    "21614": "That number cannot receive texts.",
    "30001": "Too many texts were waiting to go.",
    "30002": "The provider has suspended our account.",
    "30003": "The phone was switched off or out of reach.",
    "30004": "The phone does not accept our texts.",
    "30005": "The number is not in use.",
    "30006": "The number is a landline, or its network does not take texts.",
    "30007": "The network filtered the text as unwanted.",
    "30008": "The network did not say why it failed.",
}


def read_state(status: str) -> MessageState | None:
    """None for a word that moves nothing: unknown, or about a message that came in."""
    return _STATES.get(status.strip().lower())


def plain_words(code: str | None) -> str:
    return _WORDS.get(code or "", "The text could not be sent.")


def can_try_again(code: str) -> bool:
    return code in _TRY_AGAIN or code in _OURS_TO_MEND


def seconds_to_wait(code: str) -> float | None:
    """An account at fault needs a person first: asking every few seconds only makes it worse."""
    return 300.0 if code in _OURS_TO_MEND else None
