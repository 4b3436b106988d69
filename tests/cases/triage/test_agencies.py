"""Bodies that are not councils: which of them is meant depends on the area."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.triage import Enquiry, Triage
from cases.triage.decision import OutcomeKind
from cases.triage.signposting import concrete_agency
from tests.cases.places import ASHFIELD, BASSETLAW, CITY, NEWARK, TODAY

PORTSMOUTH, SOUTHAMPTON, HART = "E06000044", "E06000045", "E07000089"
NOTTINGHAMSHIRE, HAMPSHIRE = "nottinghamshire", "hampshire-iow"


@pytest.mark.parametrize(
    ("partnership", "slug", "district", "concrete"),
    [
        (NOTTINGHAMSHIRE, "water-company", ASHFIELD, "water-severn-trent"),
        (NOTTINGHAMSHIRE, "water-company", BASSETLAW, "water-company"),  # three companies share it
        (NOTTINGHAMSHIRE, "sewerage-company", NEWARK, "sewerage-severn-trent"),
        (HAMPSHIRE, "water-company", PORTSMOUTH, "water-portsmouth"),
        (HAMPSHIRE, "sewerage-company", PORTSMOUTH, "sewerage-southern"),
        (HAMPSHIRE, "water-company", SOUTHAMPTON, "water-southern"),
        (HAMPSHIRE, "water-company", HART, "water-south-east"),
        (HAMPSHIRE, "sewerage-company", HART, "sewerage-thames"),
        (NOTTINGHAMSHIRE, "police", CITY, "police-nottinghamshire"),
        (HAMPSHIRE, "police", PORTSMOUTH, "police-hampshire"),
        (NOTTINGHAMSHIRE, "fire-and-rescue", ASHFIELD, "fire-nottinghamshire"),
        (HAMPSHIRE, "fire-and-rescue", HART, "fire-hampshire-iow"),
        (NOTTINGHAMSHIRE, "network-rail", ASHFIELD, "network-rail"),
    ],
)
def test_a_body_is_named_as_the_one_of_that_area(
    triage_of: Callable[[str], Triage], partnership: str, slug: str, district: str, concrete: str
) -> None:
    triage = triage_of(partnership)
    answers = {
        "water-company": ("flooding", {"flood-source": "water-main"}),
        "sewerage-company": ("flooding", {"flood-source": "sewer"}),
    }
    if slug not in answers:
        assert concrete_agency(triage.catalogue, slug, district).slug == concrete
        return
    service, given = answers[slug]
    decision = triage.best(Enquiry(on=TODAY, service=service, district=district, answers=given))
    assert decision.outcome is OutcomeKind.SIGNPOST
    assert decision.signpost is not None and decision.signpost.code == concrete
    assert decision.outside is not None and decision.outside.how
    assert decision.queue is None
    assert decision.authority is None


def test_a_body_named_in_words_is_a_signpost_with_how_to_reach_it(triage: Triage) -> None:
    decision = triage.best(Enquiry(on=TODAY, text="I need to renew my passport"))
    assert decision.outcome is OutcomeKind.SIGNPOST
    assert decision.signpost is not None and decision.signpost.code == "hm-passport-office"
    assert decision.outside is not None and decision.outside.how
