"""A mail server that keeps what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.parts import free_port


@dataclass(frozen=True)
class Mail:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class MailServer:
    """``refuse_with`` is an SMTP answer, such as ``451 Try again later``, given instead of taking a message."""

    url: str
    received: list[Mail] = field(default_factory=list)
    refuse_with: str | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse_with:
            return self.refuse_with
        message = cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=policy.default))
        self.received.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 Message accepted for delivery"


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    port = free_port()
    mail_server = MailServer(f"smtp://127.0.0.1:{port}")
    controller = Controller(mail_server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mail_server
    finally:
        controller.stop()
