"""Learning a model from examples. scikit-learn is imported here and nowhere else: a request never needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cases.understanding.embedding import Embedder, Floats
from cases.understanding.examples import Example
from cases.understanding.features import Vocabulary, count_features
from cases.understanding.model import POINT_WEIGHT, Model, meanings_of
from cases.understanding.normalising import normalise

TOPICS = 320  # directions that the word features are pressed into
FEWEST = 2  # texts that must have a feature before it counts
STRENGTH = 30.0  # how closely the examples are followed (inverse of regularisation)
DANGER_STRENGTH = 1.0
SEED = 11


def train(
    given: Sequence[Example], shortened: Mapping[str, str], embedder: Embedder, further: Sequence[Example] = ()
) -> Model:
    """Deterministic for the same examples on the same machine.

    ``further``: what people here said. It moves weights, but adds no word to the vocabulary and no phrase: a name or a
    street that somebody mentioned can't be found in the model.
    """
    examples = [*given, *further]
    texts = [normalise(e.say, shortened) or e.say.lower() for e in examples]
    points = embedder.embed_many(texts)
    vocabulary = _vocabulary(texts[: len(given)])
    matrix = _sparse(vocabulary, texts)
    projection = _topics(matrix)
    dense = np.hstack([matrix @ projection, points * POINT_WEIGHT]).astype(np.float32)
    known = [i for i, e in enumerate(examples) if e.means is not None]
    classes, heads, bias = _fit(dense[known], [examples[i].learned_as or "" for i in known], STRENGTH)
    danger = ["danger" if e.danger else "none" for e in examples]
    _, danger_heads, danger_bias = _fit(dense, danger, DANGER_STRENGTH)
    meanings = meanings_of(classes)
    phrases = [i for i in known if examples[i].is_phrase]
    ids = sorted({e.sign for e in given if e.sign})
    phrases.sort(key=lambda i: meanings.index(examples[i].means or ""))
    order = [*phrases, *(i for i in range(len(given)) if not examples[i].is_phrase)]
    kept = [examples[i] for i in order]
    return Model(
        classes=tuple(classes),
        vocabulary=vocabulary,
        projection=projection.astype(np.float16),
        heads=heads,
        bias=bias,
        danger_heads=danger_heads[:, 0],
        danger_bias=float(danger_bias[0]),
        points=points[order],
        is_danger=np.array([e.danger for e in kept]),
        sign_ids=tuple(ids),
        sign_of=np.array([ids.index(e.sign) if e.sign else -1 for e in kept], np.int32),
        phrase_classes=np.array([meanings.index(examples[i].means or "") for i in phrases], np.int32),
    )


def _vocabulary(texts: Sequence[str]) -> Vocabulary:
    seen: Counter[int] = Counter()
    for text in texts:
        words, pieces = count_features(text)
        seen.update({*words, *pieces})
    hashes = np.array(sorted(h for h, times in seen.items() if times >= FEWEST), np.uint32)
    often = np.array([seen[int(h)] for h in hashes], np.float32)
    return Vocabulary(hashes, (np.log((1 + len(texts)) / (1 + often)) + 1).astype(np.float32))


def _sparse(vocabulary: Vocabulary, texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    rows = [vocabulary.encode(text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([c for c, _ in rows])
    values = np.concatenate([v for _, v in rows])
    return csr_matrix((values, columns, starts), shape=(len(texts), len(vocabulary.hashes)))


def _topics(matrix: Any) -> Floats:
    from sklearn.decomposition import TruncatedSVD

    size = min(TOPICS, min(matrix.shape) - 1)
    found: Floats = TruncatedSVD(size, random_state=SEED).fit(matrix).components_.T.astype(np.float32)
    return found


def _fit(dense: Floats, means: Sequence[str], strength: float) -> tuple[list[str], Floats, Floats]:
    """The classes in order, a column of weights for each, and what each begins with."""
    from sklearn.linear_model import LogisticRegression

    learner = LogisticRegression(C=strength, max_iter=200, tol=3e-3).fit(dense, list(means))
    classes = [str(c) for c in learner.classes_]
    heads, bias = learner.coef_.T.astype(np.float32), learner.intercept_.astype(np.float32)
    if len(classes) == 2:  # one head tells both: it is for the second class
        heads, bias = np.hstack([-heads, heads]), np.array([-bias[0], bias[0]], np.float32)
    return classes, heads, bias
