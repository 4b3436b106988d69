"""``flask demo``: the demonstration partnership."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import AppGroup

from app.clock import now
from app.config import Settings
from app.database import read_transaction, write_transaction
from app.demo.loading import clear_everything, has_cases, has_staff, is_loaded, load_demo
from app.demo.staff import PASSWORD, signing_in
from app.wiring import the_kit

cli = AppGroup("demo", help="Invented people and cases to look around with. Refused on production settings.")


def _refuse_in_production() -> None:
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production:
        raise click.ClickException(
            "This is a production installation (PUBLIC_BASE_URL is https): no demonstration here."
        )


@cli.command()
def load() -> None:
    """Load the demonstration, unless there are cases already."""
    _refuse_in_production()
    with read_transaction() as session:
        if is_loaded(session):
            click.echo("The demonstration is loaded already. `demo reset` makes it anew.")
            return
        if has_cases(session):
            raise click.ClickException("There are cases here already, and they may be real: nothing was loaded.")
    _load()


@cli.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Throw away everything in this demonstration and load it anew."""
    _refuse_in_production()
    with read_transaction() as session:
        if not is_loaded(session) and (has_cases(session) or has_staff(session)):
            raise click.ClickException("What is here is not a demonstration's: nothing was deleted.")
    if not yes:
        click.confirm("Delete every case, person and member of staff of this demonstration?", abort=True)
    _load(clear_first=True)


@cli.command("sign-ins")
def sign_ins() -> None:
    """Say whom to sign in as."""
    for post in signing_in(current_app.extensions["register"]):
        click.echo(f"  {post.email:<28} {post.what}")
    click.echo(f"  all with the password {PASSWORD}")


def _load(*, clear_first: bool = False) -> None:
    started = time.monotonic()
    with write_transaction() as session:  # one transaction: a load that fails leaves the old demonstration standing
        if clear_first:
            clear_everything(session)
        cases = load_demo(session, the_kit(), now())
    click.echo(f"The demonstration is loaded: {cases} cases, in {time.monotonic() - started:.1f} s.")
