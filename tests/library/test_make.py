"""One job becomes bytes, or a problem: whatever goes wrong, the others go on."""

from __future__ import annotations

import errno
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from handouts.library import make
from handouts.library.cache import cache_folder, cached, keep
from handouts.library.editions import measured_head
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition
from handouts.library.paper import overfull_problem, stray_problems
from handouts.library.plan import Choice, plan
from handouts.mail.inline import compose_for_mail
from handouts.model import Format
from handouts.page.approval import Approval
from handouts.pdf.exact.boxes import Filling, Stray
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return an empty cache."""
    return cache_folder(tmp_path)[0]


def the_job(sources: Sources, look: Look, form: Format, tag: str = "es", clinic: str = "") -> Job:
    """Return the job of the first handout in a format."""
    choice = Choice((tag,), ("about-ipt",), (form,), ("standard",), clinics=(clinic,) if clinic else ())
    (job,) = jobs(sources, look, plan(Approval(sources, our_look()), choice))
    return job


@pytest.mark.parametrize("form", ["text", "email"])
def test_text_and_html_are_what_is_composed_for_mail(
    sources: Sources, look: Look, cache: Path, form: Format
) -> None:
    """They have no pages, and need no font."""
    job = the_job(sources, look, form)
    assert make_rendition(job, look, cache) == Made(job, compose_for_mail(job.page, look).encode())


def test_a_pdf_says_how_many_pages_it_has(sources: Sources, look: Look, cache: Path) -> None:
    """And its fonts stay in the cache."""
    made = make_rendition(the_job(sources, look, "pdf", "en"), look, cache)
    assert made.data.startswith(b"%PDF-")
    assert made.pages == 3
    assert list((cache / "fonts").glob("*.otf"))


def test_an_email_takes_its_parts_from_the_cache(
    sources: Sources, look: Look, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies there as a file of its own is the very thing that is sent."""
    monkeypatch.setattr(make, "png", lambda *_: b"PNG")
    job = the_job(sources, look, "eml")
    for part, data in zip(job.parts, (b"%PDF-x", b"Hola"), strict=True):
        keep(cache, Made(part, data))
    parts = {
        p.get_content_type(): p for p in message_from_bytes(make_rendition(job, look, cache).data).walk()
    }
    assert parts["application/pdf"].get_payload(decode=True) == b"%PDF-x"
    assert parts["text/plain"].get_payload(decode=True) == b"Hola"
    assert parts["image/png"].get_payload(decode=True) == b"PNG"
    html = parts["text/html"].get_payload(decode=True)
    assert isinstance(html, bytes)
    assert html.decode().replace("\r\n", "\n") == compose_for_mail(job.page, look)


