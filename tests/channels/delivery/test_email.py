from __future__ import annotations

import pytest

from cases.models.contact import Channel
from channels.delivery.email import SmtpSender
from channels.delivery.senders import Fate, Outgoing, SendError
from tests.servers.parts import free_port
from tests.servers.smtp import MailServer


def outgoing(to: str = "jo@example.org") -> Outgoing:
    return Outgoing(7, Channel.EMAIL, to, None, "acknowledgement", "We have your report – reference 4719-0362-58.")


def sender(url: str) -> SmtpSender:
    return SmtpSender(url, 'Notts "Councils"', "help.example.org", timeout=2)


def test_an_email_is_sent(smtp_server: MailServer) -> None:
    sent = sender(smtp_server.url).send(outgoing())
    mail = smtp_server.received[0]
    assert mail.recipients == ("jo@example.org",)
    assert mail.message["Subject"] == "We have your message"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Message-ID"] == sent.provider_id == "<message-7@help.example.org>"
    assert "reference 4719-0362-58" in mail.message.get_content()


@pytest.mark.parametrize(
    ("answer", "fate"), [("451 Try again later", Fate.TEMPORARY), ("550 No such mailbox", Fate.PERMANENT)]
)
def test_a_refusal_has_its_fate(smtp_server: MailServer, answer: str, fate: Fate) -> None:
    smtp_server.refuse_with = answer
    with pytest.raises(SendError) as caught:
        sender(smtp_server.url).send(outgoing())
    assert (caught.value.fate, caught.value.code) == (fate, f"smtp-{answer[:3]}")


def test_a_server_that_cannot_be_reached_leaves_no_doubt() -> None:
    with pytest.raises(SendError) as caught:
        sender(f"smtp://127.0.0.1:{free_port()}").send(outgoing())
    assert caught.value.fate is Fate.TEMPORARY


@pytest.mark.parametrize("address", ["jo@example.org\nBcc: all@example.org", "", "no address"])
def test_a_bad_address_is_refused(smtp_server: MailServer, address: str) -> None:
    with pytest.raises(SendError) as caught:
        sender(smtp_server.url).send(outgoing(address))
    assert caught.value.fate is Fate.PERMANENT
    assert smtp_server.received == []
