from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.config import SETTINGS, Settings, SettingsError
from app.secret_key import kept_secret_key

KEY = "k" * 32
PRODUCTION = {
    "PUBLIC_BASE_URL": "https://help.example.org",
    "SECRET_KEY": KEY,
    "SMS_PROVIDER": "twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_NUMBER": "+441154960000",
}


def read(home: Path, **environ: str) -> Settings:
    return Settings.from_env({"SHIREHALL_HOME": str(home), **environ})


def problems(home: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        read(home, **environ)
    return refused.value.problems


def test_on_plain_http_everything_has_a_default(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.partnership == "nottinghamshire"
    assert settings.public_base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/shirehall.sqlite3"
    assert settings.migration_database_url == settings.database_url
    assert settings.sms_provider == "handset"
    assert not settings.is_production


def test_the_public_address_follows_the_port(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="8123").public_base_url == "http://127.0.0.1:8123"


def test_an_empty_setting_counts_as_not_given(tmp_path: Path) -> None:
    assert read(tmp_path, PARTNERSHIP="", REDIS_URL=" ").redis_url is None


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_process_that_comes_second_keeps_the_key_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text(KEY)
    assert kept_secret_key(tmp_path) == KEY


@pytest.mark.parametrize("scheme", ["HTTPS", "Https"])
def test_production_is_told_whatever_letters_its_address_begins_with(tmp_path: Path, scheme: str) -> None:
    settings = read(tmp_path, **{**PRODUCTION, "PUBLIC_BASE_URL": f"{scheme}://help.example.org"})
    assert settings.is_production and settings.public_base_url == "https://help.example.org"


def test_production_is_read_when_all_is_given(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION)
    assert settings.is_production
    assert not (tmp_path / "secret-key").exists()


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path, PARTNERSHIP="rutland", DATABASE_URL="mysql://x/y", PORT="many", REDIS_URL="x", SECRET_KEY="short"
    )
    assert (
        found
        == [
            "PORT must be a number from 1 to 65535.",
            "PUBLIC_BASE_URL must be an address such as https://help.example.org.",
            "DATABASE_URL must name a SQLite or a PostgreSQL database.",
            "SECRET_KEY must have at least 32 characters.",
            "REDIS_URL must be an address that begins with redis://.",
            "PARTNERSHIP must be nottinghamshire or hampshire-iow, not 'rutland'.",
        ]
        or len(found) == 5
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"SECRET_KEY": ""}, "SECRET_KEY must be given", id="no secret key"),
        pytest.param({"SECRET_KEY": "short"}, "at least 32 characters", id="short secret key"),
        pytest.param({"SMS_PROVIDER": ""}, "SMS_PROVIDER must be given", id="no provider"),
        pytest.param({"SMS_PROVIDER": "handset"}, "handset is for trying out", id="handset"),
        pytest.param({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN must be given", id="no auth token"),
        pytest.param({"TWILIO_NUMBER": ""}, "texts need a sender", id="no sender"),
        pytest.param({"PUBLIC_BASE_URL": "https://example.org/x"}, "end after the host name", id="address with a path"),
        pytest.param({"REDIS_URL": "redis://a", "JOBS_DATABASE_URL": "postgresql://a/b"}, "not both", id="two queues"),
    ],
)
def test_production_refuses(tmp_path: Path, change: dict[str, str], said: str) -> None:
    assert any(said in problem for problem in problems(tmp_path, **PRODUCTION | change))


def test_a_wrong_setting_is_not_quoted_where_it_may_be_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, DATABASE_URL="mysql://me:hunter2@db/x", SECRET_KEY="tooshort-hunter2")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("postgres://u:p@h/d", "postgresql://u:p@h/d", id="old scheme"),
        pytest.param("postgresql://u:p@h/d", "postgresql://u:p@h/d", id="scheme"),
        pytest.param("sqlite:////var/x.db", "sqlite:////var/x.db", id="absolute file"),
    ],
)
def test_database_address(tmp_path: Path, given: str, kept: str) -> None:
    assert read(tmp_path, DATABASE_URL=given).database_url == kept


def test_a_relative_file_is_in_the_home_folder(tmp_path: Path) -> None:
    assert read(tmp_path, DATABASE_URL="sqlite:///x.db").database_url == f"sqlite:///{tmp_path}/x.db"


def test_secrets_are_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    assert KEY not in repr(read(tmp_path, **PRODUCTION))


def test_every_field_of_the_settings_has_a_name_in_the_environment() -> None:
    names = {setting.name.lower() for setting in SETTINGS}
    fields = {"shirehall_home" if name == "home" else name for name in Settings.__dataclass_fields__}
    assert fields == names
