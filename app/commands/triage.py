"""``flask triage``: one JSON object a line in, one a line out, in order."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from app.clock import now
from app.wiring import the_kit
from cases.local_day import london_day
from cases.triage.lines import answer_line


@click.command("triage", help="Decide enquiries given as JSON lines on standard input. It touches no case.")
@click.option("--json", "as_json", is_flag=True, help="Accepted, and changes nothing: the answer is always JSON.")
@with_appcontext
def cli(as_json: bool) -> None:
    triage, today = the_kit().triage, london_day(now())
    for raw in sys.stdin.buffer:
        answer = answer_line(triage, raw.decode("utf-8", "replace"), today)
        if answer is not None:
            # Flushes: another program may wait for this line before it writes its next.
            click.echo(json.dumps(answer, ensure_ascii=True))
