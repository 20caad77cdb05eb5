"""A pack is one zip of a place: whole, of the present sources, the same bytes each time, and nothing else in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.jobs import jobs
from handouts.library.manifest import entries_with_files, withdraw
from handouts.library.plan import Choice
from handouts.model import SHOWN_FORMATS, Place
from handouts.page.approval import Approval
from handouts.problems import Problem
from handouts.site.fhir import FHIR_FILE
from handouts.site.pack import Pack, link_problems, local_links, name_problems, pack, zipped
from tests.conftest import STOCKED, Stock
from tests.workbench.altered import with_message

FOLDER = "ipt-handouts-au"


def packed(stock: Stock, approval: Approval | None = None) -> tuple[Pack | None, list[Problem]]:
    """Return the pack of a library, of its sources or of others."""
    return pack(approval or stock.approval, stock.out, Place("au"), stock.pages(STOCKED))


def contents(stock: Stock) -> dict[str, bytes]:
    """Return the files of the pack of a library, below its one folder."""
    made, problems = packed(stock)
    assert (made is not None, problems) == (True, [])
    assert made is not None
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert archive.testzip() is None
        assert all(name.startswith(f"{FOLDER}/") for name in archive.namelist())
        return {name.removeprefix(f"{FOLDER}/"): archive.read(name) for name in archive.namelist()}


def test_it_holds_the_files_of_the_place_its_gallery_and_a_word_for_whoever_unzips_it(stocked: Stock) -> None:
    """As they lie in the output folder, to the byte; each of them is counted."""
    files = contents(stocked)
    listed = set(entries_with_files(stocked.out))
    gallery = {file for file in files if file.endswith("index.html") or "/covers/" in file}
    assert set(files) == listed | gallery | {"README.txt", FHIR_FILE}
    assert len(gallery) == 10
    for file in listed | gallery:
        assert files[file] == (stocked.out / file).read_bytes()
    readme = files["README.txt"].decode("utf-8-sig")
    assert f"4 languages, {len(files)} files. Handouts of edition 2026-11.\r\n" in readme
    assert re.findall(r"(?<!\r)\n|\r(?!\n)", readme) == []
    assert readme.isascii()
    assert "All handouts here are drafts" in readme


def test_every_link_in_it_leads_to_a_file_in_it(stocked: Stock) -> None:
    """From any page; a link that leads out of the folder would lead nowhere on another computer."""
    files = contents(stocked)
    pages = {file: data.decode() for file, data in files.items() if file.endswith(".html")}
    assert len(pages) == 2 + 8
    for file, html in pages.items():
        links = list(local_links(file, html))
        assert len(links) > 5
        assert set(links) <= set(files)


def test_the_same_input_gives_the_same_bytes(stocked: Stock, stock: Stock) -> None:
    """On another day, in another folder: the times are those of the edition, the order is by name, no path of a machine is in it."""
    (one, _), (other, _) = packed(stocked), packed(stock)
    assert one == other
    assert one is not None
    with zipfile.ZipFile(io.BytesIO(one.data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
    assert str(stock.out.parent).encode() not in one.data


def test_nothing_private_is_in_it(stock: Stock) -> None:
    """E-mails, what a person has laid beside the handouts, other places: none of it."""
    stock.build(Choice(("en",), ("about-ipt",), SHOWN_FORMATS, regions=("nz",)))
    for file in (
        "outbox/lan.eml",
        "au/en/about-ipt.eml",
        "au/en/notes.txt",
        "au/en/people.csv",
        "status.html",
    ):
        (stock.out / file).parent.mkdir(exist_ok=True)
        (stock.out / file).write_text("Lan Pham", encoding="utf-8")
    files = contents(stock)
    assert {file for file in files if not file.startswith("au/")} == {"README.txt", "index.html", FHIR_FILE}
    assert not any(b"Lan Pham" in data for data in files.values())
    assert not any(file.endswith((".eml", ".csv")) for file in files)
    # Its first page is that of the place, not the choice that the output folder has now.
    assert b"Where are you?" not in files["index.html"]
    assert set(local_links("index.html", files["index.html"].decode())) <= set(files)


def without(stock: Stock) -> Approval:
    withdraw(stock.out, ["au/hi/about-ipt.txt"])
    return stock.approval


def lost(stock: Stock) -> Approval:
    (stock.out / "au/hi/about-ipt.pdf").unlink()
    return stock.approval


def changed(stock: Stock) -> Approval:
    (stock.out / "au/hi/about-ipt.txt").write_text("13 11 15", encoding="utf-8")
    return stock.approval


def unlinked(stock: Stock) -> Approval:
    # Another build has taken a form away, and was killed before it could say so on the pages.
    withdraw(stock.out, ["au/hi/about-ipt.large-print.pdf"])
    stock.pages(STOCKED)
    return stock.approval


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (without, "pack-not-whole"),
        (lost, "pack-not-whole"),
        (changed, "pack-out-of-date"),
        (unlinked, "pack-not-whole"),
    ],
)
def test_what_is_not_whole_is_refused(stock: Stock, spoil: Callable[[Stock], Approval], code: str) -> None:
    """A file that is not listed, is gone or was changed; the command that mends it is named."""
    made, problems = packed(stock, spoil(stock))
    assert made is None
    assert problems[0].code == code
    assert "hi/about-ipt" in problems[0].what
    assert problems[0].fix == "Build it first: python3 build.py --region au"


def test_what_is_not_of_the_present_sources_is_refused(stock: Stock) -> None:
    """A changed word: its text, its page on the screen and its paper are named, also where no one has built since."""
    sources = with_message(stock.approval.sources, "hi", "about-ipt.short", text="सार")
    approval = Approval(sources, stock.approval.look)
    pages = Stock(approval, stock.out).pages(Choice(("hi",), ("about-ipt",), ("text", "web")))
    made, (problem,) = pack(approval, stock.out, Place("au"), pages)
    assert made is None
    assert (problem.code, problem.region) == ("pack-out-of-date", "au")
    assert problem.what.startswith("2 files of au (no clinic) are not what the sources say now: ")


def test_a_pack_of_what_is_approved_leads_to_no_draft(stock: Stock) -> None:
    """Where drafts lie beside it, its pages lead to them: that is refused until they are gone."""
    approved = stock.pages(replace(STOCKED, locales=("ar",)))
    made, problems = pack(stock.approval, stock.out, Place("au"), approved)
    assert (made, {problem.code for problem in problems}) == (None, {"pack-link-dead"})
    withdraw(stock.out, [f for f in entries_with_files(stock.out) if not f.startswith("au/ar/")])
    stock.build(replace(STOCKED, locales=("ar",)))
    made, problems = pack(stock.approval, stock.out, Place("au"), approved)
    assert (made is not None, problems) == (True, [])


def test_a_paper_that_no_one_can_compare_is_refused(stock: Stock) -> None:
    """The cache has lost one: what that PDF would be now is not known until it is made."""
    pages = [page for page in stock.pages(STOCKED) if page.rendition.format == "pdf"]
    (job,) = jobs(stock.approval.sources, stock.approval.look, pages[:1])
    (stock.approval.sources.root / ".cache/renditions" / job.key).unlink()
    made, (problem,) = pack(stock.approval, stock.out, Place("au"), pages)
    assert (made, problem.code) == (None, "pack-out-of-date")


def test_where_nothing_was_built_that_is_said(stock: Stock, tmp_path: Path) -> None:
    """And no folder is made."""
    made, (problem,) = pack(stock.approval, tmp_path / "new", Place("au"), stock.pages(STOCKED))
    assert (made, problem.code) == (None, "pack-not-whole")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "file",
    [
        "con/index.html",
        "au/en/NUL.pdf",
        "au/en/aux.large-print.pdf",
        "au/en/a:b.pdf",
        "au/en/what?.txt",
        "au/x./a.txt",
        "com1/a",
    ],
)
def test_a_name_that_windows_refuses_is_refused(file: str) -> None:
    """A device of DOS, a character, a full stop at the end: a whole zip would not unzip."""
    assert [problem.code for problem in name_problems([file])] == ["name-not-for-windows"]


def test_two_names_that_are_one_to_windows_are_refused() -> None:
    """One of two files would be lost without a word."""
    assert [p.file for p in name_problems(["au/a.pdf", "au/b.pdf", "au/A.pdf"])] == ["au/A.pdf"]
    assert list(name_problems(["au/zh-Hans/a.pdf", "au/zh-Hant/a.pdf", "conference/aux-handout.pdf"])) == []


def test_a_link_that_leads_out_is_refused() -> None:
    """Where it is not on the web; a link within the page and data are none."""
    html = b'<a href="../b.txt">b</a> <a href="https://x.org/y">x</a> <a href="#z">z</a> <img src="data:,"> <a href="a%20b.txt?q#r">c</a>'
    assert list(link_problems({"au/a.html": html, "b.txt": b"", "au/a b.txt": b""})) == []
    (problem,) = link_problems({"au/a.html": html, "b.txt": b""})
    assert (problem.code, problem.file) == ("pack-link-dead", "au/a.html")
    assert "au/a b.txt" in problem.what


def test_a_day_before_zip_files_began_is_their_first_year() -> None:
    """SOURCE_DATE_EPOCH may be 0, and a zip knows no year before 1980."""
    with zipfile.ZipFile(io.BytesIO(zipped({"a": b"x"}, "f", "1970-01-01T00:00:00Z"))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_a_clinic_is_named_in_its_pack(stock: Stock) -> None:
    """The zip and the command are the clinic's, and so is the region that its numbers are of."""
    choice = replace(STOCKED, handouts=("about-ipt",), clinics=("example",))
    stock.build(choice)
    made, problems = pack(stock.approval, stock.out, Place("au", "example"), stock.pages(choice))
    assert problems == []
    assert made is not None
    assert made.name == "ipt-handouts-example.zip"
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        readme = archive.read("ipt-handouts-example/README.txt").decode("utf-8-sig")
    assert readme.startswith("PATIENT HANDOUTS: Example Clinic\r\nAustralia\r\n")
    withdraw(stock.out, ["example/hi/about-ipt.txt"])
    _, problems = pack(stock.approval, stock.out, Place("au", "example"), stock.pages(choice))
    assert problems[0].fix == "Build it first: python3 build.py --clinic example"
