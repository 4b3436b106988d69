"""Sending a text through Twilio."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, ProxyError, RequestException, SSLError
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError

from channels.delivery.senders import Fate, Outgoing, SendError, Sent
from channels.twilio.statuses import can_try_again, seconds_to_wait

TIMEOUT_SECONDS = 8.0
STATUS_PATH = "/webhooks/twilio/sms/status"
_NOT_DONE = frozenset({500, 503})  # the provider itself says that it did not do it


class OwnAddressClient(TwilioHttpClient):  # type: ignore[misc]  # the package has no types
    """Speaks to another base address when one is set, always with a time-out, and keeps Retry-After."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        base = urlsplit(base_url)
        self._scheme, self._netloc, self._prefix = base.scheme, base.netloc, base.path.rstrip("/")
        assert self.session is not None
        # A kept connection that the other side has just closed would make a send uncertain for no reason.
        self.session.headers["Connection"] = "close"

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the package would write down who was told what."""

    def log_response(self, status_code: int, response: Response) -> None:
        """Nothing either."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)
        moved = urlunsplit((self._scheme, self._netloc, self._prefix + parts.path, parts.query, ""))
        response = super().request(method, moved, *args, **kwargs)
        if response.status_code == 429:
            raise SendError(Fate.TEMPORARY, "20429", _retry_after(response))
        if response.status_code in _NOT_DONE:
            raise SendError(Fate.TEMPORARY, f"http-{response.status_code}", _retry_after(response))
        if response.status_code > 500:
            raise SendError(Fate.UNCERTAIN, f"http-{response.status_code}")
        return response


class TwilioSender:
    """``number`` or ``messaging_service_sid`` is who texts come from; an answer comes from the number texted."""

    is_repeatable = False

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        public_base_url: str,
        *,
        number: str | None = None,
        messaging_service_sid: str | None = None,
        api_base: str = "https://api.twilio.com",
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._client = Client(account_sid, auth_token, http_client=OwnAddressClient(api_base, timeout))
        self._base = public_base_url.rstrip("/")
        self._number, self._service = number, messaging_service_sid

    def send(self, outgoing: Outgoing) -> Sent:
        sender: dict[str, str] = {}
        if self._service:
            sender["messaging_service_sid"] = self._service
        elif outgoing.from_value or self._number:
            sender["from_"] = outgoing.from_value or self._number or ""
        try:
            message = self._client.messages.create(
                to=outgoing.to_value,
                body=outgoing.text,
                # Our own row's id goes with it: a report that overtakes our commit still finds its message.
                status_callback=f"{self._base}{STATUS_PATH}?message={outgoing.message_id}",
                **sender,
            )
        except SendError:
            raise
        except TwilioRestException as error:
            raise _refused(error) from error
        except RequestException as error:
            raise _cut_off(error) from error
        except (TwilioException, ValueError, KeyError, TypeError) as error:
            raise SendError(Fate.UNCERTAIN, "answer-not-understood") from error
        if not message.sid:
            raise SendError(Fate.UNCERTAIN, "answer-not-understood")
        return Sent(message.sid)


def _refused(error: TwilioRestException) -> SendError:
    is_theirs = error.code is not None and error.code > 999  # else something between us and them answered
    code = str(error.code) if is_theirs else f"http-{error.status}"
    if can_try_again(code) or error.status in (401, 403, 408):
        return SendError(Fate.TEMPORARY, code, seconds_to_wait(code) or (300.0 if error.status == 401 else None))
    return SendError(Fate.PERMANENT, code)


def _cut_off(error: requests.RequestException) -> SendError:
    """Only a connection that was never made leaves no doubt."""
    if isinstance(error, ConnectTimeout | ProxyError | SSLError):
        return SendError(Fate.TEMPORARY, "provider-unreachable")
    cause = error.args[0] if isinstance(error, RequestsConnectionError) and error.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        return SendError(Fate.TEMPORARY, "provider-unreachable")
    return SendError(Fate.UNCERTAIN, "provider-cut-off")


def _retry_after(response: Response) -> float | None:
    text = str((response.headers or {}).get("Retry-After", "")).strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
