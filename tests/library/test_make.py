"""One job becomes bytes, or a problem: whatever goes wrong, the others go on."""

from __future__ import annotations

import errno
import gc
import time
from dataclasses import replace
from email import message_from_bytes
from functools import partial
from operator import add
from pathlib import Path
from unittest.mock import Mock

import pytest
from weasyprint.formatting_structure.boxes import Box

from handouts.library import make
from handouts.library.cache import cached, keep
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition
from handouts.library.personal import Copies
from handouts.library.plan import Choice, plan
from handouts.mail.inline import compose_for_mail
from handouts.model import Format, Personal
from handouts.page.approval import Approval
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.library.conftest import the_job


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


@pytest.mark.parametrize(
    ("form", "handout"), [("pdf", "my-relationships"), ("eml", "about-ipt"), ("web", "about-ipt")]
)
def test_a_rendition_does_not_say_when_it_was_made(
    sources: Sources, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format, handout: str
) -> None:
    """The same input gives the same bytes three years later, in a cache of its own: a worksheet has fonts that are made for it."""
    (page,) = plan(Approval(sources, look), Choice(("ar",), (handout,), (form,), ("standard",)))
    (job,) = jobs(sources, look, [page])
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)  # or a font would take that for the time
    made = []
    for later in (0, 10**8):
        monkeypatch.setattr(time, "time", partial(add, time.time(), later))
        made.append(make_rendition(job, look, tmp_path / str(later)).data)
    assert made[0]
    assert made[0] == made[1]


@pytest.mark.parametrize("way", ["page", "clinic", "person"])
def test_what_was_laid_out_for_a_page_is_gone_with_it(
    sources: Sources, look: Look, cache: Path, way: str
) -> None:
    """Nobody else looks for garbage that often: pages of a hundred MB would be kept until someone does."""
    gc.collect()
    before, threshold = _boxes(), gc.get_threshold()
    gc.set_threshold(10**9)
    try:
        job = the_job(sources, look, "pdf", "en", "example" if way == "clinic" else "")
        if way == "person":
            assert Copies(look, cache).stamped(job, Personal("Zoë", None, "", ""))
        else:
            assert make_rendition(job, look, cache).data
        assert _boxes() <= before
    finally:
        gc.set_threshold(*threshold)


def _boxes() -> int:
    """Return how many boxes of pages this process has, in use or not."""
    return sum(isinstance(each, Box) for each in gc.get_objects())


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


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "no-room", "No space left"),
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


@pytest.mark.parametrize("error", [MemoryError(), ModuleNotFoundError("missing", name="pydyf")])
def test_what_is_no_fault_of_the_rendition_is_told_by_whoever_made_it(
    job: Job, look: Look, cache: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Too much memory is told with its limit, a package that is missing once for all; neither is a fault of the program."""
    monkeypatch.setattr(make, "compose_for_mail", Mock(side_effect=error))
    with pytest.raises(type(error)):
        make_rendition(job, look, cache)
    assert not (cache / "fault.txt").exists()


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
