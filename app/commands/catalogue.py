"""``flask catalogue``: the services, and whether their files fit together."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from cases.catalogue.check import check_catalogue
from cases.catalogue.loader import load_catalogue

cli = AppGroup("catalogue", help="The services, agencies, teams and councils in the data files.")


@cli.command()
def check() -> None:
    """Prove the data files consistent, or say what is wrong by file and line."""
    faults = check_catalogue()
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}.")
        sys.exit(1)
    catalogue = load_catalogue()
    complete = sum(s.complete for s in catalogue.services.values())
    click.echo(
        f"The catalogue is consistent: {len(catalogue.services)} services ({complete} complete), "
        f"{len(catalogue.agencies)} agencies, version {catalogue.version}."
    )
