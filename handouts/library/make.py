"""One job becomes the bytes of a rendition, or the problem that kept it from being made."""

from __future__ import annotations

import errno
from pathlib import Path

from handouts.faults import fault_problem
from handouts.library.cache import cached, keep
from handouts.library.jobs import Job, Made
from handouts.mail import picture
from handouts.mail.inline import inline
from handouts.mail.message import Parcel, draft
from handouts.page.compose import CID, compose
from handouts.page.pictures import drawings
from handouts.pdf import fonts
from handouts.problems import Problem


def make(job: Job, root: Path, folder: Path) -> Made:
    """Return a finished rendition. Whatever goes wrong comes back as a problem, so that others go on."""
    try:
        return _make(job, root, folder)
    except OSError as error:
        what = f"it could not be made: {error.strerror or error}."
        full = error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
        fix = "Make room on the disk and in the temporary folder." if full else "Run: python3 build.py doctor"
        return Made(job, problems=(Problem("could-not-made", job.page.rendition.file, what, fix),))
    except Exception as error:  # noqa: BLE001 - one rendition that fails must not stop the others
        return Made(job, problems=(fault_problem(job.page.rendition.file, error, root, message=str(error)),))


def _make(job: Job, root: Path, folder: Path) -> Made:
    composed = compose(job.page, root)
    match job.page.rendition.format:
        case "text":
            return Made(job, composed.encode())
        case "email":
            return Made(job, inline(composed).encode())
        case "eml":
            return _message(job, inline(composed), root, folder)
        case "pdf":
            from handouts.pdf.render import render

            families = job.page.families
            lost = fonts.missing_glyphs(composed, families)
            if lost:
                return Made(job, problems=(_glyph_problem(job, lost),))
            faces = fonts.subset(families, {*job.characters, *composed}, folder / "fonts")
            pdf = render(composed, faces, folder / "fonts", drawings(job.page, root))
            if pdf.overfull:
                return Made(job, problems=(_overfull_problem(job),))
            return Made(job, pdf.data, pdf.pages)


def _message(job: Job, html: str, root: Path, folder: Path) -> Made:
    """Return a message, its paper and text as they are kept, or made and kept now."""
    parts = []
    for part in job.parts:
        made = cached(folder, part)
        if made is None:
            made = make(part, root, folder)
            if made.problems:
                return Made(job, problems=made.problems)
            keep(folder, made)
        parts.append(made.data)
    paper, text = parts
    page = job.page
    parcel = Parcel(
        subject=page.handout.words["mail-subject"].text,
        language=page.locale.tag,
        text=text.decode(),
        html=html,
        pdf=paper,
        picture=picture.png(page, root, job.characters, folder / "fonts"),
        cid=CID,
    )
    return Made(job, draft(parcel))


def _glyph_problem(job: Job, lost: list[str]) -> Problem:
    """Return the problem of a page that would print empty boxes."""
    shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in lost[:10])
    more = f" and {len(lost) - 10} more" if len(lost) > 10 else ""  # noqa: PLR2004
    tag, families = job.page.locale.tag, " and ".join(job.page.families)
    return Problem(
        "fonts-locale-no-glyph",
        job.page.rendition.file,
        f"the fonts of locale {tag} ({families}) have no glyph for {shown}{more}.",
        f"Add a font that has it to “fonts” in locales/{tag}/locale.toml, or write the text without it.",
    )


def _overfull_problem(job: Job) -> Problem:
    """Return the problem of a clinic whose details run out of their box."""
    if not job.page.clinic:
        what = f"the words in the clinic's empty box do not fit in locale {job.page.locale.tag}."
        return Problem(
            "words-clinic-s-empty",
            f"locales/{job.page.locale.tag}/handouts.po",
            what,
            "Shorten the message interface.stamp.",
        )
    return Problem(
        "details-not-fit-their",
        f"content/clinics/{job.page.rendition.clinic}.yaml",
        f"the details do not fit their box in locale {job.page.locale.tag}.",
        "Shorten the address or the hours: the box has room for six lines.",
    )
