"""Running a thing many times and saying how long it took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

Action = Callable[[], None]


@dataclass(frozen=True)
class Measured:
    """Latencies in milliseconds; ``rate`` in actions a second over all workers."""

    name: str
    database: str
    count: int
    rate: float
    p50: float
    p95: float
    worst: float
    floor: str | None = None  # the name of the measure that it stands beside

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "database": self.database,
            "count": self.count,
            "rate_per_second": round(self.rate, 1),
            "p50_ms": round(self.p50, 4),
            "p95_ms": round(self.p95, 4),
            "worst_ms": round(self.worst, 3),
            "floor": self.floor,
        }


def measure(
    name: str,
    database: str,
    make_action: Callable[[], Action],
    *,
    seconds: float,
    workers: int = 1,
    warm_up: int = 3,
    floor: str | None = None,
) -> Measured:
    """Each worker makes its own action (its own connection) and repeats it for ``seconds``; it stops by itself."""
    taken: list[list[float]] = [[] for _ in range(workers)]
    failed: list[BaseException] = []
    ready = threading.Barrier(workers)

    def work(mine: list[float]) -> None:
        try:
            action = make_action()
            for _ in range(warm_up):
                action()
            ready.wait(60)
            until = time.perf_counter() + seconds
            while (start := time.perf_counter()) < until:
                action()
                mine.append((time.perf_counter() - start) * 1000)
        except BaseException as error:
            failed.append(error)
            ready.abort()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in taken]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    every = sorted(t for mine in taken for t in mine)
    spent = min(seconds, time.perf_counter() - started)
    return Measured(name, database, len(every), len(every) / spent, _at(every, 0.5), _at(every, 0.95), every[-1], floor)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def table(results: list[Measured]) -> str:
    """Plain text; the ratio is the p50 over the p50 of its floor, on the same database when there is one."""
    by_name = {(m.name, m.database): m for m in results}
    lines = [f"{'what':<34}{'database':<12}{'n':>7}{'per s':>10}{'p50 ms':>10}{'p95 ms':>10}  floor"]
    for m in results:
        floor = by_name.get((m.floor or "", m.database)) or by_name.get((m.floor or "", "-"))
        ratio = f"{m.p50 / floor.p50:.1f} x {floor.name}" if floor and floor.p50 else ""
        lines.append(f"{m.name:<34}{m.database:<12}{m.count:>7}{m.rate:>10.1f}{m.p50:>10.3f}{m.p95:>10.3f}  {ratio}")
    return "\n".join(lines)
