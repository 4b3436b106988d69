"""``flask audit``: is the trail whole?"""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.database import read_transaction
from cases.actions.audit import unsealed_tail, verify_audit

cli = AppGroup("audit", help="The record of who did and who read what.")


@cli.command()
def verify() -> None:
    """Find any altered, missing or reordered entry, and name the unsealed tail."""
    with read_transaction() as session:
        faults = list(verify_audit(session))
        tail = unsealed_tail(session)
    for fault in faults:
        click.echo(f"entry {fault.seq}: {fault.message}")
    click.echo(f"{tail} entr{'y' if tail == 1 else 'ies'} not sealed yet.")
    if faults:
        sys.exit(1)
    click.echo("The audit trail is whole.")
