"""Triage in process: what deciding costs, how soon it is ready, and what a process takes that has it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import cycle

from app.bench.measuring import Action, Measured, measure
from cases.triage.decision import Enquiry
from cases.triage.engine import Triage
from cases.understanding.labelled import load_labelled

_READY = """
import time
began = time.perf_counter()
from app import create_app
app = create_app()
from app.wiring import the_kit
with app.app_context():
    made = time.perf_counter()
    the_kit().triage.understanding.open()
    the_kit().triage.understanding.read("bin not emptied")
    print((time.perf_counter() - made) * 1000)
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmRSS")))
"""


def measure_triage(triage: Triage, seconds: float, on: date) -> Iterator[Measured]:
    """A hundred decisions at once where the service is given; one text at a time where it is not."""
    given = Enquiry(on=on, service="pothole", postcode="NG15 7AA")

    def hundred() -> Action:
        def act() -> None:
            for _ in range(100):
                triage.decide(given)

        return act

    def texts() -> Action:
        said = cycle(Enquiry(on=on, text=item.say) for item in load_labelled())
        triage.understanding.forget()
        return lambda: _decided(triage, next(said))

    yield measure("decisions by service, 100", "-", hundred, seconds=seconds)
    yield measure("decision from free text", "-", texts, seconds=seconds)
    yield measure("type-ahead, half a word", "-", lambda: lambda: _suggested(triage), seconds=seconds)


def measure_start() -> tuple[float, float]:
    """Milliseconds until a new process has read its first text once the application is there, and its memory in MB."""
    done = subprocess.run([sys.executable, "-c", _READY], capture_output=True, text=True, check=True)
    ready, kilobytes = (float(line) for line in done.stdout.split()[-2:])
    return ready, kilobytes / 1024


def _decided(triage: Triage, enquiry: Enquiry) -> None:
    triage.understanding.forget()
    triage.decide(enquiry)


def _suggested(triage: Triage) -> None:
    triage.understanding.forget()
    triage.suggest("counc tax disc")
