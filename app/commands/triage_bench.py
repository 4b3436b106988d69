"""``flask triage-bench``: how well free text is understood."""

from __future__ import annotations

import click

from app.clock import now
from app.wiring import the_kit
from cases.local_day import london_day
from cases.triage.bench import score
from cases.understanding.labelled import load_labelled


@click.command("triage-bench")
@click.option("--misses", is_flag=True, help="Also list what was misunderstood.")
def cli(misses: bool) -> None:
    """Accuracy on the labelled enquiries: service at 1 and 3, other bodies, noise, urgent."""
    result = score(the_kit().triage, load_labelled(), london_day(now()))
    for line in result.lines():
        click.echo(line)
    for said, wanted, understood in result.misses if misses else ():
        click.echo(f"  {said!r}: wanted {wanted}, understood {understood}")
