"""Signing: what a signature holds, what forbids it, and what is written when nothing does."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.characters import forbidden
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.reviews import Signature
from handouts.sources.signed_text import changes, load_signed_text
from handouts.workbench import signing
from tests.workbench.altered import with_message, with_signatures, without_translators, written_to

DAY, TODAY = date(2026, 11, 20), date(2026, 11, 26)


def signed(sources: Sources, tag: str = "es", **changed: Any) -> Signature:
    """Return a signature that nothing forbids, but for what is changed in it."""
    fields: dict[str, Any] = {
        "handout": "about-ipt",
        "region": "au",
        "kind": "language",
        "reviewer": "R. Reader",
        "role": "accredited translator",
        "translators": ("T. One",),
        "date": DAY,
    }
    return signing.new_signature(sources, tag, **(fields | changed))


def codes(sources: Sources, signature: Signature, tag: str = "es") -> list[str]:
    """Return the codes of what forbids a signature."""
    return [problem.code for problem in signing.signing_problems(sources, tag, signature, TODAY)]


def test_a_signature_is_of_the_text_as_it_is_now(sources: Sources) -> None:
    """It holds the digest of every message; a changed message has another one."""
    now = signed(sources)
    assert now.text == sources.text_digest("about-ipt", "au", "es")
    changed = with_message(sources, "es", "about-ipt.short", text="En resumen.")
    assert signed(changed).text != now.text


def test_names_are_kept_with_single_spaces_and_each_translator_once(sources: Sources) -> None:
    """Those who are named at the signature come first, then those that the locale names."""
    named = sources.locales["es"].translators
    signature = signed(sources, reviewer=" R.  Reader ", translators=("T.  One", "", named[0], "T. One"))
    assert signature.reviewer == "R. Reader"
    assert signature.translators == ("T. One", *named)


def test_only_the_exact_tag_of_a_locale_can_be_signed(sources: Sources) -> None:
    """A reader of es-MX is served by es, but a signature is under the name of the text that was read."""
    assert sources.match("es-MX") == "es"
    assert not signing.inexact_tag_problems(sources, "es")
    (problem,) = signing.inexact_tag_problems(sources, "es-MX")
    assert problem.fix == "Did you mean “es”?"


def test_nothing_forbids_the_review_of_a_whole_and_sound_text(sources: Sources) -> None:
    """A second person may sign it in the same way, and the first in another."""
    first = signed(sources)
    assert codes(sources, first) == []
    signed_once = with_signatures(sources, "es", first)
    assert codes(signed_once, signed(sources, reviewer="Another Reader")) == []
    assert codes(signed_once, signed(sources, kind="clinical")) == []


def test_no_one_reviews_what_they_translated(sources: Sources) -> None:
    """Neither who is named at the signature nor who the locale names, in whatever case and spacing."""
    assert codes(sources, signed(sources, reviewer="t.  ONE")) == ["reviewer-is-translator"]
    named = sources.locales["es"].translators[0]
    assert codes(sources, signed(sources, reviewer=named.upper())) == ["reviewer-is-translator"]


def test_the_same_signature_is_not_given_twice(sources: Sources) -> None:
    """The problem names the file, and the day when it was given; another day makes no new signature."""
    earlier = signed(sources)
    again = signed(sources, reviewer="r. reader", date=date(2026, 11, 25))
    (problem,) = signing.signing_problems(with_signatures(sources, "es", earlier), "es", again, TODAY)
    assert (problem.code, problem.file, problem.locale) == ("already-signed", "locales/es/reviews.toml", "es")
    assert "2026-11-20" in problem.what


@pytest.mark.parametrize(
    ("change", "word"), [({"text": ""}, "not translated"), ({"fuzzy": True}, "marked fuzzy")]
)
def test_a_review_is_of_a_whole_text(sources: Sources, change: dict[str, Any], word: str) -> None:
    """A message that is missing or fuzzy forbids it, and is named."""
    gap = with_message(sources, "es", "about-ipt.short", **change)
    (problem,) = signing.signing_problems(gap, "es", signed(gap), TODAY)
    assert problem.code == "not-fully-translated"
    assert f"1 message {word}, the first is “about-ipt.short”" in problem.what


def test_an_error_in_the_catalog_forbids_every_signature(sources: Sources) -> None:
    """It is told as the check tells it; a warning forbids nothing."""
    faulty = with_message(sources, "es", "about-ipt.short", text="En <b>resumen")
    (problem,) = signing.signing_problems(faulty, "es", signed(faulty), TODAY)
    assert (problem.severity, problem.about) == ("error", "about-ipt.short")
    assert "holds HTML" in problem.what


def test_a_translation_must_name_its_translator_and_the_english_has_none(sources: Sources) -> None:
    """Without a name nobody could tell whether the reviewer is another person."""
    anonymous = without_translators(sources, "es")
    assert codes(anonymous, signed(anonymous, translators=())) == ["missing-translator"]
    assert codes(sources, signed(sources, "en", translators=()), "en") == []


@pytest.mark.parametrize(
    "change", [{"reviewer": "B\x7fob"}, {"role": " "}, {"date": date(2026, 11, 28)}, {"kind": "casual"}]
)
def test_a_signature_that_reviews_toml_could_not_hold_is_refused(
    sources: Sources, change: dict[str, Any]
) -> None:
    """What would be a problem in the file is a problem before it is written."""
    (problem,) = signing.signing_problems(sources, "es", signed(sources, **change), TODAY)
    assert problem.where == "review sign"


def test_a_signature_is_added_and_the_text_kept(sources: Sources, tmp_path: Path) -> None:
    """What stands in reviews.toml stays byte for byte; the record tells later what has changed."""
    there = written_to(sources, tmp_path)
    reviews = tmp_path / "locales/es/reviews.toml"
    first, second = signed(sources), signed(sources, kind="clinical", reviewer="Dr C", role="psychiatrist")
    files = list(signing.add_signature(there, "es", first))
    before = reviews.read_text(encoding="utf-8")
    assert list(signing.add_signature(there, "es", second)) == files
    assert files == ["locales/es/reviews.toml", f"locales/es/signed/{first.text}.json"]
    assert reviews.read_text(encoding="utf-8").startswith(before)
    rows = tomllib.loads(reviews.read_text(encoding="utf-8"))["review"]
    assert [Signature(**{**row, "translators": tuple(row["translators"])}) for row in rows] == [first, second]
    edited = with_message(sources, "es", "about-ipt.short", text="En resumen.")
    handout = sources.content.handout("about-ipt", "au")
    (change,) = changes(load_signed_text(tmp_path, "es", first.text), handout, edited.catalogs["es"])
    assert (change.id, change.what) == ("about-ipt.short", "the translation changed")


def test_a_file_that_would_be_broken_by_the_signature_is_left_as_it_is(
    sources: Sources, tmp_path: Path
) -> None:
    """What stands in it is another kind of TOML: a problem, and nothing is written."""
    reviews = tmp_path / "locales/es/reviews.toml"
    reviews.parent.mkdir(parents=True)
    reviews.write_text("review = []\n", encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        signing.add_signature(written_to(sources, tmp_path), "es", signed(sources))
    assert refused.value.problems[0].file == "locales/es/reviews.toml"
    assert reviews.read_text(encoding="utf-8") == "review = []\n"
    assert list(tmp_path.rglob("*.*")) == [reviews]


@given(st.text(min_size=1).filter(lambda text: text.strip() and not forbidden(text)))
def test_any_name_is_read_back_as_it_was_signed(name: str) -> None:
    """Quotes, backslashes and every script stand in TOML as they are."""
    signature = Signature("about-ipt", "au", "language", name, "translator", (name, "T"), DAY, "0" * 16)
    (row,) = tomllib.loads(signing._review_toml(signature))["review"]
    assert Signature(**{**row, "translators": tuple(row["translators"])}) == signature
