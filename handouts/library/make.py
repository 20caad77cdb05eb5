"""One job becomes the bytes of a rendition, or the problem that kept it from being made."""

from __future__ import annotations

import errno
from pathlib import Path

from handouts.crashes import crash_problem
from handouts.library.cache import cached, keep
from handouts.library.clinic_paper import make_clinic_paper
from handouts.library.jobs import Job, Made
from handouts.library.paper import make_paper
from handouts.mail.inline import compose_for_mail
from handouts.mail.picture import png
from handouts.model import Page
from handouts.page.compose import CID, compose
from handouts.problems import Problem, SourceError
from handouts.sources.look import Look

NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
# Codes of the problems of a rendition whose machine refused: the disk is full, and will be for the next one; all else.
NO_ROOM_CODE, NOT_MADE = "no-room", "rendition-not-made"


def make_rendition(job: Job, look: Look, cache: Path) -> Made:
    """Return a finished rendition. Whatever goes wrong comes back as a problem, so that others go on.

    Raises MemoryError, which who limits the memory of a process tells, and ModuleNotFoundError: it would be so with every other.
    """
    file = job.page.rendition.file
    try:
        return _make(job, look, cache)
    except SourceError as error:
        return Made(job, problems=error.problems)
    except (MemoryError, ModuleNotFoundError):
        raise
    except OSError as error:
        what = f"it could not be made: {error.strerror or error}."
        code, fix = NOT_MADE, "Run: python3 build.py doctor"
        if error.errno in NO_ROOM:
            code, fix = NO_ROOM_CODE, "Make room on the disk and in the temporary folder."
        return Made(job, problems=(Problem(code, file, what, fix),))
    except Exception as error:  # noqa: BLE001 - one rendition that fails must not stop the others
        return Made(job, problems=(crash_problem(file, error, cache, message=str(error)),))


def _make(job: Job, look: Look, cache: Path) -> Made:
    """Return a finished rendition. Raises SourceError for what its sources must put right."""
    match job.page.rendition.format:
        case "text" | "email":
            return Made(job, compose_for_mail(job.page, look).encode())
        case "web":
            return Made(job, compose(job.page, look).encode())
        case "eml":
            return _make_email(job, look, cache)
        case "pdf":
            if job.page.clinic:
                return make_clinic_paper(job, look, cache)
            pdf = make_paper(job, look, cache)
            return Made(job, pdf.data, pdf.pages)


def _make_email(job: Job, look: Look, cache: Path) -> Made:
    """Return an e-mail to no one yet, with its PDF and text from the cache, or made and kept now."""
    parts = []
    for part in job.parts:
        made = cached(cache, part)
        if made is None:
            made = make_rendition(part, look, cache)
            if made.failed:
                return Made(job, problems=made.problems)
            keep(cache, made)
        parts.append(made.data)
    pdf, text = parts
    return Made(job, email_of(job.page, look, job.characters, cache, pdf, text.decode()))


def email_of(page: Page, look: Look, characters: str, cache: Path, pdf: bytes, text: str) -> bytes:
    """Return the e-mail of a page to no one yet, which holds this PDF and this text; nothing of it is kept.

    `characters` are those of its locale, for the picture. Raises SourceError where it cannot be made.
    """
    from handouts.mail.message import Contents, unsent_email

    contents = Contents(
        subject=page.handout.words["mail-subject"].text,
        language=page.locale.tag,
        text=text,
        html=compose_for_mail(page, look),
        pdf=pdf,
        picture=png(page, look, characters, cache),
        cid=CID,
    )
    return unsent_email(contents)
