"""`content/` as a whole: what ships is read without a problem, and what is spoilt is told at its place."""

from __future__ import annotations

import pytest

from handouts.sources.content import Content, load_content
from handouts.sources.load import Sources
from tests.conftest import Project

ABOUT, AU = "content/handouts/about-ipt.yaml", "content/regions/au.yaml"


def load(project: Project) -> tuple[Content, list[tuple[str, str]]]:
    """Load the content; return it, and file and code of every problem."""
    content, problems = load_content(project.root)
    return content, [(problem.file, problem.code) for problem in problems]


def test_all_that_ships_is_read(project: Project) -> None:
    """Handouts, regions, references, words and patterns."""
    content, problems = load(project)
    assert problems == []
    assert {"about-ipt", "references"} <= set(content.drafts)
    assert {"au", "gb", "us", "ca", "nz"} <= set(content.regions)
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


def test_one_file_that_is_broken_does_not_hide_the_others(project: Project) -> None:
    """A fault in the region is told beside one in a handout that is not even YAML."""
    project.edit(ABOUT, "edition: 2026-11", "edition: [")
    project.edit(AU, "paper: a4", "paper: a5")
    content, problems = load(project)
    assert {(ABOUT, "invalid-yaml"), (AU, "unknown-choice")} <= set(problems)
    assert content.regions["gb"].lines
