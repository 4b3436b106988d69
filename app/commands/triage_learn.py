"""``flask triage-learn``: learn everyday words from what staff corrected."""

from __future__ import annotations

import click
from flask import current_app

from app.clock import now
from app.config import Settings
from app.database import read_transaction
from app.wiring import the_kit, triage_with
from cases.local_day import london_day
from cases.queries.corrections import corrections
from cases.triage.bench import load_labelled, score
from cases.triage.learning import adopt, learn, roll_back


@click.command("triage-learn")
@click.option("--adopt", "do_adopt", is_flag=True, help="Use what was learned, from the next start on.")
@click.option("--roll-back", "do_roll_back", is_flag=True, help="Go back to what was used before the last --adopt.")
def cli(do_adopt: bool, do_roll_back: bool) -> None:
    """Show what would be learned from staff's corrections, and what the bench says of it before and after."""
    settings: Settings = current_app.extensions["settings"]
    if do_roll_back:
        went_back = roll_back(settings.home)
        click.echo("Gone back. Restart the site and the worker." if went_back else "There is nothing to go back from.")
        return
    triage = the_kit().triage
    with read_transaction() as session:
        learned = learn(triage.matcher, corrections(session))
    if not learned:
        click.echo("There is nothing to learn: staff agree with what the words say.")
        return
    for service, phrases in sorted(learned.items()):
        click.echo(f"{service}: {'; '.join(phrases)}")
    today, labelled = london_day(now()), load_labelled()
    for name, tried in (("Before", triage), ("After", triage_with(current_app, settings, learned))):
        click.echo(f"{name}:")
        for line in score(tried, labelled, today).lines():
            click.echo(f"  {line}")
    if do_adopt:
        adopt(settings.home, learned)
        click.echo("Adopted. Restart the site and the worker.")
    else:
        click.echo("Nothing was changed. Run it again with --adopt to use this.")
