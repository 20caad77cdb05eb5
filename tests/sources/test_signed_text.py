"""What a signature is of: the digest of a text, the copy of it, and what has changed since."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.model import Handout
from handouts.sources.catalogs import Catalog
from handouts.sources.signed_text import (
    changes,
    load_signed_text,
    signed_text,
    signed_text_file,
    text_digest,
)

Made = Callable[..., Catalog]


@given(at=st.integers(0, 10_000), letter=st.sampled_from(string.ascii_letters))
def test_one_edited_character_changes_the_digest(
    handout: Handout, catalog_of: Made, at: int, letter: str
) -> None:
    """The digest depends on every message, and on nothing else."""
    catalog = catalog_of(handout)
    ids = list(catalog.messages)
    chosen = ids[at % len(ids)]
    edited = dict(catalog.messages)
    edited[chosen] = replace(edited[chosen], text=edited[chosen].text + letter)
    assert text_digest(handout, Catalog("x.po", edited)) != text_digest(handout, catalog)
    moved = {i: replace(catalog.messages[i], line=at) for i in reversed(ids)}
    assert text_digest(handout, Catalog("other.po", moved)) == text_digest(handout, catalog)


def test_the_digest_is_that_of_the_letters_not_of_their_encoding(handout: Handout, catalog_of: Made) -> None:
    """A catalog saved in decomposed Unicode is the same text."""
    composed, apart = (catalog_of(handout, unicodedata.normalize(form, "é{}")) for form in ("NFC", "NFD"))
    assert text_digest(handout, composed) == text_digest(handout, apart)


def test_changed_english_changes_the_digest(handout: Handout, catalog_of: Made) -> None:
    """A reviewer checked the translation of that English, and of no other."""
    other = replace(handout, title=replace(handout.title, text="Another title"))
    catalog = catalog_of(handout)
    assert text_digest(other, catalog) != text_digest(handout, catalog)


def keep(folder: Path, handout: Handout, catalog: Catalog | None) -> str:
    """Keep the text of a handout in Spanish, as signing does; return its digest."""
    digest = text_digest(handout, catalog)
    path = folder / signed_text_file("es", digest)
    path.parent.mkdir(parents=True)
    path.write_text(signed_text(handout, catalog), encoding="utf-8")
    return digest


def test_what_was_signed_can_be_read_again(tmp_path: Path, handout: Handout, catalog_of: Made) -> None:
    """English and translation of every message; while nothing has changed there is no change."""
    catalog = catalog_of(handout)
    signed = load_signed_text(tmp_path, "es", keep(tmp_path, handout, catalog))
    assert signed["about-ipt.title"] == (handout.title.text, f"x {handout.title.text}")
    assert len(signed) == len({block.id for block in handout.blocks()})
    assert changes(signed, handout, catalog) == []


def test_changes_say_what_was_and_what_is(handout: Handout, catalog_of: Made, tmp_path: Path) -> None:
    """A message whose English changed, one whose translation changed, one that is new and one that is gone."""
    catalog = catalog_of(handout)
    signed = load_signed_text(tmp_path, "es", keep(tmp_path, handout, catalog))
    title = replace(handout.title, text="New title")
    now = replace(handout, title=title, lead=replace(handout.lead, id="about-ipt.opening"))
    messages = dict(catalog.messages)
    messages["about-ipt.subtitle"] = replace(messages["about-ipt.subtitle"], text="y")
    found = {change.id: change for change in changes(signed, now, Catalog("x.po", messages))}
    assert {key: change.what for key, change in found.items()} == {
        "about-ipt.title": "the English changed",
        "about-ipt.subtitle": "the translation changed",
        "about-ipt.opening": "new",
        "about-ipt.lead": "gone",
    }
    assert found["about-ipt.subtitle"].before[1] == f"x {handout.subtitle.text}"
    assert found["about-ipt.subtitle"].now[1] == "y"


@pytest.mark.parametrize("text", ["", "[]", "{}", "[[1]]", '[["a", "b", "c"]]', "[" * 100_000])
def test_a_copy_that_is_not_the_signed_text_says_nothing(tmp_path: Path, handout: Handout, text: str) -> None:
    """It is held against its digest: what was edited by hand cannot say what was signed."""
    digest = keep(tmp_path, handout, None)
    (tmp_path / signed_text_file("es", digest)).write_text(text)
    assert load_signed_text(tmp_path, "es", digest) == {}
    assert load_signed_text(tmp_path, "es", "0" * 16) == {}
    assert changes({}, handout, None) == []