def test_a_part_that_fails_fails_the_email(
    sources: Sources, look: Look, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the problem of the part; what could be made is kept."""
    job = the_job(sources, look, "eml")
    bad = replace(job, parts=tuple(_without_glyphs(part) for part in job.parts))
    made = make_rendition(bad, look, cache)
    assert [problem.code for problem in made.problems] == ["missing-glyph"]
    assert made.data == b""
    assert cached(cache, job.parts[0]) is None


def _without_glyphs(job: Job) -> Job:
    """Return a job whose page has a character that its fonts lack."""
    lead = replace(job.page.handout.lead, text="字")
    return replace(job, page=replace(job.page, handout=replace(job.page.handout, lead=lead)))


def test_a_clinic_whose_details_do_not_fit_is_told(sources: Sources, look: Look, cache: Path) -> None:
    """Nothing runs out of the box: the problem names the clinic's file, or the message of an empty box."""
    clinic = replace(
        sources.content.clinics["example"], address=("Level 12, 1234 Great Northern Highway, " * 8,)
    )
    content = replace(sources.content, clinics={"example": clinic})
    job = the_job(replace(sources, content=content), look, "pdf", "en", "example")
    (problem,) = make_rendition(job, look, cache).problems
    assert (problem.code, problem.file) == ("clinic-too-long", "content/clinics/example.yaml")


@pytest.mark.parametrize(
    ("tag", "file"), [("en", "content/interface.yaml"), ("es", "locales/es/handouts.po")]
)
def test_an_empty_box_whose_words_do_not_fit_is_told(
    sources: Sources, look: Look, cache: Path, tag: str, file: str
) -> None:
    """Where the message is written: in the catalog, or in the English itself."""
    job = the_job(sources, look, "pdf", tag)
    words = job.page.handout.words
    stamp = replace(words["stamp"], text="Name, phone or stamp of the clinic " * 12)
    page = replace(job.page, handout=replace(job.page.handout, words={**words, "stamp": stamp}))
    (problem,) = make_rendition(replace(job, page=page), look, cache).problems
    assert (problem.code, problem.file, problem.about) == ("message-too-long", file, "interface.stamp")


@pytest.mark.parametrize(
    ("tag", "block", "file"),
    [
        ("en", "about-ipt.lead", "content/handouts/about-ipt.yaml"),
        ("es", "about-ipt.lead", "locales/es/handouts.po"),
        ("es", "", ""),  # a value, which stands in no block
    ],
)
def test_a_text_outside_its_column_is_told_once_for_its_block(
    sources: Sources, look: Look, tag: str, block: str, file: str
) -> None:
    """With the file where it is written, the page and the layout; of a value, with the file that it is printed in."""
    page = the_job(sources, look, "pdf", tag).page
    (problem,) = stray_problems(page, [Stray(block, "unbreakable", 2), Stray(block, "other", 3)])
    assert (problem.code, problem.file, problem.about) == ("text-outside-column", file, block)
    assert problem.where == (file or page.rendition.file)
    assert problem.what == "“unbreakable” reaches out of its column on page 2 (standard)."


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "rendition-not-made", "No space left"),
        (OSError(errno.EACCES, "Permission denied"), "rendition-not-made", "Permission denied"),
        (KeyError("colour"), "program-fault", "KeyError"),
    ],
)
def test_whatever_goes_wrong_is_a_problem_of_the_file(
    job: Job, look: Look, cache: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, says: str
) -> None:
    """A full disk is told as such; a fault of the program too, and the next rendition is made."""

    def fails(*_: object) -> str:
        raise error

    monkeypatch.setattr(make, "compose_for_mail", fails)
    made = make_rendition(job, look, cache)
    assert made.failed
    (problem,) = made.problems
    assert (problem.code, problem.where) == (code, "au/es/about-ipt.txt")
    assert says in problem.what
    assert ("disk" in problem.fix) == ("No space" in says)


def test_what_the_sources_must_put_right_is_told_as_it_is(
    job: Job, look: Look, cache: Path, monkeypatch: pytest.MonkeyPatch, sources: Sources
) -> None:
    """Its place is a file of the sources, not the rendition."""
    problems = make_rendition(_without_glyphs(the_job(sources, look, "pdf")), look, cache).problems

    def fails(*_: object) -> str:
        raise SourceError(problems)

    monkeypatch.setattr(make, "compose_for_mail", fails)
    assert make_rendition(job, look, cache).problems == problems
    assert problems[0].file == "locales/es/locale.toml"


def with_address(sources: Sources, lines: int) -> Sources:
    """Return the sources with an address of so many lines."""
    clinic = replace(sources.content.clinics["example"], logo=None, address=("12 Riverside Road",) * lines)
    return replace(sources, content=replace(sources.content, clinics={"example": clinic}))


def test_the_head_alone_says_how_the_clinics_box_is_filled(sources: Sources, look: Look, cache: Path) -> None:
    """As the whole page does, before that is made: by how much, and how many lines each part has."""
    fits = measured_head(the_job(with_address(sources, 2), look, "pdf", "en", "example"), look, cache)
    assert fits.over == 0
    assert fits.lines["clinic-address"] == 2
    job = the_job(with_address(sources, 9), look, "pdf", "en", "example")
    over = measured_head(job, look, cache)
    assert over.over > 1
    assert over.lines["clinic-address"] == 9
    (problem,) = make_rendition(job, look, cache).problems
    assert problem == overfull_problem(job.page, over)
    assert (problem.code, problem.clinic) == ("clinic-too-long", "example")
    assert "Shorten address (9 lines)" in problem.fix


def test_a_head_that_cannot_be_made_says_nothing(sources: Sources, look: Look, cache: Path) -> None:
    """Why is told when the page itself is made."""
    job = the_job(sources, look, "pdf", "en", "example")
    torn = replace(look, templates={**look.templates, "print.html": "{{ nobody_gives_this }}"})
    assert measured_head(job, torn, cache) == Filling()
