"""E-mail by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, unquote, urlsplit

from channels.delivery.senders import Fate, Outgoing, SendError, Sent

SUBJECTS = {
    "acknowledgement": "We have your message",
    "handed-over": "Your case has been passed on",
    "closed": "Your case is closed",
    "tracking-code": "Your code",
    "urgent-duty": "Something urgent waits for you",
}
_ANY_SUBJECT = "About your case"


class SmtpSender:
    """``url`` is ``smtp://`` (STARTTLS when offered) or ``smtps://``, with user and password when needed."""

    is_repeatable = False

    def __init__(self, url: str, site_name: str, message_domain: str, timeout: float = 10) -> None:
        self._url, self._site, self._domain, self._timeout = urlsplit(url), site_name, message_domain, timeout

    def send(self, outgoing: Outgoing) -> Sent:
        mail = self._mail(outgoing)
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise SendError(Fate.TEMPORARY, "smtp-unreachable") from error
        with server:
            try:
                server.send_message(mail)
            except smtplib.SMTPRecipientsRefused as error:
                codes = [code for code, _ in error.recipients.values()]
                raise _refused(codes[0] if codes else 550) from error
            except smtplib.SMTPResponseException as error:
                raise _refused(error.smtp_code) from error
            except (OSError, smtplib.SMTPException) as error:
                raise SendError(Fate.UNCERTAIN, "smtp-cut-off") from error
        return Sent(mail["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        url = self._url
        host = url.hostname or "localhost"
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, url.port or 465, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, url.port or 25, timeout=self._timeout)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server

    def _mail(self, outgoing: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        if "@" not in outgoing.to_value:
            raise SendError(Fate.PERMANENT, "bad-address")
        try:
            mail["To"] = outgoing.to_value
        except ValueError as error:
            raise SendError(Fate.PERMANENT, "bad-address") from error
        mail["From"] = outgoing.from_value or sender_address(self._url, self._site, self._domain)
        mail["Subject"] = SUBJECTS.get(outgoing.purpose, _ANY_SUBJECT)
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<message-{outgoing.message_id}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(outgoing.text)
        return mail


def sender_address(url: SplitResult, site: str, domain: str) -> str:
    user = unquote(url.username or "")
    address = user if "@" in user else f"no-reply@{domain}"
    plain = site.replace('"', "").replace("\\", "")
    return f'"{plain}" <{address}>'


def _refused(code: int) -> SendError:
    fate = Fate.TEMPORARY if 400 <= code < 500 else Fate.PERMANENT
    return SendError(fate, f"smtp-{code}")
