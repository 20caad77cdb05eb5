"""Published works: each has what the reference list is made from, or is left out and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handouts.model import Block, Reference
from handouts.problems import Problem
from handouts.sources.references import load_references

WORK: dict[str, Any] = {
    "id": "a2016",
    "type": "article-journal",
    "title": "On tea",
    "container-title": "Tea",
    "author": [{"family": "Lee", "given": "A"}],
    "issued": {"date-parts": [[2016, 7, 1]]},
    "DOI": "10.1000/tea",
    "URL": "https://example.org/tea",
}
FINDINGS = {"a2016": Block("references.a2016-finding", "Tea helps.")}


def load(folder: Path, *works: object) -> tuple[dict[str, Reference], list[Problem]]:
    """Load a list of works that have one finding."""
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content/references.json").write_text(json.dumps(works))
    return load_references(folder, FINDINGS)


def test_a_work_has_its_title_and_its_finding_as_messages(tmp_path: Path) -> None:
    """Both are translated; the item stays as it is."""
    references, problems = load(tmp_path, WORK)
    assert problems == []
    work = references["a2016"]
    assert (work.title.id, work.title.text) == ("references.a2016-title", "On tea")
    assert work.finding == FINDINGS["a2016"]
    assert work.item == WORK


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"author": [{"famly": "Lee"}]}, "invalid-reference"),
        ({"author": {"family": "Lee"}}, "list-expected"),
        ({"author": []}, "missing-key"),
        ({"author": [{"family": 1}]}, "text-expected"),
        ({"author": [{"family": "Lee", "given": "A\u202e"}]}, "invisible-character"),
        ({"author": [{"family": "Gue\u0301rin"}]}, "decomposed-text"),
        ({"author": [{"family": "\ud800"}]}, "invisible-character"),
        ({"editor": ["Lee"]}, "mapping-expected"),
        ({"issued": {"date-parts": [[2016, 13]]}}, "invalid-date"),
        ({"issued": {"date-parts": [[2016, 2, 30]]}}, "invalid-date"),
        ({"issued": {"date-parts": [[2016, 1, 1, 1]]}}, "invalid-date"),
        ({"issued": {"date-parts": [[10**9]]}}, "number-expected"),
        ({"issued": {"date-parts": [[-5]]}}, "number-expected"),
        ({"issued": {"date-parts": [[True]]}}, "number-expected"),
        ({"issued": {"date-parts": []}}, "invalid-date"),
        ({"issued": {"date-parts": [[]]}}, "invalid-date"),
        ({"issued": {"raw": "2016"}}, "unknown-key"),
        ({"issued": "2016"}, "mapping-expected"),
        ({"DOI": "https://doi.org/10.1000/tea"}, "invalid-reference"),
        ({"DOI": "10.1000/te\u2028a"}, "invisible-character"),
        ({"URL": "http://example.org"}, "invalid-reference"),
        ({"URL": "javascript:alert(1)"}, "invalid-reference"),
        ({"URL": "https://example.org/\u202ea"}, "invisible-character"),
        ({"container-title": ""}, "text-empty"),
        ({"volume": 5}, "text-expected"),
        ({"title": "On\u202etea"}, "invisible-character"),
        ({"type": "tale"}, "unknown-choice"),
        ({"type": "chapter", "page": "1-2"}, "missing-key"),
        ({"type": "chapter", "page": "1", "publisher": "P"}, "invalid-reference"),
        ({"type": "book"}, "missing-key"),
        ({"edition": "9" * 5000}, "invalid-reference"),
        ({"language": "<b>"}, "invalid-reference"),
    ],
)
def test_a_value_of_another_shape_is_told(tmp_path: Path, changed: dict[str, Any], code: str) -> None:
    """With its line, and the work is left out: half a reference is none."""
    references, problems = load(tmp_path, {**WORK, **changed})
    assert references == {}
    assert code in [problem.code for problem in problems]
    assert {(problem.file, problem.line) for problem in problems} == {("content/references.json", 1)}


@pytest.mark.parametrize("parts", [[2016], [2016, 7], [2016, 7, 1]])
def test_a_date_may_be_a_year_a_month_or_a_day(tmp_path: Path, parts: list[int]) -> None:
    """As much of it as is known."""
    assert load(tmp_path, {**WORK, "issued": {"date-parts": [parts]}})[1] == []


@pytest.mark.parametrize("key", ["id", "type", "title", "author", "issued"])
def test_a_key_that_is_lacking_is_told(tmp_path: Path, key: str) -> None:
    """Everything that is needed to find a work again."""
    problems = load(tmp_path, {k: v for k, v in WORK.items() if k != key})[1]
    assert (problems[0].code, problems[0].what) == ("missing-key", f"the reference lacks {key}.")


def test_a_work_stands_once_and_has_a_finding_and_a_finding_has_a_work(tmp_path: Path) -> None:
    """An id used twice, a work without a sentence on what it found, and a sentence on no work."""
    assert [p.code for p in load(tmp_path, WORK, WORK)[1]] == ["duplicate-id"]
    other = {**WORK, "id": "b2017"}
    assert [p.code for p in load(tmp_path, WORK, other)[1]] == ["finding-missing"]
    assert [p.code for p in load(tmp_path)[1]] == ["unknown-reference"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [("[\n{", "invalid-json", 2), ("{}", "list-expected", 1), ("[1]", "mapping-expected", 1),
     ("[" * 100_000, "invalid-json", 0)],
)  # fmt: skip
def test_a_file_that_is_no_list_of_works_is_told(tmp_path: Path, text: str, code: str, line: int) -> None:
    """Once, and not again for every finding."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/references.json").write_text(text)
    references, problems = load_references(tmp_path, FINDINGS)
    assert references == {}
    assert [(p.code, p.line) for p in problems] == [(code, line)]
