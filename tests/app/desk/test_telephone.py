from __future__ import annotations

from cases.models.contact import Channel
from tests.app.desk.form import JO, POTHOLE, Desk, complaints, shown_references


def test_call_about_a_pothole_in_hucknall_is_a_case_of_the_county(agent: Desk) -> None:
    page = agent.save(POTHOLE, JO, safe="text")
    assert complaints(page) == []
    [case] = agent.cases()
    assert case.queue.slug == "nottinghamshire-highways"
    assert case.opened_by_channel is Channel.PHONE
    assert set(shown_references(page)) == {f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"}
    assert "Nottinghamshire County Council" in page.text
    assert "PIN" in page.text
    assert agent.messages == 1
