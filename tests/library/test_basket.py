"""Several handouts are printed as one, behind a page that says what is in it, for the patient, and leads to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from html import unescape
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from handouts.library.basket import basket, basket_email
from handouts.library.jobs import Job, jobs
from handouts.library.make import make_rendition
from handouts.library.personal import Copies
from handouts.library.plan import Choice, plan
from handouts.mail.lint import lint
from handouts.model import Layout, Personal
from handouts.page.approval import Approval
from handouts.pdf.joined import page_count
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.extractors import EXTRACTORS, mupdf
from handouts.verify.standards import broken_rules
from handouts.verify.tags import read_outline

Part = tuple[Job, bytes]
Ask = Callable[..., Part]


@pytest.fixture(scope="session")
def part(sources: Sources, look: Look, shared: Path) -> Ask:
    """Return what makes a handout as a part of a basket, once."""
    known: dict[tuple[str, ...], Part] = {}

    def made(tag: str, slug: str = "four-areas", layout: Layout = "standard") -> Part:
        if (tag, slug, layout) not in known:
            choice = Choice((tag,), (slug,), ("pdf",), (layout,))
            (job,) = jobs(sources, look, plan(Approval(sources, look), choice))
            rendition = make_rendition(job, look, shared / "cache")
            assert rendition.problems == ()
            known[tag, slug, layout] = job, rendition.data
        return known[tag, slug, layout]

    return made


@pytest.mark.parametrize("tags", [("en", "ar", "hi"), ("ar", "zh-Hans", "en"), ("hi", "en", "ar")])
def test_three_handouts_in_three_languages(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, part: Ask, tags: tuple[str, ...]
) -> None:
    """Both standards are kept; the first page names all of them, each in its language, and leads to each."""
    parts = [part(tag) for tag in tags]
    data = basket(sources, look, shared / "cache", parts)
    file = tmp_path / "basket.pdf"
    file.write_bytes(data)
    assert broken_rules(file) == []
    assert basket(sources, look, shared / "cache", parts) == data
    outline, titles = read_outline(file), [job.page.handout.title.text for job, _ in parts]
    assert outline.order == outline.painted
    assert outline.title == " · ".join(titles)
    assert outline.language == tags[0]
    rows = [
        (each.language, each.roles)
        for each in outline.tags
        if each.roles[-1] == "Link" and "TOCI" in each.roles
    ]
    assert [tag for tag, _ in rows] == list(tags)
    assert all(roles[:4] == ("Document", "Part", "TOC", "TOCI") for _, roles in rows)
    assert [link.name for link in outline.links if link.page == 0] == titles
    assert [tag.language for tag in outline.tags if tag.roles == ("Document", "Part")] == [tags[0], *tags]
    starts = [1 + sum(page_count(data) for _, data in parts[:n]) for n in range(3)]
    with pikepdf.open(file) as pdf:
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        leads = [names[str(link.Dest)][0].objgen for link in pdf.pages[0].Annots]
        assert leads == [pdf.pages[start].obj.objgen for start in starts]
        assert len(pdf.pages) == 1 + sum(page_count(data) for _, data in parts)


@pytest.mark.parametrize("tag", ["en", "ar", "hi", "zh-Hans"])
def test_the_first_page_can_be_read_by_every_program(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, part: Ask, tag: str
) -> None:
    """The heading in the patient's language, each title, and how many pages it has; that it holds drafts."""
    parts = [part(tag), part("en"), part("ar")]
    file = tmp_path / "basket.pdf"
    file.write_bytes(basket(sources, look, shared / "cache", parts))
    words = parts[0][0].page.handout.words
    told = [sources.desk_words(tag)["contents"].text, *(job.page.handout.title.text for job, _ in parts)]
    told += [words["draft"].text]
    told += [words["web-pages"].text.replace("{pages}", str(page_count(data))) for _, data in parts]
    for program, extract in EXTRACTORS.items():
        said = letters(extract(file)[0])
        for each in told:
            # But for pdfium they turn the parts of a title round that is not of the direction of the page.
            pieces = [each] if program == "pdfium" else each.split()
            assert all(letters(piece) in said for piece in pieces), (program, each)


