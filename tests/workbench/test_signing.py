"""Signing: what a signature holds, what forbids it, and what is written when nothing does."""

from __future__ import annotations

import multiprocessing
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.characters import forbidden
from handouts.page.approval import Approval
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.reviews import Signature, load_record, load_signatures
from handouts.workbench import signing
from tests.conftest import Project, our_look
from tests.signed import DAY, TODAY, approve, loaded, signature, with_signatures
from tests.workbench.altered import with_message, without_translators, written_to


@pytest.fixture(scope="module")
def approval(sources: Sources) -> Approval:
    """Return the project, unsigned."""
    return Approval(sources, our_look())


def codes(approval: Approval, signed: Signature, tag: str = "es") -> list[str]:
    """Return the codes of what forbids a signature."""
    return [problem.code for problem in signing.signing_problems(approval.sources, tag, signed, TODAY)]


def changed(approval: Approval, **message: Any) -> Approval:
    """Return the project with one Spanish message changed."""
    return replace(approval, sources=with_message(approval.sources, "es", "about-ipt.short", **message))


def test_a_signature_is_of_everything_as_it_is_now(approval: Approval) -> None:
    """It holds the digest of all that is printed; a changed message has another one."""
    now = signature(approval)
    assert now.text == approval.digest("about-ipt", "au", "es")
    assert signature(changed(approval, text="En resumen.")).text != now.text


def test_names_are_kept_with_single_spaces_and_each_translator_once(approval: Approval) -> None:
    """Those who are named at the signature come first, then those that the locale names."""
    named = approval.sources.locales["es"].translators
    signed = signature(approval, reviewer=" R.  Reader ", translators=("T.  One", "", named[0], "T. One"))
    assert signed.reviewer == "R. Reader"
    assert signed.translators == ("T. One", *named)


def test_only_the_exact_tag_of_a_locale_can_be_signed(approval: Approval) -> None:
    """A reader of es-MX is served by es, but a signature is under the name of the text that was read."""
    assert approval.sources.match("es-MX") == "es"
    assert not signing.inexact_tag_problems(approval.sources, "es")
    (problem,) = signing.inexact_tag_problems(approval.sources, "es-MX")
    assert problem.fix == "Did you mean “es”?"


def test_nothing_forbids_the_review_of_a_whole_and_sound_text(approval: Approval) -> None:
    """A second person may sign it in the same way, and the first in another."""
    first = signature(approval)
    assert codes(approval, first) == []
    signed_once = with_signatures(approval, "es", first)
    assert codes(signed_once, signature(approval, reviewer="Another Reader")) == []
    assert codes(signed_once, signature(approval, kind="clinical", reviewer=first.reviewer)) == []


@pytest.mark.parametrize("reviewer", ["t.  ONE", "T One", "MACHINE DRAFT", "Machine-Draft."])
def test_no_one_reviews_what_they_translated(approval: Approval, reviewer: str) -> None:
    """Neither who is named at the signature nor who the locale names, however the name is written."""
    signed = signature(approval, reviewer=reviewer, translators=("T. One",))
    assert codes(approval, signed) == ["reviewer-is-translator"]


@pytest.mark.parametrize("reviewer", ["ana r", "Ana R.", "ANA  R", "Ａｎａ Ｒ"])
def test_the_same_signature_is_not_given_twice(approval: Approval, reviewer: str) -> None:
    """The problem names the file, and the day when it was given; another day or spelling makes no new signature."""
    earlier = signature(approval)
    again = signature(approval, reviewer=reviewer, date=date(2026, 11, 25))
    there = with_signatures(approval, "es", earlier)
    (problem,) = signing.signing_problems(there.sources, "es", again, TODAY)
    assert (problem.code, problem.file, problem.locale) == ("already-signed", "locales/es/reviews.toml", "es")
    assert "2026-11-20" in problem.what


@pytest.mark.parametrize(
    ("change", "word"), [({"text": ""}, "not translated"), ({"fuzzy": True}, "marked fuzzy")]
)
def test_a_review_is_of_a_whole_text(approval: Approval, change: dict[str, Any], word: str) -> None:
    """A message that is missing or fuzzy forbids it, and is named."""
    gap = changed(approval, **change)
    (problem,) = signing.signing_problems(gap.sources, "es", signature(gap), TODAY)
    assert problem.code == "not-fully-translated"
    assert f"1 message {word}, the first is “about-ipt.short”" in problem.what


def test_an_error_in_the_catalog_forbids_every_signature(approval: Approval) -> None:
    """It is told as the check tells it; a warning forbids nothing."""
    faulty = changed(approval, text="En <b>resumen")
    (problem,) = signing.signing_problems(faulty.sources, "es", signature(faulty), TODAY)
    assert (problem.severity, problem.about) == ("error", "about-ipt.short")
    assert "holds HTML" in problem.what


def test_a_translation_must_name_its_translator_and_the_english_has_none(approval: Approval) -> None:
    """Without a name nobody could tell whether the reviewer is another person."""
    anonymous = replace(approval, sources=without_translators(approval.sources, "es"))
    assert codes(anonymous, signature(anonymous, translators=())) == ["missing-translator"]
    assert codes(approval, signature(approval, "en"), "en") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reviewer": "B\x7fob"}, "invisible-character"),
        ({"reviewer": "\u0410na R"}, "mixed-scripts"),
        ({"reviewer": "..."}, "invalid-name"),
        ({"role": "."}, "invalid-name"),
        ({"date": date(2026, 11, 28)}, "date-in-future"),
        ({"date": date(2026, 10, 31)}, "date-before-edition"),
        ({"kind": "casual"}, "unknown-choice"),
    ],
)
def test_a_signature_that_cannot_be_true_is_refused(
    approval: Approval, change: dict[str, Any], code: str
) -> None:
    """What would be a problem in the file is a problem before it is written; so is a review older than the text."""
    assert codes(approval, signature(approval, **change)) == [code]


