"""What Twilio's webhooks say, in our shapes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from cases.models.messages import MessageState
from cases.text_cleaning import clean
from channels.sms.inbound import InboundText
from channels.twilio.statuses import read_state

PROVIDER = "twilio"
_LONGEST_ID = 120


@dataclass(frozen=True)
class StatusReport:
    """A delivery report. ``state`` is None when the provider's word moves nothing; ``word`` is kept all the same."""

    provider_id: str
    word: str
    state: MessageState | None
    error_code: str | None


def to_bytes(pairs: Iterable[tuple[str, str]]) -> bytes:
    """The form as sent, as one run of bytes for the inbox."""
    return urlencode(list(pairs), errors="surrogatepass").encode("ascii")


def read_bytes(payload: bytes) -> InboundText:
    """The other way: what the inbox kept."""
    pairs = parse_qsl(payload.decode("ascii"), keep_blank_values=True, errors="surrogatepass")
    return inbound_text({name: clean(value) for name, value in pairs})


def inbound_text(form: Mapping[str, str]) -> InboundText:
    """Every field may be missing: a text without an id of its own gets one from its content."""
    return InboundText(
        provider_id=_message_id(form) or _id_of_content(form),
        their_number=form.get("From", "").strip()[:100],
        our_number=form.get("To", "").strip()[:100],
        body=form.get("Body", ""),
        media_count=_count(form.get("NumMedia", "")),
        stop_is_confirmed=True,
        help_is_answered=form.get("OptOutType", "").strip().upper() == "HELP",
    )


def status_report(form: Mapping[str, str]) -> StatusReport | None:
    """None when it names no message."""
    provider_id = _message_id(form)
    if not provider_id:
        return None
    word = (form.get("MessageStatus") or form.get("SmsStatus") or "").strip().lower()[:80]
    code = form.get("ErrorCode", "").strip()[:80]
    return StatusReport(provider_id, word or "unknown", read_state(word), code if code not in ("", "0") else None)


def _message_id(form: Mapping[str, str]) -> str:
    for name in ("MessageSid", "SmsMessageSid", "SmsSid"):
        if form.get(name, "").strip():
            return form[name].strip()[:_LONGEST_ID]
    return ""


def _id_of_content(form: Mapping[str, str]) -> str:
    content = repr(sorted(form.items())).encode("utf-8", "surrogatepass")
    return f"content-{hashlib.sha256(content).hexdigest()[:40]}"


def _count(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
