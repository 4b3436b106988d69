"""The settings: every one comes from the environment, is checked at start, and is named in ``SETTINGS``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.secret_key import kept_secret_key

PARTNERSHIPS = ("nottinghamshire", "hampshire-iow")
SMS_PROVIDERS = ("handset", "twilio")
SHORTEST_SECRET_KEY = 32
PROJECT = Path(__file__).resolve().parent.parent


class Setting(NamedTuple):
    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("PARTNERSHIP", "nottinghamshire", "Whose front door this is: `nottinghamshire` or `hampshire-iow`."),
    Setting("DATABASE_URL", "a SQLite file in the home folder", "Where the cases are kept: SQLite or PostgreSQL."),
    Setting(
        "MIGRATION_DATABASE_URL", "DATABASE_URL", "The same database as the owner of its tables, for `db upgrade`."
    ),
    Setting("REDIS_URL", "none", "Background jobs are queued in this Redis."),
    Setting("JOBS_DATABASE_URL", "none", "Background jobs are queued in this PostgreSQL database, past any pooler."),
    Setting("SECRET_KEY", "made once, kept in the home folder", "Signs sessions; at least 32 characters."),
    Setting("PUBLIC_BASE_URL", "http://127.0.0.1:PORT", "The address the public sees. https means production."),
    Setting("SMS_PROVIDER", "handset", "`twilio`, or `handset`: the built-in page that stands in for a phone."),
    Setting("TWILIO_ACCOUNT_SID", "none", "The Twilio account."),
    Setting("TWILIO_AUTH_TOKEN", "none", "Its auth token; also proves that a webhook came from Twilio."),
    Setting("TWILIO_NUMBER", "none", "The number that texts are sent from, such as +441150000000."),
    Setting("TWILIO_MESSAGING_SERVICE_SID", "none", "Send through this messaging service instead of one number."),
    Setting("TWILIO_API_BASE", "https://api.twilio.com", "Another base address, for a stand-in server."),
    Setting("SMTP_URL", "none", "The mail server, such as smtp://user:password@mail.example.org:587."),
    Setting("METRICS_TOKEN", "none", "Lets a monitor on another machine read `/metrics`."),
    Setting("SHIREHALL_HOME", "instance/ in the project", "The folder where this installation keeps its state."),
    Setting("PORT", "8000", "The port `scripts/serve` listens on."),
)


class SettingsError(Exception):
    """The settings cannot be used; ``problems`` holds a plain sentence for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("These settings need attention:\n" + "\n".join(f"- {problem}" for problem in problems))


