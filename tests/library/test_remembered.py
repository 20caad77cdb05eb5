"""What the checks of earlier builds have found is kept on disk, for the same code and the same words alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.checks.every import check_sources
from handouts.library.remembered import MOST_KEPT, Remembered
from handouts.problems import Problem
from handouts.sources.catalogs import Catalog
from handouts.sources.load import Sources
from tests.conftest import our_look

FOUND = [Problem("hard-to-read", "a.yaml:3", "what", "fix", "warning", "es", "a.yaml", 3, "id", "north")]


@pytest.fixture
def memory(tmp_path: Path) -> Remembered:
    """Return a memory that is empty."""
    return Remembered(tmp_path, our_look())


def test_what_was_kept_is_known_by_another_run(memory: Remembered, tmp_path: Path) -> None:
    """Every field of a problem; nothing found is remembered too."""
    memory.keep("a", FOUND)
    memory.keep("b", [])
    again = Remembered(tmp_path, our_look())
    assert (again.known("a"), again.known("b"), again.known("c")) == (FOUND, [], None)


def test_other_code_and_other_libraries_check_anew(memory: Remembered, tmp_path: Path) -> None:
    """They may find something else."""
    memory.keep("a", FOUND)
    look = our_look()
    assert Remembered(tmp_path, replace(look, code="other")).known("a") is None
    assert Remembered(tmp_path, replace(look, versions={**look.versions, "icu4py": "0"})).known("a") is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"key": "x", "found": []}', b"\xff"])
def test_what_is_not_whole_is_not_believed(memory: Remembered, data: bytes) -> None:
    """Half a file, or another's."""
    memory.keep("a", FOUND)
    (path,) = memory.folder.iterdir()
    path.write_bytes(data)
    assert memory.known("a") is None


def test_an_entry_does_not_answer_for_another(memory: Remembered) -> None:
    """It holds its own key."""
    memory.keep("a", FOUND)
    (first,) = memory.folder.iterdir()
    memory.keep("b", [])
    (second,) = set(memory.folder.iterdir()) - {first}
    shutil.copy(first, second)
    assert memory.known("b") is None


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    """Nothing is raised."""
    (tmp_path / "checks").touch()
    memory = Remembered(tmp_path, our_look())
    memory.keep("a", FOUND)
    memory.prune()
    assert memory.known("a") is None


def test_the_oldest_go(memory: Remembered, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what is worth keeping."""
    monkeypatch.setattr("handouts.library.remembered.MOST_KEPT", 3)
    for key in "abcde":
        memory.keep(key, FOUND)
    memory.prune()
    assert len(list(memory.folder.iterdir())) == 3 < MOST_KEPT


def changed(sources: Sources) -> Iterator[Sources]:
    """Yield sources with one thing changed that a check of a catalog may see: message, line, locale, term, English."""
    catalog = sources.catalogs["es"]
    first = next(iter(catalog.messages))
    message = catalog.messages[first]
    for new in (replace(message, text=message.text + " 7"), replace(message, line=message.line + 1)):
        other: Catalog = replace(catalog, messages={**catalog.messages, first: new})
        yield replace(sources, catalogs={**sources.catalogs, "es": other})
    locale = sources.locales["es"]
    yield replace(sources, locales={**sources.locales, "es": replace(locale, digits="०१२३४५६७८९")})
    for term in sources.glossary:
        if "es" in term.stems:
            own = replace(term, stems={**term.stems, "es": ("zzz",)})
            yield replace(sources, glossary=tuple(own if each is term else each for each in sources.glossary))
            break
    words = dict(sources.content.words)
    name = "crisis-call"
    words[name] = replace(words[name], text=words[name].text + " Stay 5 minutes.")
    yield replace(sources, content=replace(sources.content, words=words))


def test_whatever_is_changed_the_same_is_found_as_without_a_memory(
    sources: Sources, memory: Remembered
) -> None:
    """Line by line; a second time from the memory."""
    seen = set()
    for each in (sources, *changed(sources)):
        want = check_sources(each, our_look(), ["es"])
        for _ in range(2):
            assert check_sources(each, our_look(), ["es"], memory) == want
        seen.add(tuple(map(str, want)))
    assert len(seen) > 2  # the changes are such that something else is found


def test_everything_that_decides_has_a_text_of_its_own(sources: Sources) -> None:
    """No value is known by where it lies in memory, or cut short: that would answer for others."""
    parts: tuple[object, ...] = (sources.content, *sources.locales.values(), *sources.catalogs.values())
    for part in parts:
        assert " object at 0x" not in repr(part)
        assert "re.compile(" not in repr(part)
