"""`--approved-only`: what is given out is what was signed, and earlier drafts are taken away."""

from __future__ import annotations

from handouts.sources.load import Sources
from tests.conftest import Project

SIGNED = """
[[review]]
handout = "about-ipt"
region = "au"
kind = "{kind}"
reviewer = "{reviewer}"
role = "test"
translators = ["machine draft"]
date = 2026-11-23
text = "{text}"
"""


def test_only_what_is_approved_is_built_on_request_and_it_prints_no_draft(
    project: Project, sources: Sources
) -> None:
    """`--approved-only` makes what was signed, without DRAFT, and takes earlier drafts away; an edit brings it back."""
    assert project.run("--locale", "es", "--format", "text").code == 0
    large = ("--locale", "es", "--handout", "references", "--format", "eml", "--layout", "large-print")
    assert project.run(*large).code == 0
    assert "DRAFT" in (project.root / "dist/es/about-ipt.txt").read_text(encoding="utf-8")
    text = sources.text_digest("about-ipt", "au", "es")
    rows = [SIGNED.format(kind=k, reviewer=r, text=text) for k, r in (("language", "A"), ("clinical", "B"))]
    (project.root / "locales/es/reviews.toml").write_text("".join(rows), encoding="utf-8")
    ran = project.run("--locale", "es", "--format", "text", "--approved-only")
    assert ran.code == 0, ran.err
    assert "2 earlier files removed: not approved." in ran.err
    assert not list((project.root / "dist/es").glob("*.eml"))
    made = (project.root / "dist/es/about-ipt.txt").read_text(encoding="utf-8")
    assert "DRAFT" not in made
    assert "Need help right now?" not in made
    assert not (project.root / "dist/es/references.txt").exists()
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen:"')
    assert project.run("--locale", "es", "--format", "text", "--approved-only").code == 1
    assert not (project.root / "dist/es/about-ipt.txt").exists()