@dataclass(frozen=True)
class Settings:
    home: Path
    database_url: str = field(repr=False)
    migration_database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    public_base_url: str = "http://127.0.0.1:8000"
    partnership: str = "nottinghamshire"
    sms_provider: str = "handset"
    redis_url: str | None = field(default=None, repr=False)
    jobs_database_url: str | None = field(default=None, repr=False)
    twilio_account_sid: str | None = None
    twilio_auth_token: str | None = field(default=None, repr=False)
    twilio_number: str | None = None
    twilio_messaging_service_sid: str | None = None
    twilio_api_base: str = "https://api.twilio.com"
    smtp_url: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    port: int = 8000

    @property
    def is_production(self) -> bool:
        return self.public_base_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check all of ``SETTINGS``; an empty value counts as not given.

        Makes the home folder and, on plain http, its secret key. Raises ``SettingsError`` naming every mistake.
        """
        return _Reading(environ).settings()


class _Reading:
    """One pass over the environment that collects mistakes instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.given = {s.name: environ[s.name].strip() for s in SETTINGS if environ.get(s.name, "").strip()}
        self.problems: list[str] = []

    def settings(self) -> Settings:
        given = self.given
        home = Path(given.get("SHIREHALL_HOME") or PROJECT / "instance").expanduser().absolute()
        port = self._port()
        base = self._public_base_url(port)
        production = base.startswith("https://")
        database_url = self._database("DATABASE_URL", f"sqlite:///{home / 'shirehall.sqlite3'}", home)
        migration_url = self._database("MIGRATION_DATABASE_URL", database_url, home)
        provider = self._sms_provider(production)
        self._twilio(provider)
        secret_key = self._secret_key(production)
        redis_url = self._url("REDIS_URL", ("redis", "rediss", "unix"))
        jobs_url = self._jobs_database()
        if redis_url and jobs_url:
            self.problems.append("Set REDIS_URL or JOBS_DATABASE_URL, not both: jobs are queued in one place.")
        smtp_url = self._url("SMTP_URL", ("smtp", "smtps"))
        api_base = (self._url("TWILIO_API_BASE", ("http", "https")) or "https://api.twilio.com").rstrip("/")
        partnership = self._one_of("PARTNERSHIP", PARTNERSHIPS, "nottinghamshire")
        self._home(home)
        if self.problems:
            raise SettingsError(self.problems)
        return Settings(
            home=home,
            database_url=database_url,
            migration_database_url=migration_url,
            secret_key=secret_key or kept_secret_key(home),
            public_base_url=base,
            partnership=partnership,
            sms_provider=provider,
            redis_url=redis_url,
            jobs_database_url=jobs_url,
            twilio_account_sid=given.get("TWILIO_ACCOUNT_SID"),
            twilio_auth_token=given.get("TWILIO_AUTH_TOKEN"),
            twilio_number=given.get("TWILIO_NUMBER"),
            twilio_messaging_service_sid=given.get("TWILIO_MESSAGING_SERVICE_SID"),
            twilio_api_base=api_base,
            smtp_url=smtp_url,
            metrics_token=given.get("METRICS_TOKEN"),
            port=port,
        )

    def _home(self, home: Path) -> None:
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.problems.append(f"SHIREHALL_HOME is not a folder that can be made and used: {error.strerror}.")

    def _port(self) -> int:
        text = self.given.get("PORT", "8000")
        if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
            return int(text)
        self.problems.append("PORT must be a number from 1 to 65535.")
        return 8000

    def _public_base_url(self, port: int) -> str:
        text = self.given.get("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
        parts = _split(text)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            self.problems.append("PUBLIC_BASE_URL must be an address such as https://help.example.org.")
        elif parts.path or parts.query or parts.fragment or parts.username:
            self.problems.append("PUBLIC_BASE_URL must end after the host name: https://help.example.org.")
        scheme, mark, rest = text.partition("://")
        return scheme.lower() + mark + rest  # HTTPS:// means production too

    def _database(self, name: str, default: str, home: Path) -> str:
        text = self.given.get(name, default)
        if text.startswith("postgres://"):
            text = "postgresql://" + text.removeprefix("postgres://")
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            self.problems.append(f"{name} must be a database address, such as postgresql://user@host/shirehall.")
            return default
        backend = url.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            self.problems.append(f"{name} must name a SQLite or a PostgreSQL database.")
            return default
        if backend == "sqlite" and not url.database:
            self.problems.append(f"{name} must name a file: a SQLite database in memory is lost when a process ends.")
        if backend == "sqlite" and url.database and not url.database.startswith("file:"):
            url = url.set(database=str(home / url.database))  # an absolute path stays as it is
        return url.render_as_string(hide_password=False)

    def _jobs_database(self) -> str | None:
        text = self._url("JOBS_DATABASE_URL", ("postgresql", "postgres"))
        return text.replace("postgres://", "postgresql://", 1) if text else None

    def _sms_provider(self, production: bool) -> str:
        if production and "SMS_PROVIDER" not in self.given:
            self.problems.append("SMS_PROVIDER must be given when PUBLIC_BASE_URL is https.")
            return "twilio" if "TWILIO_ACCOUNT_SID" in self.given else "handset"
        provider = self._one_of("SMS_PROVIDER", SMS_PROVIDERS, "handset")
        if production and provider == "handset":
            self.problems.append("SMS_PROVIDER=handset is for trying out on one machine: it is refused on https.")
        return provider

    def _twilio(self, provider: str) -> None:
        if provider != "twilio":
            return
        for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
            if name not in self.given:
                self.problems.append(f"{name} must be given when SMS_PROVIDER is twilio.")
        if not {"TWILIO_NUMBER", "TWILIO_MESSAGING_SERVICE_SID"} & self.given.keys():
            self.problems.append("Give TWILIO_NUMBER or TWILIO_MESSAGING_SERVICE_SID: texts need a sender.")

    def _secret_key(self, production: bool) -> str | None:
        key = self.given.get("SECRET_KEY")
        if key is None and production:
            self.problems.append("SECRET_KEY must be given when PUBLIC_BASE_URL is https.")
        if key is not None and len(key) < SHORTEST_SECRET_KEY:
            self.problems.append(f"SECRET_KEY must have at least {SHORTEST_SECRET_KEY} characters.")
        return key

    def _one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.given.get(name, default)
        if value not in choices:
            self.problems.append(f"{name} must be {' or '.join(choices)}, not {value!r}.")
        return value

    def _url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        text = self.given.get(name)
        if text is None:
            return None
        parts = _split(text)
        if parts is None or parts.scheme not in schemes or not (parts.netloc or parts.path):
            self.problems.append(f"{name} must be an address that begins with {schemes[0]}://.")
        return text


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises when it is not a number
    except ValueError:
        return None
    return parts
