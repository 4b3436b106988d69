"""The first page."""

from __future__ import annotations

from flask import render_template

from app.citizen import blueprint, presenting
from app.clock import now
from app.permissions import public
from app.wiring import the_kit
from cases.local_day import london_day

__all__ = ["front", "presenting"]

# What most people come for, in the order of how often; shown where the catalogue has it.
ASKED_MOST = ("missed-bin", "pothole", "council-tax-bill-query", "fly-tipping", "street-light-broken", "parking-fine")


@blueprint.get("/")
@public
def front() -> str:
    kit = the_kit()
    return render_template(
        "citizen/front.html",
        topics=kit.catalogue.topics.values(),
        popular=[kit.catalogue.services[s] for s in ASKED_MOST if s in kit.catalogue.services],
        councils=[a for a in kit.register.authorities.values() if a.is_open(london_day(now()))],
    )
