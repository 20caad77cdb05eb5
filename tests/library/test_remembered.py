"""What earlier commands have found out is kept on disk, for the same code and the same words alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.checks.every import check_sources
from handouts.library.remembered import MOST_KEPT, Remembered
from handouts.memory import keep_problems, known_problems
from handouts.problems import Problem
from handouts.sources.catalogs import Catalog, load_catalogs
from handouts.sources.catalogs import _place as place
from handouts.sources.load import Sources
from handouts.sources.po import PoFile, read_po
from tests.conftest import our_look

FOUND = [Problem("hard-to-read", "a.yaml:3", "what", "fix", "warning", "es", "a.yaml", 3, "id", "north")]


@pytest.fixture
def memory(tmp_path: Path) -> Remembered:
    """Return a memory that is empty."""
    return Remembered(tmp_path, our_look())


def test_what_was_kept_is_known_by_another_run(memory: Remembered, tmp_path: Path) -> None:
    """Every field of a problem; nothing found is remembered too."""
    keep_problems(memory, "a", FOUND)
    keep_problems(memory, "b", [])
    again = Remembered(tmp_path, our_look())
    assert [known_problems(again, key) for key in "abc"] == [FOUND, [], None]


def test_other_code_and_other_libraries_check_anew(memory: Remembered, tmp_path: Path) -> None:
    """They may find something else."""
    keep_problems(memory, "a", FOUND)
    look = our_look()
    assert Remembered(tmp_path, replace(look, code="other")).known("a") is None
    assert Remembered(tmp_path, replace(look, versions={**look.versions, "icu4py": "0"})).known("a") is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\n[]", b"\xff"])
def test_what_is_not_whole_is_not_believed(memory: Remembered, data: bytes) -> None:
    """Half a file, or another's."""
    keep_problems(memory, "a", FOUND)
    (path,) = memory.folder.iterdir()
    path.write_bytes(data)
    assert memory.known("a") is None


def test_a_byte_that_went_wrong_is_not_believed(memory: Remembered) -> None:
    """Wherever it is: a catalog is kept with its numbers."""
    memory.keep("a", ["13 11 14"])
    (path,) = memory.folder.iterdir()
    whole = path.read_bytes()
    assert memory.known("a") == ["13 11 14"]
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert memory.known("a") is None


def test_a_catalog_from_the_memory_is_the_same(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every message with its line; one in which something is wrong is read anew, so that it is told each time."""
    memory = Remembered(tmp_path, our_look(), "catalogs")
    shutil.copytree(sources.root / "locales", tmp_path / "locales")
    broken = tmp_path / "locales/fa/handouts.po"
    broken.write_text(broken.read_text(encoding="utf-8") + '\nmsgid "a"\nmsgstr "b"\n', encoding="utf-8")
    place.cache_clear()
    first = load_catalogs(tmp_path, sources.locales, memory)
    assert len(first[1]) == 1
    place.cache_clear()
    monkeypatch.setattr("handouts.sources.catalogs.read_po", read_fa_alone)
    assert load_catalogs(tmp_path, sources.locales, memory) == first


def read_fa_alone(text: str, file: str) -> tuple[PoFile, list[Problem]]:
    """Read a PO file again, which may be the one with a fault alone."""
    assert file == "locales/fa/handouts.po"
    return read_po(text, file)


def test_an_entry_does_not_answer_for_another(memory: Remembered) -> None:
    """It holds its own key."""
    keep_problems(memory, "a", FOUND)
    (first,) = memory.folder.iterdir()
    memory.keep("b", [])
    (second,) = set(memory.folder.iterdir()) - {first}
    shutil.copy(first, second)
    assert memory.known("b") is None


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    """Nothing is raised."""
    (tmp_path / "checks").touch()
    memory = Remembered(tmp_path, our_look())
    keep_problems(memory, "a", FOUND)
    memory.prune()
    assert memory.known("a") is None


def test_the_oldest_go(memory: Remembered, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what is worth keeping."""
    monkeypatch.setitem(MOST_KEPT, "checks", 3)
    for key in "abcde":
        keep_problems(memory, key, FOUND)
    memory.prune()
    assert len(list(memory.folder.iterdir())) == 3


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
