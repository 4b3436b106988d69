"""The secret key of an installation that was not given one: made once, kept in the home folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret_key(home: Path) -> str:
    """The key in ``home``, made if there is none; processes that start together end with the same one."""
    kept = home / "secret-key"
    if not kept.exists():
        draft = home / f".secret-key-{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, kept)  # unlike a rename, fails when another process was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text().strip()
