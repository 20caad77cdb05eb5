"""With `--approved-only`, earlier files of what is a draft now go, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from handouts.library.build import build
from handouts.library.manifest import entries_with_files
from handouts.library.plan import Choice, plan
from handouts.library.unapproved import drop_unapproved
from handouts.model import Page, State
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look


def rendered(
    sources: Sources, look: Look, out: Path, tags: tuple[str, ...], state: State, **more: str
) -> list[Page]:
    """Build texts in a state, as a review gives it, and return their pages."""
    pages = [
        replace(page, state=state)
        for page in plan(Approval(sources, our_look()), Choice(tags, ("about-ipt",), ("text",), **more))  # type: ignore[arg-type]
    ]
    assert build(sources, look, pages, out, 1, lambda _: None).problems == ()
    return pages


def test_what_is_not_approved_is_taken_away_in_every_form(own: Sources, look: Look, tmp_path: Path) -> None:
    """The draft itself, the same in another format, a file that no one listed; another locale's stays."""
    drafts = rendered(own, look, tmp_path, ("es",), "draft")
    rendered(own, look, tmp_path, ("vi",), "draft")
    emails = [
        replace(page, state="stale")
        for page in plan(Approval(own, our_look()), Choice(("es",), ("about-ipt",), ("email",)))
    ]
    build(own, look, emails, tmp_path, 1, lambda _: None)
    assert drop_unapproved(tmp_path, drafts) == (["au/es/about-ipt.email.html", "au/es/about-ipt.txt"], [])
    assert set(entries_with_files(tmp_path)) == {"au/vi/about-ipt.txt"}
    assert not list((tmp_path / "au/es").iterdir())
    (tmp_path / "au/es/about-ipt.txt").write_text("who knows", encoding="utf-8")
    assert drop_unapproved(tmp_path, drafts) == (["au/es/about-ipt.txt"], [])
    assert not (tmp_path / "au/es/about-ipt.txt").exists()
    assert drop_unapproved(tmp_path, drafts) == ([], [])


def test_what_is_approved_of_another_region_stays(own: Sources, look: Look, tmp_path: Path) -> None:
    """It lies in another folder: asking for New Zealand takes nothing away that is approved in Australia."""
    rendered(own, look, tmp_path, ("es",), "approved")
    there = plan(Approval(own, our_look()), Choice(("es",), ("about-ipt",), ("text",), regions=("nz",)))
    assert drop_unapproved(tmp_path, there) == ([], [])
    assert (tmp_path / "au/es/about-ipt.txt").is_file()
    here = plan(Approval(own, our_look()), Choice(("es",), ("about-ipt",), ("text",)))
    assert drop_unapproved(tmp_path, here) == (["au/es/about-ipt.txt"], [])
