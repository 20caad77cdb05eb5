"""Terms that must not wander."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts import markup
from handouts.problems import Problem
from handouts.sources.glossary import Glossary, claims, fold, load_glossary, missing_terms
from handouts.sources.load import Sources

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


def test_a_word_that_only_begins_like_a_term_is_another(tmp_path: Path) -> None:
    """A clinical psychologist is not in a clinic: a translation need not name one, and no stem is bent to allow it."""
    text = "clinic:\n  note: x\n  except: [clinical, clinician]\n  stems:\n    es: [clínica]\n"
    (term,) = load(tmp_path, text)[0]
    assert term.words.search("Ask your clinic.")
    assert term.words.search("Two clinics.")
    assert not term.words.search("A clinical psychologist, for clinicians.")


def test_a_claim_is_asked_for_nowhere_and_found_where_a_text_may_never_make_it(tmp_path: Path) -> None:
    """“You feel better” needs no word of the list; a block that may never say “better” is held against it, and no other."""
    text = "better:\n  note: x\n  claim: true\n  english: [better, best]\n  stems:\n    es: [mejor]\n"
    glossary, problems = load(tmp_path, text)
    assert problems == []
    assert missing_terms(glossary, "es", "You feel better.", "Se siente bien.") == []
    assert claims(glossary, "es", ("best",), "Es la MEJOR terapia.") == ["mejor"]
    assert claims(glossary, "es", ("cures",), "Es la mejor terapia.") == []
    assert claims(glossary, "es", (), "Es la mejor terapia.") == []
    assert claims(glossary, "el", ("best",), "Es la mejor terapia.") == []


def test_every_stem_of_ours_catches_something(sources: Sources) -> None:
    """One that stands in no translation of a text with the term is no check: it was left behind, or tuned to pass."""
    blocks = sources.blocks().values()
    idle = []
    for term in (term for term in sources.glossary if not term.is_claim):
        named = [block.id for block in blocks if term.words.search(markup.plain(block.text))]
        for tag, stems in term.stems.items():
            messages = sources.catalogs[tag].messages
            texts = [fold(messages[name].text) for name in named if name in messages]
            idle += [
                (term.name, tag, stem) for stem in stems if not any(fold(stem) in text for text in texts)
            ]
    assert len(sources.glossary) > 10
    assert idle == []


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
