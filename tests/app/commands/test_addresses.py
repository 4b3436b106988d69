"""``addresses load``: a council's gazetteer."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.database import read_transaction
from cases.models.place import Address
from tests.app.commands.running import run


def load(app: Flask, tmp_path: Path, text: str) -> str:
    file = tmp_path / "gazetteer.csv"
    file.write_bytes(text.encode("utf-8-sig"))
    result = run(app, "addresses", "load", str(file))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.output


def addresses(app: Flask) -> list[tuple[str, str, str, str | None]]:
    with app.app_context(), read_transaction() as session:
        rows = session.execute(
            select(Address.uprn, Address.line, Address.postcode, Address.district_gss).order_by(Address.sort_key)
        )
        return [tuple(row) for row in rows]


def test_rows_are_kept_with_the_district_of_their_postcode(app: Flask, tmp_path: Path) -> None:
    said = load(
        app, tmp_path, 'Postcode,ADDRESS,uprn\nng157aa,"10 Annesley Road, Hucknall",100\nNG15 7AA,2 Annesley Road,200\n'
    )
    assert "2 added" in said
    assert addresses(app) == [
        ("200", "2 Annesley Road", "NG15 7AA", "E07000170"),
        ("100", "10 Annesley Road, Hucknall", "NG15 7AA", "E07000170"),
    ]


def test_loading_again_changes_only_what_differs(app: Flask, tmp_path: Path) -> None:
    load(app, tmp_path, "uprn,address,postcode\n1,1 High Street,NG15 7AA\n2,2 High Street,NG15 7AA\n")
    said = load(app, tmp_path, "uprn,address,postcode\n1,1 High Street,NG15 7AA\n2,Flat 2,NG15 7AA\n3,Shop,NG15 7AA\n")
    assert "1 added, 1 changed, 1 as they were" in said
    assert [line for _, line, _, _ in addresses(app)] == ["1 High Street", "Flat 2", "Shop"]


def test_bad_rows_are_counted_and_named_and_never_fatal(app: Flask, tmp_path: Path) -> None:
    said = load(
        app,
        tmp_path,
        "uprn,address,postcode\n"
        "x,1 High Street,NG15 7AA\n"
        "1,,NG15 7AA\n"
        "2,2 High Street,nonsense\n"
        "3,3 High Street,NG99 9ZZ\n"
        "4\n"
        "\n"
        "5,5 High\x00 Street,NG15 7AA\n"
        "5,again,NG15 7AA\n",
    )
    assert "1 added" in said
    assert "6 rows left out" in said
    for reason in ("UPRN is not a number", "is empty", "is not one", "is not known", "column is missing", "already"):
        assert reason in said
    assert "(line 2)" in said


def test_missing_column_is_named_and_nothing_is_loaded(app: Flask, tmp_path: Path) -> None:
    said = load(app, tmp_path, "uprn,street,postcode\n1,High Street,NG15 7AA\n")
    assert "must name a column “address”" in said
    assert addresses(app) == []
