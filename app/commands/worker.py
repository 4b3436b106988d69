"""``flask worker``: delivers, retries, and does what the clock asks for."""

from __future__ import annotations

import click
from flask import current_app

from app.worker import Worker


@click.command("worker")
@click.option("--once", is_flag=True, help="Do all that is due now, then end.")
def cli(once: bool) -> None:
    """Deliver messages, try again what failed and run the clock, until told to stop."""
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]
    if once:
        worker.sweep()
    else:
        worker.run()