def test_a_date_of_the_last_century_is_refused(approval: Approval) -> None:
    """A slip of the pen: there was nothing to review."""
    assert codes(approval, signature(approval, date=date(1900, 1, 1))) == [
        "date-too-early",
        "date-before-edition",
    ]


def test_a_signature_is_added_and_the_text_kept(approval: Approval, tmp_path: Path) -> None:
    """What stands in reviews.toml stays byte for byte; the record keeps what was signed, and who signed."""
    there = replace(approval, sources=written_to(approval.sources, tmp_path))
    reviews = tmp_path / "locales/es/reviews.toml"
    first, second = signature(approval), signature(approval, kind="clinical", role="psychiatrist")
    files = signing.add_signature(there, "es", first, TODAY)
    before = reviews.read_text(encoding="utf-8")
    assert signing.add_signature(there, "es", second, TODAY) == files
    assert files == ["locales/es/reviews.toml", f"locales/es/signed/{first.text}.json"]
    assert all((tmp_path / file).stat().st_mode & 0o777 == 0o644 for file in files)
    assert reviews.read_text(encoding="utf-8").startswith(before)
    rows = tomllib.loads(reviews.read_text(encoding="utf-8"))["review"]
    assert [Signature(**{**row, "translators": tuple(row["translators"])}) for row in rows] == [first, second]
    record = load_record(tmp_path, "locales/es", first.text)
    assert record is not None
    assert record.rows == approval.rows("about-ipt", "au", "es")
    assert [each["reviewer"] for each in record.signatures] == [first.reviewer, second.reviewer]


def test_two_signatures_approve_a_text_for_its_region_alone(project: Project) -> None:
    """In the locale that was signed; other regions and locales are as they were."""
    approved = approve(project.root)
    assert approved.state("about-ipt", "au", "es") == "approved"
    assert approved.state("about-ipt", "nz", "es") == "draft"
    assert approved.state("about-ipt", "au", "ar") == "draft"


@pytest.mark.parametrize(
    "put", ["a folder", "a link to nothing", "another kind of TOML", "no TOML", "a signature without a day"]
)
def test_a_file_that_cannot_take_the_signature_is_left_as_it_is(
    approval: Approval, tmp_path: Path, put: str
) -> None:
    """What stands there is a problem of that file, and nothing is written."""
    reviews = tmp_path / "locales/es/reviews.toml"
    reviews.parent.mkdir(parents=True)
    texts = {
        "another kind of TOML": "review = []\n",
        "no TOML": "x =",
        "a signature without a day": "[[review]]\n",
    }
    if put == "a folder":
        reviews.mkdir()
    elif put == "a link to nothing":
        reviews.symlink_to("gone")
    else:
        reviews.write_text(texts[put], encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        signing.add_signature(
            replace(approval, sources=written_to(approval.sources, tmp_path)),
            "es",
            signature(approval),
            TODAY,
        )
    assert {problem.file for problem in refused.value.problems} == {"locales/es/reviews.toml"}
    assert put not in texts or reviews.read_text(encoding="utf-8") == texts[put]
    assert [path for path in tmp_path.rglob("*") if path.suffix in {".json", ".tmp"}] == []


def _sign(root: Path, names: tuple[str, ...]) -> None:
    """Sign one after the other, in a process of its own."""
    approval = loaded(root)
    for name in names:
        signing.add_signature(approval, "es", signature(approval, reviewer=name), TODAY)


def test_who_signs_at_once_is_not_lost(project: Project) -> None:
    """Four processes with five people each: every row counts, and every one is in the record."""
    context = multiprocessing.get_context("fork")
    people = [tuple(f"Reader {chr(97 + n)}{chr(97 + each)}" for each in range(5)) for n in range(4)]
    processes = [context.Process(target=_sign, args=(project.root, names)) for names in people]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    signatures, problems = load_signatures(project.root, ["es"], TODAY)
    assert not problems
    assert {each.reviewer for each in signatures["es"]} == {name for names in people for name in names}
    record = load_record(project.root, "locales/es", signatures["es"][0].text)
    assert record is not None
    assert len(record.signatures) == 20


def test_the_second_of_two_same_signatures_is_refused_also_where_both_began_at_once(
    approval: Approval, tmp_path: Path
) -> None:
    """What another process wrote meanwhile is read before anything is written."""
    there = replace(approval, sources=written_to(approval.sources, tmp_path))
    signing.add_signature(there, "es", signature(approval), TODAY)
    with pytest.raises(SourceError) as refused:
        signing.add_signature(there, "es", signature(approval, reviewer="ana r."), TODAY)
    assert [problem.code for problem in refused.value.problems] == ["already-signed"]


@given(st.text(min_size=1).filter(lambda text: text.strip() and not forbidden(text)))
def test_any_name_is_read_back_as_it_was_signed(name: str) -> None:
    """Quotes, backslashes and every script stand in TOML as they are."""
    signed = Signature("about-ipt", "au", "language", name, "translator", (name, "T"), DAY, "0" * 32)
    (row,) = tomllib.loads(signing.toml_row("review", signing._row(signed)))["review"]
    assert Signature(**{**row, "translators": tuple(row["translators"])}) == signed
