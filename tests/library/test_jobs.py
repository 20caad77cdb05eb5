"""The key of a job is the digest of all that decides its bytes, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.library.jobs import Job, Made, characters, jobs
from handouts.library.plan import Choice, plan
from handouts.model import FORMATS, Format, Sibling
from handouts.page.approval import Approval
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look
from tests.workbench.altered import with_message


def key(sources: Sources, look: Look, form: Format = "pdf", **chosen: tuple[str, ...]) -> str:
    """Return the key of the first handout in Spanish."""
    choice = Choice(("es",), ("about-ipt",), (form,), ("standard",), **chosen)  # type: ignore[arg-type]
    (job,) = jobs(sources, look, plan(Approval(sources, our_look()), choice))
    return job.key


def test_the_same_input_has_the_same_key(sources: Sources, look: Look) -> None:
    """In another order, in another folder, in another run."""
    assert key(sources, look) == key(replace(sources), replace(look))
    pages = plan(Approval(sources, our_look()), Choice(("es", "vi"), ("about-ipt",), ("text",)))
    assert [job.key for job in jobs(sources, look, pages[::-1])] == [
        job.key for job in jobs(sources, look, pages)
    ][::-1]


@pytest.mark.parametrize("form", FORMATS)
def test_whatever_a_page_prints_or_is_made_with_changes_its_key(
    sources: Sources, look: Look, form: Format
) -> None:
    """A word, the clinic, a style sheet, a version, the code: what was made before is not given out again."""
    before = key(sources, look, form)
    others = [
        key(with_message(sources, "es", "about-ipt.short", text="Resumen"), look, form),
        key(sources, look, form, clinics=("example",)),
        key(sources, look, form, regions=("nz",)),
        key(sources, replace(look, templates={**look.templates, "print.css": ""}), form),
        key(sources, replace(look, versions={**look.versions, "weasyprint": "71.0"}), form),
        key(sources, replace(look, code="other"), form),
        key(sources, replace(look, epoch="2023-11-14T22:13:20Z"), form),
    ]
    assert len({before, *others}) == len(others) + 1


def test_what_another_page_prints_changes_no_key(sources: Sources, look: Look) -> None:
    """A word of another locale, or of another region."""
    assert key(with_message(sources, "vi", "about-ipt.short", text="X"), look) == key(sources, look)


def test_where_a_file_lies_is_no_part_of_what_it_is(sources: Sources, look: Look) -> None:
    """The same page under another name is not made again."""
    (page,) = plan(Approval(sources, our_look()), Choice(("es",), ("about-ipt",), ("text",)))
    moved = replace(page, rendition=replace(page.rendition, file="elsewhere.txt"))
    assert len({job.key for job in jobs(sources, look, [page, moved])}) == 1


def test_an_email_is_made_of_its_pdf_and_its_text(sources: Sources, look: Look) -> None:
    """They are jobs of their own, the very ones that the files beside it have."""
    choice = Choice(("es",), ("about-ipt",), layouts=("standard",))
    by_format = {
        job.page.rendition.format: job
        for job in jobs(sources, look, plan(Approval(sources, our_look()), choice))
    }
    parts = by_format["eml"].parts
    assert [part.key for part in parts] == [by_format["pdf"].key, by_format["text"].key]
    assert by_format["pdf"].parts == ()


def test_the_fonts_of_a_locale_hold_all_it_may_print(sources: Sources) -> None:
    """Its messages, the English, the clinic, digits and months: every page of it is set from one subset."""
    clinic = replace(sources.content.clinics["example"], name="Clinic Ω")
    letters = characters(sources, "ar", clinic)
    assert letters == "".join(sorted(set(letters)))
    for text in ("العربية", "نوفمبر", "IPT", "0123456789", "“”", "Ω"):
        assert set(text) - {" "} <= set(letters)
    assert "Ω" not in characters(sources, "ar", None)


def test_two_clinics_have_the_letters_of_each(sources: Sources, look: Look) -> None:
    """One plan may be for several: the letters of the first do not stand for those of the next."""
    clinics = {
        **sources.content.clinics,
        "greek": replace(sources.content.clinics["example"], slug="greek", name="Ω"),
    }
    both = replace(sources, content=replace(sources.content, clinics=clinics))
    pages = [
        page
        for clinic in ("example", "greek")
        for page in plan(
            Approval(both, our_look()),
            Choice(("es",), ("about-ipt",), ("pdf",), ("standard",), clinics=(clinic,)),
        )
    ]
    first, second = jobs(both, look, pages)
    assert "Ω" in second.characters
    assert "Ω" not in first.characters


def test_a_warning_is_no_failure(job: Job) -> None:
    """What could not be kept in the cache can still be given out."""
    warning = Problem("x", "x", "x.", "x.", "warning")
    assert not Made(job, problems=(warning,)).failed
    assert Made(job, problems=(warning, replace(warning, severity="error"))).failed


def test_words_of_screens_ask_for_no_letter_of_a_font(sources: Sources) -> None:
    """What a web page alone says leaves every PDF as it was, to the byte; a word of paper does not."""
    before = characters(sources, "es", None)
    assert "Ω" not in before
    assert characters(with_message(sources, "es", "interface.web-speak", text="Ω"), "es", None) == before
    assert "Ω" in characters(with_message(sources, "es", "interface.stamp", text="Ω"), "es", None)


def test_what_lies_beside_a_web_page_decides_its_bytes(sources: Sources, look: Look) -> None:
    """A language more, a page more, another size: it is made again."""
    (page,) = plan(Approval(sources, look), Choice(("es",), ("about-ipt",), ("web",)))
    beside = Sibling(page.rendition, "A", "ltr", 2, 1000)
    changed = [(), (beside,), (replace(beside, pages=3),), (replace(beside, size=2000),)]
    found = jobs(sources, look, [replace(page, siblings=siblings) for siblings in changed])
    assert len({job.key for job in found}) == len(changed)
