"""One agreement: what it says, its history, and drafts that change it, end it or add another."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from app.administration import blueprint
from app.administration.drafts import draft_to_change, throw_away_replaced
from app.administration.typed import Typed, day_values
from app.administration.words import agreement_facts
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.actions.change_rules import ChangedMeanwhileError, draft_agreement, find_agreement
from cases.catalogue.schema import Service
from cases.errors import NotFoundError, RuleError
from cases.models.rules import RuleSubject
from cases.queries.rules import history_of, newest_number_of
from cases.triage.agreements import Agreement

Page = str | tuple[str, int] | Response
FIELDS = ("id", "services", "area", "authority", "starts", "ends", "when", "postcodes", "choice", "reason", "source",
          "checked")  # fmt: skip


@blueprint.get("/agreements/<slug>")
@requires(Permission.MANAGE_REGISTER)
def show_agreement(slug: str) -> Page:
    return _page(slug, Typed(_opened_on(slug)))


@blueprint.get("/agreements/new")
@requires(Permission.MANAGE_REGISTER)
def begin_agreement() -> Page:
    if draft := draft_to_change(RuleSubject.AGREEMENT):
        agreement = Agreement.model_validate(draft.after)
        return _form(None, Typed(_values(agreement) | {"id": agreement.id, "draft": str(draft.id)}))
    service = the_kit().service(request.args.get("service"))
    return _form(None, Typed({"services": service.title if service else "", "authority": "", "area": []}), service)


@blueprint.post("/agreements/new")
@requires(Permission.MANAGE_REGISTER)
def add_agreement() -> Page:
    return _draft(None)


@blueprint.get("/agreements/<slug>/change")
@requires(Permission.MANAGE_REGISTER)
def begin_change(slug: str) -> Page:
    agreement = _get(slug)
    draft = draft_to_change(RuleSubject.AGREEMENT, slug)
    shown = Agreement.model_validate(draft.after) if draft else agreement
    values = _values(shown) | _opened_on(slug) | {"draft": str(draft.id) if draft else ""}
    return _form(agreement, Typed(values))


@blueprint.post("/agreements/<slug>/change")
@requires(Permission.MANAGE_REGISTER)
def change_agreement(slug: str) -> Page:
    return _draft(_get(slug))


@blueprint.post("/agreements/<slug>/end")
@requires(Permission.MANAGE_REGISTER)
def end_agreement(slug: str) -> Page:
    """A draft in which everything stays but the day it ends."""
    agreement, form = _get(slug), Typed(request.form)
    ends = form.day("ends")
    if not form.errors:
        try:
            changed = agreement.model_copy(update={"ends": ends})
            draft = draft_agreement(
                db.session, the_kit(), current_actor(), changed, now(), opened_on=form.opened_on()
            )
            db.session.commit()
            return redirect(url_for("administration.show_change", change_id=draft.id))
        except RuleError as error:
            db.session.rollback()
            form.refuse_rule(error, ("ends",))
        except ChangedMeanwhileError as error:
            db.session.rollback()
            form.refuse_old(error, "ends")
    return _page(slug, form), 422


def _page(slug: str, form: Typed) -> str:
    agreement = _get(slug)
    history = history_of(db.session, RuleSubject.AGREEMENT, slug)
    return render_template(
        "administration/show_agreement.html",
        agreement=agreement,
        facts=agreement_facts(agreement),
        history=history,
        form=form,
    )


def _form(agreement: Agreement | None, form: Typed, service: Service | None = None) -> Page:
    kit = the_kit()
    slugs = [_service_slug(line) for line in form.lines("services")]
    services = [found for slug in slugs if (found := kit.service(slug))]
    text = render_template(
        "administration/agreement_form.html",
        agreement=agreement,
        form=form,
        councils=list(kit.register.authorities.values()),
        questions=_questions(services or ([service] if service else [])),
    )
    return (text, 422) if form.errors else text


def _draft(standing: Agreement | None) -> Page:
    form = Typed({name: request.form.getlist(name) for name in ("area", "when")} | _single())
    agreement = _read(form, standing)
    if agreement and not form.errors:
        try:
            draft = draft_agreement(
                db.session,
                the_kit(),
                current_actor(),
                agreement,
                now(),
                opened_on=form.opened_on(),
                is_new=standing is None,
            )
            throw_away_replaced(form, draft)
            db.session.commit()
            return redirect(url_for("administration.show_change", change_id=draft.id))
        except RuleError as error:
            db.session.rollback()
            form.refuse_rule(error, FIELDS)
        except ChangedMeanwhileError as error:
            db.session.rollback()
            form.refuse_old(error, "services")
    return _form(standing, form)


def _single() -> dict[str, str | list[str]]:
    return {name: value for name, value in request.form.items() if name not in ("area", "when")}


def _read(form: Typed, standing: Agreement | None) -> Agreement | None:
    when: dict[str, list[str]] = {}
    for each in form.chosen("when"):
        question, _, value = each.partition("=")
        when.setdefault(question, []).append(value)
    given = {
        "id": standing.id if standing else re.sub(r"[^a-z0-9]+", "-", form.text("id").lower()).strip("-")[:60],
        "services": [_service_slug(line) for line in form.lines("services")],
        "area": form.chosen("area"),
        "authority": form.text("authority"),
        "starts": form.day("starts"),
        "ends": form.day("ends", required=False),
        "when": when,
        "postcodes": [line.upper() for line in form.lines("postcodes")],
        "or_own_council": form.text("choice") == "yes",
        "reason": form.text("reason"),
        "source": form.text("source"),
        "checked": form.day("checked", required=False),
    }
    for name, message in (
        ("id", "Give it a short name."),
        ("services", "Name at least one service."),
        ("area", "Choose at least one council’s area."),
        ("authority", "Choose who does it."),
        ("reason", "Say in a sentence what the public should know."),
        ("source", "Say where it is written down."),
    ):
        if not given[name]:
            form.refuse(name, message)
    if given["id"] == "new":
        form.refuse("id", "Choose another name.")
    if form.errors:
        return None
    try:
        return Agreement.model_validate(given)
    except ValidationError as error:
        form.refuse_shape(error, FIELDS)
        return None


def _values(agreement: Agreement) -> dict[str, str | list[str]]:
    kit = the_kit()
    titles = [s.title if (s := kit.service(slug)) else slug for slug in agreement.services]
    return {
        "services": "\n".join(titles),
        "area": list(agreement.area),
        "authority": agreement.authority,
        **day_values("starts", agreement.starts),
        **day_values("ends", agreement.ends),
        **day_values("checked", agreement.checked),
        "when": [f"{question}={value}" for question, values in agreement.when.items() for value in values],
        "postcodes": "\n".join(agreement.postcodes),
        "choice": "yes" if agreement.or_own_council else "",
        "reason": agreement.reason,
        "source": agreement.source,
    }


def _opened_on(slug: str) -> dict[str, str | list[str]]:
    return {"opened_on": str(newest_number_of(db.session, RuleSubject.AGREEMENT, slug) or "")}


def _service_slug(line: str) -> str:
    """A service by its title or its short name; what is neither stays, to be refused."""
    services = the_kit().catalogue.services
    by_title = {service.title.casefold(): slug for slug, service in services.items()}
    typed = line.casefold()
    return typed if typed in services else by_title.get(typed, re.sub(r"[^a-z0-9]+", "-", typed).strip("-")[:60])


def _questions(services: list[Service]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each question with choices, and its answers as a tick box names them."""
    return [
        (question.ask, [(f"{question.id}={choice.value}", choice.label) for choice in question.choices])
        for service in services
        for question in service.questions
        if question.choices
    ]


def _get(slug: str) -> Agreement:
    agreement = find_agreement(the_kit(), slug)
    if agreement is None:
        raise NotFoundError
    return agreement
