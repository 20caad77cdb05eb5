"""Terms that must not wander."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.problems import Problem
from handouts.sources.glossary import Glossary, fold, load_glossary, missing_terms

TERMS = """
therapist:
  note: Not a doctor.
  english: [therapist, counsellor]
  stems:
    es: [terapeuta]
    ar: [معالج]
    vi: [nhà trị liệu]
"""


def load(folder: Path, text: str) -> tuple[Glossary, list[Problem]]:
    """Load a glossary of that text."""
    (folder / "locales").mkdir()
    (folder / "locales/glossary.yaml").write_text(text, encoding="utf-8")
    return load_glossary(folder)


@pytest.mark.parametrize(
    ("tag", "english", "text", "missing"),
    [
        ("es", "A Therapist helps.", "Un terapeuta ayuda.", False),
        ("es", "A counsellor helps.", "Un médico ayuda.", True),
        ("es", "Therapists help.", "LOS TERAPEUTAS AYUDAN.", False),
        ("es", "A psychotherapist helps.", "Un médico ayuda.", False),
        ("ar", "A therapist helps.", "المُعالِجُ يساعد.", False),
        ("vi", "A therapist helps.", "Nha tri lieu giúp.", False),
        ("el", "A therapist helps.", "Ένας γιατρός βοηθά.", False),
    ],
)
def test_a_term_of_the_english_has_a_stem_in_the_translation(
    tmp_path: Path, tag: str, english: str, text: str, *, missing: bool
) -> None:
    """In any case and form, accents and vowel marks left out; a locale without stems is not asked for any."""
    glossary, problems = load(tmp_path, TERMS)
    assert problems == []
    assert [term.name for term in missing_terms(glossary, tag, english, text)] == ["therapist"] * missing


def test_a_term_without_english_words_is_its_own(tmp_path: Path) -> None:
    """Its name stands in the text."""
    glossary, _ = load(tmp_path, "mood:\n  note: x\n  stems:\n    es: [ánimo]\n")
    assert glossary[0].words.search("Moods and more")
    assert glossary[0].stems == {"es": ("ánimo",)}  # as it is written: it is shown so


def test_a_key_that_is_not_known_is_told(tmp_path: Path) -> None:
    """With the one that was meant."""
    (problem,) = load(tmp_path, TERMS.replace("stems:", "stem:"))[1][:1]
    assert (problem.code, problem.fix) == ("unknown-key", "Did you mean “stems”?")


def test_there_need_not_be_a_glossary(tmp_path: Path) -> None:
    """Without the file there are no terms, and no problem."""
    assert load_glossary(tmp_path) == ((), [])


def test_texts_are_compared_without_accents_and_case() -> None:
    """Joiners and vowel marks too."""
    assert fold("ÁNIMO") == fold("animo")
    assert fold("بَیْن\u200cفردی") == fold("بینفردی")
