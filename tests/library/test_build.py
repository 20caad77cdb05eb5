"""A build makes what is not up to date, delivers it, and lists it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from handouts.library.build import MOST_BYTES, MOST_WAITING, _Shelf, build, finished, unfitting
from handouts.library.cache import cache_folder
from handouts.library.crew import ThisMachine
from handouts.library.jobs import Made, jobs
from handouts.library.manifest import MANIFEST_LOCK
from handouts.library.outdated import UNMADE
from handouts.library.plan import Choice, plan
from handouts.mail.inline import compose_for_mail
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look, Token
from handouts.stopping import StoppedError
from tests.conftest import HANDOUTS, SPREAD, Project, our_look
from tests.workbench.altered import with_message

TORN = "{% if locale.tag == 'vi' %}{{ nobody_gives_this }}{% endif %}"
FIELDS = {
    "file", "place", "handout", "edition", "locale", "region", "clinic", "layout", "format", "paper",
    "state", "pages", "bytes", "sha256", "title", "autonym", "direction", "facts",
}  # fmt: skip


def ignore(_: str) -> None:
    """Hear of a rendition and do nothing."""


class Deadly(dict[str, Token]):
    """Colours that end the process they are sent to, as a machine does that has no memory left."""

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (3,)


def texts(sources: Sources, *tags: str) -> list[Page]:
    """Return the plan of two handouts as text, in some locales."""
    return plan(Approval(sources, our_look()), Choice(tags, HANDOUTS, ("text",)))


def manifest(folder: Path) -> dict[str, dict[str, object]]:
    """Return the manifest's entries by file."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["renditions"]
    return {row["file"]: row for row in rows}


def test_every_file_is_in_the_manifest_and_every_entry_is_a_file(built: Path) -> None:
    """The manifest and the folder say the same, to the byte."""
    built = built.parent
    entries = manifest(built)
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()} - {"manifest.json"}
    gallery = {file for file in files if file.endswith("index.html") or "/covers/" in file}
    assert files - gallery == set(entries)
    assert len(entries) == len(SPREAD) * 2 * (5 + 1) + (len(SPREAD) - 1) * 2  # English has no bilingual twin
    for file, entry in entries.items():
        data = (built / file).read_bytes()
        assert set(entry) == FIELDS
        assert entry["bytes"] == len(data)
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()


def test_what_has_not_changed_is_not_made_again(own: Sources, look: Look, tmp_path: Path) -> None:
    """A change makes only its own again; what another region says changes nothing here."""

    def made_of(sources: Sources) -> tuple[int, int]:
        report = build(sources, look, texts(sources, "es", "vi"), tmp_path / "dist", 1, ignore)
        assert report.problems == ()
        return report.made, len(report.entries)

    assert made_of(own) == (4, 4)
    assert made_of(own) == (0, 4)
    assert made_of(with_message(own, "es", "about-ipt.short", text="Resumen")) == (1, 4)
    regions = {**own.content.regions, "nz": replace(own.content.regions["nz"], access=())}
    assert made_of(replace(own, content=replace(own.content, regions=regions))) == (0, 4)


def test_the_cache_keeps_all_that_a_build_is_of(own: Sources, look: Look, tmp_path: Path) -> None:
    """However few are worth keeping: a library larger than that would be made again and again."""

    def made(*tags: str) -> int:
        return build(own, look, texts(own, *tags), tmp_path / "dist", 1, ignore, most_kept=1).made

    assert [made("es", "vi"), made("es", "vi"), made("hi"), made("es")] == [4, 0, 2, 2]


def test_deliveries_are_the_rarer_the_longer_one_takes(made: Made, tmp_path: Path) -> None:
    """Each reads and writes the whole manifest; what waits is never more than the memory has room for."""
    shelf = _Shelf(tmp_path, ignore)
    shelf.put(made)  # the first is delivered at once
    for took, size, due in ((0.0, 0, True), (60.0, 0, False), (60.0, MOST_BYTES, True)):
        shelf._waiting = [made] * MOST_WAITING
        shelf._took, shelf._size = took, size
        shelf.put(made)
        assert (shelf._waiting == []) is due


def test_every_rendition_is_heard_of_once(own: Sources, look: Look, tmp_path: Path) -> None:
    """Whether it was made or found; a progress bar comes to its end."""
    pages = texts(own, "es", "vi")
    for _ in range(2):
        heard: list[str] = []
        build(own, look, pages, tmp_path / "dist", 1, heard.append)
        assert sorted(heard) == sorted(page.rendition.file for page in pages)


