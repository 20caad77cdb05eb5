"""One broken file stops what it touches, and no more: it is named, and the work goes on."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from tests.conftest import ROOT, Project

CLINIC, CATALOG = "content/clinics/other.yaml", "locales/es/handouts.po"


@pytest.fixture
def broken(project: Project) -> Project:
    """Return a copy with another clinic's bad phone, and a Spanish catalog in the middle of a merge."""
    clinic = (ROOT / "content/clinics/example.yaml").read_text(encoding="utf-8")
    assert "02 5550 0100" in clinic
    (project.root / CLINIC).write_text(clinic.replace("02 5550 0100", "02 five"), encoding="utf-8")
    with (project.root / CATALOG).open("a", encoding="utf-8") as file:
        file.write("<<<<<<< HEAD\n")
    return project


@pytest.mark.parametrize(
    "command",
    [
        ("check", "it"),
        ("status", "it"),
        ("locale", "add", "hu"),
        ("--locale", "it", "--format", "text"),
        ("--locale", "it", "--format", "text", "--clinic", "example"),
        (
            "review",
            "sign",
            "it",
            "about-ipt",
            "--kind",
            "language",
            "--reviewer",
            "Rob",
            "--role",
            "translator",
        ),
    ],
    ids=" ".join,
)
def test_what_they_do_not_touch_is_done(broken: Project, command: tuple[str, ...]) -> None:
    """Both files are named, once each."""
    # What makes a PDF has a process of its own: WeasyPrint leaves a file open.
    ran = broken.run(*command) if "add" in command else broken.call(*command)
    assert ran.code == 0, ran.err
    for file in (CLINIC, CATALOG):
        assert ran.err.count(f"{file} is not right, and was left out") == 1


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("check",), CATALOG),
        (("check",), CLINIC),
        (("check", "es"), CATALOG),
        (("--locale", "it", "--format", "text", "--clinic", "other"), CLINIC),
        (("--locale", "es", "--format", "text"), CATALOG),
        (("locale", "update", "es"), CATALOG),
    ],
    ids=str,
)
def test_what_they_touch_is_refused_with_the_place(
    broken: Project, command: tuple[str, ...], file: str
) -> None:
    """And nothing is made."""
    before = (broken.root / CATALOG).read_bytes()
    ran = broken.call(*command)
    assert ran.code == 1
    assert f"{file}:" in ran.err
    assert (broken.root / CATALOG).read_bytes() == before
    assert not (broken.root / "dist").exists()


def test_catalogs_are_brought_up_to_date_around_a_broken_one(broken: Project) -> None:
    """The one is told and left as it is; the others are merged, and the exit code says that something is left to do."""
    broken.edit("content/handouts/about-ipt.yaml", "heading: In short", "heading: In brief")
    before = (broken.root / CATALOG).read_bytes()
    ran = broken.call("locale", "update", "it")
    assert (ran.code, "brought up to date" in ran.out) == (0, True)
    ran = broken.call("locale", "update")
    assert ran.code == 1
    assert f"{CATALOG}:" in ran.err
    assert (broken.root / CATALOG).read_bytes() == before
    assert '"In brief"' in (broken.root / "locales/vi/handouts.po").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", ["vi", "ko"])
def test_a_catalog_that_was_saved_apart_is_joined_by_an_update(project: Project, tag: str) -> None:
    """An error in check, which says the command that cures it; after it the file is as it was before."""
    path = project.root / f"locales/{tag}/handouts.po"
    whole = path.read_text(encoding="utf-8")
    path.write_text(unicodedata.normalize("NFD", whole), encoding="utf-8")
    ran = project.call("check", tag)
    assert ran.code == 1
    assert "python3 build.py locale update" in ran.err
    assert project.call("locale", "update", tag).code == 0
    assert path.read_text(encoding="utf-8") == whole
    assert project.call("check", tag).code == 0


def spoilt(project: Project, file: str) -> None:
    """Spoil a file so that it cannot be read to its end."""
    with (project.root / file).open("a", encoding="utf-8") as opened:
        opened.write("\n<<<<<<< HEAD\n")


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("locales/es/handouts.po", "/es/"),
        ("locales/es/locale.toml", "/es/"),
        ("locales/es/reviews.toml", "/es/"),
        ("content/clinics/other.yaml", "other/"),
        ("content/regions/nz.yaml", "other/"),
        ("content/handouts/third.yaml", "/third."),
    ],
)
def test_a_build_of_everything_goes_around_what_is_broken(project: Project, file: str, part: str) -> None:
    """All that the file does not touch is made, all that it touches stays as it was; the file is told, and exit is 1."""
    project.leave_only("en", "es", "it")
    content = project.root / "content"
    clinic = (content / "clinics/example.yaml").read_text(encoding="utf-8")
    (content / "clinics/other.yaml").write_text(clinic.replace("region: au", "region: nz"), encoding="utf-8")
    (content / "clinics/third.yaml").write_text("name: Third\nregion: gb\n", encoding="utf-8")
    handout = (content / "handouts/about-ipt.yaml").read_text(encoding="utf-8")
    (content / "handouts/third.yaml").write_text(handout, encoding="utf-8")
    everything = ("--format", "text", "--clinic", "example", "--clinic", "other", "--clinic", "third")
    assert project.call(*everything).code == 0
    before = {path: path.read_bytes() for path in project.root.glob("dist/**/*.txt")}
    assert len(before) == 3 * 3 * len(list((content / "handouts").iterdir()))
    spoilt(project, file)
    ran = project.call(*everything, "--json")
    document = json.loads(ran.out)
    assert ran.code == 1
    assert {problem["file"] for problem in document["problems"]} == {file}
    assert document["removed"] == []
    files = {path.relative_to(project.root / "dist").as_posix() for path in before}
    touched = {each for each in files if part in each}
    assert touched
    assert {row["file"] for row in document["renditions"]} == files - touched
    assert {path: path.read_bytes() for path in project.root.glob("dist/**/*.txt")} == before


def test_what_another_region_or_handout_has_wrong_is_noted(project: Project) -> None:
    """Nothing of it was asked for: the work is done, and exit is 0."""
    project.leave_only("en")
    spoilt(project, "content/regions/nz.yaml")
    project.edit("content/handouts/references.yaml", "edition: 2026-11", "edition: soon")
    ran = project.call("--format", "text", "--handout", "about-ipt", "--region", "uk")
    assert ran.code == 0, ran.err
    for file in ("content/regions/nz.yaml", "content/handouts/references.yaml"):
        assert f"{file} is not right, and was left out" in ran.err


def test_a_batch_goes_around_what_none_of_its_e_mails_is_of(broken: Project, tmp_path: Path) -> None:
    """Another clinic, another language: who is not touched is in the plan; one who is stops the batch, and is told why."""
    people = tmp_path / "people.csv"
    people.write_text("address,locale\nana@example.org,it\n", encoding="utf-8")
    settings = str(ROOT / "docs/mail.example.toml")
    command = (
        "mail",
        "send",
        "--to-file",
        str(people),
        "--settings",
        settings,
        "--clinic",
        "example",
        "--include-drafts",
    )
    ran = broken.call(*command)
    assert ran.code == 0, ran.err
    assert f"{CATALOG} is not right, and was left out" in ran.err
    people.write_text("address,locale\nana@example.org,it\nbo@example.org,es\n", encoding="utf-8")
    ran = broken.call(*command)
    assert (ran.code, f"{CATALOG}:" in ran.err) == (1, True)
