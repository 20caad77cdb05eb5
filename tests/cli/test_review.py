"""The command `review sign`: a signature of the text as it is now, or every reason why not."""

from __future__ import annotations

import tomllib

import pytest

from tests.conftest import TODAY, Project

SIGN = (
    "review",
    "sign",
    "es",
    "about-ipt",
    "--kind",
    "language",
    "--reviewer",
    "R. Reader",
    "--role",
    "translator",
)
BY = ("--translator", "T. One")


def test_a_signature_is_written_and_the_state_is_told(project: Project) -> None:
    """Who, what, and which files; today unless a day is given."""
    ran = project.call(*SIGN, *BY)
    assert ran.code == 0, ran.err
    first, *files, last, missing = ran.out.splitlines()
    assert first == "about-ipt in es: language review by R. Reader, for Australia (au) alone."
    assert [line.split("\t")[1] for line in files] == ["written", "written"]
    assert last == "State: reviewed."
    assert missing == "Still missing: a clinician other than R. Reader and the translator."
    for line in files:
        assert (project.root / line.split("\t")[0]).is_file()
    text = (project.root / "locales/es/reviews.toml").read_text(encoding="utf-8")
    row = tomllib.loads(text)["review"][-1]
    assert (row["reviewer"], row["role"], row["region"]) == ("R. Reader", "translator", "au")
    assert abs((row["date"] - TODAY).days) <= 1  # midnight may pass, here or in Greenwich


def test_the_day_and_the_region_may_be_given(project: Project) -> None:
    """A review on paper is entered later."""
    assert project.call(*SIGN, *BY, "--date", "2026-11-20", "--region", "nz").code == 0
    text = (project.root / "locales/es/reviews.toml").read_text(encoding="utf-8")
    row = tomllib.loads(text)["review"][-1]
    assert (row["date"].isoformat(), row["region"]) == ("2026-11-20", "nz")


@pytest.mark.parametrize(
    ("more", "code"),
    [(("--kind", "opinion"), 2), (("--date", "yesterday"), 2), (("--reviewer", "T. One"), 1)],
)
def test_what_forbids_a_signature_writes_nothing(project: Project, more: tuple[str, ...], code: int) -> None:
    """A kind or a day that does not exist is wrong usage; a translator's own review is a problem."""
    file = project.root / "locales/es/reviews.toml"
    before = file.read_bytes() if file.exists() else b""
    assert project.call(*SIGN, *BY, *more).code == code
    assert (file.read_bytes() if file.exists() else b"") == before
