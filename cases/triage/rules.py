"""The rules in force: what the data files say, with what administrators changed laid over them."""

from __future__ import annotations

from dataclasses import dataclass

from cases.catalogue.loader import Catalogue
from cases.register.register import Register
from cases.triage.agreements import Agreements


@dataclass(frozen=True)
class Rules:
    """Whose job it is. ``version`` is empty for the files alone, else "r" and the number of the newest change."""

    catalogue: Catalogue
    register: Register
    agreements: Agreements
    version: str = ""
    plans: str = ""  # "p" and the number of the newest change of a plan of reorganisation; empty: there was none
    delivered: Rules | None = None

    @property
    def base(self) -> Rules:
        """The rules of the files alone, which every change is laid over."""
        return self.delivered or self
