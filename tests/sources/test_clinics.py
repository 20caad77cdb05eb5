"""A clinic's profile, in the project or anywhere else: what is read of it, and what would print wrongly is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handouts.model import Clinic
from handouts.problems import Problem
from handouts.sources.clinics import is_path
from handouts.sources.load import load_sources
from tests.conftest import TODAY, Project

CLINIC = "content/clinics/example.yaml"


def load(project: Project, *profiles: str) -> tuple[dict[str, Clinic], list[Problem]]:
    """Return the clinics of a project and of some profiles, and every problem."""
    sources, problems = load_sources(project.root, TODAY, profiles)
    return dict(sources.content.clinics), problems


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    """Return file and code of every problem."""
    return [(problem.file, problem.code) for problem in problems]


def test_the_one_that_ships_is_read(project: Project) -> None:
    """With its logo."""
    clinics, problems = load(project)
    assert problems == []
    logo = clinics["example"].logo
    assert logo
    assert (logo.kind, logo.width, logo.height) == ("svg", 48, 48)
    assert clinics["example"].file == CLINIC


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("https://clinic.example", "http://clinic.example", "address-not-allowed"),
        ("https://clinic.example", "https://a b", "address-not-allowed"),
        ("logo: example.svg", "logo: ../example.svg", "logo-not-allowed"),
        ("logo: example.svg", "logo: example.gif", "logo-not-allowed"),
        ("logo: example.svg", "logo: .example.svg", "logo-not-allowed"),
        ("logo: example.svg", "logo: example.png", "logo-missing"),
        ("logo: example.svg", "logo: lost.svg", "logo-missing"),
        ("logo: example.svg", "accent: teal", "invalid-colour"),
        ("logo: example.svg", 'accent: "#0B5563"', "invalid-colour"),
        ("address: 1 Example", 'address: "1 \\u202eExample" #', "invisible-character"),
        ("name: Example Clinic", "nmae: Example Clinic", "unknown-key"),
    ],
)
def test_a_clinic_that_would_print_wrongly_is_told(project: Project, old: str, new: str, code: str) -> None:
    """A clinic writes its file itself: what is wrong in it is told before anything is printed."""
    project.edit(CLINIC, old, new)
    assert (CLINIC, code) in told(load(project)[1])


@pytest.mark.parametrize(
    ("drawing", "code"),
    [
        ("", "empty-file"),
        ("<svg", "invalid-xml"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image/></svg>', "drawing-not-plain"),
    ],
)
def test_a_logo_that_cannot_be_printed_is_left_out(project: Project, drawing: str, code: str) -> None:
    """Its own file is named, where the fault is."""
    (project.root / "content/clinics/example.svg").write_text(drawing)
    clinics, problems = load(project)
    assert clinics["example"].logo is None
    assert told(problems) == [("content/clinics/example.svg", code)]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://clinic.example", "https://clinic.example"),
        ("clinic.example", "https://clinic.example"),
        ("www.clinic.example", "https://www.clinic.example"),
        ("WWW.Clinic.example/new-patients?a=1", "https://WWW.Clinic.example/new-patients?a=1"),
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_web_address_is_taken_as_people_write_it(project: Project, typed: str, address: str) -> None:
    """Its scheme is put before it."""
    project.edit(CLINIC, "https://clinic.example", typed)
    clinics, problems = load(project)
    assert (clinics["example"].web, problems) == (address, [])


@pytest.mark.parametrize(
    "typed",
    ["http://clinic.example", "clinic", "javascript:alert(1)", "clinic.example evil", "a@clinic.example"],
)
def test_what_is_no_web_address_is_told(project: Project, typed: str) -> None:
    """One without encryption, one with a space, an e-mail address, a name alone."""
    project.edit(CLINIC, "https://clinic.example", typed)
    assert (CLINIC, "address-not-allowed") in told(load(project)[1])


def test_a_clinic_has_several_phones_and_lines(project: Project) -> None:
    """In their order; each is checked, and told at its place."""
    project.edit(CLINIC, 'phone: "02 5550 0100"', 'phone: ["02 5550 0100", 1-800-TALK]')
    project.edit(
        CLINIC, "address: 1 Example Street, Exampleton", "address: |\n  1 Example Street\n  Exampleton"
    )
    clinics, problems = load(project)
    clinic = clinics["example"]
    assert problems == []
    assert clinic.phones == ("02 5550 0100", "1-800-TALK")
    assert clinic.address == ("1 Example Street", "Exampleton")
    project.edit(CLINIC, "1-800-TALK", "ask us")
    assert told(load(project)[1]) == [(CLINIC, "invalid-phone-number")]


PROFILE = """\
name: North Clinic
region: Australia
phone: "02 5550 0100"
booking: clinic.example/book
logo: logo.svg
site: https://Clinic.example/handouts/index.html
languages: [Arabic, en, arabic]
handouts: [about-ipt]
layout: large-print
notes:
  English: Ring the bell at the side door, 24.12.2026–6.1.2027 not at all.
