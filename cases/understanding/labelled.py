"""Short enquiries as people write and say them, with what a good agent would make of them: what measures the
understanding, and (but for the fifth that is held out) teaches it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cases.catalogue.loader import DATA, Catalogue
from cases.catalogue.schema import Strict
from cases.understanding.examples import AGENCY, NOISE, Example
from cases.yaml_lines import validate_entries

FOLDS = 5


class Labelled(Strict):
    """``wants``: a service's slug, ``agency:slug``, ``noise`` or ``urgent``."""

    say: str
    wants: str

    @property
    def is_held_out(self) -> bool:
        """A fifth of all, by what is said: never learned from."""
        return hashlib.sha256(self.say.encode()).digest()[0] % FOLDS == 0


def load_labelled(root: Path = DATA) -> list[Labelled]:
    return validate_entries(root / "bench" / "enquiries.yaml", Labelled)


def taught_examples(catalogue: Catalogue, root: Path = DATA) -> list[Example]:
    """What may be learned from: nothing held out, and nothing with more than one meaning."""
    found = []
    for item in load_labelled(root):
        known = item.wants in catalogue.services or item.wants == NOISE or item.wants.startswith(AGENCY)
        if known and not item.is_held_out:
            found.append(Example(item.say, item.wants))
    return found