def test_the_first_new_file_lies_in_its_place_while_the_others_are_made(
    own: Sources, look: Look, tmp_path: Path
) -> None:
    """It is in the language of the source, whatever comes first in the plan; a build that makes nothing names none."""
    pages, out, seen = texts(own, "ar", "en", "es"), tmp_path / "dist", list[tuple[str, bool, int]]()

    def first(file: str) -> None:
        seen.append((file, file in manifest(out), len(list(out.rglob("*.txt")))))

    for _ in range(2):
        build(own, look, pages, out, 1, ignore, on_first=first)
    assert seen == [("au/en/about-ipt.txt", True, 1)]


def test_a_damaged_file_is_put_right(own: Sources, look: Look, tmp_path: Path) -> None:
    """A delivered file, or the cache, that was changed by hand is not trusted."""
    pages = texts(own, "en")
    build(own, look, pages, tmp_path, 1, ignore)
    file = tmp_path / pages[0].rendition.file
    good = file.read_bytes()
    file.write_bytes(b"spoilt")
    for kept in (own.root / ".cache/renditions").iterdir():
        kept.write_bytes(kept.read_bytes()[:-5])
    assert build(own, look, pages, tmp_path, 1, ignore).problems == ()
    assert file.read_bytes() == good


def test_builds_at_the_same_time_lose_no_entry_of_the_manifest(
    own: Sources, look: Look, tmp_path: Path
) -> None:
    """Four builds into one folder: every file they deliver is listed."""
    with ThreadPoolExecutor() as pool:
        runs = [
            pool.submit(build, own, look, texts(own, tag), tmp_path / "dist", 1, ignore)
            for tag in ("ar", "es", "hi", "vi")
        ]
        assert [run.result().problems for run in runs] == [()] * 4
    files = {p.relative_to(tmp_path / "dist").as_posix() for p in (tmp_path / "dist").rglob("*.txt")}
    assert len(files) == 8
    assert set(manifest(tmp_path / "dist")) == files


class SeesLock:
    """Makes things as this machine does; sees each time whether a lock is held, and does something else before it makes the first page."""

    def __init__(self, lock: Path, first: Callable[[], object]) -> None:
        self.lock, self.first = lock, [first]
        self.saw: list[bool] = []

    def run_each(self, function: Any, todo: Any, *others: Any, **_: Any) -> Any:
        """Do it, as `Crew` has it."""
        self.saw.append(self.lock.exists())
        if todo and self.first:
            self.first.pop()()
        return ThisMachine(1).run_each(function, todo, *others)


def test_nobody_else_waits_for_a_crew(own: Sources, look: Look, tmp_path: Path) -> None:
    """The manifest is locked while this machine puts things down, and not while another one makes them, which may take for ever.

    A page that another build lists meanwhile is led to all the same.
    """

    def pages(tag: str) -> list[Page]:
        return plan(Approval(own, our_look()), Choice((tag,), ("about-ipt",), ("web",)))

    other = partial(build, own, look, pages("es"), tmp_path, 1, ignore)
    crew = SeesLock(tmp_path / MANIFEST_LOCK, other)
    assert build(own, look, pages("ar"), tmp_path, crew, ignore).problems == ()
    assert crew.saw
    assert not crew.first
    assert not any(crew.saw)
    assert "../es/about-ipt.html" in (tmp_path / "au/ar/about-ipt.html").read_text()


def test_one_that_cannot_be_made_leaves_no_old_file_and_stops_no_other(
    own: Sources, look: Look, tmp_path: Path
) -> None:
    """What it said was of other sources: it goes with its entry, and that is told; the others are made and delivered."""
    pages = texts(own, "es", "vi")
    build(own, look, pages, tmp_path, 1, ignore)
    bad = replace(look, templates={**look.templates, "text.txt": TORN + look.templates["text.txt"]})
    report = build(own, bad, pages, tmp_path, 1, ignore)
    assert report.made == 2
    assert [(problem.code, problem.where) for problem in report.problems] == [
        ("invalid-template", "templates/text.txt:1"),
    ] * 2
    assert {entry.rendition.locale for entry in report.entries} == {"es"}
    assert {(each.file, each.why) for each in report.removed} == {
        (f"au/vi/{slug}.txt", UNMADE) for slug in HANDOUTS
    }
    assert set(manifest(tmp_path)) == {"au/es/about-ipt.txt", "au/es/references.txt"}
    assert not (tmp_path / "au/vi").exists()


def test_what_kills_its_worker_every_time_is_told(own: Sources, look: Look, tmp_path: Path) -> None:
    """Each of it is tried twice; the build ends, says so, and lists nothing that is not there."""
    choice = Choice(("es", "vi"), HANDOUTS, ("pdf",), ("standard",))
    pages = plan(Approval(own, our_look()), choice)
    report = build(own, replace(look, tokens=Deadly(look.tokens)), pages, tmp_path, 2, ignore)
    assert {problem.code for problem in report.problems} == {"worker-killed"}
    assert len(report.problems) == len(pages)
    assert report.entries == ()


