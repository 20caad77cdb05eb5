"""What was made is kept by its key, and what was damaged is not given out."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library import cache
from handouts.library.jobs import Job, Made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty cache."""
    found, problems = cache.cache_folder(tmp_path)
    assert not problems
    return found


def test_what_is_kept_is_found_again(folder: Path, job: Job, made: Made) -> None:
    """The same bytes and pages, said to be no new ones."""
    assert cache.cached(folder, job) is None
    assert cache.keep(folder, made) == []
    found = cache.cached(folder, job)
    assert found
    assert (found.data, found.pages, found.is_new) == (made.data, made.pages, False)


@pytest.mark.parametrize("damage", ["half", "changed", "empty", "list", "pages"])
def test_what_was_damaged_is_made_again(folder: Path, job: Job, made: Made, damage: str) -> None:
    """Half a file, another byte, or facts that are none."""
    cache.keep(folder, made)
    path = folder / "renditions" / job.key
    facts, _, data = path.read_bytes().partition(b"\n")
    path.write_bytes(
        {
            "half": facts + b"\n" + data[:-3],
            "changed": facts + b"\n" + data.replace(b"14", b"15"),
            "empty": b"",
            "list": b"[]\n" + data,
            "pages": json.dumps({**json.loads(facts), "pages": "three"}).encode() + b"\n" + data,
        }[damage]
    )
    assert cache.cached(folder, job) is None


def test_no_entry_answers_for_another(folder: Path, job: Job, made: Made) -> None:
    """A rendition copied into the place of another is not given out: Spanish would print Arabic."""
    cache.keep(folder, made)
    other = replace(job, key="0" * 64)
    (folder / "renditions" / other.key).write_bytes((folder / "renditions" / job.key).read_bytes())
    assert cache.cached(folder, other) is None


def test_the_oldest_beyond_what_is_worth_keeping_goes(folder: Path) -> None:
    """The cache does not grow for ever."""
    for number in range(4):
        path = folder / "renditions" / str(number)
        path.touch()
        os.utime(path, (number, number))
    cache.prune(folder, 2)
    assert sorted(path.name for path in (folder / "renditions").iterdir()) == ["2", "3"]


def test_where_nothing_can_be_written_a_build_is_only_slower(tmp_path: Path, made: Made) -> None:
    """A warning, a temporary folder, and no exception."""
    (tmp_path / ".cache").write_text("a file", encoding="utf-8")
    folder, (problem,) = cache.cache_folder(tmp_path)
    assert folder.is_dir()
    assert not folder.is_relative_to(tmp_path)
    assert (problem.code, problem.severity) == ("cache-not-writable", "warning")
    (warning,) = cache.keep(tmp_path / ".cache", made)
    assert (warning.code, warning.severity) == ("cache-not-writable", "warning")
