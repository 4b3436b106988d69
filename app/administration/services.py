"""One service: who does it, where each answer leads, what it could also be, and words that people use for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from app.administration import blueprint
from app.administration.drafts import draft_to_change, throw_away_replaced
from app.administration.typed import Typed, day_values
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.actions.change_rules import ChangedMeanwhileError, draft_service
from cases.catalogue.schema import Service
from cases.errors import NotFoundError, RuleError
from cases.local_day import london_day
from cases.models.rules import RuleSubject
from cases.queries.rules import history_of, newest_of
from cases.rules.schema import ServiceChange

Page = str | tuple[str, int] | Response


@blueprint.get("/services/<slug>")
@requires(Permission.MANAGE_REGISTER)
def show_service(slug: str) -> str:
    service = _get(slug)
    history = history_of(db.session, RuleSubject.SERVICE, slug)
    agreements = [a for a in the_kit().triage.rules.agreements.all() if slug in a.services]
    added = ServiceChange.model_validate(history[0].after).words if history else ()
    return render_template(
        "administration/show_service.html", service=service, history=history, agreements=agreements, added=added
    )


@blueprint.get("/services/<slug>/change")
@requires(Permission.MANAGE_REGISTER)
def begin_service_change(slug: str) -> Page:
    service = _get(slug)
    newest = newest_of(db.session, RuleSubject.SERVICE, slug)
    draft = draft_to_change(RuleSubject.SERVICE, slug)
    shown = draft or newest
    change = ServiceChange.model_validate(shown.after) if shown else ServiceChange()
    values = _values(change, _delivered(slug), draft.starts_on if draft else london_day(now()))
    if draft:
        values |= {"draft": str(draft.id), **day_values("ends", draft.ends_on)}
    return _form(service, Typed(values | {"opened_on": str(newest.number if newest else "")}))


@blueprint.post("/services/<slug>/change")
@requires(Permission.MANAGE_REGISTER)
def change_service(slug: str) -> Page:
    service, form = _get(slug), Typed(request.form)
    starts, ends = form.day("starts"), form.day("ends", required=False)
    if starts and not form.errors:
        try:
            change = _read(form, _delivered(slug))
            draft = draft_service(
                db.session, the_kit(), current_actor(), slug, change, starts, ends, now(), opened_on=form.opened_on()
            )
            throw_away_replaced(form, draft)
            db.session.commit()
            return redirect(url_for("administration.show_change", change_id=draft.id))
        except ValidationError as error:
            form.refuse_shape(error, _fields(service))
        except RuleError as error:
            db.session.rollback()
            form.refuse_rule(error, _fields(service))
        except ChangedMeanwhileError as error:
            db.session.rollback()
            form.refuse_old(error, "words")
    return _form(service, form)


def _form(service: Service, form: Typed) -> Page:
    catalogue = the_kit().catalogue
    text = render_template(
        "administration/service_form.html",
        service=service,
        form=form,
        questions=[question for question in service.questions if question.choices],
        targets=["county", "district"]
        + [f"service:{slug}" for slug in sorted(catalogue.services)]
        + [f"agency:{slug}" for slug in sorted(catalogue.agencies)],
    )
    return (text, 422) if form.errors else text


def _fields(service: Service) -> list[str]:
    leads = [f"goes_to-{q.id}-{c.value}" for q in service.questions for c in q.choices]
    return ["tier", "split", *leads, "could_be", "words", "starts", "ends"]


def _read(form: Typed, delivered: Service) -> ServiceChange:
    """Only what differs from the delivered catalogue, so that later releases go on mending the rest."""
    given: dict[str, Any] = {"words": form.lines("words")}
    if form.text("tier") != delivered.tier:
        given["tier"] = form.text("tier")
    if form.text("split") and form.text("split") != delivered.split:
        given["split"] = form.text("split")
    if form.lines("could_be") != list(delivered.could_be):
        given["could_be"] = form.lines("could_be")
    leads: dict[str, dict[str, str]] = {}
    for question in delivered.questions:
        for choice in question.choices:
            target = form.text(f"goes_to-{question.id}-{choice.value}")
            if target != (choice.goes_to or ""):
                leads.setdefault(question.id, {})[choice.value] = target
    return ServiceChange.model_validate(given | {"goes_to": leads})


def _values(change: ServiceChange, delivered: Service, today: date) -> dict[str, str | list[str]]:
    service = change.lay_over(delivered)
    leads: dict[str, str | list[str]] = {
        f"goes_to-{question.id}-{choice.value}": choice.goes_to or ""
        for question in service.questions
        for choice in question.choices
    }
    return {
        **leads,
        "tier": service.tier.value,
        "split": service.split or "",
        "could_be": "\n".join(service.could_be),
        "words": "\n".join(change.words),
        **day_values("starts", today),
    }


def _delivered(slug: str) -> Service:
    return the_kit().triage.rules.base.catalogue.services[slug]


def _get(slug: str) -> Service:
    service = the_kit().service(slug)
    if service is None:
        raise NotFoundError
    return service
