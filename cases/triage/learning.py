"""Learning from people: what staff put under another service than the words alone would have."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cases.catalogue.loader import Catalogue
from cases.understanding.building import put
from cases.understanding.examples import Example
from cases.understanding.model import Model
from cases.understanding.reading import Understanding

FEWEST = 2  # corrections to one service before it is learned from: one alone may be a slip
FOLDER = "understanding"
_IN_FORCE, _BEFORE = "in-force", "before"


@dataclass(frozen=True)
class Correction:
    """What was said, and the service that a person put it under."""

    said: str
    service: str


def lessons(understanding: Understanding, catalogue: Catalogue, corrections: Iterable[Correction]) -> list[Example]:
    """What is worth learning: corrections that the words alone would have got wrong, where others say the same."""
    told = [c for c in dict.fromkeys(corrections) if c.service in catalogue.services and c.said.strip()]
    readings = understanding.read_all([c.said for c in told])
    wrong = [
        c
        for c, reading in zip(told, readings, strict=True)
        if not reading.candidates or reading.candidates[0].slug != c.service
    ]
    often = Counter(c.service for c in wrong)
    return [Example(c.said, c.service) for c in wrong if often[c.service] >= FEWEST]


def name_of(key: str, learned: Iterable[Example]) -> str:
    """Of a model that adds ``learned`` to the catalogue known as ``key``."""
    digest = hashlib.sha256()
    for example in sorted((e.say, e.means or "") for e in learned):
        digest.update("\x1f".join(example).encode())
    return f"{key}-{digest.hexdigest()[:8]}"


def adopted(home: Path, key: str) -> Path | None:
    """The model in force here; None for the one as delivered. One learned over another catalogue does not count."""
    name = _read(home, _IN_FORCE)
    folder = home / FOLDER / name
    return folder if name.startswith(f"{key}-") and folder.is_dir() else None


def adopt(home: Path, name: str, model: Model) -> None:
    """Use ``model`` from each process's next start on; the one before stays beside it to go back to."""
    put(_made(home) / name, lambda: model)
    _write(home, _BEFORE, _read(home, _IN_FORCE))
    _write(home, _IN_FORCE, name)
    kept = {_read(home, _BEFORE), name}
    for old in (p for p in (home / FOLDER).iterdir() if p.is_dir() and p.name not in kept):
        shutil.rmtree(old)


def roll_back(home: Path) -> bool:
    """Go back to what was before; False when there is nothing to go back from."""
    now, before = _read(home, _IN_FORCE), _read(home, _BEFORE)
    if not now and not before:
        return False
    _write(home, _IN_FORCE, before)
    _write(home, _BEFORE, "")
    return True


def _made(home: Path) -> Path:
    (home / FOLDER).mkdir(parents=True, exist_ok=True)
    return home / FOLDER


def _read(home: Path, name: str) -> str:
    path = home / FOLDER / name
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _write(home: Path, name: str, value: str) -> None:
    fresh = _made(home) / f"{name}.new"
    fresh.write_text(value, encoding="utf-8")
    fresh.replace(home / FOLDER / name)
