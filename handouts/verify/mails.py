"""E-mails and texts: what they say is what the sources say now, to the letter, and mail clients show it."""

from __future__ import annotations

import email
import email.policy
import tempfile
from dataclasses import replace
from pathlib import Path

from handouts.mail.inline import compose_for_mail
from handouts.mail.lint import lint
from handouts.model import Page
from handouts.page.compose import compose
from handouts.problems import Problem
from handouts.sources.look import Look
from handouts.verify.access import check_names
from handouts.verify.text import check_numbers
from handouts.verify.verdict import AGAIN, Verdict, read_rendition


def check_draft(verdict: Verdict, path: Path, page: Page, look: Look) -> None:
    """Check that an e-mail is a draft to no one, and that its text, HTML and paper are those of the sources."""
    draft = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in draft.walk() if not part.is_multipart()}
    text = replace(page, rendition=replace(page.rendition, format="text", layout="standard"))
    wanted = {"text/plain": compose_for_mail(text, look), "text/html": compose_for_mail(page, look)}
    wrong = [kind for kind, said in wanted.items() if parts.get(kind, "").replace("\r\n", "\n") != said]
    verdict.wrong("out-of-date", "a part does not say what the sources say now", "Build it again.", wrong)
    check_clients(verdict, parts.get("text/html", ""))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as paper:
        paper.write(parts.get("application/pdf", b""))
        paper.flush()
        printed = replace(page, rendition=replace(page.rendition, format="pdf"))
        reading = read_rendition(Path(paper.name), printed, look)
        for check in (check_numbers, check_names):  # the rest is asked of the same paper as a file of its own
            check(verdict, reading)
    private = {"From", "To", "Cc", "Bcc", "Date", "Message-ID"} & set(draft.keys())
    verdict.wrong(
        "draft-not-blank", "a draft has a header of an e-mail that was sent", AGAIN, sorted(private)
    )


def check_letters(verdict: Verdict, path: Path, page: Page, look: Look) -> None:
    """Check that an e-mail, a text or a web page says what the sources say now, to the letter."""
    composed = compose(page, look) if page.rendition.format == "web" else compose_for_mail(page, look)
    if path.read_bytes() != composed.encode():
        what = "it does not say what the sources say now."
        verdict.problems.append(Problem("out-of-date", verdict.file, what, "Build it again."))


def check_clients(verdict: Verdict, html: str) -> None:
    """Check that an e-mail holds nothing that mail clients drop, refuse or clip."""
    found = lint(html)
    fix = "Write it in another way in templates/email.html or templates/email.css."
    verdict.wrong("mail-client-spoils", "mail clients would not show it as it is meant", fix, found)
