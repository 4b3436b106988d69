from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from channels.twilio.signature import is_signed, public_url

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def check(
    url: str = URL,
    params: object = None,
    signature: str | None = SIGNATURE,
    settings: str | None = None,
    token: str = TOKEN,
) -> bool:
    headers = Headers()
    if signature is not None:
        headers["X-Twilio-Signature"] = signature
    if settings is not None:
        headers["X-Twilio-Webhooks-Signature-Settings"] = settings
    form: MultiDict[str, str] = MultiDict(PARAMS if params is None else params)  # type: ignore[arg-type]
    return is_signed(token, url, form, headers.get)


def test_the_providers_own_example_is_accepted() -> None:
    assert check()


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "RSOYDt4T1cUTdK1PDd93/VVr8B9="},
        {"signature": ""},
        {"signature": None},
        {"token": "12346"},
        {"token": ""},
        {"url": "http://mycompany.com/myapp.php?foo=1&bar=2"},
        {"url": "https://mycompany.com/myapp.php?foo=1"},
        {"url": "https://mycompany.com/MyApp.php?foo=1&bar=2"},
        {"params": {**PARAMS, "Extra": ""}},
        {"params": {**PARAMS, "Digits": "1235"}},
        {"signature": "é" * 28},
    ],
    ids=str,
)
def test_anything_changed_is_refused(change: dict[str, object]) -> None:
    assert not check(**change)  # type: ignore[arg-type]


@pytest.mark.parametrize("port", ["", ":443", ":8443"])
def test_a_port_in_the_address_does_not_matter(port: str) -> None:
    assert check(url=URL.replace("mycompany.com", f"mycompany.com{port}"))


def test_the_newer_algorithm_is_read_from_its_header() -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, PARAMS, "HMAC_SHA256")
    assert check(signature=signature, settings="key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")
    assert not check(signature=signature)
    assert not check(settings="key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")


@pytest.mark.parametrize("settings", ["algorithm=HMAC_MD5", "algorithm=none", "key=1,algorithm=HMAC_SHA512"])
def test_an_algorithm_we_do_not_know_is_refused(settings: str) -> None:
    assert not check(settings=settings)


@pytest.mark.parametrize("settings", ["", "key=1", "algorithm=HMAC_SHA1"])
def test_without_an_algorithm_named_it_is_the_old_one(settings: str) -> None:
    assert check(settings=settings)


def test_repeated_names_count_each_value_once() -> None:
    form = [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")]
    signature = RequestValidator(TOKEN).compute_signature(URL, MultiDict(form))
    assert check(params=form, signature=signature)
    assert not check(params=form[:1], signature=signature)


def test_a_half_character_is_refused_and_no_error() -> None:
    assert not check(params={"Body": "\ud83d"})


def test_the_address_is_the_configured_one() -> None:
    assert (
        public_url("https://help.example.org/", "/webhooks/twilio/sms")
        == "https://help.example.org/webhooks/twilio/sms"
    )
    assert public_url("https://help.example.org", "/x", "message=1").endswith("/x?message=1")
