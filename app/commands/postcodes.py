"""``flask postcodes``: the UK's postcodes on this machine, and newer files for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from cases.postcodes.build import locked
from cases.postcodes.entry import ISLE_OF_MAN, JERSEY_AND_GUERNSEY, IndexInfo, PostcodeFileError, Progress
from cases.postcodes.sources import load_file
from cases.postcodes.store import PostcodeStore
from cases.postcodes.text import read_postcode

OUTSIDE_UK = {JERSEY_AND_GUERNSEY: "the Channel Islands", ISLE_OF_MAN: "the Isle of Man"}

cli = AppGroup("postcodes", help="The UK's postcodes on this machine.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Use the file even if it holds more bad rows than good.")
def load(file: Path, force: bool) -> None:
    """Use a newer FILE: an ONS Postcode Directory zip or CSV, or a Code-Point Open zip. The site may be running."""
    store = _store()
    with _plain_errors():
        with _bar("Preparing the postcodes it may lack") as progress:
            store.ensure_built(progress)
        base = store.built_in()
        store.loaded_path.parent.mkdir(parents=True, exist_ok=True)
        with locked(store.loaded_path), _bar(f"Loading {file.name}") as progress:
            info = load_file(file, store.loaded_path, progress, force=force, base=base)
    _describe(info)
    click.echo("Running sites use it from their next look-up on.")


@cli.command()
def build() -> None:
    """Make the index of the installed package, unless it is there."""
    store = _store()
    with _plain_errors(), _bar("Building the postcode index") as progress:
        was_built = store.ensure_built(progress)
    click.echo(f"{'Built' if was_built else 'Already there'}: {store.built_in_path}")


@cli.command()
def info() -> None:
    """Say which postcodes are in use, where they came from and what was wrong with the source."""
    with _plain_errors():
        index = _store().current()
    click.echo(f"In use: {index.path}")
    _describe(index.info)


@cli.command()
@click.argument("postcode")
def lookup(postcode: str) -> None:
    """Say what is known of one POSTCODE."""
    with _plain_errors():
        index = _store().current()
    tidy = read_postcode(postcode, index)
    if tidy is None:
        raise click.ClickException("That is not a postcode: one looks like NG15 7AA.")
    entry = index.lookup(tidy)
    if entry is None:
        raise click.ClickException(f"{tidy} is not known. It may be new, or mistyped.")
    known = entry.district_gss
    district = "not known" if known is None else known + (f" ({OUTSIDE_UK[known]})" if known in OUTSIDE_UK else "")
    click.echo(f"{entry.postcode}\nDistrict: {district}\nWard: {entry.ward_gss or 'not known'}")
    grid = "not known" if entry.easting is None else f"{entry.easting}, {entry.northing}"
    click.echo(f"Grid reference: {grid}")


def _store() -> PostcodeStore:
    store: PostcodeStore = current_app.extensions["postcodes"]
    return store


def _describe(info: IndexInfo) -> None:
    counts = info.counts
    click.echo(f"{counts['postcodes']:,} postcodes in {counts['districts']:,} districts, from {info.source}.")
    if info.source.base:
        click.echo(f"{counts['kept_from_base']:,} of them are not in that file and come from {info.source.base}.")
    click.echo(
        f"Without a district: {counts['without_district']:,}. Without a grid reference: "
        f"{counts['without_grid_reference']:,}. Channel Islands and Isle of Man: {counts['outside_uk']:,}."
    )
    click.echo("Wards: " + ("known." if info.has_wards else "not known; a file loaded by hand can bring them."))
    for reason, rows in sorted(info.bad_rows.items()):
        click.echo(f"{rows:,} × {reason}")
        for example in info.bad_examples.get(reason, ()):
            click.echo(f"    {example}")


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except PostcodeFileError as fault:
        raise click.ClickException(fault.message) from fault
    except OSError as fault:
        raise click.ClickException(f"{fault.filename or 'A file'} cannot be used: {fault.strerror}.") from fault


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(max(1000 * done // max(total, 1) - bar.pos, 0))

        yield progress
