"""The gallery goes to disk whole, and what has no place in it any more goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.manifest import MANIFEST, entries_with_files, withdraw
from handouts.library.plan import Choice
from handouts.model import SHOWN_FORMATS
from handouts.page.approval import Approval
from handouts.site.publish import publish
from tests.conftest import HANDOUTS, Stock


def gallery(out: Path) -> set[str]:
    """Return the files of the gallery of an output folder."""
    names = (path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    return {name for name in names if name.endswith("index.html") or "/covers/" in name}


def test_every_place_has_a_page_and_every_handout_a_cover(stock: Stock) -> None:
    """All that was published is told, so that a build knows when nothing has changed; a second time nothing is written."""
    published = publish(stock.approval, stock.out)
    assert set(published.files) == gallery(stock.out)
    assert len(published.files) == 2 + 4 * 2
    before = {file: (stock.out / file).stat().st_mtime_ns for file in published.files}
    assert publish(stock.approval, stock.out) == published
    assert {file: (stock.out / file).stat().st_mtime_ns for file in published.files} == before


def test_what_goes_from_the_manifest_goes_from_the_gallery(stock: Stock) -> None:
    """A language, then everything: page, covers and their folder. What a person has put there stays."""
    (stock.out / "own").mkdir()
    (stock.out / "own/index.html").write_text("mine", encoding="utf-8")
    withdraw(stock.out, [f for f in entries_with_files(stock.out) if f.startswith("au/hi/")])
    publish(stock.approval, stock.out)
    assert "au/covers/hi.about-ipt.png" not in gallery(stock.out)
    assert "हिन्दी" not in (stock.out / "index.html").read_text(encoding="utf-8")
    withdraw(stock.out, list(entries_with_files(stock.out)))
    publish(stock.approval, stock.out)
    assert gallery(stock.out) == {"own/index.html"}
    assert not (stock.out / "au/covers").exists()


def test_a_second_place_makes_the_first_page_a_choice_and_back(stock: Stock) -> None:
    """Places are built one after the other, into the same folder."""
    one = (stock.out / "index.html").read_bytes()
    stock.build(Choice(("en",), ("about-ipt",), SHOWN_FORMATS, regions=("nz",)))
    assert {"nz/index.html", "au/index.html", "nz/covers/en.about-ipt.png"} <= gallery(stock.out)
    assert "Where are you?" in (stock.out / "index.html").read_text(encoding="utf-8")
    withdraw(stock.out, [f for f in entries_with_files(stock.out) if f.startswith("nz/")])
    publish(stock.approval, stock.out)
    assert (stock.out / "index.html").read_bytes() == one
    assert not (stock.out / "nz").exists()


def test_builds_at_the_same_time_leave_a_gallery_of_all(stock: Stock) -> None:
    """Each writes it when it is done, of all that is listed by then."""
    withdraw(stock.out, list(entries_with_files(stock.out)))
    tags = ("ar", "en", "hi", "zh-Hans")
    for tag in tags:
        stock.pages(Choice((tag,), HANDOUTS, SHOWN_FORMATS))  # in the cache, before anyone asks
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda tag: stock.build(Choice((tag,), HANDOUTS, SHOWN_FORMATS)), tags))
    assert len(entries_with_files(stock.out)) == 38
    assert len(gallery(stock.out)) == 10
    for tag in tags:
        html = (stock.out / f"au/{tag}/about-ipt.html").read_text(encoding="utf-8")
        assert html.count('hreflang="') == 3


def test_a_template_that_does_not_work_is_told_and_the_gallery_stays(stock: Stock) -> None:
    """With its line, as of any template."""
    before = (stock.out / "index.html").read_bytes()
    look = stock.approval.look
    torn = replace(look, templates={**look.templates, "gallery.html": "{{ nobody_gives_this }}"})
    published = publish(Approval(stock.approval.sources, torn), stock.out)
    assert [problem.where for problem in published.problems] == ["templates/gallery.html:1"]
    assert (stock.out / "index.html").read_bytes() == before


def test_a_page_of_someone_elses_is_not_written_over(stock: Stock) -> None:
    """The output folder may be that of a website: its own first page stays, and that is told; so do its pictures."""
    (stock.out / "index.html").write_text("<title>Our clinic</title>", encoding="utf-8")
    (stock.out / "blog/covers").mkdir(parents=True)
    (stock.out / "blog/covers/book.png").write_bytes(b"mine")
    (problem,) = publish(stock.approval, stock.out).problems
    assert (problem.code, problem.severity) == ("page-in-the-way", "warning")
    assert (stock.out / "index.html").read_text(encoding="utf-8") == "<title>Our clinic</title>"
    withdraw(stock.out, list(entries_with_files(stock.out)))
    assert publish(stock.approval, stock.out).problems == ()
    assert (stock.out / "blog/covers/book.png").read_bytes() == b"mine"
    assert (stock.out / "index.html").is_file()


def test_a_disk_that_refuses_is_told(stock: Stock) -> None:
    """And nothing is lost: here a folder lies where the first page belongs."""
    (stock.out / "index.html").unlink()
    (stock.out / "index.html").mkdir()
    (problem,) = publish(stock.approval, stock.out).problems
    assert problem.code == "file-not-writable"


def test_where_nothing_was_built_there_is_nothing_to_publish(stock: Stock) -> None:
    """No folder is made either."""
    assert publish(stock.approval, stock.out / "new").files == ()
    assert not (stock.out / "new").exists()


@pytest.mark.parametrize("what", ["folder", "covers"])
def test_nothing_is_written_or_removed_through_a_link(stock: Stock, tmp_path: Path, what: str) -> None:
    """A place's folder, or that of its covers, leads out of the output folder: that is told, and what lies there stays."""
    outside, inside = tmp_path / "outside", stock.out / ("au" if what == "folder" else "au/covers")
    inside.rename(outside)
    inside.symlink_to(outside)
    (outside / "stray.png").write_bytes(b"mine")
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    published = publish(stock.approval, stock.out)
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before
    assert what == "folder" or {problem.code for problem in published.problems} == {"folder-is-link"}
    assert (stock.out / MANIFEST).is_file()
