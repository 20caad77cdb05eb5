"""`content/` as a whole: what ships is read without a problem, and what is spoilt is told at its place."""

from __future__ import annotations

import pytest

from handouts.sources.content import Content, load_content
from handouts.sources.load import Sources
from tests.conftest import Project

ABOUT, AU, CLINIC = (
    "content/handouts/about-ipt.yaml",
    "content/regions/au.yaml",
    "content/clinics/example.yaml",
)


def load(project: Project) -> tuple[Content, list[tuple[str, str]]]:
    """Load the content; return it, and file and code of every problem."""
    content, problems = load_content(project.root)
    return content, [(problem.file, problem.code) for problem in problems]


def test_all_that_ships_is_read(project: Project) -> None:
    """Handouts, regions, a clinic with its logo, references, words and patterns."""
    content, problems = load(project)
    assert problems == []
    assert {"about-ipt", "references"} <= set(content.drafts)
    assert {"au", "gb", "us", "ca", "nz"} <= set(content.regions)
    logo = content.clinics["example"].logo
    assert logo
    assert (logo.kind, logo.width, logo.height) == ("svg", 48, 48)
    assert all(block.optional for block in content.patterns.values())
    assert not any(block.optional for block in content.words.values())


def test_a_handout_has_the_references_it_cites_in_their_order(sources: Sources) -> None:
    """Each once, and no other, in the order in which a reader meets them: also where a list stands above a sentence that cites."""
    handout = sources.content.handout("about-ipt", "au")
    cited = [reference.id for reference in handout.references]
    assert cited[0] == "cuijpers2016"
    assert len(cited) == len(set(cited)) > 3
    assert set(cited) < set(sources.content.references)
    assert handout.region.code == "au"
    listing = sources.content.handout("references", "au")
    listed = [i for section in listing.sections for i in section.sources]
    assert [reference.id for reference in listing.references] == listed


def test_help_lines_are_safety_text(sources: Sources) -> None:
    """Whatever stands in the crisis box is a safety block: its heading, its words, its help lines."""
    assert sources.content.regions
    for region in sources.content.regions.values():
        assert region.lines
        assert all(line.name.safety and line.about.safety for line in region.lines)
    assert sources.content.words["crisis"].safety
    assert sources.content.words["crisis-call"].safety


@pytest.mark.parametrize("number", ["13 II 14", "١٣ ١١ ١٤", "(02) 5550 0100", "13-11-14", "131114 "])
def test_a_phone_number_is_digits_in_groups(project: Project, number: str) -> None:
    """Anything else could be dialled wrongly."""
    project.edit(AU, 'call: "13 11 14"', f'call: "{number}"')
    assert load(project)[1][0] in {(AU, "invalid-phone-number"), (AU, "text-untrimmed")}


def test_a_region_has_an_emergency_number(project: Project) -> None:
    """Without one no handout is made."""
    project.edit(AU, "kind: emergency\n    ", "")
    assert load(project)[1] == [(AU, "emergency-number-missing")]


def test_a_reference_that_is_not_there_is_told_where_it_is_cited(project: Project) -> None:
    """With the nearest one that is."""
    project.edit(ABOUT, "[@cuijpers2016]", "[@kuijpers2016]")
    problems = load_content(project.root)[1]
    assert [(p.file, p.code, p.fix) for p in problems] == [
        (ABOUT, "unknown-reference", "Did you mean “cuijpers2016”?")
    ]
    assert problems[0].line > 1


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
    assert (CLINIC, code) in load(project)[1]


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
    content, problems = load(project)
    assert content.clinics["example"].logo is None
    assert problems == [("content/clinics/example.svg", code)]


def test_one_file_that_is_broken_does_not_hide_the_others(project: Project) -> None:
    """A fault in the region is told beside one in a handout that is not even YAML."""
    project.edit(ABOUT, "edition: 2026-11", "edition: [")
    project.edit(AU, "paper: a4", "paper: a5")
    content, problems = load(project)
    assert {(ABOUT, "invalid-yaml"), (AU, "unknown-choice")} <= set(problems)
    assert content.regions["gb"].lines


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
    content, problems = load(project)
    assert (content.clinics["example"].web, problems) == (address, [])


@pytest.mark.parametrize(
    "typed",
    ["http://clinic.example", "clinic", "javascript:alert(1)", "clinic.example evil", "a@clinic.example"],
)
def test_what_is_no_web_address_is_told(project: Project, typed: str) -> None:
    """One without encryption, one with a space, an e-mail address, a name alone."""
    project.edit(CLINIC, "https://clinic.example", typed)
    assert (CLINIC, "address-not-allowed") in load(project)[1]


def test_a_clinic_has_several_phones_and_lines(project: Project) -> None:
    """In their order; each is checked, and told at its place."""
    project.edit(CLINIC, 'phone: "02 5550 0100"', 'phone: ["02 5550 0100", 1-800-TALK]')
    project.edit(
        CLINIC, "address: 1 Example Street, Exampleton", "address: |\n  1 Example Street\n  Exampleton"
    )
    content, problems = load(project)
    clinic = content.clinics["example"]
    assert problems == []
    assert clinic.phones == ("02 5550 0100", "1-800-TALK")
    assert clinic.address == ("1 Example Street", "Exampleton")
    project.edit(CLINIC, "1-800-TALK", "ask us")
    assert load(project)[1] == [(CLINIC, "invalid-phone-number")]