"""


def profile(folder: Path, text: str = PROFILE, name: str = "north.yaml") -> Path:
    """Write a profile with its logo beside it; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9V9Z"/></svg>'
    (folder / "logo.svg").write_text(logo, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_profile_may_lie_anywhere_with_its_files_beside_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named from the root, from where one is, or by a link: it is one clinic, and a space in its way is no matter."""
    path = profile(tmp_path / "a clinic")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.yaml").symlink_to(path)
    ways = (str(path), "a clinic/north.yaml", "./a clinic/../a clinic/north.yaml", "link.yaml")
    sources, problems = load_sources(project.root, TODAY, [*ways, "example"])
    assert problems == []
    assert sources.profiles == dict.fromkeys(ways, "north")
    assert {sources.match_clinic(way) for way in ways} == {"north"}
    north = sources.content.clinics["north"]
    assert (north.region, north.booking, north.site) == (
        "au", "https://clinic.example/book", "https://clinic.example/handouts",
    )  # fmt: skip
    assert (north.languages, north.handouts, north.layout) == (("ar", "en"), ("about-ipt",), "large-print")
    assert list(north.notes) == ["en"]
    assert north.logo
    assert north.home == str(path.parent)
    assert north.offers("ar", "about-ipt")
    assert not north.offers("es", "about-ipt")
    assert not north.offers("ar", "references")


def test_a_clinic_of_the_project_may_be_named_by_its_path(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not read a second time."""
    monkeypatch.chdir(project.root)
    sources, problems = load_sources(project.root, TODAY, [CLINIC])
    assert problems == []
    assert sources.match_clinic(CLINIC) == "example"
    assert list(sources.content.clinics) == ["example"]


def test_what_is_wrong_with_a_profile_touches_its_clinic_and_is_told_as_it_was_named(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is wrong with a file beside it."""
    profile(tmp_path / "away", PROFILE.replace("logo.svg", "lost.svg"))
    monkeypatch.chdir(tmp_path)
    (problem,) = load(project, "away/north.yaml")[1]
    assert (problem.code, problem.file, problem.line, problem.clinic) == (
        "logo-missing", "away/north.yaml", 5, "north",
    )  # fmt: skip
    profile(tmp_path / "away")
    (tmp_path / "away/logo.svg").write_text("<svg")
    (problem,) = load(project, "away/north.yaml")[1]
    assert (problem.code, problem.file, problem.clinic) == (
        "invalid-xml", str(tmp_path / "away/logo.svg"), "north",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("north", False), ("north.yaml", True), ("a/north", True), (".", True), ("~/north.yml", True)],
)
def test_a_path_is_told_from_a_slug(name: str, *, is_one: bool) -> None:
    """By its marks, whatever lies there."""
    assert is_path(name) is is_one


def test_what_a_person_has_confirmed_of_a_profile_lies_beside_it(project: Project, tmp_path: Path) -> None:
    """Nothing is written into the project, and what is there counts."""
    path = profile(tmp_path / "away")
    ran = project.call("region", "confirm", str(path), "02 5550 0100", "--by", "Lan Pham")
    assert ran.code == 0, ran.err
    assert (tmp_path / "away/confirmed/north.toml").is_file()
    assert not (project.root / "content/confirmed/north.toml").exists()
    sources, problems = load_sources(project.root, TODAY, [str(path)])
    assert problems == []
    assert [each.line for each in sources.confirmations["north"]] == ["02 5550 0100"]


def test_what_is_no_file_keeps_nobody_waiting(project: Project, tmp_path: Path) -> None:
    """A pipe that nobody writes into, a circle of links, a name that is too long: each is told at once."""
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "one.yaml").symlink_to(tmp_path / "two.yaml")
    (tmp_path / "two.yaml").symlink_to(tmp_path / "one.yaml")
    for name in ("pipe", "one", "x" * 300):
        path = str(tmp_path / f"{name}.yaml")
        (problem,) = load(project, path)[1]
        assert problem.code in {"file-unreadable", "file-missing"}
        assert problem.file == path


def test_a_profile_that_is_hostile_is_told_and_nothing_of_it_is_used(
    project: Project, tmp_path: Path
) -> None:
    """Whatever stands in its fields: markup, marks of direction, scripts, addresses that run something, a logo from elsewhere."""
    hostile = {
        "name": '"\\u202eclinic"', "web": "javascript:alert(1)", "booking": "data:text/html,x", "logo": "../../etc/passwd",
        "site": "https://a@b.example/x", "accent": '"red;}"', "hours": '"a\\u2066b"', "languages": '["../klingon"]',
        "handouts": '["../about-ipt"]', "notes": '{en: "see www.x.example"}', "layout": '"a/../b"', "phone": '"tel:000"',
    }  # fmt: skip
    for key, value in hostile.items():
        text = "name: North\nregion: au\n" if key != "name" else "region: au\n"
        path = profile(tmp_path / key, f"{text}{key}: {value}\n")
        found = load(project, str(path))[1]
        assert found, key
        assert {problem.clinic for problem in found} == {"north"}
        assert all(str(problem).isprintable() for problem in found)
