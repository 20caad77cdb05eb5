"""A basket: several handouts become one PDF, to be printed at once, behind a page that says what is in it.

    data = basket(sources, look, cache, [(job, made.data), (other, copies.stamped(other, personal))])
    draft = basket_email(sources, look, cache, parts, first)

In memory alone: nothing of it is kept, so that personal copies may be in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from handouts.library.jobs import Job
from handouts.mail.inline import inline
from handouts.mail.message import Contents, unsent_email
from handouts.model import Page
from handouts.page.compose import Row, compose_contents, compose_letter
from handouts.pdf import fonts
from handouts.pdf.joined import Part, joined, page_count, place_of, titles
from handouts.pdf.make import FOLDER
from handouts.pdf.render import collected_afterwards, typeset
from handouts.problems import Problem, refuse
from handouts.sources.load import Sources
from handouts.sources.look import Look


def basket(sources: Sources, look: Look, cache: Path, parts: Sequence[tuple[Job, bytes]]) -> bytes:
    """Return one PDF of several, each given as its job and what was made of it, or a personal copy of that.

    Before them comes a page that leads to each, in the locale, layout and paper of the first. One alone comes back as it is.
    The same bytes for the same input. Raises ValueError for no part, and for one that cannot be joined;
    SourceError where that page cannot be made.
    """
    if not parts:
        raise ValueError("the basket is empty")
    if len(parts) == 1:
        return parts[0][1]
    jobs = [job for job, _ in parts]
    tag = jobs[0].page.locale.tag
    heading = sources.desk_words(tag)["contents"]
    contents = _made(compose_contents(heading, _rows(parts), look), jobs, cache)
    handouts = [Part(data, job.page.handout.title.text, job.page.locale.tag) for job, data in parts]
    return joined([Part(contents, heading.text, tag), *handouts], titles(part.title for part in handouts))


def basket_email(
    sources: Sources, look: Look, cache: Path, parts: Sequence[tuple[Job, bytes]], first: Page
) -> bytes:
    """Return an e-mail to no one yet that holds two or more PDFs as one, as `basket` makes it, and says which they are.

    `first` is the page of the first handout as an `eml`; its `personal` says for whom the copies among the parts are: that
    stands in the PDF alone, not in the subject, in a name of a file, or in what is read in the e-mail. Raises as `basket` does.
    """
    heading, rows = sources.desk_words(first.locale.tag)["contents"], _rows(parts)
    plain = replace(first, rendition=replace(first.rendition, format="text", layout="standard"))
    contents = Contents(
        subject=first.handout.words["mail-subject"].text,
        language=first.locale.tag,
        text=compose_letter(plain, heading, rows, look),
        html=inline(compose_letter(first, heading, rows, look)),
        pdf=basket(sources, look, cache, parts),
    )
    return unsent_email(contents)


def _rows(parts: Sequence[tuple[Job, bytes]]) -> list[Row]:
    """Return what is told of each of several PDFs before them."""
    return [Row(job.page, page_count(data), place_of(number)) for number, (job, data) in enumerate(parts, 2)]


def _made(html: str, jobs: Sequence[Job], cache: Path) -> bytes:
    """Return the PDF of the page before others, in whole fonts: no subset of a locale holds the words of several."""
    families = tuple(dict.fromkeys(family for job in jobs for family in job.page.families))
    missing = fonts.missing_glyphs(html, families)
    if missing:
        what = f"the contents of a basket have characters that its fonts ({', '.join(families)}) lack: {' '.join(missing)}."
        refuse([Problem("missing-glyph", "templates/contents.html", what, "Write it without them.")])
    with collected_afterwards():
        return typeset(html, fonts.whole(families), cache / FOLDER, {}).write().data
