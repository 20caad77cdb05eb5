"""Every fault in `tests/bad/` gets a clear problem: where, what, fix; exit 1; never a traceback."""

from __future__ import annotations

import os
import resource
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import LOCALES, ROOT, Project, copied

CASES = sorted((ROOT / "tests" / "bad").glob("*.yaml"))


def test_there_are_bad_cases() -> None:
    """There is one bad case for every guard; losing the folder would leave all of them unguarded."""
    assert len(CASES) >= 40


def spoil(project: Project, change: dict[str, Any]) -> None:
    """Make one change of a bad case."""
    path = project.root / change["file"]
    if "replace" in change:
        project.edit(change["file"], *change["replace"])
    elif "append" in change:
        path.write_text(path.read_text(encoding="utf-8") + change["append"], encoding="utf-8")
    elif "bytes" in change:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes.fromhex(change["bytes"]))
    elif "write" in change:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change["write"], encoding="utf-8")
    elif "link" in change:
        path.symlink_to(change["link"])
    elif change.get("remove"):
        assert path.exists()
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def concerned(fault: dict[str, Any]) -> set[str]:
    """Return the locales that are needed to see a fault: those of its files and its command, those it names, and two others."""
    words = [part for change in fault.get("changes", []) for part in change["file"].split("/")]
    words += [word.replace("_", "-").lower() for word in fault.get("command", [])]
    return {"en", "es", *fault.get("locales", [])} | {
        tag for tag in LOCALES if {tag, tag.lower()} & set(words)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_fault_is_named_with_its_place_and_its_cure(
    case: Path, tmp_path: Path, shared: Path, small: Path
) -> None:
    """A fault ends with exit 1 and one line that says where, what and how to mend it; nothing is written.

    In this process, which saves half a minute; a few, and the tests below, in one of their own.
    """
    fault = yaml.safe_load(case.read_text(encoding="utf-8"))
    project = copied(tmp_path / "project", shared / "cache", sources=small, tags=concerned(fault))
    for slug in fault.get("handouts", []):
        project.bring(slug)
    for change in fault.get("changes", []):
        spoil(project, change)
    run = project.run if fault.get("process") else project.call
    ran = run(*fault.get("command", ["check"]))
    lines = [line for line in ran.err.splitlines() if all(part in line for part in fault["says"])]
    assert lines, f"no line says {fault['says']}:\n{ran.err}{ran.out}"
    assert ran.code == fault.get("code", 1)
    assert "Traceback" not in ran.err + ran.out
    assert not list(project.root.glob("dist/**/*.pdf"))


def test_all_faults_are_told_at_once(project: Project) -> None:
    """Faults in content, a clinic, a catalog and the options are told in one run."""
    project.edit("content/regions/au.yaml", 'call: "13 11 14"', 'call: "13 II 14"')
    project.edit("content/handouts/about-ipt.yaml", "edition: 2026-11", "edition: soon")
    project.edit("content/clinics/example.yaml", "logo: example.svg", "logo: lost.svg")
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En <b>resumen</b>"')
    ran = project.run("build", "--locale", "xq", "--clinic", "no")
    assert ran.code == 2
    for part in ("13 II 14", "soon", "holds HTML", "“xq”", "“no”", "5 problems to put right"):
        assert part in ran.err
    # The clinic is not the one that was asked for: it is named, and stops nothing.
    assert "content/clinics/example.yaml is not right, and was left out" in ran.err


def test_a_full_disk_leaves_the_last_good_files_whole(project: Project) -> None:
    """When the disk has no room, the old file stays as it was, and no half file is left."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text", "--jobs", "1")
    assert project.call(*want).code == 0
    file = project.root / "dist/au/en/about-ipt.txt"
    before = file.read_bytes()
    project.edit("content/handouts/about-ipt.yaml", "heading: In short", "heading: In brief")
    assert project.call(*want, "--out", "elsewhere").code == 0  # made, so that only the delivery is left
    small = len(before) // 2

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (small, small))

    uncounted = {name: "" for name in os.environ if name.startswith("COVERAGE_")}  # its file is larger
    ran = project.run_after(no_room, *want, **uncounted)
    assert ran.code == 1
    assert "au/en/about-ipt.txt: the file could not be written" in ran.err
    assert "Traceback" not in ran.err
    assert file.read_bytes() == before
    assert not list(project.root.glob("dist/**/.*"))


def test_one_rendition_that_fails_does_not_stop_the_others(project: Project) -> None:
    """A locale whose font lacks its script fails alone; the others are delivered and exit is 1."""
    project.edit("locales/hi/locale.toml", '"Noto Sans Devanagari", ', "")
    want = ("--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    ran = project.run(*want, "--locale", "hi", "--locale", "es")
    assert ran.code == 1
    assert "locales/hi/locale.toml: its fonts (Noto Sans) have no glyph for" in ran.err
    assert (project.root / "dist/au/es/about-ipt.pdf").exists()
    assert not (project.root / "dist/au/hi/about-ipt.pdf").exists()
