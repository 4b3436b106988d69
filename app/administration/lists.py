"""Finding a rule: agreements, services, drafts and the newest changes."""

from __future__ import annotations

from flask import render_template, request

from app.administration import blueprint
from app.administration.words import agreement_facts
from app.clock import now
from app.extensions import db
from app.permissions import Permission, requires
from app.wiring import the_kit
from cases.local_day import london_day
from cases.queries.rules import list_drafts, list_newest


@blueprint.get("")
@requires(Permission.MANAGE_REGISTER)
def show_rules() -> str:
    """Agreements, with those whose every word is in what was looked for."""
    kit, looked_for, today = the_kit(), request.args.get("q", "").strip()[:100], london_day(now())
    agreements = [
        agreement
        for agreement in kit.triage.rules.agreements.all()
        if _fits(looked_for, agreement.id, *agreement_facts(agreement).values())
    ]
    standing = [a for a in agreements if a.ends is None or a.ends > today]
    return render_template(
        "administration/show_rules.html",
        looked_for=looked_for,
        standing=standing,
        ended=[a for a in agreements if a not in standing],
        drafts=list_drafts(db.session),
        newest=list_newest(db.session),
        today=today,
    )


@blueprint.get("/services")
@requires(Permission.MANAGE_REGISTER)
def show_services() -> str:
    kit, looked_for = the_kit(), request.args.get("q", "").strip()[:100]
    services = [
        service
        for service in sorted(kit.catalogue.services.values(), key=lambda s: s.title.casefold())
        if _fits(looked_for, service.slug, service.title, service.covers, *service.words)
    ]
    changed = set(kit.catalogue.dated)
    return render_template(
        "administration/show_services.html", looked_for=looked_for, services=services, changed=changed
    )


def _fits(looked_for: str, *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in looked_for.casefold().split())
