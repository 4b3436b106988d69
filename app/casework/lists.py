"""The first page after signing in, the queues, and finding a case."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import blueprint
from app.casework.words import POST_WORDS, page_words
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, may, requires
from app.wiring import the_kit
from cases.queries.colleagues import list_colleagues
from cases.queries.find import find_cases_for
from cases.queries.handovers import count_to_answer, count_to_decide
from cases.queries.queues import ListSort, ListState, count_queues, get_queue_for, list_mine, list_queue
from cases.queries.stubs import count_stubs
from cases.queries.unsettled import count_unsettled

Choice = TypeVar("Choice", bound=StrEnum)


def render_home() -> str:
    """What waits for the person who has signed in."""
    actor, moment = current_actor(), now()
    if not may(Permission.SEE_QUEUES):
        colleagues = list_colleagues(db.session, actor, moment) if may(Permission.MANAGE_STAFF) else ()
        return render_template(
            "account/home.html", colleagues=colleagues, post_words=POST_WORDS, council=the_kit().authority_name
        )
    queues = [queue for queue in count_queues(db.session, actor, moment) if queue.open]
    teams = {post.team for post in actor.posts if post.team}
    queues.sort(key=lambda queue: (queue.team not in teams, -queue.overdue, -queue.open))
    return render_template(
        "casework/home.html",
        **page_words(),
        queues=queues,
        teams=teams,
        mine=list_mine(db.session, actor, moment, size=20),
        handed_over=count_stubs(db.session, actor),
        to_answer=count_to_answer(db.session, actor),
        to_decide=count_to_decide(db.session, actor) if actor.is_arbiter else 0,
        unsettled=count_unsettled(db.session) if actor.at_front_desk else 0,
    )


@blueprint.get("/queues")
@requires(Permission.SEE_QUEUES)
def show_queues() -> str:
    counted = count_queues(db.session, current_actor(), now())
    return render_template(
        "casework/show_queues.html",
        queues=[queue for queue in counted if queue.open],
        empty=[queue for queue in counted if not queue.open],
    )


@blueprint.get("/queues/<slug>")
@requires(Permission.SEE_QUEUES)
def show_queue(slug: str) -> str:
    actor = current_actor()
    queue = get_queue_for(db.session, actor, slug)
    state = _one_of(ListState, request.args.get("state"), ListState.OPEN)
    sort = _one_of(ListSort, request.args.get("sort"), ListSort.DUE)
    after, before = request.args.get("after"), request.args.get("before")
    cases = list_queue(db.session, actor, queue, now(), state=state, sort=sort, after=after, before=before)
    unsettled = count_unsettled(db.session) if queue.authority_gss is None else 0
    return render_template(
        "casework/show_queue.html", queue=queue, state=state, sort=sort, cases=cases, unsettled=unsettled
    )


@blueprint.get("/find")
@requires(Permission.FIND_CUSTOMERS)
def find_case() -> str | Response:
    text = request.args.get("q", "").strip()
    found = find_cases_for(db.session, current_actor(), text, now()) if text else None
    if found and found.looked_for == "reference" and len(found.openable) == 1:
        return redirect(url_for("casework.show_case", reference=found.lines[0].reference))
    return render_template("casework/find_case.html", text=text, found=found)


def _one_of(kind: type[Choice], text: str | None, default: Choice) -> Choice:
    """A choice in an address; what is no choice is the default, because a mistyped address still wants its list."""
    try:
        return kind(text or "")
    except ValueError:
        return default
