"""What happens, in the order of time whoever does it, so that rows are written as they would have been."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Deed = Callable[[datetime], object]


class Agenda:
    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def put(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self._heap, (at, next(self._order), deed))

    def play(self, after_each: Deed) -> None:
        """Do everything; what a deed puts down is done in its turn."""
        while self._heap:
            at, _, deed = heapq.heappop(self._heap)
            deed(at)
            after_each(at)
