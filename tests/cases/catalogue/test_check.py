"""``catalogue check``: our own files are consistent, and each kind of fault is named by file and line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.catalogue.check import check_catalogue
from cases.catalogue.loader import DATA, Catalogue, load_catalogue
from cases.catalogue.schema import AlreadyReported, AskFirst
from cases.yaml_lines import DataFileError

SERVICES = "catalogue/services"
BINS, PARKS, STREETS = f"{SERVICES}/bins.yaml", f"{SERVICES}/parks-and-countryside.yaml", f"{SERVICES}/streets.yaml"
URGENT, AGENCIES = "catalogue/urgent.yaml", "catalogue/agencies.yaml"
AGREEMENTS, NOISE = "agreements/nottinghamshire.yaml", "catalogue/noise.yaml"
QUESTIONS = "  questions:\n"


def test_our_own_files_are_consistent() -> None:
    assert [str(fault) for fault in check_catalogue()] == []


def test_there_are_as_many_services_and_bodies_as_promised(catalogue: Catalogue) -> None:
    complete = [service for service in catalogue.services.values() if service.complete]
    assert len(catalogue.services) >= 90
    assert len(complete) >= 40
    assert len(catalogue.agencies) >= 25


def test_a_complete_service_has_real_questions_and_a_short_script(catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        if service.complete:
            assert len(service.questions) >= 2, service.slug
            assert 1 <= len(service.script) <= 5, service.slug


def test_the_rules_to_check_first_are_all_in_use(catalogue: Catalogue) -> None:
    rules = {type(rule) for service in catalogue.services.values() for rule in service.check_first}
    assert {AskFirst, AlreadyReported} <= rules
    assert any(service.window for service in catalogue.services.values())
    assert any(service.charge for service in catalogue.services.values())
    assert any(service.assisted for service in catalogue.services.values())


@pytest.mark.parametrize("lgsl", [531, 505, 632, 613, 557, 524])
def test_what_the_published_lists_lack_is_here(catalogue: Catalogue, lgsl: int) -> None:
    assert catalogue.find(lgsl) is not None
    assert catalogue.find(f" {lgsl} ") is catalogue.find(lgsl)


@pytest.mark.parametrize("service", [None, "", " ", "nonsense", 0, -1, "９", "1" * 20, "pothole "], ids=repr)
def test_finding_a_service_never_fails(catalogue: Catalogue, service: str | int | None) -> None:
    found = catalogue.find(service)
    assert (found is not None) is (service == "pothole ")


# --- damaged files --------------------------------------------------------------------------------------------------

# Where, what stands there, what is put in its place, and what must be said about the line it is on.
# A file that cannot be read at all says nothing of what refers to it, so each of those is another file.
DAMAGE = [
    ("not-yaml", f"{SERVICES}/libraries-and-leisure.yaml", "team: libraries", "team: [libraries", ""),
    ("unknown-key", f"{SERVICES}/registration.yaml", "contact: required", "contct: required", "contct: Extra inputs"),
    ("wrong-tier", f"{SERVICES}/licensing-and-business.yaml", "tier: district", "tier: borough", "tier: Input should"),
    ("key-twice", f"{SERVICES}/roads.yaml", "  kind: report", "  kind: report\n  kind: claim", "given twice"),
    ("slug-twice", BINS, "- slug: missed-bin", "- slug: bulky-waste-collection", ""),
    ("unknown-team", BINS, "team: waste", "team: wasters", "no team is called wasters"),
    ("unknown-topic", BINS, "topic: ", "topic: no-", "no topic is called no-"),
    ("could-be-nothing", BINS, "could_be: [", "could_be: [no-such-service, ", "no service is called no-such-service"),
    ("could-be-nobody", PARKS, "could_be: [", 'could_be: ["agency:nobody", ', "no agency is called nobody"),
    ("leads-nowhere", PARKS, "service:rights-of-way", "service:lefts-of-way", "no service is called lefts-of-way"),
    ("instead-of-open", BINS, "contact: optional", "contact: optional\n  instead: pothole", ""),
    ("split-unknown", PARKS, "split: tree-where", "split: tree-nowhere", "tree-nowhere is not among its questions"),
    (
        "waits-for-nothing",
        STREETS,
        QUESTIONS,
        QUESTIONS + "    - {id: extra, ask: Is it so, type: yes-no, when: {nothing: [aa]}}\n",
        "",
    ),
    ("sign-of-nothing", URGENT, "agency: samaritans", "agency: samaritanz", "no agency is called samaritanz"),
    ("sign-twice", URGENT, "- id: gas-smell", "- id: suicidal", ""),
    ("body-twice", AGENCIES, "slug: gp\n", "slug: samaritans\n", ""),
    ("body-of-nowhere", AGENCIES, "area: [E06000018", "area: [E06999999", "no council has the code E06999999"),
    ("name-of-nowhere", "gazetteer/places.yaml", "E07000170", "E07000999", "no council has the code E07000999"),
    ("agreed-by-nobody", AGREEMENTS, "authority: E10000024", "authority: E10000099", "the code E10000099"),
    ("agreed-nowhere", AGREEMENTS, "area: [E07000170", "area: [E07000999", "no council has the code E07000999"),
    ("agreed-on-nothing", AGREEMENTS, "[parking-fine]", "[parking-finex]", "no service is called parking-finex"),
    ("noise-no-phrase", NOISE, "greetings: [hi", "greetings: [12", "12 is no phrase"),
    ("noise-no-list", NOISE, "thanks: [", "nothing: yes\nthanks: [", ""),
]
# What a fault says when it is named on another line than the one that was changed, as it adds a line or is an entry's.
SAYS = {
    "not-yaml": "expected",
    "slug-twice": "bulky-waste-collection: is given already",
    "instead-of-open": "names what took its place but not the day it closed",
    "waits-for-nothing": "question extra depends on nothing, which is not asked before it",
    "sign-twice": "suicidal: is given already in urgent.yaml",
    "body-twice": "samaritans: is given already in agencies.yaml",
    "noise-no-list": "nothing: must be a list of phrases",
}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("damaged") / "data"
    shutil.copytree(DATA, root)
    for name, file, old, new, _ in DAMAGE:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{name}: the test must be brought up to date with the data"
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def faults(damaged: Path) -> list[DataFileError]:
    return check_catalogue(damaged)


@pytest.mark.parametrize(("name", "file", "new", "says"), [(d[0], d[1], d[3], d[4]) for d in DAMAGE])
def test_each_kind_of_fault_is_named_by_file_and_line(
    damaged: Path, faults: list[DataFileError], name: str, file: str, new: str, says: str
) -> None:
    own = [f for f in faults if f.path == damaged / file and (says or SAYS[name]) in f.message]
    assert own, [str(fault) for fault in faults if fault.path == damaged / file]
    assert f"{Path(file).name}:{own[0].line}: " in str(own[0])
    if says:
        text = (damaged / file).read_text(encoding="utf-8")
        first = text[: text.index(new)].count("\n") + 1
        assert any(first <= fault.line <= first + new.count("\n") for fault in own), [str(f) for f in own]


def test_faults_come_in_the_order_of_files_and_lines_and_once_each(faults: list[DataFileError]) -> None:
    places = [(str(fault.path), fault.line) for fault in faults]
    assert places == sorted(places)
    assert len({str(fault) for fault in faults}) == len(faults)


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "data"
    shutil.copytree(DATA, root)
    yield root


def test_files_that_are_no_text_are_named_and_no_crash(copy: Path) -> None:
    files = [BINS, URGENT, NOISE, AGREEMENTS, "catalogue/topics.yaml", "gazetteer/places.yaml"]
    for file in files:
        (copy / file).write_bytes(b"\xff\xfe not text")
    (copy / AGENCIES).unlink()
    named = {fault.path for fault in check_catalogue(copy)}
    assert {copy / file for file in [*files, AGENCIES]} <= named


def test_further_faults_of_questions_splits_agreements_and_signs_are_named(copy: Path) -> None:
    choices = "[{value: aa, label: One}, {value: aa, label: Two}]"
    answer_twice = f"    - {{id: two, ask: Which one, type: choice, choices: {choices}}}\n"
    changes = [
        (PARKS, "  split: tree-where\n", ""),
        (AGREEMENTS, "starts: 2008-05-12", "starts: 2008-05-12\n  ends: 2008-05-12"),
        (URGENT, "agency: samaritans", "agency: samaritans\n  service: pothole"),
        (
            BINS,
            QUESTIONS,
            QUESTIONS
            + "    - {id: twice, ask: Is it one, type: yes-no}\n    - {id: twice, ask: Is it two, type: yes-no}\n",
        ),
        (STREETS, QUESTIONS, f"{QUESTIONS}{answer_twice}"),
        ("register/elsewhere.csv", "E06000001", "E0600001"),
    ]
    for file, old, new in changes:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    said = "\n".join(map(str, check_catalogue(copy)))
    for words in (
        "must settle which (split)",
        "ends before it starts",
        "leads to one service or one agency",
        "two questions are called twice",
        "offers one answer twice",
        "register/elsewhere.csv:2: ",
    ):
        assert words in said


def test_the_version_changes_with_any_file(copy: Path, catalogue: Catalogue) -> None:
    assert load_catalogue(copy).version == catalogue.version
    path = copy / "catalogue/teams.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Customer services", "Customers", 1), encoding="utf-8")
    assert load_catalogue(copy).version != catalogue.version