def letters(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return "".join(c for c in text if c.isalnum())


def test_a_draft_is_told_where_another_is_none(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, part: Ask
) -> None:
    """Above all, and in its row; where all are approved, nowhere. The clinic stands on top if there is one."""
    (job, data), draft = part("en"), part("ar")
    clinic = sources.content.clinics["example"]
    approved = replace(job, page=replace(job.page, state="approved", clinic=clinic)), data
    file = tmp_path / "basket.pdf"
    for parts, count in (((approved, draft), 2), ((approved, approved), 0)):
        file.write_bytes(basket(sources, look, shared / "cache", parts))
        first = mupdf(file)[0]
        assert first.lower().count("draft") == count
        assert clinic.name in first


def test_a_personal_copy_and_a_sheet_twice(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, part: Ask
) -> None:
    """What is said to one person is there, in no title; all fields have names of their own; large print leads in large print."""
    copied, sheet = part("en", "four-areas", "large-print"), part("en", "my-relationships")
    copy = Copies(look, shared / "cache").stamped(copied[0], Personal("Zoë Łukasz"))
    file = tmp_path / "basket.pdf"
    file.write_bytes(basket(sources, look, shared / "cache", [(copied[0], copy), sheet, sheet]))
    assert broken_rules(file) == []
    outline, said = read_outline(file), mupdf(file)
    assert "Zoë Łukasz" in said[1]
    assert "Zoë" not in outline.title + said[0]
    assert len({field.name for field in outline.fields}) == len(outline.fields) > 20
    with pikepdf.open(file) as pdf:
        assert [page.mediabox for page in pdf.pages[:1]] == [pdf.pages[1].mediabox]
        assert b"Zo" not in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_an_e_mail_of_several_says_which_they_are_and_no_name(
    sources: Sources, look: Look, shared: Path, part: Ask, tag: str
) -> None:
    """Its subject and letter are those of every e-mail, in the language of the first; the name of a person is in the PDF alone."""
    copied, other = part(tag), part("hi")
    person = Personal("Zoë Łukasz")
    parts = [(job, Copies(look, shared / "cache").stamped(job, person)) for job, _ in (copied, other)]
    made = replace(copied[0].page.rendition, format="eml")
    first = replace(copied[0].page, rendition=made, personal=person)
    data = basket_email(sources, look, shared / "cache", parts, first)
    assert data == basket_email(sources, look, shared / "cache", parts, first)
    draft, words = message_from_bytes(data), first.handout.words
    assert (draft["To"], draft["X-Unsent"], draft["Content-Language"]) == (None, "1", tag)
    assert str(make_header(decode_header(draft["Subject"]))) == words["mail-subject"].text
    read = {each.get_content_type(): each.get_payload(decode=True) for each in draft.walk()}
    html, text, pdf = read["text/html"], read["text/plain"], read["application/pdf"]
    assert isinstance(html, bytes)
    assert isinstance(text, bytes)
    assert isinstance(pdf, bytes)
    assert pdf == basket(sources, look, shared / "cache", parts)
    assert lint(html.decode()) == []
    shown = [words["mail-letter-ask-personal"], words["crisis-call"], copied[0].page.handout.title]
    for said in (html.decode(), text.decode()):
        assert all(block.text in unescape(said) for block in [*shown, other[0].page.handout.title])
        assert "Zo" not in said
        assert words["about-this"].text not in said
        assert words["mail-intro"].text not in said  # which speaks of one handout
    assert "Zo" not in repr((draft.items(), [each.get_filename() for each in draft.walk()]))
    letter = text.decode()
    order = [
        letter.index(words[key].text)
        for key in ("draft", "mail-intro-several", "mail-letter-read-several", "crisis")
    ]
    assert order == sorted(order)


def test_one_alone_is_as_it_is(sources: Sources, look: Look, shared: Path, part: Ask) -> None:
    """Without a page before it; none at all is no basket."""
    assert basket(sources, look, shared / "cache", [part("en")]) == part("en")[1]
    with pytest.raises(ValueError, match="the basket is empty"):
        basket(sources, look, shared / "cache", [])


def test_what_cannot_be_printed_is_refused(sources: Sources, look: Look, shared: Path, part: Ask) -> None:
    """A PDF with something unknown, by its number; a title with a letter that no font has."""
    job, data = part("en")
    odd = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.Root.PageLabels = pikepdf.Dictionary()
        pdf.save(odd)
    with pytest.raises(ValueError, match="part 3 cannot be joined: it has /PageLabels"):
        basket(sources, look, shared / "cache", [(job, data), (job, odd.getvalue())])
    title = replace(job.page.handout.title, text="\U000e0fff x \u4e00")
    strange = replace(job, page=replace(job.page, handout=replace(job.page.handout, title=title)))
    with pytest.raises(SourceError, match="contents of a basket"):
        basket(sources, look, shared / "cache", [(job, data), (strange, data)])
