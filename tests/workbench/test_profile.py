"""A new profile: all that may be said, what was given filled in, nothing half-written and nothing written over."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import yaml

from handouts.model import SOURCE_LANGUAGE
from handouts.sources.clinics import load_clinics
from handouts.sources.load import Sources, known_to_clinics
from handouts.sources.written import CLINIC
from handouts.workbench.profile import EXAMPLES, new_profile, profile_file, profile_text

GIVEN = {
    "name": ('The "North": Clinic',),
    "region": ("au",),
    "languages": ("en",),
    "phone": ("000 111", "000 222"),
}


def test_a_profile_reads_as_it_was_given_and_names_the_rest() -> None:
    """Whatever a name holds; what was not given stands there as a comment."""
    text = profile_text(GIVEN)
    assert yaml.safe_load(text) == {
        "name": 'The "North": Clinic', "region": "au", "languages": ["en"], "phone": ["000 111", "000 222"],
    }  # fmt: skip
    assert all(f"{key}: " in text for key in CLINIC.every)
    assert set(EXAMPLES) == set(CLINIC.optional)


def test_what_stands_in_comments_would_be_sound(sources: Sources, tmp_path: Path) -> None:
    """Whoever takes the “#” away gets no problem but that of a logo that is not there."""
    lines = profile_text(GIVEN).splitlines()
    given = tuple(f"{key}:" for key in GIVEN)
    keys = tuple(f"# {key}: " for key in EXAMPLES)
    bare = [line.removeprefix("# ") if line.startswith(keys) else line for line in lines]
    bare = [line for line in bare if not line.startswith("#")]
    assert len(bare) > len(given)
    (tmp_path / "north.yaml").write_text("\n".join(bare), encoding="utf-8")
    known = known_to_clinics(sources.content, sources.locales, frozenset())
    _, problems = load_clinics(tmp_path, known, [str(tmp_path / "north.yaml")])
    assert [problem.code for problem in problems] == ["logo-missing"]


def test_a_new_profile_is_whole_or_not_there(sources: Sources, tmp_path: Path) -> None:
    """One that would not be sound is refused before anything is written; one that is there stays."""
    known = known_to_clinics(sources.content, sources.locales, frozenset())
    root, target = sources.root, tmp_path / "north.yaml"
    path, problems = new_profile(root, str(target), {**GIVEN, "phone": ("ask us",)}, known)
    assert [(p.code, p.file) for p in problems] == [("invalid-phone-number", str(target))]
    assert list(tmp_path.iterdir()) == []
    path, problems = new_profile(root, str(target), GIVEN, known)
    assert (path, problems) == (target, [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    before = path.read_bytes()
    _, problems = new_profile(root, str(target), {**GIVEN, "name": ("Other",)}, known)
    assert [p.code for p in problems] == ["file-exists"]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_came_meanwhile_is_not_written_over(
    sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the writing another person may have saved theirs."""
    known = known_to_clinics(sources.content, sources.locales, frozenset())
    target, link = tmp_path / "north.yaml", os.link

    def late(source: str, to: Path) -> None:
        target.write_text("theirs")
        link(source, to)

    monkeypatch.setattr(os, "link", late)
    _, problems = new_profile(sources.root, str(target), GIVEN, known)
    assert [p.code for p in problems] == ["file-exists"]
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_and_a_name_that_is_taken_are_told(
    sources: Sources, tmp_path: Path
) -> None:
    """As problems."""
    known = known_to_clinics(sources.content, sources.locales, frozenset())
    for target, code in (
        (tmp_path / "gone/north.yaml", "folder-missing"),
        (tmp_path / "example.yaml", "clinic-twice"),
    ):
        _, problems = new_profile(sources.root, str(target), GIVEN, known)
        assert [p.code for p in problems] == [code]
    assert profile_file(sources.root, "north") == sources.root / "content/clinics/north.yaml"
    assert SOURCE_LANGUAGE in known.languages
