"""``flask catalogue``: the services, and whether their files fit together."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from cases.catalogue.check import PARTNERSHIPS, check_catalogue
from cases.catalogue.loader import load_catalogue
from cases.register.loader import load_register
from cases.reorganisation.check import Against
from cases.reorganisation.loader import PlanError, load_plans
from cases.urgent.loader import rota_faults
from cases.yaml_lines import DataFileError

cli = AppGroup("catalogue", help="The services, agencies, teams and councils in the data files.")


@cli.command()
def check() -> None:
    """Prove the data files consistent, or say what is wrong by file and line."""
    faults = check_catalogue() or [*_rota_faults(), *_plan_faults()]
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


def _rota_faults() -> list[DataFileError]:
    """The duty lines are held against the catalogue and the register, once these are sound themselves."""
    catalogue = load_catalogue()
    return [fault for name in PARTNERSHIPS for fault in rota_faults(load_register(name), catalogue)]


def _plan_faults() -> list[DataFileError]:
    """The plans of every partnership, against its councils and all postcodes."""
    catalogue, postcodes = load_catalogue(), current_app.extensions["postcodes"].current()
    faults: list[DataFileError] = []
    for partnership in PARTNERSHIPS:
        try:
            load_plans(partnership, Against(load_register(partnership), catalogue, postcodes))
        except PlanError as error:
            faults += error.errors
    return faults
