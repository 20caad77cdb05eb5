"""`--approved-only`: what is given out is what was signed, and earlier drafts are taken away."""

from __future__ import annotations

from tests.conftest import Project
from tests.signed import approve, confirm


def test_only_what_is_approved_is_built_on_request_and_it_prints_no_draft(project: Project) -> None:
    """`--approved-only` makes what was signed, without DRAFT, and names the drafts it takes away; an edit brings it back."""
    project.leave_only("en", "es")
    texts = ("--locale", "es", "--format", "text", "--jobs", "1")
    assert project.call(*texts).code == 0
    large = ("--locale", "es", "--handout", "references", "--format", "pdf", "--layout", "large-print")
    assert project.call(*large).code == 0
    assert "DRAFT" in (project.root / "dist/au/es/about-ipt.txt").read_text(encoding="utf-8")
    approve(project.root)
    # Its numbers are not confirmed yet: it is a draft like the others.
    ran = project.call(*texts, "--approved-only")
    assert ran.code == 1
    removed = [line for line in ran.err.splitlines() if line.endswith("removed: not approved")]
    assert len(removed) == len(list((project.root / "content/handouts").iterdir())) + 1
    confirm(project.root)
    assert project.call(*texts, "--approved-only").code == 0
    for file in ("au/es/about-ipt.txt", "au/es/references.large-print.pdf", "au/es/references.txt"):
        assert any(f"{file}\t" in line for line in removed)
    assert not list((project.root / "dist/au/es").glob("*.pdf"))
    made = (project.root / "dist/au/es/about-ipt.txt").read_text(encoding="utf-8")
    assert "DRAFT" not in made
    assert "Need help right now?" not in made
    assert not (project.root / "dist/au/es/references.txt").exists()
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen:"')
    assert project.call(*texts, "--approved-only").code == 1
    assert not (project.root / "dist/au/es/about-ipt.txt").exists()
