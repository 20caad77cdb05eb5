"""The manifest says what every finished file is; what is not as a build writes it is not believed."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handouts.library.jobs import Made
from handouts.library.manifest import (
    MANIFEST,
    ManifestEntry,
    entries_with_files,
    entry_from,
    entry_of,
    entry_row,
    folder_problems,
    manifest_lock,
    read_manifest,
    write_manifest,
)


@pytest.fixture
def entry(made: Made) -> ManifestEntry:
    """Return the entry of a Spanish text."""
    return entry_of(made)


def test_an_entry_says_what_was_made(made: Made, entry: ManifestEntry) -> None:
    """Its digest and size are those of the bytes, its names those of the page."""
    assert (entry.rendition, entry.size, entry.pages) == (made.job.page.rendition, len(made.data), 3)
    assert len(entry.sha256) == 64
    assert (entry.autonym, entry.direction, entry.state) == ("español", "ltr", "draft")


def test_a_row_and_an_entry_say_the_same(entry: ManifestEntry) -> None:
    """Written and read again, also where there are no pages; scripts rely on the names and their order."""
    for each in (entry, replace(entry, pages=0)):
        row = json.loads(json.dumps(entry_row(each)))
        assert entry_from(row) == each
    assert list(entry_row(entry)) == [
        *(
            "place",
            "handout",
            "locale",
            "region",
            "clinic",
            "layout",
            "format",
            "paper",
            "file",
            "edition",
            "state",
        ),
        *("pages", "bytes", "sha256", "title", "autonym", "direction", "facts"),
    ]
    assert entry_row(replace(entry, pages=0))["pages"] is None


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "pdf"},
        {"format": "exe"},
        {"locale": ["es"]},
        {"layout": "tiny"},
        {"paper": None},
        {"state": "perfect"},
        {"direction": "up"},
        {"bytes": "14"},
        {"bytes": True},
        {"pages": "3"},
        {"sha256": 0},
        {"file": "../es/about-ipt.txt"},
        {"file": "/es/about-ipt.txt"},
        {"file": "au/es/about-ipt.pdf"},
        {"file": "gb/es/about-ipt.txt"},
        {"file": "au/ar/about-ipt.txt"},
        {"place": "gb"},
        {"region": "gb"},
    ],
)
def test_a_row_that_no_build_wrote_is_told(
    entry: ManifestEntry, changed: dict[str, Any], tmp_path: Path
) -> None:
    """A PDF that is called a text would escape its checks; a file outside the folder is not the folder's."""
    row = entry_row(entry) | changed
    assert entry_from(row) is None
    (tmp_path / MANIFEST).write_text(json.dumps({"renditions": [row]}), encoding="utf-8")
    entries, (problem,) = read_manifest(tmp_path)
    assert entries == []
    assert (problem.code, problem.file) == ("unsound-entry", row["file"])


@pytest.mark.parametrize("name", ["handout", "edition", "sha256", "title", "bytes"])
def test_a_row_that_lacks_something_is_told(entry: ManifestEntry, name: str) -> None:
    """Every part of it is asked for somewhere."""
    row = entry_row(entry)
    del row[name]
    assert entry_from(row) is None


def test_entries_are_sorted_by_file_and_those_of_lost_files_are_known(
    entry: ManifestEntry, tmp_path: Path
) -> None:
    """The same files give the same manifest, whatever came first."""
    other = replace(entry, rendition=replace(entry.rendition, locale="ar", file="au/ar/about-ipt.txt"))
    assert read_manifest(tmp_path) == ([], [])
    assert write_manifest(tmp_path, [entry, other]) == []
    assert read_manifest(tmp_path) == ([other, entry], [])
    assert entries_with_files(tmp_path) == {}
    (tmp_path / "au/es").mkdir(parents=True)
    (tmp_path / entry.rendition.file).touch()
    assert entries_with_files(tmp_path) == {entry.rendition.file: entry}


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"renditions": {}}', '{"renditions": [{"file": 1}]}', "[" * 9999]
)
def test_a_manifest_that_cannot_be_read_is_not_written_over(tmp_path: Path, text: str) -> None:
    """It may be what is left of many files; a person moves it away."""
    out = tmp_path / "dist"
    out.mkdir()
    assert folder_problems(tmp_path, out) == []
    (out / MANIFEST).write_text(text, encoding="utf-8")
    (problem,) = folder_problems(tmp_path, out)
    assert (problem.code, problem.file) == ("manifest-unreadable", str(out / MANIFEST))


def test_an_output_folder_is_none_of_the_sources(tmp_path: Path) -> None:
    """Not the project, not a folder of it that is read; elsewhere in it is fine."""
    for out in (tmp_path, tmp_path / "content", tmp_path / "locales/es", tmp_path / ".cache"):
        (problem,) = folder_problems(tmp_path, out)
        assert (problem.code, problem.where) == ("output-in-sources", "--out")
    assert folder_problems(tmp_path, tmp_path / "dist") == []


def test_an_output_folder_is_a_folder_or_will_be_one(tmp_path: Path) -> None:
    """A file of that name, or of one above it, or a link that leads nowhere: told before anything is made."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for out, named in (("file", "file"), ("file/dist", "file"), ("link", "link")):
        (problem,) = folder_problems(tmp_path, tmp_path / out)
        assert (problem.code, problem.where) == ("output-not-folder", "--out")
        assert f"“{tmp_path / named}”" in problem.what
    (tmp_path / "folder").mkdir()
    (tmp_path / "other").symlink_to(tmp_path / "folder")
    assert folder_problems(tmp_path, tmp_path / "other/dist") == []


def test_one_build_at_a_time_changes_a_manifest(tmp_path: Path) -> None:
    """Another waits until it is done; one into another folder does not."""
    with manifest_lock(tmp_path):
        waiting = multiprocessing.get_context("spawn").Process(target=_lock, args=(tmp_path,))
        waiting.start()
        waiting.join(1.5)
        assert waiting.is_alive()
        _lock(tmp_path / "another")
    waiting.join(30)
    assert waiting.exitcode == 0


def _lock(out: Path) -> None:
    """Take the lock of a folder and give it back."""
    with manifest_lock(out):
        pass