def test_no_process_is_started_for_what_takes_no_longer_than_to_start_it(
    own: Sources, look: Look, tmp_path: Path
) -> None:
    """Texts are made by this one, however many may be used."""
    pages = texts(own, "es", "vi")
    report = build(own, replace(look, tokens=Deadly(look.tokens)), pages, tmp_path, 2, ignore)
    assert (report.made, report.problems) == (len(pages), ())


def test_what_was_delivered_before_a_person_stops_the_build_is_listed(
    own: Sources, look: Look, tmp_path: Path
) -> None:
    """Ctrl-C leaves a manifest that knows every file in the folder."""
    heard: list[str] = []

    def stop(file: str) -> None:
        heard.append(file)
        if len(heard) == 3:
            raise KeyboardInterrupt

    with pytest.raises(StoppedError, match=r"2 of 4 renditions in .*; run the same command to go on"):
        build(own, look, texts(own, "es", "vi"), tmp_path, 1, stop)
    assert set(manifest(tmp_path)) == set(heard[:2])
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.txt")} == set(heard[:2])


def test_bytes_can_be_had_without_a_file(own: Sources, look: Look, tmp_path: Path) -> None:
    """For what is sent: by the file of the rendition, from the cache the second time; nothing is delivered."""
    pages = texts(own, "es")
    first, problems = finished(own, look, pages, 1, ignore)
    assert problems == []
    assert set(first) == {page.rendition.file for page in pages}
    assert first[pages[0].rendition.file].decode() == compose_for_mail(pages[0], look)
    assert finished(own, look, pages, 1, ignore) == (first, [])
    assert not (tmp_path / "dist").exists()


@pytest.mark.untraced
def test_two_builds_of_the_same_input_give_the_same_bytes(built: Path, cold_project: Project) -> None:
    """Nothing of the day, the machine, the folder or the order of work gets into a file.

    One was made among seventy others by two workers, the other alone in a new folder with nothing in its cache.
    """
    want = ("--locale", "ar", "--handout", "about-ipt", "--format", "pdf", "--format", "email")
    assert cold_project.run(*want, "--jobs", "1").code == 0
    again = cold_project.root / "dist"
    files = sorted(manifest(again))
    assert len(files) == 4
    for file in files:
        assert (again / file).read_bytes() == (built.parent / file).read_bytes()


def too_long(sources: Sources) -> Sources:
    """Return the sources with a clinic whose address has more lines than its box, and another that fits."""
    clinic = sources.content.clinics["example"]
    clinics = {
        "example": replace(clinic, address=("12 Riverside Road",) * 9),
        "other": replace(clinic, slug="other"),
    }
    return replace(sources, content=replace(sources.content, clinics=clinics))


def test_of_a_clinic_that_does_not_fit_nothing_is_made(own: Sources, look: Look, tmp_path: Path) -> None:
    """It is told once, with how many pages it is too long on; its old files go, and another clinic is made."""
    unfit = too_long(own)
    choice = Choice(
        ("en", "es"), ("about-ipt",), ("pdf", "text"), ("standard",), clinics=("example", "other")
    )
    before = plan(Approval(own, look), replace(choice, formats=("text",), clinics=("example",)))
    build(own, look, before, tmp_path, 1, ignore)
    pages = [
        page
        for page in plan(Approval(unfit, look), choice)
        if page.rendition.clinic == "example" or page.rendition.format == "text"
    ]
    heard: list[str] = []
    report = build(unfit, look, pages, tmp_path, 1, heard.append)
    (problem,) = report.problems
    assert (problem.code, problem.clinic) == ("clinic-too-long", "example")
    assert "They are too long on 1 other page as well." in problem.what
    assert set(manifest(tmp_path)) == {"other/en/about-ipt.txt", "other/es/about-ipt.txt"}
    assert {each.file for each in report.removed} == {"example/en/about-ipt.txt", "example/es/about-ipt.txt"}
    assert len(heard) == len(pages)


def test_only_papers_with_a_clinic_that_are_not_made_yet_are_measured(own: Sources, look: Look) -> None:
    """One head for each locale and layout; none for a text, or for a region without a clinic."""
    cache, _ = cache_folder(own.root)
    text = Choice(("en",), formats=("text",), clinics=("example",))
    region = replace(text, formats=("pdf",), clinics=())
    for choice in (text, region):
        assert (
            unfitting(
                jobs(too_long(own), look, plan(Approval(too_long(own), look), choice)),
                look,
                cache,
                ThisMachine(1),
            )
            == []
        )
    assert not list((own.root / ".cache/fonts").iterdir())
