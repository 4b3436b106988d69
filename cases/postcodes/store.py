"""The postcodes a running site uses: its own loaded file when there is one, else the index of the installed package."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from cases.postcodes.build import Build, build_from_package, ensure_built
from cases.postcodes.entry import IndexInfo, Postcode, PostcodeFileError, Progress
from cases.postcodes.index import PostcodeIndex

LOADED_NAME = "postcodes.idx"

_log = logging.getLogger(__name__)
_Stamp = tuple[str, int, int, int]


def _silent(done: int, total: int) -> None:
    pass


class PostcodeStore:
    """Finds, and when needed builds, the index; notices when it has been replaced.

    ``built_in`` is where the installed package's index belongs (``build.built_in_path``). ``monotonic`` (seconds), when
    given, spares a look at the file system for ``check_seconds`` after each look.
    """

    def __init__(
        self,
        home: Path,
        built_in: Path,
        *,
        monotonic: Callable[[], float] | None = None,
        check_seconds: float = 1.0,
        progress: Progress = _silent,
        build: Build = build_from_package,
    ) -> None:
        self.loaded_path = Path(home) / LOADED_NAME
        self.built_in_path = Path(built_in)
        self._monotonic = monotonic
        self._check_seconds = check_seconds
        self._next_check = 0.0
        self._progress = progress
        self._build = build
        self._lock = threading.Lock()
        self._index: PostcodeIndex | None = None
        self._stamp: _Stamp | None = None
        self._refused: _Stamp | None = None

    def lookup(self, postcode: str) -> Postcode | None:
        return self.current().lookup(postcode)

    def sector_districts(self, sector: str) -> tuple[str, ...]:
        return self.current().sector_districts(sector)

    @property
    def info(self) -> IndexInfo:
        return self.current().info

    def __len__(self) -> int:
        return len(self.current())

    def current(self) -> PostcodeIndex:
        """The index to use now. One handed out earlier stays good for whoever still holds it: it is never closed."""
        index = self._index
        if self._monotonic is None:
            return self._checked(index)
        now = self._monotonic()
        if index is None or now >= self._next_check:
            index = self._checked(index)
            self._next_check = now + self._check_seconds
        return index

    def built_in(self) -> PostcodeIndex:
        """The installed package's index, built now if it is not there."""
        self.ensure_built()
        return PostcodeIndex.open(self.built_in_path)

    def _checked(self, index: PostcodeIndex | None) -> PostcodeIndex:
        if index is not None and self._seen() == self._stamp:
            return index
        with self._lock:
            if self._index is not None and self._seen() == self._stamp:
                return self._index
            self._index, self._stamp = self._opened()
            return self._index

    def _seen(self) -> _Stamp | None:
        """What the file that ought to be in use looks like from outside."""
        loaded = _stamp_of(self.loaded_path)
        if loaded is not None and loaded != self._refused:
            return loaded
        built = _stamp_of(self.built_in_path)
        if built is None and self._index is not None and self._index.path != self.loaded_path:
            return self._stamp  # it was taken away, or belongs elsewhere: what is open is still good
        return built

    def _opened(self) -> tuple[PostcodeIndex, _Stamp | None]:
        loaded = _stamp_of(self.loaded_path)
        if loaded is not None and loaded != self._refused:
            try:
                return PostcodeIndex.open(self.loaded_path), loaded
            except (OSError, PostcodeFileError) as fault:
                _log.error("The loaded postcode index is left out: %s", type(fault).__name__)
                self._refused = loaded
        self.ensure_built()
        return PostcodeIndex.open(self.built_in_path), _stamp_of(self.built_in_path)

    def ensure_built(self, progress: Progress | None = None) -> bool:
        """Build the installed package's index unless it is there. Returns whether it was built now."""
        progress = progress or self._progress
        try:
            return ensure_built(self.built_in_path, progress, self._build)
        except OSError as fault:
            if fault.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            # The virtual environment belongs to somebody else: keep the index in the home folder instead.
            self.built_in_path = self.loaded_path.with_name(self.built_in_path.name)
            return ensure_built(self.built_in_path, progress, self._build)


def _stamp_of(path: Path) -> _Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size
