"""All sources together, and what follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.model import Block
from handouts.sources.load import Sources, load_sources
from tests.conftest import TODAY, Project


def test_blocks_have_ids_for_ever(sources: Sources) -> None:
    """Every block's id is unique, and is the key it is known by."""
    blocks = sources.blocks()
    assert len(blocks) > 150
    assert all(isinstance(block, Block) and block.id == key for key, block in blocks.items())


def test_blocks_of_every_region_are_translated(sources: Sources) -> None:
    """A translator is given the help lines of all regions, not of the default one alone."""
    regions = {key.split(".")[0] for key in sources.blocks() if key.startswith("region-")}
    assert regions == {f"region-{code}" for code in sources.content.regions}


def test_problems_of_all_parts_are_told_at_once(project: Project) -> None:
    """Content, a locale, a catalog, a signature and the glossary, in one go; the rest is read all the same."""
    project.edit("content/regions/au.yaml", "paper: a4", "paper: a5")
    project.edit("locales/hi/locale.toml", "direction", "directon")
    project.edit("locales/es/handouts.po", 'msgctxt "about-ipt.title"\n', "")
    (project.root / "locales/ar/reviews.toml").write_text("x =")
    project.edit("locales/glossary.yaml", "stems:", "stem:")
    loaded, problems = load_sources(project.root, TODAY)
    assert {p.file for p in problems} == {
        "content/regions/au.yaml",
        "locales/hi/locale.toml",
        "locales/es/handouts.po",
        "locales/ar/reviews.toml",
        "locales/glossary.yaml",
    }
    assert loaded.is_whole
    assert "hi" not in loaded.locales
    assert loaded.catalogs["es"].messages


def test_a_broken_locale_has_no_stand_in(project: Project) -> None:
    """Whoever asked for it gets it or the reason why not, never another one."""
    project.edit("locales/zh-Hant/locale.toml", "direction", "directon")
    loaded, _ = load_sources(project.root, TODAY)
    assert loaded.broken == {"zh-Hant"}
    assert loaded.match("zh-Hant") is None
    assert loaded.match("es-MX") == "es"
    assert loaded.match("xq") is None


@pytest.mark.parametrize("part", ["drafts", "regions", "words", "patterns", "references"])
def test_sources_without_a_part_are_not_whole(sources: Sources, part: str) -> None:
    """There is nothing to check or to make without it."""
    assert sources.is_whole
    lacking = replace(sources.content, **{part: {}})
    assert not replace(sources, content=lacking).is_whole
    assert not replace(sources, locales={"es": sources.locales["es"]}).is_whole


def test_safety_text_keeps_its_english_until_it_is_approved(sources: Sources) -> None:
    """So nobody in danger depends on words that no one has checked."""

    def with_english(*, approved: bool) -> bool:
        blocks = sources.translation("about-ipt", "au", "es", approved=approved).handout.blocks()
        return any(block.english for block in blocks)

    assert with_english(approved=False)
    assert not with_english(approved=True)


def test_what_an_editor_leaves_behind_does_no_harm(project: Project) -> None:
    """Emacs makes a dangling link beside a file that is open; names with a dot in front are passed over."""
    (project.root / "content/handouts/.#about-ipt.yaml").symlink_to("nobody@nowhere.1")
    (project.root / "content/pictures/._mood.svg").write_bytes(b"\x00")
    assert load_sources(project.root, TODAY)[1] == []
