"""A clinician signs a code: the row and its record are written together, and a changed row does not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.problems import SourceError
from handouts.sources.codes import CODES_FILE
from handouts.sources.load import Sources, load_sources
from handouts.workbench.coding import add_code, coding_problems, new_code
from tests.conftest import TODAY, Project


def loaded(root: Path) -> tuple[Sources, list[str]]:
    """Return the sources of a project and the codes of their problems."""
    sources, problems = load_sources(root, TODAY)
    return sources, [problem.code for problem in problems]


def test_a_row_is_signed_and_read_again(project: Project) -> None:
    """With the record of what was signed; a second handout for the code is refused."""
    project.leave_only("en")
    row = new_code("about-ipt", "ICD10", "F32.1", "Lan  Pham", "clinical psychologist", TODAY)
    sources, _ = loaded(project.root)
    assert list(coding_problems(sources, row, TODAY)) == []
    files = add_code(sources, row, TODAY)
    assert files[0] == CODES_FILE
    assert all((project.root / file).is_file() for file in files)
    sources, problems = loaded(project.root)
    assert problems == []
    assert sources.codes.rows == (row,)
    assert sources.codes.languages
    again = new_code("about-ipt", "ICD10", "f32.1", "Ana R", "psychiatrist", TODAY)
    assert [p.code for p in coding_problems(sources, again, TODAY)] == ["duplicate-code"]
    with pytest.raises(SourceError):
        add_code(sources, again, TODAY)


@pytest.mark.parametrize(("old", "new"), [("F32.1", "F33.1"), ("Lan Pham", "Ana R")])
def test_a_row_that_was_changed_does_not_count(project: Project, old: str, new: str) -> None:
    """Neither with another code nor with another name below it."""
    project.leave_only("en")
    row = new_code("about-ipt", "ICD10", "F32.1", "Lan Pham", "clinical psychologist", TODAY)
    add_code(loaded(project.root)[0], row, TODAY)
    project.edit(CODES_FILE, old, new)
    sources, problems = loaded(project.root)
    assert "signature-changed" in problems
    assert sources.codes.rows == ()


def test_a_row_that_cannot_be_is_refused(sources: Sources) -> None:
    """Of no handout, of no code, by nobody."""
    row = new_code("abuot-ipt", "ICD10", "F 32", "Lan Pham", "", TODAY)
    codes = {problem.code for problem in coding_problems(sources, row, TODAY)}
    assert codes >= {"unknown-handout", "invalid-code", "text-empty"}
