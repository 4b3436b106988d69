"""Making the model once for each catalogue, and finding it again: beside the virtual environment, or in the home folder
where it was learned from this installation's own corrections."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cases.catalogue.loader import Catalogue, load_catalogue
from cases.understanding.embedding import TOKENIZER_FILE, Embedder, convert, versions
from cases.understanding.enquiries import whole_enquiries
from cases.understanding.examples import Example, catalogue_examples
from cases.understanding.labelled import taught_examples
from cases.understanding.model import Model

LAYOUT = 2  # raise it when a model made by earlier code must not be used any more


def folder_of(prefix: Path) -> Path:
    """Where built models are kept, beside the virtual environment's own files."""
    return prefix / "shirehall"


def key_of(catalogue: Catalogue) -> str:
    """Changes whenever the words that are learned from, or what learns, do."""
    return hashlib.sha256(f"{LAYOUT}|{catalogue.words_version}|{versions()}".encode()).hexdigest()[:12]


def ready_embedder(prefix: Path, *, threads: int = 1) -> Embedder:
    """The language model in its mapped form, converted when nobody has yet."""
    folder = folder_of(prefix)
    converted = folder / f"minilm-{hashlib.sha256(versions().encode()).hexdigest()[:12]}.ort"
    if not converted.exists():
        with _only_one(folder / "minilm.lock"):
            if not converted.exists():
                fresh = converted.with_suffix(".new.ort")
                convert(fresh)
                fresh.replace(converted)
                _forget(folder, "minilm-*.ort", converted)
    return Embedder(converted, folder / TOKENIZER_FILE, threads=threads)


def ready_model(prefix: Path, catalogue: Catalogue) -> Model:
    """The model learned from this catalogue; when there is none it is learned now, by one process at a time."""
    built = folder_of(prefix) / f"understanding-{key_of(catalogue)}"
    if not built.exists():
        with _only_one(folder_of(prefix) / "understanding.lock"):
            if not built.exists():
                put(built, lambda: learn_from(prefix, catalogue))
                _forget(folder_of(prefix), "understanding-*", built)
    return Model.load(built)


def learn_from(prefix: Path, catalogue: Catalogue, further: Sequence[Example] = ()) -> Model:
    """``further``: what this installation's staff corrected."""
    from cases.understanding.training import train

    given = [*catalogue_examples(catalogue), *whole_enquiries(catalogue), *taught_examples(catalogue)]
    return train(given, catalogue.shortened, ready_embedder(prefix, threads=2), further)


def put(folder: Path, make: Callable[[], Model]) -> None:
    """Whole or not at all: a process killed half way leaves nothing that could be taken for a model."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    make().save(fresh)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _forget(folder: Path, pattern: str, but: Path, keep: int = 3) -> None:
    """Older ones: a few stay for processes that still run, and for going back to an earlier release."""
    others = sorted((p for p in folder.glob(pattern) if p != but), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in others[keep:]:
        shutil.rmtree(old) if old.is_dir() else old.unlink()


if __name__ == "__main__":
    ready_model(Path(sys.prefix), load_catalogue())
