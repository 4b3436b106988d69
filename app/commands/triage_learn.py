"""``flask triage-learn``: learn from what staff corrected."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.clock import now
from app.config import Settings
from app.database import read_transaction
from app.wiring import the_kit
from cases.local_day import london_day
from cases.queries.corrections import corrections
from cases.triage.bench import score
from cases.triage.learning import adopt, lessons, name_of, roll_back
from cases.understanding.building import key_of, learn_from, ready_embedder
from cases.understanding.labelled import load_labelled
from cases.understanding.reading import Understanding


@click.command("triage-learn")
@click.option("--adopt", "do_adopt", is_flag=True, help="Use what was learned, from the next start on.")
@click.option("--roll-back", "do_roll_back", is_flag=True, help="Go back to what was used before the last --adopt.")
@with_appcontext
def cli(do_adopt: bool, do_roll_back: bool) -> None:
    """Learn from staff’s corrections, and show what the bench’s held-out enquiries say before and after."""
    settings: Settings = current_app.extensions["settings"]
    if do_roll_back:
        went_back = roll_back(settings.home)
        click.echo("Gone back. Restart the site and the worker." if went_back else "There is nothing to go back from.")
        return
    triage, prefix = the_kit().triage, Path(sys.prefix)
    with read_transaction() as session:
        learned = lessons(triage.understanding, triage.catalogue, corrections(session))
    if not learned:
        click.echo("There is nothing to learn: staff agree with what the words say.")
        return
    for service in sorted({e.means or "" for e in learned}):
        click.echo(f"{service}: {sum(e.means == service for e in learned)} corrections")
    model = learn_from(prefix, triage.catalogue, learned)
    name = name_of(key_of(triage.catalogue), learned)
    taught = Understanding(model, ready_embedder(prefix), triage.catalogue, version=f".{name[-8:]}")
    after = triage.understood_by(taught)
    today, labelled = london_day(now()), [item for item in load_labelled() if item.is_held_out]
    for title, tried in (("Before", triage), ("After", after)):
        click.echo(f"{title}:")
        for line in score(tried, labelled, today).lines():
            click.echo(f"  {line}")
    if do_adopt:
        adopt(settings.home, name, model)
        click.echo("Adopted. Restart the site and the worker.")
    else:
        click.echo("Nothing was changed. Run it again with --adopt to use this.")
