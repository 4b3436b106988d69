"""Reading a text: the services and bodies that it could mean, best first, with how sure that is."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from cases.catalogue.loader import Catalogue
from cases.understanding.candidate import Candidate
from cases.understanding.embedding import Embedder, Floats
from cases.understanding.examples import AGENCY, NOISE
from cases.understanding.model import Model, Scores
from cases.understanding.normalising import normalise

NEAR = 12.0  # what being near to a phrase counts beside what was learned
KEEP = 5
FOREIGN = 0.4  # so few pieces that were ever seen mean another language, or no words at all …
PHRASE = 0.98
SAME = 0.6  # … unless the whole is near to something that was
ALIKE = 0.95  # so near to a phrase taught by hand is as good as the phrase itself …
TAUGHT = 3.0  # … which then outweighs all that was learned by so much (log odds)
REMEMBERED = 512  # texts; the page that shows an answer and the one that saves it ask for the same


@dataclass(frozen=True)
class Reading:
    """``candidates``: at most five, each scored 0-1, the first score being how sure the first is.

    ``noise``: how likely the words ask for nothing. ``danger``: how much they tell of danger (log odds, uncalibrated).
    ``signs``: the ids of the dangers they are nearest to, be there one or not."""

    candidates: tuple[Candidate, ...]
    noise: float = 0.0
    danger: float = -99.0
    signs: tuple[str, ...] = ()


NOTHING = Reading(())


@dataclass(frozen=True)
class _Taught:
    """What was taught by hand for one service: its phrases, and the same as points."""

    column: int
    said: frozenset[str]
    points: Floats

    def nearness(self, said: str, point: Floats) -> float:
        """1 and a little for the very words, so that rounding puts nothing before them."""
        return 1.01 if said in self.said else float((self.points @ point).max())


class Understanding:
    """Made once for each process (the embedder may not be carried over a fork). Reading changes nothing but a memory
    of what was just read."""

    def __init__(
        self,
        model: Model,
        embedder: Embedder,
        catalogue: Catalogue,
        taught: Mapping[str, Sequence[str]] | None = None,
        version: str = "",
    ) -> None:
        """``taught``: phrases by service added since the model was learned; they count from now on."""
        self.version = version
        self._model, self._embedder, self._shortened = model, embedder, catalogue.shortened
        self._candidates: list[Candidate | None] = [_candidate(c, catalogue) for c in model.meanings]
        self._noise = model.meanings.index(NOISE) if NOISE in model.meanings else None
        self._only_with = {
            i: re.compile(r"\b(?:" + "|".join(map(re.escape, agency.only_with)) + r")\b")
            for i, c in enumerate(self._candidates)
            if c and c.is_agency and (agency := catalogue.agencies[c.slug]).only_with
        }
        self._taught = self._teach(catalogue, taught or {})
        self._read: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def open(self) -> None:
        """Now rather than when the first text comes."""
        self._embedder.open()

    def forget(self) -> None:
        """What was just read; for measuring."""
        with self._lock:
            self._read.clear()

    def normalised(self, text: str) -> str:
        return normalise(text, self._shortened)

    def read(self, text: str) -> Reading:
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """One reading a text, the same as each would have alone; several at once cost less than one by one."""
        said = [normalise(text, self._shortened) for text in texts]
        with self._lock:
            known = {s: self._read[s] for s in said if s in self._read}
        fresh = list(dict.fromkeys(s for s in said if s and s not in known))
        if fresh:
            # One by one: a batch is rounded as a whole, so a text would read otherwise beside others than alone.
            points = np.vstack([self._embedder.embed([s]) for s in fresh])
            scores = self._model.scores(fresh, points)
            known |= {s: self._reading(s, scores[i], points[i]) for i, s in enumerate(fresh)}
            self._remember({s: known[s] for s in fresh})
        return [known[s] if s else NOTHING for s in said]

    def _remember(self, readings: Mapping[str, Reading]) -> None:
        with self._lock:
            self._read.update(readings)
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)

    def _reading(self, said: str, scores: Scores, point: Floats) -> Reading:
        taught = {each.column: each.nearness(said, point) for each in self._taught}
        near = scores.nearest.copy()
        for column, nearness in taught.items():
            near[column] = max(near[column], nearness)
        if self._model.vocabulary.share_known(said) < FOREIGN and near.max() < SAME:
            return NOTHING
        worth = np.log(scores.likely + 1e-9) + NEAR * near
        alike = [column for column, nearness in taught.items() if nearness >= max(ALIKE, near.max())]
        worth[alike] = np.logaddexp.reduce(worth) + TAUGHT
        unsaid = [column for column, pattern in self._only_with.items() if not pattern.search(said)]
        worth[unsaid] = -np.inf
        worth = np.exp(worth - worth.max())
        worth /= worth.sum()
        best = np.argsort(-worth, kind="stable")[: KEEP + 1 + len(unsaid)]
        named = [(self._candidates[i], float(worth[i])) for i in best if i not in unsaid]
        ranked = tuple(
            Candidate(c.slug, round(min(score, 0.99), 3), c.lgsl, c.is_agency) for c, score in named if c is not None
        )[:KEEP]
        noise = float(worth[self._noise]) if self._noise is not None else 0.0
        if self._noise is not None and np.delete(near, self._noise).max() >= PHRASE:
            noise = 0.0  # the very words of a phrase ask for something, however short
        return Reading(ranked, noise, scores.danger, scores.signs)

    def _teach(self, catalogue: Catalogue, taught: Mapping[str, Sequence[str]]) -> list[_Taught]:
        columns = {c: i for i, c in enumerate(self._model.meanings)}
        found = []
        for slug, phrases in taught.items():
            said = [n for n in (normalise(p, self._shortened) for p in phrases) if n]
            if said and slug in catalogue.services and slug in columns:
                found.append(_Taught(columns[slug], frozenset(said), self._embedder.embed(said)))
        return found


def _candidate(name: str, catalogue: Catalogue) -> Candidate | None:
    """None for noise, and for what the catalogue no longer has."""
    if name.startswith(AGENCY):
        slug = name.removeprefix(AGENCY)
        return Candidate(slug, 0.0, None, True) if slug in catalogue.agencies else None
    service = catalogue.services.get(name)
    return Candidate(name, 0.0, service.lgsl) if service else None
