"""The command `personal`, as a person types it."""

from __future__ import annotations

import json

from tests.conftest import Project


def test_a_list_becomes_copies_or_every_problem_at_once(cold_project: Project) -> None:
    """What is printed names no one; where a row is wrong nothing is written, and all rows are told."""
    cold_project.leave_only("en")
    people, out = cold_project.root / "people.csv", cold_project.root / "copies"
    typed = [
        "personal",
        "--to-file",
        str(people),
        "--out",
        str(out),
        "--handout",
        "about-ipt",
        "--region",
        "au",
    ]
    people.write_text("name,locale,appointment\nZoë,en,3/12/2026\n王,en,\n,en,\n", encoding="utf-8")
    ran = cold_project.call(*typed)
    assert ran.code == 1
    assert [f"people.csv:{line}:" in ran.err for line in (2, 3, 4)] == [True] * 3
    assert not out.exists()
    people.write_text("name,locale,appointment\nZoë,en,2026-12-03 14:30\n", encoding="utf-8")
    ran = cold_project.call(*typed, "--json")
    assert (ran.code, json.loads(ran.out)["copies"]) == (0, 1), ran.err
    assert "Zoë" not in ran.out + ran.err
    assert [path.name for path in out.iterdir()] == ["0002.about-ipt.pdf"]
    again = cold_project.call(*typed)
    assert (again.code, "folder" in again.err) == (1, True)


def test_a_place_is_never_guessed(cold_project: Project) -> None:
    """The help lines of another country would go to a person by name."""
    cold_project.leave_only("en")
    people = cold_project.root / "people.csv"
    people.write_text("name,locale\nZoë,en\n", encoding="utf-8")
    ran = cold_project.call("personal", "--to-file", str(people), "--out", str(cold_project.root / "copies"))
    assert ran.code == 2
    assert "--region au" in ran.err
