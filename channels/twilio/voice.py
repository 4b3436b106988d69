"""What is said to somebody who rings the text number, and the empty answer to a webhook."""

from __future__ import annotations

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

_VOICE, _LANGUAGE = "Polly.Amy", "en-GB"


def nothing() -> str:
    """The answer that asks Twilio to do nothing: what we have to say leaves by the outbox."""
    return str(MessagingResponse())


def greeting(partnership: str, web_address: str) -> str:
    response = VoiceResponse()
    for sentence in (
        f"Hello. You have reached {partnership}.",
        "If anybody is in danger, hang up now and ring 9 9 9.",
        "If you cannot speak or hear, text 9 9 9 from a registered phone, or call 1 8 0 0 0 with Relay U K.",
        "This number takes text messages. Text us what is wrong and where it is, with a postcode if you can.",
        f"Or tell us on our website, at {_spoken(web_address)}.",
        "Goodbye.",
    ):
        response.say(sentence, voice=_VOICE, language=_LANGUAGE)
        response.pause(length=1)
    response.hangup()
    return str(response)


def _spoken(address: str) -> str:
    return address.split("://", 1)[-1].rstrip("/").replace(".", " dot ").replace("/", " slash ")
