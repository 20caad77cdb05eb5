"""A paper fits, or it is told what does not: the clinic's details, the words of an empty box, a text outside its column."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.make import make_rendition
from handouts.library.paper import stray_problems
from handouts.pdf.exact.boxes import Stray
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.library.conftest import the_job


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
