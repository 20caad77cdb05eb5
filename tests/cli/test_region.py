"""`region confirm`: what a person has rung or read is kept with their name, and said to be what is left."""

from __future__ import annotations

from tests.conftest import Project


def test_confirmed_numbers_are_written_down_and_the_others_named(project: Project) -> None:
    """By id, name or number, several at once; `status` has them, and the day is today unless given."""
    project.leave_only("en")
    ran = project.call(
        "region", "confirm", "au", "lifeline", "000", "--by", "Lan Pham", "--date", "2026-11-20"
    )
    assert ran.code == 0, ran.err
    assert "Lifeline (13 11 14, 0477 13 11 14), au: confirmed by Lan Pham on 2026-11-20." in ran.out
    assert "content/confirmed/au.toml\twritten" in ran.out
    assert "Still to confirm for au (no clinic): TIS National (131 450)." in ran.out
    ran = project.call("region", "confirm", "example", "phone", "Better Access", "131 450", "--by", "Ann Lee")
    assert ran.code == 0, ran.err
    assert "Still to confirm for example (au): nothing." in ran.out
    assert (project.root / "content/confirmed/example.toml").is_file()
    assert "Until every number" not in project.call("status", "en").out


def test_nothing_is_written_where_one_of_them_is_wrong(project: Project) -> None:
    """Every wrong name is told, with what it may mean."""
    project.leave_only("en")
    ran = project.call("region", "confirm", "au", "lifeline", "lifelin", "zzz", "--by", "…")
    assert ran.code == 2
    for told in (
        "Did you mean “lifeline”",
        "“zzz”",
        "interpreter (TIS National (131 450))",
        "a name is expected",
    ):
        assert told in ran.err
    assert not (project.root / "content/confirmed").exists()
