"""``flask addresses``: the councils' gazetteers."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.database import write_transaction
from app.wiring import the_kit
from cases.actions.load_addresses import Gazetteer, load_addresses, read_addresses
from cases.errors import RuleError

cli = AppGroup("addresses", help="The councils' lists of properties.")


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Add the properties of FILE, a CSV with the columns UPRN, address and postcode. May be run again at any time.

    All of it is loaded or, when something fails, nothing. Rows that cannot be used are counted and left out.
    """
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        try:
            gazetteer = read_addresses(lines, the_kit().triage.postcodes())
        except RuleError as error:
            raise click.ClickException(error.message) from error
    with write_transaction() as session:
        loaded = load_addresses(session, gazetteer.properties)
    click.echo(f"{loaded.added:,} added, {loaded.changed:,} changed, {loaded.same:,} as they were.")
    _say_what_was_left_out(gazetteer)


def _say_what_was_left_out(gazetteer: Gazetteer) -> None:
    if gazetteer.bad:
        click.echo(f"{gazetteer.bad.total():,} rows left out:")
    for reason, count in gazetteer.bad.most_common():
        examples = gazetteer.examples[reason]
        lines = ", ".join(str(line) for line in examples) + (" …" if count > len(examples) else "")
        click.echo(f"  {count:,}: {reason} (line {lines})")
