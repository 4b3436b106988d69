"""``flask triage-bench``, as an operator types it."""

from __future__ import annotations

from flask import Flask

from tests.app.commands.running import run


def test_the_held_out_part_is_measured_by_itself_and_its_misses_are_listed(app: Flask) -> None:
    result = run(app, "triage-bench", "--only", "held-out", "--misses")
    assert result.exit_code == 0, result.output
    heading, first, *rest = result.output.splitlines()
    assert heading.split() == ["all", "held", "out"]
    name, everything, held_out = first[:24].strip(), first[25:44], first[47:]
    assert name == "service at 1" and everything == held_out and " of " in everything
    misses = [line for line in rest if line.startswith("  ")]
    assert misses and all(line.endswith("[held out]") for line in misses)


def test_another_part_is_refused(app: Flask) -> None:
    assert run(app, "triage-bench", "--only", "half").exit_code == 2
