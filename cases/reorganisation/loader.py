"""Reading the plans that are shipped, and proving them against the data that they change."""

from __future__ import annotations

from pathlib import Path

from cases.catalogue.loader import DATA
from cases.reorganisation.check import Against, check_plan
from cases.reorganisation.schema import Plan
from cases.yaml_lines import DataFileError, DataFilesError, load_yaml, validate_entries


class PlanError(DataFilesError):
    """A plan's file is wrong; says where, one ``file:line: message`` a line."""


def load_plans(partnership: str, against: Against, root: Path = DATA) -> dict[str, Plan]:
    """The partnership's plans by slug. Raises ``PlanError`` with everything that is wrong with them."""
    plans: dict[str, Plan] = {}
    errors: list[DataFileError] = []
    for path in sorted((root / "plans").glob("*.yaml")):
        try:
            plan = validate_entries(path, Plan, many=False)[0]
        except DataFilesError as error:
            errors += error.errors
            continue
        if plan.partnership != partnership:
            continue
        errors += plan_file_faults(path, plan, against)
        plans[plan.slug] = plan
    if errors:
        raise PlanError(errors)
    return plans


def plan_file_faults(path: Path, plan: Plan, against: Against) -> list[DataFileError]:
    _, line_of = load_yaml(path)
    faults = [DataFileError(path, line_of(f.where), f"{plan.slug}: {f.message}") for f in check_plan(plan, against)]
    if plan.slug != path.stem:
        faults.insert(0, DataFileError(path, line_of(("slug",)), f"a plan's slug is the name of its file, {path.stem}"))
    return faults
