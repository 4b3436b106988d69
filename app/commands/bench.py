"""``flask bench``: what ``scripts/bench`` calls."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

import click
from flask import current_app

from app.bench.measuring import Measured, table
from app.bench.run import Plan, measure_build, measure_empty, measure_lookup, measure_site
from app.bench.triage import measure_start, measure_triage
from app.clock import now
from app.wiring import the_kit
from cases.local_day import london_day


@click.command("bench")
@click.option("--seconds", default=3.0, show_default=True, help="How long each measure runs.")
@click.option("--cases", default=2_000, show_default=True, help="Cases that stand in the queue before measuring.")
@click.option("--workers", default=2, show_default=True, help="Connections that ask at the same time.")
@click.option("--postgresql", "postgresql_url", help="An empty PostgreSQL database to measure too.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write the results here.")
def cli(seconds: float, cases: int, workers: int, postgresql_url: str | None, json_file: Path | None) -> None:
    """Measure intake, queue, case, tracking and postcode lookup over real HTTP, beside floors of the same run.

    The numbers of one run compare with each other; the machine's mood changes between runs.
    """
    plan = Plan(seconds, cases, workers)
    results: list[Measured] = []

    def keep(measured: Measured) -> None:
        results.append(measured)
        click.echo(f"  {measured.name} ({measured.database}): {measured.p50:.3f} ms", err=True)

    keep(measure_build())
    keep(measure_lookup(current_app.extensions["postcodes"].lookup, seconds))
    for measured in measure_triage(the_kit().triage, seconds, london_day(now())):
        keep(measured)
    ready, megabytes = measure_start()
    click.echo(f"  words are read {ready:.0f} ms after the start; the process takes {megabytes:.0f} MB", err=True)
    for measured in measure_empty(plan):
        keep(measured)
    for name, url in (("sqlite", None), ("postgresql", postgresql_url)):
        if name == "sqlite" or url:
            for measured in measure_site(name, url, plan, now()):
                keep(measured)
    click.echo(table(results))
    if json_file:
        about = {"python": platform.python_version(), "cores": os.cpu_count(), "cases": cases, "seconds": seconds}
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps({"about": about, "results": [m.as_json() for m in results]}, indent=1) + "\n")
