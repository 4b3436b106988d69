"""``flask triage-bench``: how well free text is understood."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.clock import now
from app.wiring import the_kit
from cases.local_day import london_day
from cases.triage.bench import score
from cases.understanding.labelled import load_labelled


@click.command("triage-bench")
@click.option("--misses", is_flag=True, help="Also list what was misunderstood.")
@click.option("--only", type=click.Choice(["held-out", "taught"]), help="Only what nothing learns from, or the rest.")
@with_appcontext
def cli(misses: bool, only: str | None) -> None:
    """Services at 1 and 3, other bodies, noise, danger, several matters and places, on the labelled enquiries."""
    asked = [item for item in load_labelled() if only is None or item.is_held_out is (only == "held-out")]
    result = score(the_kit().triage, asked, london_day(now()))
    for line in result.lines():
        click.echo(line)
    for miss in result.misses if misses else ():
        click.echo(f"  {miss}")
